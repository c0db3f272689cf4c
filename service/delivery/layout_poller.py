"""Asks the case queue now and then what is drawn on the pictures of the edge's cameras."""

from collections.abc import Sequence
from functools import cached_property

import httpx

from service.delivery.queue_poller import QueuePoller
from service.domain.camera_news import NewestLayout


class LayoutPoller(QueuePoller[Sequence[NewestLayout]]):
    """Hands over what is not as it was."""

    NAME = "layouts"
    EVERY_S = 10.0

    @cached_property
    def _tags(self) -> dict[tuple[str, ...], str]:
        """The tags of the answers that were taken, by the cameras that were asked for."""
        return {}

    def _ask(self) -> None:
        for cameras in self._portions():
            self._ask_of(cameras)

    def _ask_of(self, cameras: tuple[str, ...]) -> None:
        headers = {"If-None-Match": tag} if (tag := self._tags.get(cameras)) else {}
        answer = self._client.get("/api/v1/camera-layouts", params={"camera_id": list(cameras)}, headers=headers)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return
        answer.raise_for_status()
        self._hand_over([NewestLayout.model_validate(item) for item in answer.json()["items"]])
        self._tags[cameras] = answer.headers.get("ETag", "")  # not before: what could not be taken is asked for again
