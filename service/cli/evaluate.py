"""`dustwatch models evaluate`: measures models on a data set, or on the frozen test sets."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from models.classes import TASKS, Task
from models.data.data_set import DataSet, inspect_data_set
from models.data.problems import DataSetProblems, Problem, ProblemKind, listed
from models.evaluation.evaluate import CARD_TASKS, evaluate
from models.evaluation.frozen import SPLIT, FrozenReport
from models.evaluation.report import EvaluationReport, Part, SurfaceFigures, VehicleFigures
from models.registry.names import split_reference
from models.registry.registry import DEFAULT_MODEL, Registry
from service.cli.failures import language
from service.cli.options import JsonOption, RegistryOption, ThreadsOption, console, progress_bar
from service.frozen_evaluation import MeasuredModel, evaluate_on_frozen_sets
from service.texts.catalogue import load_translator

HARMLESS = {ProblemKind.DUPLICATE, ProblemKind.GROUP_IN_TWO_SPLITS}
"""What makes a data set unfit for training, but not for measuring."""


def evaluate_models(
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME[@VERSION]", help="模型，默认为在用版本 The model; default what is in production."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="数据集，默认为固定测试集 A data set of your own.")
    ] = None,
    split: Annotated[
        Literal["train", "val", "test", "all"] | None, typer.Option(help="划分，默认 test Split; default test, or all.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            envvar="DUSTWATCH_PICTURES",
            exists=True,
            file_okay=False,
            help="第三方图片 Folder of the third-party pictures that the frozen sets need.",
        ),
    ] = None,
    threads: ThreadsOption = 0,
    registry: RegistryOption = None,
    as_json: JsonOption = False,
) -> None:
    """在数据集上、或在固定测试集上评测模型。Measure models on a data set, or on the frozen test sets.

    Example: [bold]dustwatch models evaluate --data my-pictures --json[/bold]
    """
    kept = Registry(registry)
    if data is not None:
        report = _on_data_set(kept, model, data, split, threads)
        if as_json:
            typer.echo(report.model_dump_json())
        else:
            print_reports([report])
        return
    if split is not None:
        raise typer.BadParameter("it goes with --data alone; the frozen sets have one", param_hint="--split")
    found = _on_frozen_sets(kept, model, pictures, threads)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    print_reports(found.reports)
    for name, reason in found.absent.items():
        console.print(f"[yellow]![/yellow] {name}: 未评测 not measured: {reason}", highlight=False, soft_wrap=True)


def _on_data_set(
    registry: Registry, reference: str | None, folder: Path, split: str | None, threads: int
) -> EvaluationReport:
    data_set = _read(folder)
    measured = _model_of(registry, reference or default_name(registry, data_set.task))
    chosen = next((each for each in data_set.splits if each == (split or SPLIT)), None)
    if chosen is None and split not in (None, "all"):
        raise typer.BadParameter("the data set has no such split", param_hint="--split")
    with progress_bar("评测 measuring") as on_progress:
        return evaluate(
            measured.model,
            data_set,
            chosen,
            version=measured.version,
            threads=threads,
            on_progress=on_progress,
        )


def _read(folder: Path) -> DataSet:
    """Read the data set; what spoils no measurement is only told. Raises DataSetProblems."""
    with progress_bar("检查文件 checking files") as on_progress:
        data_set, problems = inspect_data_set(folder, on_progress=on_progress)
    serious = [problem for problem in problems if problem.kind not in HARMLESS]
    if serious:
        raise DataSetProblems(folder, serious)
    _warn(problems)
    return data_set


def _warn(problems: list[Problem]) -> None:
    if problems:
        console.print(listed(problems, load_translator().texts(language())), style="yellow", markup=False)


def _on_frozen_sets(registry: Registry, reference: str | None, pictures: Path | None, threads: int) -> FrozenReport:
    models: dict[Task, MeasuredModel] = {}
    if reference:
        measured = _model_of(registry, reference)
        models = {task: measured for task in TASKS if CARD_TASKS[task] == measured.model.card.task}
    else:
        known = registry.names()
        for task in TASKS:
            name = default_name(registry, task)
            if name in known:
                models[task] = _model_of(registry, name)
    with progress_bar("评测 measuring") as on_progress:
        return evaluate_on_frozen_sets(
            models,
            pictures,
            tasks=tuple(models) if reference else TASKS,
            threads=threads,
            on_progress=lambda name, done, total: on_progress(done, total),
        )


def default_name(registry: Registry, task: Task) -> str:
    """Return the model of the task: it bears the task's name; vehicles have the COCO model until one is promoted."""
    return DEFAULT_MODEL if task == "vehicles" and registry.production(task) is None else task


def _model_of(registry: Registry, reference: str) -> MeasuredModel:
    name, version = split_reference(reference)
    model = registry.load(name, version)
    return MeasuredModel(model, version or registry.production(name))


def print_reports(reports: Iterable[EvaluationReport]) -> None:
    """Print a table for each kind of sample of each report."""
    for report in reports:
        for kind, part in report.by_kind.items():
            title = f"{report.data_set}（{kind}）: {report.model}@{report.version}, {part.samples} 样本 samples"
            console.print(_table(title, part))
            means = ", ".join(f"{name} {_percent(value)}" for name, value in part.overall.items())
            console.print(means, highlight=False)


def _table(title: str, part: Part) -> Table:
    table = Table("类别 class", "IoU / AP50", "查准 precision", "查全 recall", "F1", "误报 false alarms", title=title)
    for name, figures in part.classes.items():
        first = figures.score if isinstance(figures, SurfaceFigures | VehicleFigures) else None
        shown = [_percent(each) for each in (first, figures.precision, figures.recall, figures.f1)]
        worst = sorted(figures.false_alarms_by_name.items(), key=lambda each: -each[1])[:2]
        by_name = ", ".join(f"{other} {_percent(share)}" for other, share in worst if share)
        alarms = f"{_percent(figures.false_alarm_share)}{f' ({by_name})' if by_name else ''}"
        table.add_row(name if figures.labelled else f"{name}（未标注 not labelled）", *shown, alarms)
    return table


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
