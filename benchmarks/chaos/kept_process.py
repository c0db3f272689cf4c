"""A process that is started again whenever it ends, as a service manager would."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

AGAIN_AFTER_S = 2.0


class KeptProcess:
    """Runs a command until `stop`; `starts` counts how often. Its output goes to the end of the log."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._command = list(command)
        self._log = log
        self._environment = dict(environment)
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)
        self.starts = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process that runs now; None between two."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def kill(self) -> bool:
        """End it with SIGKILL; tell whether there was one."""
        pid = self.pid
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def children(self) -> list[int]:
        """Return the processes that it has started."""
        parent, found = self.pid, []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                told = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if told[0] != "Z" and int(told[1]) == parent:
                found.append(int(path.parent.name))
        return sorted(found)

    def stop(self, within_s: float = 30.0) -> None:
        """Ask it to end, and do not start it again."""
        self._over.set()
        process = self._process
        if process is not None:
            process.terminate()
        self._thread.join(within_s)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def _keep_running(self) -> None:
        while not self._over.is_set():
            self.starts += 1
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
            self._process.wait()
            self._over.wait(AGAIN_AFTER_S)
