"""`dustwatch run`: watches the cameras of a configuration."""

import signal
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import structlog
import typer

from service.cli.options import VerboseOption
from service.config.file import load_config
from service.config.schema import Config
from service.edge.cautions import cautions
from service.edge.pipeline import Pipeline
from service.edge.reload import ConfigReloader
from service.errors import ServiceError
from service.logs import set_up_logs
from service.telemetry import set_up_traces

log = structlog.get_logger(__name__)


class Engine(StrEnum):
    """What watches the cameras: this process, or a cluster."""

    LOCAL = "local"
    RAY = "ray"


class RayMissing(ServiceError):
    """The extra is not installed."""

    template = "--engine ray needs Ray: pip install 'dustwatch[cluster]', in the same version on every node"


class _Watcher(Protocol):
    def run(self, stop: threading.Event) -> None: ...

    @property
    def change(self) -> Callable[[Config], None]: ...


def run(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    verbose: VerboseOption = False,
    engine: Annotated[Engine, typer.Option(help="本机或 Ray 集群 This machine, or a Ray cluster.")] = Engine.LOCAL,
    ray_address: Annotated[
        str | None,
        typer.Option(help="集群地址 host:port；缺省只用本机 The cluster's address; without it, this machine."),
    ] = None,
) -> None:
    """巡看摄像头，发现违规并送交案件队列。Watch the cameras and post violations to the case queue.

    配置文件改动后自动生效（摄像头与规则）。Cameras and rules follow the file while it runs.

    Example: [bold]dustwatch run dustwatch.yaml[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    set_up_traces("dustwatch-edge")
    stop = threading.Event()
    loaded = load_config(config)
    watcher: _Watcher = Pipeline(loaded) if engine is Engine.LOCAL else _supervisor(loaded, ray_address, log_json)
    for caution in cautions(loaded, config):
        log.warning(caution.event, at=list(caution.at), advice=caution.english)
    reloader = ConfigReloader(config, watcher.change)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    signal.signal(signal.SIGHUP, lambda *_: reloader.ask())
    threading.Thread(target=reloader.run, args=(stop,), name="config", daemon=True).start()
    watcher.run(stop)


def _supervisor(config: Config, address: str | None, log_json: bool) -> _Watcher:
    try:
        from service.cluster.supervisor import Supervisor  # here, since Ray is an extra
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("ray"):
            raise
        raise RayMissing from error
    return Supervisor(config, address, log_json=log_json)
