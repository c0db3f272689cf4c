"""How long to wait before the next try: longer each time, and never in step with others."""

import random


class Backoff:
    """Delays in seconds that double from `first_s` to `longest_s`, each shortened at random by up to half.

    The jitter keeps hundreds of cameras behind one failed switch from coming back in the same second.
    """

    def __init__(self, first_s: float = 1.0, longest_s: float = 60.0, seed: int | None = None) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._random = random.Random(seed)  # noqa: S311 - spreads load, guards nothing
        self._tries = 0

    def next_delay_s(self) -> float:
        """Return how long to wait now, and lengthen the next wait."""
        full_s = min(self._longest_s, self._first_s * 2.0 ** min(self._tries, 32))
        self._tries += 1
        return full_s * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin with the short delay again, because something went well."""
        self._tries = 0
