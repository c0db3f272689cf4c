"""Simulated cameras in processes of their own, whose CPU is not counted, and which faults can hit."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

CAMERAS_A_PROCESS = 16
START_WITHIN_S = 60.0
PHASE_S = 1.7
"""Seconds by which each camera's film begins later than the one before, so that keyframes do not come together."""


class CameraServers:
    """Plays one file as `count` RTSP cameras, with `a_process` of them in each process."""

    def __init__(
        self,
        film: Path,
        count: int,
        logs: Path,
        *,
        a_process: int = CAMERAS_A_PROCESS,
        phase_s: float = PHASE_S,
        address: str = "127.0.0.1",
    ) -> None:
        self._address = address
        self._film = film
        self._logs = logs
        self._ports = [free_port() for _ in range(-(-count // a_process))]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.urls = [
            f"rtsp://{address}:{self._ports[index // a_process]}/camera-{index}?offset={index * phase_s:g}"
            for index in range(count)
        ]

    def __enter__(self) -> Self:
        try:
            for number in range(len(self._ports)):
                self._start(number)
            for number in range(len(self._ports)):
                self.wait_for(number)
        except BaseException:
            self._kill_all()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._kill_all()

    @property
    def processes(self) -> int:
        """How many processes play."""
        return len(self._ports)

    def film_began_at(self) -> dict[int, list[float]]:
        """Return by camera the Unix times at which the film's beginning was, or would have been, sent."""
        began: dict[int, list[float]] = {}
        for number in range(len(self._ports)):
            for line in self._log(number).read_text().splitlines():
                if line.startswith("{"):
                    entry = json.loads(line)
                    began.setdefault(int(entry["path"].rpartition("-")[2]), []).append(entry["film_began_at"])
        return began

    def kill(self, number: int) -> None:
        """End one process at once, as a power cut would."""
        self._processes[number].kill()
        self._processes[number].wait()

    def restart(self, number: int) -> None:
        """Start a killed process again at the same port, without waiting for it."""
        self._start(number)

    def freeze(self, number: int) -> None:
        """Let one process's cameras fall silent while their connections stay open."""
        os.kill(self._processes[number].pid, signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """Let a frozen process go on."""
        os.kill(self._processes[number].pid, signal.SIGCONT)

    def wait_for(self, number: int) -> None:
        """Wait until the process accepts connections. Raises RuntimeError when it ended or takes too long."""
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex((self._address, self._ports[number])) == 0:
                    return
            if self._processes[number].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the cameras do not play: {self._log(number).read_text()[-500:]}")
            time.sleep(0.05)

    def _start(self, number: int) -> None:
        command = [sys.executable, "-m", "benchmarks.rtsp_player", str(self._film), str(self._ports[number])]
        command.append(self._address)
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._log(number).open("ab" if number in self._processes else "wb") as log:
            self._processes[number] = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def _kill_all(self) -> None:
        for number in self._processes:
            self.kill(number)

    def _log(self, number: int) -> Path:
        return self._logs / f"cameras-{number}.log"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
