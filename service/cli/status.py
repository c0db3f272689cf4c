"""`dustwatch status`: a live table of what an edge's cameras do, from its data folder."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from service.cli.options import JsonOption
from service.config.file import data_folder
from service.config.schema import DEFAULT_DATA
from service.edge.status import EdgeStatus, read_status
from service.edge.status_rows import CameraRow, camera_rows, remember
from service.errors import ServiceError
from service.pages.labels import HEALTH_KINDS
from service.texts.catalogue import CHINESE, load_translator
from streams.feed import CameraState

STALE_S = 10.0
"""An edge writes its status each second; none for so long means that it does not run."""
POLL_S = 0.5
TWO_READINGS_S = 2.0
STATES = {
    CameraState.LIVE: "[green]在线\nlive[/green]",
    CameraState.CONNECTING: "[yellow]连接中\nconnecting[/yellow]",
    CameraState.RECONNECTING: "[red]重连中\nreconnecting[/red]",
    CameraState.STOPPED: "[red]已停止\nstopped[/red]",
}
MODES = {"gate": "大门\ngate", "patrol": "巡看\npatrol"}
TEXT_COLUMNS = {"摄像头\ncamera": 12, "状态\nstate": 12, "方式\nmode": 6}
"""Headings, and the least width in characters: narrower, words break."""
NUMBER_COLUMNS = (
    "帧/秒\nfps",
    "看/分\n/min",
    "未变\nsame",
    "延迟\nlag s",
    "漏看\ndrops",
    "重连\nreco.",
    "末帧\nage",
    "CPU\n%",
)
MOST_TROUBLES = 8
"""Lines of trouble above the table, so that it stays on the screen."""


class EdgeNotRunning(ServiceError):
    """The status is old."""

    template = "the edge of {folder} has told nothing for {seconds} s; start it with dustwatch run, or look at its log"


def status(
    source: Annotated[
        Path, typer.Argument(metavar="[CONFIG|DATA-FOLDER]", help="配置文件或数据目录 Configuration or data folder.")
    ] = DEFAULT_DATA,
    as_json: JsonOption = False,
    once: Annotated[bool, typer.Option("--once", help="只显示一次 Print one table and end.")] = False,
) -> None:
    """查看各摄像头的运行状态（实时表格，Ctrl-C 结束）。Show what the cameras of an edge do, live; Ctrl-C ends it.

    速率取自最近约 10 秒。Rates are those of the last 10 s or so.

    Example: [bold]dustwatch status dustwatch.yaml[/bold], or [bold]dustwatch status --once[/bold]
    """
    folder = data_folder(source) if source.is_file() else source
    if as_json:
        typer.echo(_json(*_two_readings(folder)))
    elif once:
        Console().print(_table(*_two_readings(folder)))
    else:
        _show_live(folder)


def _show_live(folder: Path) -> None:
    """Show the table until Ctrl-C; an edge that ends meanwhile is told there, because it may come again."""
    readings = [_fresh(folder)]
    with Live(console=Console(), auto_refresh=False) as live:
        try:
            while True:
                live.update(_table(readings[0], readings[-1]), refresh=True)
                time.sleep(POLL_S)
                readings = remember(readings, read_status(folder))
        except KeyboardInterrupt:
            return


def _two_readings(folder: Path) -> tuple[EdgeStatus, EdgeStatus]:
    """Return two readings that lie apart far enough to tell rates. Raises EdgeNotRunning."""
    first = later = _fresh(folder)
    while (later.at - first.at).total_seconds() < TWO_READINGS_S:
        time.sleep(POLL_S)
        later = _fresh(folder)
    return first, later


def _fresh(folder: Path) -> EdgeStatus:
    reading = read_status(folder)
    if _age_s(reading) > STALE_S:
        raise EdgeNotRunning(folder=folder, seconds=round(_age_s(reading)))
    return reading


def _age_s(status: EdgeStatus) -> float:
    return (datetime.now(UTC) - status.at).total_seconds()


def _json(before: EdgeStatus, after: EdgeStatus) -> str:
    rows = camera_rows(before, after, datetime.now(UTC))
    told = {
        "at": after.at.isoformat(),
        "age_s": round(_age_s(after), 1),
        "waiting": after.waiting,
        "delivered": after.delivered,
        "superseded": after.superseded,
        "cameras": [asdict(row) for row in rows],
    }
    return json.dumps(told, ensure_ascii=False)


def _table(before: EdgeStatus, after: EdgeStatus) -> RenderableType:
    now = datetime.now(UTC)
    rows = camera_rows(before, after, now)
    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    for heading, width in TEXT_COLUMNS.items():
        table.add_column(heading, min_width=width, overflow="fold")
    for heading in NUMBER_COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    return Group(_totals(after, rows), *_troubles(rows), table)


def _cells(row: CameraRow) -> list[str | Text]:
    return [
        Text(f"{row.site} {row.name} ({row.camera})"),
        STATES[row.state],
        MODES.get(row.mode, row.mode),
        _number(row.frames_per_second),
        _number(row.inspected_per_minute),
        "?" if row.unchanged_share is None else f"{row.unchanged_share:.0%}",
        _number(row.lag_s),
        str(row.dropped),
        str(row.reconnects),
        _age(row.last_picture_age_s),
        _number(row.cpu_percent),
    ]


def _troubles(rows: list[CameraRow]) -> list[Text]:
    """Return a line for each camera that something is wrong with, but not more than fit."""
    chinese = load_translator().texts(CHINESE)
    lines = []
    for row in rows:
        labels = [HEALTH_KINDS[kind] for kind in row.trouble]
        wrong = [*(f"{chinese(label)} {label}" for label in labels), *([row.problem] if row.problem else [])]
        if wrong:
            lines.append(Text(f"! {row.camera}: {'; '.join(wrong)}", style="red"))
    if len(lines) > MOST_TROUBLES:
        more = f"… 另有 and {len(lines) - MOST_TROUBLES} 路 cameras more"
        lines = [*lines[:MOST_TROUBLES], Text(more, style="red")]
    return lines


def _age(seconds: float | None) -> str:
    """Return an age in seconds, or in the largest unit that it holds three of: 0.4s, 12m, 5h, 3d."""
    if seconds is None:
        return "?"
    units = ((86400, "d"), (3600, "h"), (60, "m"))
    return next((f"{seconds / size:.0f}{unit}" for size, unit in units if seconds >= 3 * size), f"{seconds:.1f}s")


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.1f}"


def _totals(status: EdgeStatus, rows: list[CameraRow]) -> Text:
    live = sum(row.state is CameraState.LIVE for row in rows)
    age_s = _age_s(status)
    text = Text(
        f"在线 live {live}/{len(rows)} · 待送 waiting {status.waiting} · 已送 delivered {status.delivered} · "
        f"{age_s:.0f} 秒前 s ago"
    )
    if status.superseded:
        text.append(f"\n搁置 put aside {status.superseded}：摄像头已由另一节点接管 another node had taken the camera")
    if age_s > STALE_S:
        text.append(
            "\n状态已过时：用 dustwatch run 启动巡看 stale: start the edge with dustwatch run", style="bold red"
        )
    return text
