"""Asks the case queue now and then what is drawn on the pictures of the edge's cameras."""

import random
import threading
from collections.abc import Callable, Sequence

import httpx
import structlog
from pydantic import ValidationError

from service.delivery.sending import authorization
from service.domain.camera_news import NewestLayout

log = structlog.get_logger(__name__)

EVERY_S = 10.0
JITTER = 0.2
AT_ONCE = 50
"""Cameras in one question; its address has to stay short."""


class LayoutPoller:
    """A thread that asks, and hands over what is new. While the queue is away, all stays as it was."""

    def __init__(
        self,
        queue: str,
        cameras: Callable[[], Sequence[str]],
        hand_over: Callable[[Sequence[NewestLayout]], None],
        *,
        token: str = "",
        every_s: float = EVERY_S,
        timeout_s: float = 30.0,
    ) -> None:
        """`cameras` gives the ids of the cameras to ask for; `token` lets the edge in, empty where none is asked."""
        self._cameras = cameras
        self._hand_over = hand_over
        self._every_s = every_s
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask_for_ever, name="layouts", daemon=True)
        self._tags: dict[tuple[str, ...], str] = {}
        self._is_away = False

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._stopping.set()
        self._thread.join(last_try_s)
        self._client.close()

    def ask(self) -> bool:
        """Ask once, hand over what is not as it was, and tell whether there was an answer."""
        cameras = list(self._cameras())
        try:
            for first in range(0, len(cameras), AT_ONCE):
                self._ask_of(tuple(cameras[first : first + AT_ONCE]))
        except (httpx.HTTPError, ValidationError, ValueError) as error:
            if not self._is_away:  # once, not every few seconds
                log.warning("layouts.unknown", problem=type(error).__name__)
            self._is_away = True
            return False
        self._is_away = False
        return True

    def _ask_of(self, cameras: tuple[str, ...]) -> None:
        headers = {"If-None-Match": tag} if (tag := self._tags.get(cameras)) else {}
        answer = self._client.get("/api/v1/camera-layouts", params={"camera_id": list(cameras)}, headers=headers)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return
        answer.raise_for_status()
        self._hand_over([NewestLayout.model_validate(item) for item in answer.json()["items"]])
        self._tags[cameras] = answer.headers.get("ETag", "")  # not before: what could not be taken is asked for again

    def _ask_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.ask()
            except Exception:
                log.exception("layouts.failed")
            self._stopping.wait(self._every_s * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
