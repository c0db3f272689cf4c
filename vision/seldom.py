"""Lets something that goes wrong again and again be told now and then: a log must not fill the disk that is full."""

import time
from collections.abc import Callable

EACH_S = 10.0


class Seldom:
    """Tells once in ten seconds that it is time to tell."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` gives seconds that only grow."""
        self._monotonic = monotonic
        self._last_s: float | None = None

    def is_due(self) -> bool:
        """Tell whether nothing was told for a while; it is then taken to be told now."""
        now_s = self._monotonic()
        if self._last_s is not None and now_s - self._last_s < EACH_S:
            return False
        self._last_s = now_s
        return True
