"""`dustwatch datasets render`: renders procedural construction sites with their truth."""

import itertools
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from datasets.render.scenes.order import PREVIEW_SAMPLES, PREVIEW_WIDTH, SAMPLES, WIDTH, RenderOrder
from datasets.render.scenes.palette import FIRST_TEST_SEED
from datasets.render.scenes.run import render_scenes
from service.cli.options import ThreadsOption, console, progress_bar


def render(
    scenes: Annotated[int, typer.Option(min=1, max=100_000, help="场景数 How many scenes.")],
    out: Annotated[
        Path, typer.Option(file_okay=False, help="输出文件夹；中断后再次运行即可继续 Folder; run again to go on.")
    ],
    seed: Annotated[
        int,
        typer.Option(
            min=0, max=999_999, help=f"首个随机种子；{FIRST_TEST_SEED} 起仅供测试 First seed; from here on for tests."
        ),
    ] = 0,
    views: Annotated[int, typer.Option(min=1, max=8, help="每个场景的视角数 Cameras a scene.")] = 2,
    width: Annotated[int, typer.Option(min=160, max=3840, help="图像宽度，16:9 Width in pixels.")] = WIDTH,
    samples: Annotated[int, typer.Option(min=1, max=4096, help="每像素采样 Light paths a pixel.")] = SAMPLES,
    threads: ThreadsOption = 0,
    preview: Annotated[bool, typer.Option("--preview", help="快速预览 Small and coarse.")] = False,
) -> None:
    """渲染随机工地：图像、逐像素类别、目标框、单应矩阵、面积（需要 render 依赖）。Render sites with their truth.

    Example: [bold]dustwatch datasets render --scenes 200 --seed 0 --out renders[/bold]
    """
    if preview:
        width, samples = PREVIEW_WIDTH, PREVIEW_SAMPLES
    size = (width // 2 * 2, width * 9 // 32 * 2)
    order = RenderOrder(seed, scenes, views, size, samples)
    done = itertools.count(1)
    with progress_bar("渲染场景 rendering scenes") as on_progress:
        made = render_scenes(order, out, threads=threads, on_scene=lambda _: on_progress(next(done), scenes))
    kept = scenes - made
    told = f"[green]✓[/green] {escape(str(out))}: {made} 个新场景 new scenes, {kept} 个已有 there already"
    console.print(told, highlight=False)
