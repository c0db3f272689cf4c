"""`dustwatch capacity`: measures the configured cameras, and says how many more the machine can carry."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.table import Table

from service.capacity.estimate import MOST_CPU, MOST_MEMORY, Bound, CameraCost, Estimate, Measured, Note, estimate
from service.capacity.measure import measure
from service.cli.options import JsonOption, VerboseOption, progress_bar
from service.config.file import load_config
from service.logs import set_up_logs

MEBIBYTE = 1024 * 1024
BOUNDS = {Bound.CPU: "处理器 CPU", Bound.MEMORY: "内存 memory"}
NOTES = {
    Note.NO_CAMERA: "没有在线的摄像头，无法估算 no camera was live: nothing can be reckoned",
    Note.OFFLINE: "未计入（离线）not counted, offline: {offline}",
    Note.OTHERS_BUSY: "其他程序占用 {others:.1f} 核，已扣除；空闲时再测更准 "
    "other programs use {others:.1f} cores, which is allowed for; measure again while they rest",
    Note.OVER_MARGIN: "处理器已超过 {cpu:.0%} 的余量线 more than {cpu:.0%} of the CPU is in use already",
    Note.LEFT_OUT: "漏看 {dropped}/{due} 次；成本已按应看次数折算 "
    "{dropped} of {due} looks were left out; costs are reckoned for all of them",
    Note.LATE: "判定最多滞后 {lag:.1f} s judgement was up to {lag:.1f} s late",
    Note.GATES_IDLE: "大门多半无车；有车时成本更高，以“大门全忙”为准 "
    "the gates were quiet; they cost more while trucks move: go by the line for gates in motion",
    Note.FULL_RATE_UNKNOWN: "没有测到大门全速巡看的成本 what a gate costs in motion could not be measured",
    Note.MEMORY_GROWING: "测量时间短于录像缓存（{memory:.0f} s），内存还会增长 "
    "the video memory ({memory:.0f} s) was not yet full: memory will still grow",
    Note.FAR_EXTRAPOLATION: "远超实测路数，仅供参考；请用更多摄像头再测 "
    "far more cameras than were measured: a guess; measure again with more",
}


def capacity(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    seconds: Annotated[float, typer.Option(min=5, max=3600, help="测量几秒 How long to measure.")] = 60.0,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """实测这些摄像头的开销，估算本机还能带几路。Measure these cameras and tell how many more this machine can carry.

    只测量，不送交：证据写入临时目录，测完即删。请先停止本机的 dustwatch run，否则按其他程序计。
    Nothing is posted: evidence goes to a temporary folder, deleted at the end. Stop the machine's own
    dustwatch run first; else it counts as another program's load.

    Example: [bold]dustwatch capacity dustwatch.yaml --seconds 120[/bold]
    """
    loaded = load_config(config)
    set_up_logs(quiet=not verbose)
    with progress_bar("实测 measuring (s)") as on_progress:
        measured = measure(loaded, seconds, lambda done, total: on_progress(int(done), int(total)))
    result = estimate(measured)
    if as_json:
        typer.echo(json.dumps({"measured": asdict(measured), "estimate": asdict(result)}, ensure_ascii=False))
        return
    Console().print(Group(_costs(measured), _answer(measured, result)))


def _costs(measured: Measured) -> Table:
    table = Table(title=f"{measured.seconds:.0f} s")
    headings = (
        "摄像头 camera",
        "方式 mode",
        "CPU % 核 of a core",
        "网络模型 networks %",
        "Mbit/s",
        "漏看 drops",
        "滞后 lag s",
    )
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < 2 else "right")
    for camera in measured.cameras:
        table.add_row(*_cells(camera))
    return table


def _cells(camera: CameraCost) -> list[str]:
    return [
        camera.camera,
        camera.mode,
        f"{camera.cores * 100:.1f}",
        f"{camera.networks_cores * 100:.1f}",
        f"{camera.bits_per_s / 1e6:.2f}",
        f"{camera.dropped}/{camera.looks + camera.dropped}",
        f"{camera.lag_s:.1f}",
    ]


def _answer(measured: Measured, result: Estimate) -> Table:
    machine = measured.machine
    table = Table(show_header=False)
    table.add_column()
    table.add_column(overflow="fold")
    table.add_row(
        "处理器 CPU",
        f"{machine.cores:g} 核 cores: 本程序 own {measured.cores:.2f}, 其他 others {machine.others_cores:.2f}, "
        f"上限 limit {MOST_CPU:.0%}",
    )
    table.add_row(
        "内存 memory",
        f"{machine.memory_bytes / MEBIBYTE:.0f} MiB: 本程序 own {measured.own_bytes / MEBIBYTE:.0f}, "
        f"其他 others {machine.others_bytes / MEBIBYTE:.0f}, 上限 limit {MOST_MEMORY:.0%}",
    )
    table.add_row(
        "每路 per camera",
        f"{result.cores_per_camera:.3f} 核 cores ({result.networks_share:.0%} 网络模型 networks, "
        f"{result.reading_and_decoding_share:.0%} 取流解码 reading and decoding), "
        f"{result.bytes_per_camera / MEBIBYTE:.0f} MiB, {result.bits_per_s_per_camera / 1e6:.2f} Mbit/s",
    )
    if measured.full_rate_cores is not None:
        table.add_row("大门有车时 a gate in motion", f"{measured.full_rate_cores:.2f} 核 cores")
    bound = f" ({BOUNDS[result.bound]})" if result.bound else ""
    table.add_row("[bold]还能带 more cameras[/bold]", f"[bold]{_count(result.more)}[/bold]{bound}")
    if any(camera.mode == "gate" for camera in measured.cameras):
        table.add_row("大门全忙时 with all gates in motion", _count(result.more_all_moving))
    table.add_row("网络带宽 network", "上限未知，未计入 its limit is not known and not counted")
    for note in result.notes:
        table.add_row("[yellow]注意 note[/yellow]", _text(note, measured))
    return table


def _count(cameras: int | None) -> str:
    return "? 未知 unknown" if cameras is None else str(cameras)


def _text(note: Note, measured: Measured) -> str:
    looks, dropped = (sum(getattr(camera, part) for camera in measured.cameras) for part in ("looks", "dropped"))
    return NOTES[note].format(
        offline=", ".join(measured.offline),
        others=measured.machine.others_cores,
        cpu=MOST_CPU,
        dropped=dropped,
        due=looks + dropped,
        lag=max((camera.lag_s for camera in measured.cameras), default=0.0),
        memory=measured.memory_seconds,
    )
