"""Packages reach the queue once, whatever happens on the way (a real queue on a real socket)."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from service.delivery.poster import GIVE_UP_S, Poster
from tests.conftest import free_port, wait_until
from tests.vision.evidence.packages import OPENED_AT, make_package, picture, recorder, scene, violation
from vision.evidence.manifest import Follows, Stage


def _packages(edge: Path, video: Path, count: int) -> list[Path]:
    return [make_package(edge, video, OPENED_AT + timedelta(seconds=number)) for number in range(count)]


def _keys(queue: str) -> list[str]:
    return sorted(item["key"] for item in httpx.get(f"{queue}/api/cases").json()["items"])


def test_every_package_becomes_a_case_and_leaves_the_disk(
    tmp_path: Path, video: Path, serve: Callable[[Path], str]
) -> None:
    packages = _packages(tmp_path / "edge", video, 3)
    queue = serve(tmp_path / "service")
    poster = Poster(tmp_path / "edge" / "ready", queue)
    assert poster.deliver_all()
    assert _keys(queue) == sorted(package.name for package in packages)
    assert poster.waiting() == 0
    assert poster.delivered == 3


def test_a_package_whose_confirmation_was_lost_is_posted_again_and_makes_no_second_case(
    tmp_path: Path, video: Path, serve: Callable[[Path], str]
) -> None:
    (package,) = _packages(tmp_path / "edge", video, 1)
    copy = shutil.copytree(package, tmp_path / "copy")
    queue = serve(tmp_path / "service")
    poster = Poster(tmp_path / "edge" / "ready", queue)
    assert poster.deliver_all()
    shutil.copytree(copy, package)
    assert poster.deliver_all()
    assert _keys(queue) == [package.name]
    assert list((tmp_path / "edge" / "refused").iterdir()) == []


def test_while_the_queue_is_down_packages_wait_and_then_go(
    tmp_path: Path, video: Path, serve: Callable[[Path], str]
) -> None:
    packages = _packages(tmp_path / "edge", video, 2)
    down = Poster(tmp_path / "edge" / "ready", f"http://127.0.0.1:{free_port()}")
    assert not down.deliver_all()
    assert down.waiting() == 2
    queue = serve(tmp_path / "service")
    poster = Poster(tmp_path / "edge" / "ready", queue)
    poster.start()
    wait_until(lambda: len(_keys(queue)) == 2, 20, "two cases")
    poster.stop()
    assert _keys(queue) == sorted(package.name for package in packages)


@pytest.mark.parametrize("name", ["clean.jpg", "clip.mp4", "manifest.json"])
def test_a_damaged_package_is_put_aside_and_does_not_hold_up_the_others(
    tmp_path: Path, video: Path, serve: Callable[[Path], str], name: str
) -> None:
    damaged, whole = _packages(tmp_path / "edge", video, 2)
    (damaged / name).write_bytes((damaged / name).read_bytes()[:-1] + b"?")
    queue = serve(tmp_path / "service")
    poster = Poster(tmp_path / "edge" / "ready", queue)
    assert poster.deliver_all()
    assert _keys(queue) == [whole.name]
    assert [package.name for package in (tmp_path / "edge" / "refused").iterdir()] == [damaged.name]


def test_what_was_delivered_but_not_removed_when_the_process_died_is_not_sent_again(
    tmp_path: Path, video: Path
) -> None:
    (package,) = _packages(tmp_path / "edge", video, 1)
    (tmp_path / "edge" / "sent").mkdir()
    package.rename(tmp_path / "edge" / "sent" / package.name)
    poster = Poster(tmp_path / "edge" / "ready", f"http://127.0.0.1:{free_port()}")
    assert poster.waiting() == 0
    assert list((tmp_path / "edge" / "sent").iterdir()) == []


def _later_picture(edge: Path, opened_at: datetime = OPENED_AT) -> Path:
    making, follows = recorder(edge), Follows(key=violation(opened_at).key, number=1, stage=Stage.LASTING)
    making.begin(violation(opened_at + timedelta(hours=1)), scene(), picture(), lambda *_: [], follows=follows)
    (package,) = making.finish_due(opened_at + timedelta(hours=1), lambda _: None, lambda *_: [])
    return package


def test_a_later_picture_whose_violation_is_not_there_yet_waits_and_holds_up_nothing(
    tmp_path: Path, video: Path, serve: Callable[[Path], str]
) -> None:
    first, later = make_package(tmp_path / "edge", video), _later_picture(tmp_path / "edge")
    aside = first.rename(tmp_path / "aside")
    other = make_package(tmp_path / "edge", video, OPENED_AT + timedelta(hours=2))
    queue = serve(tmp_path / "service")
    poster = Poster(tmp_path / "edge" / "ready", queue)
    assert poster.deliver_all()
    assert _keys(queue) == [other.name]
    assert [package.name for package in (tmp_path / "edge" / "ready").iterdir()] == [later.name]

    aside.rename(first)
    again = Poster(tmp_path / "edge" / "ready", queue)
    assert again.deliver_all()
    (case,) = [item for item in httpx.get(f"{queue}/api/cases").json()["items"] if item["key"] == first.name]
    assert [item["key"] for item in case["later"]] in ([], [later.name])  # whichever was handed in first
    assert Poster(tmp_path / "edge" / "ready", queue).deliver_all()
    assert again.waiting() == 0
    assert list((tmp_path / "edge" / "refused").iterdir()) == []


@pytest.mark.parametrize("why", ["its violation was refused", "it is too old"])
def test_a_later_picture_whose_violation_will_never_come_is_put_aside(
    tmp_path: Path, serve: Callable[[Path], str], why: str
) -> None:
    later = _later_picture(tmp_path / "edge")
    if why == "it is too old":
        long_ago = time.time() - GIVE_UP_S - 60
        os.utime(later, (long_ago, long_ago))
    else:
        (tmp_path / "edge" / "refused" / violation().key).mkdir(parents=True)
    poster = Poster(tmp_path / "edge" / "ready", serve(tmp_path / "service"))
    assert poster.deliver_all()
    assert poster.waiting() == 0
    assert (tmp_path / "edge" / "refused" / later.name).is_dir()
