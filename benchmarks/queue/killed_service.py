"""`dustwatch serve` as a real process that is killed with SIGKILL at random moments and started again."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from service.cli.serve_options import DATABASE_VARIABLE

START_WITHIN_S = 600.0


class KilledService:
    """A thread that keeps the service running, and kills it every so often until `calm` is called.

    `kills` counts the kills; each comes between the shortest and the longest time after the service answered.
    """

    def __init__(self, data: Path, url: str, port: int, *, lives_s: tuple[float, float], seed: int = 1) -> None:
        """Serve the database at the URL, evidence below the data folder, on the port."""
        self._command = [sys.executable, "-m", "service.cli.main", "serve", "--data", str(data), "--port", str(port)]
        self._environment = {**os.environ, DATABASE_VARIABLE: url}
        self._log = data.with_suffix(".log")
        self._address = f"http://127.0.0.1:{port}"
        self._lives_s = lives_s
        self._random = random.Random(seed)
        self._calm, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="killed service", daemon=True)
        self.kills = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def calm(self) -> None:
        """Let it live from now on."""
        self._calm.set()

    def stop(self) -> None:
        """Kill it for the last time."""
        self._calm.set()
        self._over.set()
        self._thread.join(60)

    def _keep_running(self) -> None:
        while not self._over.is_set():
            with self._log.open("ab") as log:
                process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
            try:
                self._wait_for(process)
                self._calm.wait(self._random.uniform(*self._lives_s))
                if self._calm.is_set():
                    self._over.wait()
                else:
                    self.kills += 1
            finally:
                process.kill()
                process.wait()

    def _wait_for(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and not self._over.is_set():
            if process.poll() is not None:
                raise RuntimeError(f"the service ended, see {self._log}")
            try:
                if httpx.get(f"{self._address}/healthz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
