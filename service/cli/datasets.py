"""`dustwatch datasets`: builds data sets, counts what is in one, and shows it."""

import itertools
import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape
from rich.table import Table

from datasets.build.build import Built, Sources, build_data_set
from datasets.contact_sheet import choose_samples, draw_contact_sheet
from datasets.leaks import Leaks, find_leaks
from datasets.statistics import PartStatistics, data_set_statistics
from models.classes import Task
from models.data.data_set import inspect_data_set, read_data_set
from models.data.problems import Problem, listed
from service.cli.failures import language
from service.cli.options import JsonOption, console, progress_bar
from service.cli.render import render
from service.texts.catalogue import load_translator
from vision.evidence.annotate import FONT_PATH

app = typer.Typer(
    help="数据集：渲染、生成、统计与查看。Render scenes; make data sets, count and show them.", no_args_is_help=True
)

app.command()(render)

SHOWN_PAIRS = 10

FolderArgument = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="数据集文件夹 The data set's folder.")
]
FoldersOption = list[Path]


@app.command()
def build(
    task: Annotated[Task, typer.Option(help="任务 What the data set teaches.")],
    out: Annotated[Path, typer.Option(help="新文件夹 Folder to write; it must not be there yet.")],
    rendered: Annotated[
        list[Path], typer.Option(exists=True, file_okay=False, help="渲染场景，可多次 Rendered scenes; repeatable.")
    ] = [],  # noqa: B006 - typer copies it
    real: Annotated[
        list[str], typer.Option(metavar="NAME=DIR", help="实拍图片 Real pictures with labels of ours: excavators=DIR.")
    ] = [],  # noqa: B006
    camvid: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="街景，仅测试 Street pictures, to test with.")
    ] = None,
    reviewed: Annotated[
        FoldersOption,
        typer.Option(exists=True, file_okay=False, help="已复核样本，可多次 Reviewed samples; repeatable."),
    ] = [],  # noqa: B006
) -> None:
    """把各来源合成一个数据集，按场景划分。Make one data set from several sources, split by scene.

    Example: [bold]dustwatch datasets build --task surfaces --rendered renders --out data/surfaces[/bold]
    """
    sources = Sources(rendered, dict(map(_named_folder, real)), camvid, reviewed)
    with progress_bar("写入样本 writing samples") as on_progress:
        built = build_data_set(task, sources, out, on_progress)
    _tell(built, out)


@app.command()
def stats(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """统计样本与类别，检查泄漏和错误。Count samples and classes; look for leaks and problems (exit code 1).

    Example: [bold]dustwatch datasets stats data/surfaces[/bold]
    """
    with progress_bar("检查文件 checking files") as on_progress:
        data_set, problems = inspect_data_set(folder, on_progress=on_progress)
    with progress_bar("统计 counting") as on_progress:
        parts = data_set_statistics(data_set, on_progress)
    with progress_bar("比较划分 comparing splits") as on_progress:
        total = len(data_set.samples())
        numbers = itertools.count(1)
        leaks = find_leaks(data_set, lambda: on_progress(next(numbers), total))
    if as_json:
        typer.echo(json.dumps(_as_json(data_set.task, parts, leaks, problems), ensure_ascii=False))
    else:
        console.print(_table(parts))
        _print_leaks(leaks)
        if problems:
            translate = load_translator().texts(language())
            console.print(f"[red]✗[/red] {len(problems)} 个问题 problems:", highlight=False)
            console.print(listed(problems, translate), markup=False, highlight=False)
        else:
            console.print("[green]✓[/green] 文件完好 the files are whole")
    raise typer.Exit(1 if problems or leaks.is_faulty else 0)


@app.command()
def show(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option(help="联系表图片 Picture to write (.jpg or .png).")],
    split: Annotated[Literal["train", "val", "test"] | None, typer.Option(help="只看该划分 This split alone.")] = None,
    count: Annotated[int, typer.Option(min=1, max=400, help="样本数 How many samples.")] = 24,
    seed: Annotated[int, typer.Option(help="随机种子 Chooses other samples.")] = 0,
    class_name: Annotated[
        str | None, typer.Option("--class", help="只看含该类别的样本 Samples that show this class alone.")
    ] = None,
) -> None:
    """把样本及其标注画成一张联系表。Draw samples with their labels onto one picture.

    Example: [bold]dustwatch datasets show data/surfaces --out contact.jpg --class bare_soil[/bold]
    """
    if out.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise typer.BadParameter("the name has to end in .jpg or .png", param_hint="--out")
    data_set = read_data_set(folder, contents=False)
    names = data_set.names.all.values()
    if class_name is not None and class_name not in names:
        raise typer.BadParameter(f"the classes are: {', '.join(names)}", param_hint="--class")
    chosen = choose_samples(data_set, count, seed, split, class_name)
    if not chosen:
        raise typer.BadParameter("no sample fits; choose another split or class", param_hint="--split, --class")
    draw_contact_sheet(data_set, chosen, FONT_PATH).save(out)
    typer.echo(out)


def _named_folder(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not name or not Path(folder).is_dir() or not folder:
        raise typer.BadParameter(f"write NAME=DIR with a folder that is there, not {text!r}", param_hint="--real")
    return name, Path(folder)


def _tell(built: Built, out: Path) -> None:
    counted = "，".join(f"{split} {count}" for split, count in built.samples.items())
    console.print(f"[green]✓[/green] {escape(str(out))}: {counted}", highlight=False)
    if built.unfinished_scenes:
        console.print(f"[yellow]![/yellow] {built.unfinished_scenes} 个场景未渲染完，已跳过 unfinished scenes left out")
    for left_out, kept in built.duplicates:
        console.print(
            f"[yellow]![/yellow] {left_out}: 与 {kept} 同图，已略去 the same picture, left out", highlight=False
        )
    _print_leaks(built.leaks)


def _print_leaks(leaks: Leaks) -> None:
    for group in leaks.groups:
        console.print(f"[red]✗[/red] {escape(group)}: 跨划分的分组 a group in two splits", highlight=False)
    for first, second in leaks.same_pictures:
        console.print(f"[red]✗[/red] {first} = {second}: 跨划分的同一图片 one picture in two splits", highlight=False)
    for pair in leaks.look_alikes[:SHOWN_PAIRS]:
        text = f"{pair.first} ~ {pair.second}: 跨划分的相似图片 look alike in two splits ({pair.bits}/64)"
        console.print(f"[yellow]![/yellow] {escape(text)}", highlight=False)
    if len(leaks.look_alikes) > SHOWN_PAIRS:
        more = len(leaks.look_alikes) - SHOWN_PAIRS
        console.print(f"[yellow]![/yellow] 另有 {more} 对相似图片 more look-alike pairs (--json)")


def _table(parts: tuple[PartStatistics, ...]) -> Table:
    table = Table("划分 split", "种类 kind", "样本 samples", "场景 groups", "无目标 empty", "类别 classes")
    for part in parts:
        classes = []
        for each in part.classes:
            much = f"{each.pixel_share:.2%}" if each.pixel_share is not None else str(each.objects or each.samples)
            classes.append(f"{each.name} {much} ({each.samples})")
        counts = (str(number) for number in (part.samples, part.groups, part.empty))
        table.add_row(part.split, part.kind, *counts, escape("\n".join(classes)))
    return table


def _as_json(task: Task, parts: tuple[PartStatistics, ...], leaks: Leaks, problems: list[Problem]) -> dict[str, object]:
    return {
        "task": task,
        "parts": [part.model_dump(mode="json", exclude_none=True) for part in parts],
        "leaks": {
            "groups": leaks.groups,
            "same_pictures": leaks.same_pictures,
            "look_alikes": [{"samples": [pair.first, pair.second], "bits": pair.bits} for pair in leaks.look_alikes],
        },
        "problems": [problem.text() for problem in problems],
    }
