"""A thread that takes a turn at the queue now and then, and says once when the queue is away."""

import random
import threading
from collections.abc import Callable

import httpx
import structlog
from pydantic import ValidationError

from service.delivery.sending import Delivery, delivery_of, detail_of

log = structlog.get_logger(__name__)

JITTER = 0.2
"""Share of the wait by which it is shorter or longer, so that edges do not ask all at once."""


class TurnsAtQueue:
    """Takes `turn` each `every_s` seconds. A turn that finds no queue, or an odd answer, is left for the next."""

    def __init__(self, name: str, turn: Callable[[], None], every_s: float) -> None:
        self._name, self._turn, self._every_s = name, turn, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._take_for_ever, name=name, daemon=True)
        self._is_away = False

    @property
    def is_stopping(self) -> bool:
        """Whether a long turn should end early."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, last_try_s: float) -> None:
        """Stop; waits for a turn that long at most."""
        self._stopping.set()
        self._thread.join(last_try_s)

    def take(self) -> bool:
        """Take one turn now, and tell whether the queue answered as it should."""
        try:
            self._turn()
        except (httpx.HTTPError, ValidationError, ValueError, KeyError) as error:
            problem = type(error).__name__
            if isinstance(error, httpx.HTTPStatusError) and delivery_of(error.response) is Delivery.FOREIGN:
                problem = detail_of(error.response)
            if not self._is_away:  # once, not every few seconds
                log.warning("queue.no_answer", of=self._name, problem=problem)
            self._is_away = True
            return False
        self._is_away = False
        return True

    def _take_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.take()
            except Exception:
                log.exception("queue.turn_failed", of=self._name)
            self._stopping.wait(self._every_s * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
