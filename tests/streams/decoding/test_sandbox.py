"""A process that was shut in can't reach anything, and hostile pictures don't get beyond its limits."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from benchmarks.fuzz.mutation import damaged
from streams.addresses import VideoSource
from streams.decoding.pool import DecoderPool
from streams.decoding.process import DecodingProcess
from streams.decoding.remote import CameraDecoders
from streams.frames import FrameDecoder
from streams.packets import Packet
from streams.sources import OpenVideo
from tests.made_video import make_video

START = datetime(2026, 3, 1, tzinfo=UTC)
_TRIES = """
import json, os, socket, subprocess, sys
from streams.decoding import sandbox
sandbox.limit_resources(sandbox.MEMORY_BYTES)
is_shut_in = sandbox.shut_in()
tries = {
    "socket": lambda: socket.socket(),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "pair": lambda: socket.socketpair(),
    "open": lambda: open("/etc/passwd"),
    "write": lambda: open("/tmp/written", "w"),
    "fork": lambda: os.fork(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: len(bytearray(3 << 30)),
}
def refused(attempt):
    try:
        attempt()
    except (PermissionError, MemoryError) as error:
        return type(error).__name__
    return "done"
told = {name: refused(attempt) for name, attempt in tries.items()} | {"shut in": is_shut_in}
os.write(1, json.dumps(told).encode())
os._exit(0)
"""


def _packets(path: Path) -> list[Packet]:
    with OpenVideo(VideoSource(str(path)), started_at=START) as opened:
        return list(opened.packets())


def test_a_process_that_was_shut_in_reaches_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", _TRIES], check=True, capture_output=True)
    told = json.loads(done.stdout)
    assert told.pop("shut in")
    assert told.pop("memory") == "MemoryError"
    assert set(told.values()) == {"PermissionError"}


def test_a_picture_of_huge_dimensions_is_refused_and_takes_no_memory(video: Path) -> None:
    pool = DecoderPool(most=1)
    try:
        (first, *others) = _packets(video)
        decoders = CameraDecoders(pool, "gate")
        bomb = replace(first, data=_sequence_parameters(32768, 32768) + first.data[first.data.index(b"\0\0\1\x68") :])
        decoder = FrameDecoder(decoders=decoders)
        assert [one for packet in (bomb, *others[:20]) for one in decoder.decode(packet)] == []
        assert len(pool.pids) == 1
        assert _most_memory_mb(pool.pids[0]) < 200
        assert decoders.deaths == 0
    finally:
        pool.close()


def test_a_picture_beyond_the_memory_is_refused(tmp_path: Path) -> None:
    packets = _packets(make_video(tmp_path / "large.mp4", frames=3, width=3840, height=2160))
    little = "from streams.decoding import sandbox, worker; sandbox.MEMORY_BYTES = 4 << 20; worker.main()"
    pool = DecoderPool(most=1, start=lambda: DecodingProcess([sys.executable, "-c", little]))
    try:
        decoder = FrameDecoder(decoders=CameraDecoders(pool, "gate"))
        assert [one for packet in packets for one in decoder.decode(packet)] == []
    finally:
        pool.close()


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_damaged_packets_never_end_the_edge(tmp_path: Path, codec: str) -> None:
    packets = _packets(make_video(tmp_path / "video.mp4", frames=12, gop=4, codec=codec))
    chance, samples = Random(1), [packet.data for packet in packets]
    pool = DecoderPool(most=1)
    try:
        decoder = FrameDecoder(decoders=CameraDecoders(pool, "gate"))
        for _ in range(20):
            for packet in packets:
                for picture in decoder.decode(replace(packet, data=damaged(packet.data, chance, samples))):
                    picture.to_frame()
        good = FrameDecoder(decoders=CameraDecoders(pool, "good"))
        assert len([one for packet in packets for one in good.decode(packet)]) >= 10
    finally:
        pool.close()


def _sequence_parameters(width: int, height: int) -> bytes:
    """Return an H.264 sequence parameter set of the baseline profile, for pictures of this size."""
    parts = [_golomb(0), _golomb(0), _golomb(2), _golomb(1), "0", _golomb(width // 16 - 1), _golomb(height // 16 - 1)]
    bits = "".join(parts) + "1100" + "1"
    bits += "0" * (-len(bits) % 8)
    return b"\0\0\0\1\x67\x42\x00\x33" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _golomb(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def _most_memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))
