"""A clock that does not jump while something is being followed: the system's, less the steps it has made meanwhile."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=1)
"""A system's clock that is off by this much from one moment to the next was set; less is the keeping of time."""
HELD_AT_MOST_S = 600.0
"""So long a step is held back where something moves without pause."""


class SteadyClock:
    """The present time, UTC. A step of the system's clock is held back until `follow` is called, or for ten minutes.

    Times that a step lies between can't be compared: a truck that is being followed would have washed unseen. `behind`
    is what is held back now, negative where the system's clock was set back. Safe to use from several threads.
    """

    def __init__(
        self,
        system: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`system` is the clock that steps, `monotonic` gives seconds that only grow."""
        self._system = system
        self._monotonic = monotonic
        self.behind = timedelta(0)
        self._held_since: float | None = None
        self._lock = threading.Lock()
        self._origin = self._system() - timedelta(seconds=self._monotonic())

    def now(self) -> datetime:
        """Return the present time."""
        with self._lock:
            return self._tell()

    def _tell(self) -> datetime:
        passed_s = self._monotonic()
        steady = self._origin + timedelta(seconds=passed_s)
        behind = self._system() - steady
        if abs(behind) < STEP:
            return self._go_by(steady + behind, passed_s)
        self._held_since = passed_s if self._held_since is None else self._held_since
        if passed_s - self._held_since >= HELD_AT_MOST_S:
            return self._go_by(steady + behind, passed_s)
        self.behind = behind
        return steady

    def follow(self) -> timedelta:
        """Go by the system's clock again; return the step that was held back, 0 where there was none."""
        with self._lock:
            held = self.behind
            if held:
                self._go_by(self._system(), self._monotonic())
            return held

    def _go_by(self, system: datetime, passed_s: float) -> datetime:
        self._origin = system - timedelta(seconds=passed_s)
        self._held_since = None
        self.behind = timedelta(0)
        return system
