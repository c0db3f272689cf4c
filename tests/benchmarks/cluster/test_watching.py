"""What the shards' status files tell: who looked at a camera when, and how cameras left a node that was cut off."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cluster.watching import Handover, Watching, handover, newest_shard


def document(at: float, **frames: int) -> dict[str, object]:
    cameras = {name: {"status": {"frames": count}} for name, count in frames.items()}
    return {"at": datetime.fromtimestamp(at, UTC).isoformat(), "cameras": cameras}


def watching(*cameras: str) -> Watching:
    return Watching(Path("nowhere"), cameras)


def test_a_camera_was_looked_at_where_its_frames_grew() -> None:
    each = watching("gate", "yard")
    each.take_in({"0": document(100, gate=1, yard=0)}, 100)
    assert not each.have_all_looked_since(0)
    each.take_in({"0": document(103, gate=1, yard=2)}, 103)
    assert each.last_look == {"gate": 100, "yard": 103}
    each.take_in({"0": document(109, gate=4, yard=2)}, 109)
    assert (each.longest_gap_s, each.looks, each.at_once) == ({"gate": 9}, 6, 1)


def test_two_shards_that_look_at_once_are_seen_and_an_old_file_is_none() -> None:
    each = watching("gate")
    each.take_in({"0": document(100, gate=1), "1": document(90, gate=9)}, 100)
    assert each.at_once == 1
    each.take_in({"0": document(101, gate=2), "1": document(101, gate=10)}, 101)
    assert each.at_once == 2


def test_the_newest_shard_is_the_one_that_looked_last() -> None:
    looks = {("gate", "0"): [1.0, 9.0], ("gate", "1"): [5.0], ("yard", "1"): [20.0]}
    assert newest_shard(looks, "gate") == "0"
    assert newest_shard(looks, "road") is None


def test_a_handover_tells_the_last_look_of_one_and_the_first_of_another() -> None:
    looks = {
        ("gate", "0"): [99.0, 104.0, 107.0, 230.0],
        ("gate", "1"): [112.0, 113.0],
        ("yard", "0"): [98.0],
        ("yard", "2"): [116.0],
    }
    assert handover(looks, ["gate", "yard"], "0", 100.0) == Handover(7.0, 12.0, 16.0, 5.0)


def test_a_handover_to_a_second_node_while_the_first_looks_on_has_no_pause() -> None:
    looks = {("gate", "0"): [101.0, 112.0, 114.0], ("gate", "1"): [112.0]}
    found = handover(looks, ["gate"], "0", 100.0)
    assert found is not None
    assert found.shortest_pause_s < 0


def test_there_is_no_handover_while_a_camera_waits() -> None:
    assert handover({("gate", "0"): [101.0], ("gate", "1"): [90.0]}, ["gate"], "0", 100.0) is None
