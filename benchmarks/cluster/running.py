"""A whole system for the measurement: queue, cameras, nodes, and `dustwatch run --engine ray`, each its own process."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from benchmarks.camera_servers import CameraServers, free_port
from benchmarks.cluster.film import PHASE_S, make_film
from benchmarks.cluster.nodes import Nodes
from benchmarks.ended_process import ended_after
from datasets.stories import yard_story

QUICK = {"window_s": 3.0, "grace_s": 8.0, "close_after_s": 8.0}
START_WITHIN_S = 120.0


@dataclass(frozen=True)
class System:
    """What runs. `offsets` tells by camera where its film began, `shards` is where the nodes keep their folders."""

    nodes: Nodes
    queue_data: Path
    shards: Path
    offsets: Mapping[str, float]
    supervisor: "subprocess.Popen[bytes]"


@contextmanager
def running(folder: Path, *, cameras: int, nodes: int) -> Iterator[System]:
    """Start everything in the folder, which is empty, and end it all with the block."""
    film = make_film(folder / "film.mp4")
    port = free_port()
    with ExitStack() as stack:
        servers = stack.enter_context(CameraServers(film, cameras, folder / "logs", phase_s=PHASE_S))
        queue = ["serve", "--data", str(folder / "queue"), "--open", "--port", str(port)]
        stack.enter_context(_dustwatch(queue, folder / "logs" / "queue.log"))
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        cluster = Nodes(nodes)
        stack.callback(cluster.stop)
        names = [f"camera-{number}" for number in range(cameras)]
        urls = {name: f"{url}&live=1" for name, url in zip(names, servers.urls, strict=True)}
        config = folder / "dustwatch.yaml"
        _write(config, urls, folder / "edge", f"http://127.0.0.1:{port}")
        command = ["run", str(config), "--engine", "ray", "--ray-address", cluster.address]
        supervisor = stack.enter_context(_dustwatch(command, folder / "logs" / "supervisor.log"))
        offsets = {name: number * PHASE_S for number, name in enumerate(names)}
        yield System(cluster, folder / "queue", folder / "edge" / "shards", offsets, supervisor)


def _write(path: Path, urls: Mapping[str, str], data: Path, queue: str) -> None:
    zone = [list(corner) for corner in yard_story().zone]
    camera = {"site": "yard", "interval_s": 1, "cores": 0.05, "zones": {"yard": zone}}
    document: dict[str, Any] = {
        "sites": [{"id": "yard", "name": "堆场"}],
        "cameras": [{"id": name, "name": name, "url": url, **camera} for name, url in urls.items()],
        "rules": {"uncovered_soil": QUICK},
        "clip": {"before_s": 2, "after_s": 2},
        "workers": 1,
        "data": str(data),
        "queue": queue,
        "picture_every_s": 0,
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)


@contextmanager
def _dustwatch(arguments: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "service.cli.main", *arguments], stdout=out, stderr=out)
    with ended_after(process, 90):
        yield process


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            httpx.get(url).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
