"""Ray nodes in network namespaces: what they say to each other and the head goes over the namespaces' addresses."""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.camera_servers import free_port
from benchmarks.cluster.nodes import STORE_BYTES
from benchmarks.cluster.process_trees import family, processes
from benchmarks.cluster.spaces import HEAD, Spaces, within

RAY = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats"]
STORE = ["--object-store-memory", str(STORE_BYTES)]
HEAD_WITHIN_S = 90.0


class SpaceNodes:
    """A head outside of the namespaces that watches nothing, and a node in each of `count` namespaces."""

    def __init__(self, spaces: Spaces, count: int, folder: Path) -> None:
        """Ray keeps its files below the folder, whose path has to be short: sockets lie there."""
        port = free_port()
        self.address = f"{HEAD}:{port}"
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        at_head = ["--head", "--port", str(port), "--node-ip-address", HEAD, "--num-cpus", "0"]
        self._start("head", [*RAY, *at_head, "--include-dashboard", "false", *STORE])
        self._wait_for_head(port)
        self._addresses = dict(spaces.add() for _ in range(count))
        for name in self._addresses:
            self.start(name)

    @property
    def names(self) -> list[str]:
        """The namespaces in which nodes are."""
        return list(self._addresses)

    def start(self, name: str) -> None:
        """Start the node of a namespace, as a service manager does when it has ended."""
        joins = ["--address", self.address, "--node-ip-address", self._addresses[name]]
        gives = ["--num-cpus", "1", "--resources", '{"camera_cores": 1}', *STORE]
        self._start(name, within(name, [*RAY, *joins, *gives]))

    def has_ended(self, name: str) -> bool:
        """Tell whether the node's raylet, and with it all that it had started, is gone."""
        return self._running[name].poll() is not None

    def node_of(self, process: int) -> str | None:
        """Return the namespace whose node a process belongs to."""
        seen = processes()
        return next((name for name in self._addresses if process in family(self._running[name].pid, seen)), None)

    def stop(self) -> None:
        """End all of it; the nodes before the head."""
        for name in reversed(list(self._running)):
            process = self._running[name]
            of_node = family(process.pid, processes())
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            for each in of_node:
                with suppress(ProcessLookupError):
                    os.kill(each, 9)
            process.wait()

    def _start(self, name: str, command: list[str]) -> None:
        log = self._folder / "logs" / f"{name}.log"
        files = ["--temp-dir", str(self._folder / name)]
        with log.open("ab") as out:
            self._running[name] = subprocess.Popen([*command, *files], stdout=out, stderr=out)

    def _wait_for_head(self, port: int) -> None:
        deadline = time.monotonic() + HEAD_WITHIN_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex((HEAD, port)) == 0:
                    return
            if self._running["head"].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Ray's head does not start, see {self._folder / 'logs' / 'head.log'}")
            time.sleep(0.2)
