"""Posts each camera's news and newest picture to the case queue: now and then, and often while somebody looks."""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import httpx
import structlog
from pydantic import BaseModel, Field

from service.delivery.foreign_cameras import ForeignCameras
from service.delivery.queue_poller import AT_ONCE
from service.delivery.sending import Delivery, authorization, delivery_of
from service.delivery.turns import TurnsAtQueue
from service.domain.camera_news import CameraKey, CameraNews
from streams.feed import CameraState
from vision.shown_picture import Shown

log = structlog.get_logger(__name__)

TURN_S = 2.0
"""How often a picture that is looked at live is posted, and the queue asked what is, unless it says otherwise."""
NEWS_EVERY_S = 60.0
"""How often all cameras are told about, however seldom their pictures are posted."""
_ONE_BY_ONE = frozenset({httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED})
"""Answers of a queue that is older than this edge, and knows news of one camera alone."""
_REFUSED = frozenset({Delivery.REFUSED, Delivery.FOREIGN})
"""What becomes of all that is told at once where a single camera is refused."""


class Wanted(BaseModel):
    """What the queue says is looked at live, and the seconds after which it wants to be asked again."""

    items: list[CameraKey]
    ask_again_s: Annotated[float, Field(ge=0, le=60)] = TURN_S


@dataclass(frozen=True)
class CameraTold:
    """What there is to tell about one camera now."""

    key: CameraKey
    news: CameraNews
    picture: Shown | None


@dataclass(frozen=True)
class _Posted:
    """When a camera's picture was posted, by this process' clock, when it was captured, and how the camera was."""

    at: float
    captured_at: datetime
    state: CameraState


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
        foreign: ForeignCameras | None = None,
    ) -> None:
        """`told` gives what every camera shows now, by its id; `every_s` is for pictures that nobody looks at."""
        self._told = told
        self._every_s = every_s
        self._clock = clock
        self._foreign = foreign or ForeignCameras(clock)
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue("pictures", self._post_due, TURN_S)
        self._told_at: dict[CameraKey, float] = {}
        self._posted: dict[CameraKey, _Posted] = {}
        self._states: dict[CameraKey, CameraState] = {}
        self._refused: set[CameraKey] = set()
        self._wanted_own: Set[CameraKey] = frozenset()
        self._ask_at = float("-inf")
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
        known, now = self._told().values(), self._clock()
        told = tuple(each for each in known if not self._foreign.is_held(each.key.site_id, each.key.camera_id))
        wanted = self._wanted({each.key for each in told}, now)
        # Where one is due by time all are told, so that they stay together in one request a minute.
        is_time = any(self._is_time(each, now) for each in told)
        due = [each for each in told if is_time or each.key in wanted or self._is_due(each, now)]
        for first in range(0, len(due), AT_ONCE):
            # Before pictures, since the queue takes none of a camera that it does not know.
            for each in self._tell(due[first : first + AT_ONCE], now):
                if self._turns.is_stopping:
                    return
                if each.key in wanted or self._is_picture_due(each, now):
                    self._pictures += self._post_picture(each, now)

    def _is_time(self, told: CameraTold, now: float) -> bool:
        told_at = self._told_at.get(told.key)
        return told_at is None or now - told_at >= min(self._every_s, NEWS_EVERY_S)

    def _is_due(self, told: CameraTold, now: float) -> bool:
        """Tell whether a camera has come, or gone, or has a picture that is due."""
        has_changed = self._states.get(told.key) is not told.news.state
        return has_changed or (told.key not in self._refused and self._is_picture_due(told, now))

    def _is_picture_due(self, told: CameraTold, now: float) -> bool:
        """Tell whether there is a picture to be posted: the first one, that of a new state, or after a while."""
        posted = self._posted.get(told.key)
        is_due = posted is None or posted.state is not told.news.state or now - posted.at >= self._every_s
        return is_due and told.picture is not None

    def _wanted(self, own: Set[CameraKey], now: float) -> Set[CameraKey]:
        """Return which of our own cameras are looked at: asked in each turn while one is, else at the queue's pace."""
        if self._wanted_own or now >= self._ask_at:
            answer = self._client.get("/api/v1/cameras/wanted")
            answer.raise_for_status()
            wanted = Wanted.model_validate_json(answer.content)
            self._wanted_own = own & set(wanted.items)
            self._ask_at = now + wanted.ask_again_s - TURN_S / 2  # turns come a little sooner or later than they should
        return self._wanted_own

    def _tell(self, told: Sequence[CameraTold], now: float) -> Sequence[CameraTold]:
        """Tell about the cameras in one request, and return those that the queue took."""
        items = [{**each.key.model_dump(), "news": each.news.model_dump(mode="json")} for each in told]
        answer = self._client.post("/api/v1/cameras", json={"items": items})
        if answer.status_code in _ONE_BY_ONE or delivery_of(answer) in _REFUSED:
            taken: Sequence[CameraTold] = [each for each in told if self._tell_one(each)]
        else:
            answer.raise_for_status()
            taken = told
        for each in told:
            self._told_at[each.key], self._states[each.key] = now, each.news.state
        self._refused = (self._refused | {each.key for each in told}) - {each.key for each in taken}
        return taken

    def _tell_one(self, told: CameraTold) -> bool:
        headers = {"Content-Type": "application/json"}
        return self._put(told.key, content=told.news.model_dump_json(), headers=headers)

    def _post_picture(self, told: CameraTold, now: float) -> int:
        picture, before = told.picture, self._posted.get(told.key)
        if picture is None:
            return 0
        is_taken, is_known = False, before is not None and before.captured_at == picture.captured_at
        if not is_known:
            when, headers = {"captured_at": picture.captured_at.isoformat()}, {"Content-Type": "image/jpeg"}
            is_taken = self._put(told.key, "/picture", content=picture.jpeg, params=when, headers=headers)
        self._posted[told.key] = _Posted(now, picture.captured_at, told.news.state)
        return int(is_taken)

    def _put(
        self,
        camera: CameraKey,
        what: str = "",
        *,
        content: str | bytes,
        headers: dict[str, str],
        params: dict[str, str] | None = None,
    ) -> bool:
        """Put it, and return whether it was taken. Raises HTTPError where it may be taken later."""
        address = f"/api/v1/cameras/{camera.site_id}/{camera.camera_id}{what}"
        answer = self._client.put(address, content=content, headers=headers, params=params)
        outcome = delivery_of(answer)
        if outcome is Delivery.FOREIGN:
            self._foreign.refused(camera.site_id, camera.camera_id, answer)
            return False
        if outcome is Delivery.REFUSED:
            log.warning("pictures.refused", address=address, status=answer.status_code, answer=answer.text[:500])
            return False
        answer.raise_for_status()
        self._foreign.taken(camera.site_id, camera.camera_id)
        return True
