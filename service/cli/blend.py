"""`dustwatch models blend`: takes a training's weights only so far as the validation split is the better for it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service.cli.options import ThreadsOption, console, progress_bar
from service.model_blend import SHARES, choose_blend


def blend(
    run: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="训练文件夹 Folder of a finished training.")
    ],
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="选比例的数据集（val） Data set to choose the share on.")
    ],
    share: Annotated[
        list[float] | None,
        typer.Option(min=0, max=1, help="比例，可重复 Shares to try (repeatable): 0 is the start, 1 the training."),
    ] = None,
    size: Annotated[int, typer.Option(min=32, max=4096, help="输入长边 Longer side of the input, pixels.")] = 640,
    threads: ThreadsOption = 0,
) -> None:
    """把训练后的权重与起始权重按验证集最优比例混合。Blend trained weights with those of the start, by the val split.

    What a training forgets of what its start knew comes back. `dustwatch models add` then takes the blend.

    Example: [bold]dustwatch models blend runs/surfaces --data data/surfaces[/bold]
    """
    with progress_bar("评测 measuring") as on_progress:
        blends = choose_blend(run, data, share or SHARES, input_size=size, threads=threads, on_progress=on_progress)
    table = Table("比例 share", "总分 score", *blends[0].classes)
    for each in sorted(blends, key=lambda blend: blend.share):
        figures = ("-" if figure is None else f"{figure:.3f}" for figure in each.classes.values())
        table.add_row(f"{each.share:.2f}", f"{each.score:.3f}", *figures)
    console.print(table)
    console.print(f"[green]✓[/green] {blends[0].share:.2f}", highlight=False)
