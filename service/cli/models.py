"""`dustwatch models`: lists the models and exports new ones."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from models.export import export_onnx
from models.registry.registry import Registry
from service.cli.options import console
from service.cli.training import train_model

app = typer.Typer(help="模型：查看与导出。List and export models.", no_args_is_help=True)
app.command(name="train")(train_model)


@app.command(name="list")
def list_models() -> None:
    """列出模型并核验其哈希。List the models and check the hash of each.

    Example: [bold]dustwatch models list[/bold]
    """
    table = Table("模型 model", "任务 task", "类别 classes", "许可 licence", "SHA-256")
    registry = Registry()
    for name in registry.names():
        card = registry.load(name).card
        table.add_row(card.name, card.task, str(len(card.classes)), card.licence, card.sha256[:12])
    console.print(table)


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="ultralytics 权重 checkpoint (.pt).")],
    out: Annotated[Path, typer.Option(help="ONNX 文件 file to write.")],
    size: Annotated[int, typer.Option(min=32, max=4096, help="输入长边 longer side of the input, pixels.")] = 640,
) -> None:
    """把 ultralytics 权重导出为 ONNX（需要 train 依赖）。Export a checkpoint to ONNX (needs the extra `train`).

    Example: [bold]dustwatch models export yolo26n-coco.pt --out model.onnx[/bold]
    """
    exported = export_onnx(checkpoint, out, size)
    typer.echo(f"{exported.sha256}  {out}")
