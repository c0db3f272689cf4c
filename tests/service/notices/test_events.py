"""Server-sent events of the real service over a socket: what is new, taking up again, heartbeats, many listeners."""

import json
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from service.api.app import create_app
from service.api.event_feed import MOST_REMEMBERED, EventFeed
from service.api.events import events_router
from service.api.server import Server
from service.clock import utc_now
from service.domain.cases import Decision
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.notice_store import NoticeStore
from service.storage.scope_rows import ScopeRows
from tests.conftest import free_port, wait_for_port, wait_until
from tests.service.conftest import NOON

PATH = "/api/v1/events"


@contextmanager
def served(app):
    port = free_port()
    server = Server(app, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


class Listener:
    """Follows the events in a thread until it is left."""

    def __init__(self, address, last=None, **headers):
        self.frames = []
        self.has_ended = False
        self._leaves = threading.Event()
        self._headers = headers if last is None else {"Last-Event-ID": str(last), **headers}
        self._thread = threading.Thread(target=self._follow, args=(address,), daemon=True)
        self._thread.start()

    def _follow(self, address):
        with httpx.stream("GET", address + PATH, headers=self._headers, timeout=60) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            text = ""
            for part in answer.iter_text():
                text += part
                *whole, text = text.split("\n\n")
                self.frames += whole
                if self._leaves.is_set():
                    return
        self.has_ended = True

    def wait(self, count):
        wait_until(lambda: len(self.events) >= count, 60, f"{count} events came")
        return self.events

    def leave(self):
        self._leaves.set()

    @property
    def is_connected(self):
        return ": heartbeat" in self.frames

    @property
    def events(self):
        """Number, kind and case of each event."""
        found = []
        for frame in self.frames:
            fields = dict(line.split(": ", 1) for line in frame.splitlines() if not line.startswith(":"))
            if "data" in fields:
                told = json.loads(fields["data"])
                assert told["kind"] == fields["event"]
                found.append((int(fields["id"]), fields["event"], told["case"]["id"]))
        return found


@pytest.fixture
def app(database_url, tmp_path):
    return create_app(database_url, tmp_path / "evidence", pages=False, is_open=True)


@pytest.fixture
def listen():
    listeners = []

    def start(address, last=None):
        listeners.append(Listener(address, last))
        wait_until(lambda: listeners[-1].is_connected, 60, "the listener is connected")
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.leave()


def test_new_cases_and_steps_come_as_events_and_are_taken_up_again(app, listen, make_finding):
    store = app.state.store
    case, _ = store.add_or_get(make_finding())
    with served(app) as address:
        now = listen(address)
        everything = listen(address, 0)
        store.decide(case.id, Decision.CONFIRM, at=NOON)
        second, _ = store.add_or_get(make_finding())
        assert now.wait(2) == [(2, "confirm", case.id), (3, "found", second.id)]
        assert everything.wait(3) == [(1, "found", case.id), *now.events]
        assert listen(address, 2).wait(1) == [(3, "found", second.id)]
        assert httpx.get(address + PATH, headers={"Last-Event-ID": "x"}).status_code == 422


def test_a_long_absence_is_made_up_for_page_by_page_and_nothing_comes_twice(app, listen, make_finding):
    store = app.state.store
    case, _ = store.add_or_get(make_finding())
    now = utc_now()  # what is months old is pruned
    for number in range(250):
        store.decide(case.id, Decision.CONFIRM if number % 2 == 0 else Decision.UNDO, at=now)
    with served(app) as address:
        listener = listen(address, 1)
        store.decide(case.id, Decision.CONFIRM, at=now)
        numbers = [number for number, _, _ in listener.wait(251)]
        assert numbers == list(range(2, 253))


@pytest.fixture
def quick(tmp_path):
    """The events alone, with everything quick, and a count of the looks at the database."""
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    store = CaseStore(engine)
    app = FastAPI()
    app.state.feed = EventFeed(NoticeStore(engine), poll_s=0.1)
    app.include_router(events_router(app.state.feed, ScopeRows(engine), heartbeat_s=0.3))
    looks = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: looks.append(arguments[2]))
    yield app, store, looks
    store.close()


def test_silence_is_filled_with_heartbeats(quick, listen):
    app, _, _ = quick
    with served(app) as address:
        listener = listen(address)
        wait_until(lambda: listener.frames.count(": heartbeat") >= 3, 60, "two heartbeats came")


def test_a_service_that_stops_ends_the_streams_whole(quick, listen):
    app, _, _ = quick
    with served(app) as address:
        listener = listen(address)
    wait_until(lambda: listener.has_ended, 60, "the stream came to its end")


def test_many_listeners_cost_one_look_at_the_database(quick, listen, make_finding):
    app, store, looks = quick
    with served(app) as address:
        listeners = [listen(address) for _ in range(20)]
        store.add_or_get(make_finding())
        for listener in listeners:
            assert listener.wait(1) == [(1, "found", 1)]
        looks.clear()
        started = time.monotonic()
        wait_until(lambda: len(looks) >= 5, 60, "the feed goes on looking")
        rounds = (time.monotonic() - started) / 0.1
        assert len(looks) <= rounds + 2
        for listener in listeners:
            listener.leave()
        store.add_or_get(make_finding())

        def is_quiet():
            looks.clear()
            time.sleep(1)
            return not looks

        wait_until(is_quiet, 60, "nobody listens, and nobody looks")


def test_who_falls_behind_what_is_remembered_reads_it_from_the_database(tmp_path, make_finding):
    feed = EventFeed(NoticeStore(open_database(f"sqlite:///{tmp_path}/cases.db")))
    page = [type("Numbered", (), {"id": number})() for number in range(1, MOST_REMEMBERED + 101)]
    feed._remember(page)
    assert (feed._since, feed._newest, len(feed._recent)) == (100, MOST_REMEMBERED + 100, MOST_REMEMBERED)
