"""`dustwatch run`: watches the cameras of a configuration."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import structlog
import typer

from service.cli.options import VerboseOption
from service.config.file import load_config, plain_passwords
from service.edge.pipeline import Pipeline
from service.edge.reload import ConfigReloader
from service.logs import set_up_logs

log = structlog.get_logger(__name__)


def run(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """巡看摄像头，发现违规并送交案件队列。Watch the cameras and post violations to the case queue.

    配置文件改动后自动生效（摄像头与规则）。Cameras and rules follow the file while it runs.

    Example: [bold]dustwatch run dustwatch.yaml[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    stop = threading.Event()
    pipeline = Pipeline(load_config(config))
    if written := plain_passwords(config):
        log.warning("config.plain_passwords", places=written, advice="write ${NAME} and set the environment variable")
    reloader = ConfigReloader(config, pipeline.change)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    signal.signal(signal.SIGHUP, lambda *_: reloader.ask())
    threading.Thread(target=reloader.run, args=(stop,), name="config", daemon=True).start()
    pipeline.run(stop)
