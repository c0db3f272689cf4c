"""Leases over the API, and what they let through: one owner's violations count, whatever the owner before sends."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from service.delivery.poster import Poster
from service.domain.cases import LaterPackage
from service.domain.leases import USUAL_LEASE
from service.errors import LeaseSuperseded
from service.storage.database import lock_for_writing
from service.storage.lease_store import LeaseStore
from tests.service.made_cases import MORNING, finding
from tests.vision.evidence.packages import OPENED_AT, Memory, picture, recorder, scene, violation
from vision.evidence.manifest import Stage

SECOND = timedelta(seconds=1)
LEASES = "/api/v1/camera-leases"


@pytest.fixture
def leases(store):
    return LeaseStore(store.engine)


def take(leases, holder, at=MORNING, *cameras):
    found, _ = leases.take(cameras or ("gate",), holder, at, USUAL_LEASE)
    return [(lease.holder, lease.token) for lease in found]


def test_one_request_takes_and_renews_many_cameras(leases):
    assert take(leases, "a", MORNING, "gate", "yard") == [("a", 1), ("a", 1)]
    assert take(leases, "b", MORNING + SECOND, "yard", "road") == [("a", 1), ("b", 1)]
    assert take(leases, "a", MORNING + 5 * SECOND, "gate", "yard") == [("a", 1), ("a", 1)]
    assert take(leases, "b", MORNING + 14 * SECOND, "yard") == [("a", 1)]
    assert take(leases, "b", MORNING + 15 * SECOND, "yard") == [("b", 2)]


def test_who_renews_what_they_hold_keeps_every_token(leases):
    take(leases, "a", MORNING, "gate", "yard", "gate")
    late = MORNING + 30 * SECOND
    assert take(leases, "a", late, "yard", "gate") == [("a", 1), ("a", 1)]
    assert take(leases, "b", late + USUAL_LEASE - SECOND, "gate", "yard") == [("a", 1), ("a", 1)]


def test_renewals_and_memories_do_not_wait_for_the_writer_of_another_table(leases, engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    take(leases, "a")
    with Session(engine) as writer, writer.begin():
        lock_for_writing(writer)
        began = time.monotonic()
        assert take(leases, "a", MORNING + SECOND) == [("a", 1)]
        leases.keep("gate", 1, "soil", 0, MORNING)
        assert time.monotonic() - began < 5  # who waits for a writer gives up after 10 s


def test_a_camera_goes_to_one_of_many_who_ask_at_once(leases):
    take(leases, "a", MORNING, "gate", "yard")
    free = MORNING + USUAL_LEASE
    renews, begun = ("a", "b", "c", "d"), threading.Barrier(4)

    def ask(holder):
        begun.wait()
        cameras = ("gate", "yard") if holder in {"a", "c"} else ("yard", "gate")
        return {holder for _ in range(5) for owner, _ in take(leases, holder, free, *cameras) if owner == holder}

    with ThreadPoolExecutor(len(renews)) as threads:
        owners = set().union(*threads.map(ask, renews))
    assert len(owners) == 1
    (owner,) = owners
    assert take(leases, owner, free, "gate", "yard") == [(owner, 1 if owner == "a" else 2)] * 2


def test_what_is_released_is_free_at_once(leases):
    take(leases, "a")
    leases.release(["gate"], "b", MORNING)
    assert take(leases, "b") == [("a", 1)]
    leases.release(["gate"], "a", MORNING)
    assert take(leases, "b") == [("b", 2)]


def test_what_a_watch_remembers_goes_to_the_next_owner_and_is_fenced(leases):
    take(leases, "a")
    leases.keep("gate", 1, "soil", 0, MORNING)
    take(leases, "b", MORNING + USUAL_LEASE)
    with pytest.raises(LeaseSuperseded):
        leases.keep("gate", 1, "late", 0, MORNING + USUAL_LEASE)
    assert leases.kept("gate").memory == "soil"
    leases.keep("gate", 2, "more", 0, MORNING + USUAL_LEASE)
    assert leases.kept("gate").memory == "more"


def test_a_new_owner_is_told_the_cases_that_the_memory_may_not_know(leases, store):
    before = store.add_or_get(replace(finding(minutes=0), camera_id="gate"))[0]
    take(leases, "a")
    after = store.add_or_get(replace(finding(minutes=1), camera_id="gate"))[0]
    assert [case.id for case in leases.kept("gate").cases] == [after.id]
    leases.keep("gate", 1, "memory", after.id, MORNING)
    assert leases.kept("gate").cases == ()
    assert before.id < after.id


def test_a_new_owner_is_told_the_later_pictures_that_came_in(leases, store):
    take(leases, "a")
    case = store.add_or_get(replace(finding(minutes=0), camera_id="gate"))[0]
    other = store.add_or_get(replace(finding(minutes=1), camera_id="yard"))[0]
    for number, stage in ((1, Stage.LASTING), (2, Stage.ENDED)):
        store.add_later(case.id, later_package(f"key-{number}", number, stage))
    store.add_later(other.id, later_package("key-other", 1, Stage.ENDED))
    told = [(each.follows, each.number, each.stage) for each in leases.kept("gate").pictures]
    assert told == [(case.key, 2, Stage.ENDED), (case.key, 1, Stage.LASTING)]


def later_package(key: str, number: int, stage: Stage) -> LaterPackage:
    return LaterPackage(key, number, stage, MORNING, MORNING, {}, (), key, "2" * 64)


def make(edge: Path, video: Path, lease: int | None, number: int = 0) -> Path:
    memory, opened_at = Memory(video), OPENED_AT + number * SECOND
    making = recorder(edge)
    making.begin(violation(opened_at), replace(scene(), lease=lease), picture(), memory.cut)
    (package,) = making.finish_due(opened_at + 30 * SECOND, memory.newest, memory.cut)
    return package


def ask(queue: str, holder: str, lasts_s: float = 60) -> dict:
    body = {"holder": holder, "camera_ids": ["gate"], "lasts_s": lasts_s}
    return httpx.post(f"{queue}{LEASES}", json=body).json()


def test_only_the_present_owner_is_let_in_and_the_one_before_puts_aside_what_it_found(tmp_path, video, serve):
    queue = serve(tmp_path / "service")
    make(tmp_path / "a", video, lease=1, number=0)
    late = make(tmp_path / "a", video, lease=1, number=1).name
    assert ask(queue, "a") == {"items": [{"camera_id": "gate", "token": 1, "is_yours": True}], "newest_case": 0}
    shutil.copytree(tmp_path / "a", tmp_path / "copy")
    (tmp_path / "a" / "ready" / late).rename(tmp_path / late)
    first = Poster(tmp_path / "a" / "ready", queue)
    assert first.deliver_all()
    assert (first.delivered, first.superseded()) == (1, 0)

    httpx.post(f"{queue}{LEASES}/release", json={"holder": "a", "camera_ids": ["gate"]}).raise_for_status()
    assert ask(queue, "b")["items"][0]["token"] == 2
    (tmp_path / late).rename(tmp_path / "a" / "ready" / late)
    assert first.deliver_all()
    assert (first.delivered, first.superseded(), first.waiting()) == (1, 1, 0)
    assert [package.name for package in (tmp_path / "a" / "superseded").iterdir()] == [late]
    assert not (tmp_path / "service" / "evidence" / late).exists()

    kept = httpx.get(f"{queue}/api/v1/camera-memories/gate").json()
    assert kept["memory"] is None
    assert [told["opened_at"] for told in kept["told"]] == [OPENED_AT.isoformat().replace("+00:00", "Z")]
    assert kept["head"]["number"] == 1
    assert len(httpx.get(f"{queue}/api/cases").json()["items"]) == 1


def test_what_the_present_owner_has_told_already_is_put_aside_by_the_one_before_as_superseded(tmp_path, video, serve):
    queue = serve(tmp_path / "service")
    ask(queue, "a")
    httpx.post(f"{queue}{LEASES}/release", json={"holder": "a", "camera_ids": ["gate"]}).raise_for_status()
    ask(queue, "b")
    made = {name: make(tmp_path / name, video, lease) for name, lease in (("a", 1), ("b", 2))}
    assert made["a"].name == made["b"].name
    before, present = (Poster(tmp_path / name / "ready", queue) for name in ("a", "b"))
    assert present.deliver_all()
    assert before.deliver_all()
    assert (present.delivered, before.delivered, before.superseded()) == (1, 0, 1)
    assert list((tmp_path / "a" / "refused").iterdir()) == []


def test_a_package_that_became_a_case_is_confirmed_although_its_owner_lost_the_camera(tmp_path, video, serve):
    queue = serve(tmp_path / "service")
    ask(queue, "a")
    package = make(tmp_path / "a", video, lease=1)
    copy = shutil.copytree(package, tmp_path / "copy")
    poster = Poster(tmp_path / "a" / "ready", queue)
    assert poster.deliver_all()
    httpx.post(f"{queue}{LEASES}/release", json={"holder": "a", "camera_ids": ["gate"]})
    ask(queue, "b")
    shutil.copytree(copy, package)
    assert poster.deliver_all()
    assert (poster.delivered, poster.superseded()) == (2, 0)


def test_an_edge_outside_the_cluster_is_let_in_while_nobody_holds_the_camera(tmp_path, video, serve):
    queue = serve(tmp_path / "service")
    make(tmp_path / "edge", video, lease=None)
    poster = Poster(tmp_path / "edge" / "ready", queue)
    ask(queue, "a")
    assert poster.deliver_all()
    assert poster.superseded() == 1
    httpx.post(f"{queue}{LEASES}/release", json={"holder": "a", "camera_ids": ["gate"]})
    make(tmp_path / "edge", video, lease=None, number=1)
    assert poster.deliver_all()
    assert poster.delivered == 1


def test_the_refusal_tells_machines_what_it_is(tmp_path, video, serve):
    queue = serve(tmp_path / "service")
    ask(queue, "a")
    body = {"token": 7, "memory": "x", "since_case": 0}
    assert httpx.put(f"{queue}/api/v1/camera-memories/gate", json=body).status_code == 204
    answer = httpx.put(f"{queue}/api/v1/camera-memories/other", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:dustwatch:problem:lease-superseded")
