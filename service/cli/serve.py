"""`dustwatch serve`: the case queue with its page."""

import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from service.api.app import create_app
from service.cli.options import VerboseOption, console
from service.logs import set_up_logs
from service.simulated_camera import PortTaken

DATABASE_NAME = "cases.db"
EVIDENCE_FOLDER = "evidence"
OFFICE_FOLDER = "office"
"""Holds the office's own due_terms.yaml and working_days.yaml, if it has any."""


def serve(
    data: Annotated[Path, typer.Option(help="数据目录 Folder of the database and the evidence.")] = Path(
        "dustwatch-data/service"
    ),
    host: Annotated[
        str, typer.Option(help="监听地址；尚无账户，勿暴露到公网 There are no accounts yet: keep it local.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """启动案件队列与审核页面。Serve the case queue and the inspectors' page.

    Example: [bold]dustwatch serve --data /var/lib/dustwatch --port 8080[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    _check_free(host, port)
    data.mkdir(parents=True, exist_ok=True)
    database = f"sqlite:///{(data / DATABASE_NAME).resolve()}"
    app = create_app(database, data / EVIDENCE_FOLDER, office_data=data / OFFICE_FOLDER)
    console.print(f"案件队列 case queue: [bold]http://{host}:{port}/[/bold]", highlight=False)
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=3)


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port=port, option="--port") from error
