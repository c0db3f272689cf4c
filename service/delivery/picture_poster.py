"""Posts each camera's news and newest picture to the case queue: now and then, and often while somebody looks."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx
import structlog
from pydantic import TypeAdapter

from service.delivery.sending import Delivery, authorization, delivery_of
from service.delivery.turns import TurnsAtQueue
from service.domain.camera_news import CameraKey, CameraNews
from streams.feed import CameraState
from vision.shown_picture import Shown

log = structlog.get_logger(__name__)

TURN_S = 2.0
"""How often the queue is asked what is looked at live, and how often such a camera's picture is posted."""
_WANTED = TypeAdapter(list[CameraKey])


@dataclass(frozen=True)
class CameraTold:
    """What there is to tell about one camera now."""

    key: CameraKey
    news: CameraNews
    picture: Shown | None


class PicturePoster:
    """Posts. Nothing waits here: what can't be posted is left out, and the next turn tells the newest."""

    def __init__(
        self,
        queue: str,
        told: Callable[[], Mapping[str, CameraTold]],
        *,
        token: str = "",
        every_s: float = 60.0,
        timeout_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`told` gives what every camera shows now, by its id; `every_s` is for those that nobody looks at."""
        self._told = told
        self._every_s = every_s
        self._clock = clock
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue("pictures", self._post_due, TURN_S)
        self._told_at: dict[CameraKey, float] = {}
        self._posted: dict[CameraKey, datetime] = {}
        self._states: dict[CameraKey, CameraState] = {}
        self._pictures = 0

    def start(self) -> None:
        """Begin to post."""
        self._turns.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._turns.stop(last_try_s)
        self._client.close()

    def turn(self) -> int:
        """Post what is due, and return how many pictures that were.

        A camera that the queue refuses is told about again when it is due; a queue that is away ends the turn.
        """
        before = self._pictures
        self._turns.take()
        return self._pictures - before

    def _post_due(self) -> None:
        wanted = set(self._wanted())
        for each in self._told().values():
            if self._turns.is_stopping:
                break
            if each.key in wanted or self._is_due(each):
                self._pictures += self._post(each)

    def _is_due(self, told: CameraTold) -> bool:
        """Tell whether it is time; a camera that has come, or gone, or has its first picture, is told at once."""
        told_at = self._told_at.get(told.key)
        if told_at is None or self._clock() - told_at >= self._every_s:
            return True
        is_first = told.picture is not None and told.key not in self._posted
        return is_first or self._states.get(told.key) is not told.news.state

    def _wanted(self) -> list[CameraKey]:
        answer = self._client.get("/api/v1/cameras/wanted")
        answer.raise_for_status()
        return _WANTED.validate_python(answer.json()["items"])

    def _post(self, told: CameraTold) -> int:
        address = f"/api/v1/cameras/{told.key.site_id}/{told.key.camera_id}"
        body = {"Content-Type": "application/json"}
        is_taken = self._put(address, content=told.news.model_dump_json(), headers=body)
        self._told_at[told.key], self._states[told.key] = self._clock(), told.news.state
        if not is_taken:
            return 0
        picture = told.picture
        if picture is None or self._posted.get(told.key) == picture.captured_at:
            return 0
        at, body = {"captured_at": picture.captured_at.isoformat()}, {"Content-Type": "image/jpeg"}
        is_taken = self._put(f"{address}/picture", content=picture.jpeg, params=at, headers=body)
        self._posted[told.key] = picture.captured_at
        return int(is_taken)

    def _put(
        self, address: str, *, content: str | bytes, headers: dict[str, str], params: dict[str, str] | None = None
    ) -> bool:
        """Put it, and return whether it was taken. Raises HTTPError where it may be taken later."""
        answer = self._client.put(address, content=content, headers=headers, params=params)
        if delivery_of(answer) is Delivery.REFUSED:
            log.warning("pictures.refused", address=address, status=answer.status_code, answer=answer.text[:500])
            return False
        answer.raise_for_status()
        return True
