"""The whole system of the chaos run: cameras, edge, service, PostgreSQL and an S3 server, each its own process."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from benchmarks.camera_servers import CameraServers
from benchmarks.chaos.database_server import DatabaseServer, database_server
from benchmarks.chaos.films import Film, films
from benchmarks.chaos.jumping_clock import JumpingClock, build_library
from benchmarks.chaos.kept_process import KeptProcess
from benchmarks.chaos.small_disk import SmallDisk, small_disk
from benchmarks.chaos.store_line import StoreLine, store_line
from benchmarks.chaos.watching import Watching
from benchmarks.service_start import wait_until_answers
from datasets.stories import gate_story, perimeter_story, yard_story
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.cli.serve_options import BUCKET_VARIABLE, DATABASE_VARIABLE
from service.clock import utc_now
from service.storage.database import open_database
from tests.conftest import free_port
from tests.service.s3_server import run_s3_server

CAMERAS_OF_A_KIND = {"yard": 2, "wall": 2, "gate": 1}
PHASE_S = {"yard": 83.0, "wall": 47.0, "gate": 0.0}
QUICK = {"window_s": 3.0, "grace_s": 8.0, "close_after_s": 8.0}
DISK_MB = 256
LEAST_FREE_GB = 0.01
START_WITHIN_S = 240.0
TOKEN_VARIABLE = "DUSTWATCH_QUEUE_TOKEN"
STORE_KEYS = {"AWS_ACCESS_KEY_ID": "measurement", "AWS_SECRET_ACCESS_KEY": "measurement"}


@dataclass(frozen=True)
class Playing:
    """The cameras of one kind: who plays them, and by camera how far its film is shifted, in seconds."""

    film: Film
    servers: CameraServers
    offsets: Mapping[str, float]


@dataclass(frozen=True)
class System:
    """What runs."""

    cameras: tuple[Playing, ...]
    edge: KeptProcess
    service: KeptProcess
    database: DatabaseServer
    line: StoreLine
    bucket: str
    """The evidence's URL, past the line."""
    edge_disk: SmallDisk
    service_disk: SmallDisk
    edge_clock: JumpingClock
    service_clock: JumpingClock
    watching: Watching


@contextmanager
def running(folder: Path, seed: int) -> Iterator[System]:
    """Start everything in the folder, which is empty, and end it all with the block."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    folder.chmod(0o755)  # PostgreSQL runs as somebody else
    with ExitStack() as stack:
        cameras = tuple(_played(film, folder, stack) for film in films())
        names = tuple(name for kind in cameras for name in kind.offsets)
        database = stack.enter_context(database_server(folder / "postgresql"))
        token = _edge_token(database.url)
        bucket = stack.enter_context(run_s3_server()).new_bucket()
        line = stack.enter_context(store_line(urlsplit(bucket.partition("endpoint=")[2]).port or 0, seed))
        edge_disk = stack.enter_context(small_disk(folder / "edge-disk", DISK_MB))
        service_disk = stack.enter_context(small_disk(folder / "service-disk", DISK_MB))
        library = build_library(folder)
        edge_clock = JumpingClock(folder / "edge.clock", library)
        service_clock = JumpingClock(folder / "service.clock", library)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        service = KeptProcess(
            _command(
                "serve", "--data", service_disk.data, "--port", port, "--least-free-gb", LEAST_FREE_GB, "--log-json"
            ),
            logs / "service.log",
            service_clock.environment
            | STORE_KEYS
            | {DATABASE_VARIABLE: database.url, BUCKET_VARIABLE: _through(bucket, line.port)},
        )
        config = folder / "dustwatch.yaml"
        _write(config, cameras, edge_disk.data, address)
        secrets = edge_clock.environment | {TOKEN_VARIABLE: token}
        edge = KeptProcess(_command("run", config, "--log-json"), logs / "edge.log", secrets)
        watching = Watching(logs / "edge.log", edge_disk.data, names)
        for process in (service, edge):
            stack.callback(process.stop)
        service.start()
        wait_until_answers(f"{address}/healthz", START_WITHIN_S)
        watching.down(names, time.time())
        watching.start()
        stack.callback(watching.stop)
        edge.start()
        yield System(
            cameras=cameras,
            edge=edge,
            service=service,
            database=database,
            line=line,
            bucket=bucket,
            edge_disk=edge_disk,
            service_disk=service_disk,
            edge_clock=edge_clock,
            service_clock=service_clock,
            watching=watching,
        )


def _played(film: Film, folder: Path, stack: ExitStack) -> Playing:
    path, count, phase_s = folder / f"{film.kind}.mp4", CAMERAS_OF_A_KIND[film.kind], PHASE_S[film.kind]
    film.write(path)
    servers = CameraServers(path, count, folder / "logs" / film.kind, phase_s=phase_s)
    stack.enter_context(servers)
    return Playing(film, servers, {f"{film.kind}-{number}": number * phase_s for number in range(count)})


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "service.cli.main", *map(str, arguments)]


def _through(bucket: str, port: int) -> str:
    """Return the bucket's URL over the line at this port."""
    return f"{bucket.partition('endpoint=')[0]}endpoint=http://127.0.0.1:{port}"


def _edge_token(url: str) -> str:
    engine = open_database(url)
    accounts = Accounts(engine, utc_now)
    scopes = {MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE}
    token = accounts.tokens.add("edge", scopes, accounts.entry("benchmark", Action.TOKEN_MADE))
    engine.dispose()
    return token


def _zones(kind: str) -> dict[str, Any]:
    if kind == "yard":
        return {"yard": [list(corner) for corner in yard_story().zone]}
    if kind == "wall":
        story = perimeter_story()
        gates = [[story.fraction_at(story.gate.from_m), story.fraction_at(story.gate.to_m)]]
        return {"perimeter": {"line": [list(point) for point in story.line.points], "gates": gates}}
    gate = gate_story()
    line = {"points": [list(point) for point in gate.exit_line.points], "outward": list(gate.exit_line.outward)}
    return {"exit_line": line, "wash_bay": [list(corner) for corner in gate.wash_bay]}


def _write(path: Path, cameras: tuple[Playing, ...], data: Path, queue: str) -> None:
    entries = []
    for kind in cameras:
        how = {} if kind.film.kind == "gate" else {"interval_s": 1, "max_age_s": 20}
        for (name, _), url in zip(kind.offsets.items(), kind.servers.urls, strict=True):
            entry = {"id": name, "site": "site", "name": name, "url": f"{url}&live=1", **how}
            entries.append(entry | {"zones": _zones(kind.film.kind)})
    document = {
        "sites": [{"id": "site", "name": "工地"}],
        "cameras": entries,
        "rules": {"uncovered_soil": QUICK, "missing_hoarding": QUICK},
        "clip": {"before_s": 2, "after_s": 2},
        "data": str(data),
        "queue": queue,
        "queue_token": f"${{{TOKEN_VARIABLE}}}",
        "picture_every_s": 10,
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
