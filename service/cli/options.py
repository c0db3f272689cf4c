"""What several commands share: options, coordinates, the console that people read and its progress bar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.registry.registry import USER_VARIABLE

console = Console(stderr=True)
"""For people; the standard output is for results."""

VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="更多日志 More log lines.")]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 Print one JSON object.")]
RegistryOption = Annotated[
    Path | None,
    typer.Option(
        envvar=USER_VARIABLE, file_okay=False, help="模型库 Folder of your models; default dustwatch-data/models."
    ),
]
ThreadsOption = Annotated[int, typer.Option(min=0, help="线程数 CPU threads; 0: as many as there are cores.")]


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar while the block runs; give a function that is told what is done, and of how many."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def points(text: str, option: str, exactly: int | None = None) -> list[tuple[float, float]]:
    """Return the points in `x1,y1,x2,y2,...`, relative coordinates 0..1. Raises typer.BadParameter."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"write numbers with commas between them, not {text!r}", param_hint=option) from None
    if len(numbers) % 2 or (exactly and len(numbers) != 2 * exactly):
        wanted = f"{2 * exactly} numbers" if exactly else "an even number of numbers"
        raise typer.BadParameter(f"{wanted} are needed (x1,y1,x2,y2,...)", param_hint=option)
    if not all(0 <= number <= 1 for number in numbers):
        raise typer.BadParameter("coordinates are relative: 0..1 from the top left", param_hint=option)
    return list(zip(numbers[::2], numbers[1::2], strict=True))
