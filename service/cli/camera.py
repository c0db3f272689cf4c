"""`dustwatch camera`: looks at one camera, calibrates it, takes its reference picture, or plays one."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service.cli.calibrate import calibrate
from service.cli.export_layout import export_layout
from service.cli.options import JsonOption, console
from service.cli.reference import reference
from service.simulated_camera import camera_url, check_playable, check_together, play_for_ever
from streams.addresses import VideoSource
from streams.probe import ProbeReport
from streams.probe import probe as probe_source

app = typer.Typer(help="摄像头：探测、标定与模拟。Probe, calibrate or simulate a camera.", no_args_is_help=True)
app.command()(calibrate)
app.command()(reference)
app.command("export-layout")(export_layout)


@app.command()
def probe(
    url: Annotated[str, typer.Argument(help="rtsp://user:password@host/path, 或视频文件 or a video file.")],
    udp: Annotated[bool, typer.Option("--udp", help="用 UDP 取流（默认 TCP）UDP instead of TCP.")] = False,
    seconds: Annotated[float, typer.Option(min=1, max=120, help="观察几秒 How long to watch.")] = 6.0,
    timeout: Annotated[float, typer.Option(min=1, max=120, help="等待几秒 How long to wait for an answer.")] = 10.0,
    as_json: JsonOption = False,
) -> None:
    """探测：编码、尺寸、帧率、关键帧间隔、码率和问题。Tell what a camera sends and what is wrong with it.

    Example: [bold]dustwatch camera probe rtsp://admin:secret@10.0.0.3:554/stream1[/bold]
    """
    report, _ = probe_source(VideoSource(url, "udp" if udp else "tcp", timeout), seconds)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        console.print(_table(report))


@app.command()
def simulate(
    files: Annotated[list[Path], typer.Argument(help="同一目录中的视频文件 Video files of one folder (.mp4, .mkv).")],
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8554,
) -> None:
    """把视频文件当作 RTSP 摄像头循环播放，每个文件一路。Play video files for ever, each as an RTSP camera.

    Example: [bold]dustwatch camera simulate gate.mp4 yard.mp4 --port 8554[/bold]
    """
    check_together(files)
    for file in files:
        check_playable(file)
        console.print(f"摄像头 camera: [bold]{camera_url(file, port)}[/bold]", highlight=False, soft_wrap=True)
    console.print("Ctrl-C 结束 to stop", highlight=False)
    try:
        play_for_ever(files[0].resolve().parent, port)
    except KeyboardInterrupt:
        return


def _table(report: ProbeReport) -> Table:
    table = Table(title=report.address, show_header=False)
    table.add_row("传输 transport", report.transport)
    table.add_row("编码 codec", report.codec)
    table.add_row("尺寸 size", f"{report.width} x {report.height}")
    table.add_row("帧率 frame rate", f"{report.frame_rate or '?'} /s")
    gop = f"{report.gop_frames:g} ({report.gop_s:g} s)" if report.gop_frames and report.gop_s else "?"
    table.add_row("关键帧间隔 GOP", gop)
    table.add_row("码率 bit rate", f"{report.bit_rate / 1e6:.2f} Mbit/s")
    table.add_row("观察 watched", f"{report.watched_s:g} s, {report.packets} packets")
    for problem in report.problems:
        table.add_row("[red]问题 problem[/red]", f"[red]{problem}[/red]")
    if not report.problems:
        table.add_row("[green]结论 verdict[/green]", "[green]正常 nothing wrong[/green]")
    return table
