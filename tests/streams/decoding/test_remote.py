"""Pictures decoded in processes of their own are those decoded here, byte for byte, and who dies costs nobody else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from streams.addresses import VideoSource
from streams.decoding import process as process_module
from streams.decoding.pool import DecoderPool
from streams.decoding.process import DecodingProcess
from streams.decoding.remote import CameraDecoders
from streams.frames import DecodeMode, FrameDecoder
from streams.packets import Packet
from streams.sources import OpenVideo
from tests.made_video import make_video

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    """Decoding processes, one at most, that are ended afterwards."""
    made = DecoderPool(most=1)
    yield made
    made.close()


def _packets(path: Path) -> list[Packet]:
    with OpenVideo(VideoSource(str(path)), started_at=START) as opened:
        return list(opened.packets())


def _kill_after(pid: int, how: int = signal.SIGKILL) -> None:
    """Kill a process, and wait until its parent can know."""
    os.kill(pid, how)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


@pytest.mark.parametrize("mode", DecodeMode)
@pytest.mark.parametrize(
    ("codec", "b_frames", "size"), [("libx264", 0, (320, 240)), ("libx264", 2, (642, 358)), ("libx265", 2, (640, 480))]
)
def test_both_ways_give_the_same_frames(
    pool: DecoderPool, tmp_path: Path, codec: str, b_frames: int, size: tuple[int, int], mode: DecodeMode
) -> None:
    width, height = size
    path = make_video(tmp_path / "video.mp4", frames=60, codec=codec, b_frames=b_frames, width=width, height=height)
    here, there = FrameDecoder(mode), FrameDecoder(mode, CameraDecoders(pool, "gate"))
    packets = _packets(path)
    expected = [picture for packet in packets for picture in here.decode(packet)] + here.flush()
    found = [picture for packet in packets for picture in there.decode(packet)] + there.flush()
    assert len(expected) == (60 if mode is DecodeMode.FULL else 3)
    assert [one.captured_at for one in found] == [one.captured_at for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one.luma(), other.luma())
        assert np.array_equal(one.thumbnail(), other.thumbnail())
        assert np.array_equal(one.reduced(120), other.reduced(120))
        frame, same = one.to_frame(), other.to_frame()
        assert frame.is_keyframe == same.is_keyframe
        assert np.array_equal(frame.image, same.image)


def test_only_what_is_wanted_is_brought_over(pool: DecoderPool, video: Path) -> None:
    decoder = FrameDecoder(decoders=CameraDecoders(pool, "gate"))
    wanted = START.replace(second=1)
    pictures = [one for packet in _packets(video) for one in decoder.decode(packet, lambda at: at == wanted)]
    assert [one.captured_at for one in pictures] == [wanted]
    assert decoder.damaged == 0


@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_process_that_others_ended_costs_a_camera_no_picture(
    pool: DecoderPool, tmp_path: Path, b_frames: int
) -> None:
    packets = _packets(make_video(tmp_path / "video.mp4", frames=100, b_frames=b_frames))
    here, there = FrameDecoder(), FrameDecoder(decoders=CameraDecoders(pool, "gate"))
    expected = [picture.to_frame() for packet in packets for picture in here.decode(packet)]
    found = []
    for number, packet in enumerate(packets):
        found += [picture.to_frame() for picture in there.decode(packet)]
        if number in (10, 40, 41):
            _kill_after(pool.pids[0])
    assert [one.captured_at for one in found] == [one.captured_at for one in expected]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(found, expected, strict=True))
    assert pool.quarantine.deaths("gate") == 0


@pytest.mark.parametrize("how", [signal.SIGABRT, signal.SIGSEGV])
def test_who_ends_a_process_is_left_alone_for_a_while_and_others_go_on(
    pool: DecoderPool, video: Path, how: signal.Signals
) -> None:
    packets = _packets(video)
    hostile, good = CameraDecoders(pool, "hostile"), FrameDecoder(decoders=CameraDecoders(pool, "good"))
    seen = [one.captured_at for packet in packets[:30] for one in good.decode(packet)]
    victim = FrameDecoder(decoders=hostile)
    victim.decode(packets[0])
    os.kill(pool.pids[0], signal.SIGSTOP)
    with capture_logs() as logs, subprocess.Popen([sys.executable, "-c", _KILL, str(pool.pids[0]), str(int(how))]):
        assert victim.decode(packets[1]) == []
    assert [(line["event"], line["camera"]) for line in logs] == [("decoder.died", "hostile")]
    assert hostile.deaths == 1
    assert victim.decode(packets[25]) == []
    assert pool.quarantine.holds("hostile")
    seen += [one.captured_at for packet in packets[30:] for one in good.decode(packet)]
    assert seen == [packet.captured_at for packet in packets]
    assert good.damaged == 0


def test_a_process_killed_while_it_decodes_costs_no_picture_and_blames_nobody_unless_it_is_killed_again(
    pool: DecoderPool, video: Path
) -> None:
    packets = _packets(video)
    decoders = CameraDecoders(pool, "gate")
    decoder = FrameDecoder(decoders=decoders)
    seen = [one.captured_at for packet in packets[:10] for one in decoder.decode(packet)]
    with capture_logs() as logs:
        with _killed_meanwhile(pool.pids[0]):
            seen += [one.captured_at for one in decoder.decode(packets[10])]
        seen += [one.captured_at for packet in packets[11:20] for one in decoder.decode(packet)]
    assert seen == [packet.captured_at for packet in packets[:20]]
    assert [line["event"] for line in logs] == ["decoder.killed"]
    assert decoders.deaths == 0
    with _killed_meanwhile(pool.pids[0]):
        assert decoder.decode(packets[20]) == []
    assert pool.quarantine.holds("gate")


@contextmanager
def _killed_meanwhile(pid: int) -> Iterator[None]:
    """Let a process stand still, and kill it half a second later."""
    os.kill(pid, signal.SIGSTOP)
    with subprocess.Popen([sys.executable, "-c", _KILL, str(pid), str(int(signal.SIGKILL))]):
        yield


_KILL = (
    "import os, sys, time; time.sleep(0.5); os.kill(int(sys.argv[1]), int(sys.argv[2])); os.kill(int(sys.argv[1]), 18)"
)


def test_a_process_that_hangs_is_ended(pool: DecoderPool, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "ANSWER_S", 0.5)
    packets = _packets(video)
    decoders = CameraDecoders(pool, "gate")
    decoder = FrameDecoder(decoders=decoders)
    decoder.decode(packets[0])
    os.kill(pid := pool.pids[0], signal.SIGSTOP)
    assert decoder.decode(packets[1]) == []
    assert decoders.deaths == 1
    assert not Path(f"/proc/{pid}").exists()


def test_nothing_is_left_of_a_pool_that_was_closed_or_killed(pool: DecoderPool, video: Path) -> None:
    before = set(Path("/dev/shm").iterdir())
    decoder = FrameDecoder(decoders=CameraDecoders(pool, "gate"))
    decoder.decode(_packets(video)[0])
    (pid,) = pool.pids
    pool.close()
    assert not Path(f"/proc/{pid}").exists()
    assert set(Path("/dev/shm").iterdir()) <= before
    assert decoder.decode(_packets(video)[1]) == []


def test_a_process_ends_when_its_edge_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import sys, time; from pathlib import Path; from streams.decoding.process import DecodingProcess\n"
        "process = DecodingProcess(); Path(sys.argv[1]).write_text(str(process.pid)); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(told)]) as edge:
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        edge.kill()
    pid = int(told.read_text())
    until = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_process_knows_nothing_of_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUSTWATCH_SECRET", "hush")
    process = DecodingProcess()
    try:
        told = Path(f"/proc/{process.pid}")
        assert b"hush" not in (told / "environ").read_bytes()
        assert not {link for link in _open_files(told) if not link.startswith(("/dev/null", "socket", "/memfd"))}
        assert process.is_shut_in
    finally:
        process.end()


def _open_files(process: Path) -> list[str]:
    return [str(each.readlink()) for each in (process / "fd").iterdir()]


def test_memory_of_streams_that_are_no_longer_decoded_is_freed(pool: DecoderPool, video: Path) -> None:
    keyframe = replace(_packets(video)[0])
    decoders = CameraDecoders(pool, "gate")
    for _ in range(50):
        FrameDecoder(decoders=decoders).decode(keyframe)
    assert sum(place.sessions for place in pool._places) == 0
