"""Renders the plates of a story; what lies in the folder already is not rendered again."""

from collections.abc import Sequence
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from datasets.render import blender
from datasets.render.camera import Camera
from datasets.render.plates import Plate
from datasets.render.scene import GateScene
from datasets.render.story import Story

BASE_SAMPLES = 48
CROP_SAMPLES = 10
PREVIEW_SAMPLES = 4


def render_plates(
    story: Story, camera: Camera, plates: Sequence[Plate], size: tuple[int, int], folder: Path, *, preview: bool
) -> None:
    """Render every base and crop that is not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    bases = {plate.base_name: plate for plate in reversed(plates)}
    missing_bases = [plate for name, plate in bases.items() if not (folder / name).exists()]
    missing = [plate for plate in plates if plate.crop is not None and not (folder / plate.crop_name).exists()]
    if not missing and not missing_bases:
        return
    scene = GateScene(story, camera, *size)
    base_samples, crop_samples = (PREVIEW_SAMPLES,) * 2 if preview else (BASE_SAMPLES, CROP_SAMPLES)
    columns = (
        TextColumn("rendering"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        task = progress.add_task("rendering", total=len(missing_bases) + len(missing))
        for plate in missing_bases:
            scene.show(story.poses(plate.frame), only=plate.standing)
            blender.render(scene.scene, folder / plate.base_name, base_samples)
            progress.advance(task)
        for plate in missing:
            scene.show(story.poses(plate.frame))
            blender.render(scene.scene, folder / plate.crop_name, crop_samples, plate.crop)
            progress.advance(task)
