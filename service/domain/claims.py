"""Who looks at a case now: a lease, so that two inspectors are not led to the same one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)
"""How long a claim holds unless it is renewed: a page that is gone keeps a case from nobody for longer."""
RENEW_AFTER = timedelta(seconds=40)
"""How old a page lets its claims become."""


@dataclass(frozen=True)
class Claim:
    """A case is before somebody until `until` (UTC). `holder` is an open page's own mark, `who` a name, maybe empty."""

    case_id: int
    holder: str
    who: str
    until: datetime

    def is_live(self, now: datetime) -> bool:
        """Tell whether it still holds."""
        return now < self.until

    def keeps_out(self, holder: str, now: datetime) -> bool:
        """Tell whether it keeps this holder from the case."""
        return self.holder != holder and self.is_live(now)


def taken(standing: Claim | None, case_id: int, holder: str, who: str, now: datetime) -> Claim:
    """Return the claim that stands after the holder asked for the case: theirs, renewed, or the other's as it was."""
    if standing is not None and standing.keeps_out(holder, now):
        return standing
    return Claim(case_id, holder, who, now + LEASE)


def of_others(claims: Mapping[int, Claim], holder: str, now: datetime) -> dict[int, Claim]:
    """Return the claims that keep this holder out, by their case."""
    return {case_id: claim for case_id, claim in claims.items() if claim.keeps_out(holder, now)}
