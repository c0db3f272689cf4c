"""Pictures on their way to the queue: seldom while nobody looks, each new one while somebody does, the newest alone."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
import pytest

from service.delivery.picture_poster import CameraTold, PicturePoster
from service.domain.camera_news import CameraKey, CameraNews
from streams.frames import Frame
from tests.service.camera_samples import news
from vision.shown_picture import WIDTH, ShownPicture

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
KEY = CameraKey(site_id="s-01", camera_id="s-01-gate")


def frame(seconds=0.0, width=320):
    return Frame(np.full((width // 2, width, 3), 90, np.uint8), NOON + timedelta(seconds=seconds), is_keyframe=True)


class Queue:
    """Stands in for the queue's HTTP: keeps what was put, and can be away."""

    def __init__(self):
        self.put, self.wanted, self.is_away, self.refuses = [], [], False, ""

    def answer(self, request):
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        if request.method == "GET":
            return httpx.Response(200, json={"items": self.wanted})
        if self.refuses and self.refuses in request.url.path:
            return httpx.Response(422)
        self.put.append(request.url.path.rpartition("/")[2])
        return httpx.Response(204)


@pytest.fixture
def queue(monkeypatch):
    queue = Queue()
    client = httpx.Client
    monkeypatch.setattr(
        httpx, "Client", lambda **options: client(**options, transport=httpx.MockTransport(queue.answer))
    )
    return queue


@pytest.fixture
def shown():
    return ShownPicture()


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def poster(queue, shown, now):
    def told():
        return {"s-01-gate": CameraTold(KEY, CameraNews.model_validate(news()), shown.newest)}

    return PicturePoster("http://queue", told, every_s=60, clock=lambda: now[0])


def test_a_camera_is_told_at_once_and_then_once_a_minute(queue, poster, shown, now):
    shown.see(frame())
    assert poster.turn() == 1
    shown.see(frame(30))
    now[0] = 30
    assert poster.turn() == 0
    now[0] = 60
    assert poster.turn() == 1
    assert queue.put == ["s-01-gate", "picture"] * 2


def test_each_new_picture_is_posted_while_somebody_looks(queue, poster, shown):
    queue.wanted = [KEY.model_dump()]
    for second in (0, 2, 4):
        shown.see(frame(second))
        assert poster.turn() == 1
    assert poster.turn() == 0  # nothing new: the news alone


def test_the_newest_picture_is_posted_when_the_queue_is_back(queue, poster, shown):
    queue.is_away = True
    for second in (0, 2, 4):
        shown.see(frame(second))
        assert poster.turn() == 0
    queue.is_away = False
    assert poster.turn() == 1
    assert queue.put == ["s-01-gate", "picture"]


def test_a_camera_that_is_refused_keeps_no_other_from_being_told(queue, now):
    keys = [CameraKey(site_id="s-01", camera_id=name) for name in ("bad", "good")]
    told = {key.camera_id: CameraTold(key, CameraNews.model_validate(news()), None) for key in keys}
    poster = PicturePoster("http://queue", lambda: told, clock=lambda: now[0])
    queue.refuses = "/bad"
    poster.turn()
    assert queue.put == ["good"]


def test_a_queue_that_is_away_does_not_end_the_thread(queue, poster):
    queue.is_away = True
    poster.start()
    poster.stop()
    assert not any(thread.name == "pictures" for thread in threading.enumerate())


def test_pictures_are_kept_small_and_not_more_often_than_every_two_seconds(shown):
    shown.see(frame(0, width=2 * WIDTH))
    first = shown.newest
    shown.see(frame(1))
    assert shown.newest is first
    shown.see(frame(2))
    assert shown.newest.captured_at == NOON + timedelta(seconds=2)
    import io

    from PIL import Image

    assert Image.open(io.BytesIO(first.jpeg)).size == (WIDTH, WIDTH // 2)


def test_a_camera_s_first_picture_does_not_wait_for_the_minute(queue, poster, shown, now):
    poster.turn()
    now[0] = 2
    shown.see(frame())
    assert poster.turn() == 1
    now[0] = 4
    shown.see(frame(4))
    assert poster.turn() == 0


def test_a_camera_that_comes_or_goes_is_told_at_once(queue, now):
    states = ["connecting"]

    def told():
        return {"s-01-gate": CameraTold(KEY, CameraNews.model_validate(news(state=states[-1])), None)}

    poster = PicturePoster("http://queue", told, every_s=60, clock=lambda: now[0])
    poster.turn()
    poster.turn()
    assert queue.put == ["s-01-gate"]
    states.append("live")
    poster.turn()
    poster.turn()
    assert queue.put == ["s-01-gate"] * 2
