"""`dustwatch demo`: everything at once on one machine."""

import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import JsonOption, console, points
from service.demo.access import NAME
from service.demo.demonstration import DemoCase, Demonstration, DemoPlan, free_port
from service.demo.views import DemoView, rendered_views, view_of
from service.logs import set_up_logs


def demo(
    clip: Annotated[
        Path | None,
        typer.Option(help="当作摄像头播放的视频 Video to play as the camera (.mp4, .mkv); else three rendered ones."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=5, help="运行几秒后结束 Stop after this time; else Ctrl-C.")
    ] = None,
    as_json: JsonOption = False,
    data: Annotated[Path, typer.Option(help="数据目录 Folder for everything the demo writes.")] = Path(
        "dustwatch-data"
    ),
    line: Annotated[str | None, typer.Option(help="出口线 Exit line x1,y1,x2,y2 (0..1).")] = None,
    outward: Annotated[str | None, typer.Option(help="出口线外侧的一点 A point on its outer side.")] = None,
    bay: Annotated[str | None, typer.Option(help="冲洗区 Wash bay x1,y1,x2,y2,x3,y3,...")] = None,
    fps: Annotated[float, typer.Option(min=2, max=60, help="每秒检查几帧 Pictures inspected a second.")] = 12.5,
    port: Annotated[int, typer.Option(min=1, max=65535, help="页面端口 Port of the page.")] = 8080,
    rtsp_port: Annotated[int, typer.Option(min=1, max=65535)] = 8554,
) -> None:
    """演示：RTSP 摄像头、巡看、案件队列和审核页面。Cameras, the pipeline, the queue and the page on one machine.

    不指定视频时播放三路渲染画面：大门（车辆未冲洗）、堆场（裸土未覆盖）和围挡（围挡缺失），时限缩短为几秒。Without a
    video of your own it plays three rendered cameras, one a rule: a gate, a yard and a hoarding, with times of seconds.

    Example: [bold]dustwatch demo[/bold], or [bold]dustwatch demo --clip gate.mp4 --seconds 60 --json[/bold]
    """
    set_up_logs()
    for name in (signal.SIGTERM, signal.SIGINT):  # both end it in order, also where a shell has it ignore SIGINT
        signal.signal(name, signal.default_int_handler)
    views = rendered_views() if clip is None else (view_of(clip),)
    plan = DemoPlan(
        views=(_drawn(views[0], line, outward, bay), *views[1:]),
        folder=data / f"demo-{datetime.now().astimezone():%Y%m%d-%H%M%S}",
        page_port=free_port(port),
        rtsp_port=free_port(rtsp_port),
        frames_per_second=fps,
    )
    demonstration = Demonstration(plan)

    def on_ready() -> None:
        for view in plan.views:
            note = "" if view.zones else "   只看护、留存 watched only"
            console.print(f"摄像头 camera: {demonstration.rtsp_urls[view.camera_id]}{note}", highlight=False)
        access, page = demonstration.access, demonstration.page_url.rstrip("/")
        console.print("审核页面 page   (Ctrl-C 结束 to stop):")
        console.print(f"  [bold]{page}{access.link}[/bold]", highlight=False, soft_wrap=True)
        told = f"  此链接登录一次；之后 the link signs in once; then: {page}/  {NAME} / {access.password}"
        console.print(told, highlight=False, soft_wrap=True, markup=False)

    def on_case(case: DemoCase) -> None:
        console.print(
            f"  [red]●[/red] 案件 case {case.id}: {case.rule} {case.camera} {case.opened_at}", highlight=False
        )

    result = demonstration.run(seconds, on_case, on_ready)
    if as_json:
        typer.echo(result.to_json())
        return
    console.print(f"{len(result.cases)} 个案件 cases; 数据在 data in {plan.folder}", highlight=False)


def _drawn(view: DemoView, line: str | None, outward: str | None, bay: str | None) -> DemoView:
    """Return the view with the zones that the options draw."""
    gate = view.gate
    if gate is None:
        return view
    if line:
        gate = replace(gate, exit_line=points(line, "--line", exactly=2))
    if outward:
        gate = replace(gate, outward=points(outward, "--outward", exactly=1)[0])
    if bay:
        gate = replace(gate, wash_bay=points(bay, "--bay"))
    return replace(view, gate=gate)
