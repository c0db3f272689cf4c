"""`dustwatch health`: tells a container runtime whether this box works."""

import time
from pathlib import Path
from typing import Annotated

import httpx
import typer

from service.edge.status import STATUS_NAME

FRESH_S = 30.0


def health(
    url: Annotated[str | None, typer.Option(help="案件队列地址 Address of a queue to ask.")] = None,
    edge: Annotated[Path | None, typer.Option(help="边缘数据目录 Data folder of a pipeline to look at.")] = None,
) -> None:
    """健康检查：正常退出码为 0。Exit with 0 when the queue answers, or the pipeline wrote its status just now.

    Example: [bold]dustwatch health --url http://127.0.0.1:8080[/bold]
    """
    if url is None and edge is None:
        url = "http://127.0.0.1:8080"
    is_well = (url is None or _answers(url)) and (edge is None or _is_fresh(edge / STATUS_NAME))
    raise typer.Exit(0 if is_well else 1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url.rstrip('/')}/healthz", timeout=4).is_success
    except httpx.HTTPError:
        return False


def _is_fresh(status: Path) -> bool:
    try:
        return time.time() - status.stat().st_mtime < FRESH_S
    except OSError:
        return False
