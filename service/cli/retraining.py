"""`dustwatch models retrain` and `models shadow`: learns from reviewed cases; runs a candidate beside production."""

import getpass
import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from models.classes import Task
from models.data.data_set import read_data_set
from models.data.pictures import SUFFIXES, BadPicture, read_picture
from models.evaluation.frozen import frozen_sets, place_of
from models.registry.registry import Registry
from models.shadow.shadow import Shadow, ShadowSummary
from models.training.run import ProgressReport, TrainingProgress
from models.training.settings import read_settings
from service.cli.failures import language
from service.cli.options import JsonOption, RegistryOption, console
from service.cli.queue_folder import open_queue, open_queue_evidence
from service.cli.training import training_bar
from service.retraining.outcome import RetrainingOutcome
from service.retraining.retrain import Limits, Retraining, retrain
from service.retraining.reviewed_queue import read_reviewed
from service.texts.catalogue import load_translator

EPOCHS = 12
LEARNING_RATE = 3e-4
"""Fine-tuning is to add to what is known, so it goes in small steps."""
STAGES = {
    "gathering": "整理复核案件 gathering reviewed cases",
    "training": "训练 training",
    "exporting": "导出并核对 exporting",
    "measuring": "评估 measuring",
}


def retrain_model(
    task: Annotated[Task, typer.Argument(help="再训练哪个模型 which model: surfaces, vehicles, mud.")] = "surfaces",
    data: Annotated[
        Path, typer.Option(file_okay=False, help="案件队列的数据目录 the case queue's data folder.")
    ] = Path("dustwatch-data/service"),
    queue: Annotated[str | None, typer.Option(help="数据库地址 database URL, if not in the data folder.")] = None,
    registry: RegistryOption = None,
    base: Annotated[
        list[Path] | None, typer.Option(exists=True, file_okay=False, help="一并学习的数据集 data set learnt along.")
    ] = None,
    frozen: Annotated[
        list[Path] | None, typer.Option(exists=True, file_okay=False, help="固定测试集 frozen test set (repeatable).")
    ] = None,
    work: Annotated[Path, typer.Option(file_okay=False, help="工作目录 folder for what is made on the way.")] = Path(
        "dustwatch-data/retraining"
    ),
    start: Annotated[
        Path | None, typer.Option("--from", exists=True, dir_okay=False, help="起始权重 checkpoint to start from.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="训练轮数 epochs.")] = EPOCHS,
    lr: Annotated[float, typer.Option(min=0, help="学习率 learning rate.")] = LEARNING_RATE,
    settings: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="设置文件 YAML file with more settings.")
    ] = None,
    least_cases: Annotated[int, typer.Option(min=1, help="至少多少案件 fewest decided cases.")] = Limits.least_cases,
    margin: Annotated[
        float, typer.Option(min=0, max=1, help="固定测试集上允许的下降 what a class may lose on a frozen set.")
    ] = Limits.margin,
    promote: Annotated[
        bool, typer.Option("--promote/--no-promote", help="通过后是否投入使用 put it in production if it passes.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """从复核结果再训练：更好则投入使用，否则说明原因。Learn from reviews; promote what is better, or say why not.

    Example: [bold]dustwatch models retrain surfaces --data dustwatch-data/service --base surfaces-v1[/bold]
    """
    given = {"epochs": epochs, "lr": lr}
    plan = Retraining(
        settings=read_settings(task, settings, given),
        registry=Registry(registry),
        frozen=frozen or _frozen_in_project(task),
        base=base or (),
        work=work / task,
        checkpoint=start,
        limits=Limits(least_cases=least_cases, margin=margin),
        promote=promote,
    )
    store = open_queue(data, queue)
    try:
        with training_bar() as report:
            reviewed = read_reviewed(store, open_queue_evidence(data))
            outcome = retrain(plan, reviewed, _Told(report), who=f"{getpass.getuser()} (retrain)")
    finally:
        store.close()
    _show(outcome, as_json=as_json)


def shadow_model(
    candidate: Annotated[str, typer.Option(help="候选模型 candidate, NAME@VERSION.")],
    pictures: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="图片文件夹 folder of pictures.")
    ] = None,
    data: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="数据集 data set.")] = None,
    registry: RegistryOption = None,
    out: Annotated[Path, typer.Option(file_okay=False, help="报告文件夹 folder of the report.")] = Path(
        "dustwatch-data/shadow"
    ),
    keep: Annotated[
        int, typer.Option(min=0, max=1000, help="保存多少差异最大的图片 most different ones to keep.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """让候选模型与现用模型并行，报告差异。Run a candidate beside the model in production; report where they differ.

    Example: [bold]dustwatch models shadow --candidate surfaces@2026-11-24-a --pictures frames/[/bold]
    """
    if (pictures is None) == (data is None):
        raise typer.BadParameter("give either --pictures or --data", param_hint="--pictures")
    name, at, version = candidate.partition("@")
    if not (name and at and version):
        raise typer.BadParameter("write NAME@VERSION", param_hint="--candidate")
    models = Registry(registry)
    shadow = Shadow(models.load(name), models.load(name, version), keep=keep)
    found = _pictures(pictures) if pictures else [sample.picture for sample in read_data_set(_given(data)).samples()]
    unreadable = 0
    for path in track(found, "对比 comparing", console=console, disable=not console.is_terminal):
        try:
            shadow.look(path.name, read_picture(path)[:, :, ::-1].copy())
        except BadPicture:
            unreadable += 1
    shadow.write(out)
    _show_shadow(shadow.summary(), out, unreadable, as_json=as_json)


class _Told:
    """Shows the stages and the training's bar."""

    def __init__(self, report: ProgressReport) -> None:
        self._report = report

    def stage(self, name: str) -> None:
        console.print(STAGES[name])

    def training(self, at: TrainingProgress) -> None:
        self._report(at)


def _frozen_in_project(task: Task) -> list[Path]:
    places = (place_of(frozen, None) for frozen in frozen_sets() if frozen.task == task and frozen.folder)
    return [place for place in places if isinstance(place, Path)]


def _show(outcome: RetrainingOutcome, *, as_json: bool) -> None:
    if as_json:
        typer.echo(outcome.model_dump_json())
        return
    learnt = outcome.learnt
    console.print(f"案件 cases: {learnt.cases}，样本 samples: {learnt.samples}，损坏 damaged: {len(learnt.damaged)}")
    translate = partial(load_translator().translate, language=language())
    for refusal in outcome.refusal_texts(translate):
        console.print(f"[red]✗[/red] {refusal}", highlight=False)
    for reason in outcome.verdict.reasons if outcome.verdict else ():
        if not reason.refuses:
            console.print(f"[green]✓[/green] {reason.text(translate(reason.outcome.value))}", highlight=False)
    if outcome.refusals:
        typer.echo(
            f"未投入使用；现用版本仍为 {outcome.production}。Not promoted; {outcome.production} stays in production."
        )
    elif outcome.promoted:
        typer.echo(f"已投入使用 promoted: {outcome.task}@{outcome.candidate}")
    else:
        typer.echo(f"已入库，未投入使用 added, not promoted: {outcome.task}@{outcome.candidate}")


def _given(data: Path | None) -> Path:
    assert data is not None, "either pictures or data is given"
    return data


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _show_shadow(summary: ShadowSummary, out: Path, unreadable: int, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**summary.model_dump(), "unreadable": unreadable, "report": str(out)}))
        return
    for name, amount in summary.by_class.items():
        typer.echo(f"{name}: {amount:.2%}")
    typer.echo(
        f"图片 pictures {summary.pictures}，有差异 different {summary.different}，"
        f"仅现用 only production {summary.only_production}，仅候选 only candidate {summary.only_candidate}，"
        f"无法读取 unreadable {unreadable}；报告 report: {out}"
    )
