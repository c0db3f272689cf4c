"""Which parts of a perimeter's line are without hoarding, as most looks of a time window showed them."""

from collections import deque
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints

from vision.perimeter import PARTS

COVERED_FROM = 0.5
"""How likely (0..1) hoarding has to be for a part of the line to be covered."""

Votes = Annotated[str, StringConstraints(pattern=rf"^[cu?]{{{PARTS}}}$")]
"""A letter for each part of the line: covered, uncovered, or ? where it is hidden."""


class PartsMemory(BaseModel):
    """What is remembered of the looks within the window, each with the seconds watched before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    looks: tuple[tuple[float, Votes], ...] = ()
    uncovered: Votes


class UncoveredParts:
    """Tells for each part of the line whether most looks of a time window showed it uncovered.

    A part that was hidden all the time stays as it was.
    """

    def __init__(self, window_s: float, memory: PartsMemory | None = None) -> None:
        """It goes on from a `memory`."""
        self._window_s = window_s
        self._looks: deque[tuple[float, NDArray[np.int64]]] = deque()
        self._balance = np.zeros(PARTS, dtype=np.int64)
        self.uncovered = np.zeros(PARTS, dtype=bool)
        if memory is not None:
            self._looks.extend((at_s, _of_letters(letters)) for at_s, letters in memory.looks)
            self._balance += sum(votes for _, votes in self._looks)
            self.uncovered = _of_letters(memory.uncovered) > 0

    @property
    def count(self) -> int:
        """How many looks the window holds."""
        return len(self._looks)

    def memory(self) -> PartsMemory:
        """Return what another one goes on from."""
        return PartsMemory(
            looks=tuple((at_s, _letters(votes)) for at_s, votes in self._looks),
            uncovered=_letters(np.where(self.uncovered, 1, -1)),
        )

    def add(self, now_s: float, covered: NDArray[np.float32]) -> None:
        """Take in the next look, `now_s` seconds after the first."""
        self._looks.append((now_s, _votes(covered)))
        self._balance += self._looks[-1][1]
        while self._looks[0][0] < now_s - self._window_s:
            self._balance -= self._looks.popleft()[1]
        self.uncovered = np.where(self._balance == 0, self.uncovered, self._balance > 0)


def _votes(covered: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return 1 for each part that is uncovered, -1 for covered, 0 for hidden."""
    return np.where(np.isnan(covered), 0, np.where(covered < COVERED_FROM, 1, -1))


def _letters(votes: NDArray[np.int64]) -> Votes:
    return "".join("c?u"[vote + 1] for vote in votes.tolist())


def _of_letters(letters: Votes) -> NDArray[np.int64]:
    return np.array(["c?u".index(letter) - 1 for letter in letters], dtype=np.int64)
