"""A violation that lasts stays one: past a kill, a new start, and a changed configuration."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from datasets.stories import yard_story
from service.evidence_check import Reference, check_evidence
from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge
from vision.evidence.verify import find_packages

pytestmark = [pytest.mark.slow]

QUICK = {"window_s": 2.0, "grace_s": 4.0, "close_after_s": 600.0}


@pytest.fixture
def bare_yard(tmp_path: Path) -> Path:
    """The part of the rendered yard in which most of its soil lies bare."""
    with OpenVideo(VideoSource(str(yard_story().clip))) as video:
        packets = [packet for packet in video.packets() if 16 <= float(packet.pts * video.format.time_base) < 40]
    path = tmp_path / "bare.mp4"
    write_clip(packets, path)
    return path


def _packages(edge: RunningEdge) -> list[str]:
    """Return the keys of all violations whose evidence is on the disk."""
    folders = [edge.data / "staged", edge.data / "ready"]
    found = [package.name for folder in folders if folder.exists() for package in folder.iterdir()]
    return sorted(name for name in found if not name.startswith("."))


def _is_open(edge: RunningEdge) -> bool:
    return edge.cameras().get("heap", {}).get("figures", {}).get("soil_violations") == 1


def test_a_killed_edge_and_a_changed_configuration_make_no_second_case(
    bare_yard: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url = play(bare_yard).url
    heap = {"url": url, "interval_s": 1, "max_age_s": 2, "zones": {"yard": [list(at) for at in yard_story().zone]}}
    other = {"url": url, "interval_s": 5}
    edge = RunningEdge(tmp_path)
    edge.write({"heap": heap, "other": other}, rules={"uncovered_soil": QUICK})
    with edge.running() as process:
        wait_until(lambda: _is_open(edge) and bool(_packages(edge)), 90, "the violation")
        wait_until(lambda: (edge.data / "watches" / "heap.json").exists(), 10, "the memory")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    (only,) = _packages(edge)
    (edge.data / "status.json").unlink()

    with edge.running():
        wait_until(lambda: edge.inspected("heap") > 8, 90, "looks for longer than the grace time")
        assert _is_open(edge)
        assert "watch.recalled" in edge.log

        edge.write({"heap": heap, "other": other | {"interval_s": 4}}, rules={"uncovered_soil": QUICK})
        wait_until(lambda: "config.taken" in edge.log, 30, "the change of another camera")
        before, later = edge.inspected("heap"), QUICK | {"open_share": 0.1}
        edge.write({"heap": heap, "other": other}, rules={"uncovered_soil": later})
        wait_until(lambda: edge.log.count("config.taken") == 2, 30, "the change of a threshold")
        wait_until(lambda: edge.log.count("watch.recalled") == 2, 60, "the camera to begin anew")
        wait_until(lambda: edge.inspected("heap") < before, 60, "its figures to begin anew")
        wait_until(lambda: edge.inspected("heap") > 8, 90, "looks for longer than the grace time")
        assert _is_open(edge)
    assert _packages(edge) == [only]


def test_a_damaged_memory_is_set_aside_and_costs_nothing_else(
    bare_yard: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    zones = {"yard": [list(at) for at in yard_story().zone]}
    edge = RunningEdge(tmp_path)
    edge.write(
        {"heap": {"url": play(bare_yard).url, "interval_s": 1, "max_age_s": 2, "zones": zones}},
        rules={"uncovered_soil": QUICK},
    )
    (edge.data / "watches").mkdir(parents=True)
    (edge.data / "watches" / "heap.json").write_bytes(b'{"memory": {"soil"')
    with edge.running():
        wait_until(lambda: bool(_packages(edge)), 90, "the violation")
    assert "watch.memory_damaged" in edge.log
    assert (edge.data / "watches" / "heap.damaged").read_bytes() == b'{"memory": {"soil"'


def test_a_case_shows_before_and_later_pictures_and_is_told_its_end(
    play: Callable[..., RtspCamera], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    story = yard_story()
    queue, edge = serve(tmp_path / "queue"), RunningEdge(tmp_path)
    zones = {"yard": [list(at) for at in story.zone]}
    rules = {"uncovered_soil": QUICK | {"close_after_s": 3.0}, "later_picture_first_s": 5, "later_picture_every_s": 8}
    camera = {"url": play(story.clip).url, "interval_s": 1, "max_age_s": 2, "zones": zones}
    edge.write({"heap": camera}, rules=rules, queue=queue)

    def ended() -> list[dict[str, Any]]:
        items = httpx.get(f"{queue}/api/cases").json()["items"]
        return [case for case in items if case["ended_at"] and "before" in [file["role"] for file in case["evidence"]]]

    with edge.running():
        # The clip may come in anywhere, also while the soil lies bare: then the second time has a picture of before.
        wait_until(lambda: bool(ended()), 220, "a case with a picture of before and its end")
    case = ended()[-1]
    assert [later["number"] for later in case["later"]] == list(range(1, len(case["later"]) + 1))
    assert [later["stage"] for later in case["later"]] == [*["lasting"] * (len(case["later"]) - 1), "ended"]
    assert len(case["later"]) >= 2
    manifest = httpx.get(f"{queue}/api/cases/{case['id']}/evidence").json()
    assert manifest["before"]["captured_at"] < manifest["opened_at"]
    last = case["later"][-1]["measures"]
    assert last["bare_soil_share"] < case["measures"]["bare_soil_share"]
    packages = find_packages(tmp_path / "queue" / "evidence")
    heads = edge.data / "chain"
    assert check_evidence(packages, Reference(heads=heads), as_chains=True).faults == []
