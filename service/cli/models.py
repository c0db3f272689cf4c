"""`dustwatch models`: lists the models, exports new ones; training, measuring and promotion have files of their own."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from models.cards import load_verified
from models.errors import ModelError
from models.evaluation.frozen import read_metrics
from models.export import export_onnx
from models.quantise import calibration_pictures, compare_cost, network_input, quantise
from models.registry.registry import Registry
from service.cli.add_version import add_version
from service.cli.blend import blend
from service.cli.evaluate import evaluate_models
from service.cli.model_signing import make_model_key, sign
from service.cli.options import RegistryOption, console
from service.cli.promotion import promote, rollback
from service.cli.retraining import retrain_model, shadow_model
from service.cli.training import train_model

COMPARED = 8
"""Pictures that int8 and float are compared on."""

app = typer.Typer(help="模型：训练、评测、导出、启用。Train, measure, export and promote models.", no_args_is_help=True)
app.command(name="train")(train_model)
app.command(name="blend")(blend)
app.command(name="add")(add_version)
app.command(name="retrain")(retrain_model)
app.command(name="shadow")(shadow_model)
app.command(name="evaluate")(evaluate_models)
app.command(name="promote")(promote)
app.command(name="rollback")(rollback)
app.command(name="key")(make_model_key)
app.command(name="sign")(sign)


@app.command(name="list")
def list_models(registry: RegistryOption = None) -> None:
    """列出各版本及其指标，并核验其哈希。List the versions with their figures, and check the hash of each.

    Example: [bold]dustwatch models list[/bold]
    """
    table = Table("模型 model", "版本 version", "使用中 in use", "任务 task", "指标 figures", "SHA-256")
    kept = Registry(registry)
    damaged: list[ModelError] = []
    for name in kept.names():
        production = kept.production(name)
        for version in kept.versions(name):
            folder = kept.folder(name, version)
            try:
                card = load_verified(folder).card
                table.add_row(
                    name, version, "✓" if version == production else "", card.task, _figures(folder), card.sha256[:12]
                )
            except ModelError as error:
                damaged.append(error)
                table.add_row(name, version, "✓" if version == production else "", "[red]✗[/red]", "", "")
    console.print(table)
    if damaged:
        raise damaged[0]


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="ultralytics 权重 checkpoint (.pt).")],
    out: Annotated[Path, typer.Option(help="ONNX 文件 file to write.")],
    size: Annotated[int, typer.Option(min=32, max=4096, help="输入长边 longer side of the input, pixels.")] = 640,
    int8: Annotated[bool, typer.Option("--int8", help="量化为 int8 Quantise to int8; needs --calibrate.")] = False,
    calibrate: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="标定用数据集或图片 Data set (val split) or pictures."),
    ] = None,
    keep_float: Annotated[
        list[str], typer.Option(help="保持浮点的节点名前缀，可多次 Nodes that stay float, by prefix; repeatable.")
    ] = [],  # noqa: B006 - typer copies it
) -> None:
    """把 ultralytics 权重导出为 ONNX（需要 train 依赖）。Export a checkpoint to ONNX (needs the extra `train`).

    Example: [bold]dustwatch models export best.pt --out model.onnx --int8 --calibrate data/surfaces[/bold]
    """
    if int8 != (calibrate is not None):
        raise typer.BadParameter("they go together", param_hint="--int8, --calibrate")
    if calibrate is None:
        exported = export_onnx(checkpoint, out, size)
        difference = f"{exported.largest_difference:.2g}"
        console.print(f"与权重的最大差异 largest difference from the checkpoint: {difference}", highlight=False)
        typer.echo(f"{exported.sha256}  {out}")
        return
    pictures = calibration_pictures(calibrate)
    with TemporaryDirectory() as folder, console.status("导出并量化 exporting and quantising"):
        float32 = Path(folder) / "float32.onnx"
        task = export_onnx(checkpoint, float32, size).task
        inputs = [network_input(picture, task, size) for picture in pictures]
        digest = quantise(float32, out, inputs, keep_float)
        cost = compare_cost(float32, out, inputs[:COMPARED])
    console.print(
        f"每幅 CPU 秒 CPU seconds a picture: float32 {cost.float32:.4f}, int8 {cost.int8:.4f} "
        f"({cost.float32 / cost.int8:.2f}x)",
        highlight=False,
    )
    typer.echo(f"{digest}  {out}")


def _figures(folder: Path) -> str:
    """Return the first figure on each frozen set, a line each."""
    metrics = read_metrics(folder)
    lines = []
    for report in metrics.reports if metrics else []:
        name, value = next(iter(report.overall.items()))
        if value is not None:
            lines.append(f"{report.data_set}: {name} {value:.3f}")
    return "\n".join(lines) or "-"
