"""A violation that lasts stays one: past a kill, a new start, and a changed configuration."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.stories import yard_story
from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge

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
        later = QUICK | {"open_share": 0.1}
        edge.write({"heap": heap, "other": other}, rules={"uncovered_soil": later})
        wait_until(lambda: edge.log.count("config.taken") == 2, 30, "the change of a threshold")
        wait_until(lambda: 0 < edge.inspected("heap") < 5, 30, "the camera to begin anew")
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
