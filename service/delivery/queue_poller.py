"""What an edge's questions to the case queue have in common: asked now and then, in portions, answers handed over."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

import httpx

from service.delivery.sending import authorization
from service.delivery.turns import TurnsAtQueue

AT_ONCE = 50
"""Cameras or sites in one question; its address has to stay short."""

Answer = TypeVar("Answer")


class QueuePoller(ABC, Generic[Answer]):
    """Asks, and hands over the answer. While the queue is away, all stays as it was."""

    NAME: ClassVar[str]
    """What is asked for, in the log."""
    EVERY_S: ClassVar[float]

    def __init__(
        self,
        queue: str,
        ids: Callable[[], Sequence[str]],
        hand_over: Callable[[Answer], None],
        *,
        token: str = "",
        every_s: float | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        """`ids` gives the cameras or sites to ask for; `token` lets the edge in, empty where none is asked."""
        self._ids = ids
        self._hand_over = hand_over
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue(self.NAME, self._ask, self.EVERY_S if every_s is None else every_s)

    def start(self) -> None:
        """Begin to ask."""
        self._turns.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._turns.stop(last_try_s)
        self._client.close()

    def ask(self) -> bool:
        """Ask once, hand over the answer, and tell whether there was one."""
        return self._turns.take()

    @abstractmethod
    def _ask(self) -> None:
        """Ask for each portion, and hand over."""

    def _portions(self) -> list[tuple[str, ...]]:
        ids = tuple(self._ids())
        return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
