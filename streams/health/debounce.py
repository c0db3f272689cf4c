"""Makes lasting faults of single looks: one begins when it has held for a while, and ends when it has been gone."""

from datetime import datetime, timedelta

from streams.health.observation import Finding, HealthKind, HealthObservation


class Debounce:
    """One kind of fault of one camera; at most one observation is open at a time.

    Looks without judgement change nothing. Before a fault has begun, a single healthy look, or a gap between looks of
    more than `longest_gap_s`, makes it wait anew; after that, a single faulty look makes its end wait anew.
    """

    def __init__(
        self, camera_id: str, kind: HealthKind, *, hold_s: float, release_s: float, longest_gap_s: float
    ) -> None:
        self._camera_id = camera_id
        self._kind = kind
        self._hold = timedelta(seconds=hold_s)
        self._release = timedelta(seconds=release_s)
        self._longest_gap = timedelta(seconds=longest_gap_s)
        self._differs_since: datetime | None = None
        self._differed_at: datetime | None = None
        self.open: HealthObservation | None = None

    def look(self, finding: Finding, at: datetime) -> HealthObservation | None:
        """Take one look at `at` (UTC); return the observation that began or ended by it."""
        if finding.faulty is None:
            return None
        if finding.faulty is (self.open is not None):
            self._differs_since = None
            return None
        since = self._since(at)
        if self.open is None:
            if at - since < self._hold:
                return None
            self.open = HealthObservation(self._camera_id, self._kind, since, None, dict(finding.figures))
            self._differs_since = None
            return self.open
        if at - since < self._release:
            return None
        begun, self.open, self._differs_since = self.open, None, None
        ended_at = max(since, begun.started_at)
        return HealthObservation(begun.camera_id, begun.kind, begun.started_at, ended_at, begun.figures)

    def _since(self, at: datetime) -> datetime:
        """Return since when the looks differ from the state without a gap; a clock set back begins anew."""
        since, last = self._differs_since, self._differed_at
        if since is None or last is None or not timedelta(0) <= at - last <= self._longest_gap:
            since = at
        self._differs_since, self._differed_at = since, at
        return since
