"""Chooses whose turn it is: those who waited longest, so that a busy camera never starves a quiet one."""

from collections.abc import Collection


class FairShare:
    """Remembers when each camera had its turn, as a count of turns."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._turn = 0

    def choose(self, waiting: Collection[str], most: int) -> list[str]:
        """Return at most `most` of those that wait, the longest unserved first, and count them as served."""
        self._turn += 1
        chosen = sorted(waiting, key=lambda name: (self._last.get(name, 0), name))[:most]
        for name in chosen:
            self._last[name] = self._turn
        return chosen

    def forget(self, name: str) -> None:
        """Forget a camera that was removed."""
        self._last.pop(name, None)
