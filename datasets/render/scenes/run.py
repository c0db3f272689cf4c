"""Renders scenes into a folder, one after another; what lies there already is not rendered again."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.errors import BlenderMissing, OtherOrder
from datasets.render.scenes.layout import Layout, SceneKind, lay_out
from datasets.render.scenes.lens import distort, record, through_the_air
from datasets.render.scenes.order import RenderOrder
from datasets.render.scenes.parts import FIRST_THING, HOARDING, NET_PART, SOIL_PART, class_mask
from datasets.render.scenes.truth import view_truth
from datasets.render.scenes.views import Sky, View, choose_sky, choose_views

if TYPE_CHECKING:  # Blender is there only where scenes are rendered
    from datasets.render.scenes.shoot import Shot
    from datasets.render.scenes.stage import Stage

TRUTH_NAME = "scene.json"
ORDER_NAME = "order.json"
JPEG_QUALITY = 92
LEAST_OF_INTEREST = 0.15
"""Share of a picture that has to show soil, net, hoarding or a thing; a view with less is passed over."""
MOST_OF_ONE = 0.7
"""A view of which one part fills more than this share is passed over, too."""
TOO_NEAR = 4.0
"""Metres; a view that is for a third nearer than this is blocked."""
TRIES = 5


def finished(folder: Path, seed: int) -> bool:
    """Tell whether a scene lies in the folder; it is moved there only when it is whole."""
    return (folder / f"{seed:06d}" / TRUTH_NAME).is_file()


def render_scenes(
    order: RenderOrder, out: Path, *, threads: int = 0, on_scene: Callable[[int], None] = lambda _: None
) -> int:
    """Render every scene that is not in the folder yet, and return how many those were.

    `threads` of 0 takes all processors; `on_scene` hears of each scene, also of those that are there already.

    Raises:
        BlenderMissing: Blender is not installed.
        OtherOrder: the folder holds scenes of another size or quality.
        OSError: the disk is full.
    """
    try:
        import bpy  # noqa: F401
    except ImportError as error:
        raise BlenderMissing from error
    _claim(out, order)
    rendered = 0
    for seed in order.seeds:
        if not finished(out, seed):
            render_scene(seed, order, out, threads)
            rendered += 1
        on_scene(seed)
    return rendered


def _claim(out: Path, order: RenderOrder) -> None:
    """Write down how the folder's scenes are rendered, or make sure that they were rendered like this."""
    out.mkdir(parents=True, exist_ok=True)
    note = out / ORDER_NAME
    wanted = json.dumps(order.quality)
    if not note.exists():
        part = note.with_suffix(".part")
        part.write_text(wanted + "\n", encoding="utf-8")
        part.replace(note)
    was = note.read_text(encoding="utf-8").strip()
    if was != wanted:
        raise OtherOrder(folder=out, was=was)


def render_scene(seed: int, order: RenderOrder, out: Path, threads: int) -> None:
    """Render one scene with all its views; it appears in the folder when it is whole."""
    from datasets.render.scenes.stage import Stage

    layout = lay_out(seed)
    sky = choose_sky(layout)
    stage = Stage(layout, sky)
    part = out / f".{seed:06d}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    width, height = order.size
    views = choose_views(layout, sky, order.views * TRIES, width / height)
    truths = [_write_view(*taken, stage, sky, part) for taken in _take(stage, views, order, threads)]
    truth = {"seed": seed, "kind": layout.kind, "renderer": _renderer(), "samples": order.samples, "views": truths}
    (part / TRUTH_NAME).write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    final = out / f"{seed:06d}"
    shutil.rmtree(final, ignore_errors=True)
    part.rename(final)


def _renderer() -> str:
    import bpy

    return f"Blender {bpy.app.version_string} Cycles"


def _take(stage: "Stage", views: Sequence[View], order: RenderOrder, threads: int) -> Iterator[tuple[View, "Shot"]]:
    """Yield as many shots as were ordered, of the views that show something."""
    from datasets.render.scenes.shoot import glance, prepare, shoot

    prepare(stage.scene, order.size, stage.layout.seed, threads)
    taken = 0
    for index, view in enumerate(views):
        spare = len(views) - index > order.views - taken
        if taken == order.views or (spare and not _of_interest(stage.layout, *glance(stage.scene, view.camera))):
            continue
        yield view, shoot(stage.scene, view.camera, order.samples, view.exposure)
        taken += 1


def _of_interest(layout: Layout, parts: NDArray[np.uint8], depth: NDArray[np.float32]) -> bool:
    shown = np.isin(parts, (SOIL_PART, NET_PART, HOARDING)) | (parts >= FIRST_THING)
    fullest = float(np.bincount(parts.ravel()).max() / parts.size)
    blocked = bool((depth < TOO_NEAR).mean() > 1 / 3)
    if layout.kind is SceneKind.STREET:
        return not blocked
    return bool(shown.mean() >= LEAST_OF_INTEREST) and fullest <= MOST_OF_ONE and not blocked


def _write_view(view: View, shot: "Shot", stage: "Stage", sky: Sky, folder: Path) -> dict[str, Any]:
    layout = stage.layout
    hazy = through_the_air(shot.picture, shot.depth, view, layout.seed)
    picture = record(distort(hazy, view.distortion, exact=False), view, layout.seed)
    parts = distort(shot.parts, view.distortion, exact=True)
    _write(folder / f"{view.name}.jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    _write(folder / f"{view.name}.png", class_mask(parts), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return view_truth(layout, sky, view, parts, shot.parts)


def _write(path: Path, image: NDArray[np.uint8], options: Sequence[int]) -> None:
    if not cv2.imwrite(os.fspath(path), image, list(options)):
        raise OSError(f"can't write {path}")
