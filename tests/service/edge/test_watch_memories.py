"""What is remembered of a watch fits as long as it looks at the same; what is open outlives a changed threshold."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from service.config.schema import Config
from service.edge.cameras import orders
from service.edge.watch_memories import CameraMemory, Fittings, fittings_of, told_by, what_is_shown
from tests.vision.evidence.packages import picture, recorder, scene, violation
from tests.vision.test_watch_memory import opened_hoarding, opened_soil
from vision.evidence.manifest import Follows, Stage
from vision.told_since import ToldPicture
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory

MEMORY = opened_soil().joined(opened_hoarding())
ZONES = {"yard": [[0.1, 0.3], [0.9, 0.3], [0.9, 0.8]], "perimeter": {"line": [[0.0, 0.5], [1.0, 0.5]]}}


def fittings(models: tuple[str, ...] = ("a", "b"), **changes: object) -> Fittings:
    """Return what belongs to a camera that watches a yard and a perimeter; `changes` are of the camera or the rules."""
    rules = {name: changes.pop(name) for name in ("uncovered_soil", "missing_hoarding") if name in changes}
    camera = {"id": "yard", "site": "s", "name": "堆场", "url": "rtsp://h/x", "zones": ZONES} | changes
    config = Config.model_validate({"sites": [{"id": "s", "name": "工地"}], "cameras": [camera], "rules": rules})
    return fittings_of(orders(config)["yard"], models)


def kept(path: Path, now: Fittings) -> WatchMemory:
    """Return what is left of the memory when it is recalled with these."""
    CameraMemory(path / "yard.json", fittings()).save(MEMORY)
    return CameraMemory(path / "yard.json", now).load()


def test_what_was_kept_comes_back_whole(tmp_path: Path) -> None:
    assert kept(tmp_path, fittings()) == MEMORY
    assert kept(tmp_path, fittings(name="another", url="rtsp://other/x", interval_s=20)) == MEMORY


def test_other_thresholds_or_networks_keep_what_is_open_alone(tmp_path: Path) -> None:
    for now in (fittings(uncovered_soil={"open_share": 0.2}), fittings(models=("a", "c"))):
        memory = kept(tmp_path, now)
        assert memory.open_keys == MEMORY.open_keys
        assert memory.soil is not None
        assert memory.soil.looks == ()
    assert kept(tmp_path, fittings(uncovered_soil={"open_share": 0.2})).hoarding == MEMORY.hoarding


def test_what_is_drawn_anew_is_forgotten_and_the_other_rule_is_not(tmp_path: Path) -> None:
    moved = ZONES | {"yard": [[0.1, 0.3], [0.9, 0.3], [0.8, 0.8]]}
    with capture_logs() as logs:
        memory = kept(tmp_path, fittings(zones=moved))
    assert (memory.soil, memory.hoarding) == (None, MEMORY.hoarding)
    assert [(line["event"], line["forgotten"]) for line in logs] == [("watch.memory_dropped", 1)]
    only_yard = {"yard": ZONES["yard"]}
    assert kept(tmp_path, fittings(zones=only_yard)) == WatchMemory(soil=MEMORY.soil)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b'{"schema_version": 2}', b"[]"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "yard.json").write_bytes(content)
    with capture_logs() as logs:
        assert CameraMemory(tmp_path / "yard.json", fittings()).load() == WatchMemory()
    assert [line["event"] for line in logs] == ["watch.memory_damaged"]
    assert (tmp_path / "yard.damaged").read_bytes() == content
    assert not (tmp_path / "yard.json").exists()


def test_without_a_file_there_is_nothing_to_remember(tmp_path: Path) -> None:
    assert CameraMemory(tmp_path / "yard.json", fittings()).load() == WatchMemory()


def test_evidence_that_is_newer_than_the_memory_is_no_second_violation(tmp_path: Path) -> None:
    assert MEMORY.soil is not None
    violation = MEMORY.soil.violation
    assert violation is not None
    path = tmp_path / "yard.json"
    assert CameraMemory(path, fittings(), [violation]).load().open_keys == {violation.key}
    CameraMemory(path, fittings()).save(WatchMemory())
    assert CameraMemory(path, fittings(), [violation]).load().open_keys == {violation.key}
    moved = ZONES | {"yard": [[0.1, 0.3], [0.9, 0.3], [0.8, 0.8]]}
    assert CameraMemory(path, fittings(zones=moved), [violation]).load() == WatchMemory()


def test_packages_tell_their_violation_and_later_pictures_of_it(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), lambda *_: [])
    follows = Follows(key=violation().key, number=1, stage=Stage.LASTING)
    making.begin(violation(), scene(), picture(), lambda *_: [], follows=follows)
    told = [told_by(package) for package in recorder(tmp_path).recover()]
    assert [found.key for found in told if isinstance(found, Violation)] == [violation().key]
    assert [found.follows for found in told if isinstance(found, ToldPicture)] == [follows]
    assert told_by(tmp_path) is None


def test_a_picture_of_before_is_none_once_private_areas_are_drawn_anew() -> None:
    def shown(**zones: object) -> dict[RuleName, str]:
        camera = {"id": "yard", "site": "s", "name": "堆场", "url": "rtsp://h/x", "zones": ZONES | zones}
        config = Config.model_validate({"sites": [{"id": "s", "name": "工地"}], "cameras": [camera]})
        order = orders(config)["yard"]
        return what_is_shown(order, fittings_of(order, ()))

    private = [[0.0, 0.0], [0.2, 0.0], [0.2, 0.2]]
    assert shown() == shown()
    assert all(shown(privacy=[private])[rule] != before for rule, before in shown().items())
    assert fittings(zones=ZONES | {"privacy": [private]}) == fittings()
    assert fittings(zones=ZONES | {"mask_out": [private]}) != fittings()
