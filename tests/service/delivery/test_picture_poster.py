"""News and pictures on their way to the queue: seldom while nobody looks, each new one at once while somebody does."""

import json
import threading
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
import pytest

from service.delivery.picture_poster import CameraTold, PicturePoster
from service.delivery.queue_poller import AT_ONCE
from service.domain.camera_news import CameraKey, CameraNews
from streams.frames import Frame
from tests.service.camera_samples import news
from vision.shown_picture import WIDTH, ShownPicture

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
KEY = CameraKey(site_id="s-01", camera_id="s-01-gate")


def frame(seconds=0.0, width=320):
    return Frame(np.full((width // 2, width, 3), 90, np.uint8), NOON + timedelta(seconds=seconds), is_keyframe=True)


class Queue:
    """Stands in for the queue's HTTP: keeps what it was told, can be away, or older than the edge."""

    def __init__(self):
        self.questions, self.pace = 0, {}
        self.put, self.asked, self.wanted, self.is_away, self.is_old, self.refuses = [], [], [], False, False, ""

    def answer(self, request):
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        if request.method == "GET":
            self.questions += 1
            return httpx.Response(200, json={"items": self.wanted, **self.pace})
        self.asked.append(request.url.path)
        if request.method == "POST":
            return self.take_all([item["camera_id"] for item in json.loads(request.content)["items"]])
        if self.refuses and self.refuses in request.url.path:
            return httpx.Response(422)
        self.put.append(request.url.path.rpartition("/")[2])
        return httpx.Response(204)

    def take_all(self, cameras):
        if self.is_old:
            return httpx.Response(405)
        if self.refuses and any(self.refuses in f"/{each}" for each in cameras):
            return httpx.Response(422)
        self.put += cameras
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


def of_cameras(*names, picture=None):
    keys = [CameraKey(site_id="s-01", camera_id=name) for name in names]
    return {key.camera_id: CameraTold(key, CameraNews.model_validate(news()), picture) for key in keys}


def test_an_edge_tells_about_all_its_cameras_in_one_request_a_minute(queue, now, shown):
    told = of_cameras("a", "b", "c")
    poster = PicturePoster("http://queue", lambda: told, every_s=60, clock=lambda: now[0])
    poster.turn()
    now[0] = 30
    told["b"] = CameraTold(told["b"].key, CameraNews.model_validate(news(state="connecting")), None)
    poster.turn()
    now[0] = 60
    poster.turn()
    assert queue.put == ["a", "b", "c", "b", "a", "b", "c"]
    assert queue.asked == ["/api/v1/cameras"] * 3


def test_so_many_cameras_as_one_request_may_hold_are_told_at_once(queue, now):
    told = of_cameras(*(f"c-{number}" for number in range(AT_ONCE + 1)))
    PicturePoster("http://queue", lambda: told, clock=lambda: now[0]).turn()
    assert (len(queue.put), len(queue.asked)) == (AT_ONCE + 1, 2)


def test_a_queue_that_is_older_is_told_camera_by_camera(queue, poster, shown):
    queue.is_old = True
    shown.see(frame())
    assert poster.turn() == 1
    assert queue.put == ["s-01-gate", "picture"]


def test_cameras_are_told_about_each_minute_however_seldom_their_pictures_are_posted(queue, shown, now):
    told = {"a": None}
    poster = PicturePoster("http://queue", lambda: told, every_s=600, clock=lambda: now[0])
    pictures = 0
    for second in range(0, 602, 2):
        now[0] = second
        shown.see(frame(second))
        told.update(of_cameras("a", picture=shown.newest))
        pictures += poster.turn()
    assert (queue.put.count("a"), pictures) == (11, 2)


def test_a_picture_that_stays_the_same_makes_no_news(queue, poster, shown, now):
    shown.see(frame())
    poster.turn()
    for now[0] in range(60, 180, 2):
        poster.turn()
    assert queue.put == ["s-01-gate", "picture", "s-01-gate", "s-01-gate"]


def test_what_is_refused_is_not_told_again_before_the_minute_is_over(queue, poster, shown, now):
    queue.refuses = "/s-01-gate"
    shown.see(frame())
    for now[0] in (0, 2, 60):
        poster.turn()
    assert queue.asked == ["/api/v1/cameras", "/api/v1/cameras/s-01/s-01-gate"] * 2


@pytest.mark.parametrize(("pace", "questions"), [({}, 30), ({"ask_again_s": 2.0}, 30), ({"ask_again_s": 10.0}, 6)])
def test_an_edge_asks_what_is_looked_at_as_often_as_the_queue_says(queue, poster, now, pace, questions):
    queue.pace = pace
    for now[0] in range(0, 60, 2):
        poster.turn()
    assert queue.questions == questions


def test_an_edge_one_of_whose_cameras_is_looked_at_asks_in_each_turn(queue, poster, now):
    queue.pace, queue.wanted = {"ask_again_s": 10.0}, [KEY.model_dump()]
    for now[0] in range(0, 60, 2):
        poster.turn()
    assert queue.questions == 30
