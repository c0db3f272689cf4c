"""`dustwatch models train`: trains one of the three models on data sets, and goes on after an interruption."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from models.classes import Task
from models.training.run import ProgressReport, TrainingProgress, train
from models.training.settings import Freeze, read_settings
from service.cli.options import console

SHOWN_FIGURES = {
    "metrics/mIoU": "mIoU",
    "metrics/mAP50(B)": "mAP50",
    "metrics/accuracy_top1": "accuracy",
}


def train_model(
    task: Annotated[Task, typer.Argument(help="训练哪个模型 which model: surfaces, vehicles, mud.")],
    data: Annotated[
        list[Path],
        typer.Option(exists=True, file_okay=False, help="数据集文件夹（可重复） data set folder (repeatable)."),
    ],
    out: Annotated[Path, typer.Option(file_okay=False, help="输出文件夹；中断后再次运行即继续 folder of the run.")],
    start: Annotated[
        Path, typer.Option("--from", exists=True, dir_okay=False, help="起始权重 checkpoint (.pt) to start from.")
    ],
    epochs: Annotated[int | None, typer.Option(min=1, help="训练轮数 epochs.")] = None,
    imgsz: Annotated[int | None, typer.Option(min=32, help="训练图像尺寸（像素） picture size, pixels.")] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="批大小 pictures a step.")] = None,
    lr: Annotated[float | None, typer.Option(min=0, help="学习率 learning rate.")] = None,
    freeze: Annotated[Freeze | None, typer.Option(help="冻结哪些层 which layers do not learn.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="随机种子 random seed.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU 线程数 CPU threads.")] = None,
    settings: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="设置文件 YAML file with more settings.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="丢弃未完成的训练 start anew, drop what was done.")
    ] = False,
) -> None:
    """训练模型；中断后用同样的命令继续（需要 train 依赖）。Train a model; run again to go on after an interruption.

    Example: [bold]dustwatch models train surfaces --data surfaces-v1 --from yolo26n-coco.pt --out runs/surfaces[/bold]
    """
    given: dict[str, Any] = {
        "epochs": epochs,
        "imgsz": imgsz,
        "batch": batch,
        "lr": lr,
        "freeze": freeze,
        "seed": seed,
        "threads": threads,
    }
    chosen = read_settings(task, settings, {name: value for name, value in given.items() if value is not None})
    with training_bar() as report:
        checkpoint = train(chosen, data, out, start=start, resume=not restart, report=report)
    typer.echo(checkpoint)


@contextmanager
def training_bar() -> Iterator[ProgressReport]:
    """Show a bar of all epochs with the last losses and figures, for as long as the context lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[shown]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("准备 preparing", total=None, shown="")

        def report(at: TrainingProgress) -> None:
            losses = " ".join(f"{name.removesuffix('_loss')} {value:.3f}" for name, value in at.losses.items())
            figures = " ".join(
                f"{shown} {at.figures[name]:.3f}" for name, shown in SHOWN_FIGURES.items() if name in at.figures
            )
            progress.update(
                bar,
                description=f"轮次 epoch {at.epoch}/{at.epochs}",
                total=at.epochs * at.batches,
                completed=(at.epoch - 1) * at.batches + at.batch,
                shown=f"{losses}  {figures}".strip(),
            )
            if figures:
                progress.console.print(f"轮次 epoch {at.epoch}/{at.epochs}: {losses}  {figures}")

        yield report
