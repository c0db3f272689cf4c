"""Renders the plates of a story; what lies in the folder already is not rendered again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from datasets.render import blender
from datasets.render.plates import Plate
from datasets.render.scene import Scene


@dataclass(frozen=True)
class Effort:
    """How much work a picture is worth: samples a pixel, and threads (0: as many as there are processors)."""

    base_samples: int = 32
    crop_samples: int = 8
    threads: int = 0


PREVIEW = Effort(4, 4)


def render_plates(scene: Scene, plates: Sequence[Plate], folder: Path, effort: Effort) -> None:
    """Render every base and crop that is not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if effort.threads:
        scene.handle.render.threads_mode, scene.handle.render.threads = "FIXED", effort.threads
    bases = {plate.base_name: plate for plate in plates if not (folder / plate.base_name).exists()}
    crops = {p.crop_name: p for p in plates if p.crop is not None and not (folder / p.crop_name).exists()}
    columns = (
        TextColumn("rendering"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        task = progress.add_task("rendering", total=len(bases) + len(crops))
        for name, plate in bases.items():
            scene.show(plate.standing)
            blender.render(scene.handle, folder / name, effort.base_samples)
            progress.advance(task)
        for name, plate in crops.items():
            scene.show((*plate.standing, *plate.moving))
            blender.render(scene.handle, folder / name, effort.crop_samples, plate.crop)
            progress.advance(task)
