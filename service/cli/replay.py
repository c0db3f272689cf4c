"""`dustwatch replay`: tells what the edge would have found in a recording, so that thresholds can be tuned on it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from service.cli.options import JsonOption, progress_bar
from service.cli.replay_explained import explained, figures_text, rules_in_force
from service.config.advice import limits
from service.config.file import choose_camera, load_config
from service.edge.cameras import CameraOrder, orders
from service.edge.replay import Replayed, replay_recording
from service.logs import set_up_logs
from vision.violations import RuleName, Violation

RULES = {
    RuleName.UNWASHED_TRUCK: "车辆未冲洗 unwashed truck",
    RuleName.UNCOVERED_SOIL: "裸土未覆盖 uncovered soil",
    RuleName.MISSING_HOARDING: "围挡缺失 missing hoarding",
}


def replay(
    video: Annotated[Path, typer.Argument(help="录像文件 Recording.")],
    config: Annotated[Path, typer.Option("--config", "-c", help="配置文件 Configuration file (YAML).")],
    camera: Annotated[str | None, typer.Option(help="摄像头 id The camera's id; may be left out of one.")] = None,
    started_at: Annotated[
        str | None, typer.Option(help="录像开始时间 When it begins, ISO with zone; default: when the file was made.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="列出数值变化与阈值 Tell the figures' course.")] = False,
    as_json: JsonOption = False,
) -> None:
    """用录像重放某路摄像头的判定，便于调整阈值。Tell what the edge would have found in a recording of one camera.

    不取证，不送交。No evidence is written and nothing is posted.

    Example: [bold]dustwatch replay monday.mp4 --config dustwatch.yaml --camera xinghe-yard --explain[/bold]
    """
    begins = None if started_at is None else _moment(started_at)
    loaded = load_config(config)
    order = orders(loaded)[choose_camera(loaded, camera, config).id]
    set_up_logs(quiet=True)
    with progress_bar("重放 replaying (s)") as on_progress:
        result = replay_recording(video, order, loaded, started_at=begins, on_progress=on_progress)
    if as_json:
        typer.echo(json.dumps(_as_json(order, result, explain=explain), ensure_ascii=False))
    else:
        _print(order, result, ZoneInfo(loaded.timezone), explain=explain)
    if result.cut_off is not None:
        raise result.cut_off


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise typer.BadParameter("write a time with its zone, such as 2026-03-01T08:00:00+08:00", param_hint="--started-at")


def _as_json(order: CameraOrder, result: Replayed, *, explain: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "camera": order.camera.id,
        "mode": order.mode,
        "started_at": result.started_at.isoformat(),
        "seconds": result.seconds,
        "is_whole": result.cut_off is None,
        "looks": result.inspected + result.unchanged,
        "inspected": result.inspected,
        "unchanged": result.unchanged,
        "left_out": result.left_out,
        "damaged": result.damaged,
        "violations": [_violation(result, found) for found in result.violations],
        "figures": dict(result.figures),
        "rules": rules_in_force(order),
        "limits": limits(order.camera),
    }
    if explain:
        told["course"] = [
            {"seconds": result.seconds_at(point.at), "figures": dict(point.figures)} for point in result.trace.points
        ]
    return told


def _violation(result: Replayed, found: Violation) -> dict[str, object]:
    return {
        "rule": found.rule,
        "opened_at": found.opened_at.isoformat(),
        "seconds": result.seconds_at(found.opened_at),
        "bbox_xyxy": [round(float(edge), 4) for edge in found.bbox_xyxy],
        "measures": found.measures,
        "key": found.key,
    }


def _print(order: CameraOrder, result: Replayed, zone: ZoneInfo, *, explain: bool) -> None:
    console = Console()
    if result.violations:
        console.print(_table(result, zone))
    else:
        console.print("没有违规 no violation")
    for line in [*_summary(order, result), *(explained(order, result) if explain else ())]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _table(result: Replayed, zone: ZoneInfo) -> Table:
    table = Table(title=f"违规 violations: {len(result.violations)}")
    table.add_column("秒 s", justify="right")
    for heading in ("时间 time", "规则 rule", "数值 measures"):
        table.add_column(heading, overflow="fold")
    for found in result.violations:
        at = found.opened_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(f"{result.seconds_at(found.opened_at):.1f}", at, RULES[found.rule], figures_text(found.measures))
    return table


def _summary(order: CameraOrder, result: Replayed) -> Iterator[str]:
    yield (
        f"{order.camera.id} ({order.mode}), {result.seconds:.1f} s: "
        f"看 looks {result.inspected + result.unchanged}, 检查 inspected {result.inspected}, "
        f"未变 unchanged {result.unchanged}, 略过 left out {result.left_out}, 损坏 damaged {result.damaged}"
    )
    yield f"最终数值 final figures: {figures_text(result.figures)}"
    yield from (f"! {limit}" for limit in limits(order.camera))
