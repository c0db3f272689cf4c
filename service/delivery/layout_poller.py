"""Asks the case queue now and then what is drawn on the pictures of the edge's cameras."""

from collections.abc import Callable, Sequence

import httpx

from service.delivery.sending import authorization
from service.delivery.turns import TurnsAtQueue
from service.domain.camera_news import NewestLayout

EVERY_S = 10.0
AT_ONCE = 50
"""Cameras in one question; its address has to stay short."""


class LayoutPoller:
    """Asks, and hands over what is new. While the queue is away, all stays as it was."""

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
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue("layouts", self._ask, every_s)
        self._tags: dict[tuple[str, ...], str] = {}

    def start(self) -> None:
        """Begin to ask."""
        self._turns.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._turns.stop(last_try_s)
        self._client.close()

    def ask(self) -> bool:
        """Ask once, hand over what is not as it was, and tell whether there was an answer."""
        return self._turns.take()

    def _ask(self) -> None:
        cameras = list(self._cameras())
        for first in range(0, len(cameras), AT_ONCE):
            self._ask_of(tuple(cameras[first : first + AT_ONCE]))

    def _ask_of(self, cameras: tuple[str, ...]) -> None:
        headers = {"If-None-Match": tag} if (tag := self._tags.get(cameras)) else {}
        answer = self._client.get("/api/v1/camera-layouts", params={"camera_id": list(cameras)}, headers=headers)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return
        answer.raise_for_status()
        self._hand_over([NewestLayout.model_validate(item) for item in answer.json()["items"]])
        self._tags[cameras] = answer.headers.get("ETag", "")  # not before: what could not be taken is asked for again
