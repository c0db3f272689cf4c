"""`dustwatch run`: watches the cameras of a configuration."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import VerboseOption
from service.config.file import load_config
from service.logs import set_up_logs
from service.pipeline import Pipeline


def run(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """巡看摄像头，发现违规并送交案件队列。Watch the cameras and post violations to the case queue.

    Example: [bold]dustwatch run dustwatch.yaml[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    Pipeline(load_config(config)).run(stop)
