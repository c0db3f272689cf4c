"""Shards of one cluster against a real queue: one watches a camera at a time, and the next goes on from the last."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from service.api.camera_leases import KeptJson, LaterPictureJson, ToldViolation
from service.cluster import shard as module
from service.cluster.shard import Shard
from service.cluster.shard_folder import Tokens, holder_of, take_folder
from service.cluster.taken_over import cameras_with_packages, put_in_place
from service.config.schema import Config
from service.delivery.poster import Poster
from service.edge.watch_memories import memory_path
from service.evidence_check import Reference, check_evidence
from tests.conftest import wait_until
from tests.vision.evidence.packages import OPENED_AT, Memory, picture, recorder, scene, violation
from vision.evidence.chain import Chains, Head
from vision.evidence.keyring import Keyring
from vision.evidence.manifest import Follows
from vision.evidence.verify import find_packages

NAMES = ("gate", "yard", *(f"more-{number}" for number in range(8)))


class PipelineThatWatchesNothing:
    """Stands where the pipeline does: remembers which cameras it was told to watch, under which tokens."""

    def __init__(self, config):
        self.config, self.tenure = config, None
        self.has_begun = threading.Event()

    def run(self, stop):
        self.has_begun.set()
        stop.wait()

    def change(self, config, tenure=None):
        self.config, self.tenure = config, tenure

    def watched(self):
        return frozenset(camera.id for camera in self.config.cameras)


@pytest.fixture
def begin(tmp_path, monkeypatch, serve):
    """Give a function that begins a shard of the cameras `NAMES`."""
    monkeypatch.setattr(module, "Pipeline", PipelineThatWatchesNothing)
    monkeypatch.setattr(module, "LEASE_S", 4.0)
    monkeypatch.setattr(module, "MARGIN_S", 1.0)
    queue, begun = serve(tmp_path / "service"), []

    def start(address=None):
        cameras = [{"id": name, "site": "s", "name": name, "url": "rtsp://127.0.0.1/x"} for name in NAMES]
        settings = {"sites": [{"id": "s", "name": "s"}], "cameras": cameras, "queue": address or queue}
        config = Config.model_validate({**settings, "data": tmp_path / "edge"})
        begun.append(Shard(config))
        begun[-1].config = config
        return begun[-1]

    yield start
    for each in begun:
        each.stop()


def assign(shard, *names):
    shard.assign(shard.config, frozenset(names))


def watches(shard):
    return set(shard._pipeline.watched())


def test_a_camera_is_watched_once_its_lease_is_held_and_tells_its_token(begin):
    first = begin()
    assign(first, "gate")
    wait_until(lambda: watches(first) == {"gate"}, 20, "the camera")
    assert first.report().held == {"gate": 1}
    assert first._pipeline.tenure.leases == {"gate": 1}


def test_another_node_waits_for_the_lease_and_goes_on_at_once_when_the_camera_is_given_up(begin):
    first, second = begin(), begin()
    assign(first, "gate", "yard")
    wait_until(lambda: watches(first) == {"gate", "yard"}, 20, "the cameras")
    memory_path(first._config.data, "yard").parent.mkdir()
    memory_path(first._config.data, "yard").write_text("remembered")
    assign(second, "yard")
    time.sleep(3)
    assert watches(second) == set()
    assign(first, "gate")
    wait_until(lambda: watches(second) == {"yard"}, 20, "the camera at the other node")
    assert watches(first) == {"gate"}
    assert second.report().held == {"yard": 2}
    assert memory_path(second._config.data, "yard").read_text() == "remembered"


def test_a_node_that_can_not_renew_stops_watching_before_another_begins(begin, monkeypatch):
    first, second = begin(), begin()
    assign(first, "gate")
    wait_until(lambda: watches(first) == {"gate"}, 20, "the camera")
    monkeypatch.setattr(first._leases, "take", _cut_off)
    assign(second, "gate")
    both, until = 0, time.monotonic() + 15
    while watches(second) != {"gate"} and time.monotonic() < until:
        both += bool(watches(first) & watches(second))
        time.sleep(0.02)
    assert watches(second) == {"gate"}
    assert watches(first) == set()
    assert both == 0


def test_what_is_held_is_renewed_while_many_cameras_are_taken_over_slowly(begin, monkeypatch):
    shard = begin()
    assign(shard, "gate")
    wait_until(lambda: watches(shard) == {"gate"}, 20, "the camera")
    told = shard._leases.kept

    def slowly(name):
        time.sleep(0.6)
        return told(name)

    monkeypatch.setattr(shard._leases, "kept", slowly)
    assign(shard, *NAMES)
    unwatched, until = 0, time.monotonic() + 30
    while watches(shard) != set(NAMES) and time.monotonic() < until:
        unwatched += "gate" not in watches(shard)
        time.sleep(0.02)
    assert watches(shard) == set(NAMES)
    assert unwatched == 0
    assert set(shard.report().held.values()) == {1}


def test_a_process_that_takes_anothers_place_goes_on_under_its_token(begin, tmp_path):
    first = begin()
    assign(first, "gate")
    wait_until(lambda: watches(first) == {"gate"}, 20, "the camera")
    first.stop()
    first._lock_file.close()
    again = begin()
    assert again.report().holder == first.report().holder
    assign(again, "gate")
    wait_until(lambda: again.report().held == {"gate": 1}, 20, "the camera under the same token")


def test_the_evidence_of_two_nodes_is_one_chain(begin, tmp_path, video):
    first, second = begin(), begin()
    assign(first, "gate")
    wait_until(lambda: watches(first) == {"gate"}, 20, "the camera")
    _deliver(first, video, 0, lease=1)
    recorder(second._config.data)  # makes the keys, as the pipeline does
    assign(second, "gate")
    assign(first)
    wait_until(lambda: watches(second) == {"gate"}, 20, "the camera at the other node")
    told = second._pipeline.tenure.told["gate"]
    assert [each.opened_at for each in told] == [OPENED_AT]
    _deliver(second, video, 1, lease=2)
    report = check_evidence(find_packages(tmp_path / "service" / "evidence"), Reference(), as_chains=True)
    assert (report.packages, len(report.keys), report.faults) == (2, 2, [])


def test_what_waits_is_told_by_camera(tmp_path, video):
    making, memory = recorder(tmp_path), Memory(video)
    making.begin(violation(), scene(), picture(), memory.cut)
    assert cameras_with_packages(tmp_path, "staged", "ready") == {"gate"}
    making.finish_due(OPENED_AT + timedelta(seconds=30), memory.newest, memory.cut)
    assert cameras_with_packages(tmp_path, "staged") == set()
    assert cameras_with_packages(tmp_path, "staged", "ready") == {"gate"}


def test_what_lay_there_of_an_earlier_lease_is_gone(tmp_path):
    Keyring(tmp_path / "keys").make_first()
    chains = Chains(tmp_path / "chain", Keyring(tmp_path / "keys"))
    head = Head(camera_id="gate", number=7, sha256="0" * 64, package="p")
    memory = '{"a": 1}'
    told = ToldViolation(
        rule="uncovered_soil", camera_id="gate", opened_at=OPENED_AT, track_id=0, bbox_xyxy=(0, 0, 1, 1), measures={}
    )
    ended = LaterPictureJson(
        rule="uncovered_soil", follows=violation().key, number=1, stage="ended", captured_at=OPENED_AT
    )
    kept = KeptJson(memory=memory, told=[told], pictures=[ended], head=head)
    found, picture_of_end = put_in_place(tmp_path, "gate", kept)
    assert picture_of_end.follows == Follows(key=violation().key, number=1, stage="ended")
    assert (found.opened_at, memory_path(tmp_path, "gate").read_text()) == (OPENED_AT, memory)
    assert chains.head("gate").number == 7
    assert put_in_place(tmp_path, "gate", KeptJson(memory=None, told=[], head=None)) == ()
    assert chains.head("gate") is None
    assert not memory_path(tmp_path, "gate").exists()


def test_each_process_has_a_folder_and_a_name_of_its_own_and_finds_them_again(tmp_path):
    first, lock = take_folder(tmp_path)
    second, other = take_folder(tmp_path)
    assert (first.name, second.name) == ("0", "1")
    names = holder_of(first), holder_of(second)
    assert names[0] != names[1]
    lock.close()
    again, third = take_folder(tmp_path)
    assert (again, holder_of(again)) == (first, names[0])
    other.close()
    third.close()


def test_tokens_are_found_again(tmp_path):
    Tokens(tmp_path / "tokens").note("gate", 7)
    assert (Tokens(tmp_path / "tokens").of("gate"), Tokens(tmp_path / "tokens").of("yard")) == (7, None)


def _cut_off(_cameras):
    raise httpx.ConnectTimeout("cut off")


def _deliver(shard, video, number, *, lease):
    """Let the shard's folder make a package of the camera `gate`, and post it."""
    memory, opened_at = Memory(video), OPENED_AT + timedelta(seconds=number)
    making = recorder(shard._config.data)
    making.begin(violation(opened_at), replace(scene(), lease=lease), picture(), memory.cut)
    making.finish_due(opened_at + timedelta(seconds=30), memory.newest, memory.cut)
    poster = Poster(shard._config.data / "ready", shard._config.queue)
    assert poster.deliver_all()
    assert (poster.delivered, poster.superseded()) == (1, 0)
