"""One life of a decoding process, seen from the edge: started, asked with a time limit, ended; never trusted."""

import fcntl
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
from collections import deque
from pathlib import Path

import av
import numpy as np

from streams.decoding import wire
from streams.decoding.spare_frames import SpareFrames
from streams.decoding.wire import Asked, MalformedAnswer, PictureTold, Request

START_S = 60.0
"""How long a process may take to be ready on a busy machine."""
ANSWER_S = 10.0
"""How long one packet may take: a thousand times as long as it does."""
_ROOT = Path(__file__).parents[2]


class ProcessDied(Exception):
    """The process ended, hung or answered nonsense, and is ended; `was_killed` by somebody else (SIGKILL)."""

    def __init__(self, detail: str = "", *, was_killed: bool = False) -> None:
        super().__init__(detail)
        self.was_killed = was_killed


class DecodingProcess:
    """A started process. One caller at a time; `ask_later` alone may be called from anywhere."""

    def __init__(self, command: list[str] | None = None) -> None:
        """Start it; `command` runs something else in its place. Raises ProcessDied."""
        self._later: deque[Asked] = deque()
        self.cpu_ns = 0
        self._room = SpareFrames()
        descriptor = _sealed_memory()
        try:
            self._memory = mmap.mmap(descriptor, wire.SHARED_BYTES, prot=mmap.PROT_READ)
            self._edge, theirs = socket.socketpair()
            with theirs:
                self._process = _start(command or [sys.executable, "-m", "streams.decoding.worker"], theirs, descriptor)
        finally:
            os.close(descriptor)
        self._wait_at_most(START_S)
        try:
            ready = self._receive(len(wire.READY) + 1)
        except OSError as error:
            raise self._died(_cause(error)) from None
        if ready[:-1] != wire.READY:
            raise self._died("it is not ready")
        self.is_shut_in = bool(ready[-1])
        self._wait_at_most(ANSWER_S)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def ask_later(self, asked: Asked) -> None:
        """Send a request that has no answer together with the next one."""
        self._later.append(asked)

    def ask(self, asked: Asked) -> list[PictureTold]:
        """Return what the process tells of its pictures. Raises ProcessDied."""
        message = b"".join(wire.write_asked(one) for one in (*self._taken_later(), asked))
        try:
            self._edge.sendall(message)
            answer = self._receive(wire.MOST_ANSWER_BYTES)
            while not wire.is_whole(answer):
                answer += self._receive(wire.MOST_ANSWER_BYTES)
            told, self.cpu_ns = wire.read_answer(answer)
        except OSError as error:
            raise self._died(_cause(error)) from None
        except MalformedAnswer as error:
            raise self._died(f"it answered {error}") from None
        return told

    def fetch(self, told: PictureTold, session: int, number: int) -> av.VideoFrame:
        """Return a picture of the session's last answer. Raises ProcessDied."""
        self.ask(Asked(Request.FETCH, session, number=number))
        return self.shared_picture(told)

    def shared_picture(self, told: PictureTold) -> av.VideoFrame:
        """Copy the picture that stands in the shared memory now."""
        picture = self._room.frame(told.width, told.height, told.pixel_format)
        picture.colorspace, picture.color_range, picture.color_trc, picture.color_primaries = told.colours
        places = wire.planes_of(told.pixel_format, told.width, told.height)
        shared = np.frombuffer(self._memory, dtype=np.uint8)
        for place, plane in zip(places, picture.planes, strict=True):
            rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
            there = shared[place.start : place.start + place.rows * place.row_bytes]
            rows[: place.rows, : place.row_bytes] = there.reshape(place.rows, place.row_bytes)
        return picture

    def end(self) -> str:
        """End it at once, free what it shared, and return what became of it."""
        self._edge.close()
        self._memory.close()
        is_over = self._process.poll() is not None
        self._process.kill()
        code = self._process.wait()
        return f"it ended with {code}" if is_over else "it was ended"

    def _taken_later(self) -> list[Asked]:
        taken = []
        while self._later:
            taken.append(self._later.popleft())
        return taken

    def _receive(self, most: int) -> bytes:
        """Return what comes next, at most so many bytes. Raises OSError, ProcessDied."""
        data = self._edge.recv(most)
        if not data:
            raise self._died("")
        return data

    def _wait_at_most(self, seconds: float) -> None:
        """Let the kernel keep the time: to ask for it anew with each read would cost as much as the reading."""
        limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._edge.setsockopt(socket.SOL_SOCKET, direction, limit)

    def _died(self, cause: str) -> ProcessDied:
        if not cause:
            try:
                self._process.wait(1.0)  # it has hung up; how it ended is known in a moment
            except subprocess.TimeoutExpired:
                cause = "it hung up"
        was_killed = not cause and self._process.poll() == -signal.SIGKILL
        return ProcessDied(", ".join(part for part in (cause, self.end()) if part), was_killed=was_killed)


def _cause(error: OSError) -> str:
    return "it took too long" if isinstance(error, BlockingIOError) else ""


def _sealed_memory() -> int:
    """Return memory that both sides map and neither can shrink under the other; it has no name and leaves no trace."""
    descriptor = os.memfd_create("decoded", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, wire.SHARED_BYTES)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return descriptor


def _start(command: list[str], theirs: socket.socket, memory: int) -> "subprocess.Popen[bytes]":
    """Start the process with two open descriptors, this program's modules and nothing else of ours."""
    modules = os.pathsep.join([str(_ROOT), *(path for path in sys.path if path)])
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONHOME") if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*command, str(theirs.fileno()), str(memory)],
        pass_fds=(theirs.fileno(), memory),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": modules, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **libraries},
        cwd="/",
        start_new_session=True,
    )
