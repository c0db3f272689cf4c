"""The whole way on one machine: camera, pipeline, queue; also when parts of it are killed."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets.stories import gate_story
from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.sources import OpenVideo
from tests.conftest import free_port, wait_until
from vision.evidence.verify import find_packages, verify_package

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

FOUND = re.compile(r"violation\.found .*\bkey=([0-9a-f-]{36})")


@pytest.fixture(scope="module")
def busy_gate(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that play the part of the rendered gate in which two trucks leave unwashed within 26 seconds."""
    story = gate_story()
    with OpenVideo(VideoSource(str(story.clip))) as video:
        packets = [packet for packet in video.packets() if 4 <= float(packet.pts * video.format.time_base) < 30]
    path = tmp_path_factory.mktemp("clip") / "gate.mp4"
    write_clip(packets, path)
    line, outward, bay = (
        ",".join(str(number) for point in points for number in point)
        for points in (story.exit_line.points, [story.exit_line.outward], story.wash_bay)
    )
    return ["--clip", str(path), "--line", line, "--outward", outward, "--bay", bay]


class RunningDemo:
    """The command `dustwatch demo`, running."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "service.cli.main", "demo", "--data", str(folder)]
        self.rtsp_port = str(free_port())
        ports = ["--port", str(free_port()), "--rtsp-port", self.rtsp_port, "--json"]
        self.process = subprocess.Popen([*command, *ports, *options], stdout=subprocess.PIPE, text=True)
        wait_until(lambda: folder.exists() and any(folder.iterdir()), 30, "the demo's folder")
        self.folder = next(folder.iterdir())

    def found(self) -> list[str]:
        """Return the keys of the violations that the pipeline says it found."""
        log = self.folder / "logs" / "pipeline.log"
        return FOUND.findall(log.read_text()) if log.exists() else []

    def cases(self) -> list[str]:
        """Return the keys of the packages that the queue holds."""
        evidence = self.folder / "service" / "evidence"
        return [package.name for package in find_packages(evidence)] if evidence.exists() else []

    def kill(self, subcommand: str) -> None:
        """Kill the child that runs this subcommand, as the out-of-memory killer would."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            is_ours = words[0] == sys.executable.encode() and b"service.cli.main" in words
            if is_ours and subcommand.encode() in words and self._belongs(words):
                os.kill(int(process.name), signal.SIGKILL)
                return
        pytest.fail(f"there is no process {subcommand}")

    def _belongs(self, words: list[bytes]) -> bool:
        """Tell whether a child's command line is this demo's; the camera is told by its port, not by the folder."""
        return str(self.folder).encode() in b" ".join(words) or self.rtsp_port.encode() in words

    def result(self, timeout: float) -> dict[str, object]:
        output, _ = self.process.communicate(timeout=timeout)
        assert self.process.returncode == 0
        parsed = json.loads(output.splitlines()[-1])
        assert isinstance(parsed, dict)
        return parsed


@pytest.fixture
def demo(busy_gate: list[str], tmp_path: Path) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path / "data", *busy_gate)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        for subcommand in ("run", "serve", "simulate"):
            running.kill(subcommand)


def test_the_demo_ends_by_itself_and_tells_what_it_saw(tmp_path: Path) -> None:
    running = RunningDemo(tmp_path / "data", "--seconds", "75")
    result = running.result(timeout=180)
    assert result["codec"] == "h264"
    assert str(result["rtsp_url"]).startswith("rtsp://127.0.0.1:")
    assert 0 < int(str(result["frames_inspected"])) <= int(str(result["frames_received"]))
    assert int(str(result["tracks"])) >= 2
    cameras, cases = result["cameras"], result["cases"]
    assert isinstance(cameras, list)
    assert isinstance(cases, list)
    assert [(camera["id"], camera["judged"]) for camera in cameras] == [
        ("demo-gate", True),
        ("demo-yard", True),
        ("demo-perimeter", True),
    ]
    assert all(camera["codec"] == "h264" and camera["frames_received"] > 50 for camera in cameras)
    assert all(camera["frames_inspected"] > 0 and camera["tracks"] == 0 for camera in cameras[1:])
    assert {key: cameras[0][key] for key in ("rtsp_url", "frames_inspected", "tracks")} == {
        key: result[key] for key in ("rtsp_url", "frames_inspected", "tracks")
    }
    assert {(case["camera"], case["rule"]) for case in cases} == {
        ("demo-gate", "unwashed_truck"),
        ("demo-yard", "uncovered_soil"),
        ("demo-perimeter", "missing_hoarding"),
    }
    rules = [case["rule"] for case in cases]
    assert max(rules.count("uncovered_soil"), rules.count("missing_hoarding")) <= 2  # once each time a clip is played
    for case in cases:
        assert verify_package(Path(case["evidence"])) == []
    assert sorted(Path(case["evidence"]).name for case in cases) == sorted(running.found())


def test_killing_the_queue_and_then_the_pipeline_loses_nothing_and_doubles_nothing(demo: RunningDemo) -> None:
    wait_until(lambda: len(demo.cases()) >= 1, 120, "the first case")

    demo.kill("serve")
    before = len(demo.found())
    wait_until(lambda: len(demo.found()) > before, 60, "a violation found after the queue was killed")
    wait_until(lambda: set(demo.found()) == set(demo.cases()), 60, "every violation in the queue again")

    before = len(demo.found())
    wait_until(lambda: len(demo.found()) > before, 60, "a violation whose clip is not complete yet")
    demo.kill("run")
    interrupted = demo.found()[-1]
    assert interrupted not in demo.cases()
    wait_until(lambda: interrupted in demo.cases(), 60, "the interrupted violation in the queue")

    before = len(demo.found())
    wait_until(lambda: len(demo.found()) > before, 90, "a violation found by the new pipeline")
    demo.process.send_signal(signal.SIGTERM)
    cases = demo.result(timeout=60)["cases"]
    assert isinstance(cases, list)
    keys = [Path(case["evidence"]).name for case in cases]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(demo.found())
    for case in cases:
        assert verify_package(Path(case["evidence"])) == []
