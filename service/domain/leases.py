"""Who watches a camera now: leases that end by themselves, and tokens by which a late owner is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

USUAL_LEASE = timedelta(seconds=10)
"""How long a lease holds unless it is renewed: a node that died keeps its cameras from others for no longer."""
LONGEST_LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Lease:
    """A camera is `holder`'s until `expires_at` (UTC, by the service's clock alone).

    `token` grows with each change of holder and never falls: of two owners, the one with the higher token is the later.
    """

    camera: str
    holder: str
    token: int
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Tell whether it still holds.

        One that seems to hold for longer than any lease was given before the clock was set back: it keeps nobody out,
        since tokens, not times, decide whose violations count.
        """
        return now < self.expires_at <= now + LONGEST_LEASE

    def keeps_out(self, holder: str, now: datetime) -> bool:
        """Tell whether it keeps this holder from the camera."""
        return self.holder != holder and self.is_live(now)

    def is_superseded(self, token: int | None, now: datetime) -> bool:
        """Tell whether what carries this token comes from an owner before; None: from one that knows no leases.

        Such a one counts while nobody holds the camera, so that a site can leave the cluster again.
        """
        return self.is_live(now) if token is None else token < self.token


def taken(standing: Lease | None, camera: str, holder: str, now: datetime, lasts: timedelta = USUAL_LEASE) -> Lease:
    """Return the lease that stands after the holder asked for the camera: theirs, renewed, or the other's as it was."""
    lasts = min(lasts, LONGEST_LEASE)
    if standing is None:
        return Lease(camera, holder, 1, now + lasts)
    if standing.keeps_out(holder, now):
        return standing
    token = standing.token if standing.holder == holder else standing.token + 1
    return Lease(camera, holder, token, now + lasts)


def released(standing: Lease | None, holder: str, now: datetime) -> Lease | None:
    """Return the lease that stands after the holder gave the camera up; the token stays known for ever."""
    if standing is None or standing.holder != holder:
        return standing
    return Lease(standing.camera, holder, standing.token, min(standing.expires_at, now))
