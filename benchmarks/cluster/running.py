"""A whole system for the measurement: queue, cameras, nodes, and `dustwatch run --engine ray`, each its own process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from ruamel.yaml import YAML

from benchmarks.camera_servers import CameraServers, free_port
from benchmarks.cluster.film import PHASE_S, make_film
from benchmarks.cluster.nodes import Nodes
from benchmarks.ended_process import ended_after
from benchmarks.service_start import wait_until_answers
from datasets.stories import yard_story

QUICK = {"window_s": 3.0, "grace_s": 8.0, "close_after_s": 8.0}
START_WITHIN_S = 120.0
TOKEN_VARIABLE = "DUSTWATCH_QUEUE_TOKEN"
DUSTWATCH = [sys.executable, "-m", "service.cli.main"]


class RayNodes(Protocol):
    """The Ray cluster."""

    address: str

    def stop(self) -> None:
        """End all of it."""


AnyNodes = TypeVar("AnyNodes", bound=RayNodes)


@dataclass(frozen=True)
class System(Generic[AnyNodes]):
    """What runs. `offsets` tells by camera where its film began, `shards` is where the nodes keep their folders."""

    nodes: AnyNodes
    queue_data: Path
    shards: Path
    offsets: Mapping[str, float]
    supervisor: "subprocess.Popen[bytes]"
    queue: "subprocess.Popen[bytes]"


@contextmanager
def running(folder: Path, *, cameras: int, nodes: int) -> Iterator[System[Nodes]]:
    """Start everything in the folder, which is empty, on this machine; end it all with the block."""
    here = "127.0.0.1"
    with running_with(folder, lambda: Nodes(nodes), cameras=cameras, cameras_at=here, queue_at=here) as system:
        yield system


@contextmanager
def running_with(
    folder: Path, start: Callable[[], AnyNodes], *, cameras: int, cameras_at: str, queue_at: str
) -> Iterator[System[AnyNodes]]:
    """Start everything in the folder, which is empty, cameras and queue at these addresses; end it with the block."""
    film, logs, data = make_film(folder / "film.mp4"), folder / "logs", folder / "queue"
    address = f"http://{queue_at}:{free_port()}"
    with ExitStack() as stack:
        servers = CameraServers(film, cameras, logs, phase_s=PHASE_S, address=cameras_at)
        stack.enter_context(servers)
        serve = ["serve", "--data", str(data), "--host", queue_at, "--port", address.rpartition(":")[2]]
        queue = stack.enter_context(_dustwatch(serve, logs / "queue.log"))
        wait_until_answers(f"{address}/healthz", START_WITHIN_S)
        token = _token(data)
        cluster = start()
        stack.callback(cluster.stop)
        names = [f"camera-{number}" for number in range(cameras)]
        urls = {name: f"{url}&live=1" for name, url in zip(names, servers.urls, strict=True)}
        config = folder / "dustwatch.yaml"
        _write(config, urls, folder / "edge", address)
        command = ["run", str(config), "--engine", "ray", "--ray-address", cluster.address]
        supervisor = stack.enter_context(_dustwatch(command, logs / "supervisor.log", {TOKEN_VARIABLE: token}))
        offsets = {name: number * PHASE_S for number, name in enumerate(names)}
        yield System(cluster, data, folder / "edge" / "shards", offsets, supervisor, queue)


def _token(data: Path) -> str:
    """Make the nodes' token, in the folder of the queue, which has begun."""
    create = ["accounts", "token", "create", "nodes", "--scope", "violations:write", "--scope", "health:write"]
    made = subprocess.run([*DUSTWATCH, *create, "--data", str(data)], check=True, capture_output=True, text=True)
    return made.stdout.split()[-1]


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
        "queue_token": f"${{{TOKEN_VARIABLE}}}",
        "picture_every_s": 0,
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)


@contextmanager
def _dustwatch(
    arguments: list[str], log: Path, variables: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, **(variables or {})}
    with log.open("ab") as out:
        process = subprocess.Popen([*DUSTWATCH, *arguments], stdout=out, stderr=out, env=environment)
    with ended_after(process, 90):
        yield process
