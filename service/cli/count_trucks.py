"""`dustwatch count-trucks`: counts the trucks in a recording."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from models.inference.detector import Detector
from models.registry.registry import load_model
from service.cli.options import console, points
from streams.addresses import VideoSource
from streams.sources import OpenVideo
from vision import truck_counting
from vision.geometry import DirectedLine, Zone
from vision.truck_vote import VEHICLE_CLASSES


def count_trucks(
    file: Annotated[Path, typer.Argument(help="视频文件 Video file.")],
    zone: Annotated[str | None, typer.Option(help="区域 Zone x1,y1,x2,y2,x3,y3,... (0..1).")] = None,
    size: Annotated[int, typer.Option(min=320, max=1920, help="网络输入长边 Longer side of the input, pixels.")] = 960,
    line: Annotated[str | None, typer.Option(help="计数线 Line x1,y1,x2,y2 (0..1); counts crossings instead.")] = None,
) -> None:
    """统计视频中进入区域（或越过计数线）的货车。Count the distinct trucks in a zone, or across a line.

    Example: [bold]dustwatch count-trucks gate.mp4 --zone 0,0.4,1,0.4,1,1,0,1[/bold]
    """
    place = _place(zone, line)
    with OpenVideo(VideoSource(str(file))) as video:
        duration_s = video.duration_s
    detector = Detector(load_model(), VEHICLE_CLASSES, input_size=size)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        task = progress.add_task("统计货车 counting trucks", total=duration_s)
        counted = truck_counting.count_trucks(
            file, detector, place, lambda seconds: progress.update(task, completed=seconds)
        )
    result = {"file": str(file), "trucks": len(counted.trucks), "by_direction": counted.by_direction}
    typer.echo(json.dumps(result, ensure_ascii=False))


def _place(zone: str | None, line: str | None) -> Zone | DirectedLine:
    if line is not None:
        start, end = points(line, "--line", exactly=2)
        return DirectedLine(start, end)
    if zone is None:
        raise typer.BadParameter("give --zone or --line", param_hint="--zone")
    try:
        return Zone(points(zone, "--zone"))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from None
