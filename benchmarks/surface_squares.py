"""Lays a surfaces data set out for two heads: the same squares, with masks for the one and outlines for the other.

ultralytics scales pictures to a size by their shorter side for semantic segmentation and by their longer side for
instance segmentation. Squares are the same by both, so both heads learn from the same pixels at the same scale.
"""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from shapely import Polygon

from datasets.coco import mask_outlines
from models.classes import OTHER, class_id, class_names
from models.data.label_files import LabelPolygon, format_polygons
from models.data.names import ClassNames
from models.data.sample import NOT_JUDGED, sample_mask
from models.evaluation.measurement import read_bgr
from models.inference.letterbox import Letterbox
from models.training.staging import TrainingSample


@dataclass(frozen=True)
class Squares:
    """Where ultralytics finds the data set as each head wants it; pictures by split, and outlined areas by class."""

    semantic: Path
    instance: Path
    pictures: dict[str, int]
    areas: dict[str, int]


def lay_out_squares(samples: Sequence[TrainingSample], size: int, folder: Path) -> Squares:
    """Write the samples as squares of `size` pixels into `folder`, which is emptied first. Raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    names = class_names("surfaces")
    pictures, areas = Counter[str](), Counter[str]()
    for each in samples:
        paths = {kind: folder / kind / each.split for kind in ("images", "masks", "labels")}
        for path in paths.values():
            path.mkdir(parents=True, exist_ok=True)
        mask = square_mask(ours_alone(sample_mask(each.sample, each.names), each.names), size)
        outlines = area_outlines(mask)
        cv2.imwrite(str(paths["images"] / f"{each.name}.png"), square_picture(read_bgr(each.sample), size))
        cv2.imwrite(str(paths["masks"] / f"{each.name}.png"), mask)
        (paths["labels"] / f"{each.name}.txt").write_text(format_polygons(outlines), encoding="utf-8")
        pictures[each.split] += 1
        areas.update(names[outline.class_id] for outline in outlines)
    semantic, instance = folder / "semantic.yaml", folder / "instance.yaml"
    _describe(semantic, names, masks_dir="masks")
    _describe(instance, instance_names())
    return Squares(semantic, instance, dict(pictures), dict(areas))


def instance_names() -> dict[int, str]:
    """Return the classes that have instances: all but "other", by our numbers."""
    return {number: name for number, name in class_names("surfaces").items() if name != OTHER}


def ours_alone(mask: NDArray[np.uint8], names: ClassNames) -> NDArray[np.uint8]:
    """Return the mask with foreign classes as "other"."""
    foreign = (mask >= len(names.ours)) & (mask != NOT_JUDGED)
    return np.where(foreign, np.uint8(class_id("surfaces", OTHER)), mask)


def square_picture(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return the picture (height, width, 3) scaled into the top left of a grey square."""
    return _fit(picture, size).apply(picture)


def square_mask(mask: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return the mask (height, width) as `square_picture` returns its picture; the padding is not judged."""
    height, width = mask.shape
    scale = _fit(mask, size).scale
    inner = cv2.resize(
        mask, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_NEAREST
    )
    square = np.full((size, size), NOT_JUDGED, np.uint8)
    square[: inner.shape[0], : inner.shape[1]] = inner
    return square


def area_outlines(mask: NDArray[np.uint8]) -> list[LabelPolygon]:
    """Return each connected area of a class with instances as one polygon, in relative coordinates."""
    scale = np.array([mask.shape[1], mask.shape[0]])
    outlines = []
    for number in instance_names():
        for area in mask_outlines((mask == number).astype(np.uint8)):
            points = np.clip(np.asarray(one_ring(area)) / scale, 0, 1).tolist()
            outlines.append(LabelPolygon(number, tuple((x, y) for x, y in points)))
    return outlines


def one_ring(area: Polygon) -> list[tuple[float, float]]:
    """Return outline and holes as one line that walks to each hole, around it, and back the same way.

    YOLO's labels know no holes, but such a line filled by the even-odd rule leaves them out; the area stays one.
    """
    ring = [(x, y) for x, y in area.exterior.coords[:-1]]
    for interior in area.interiors:
        hole = [(x, y) for x, y in interior.coords[:-1]]
        apart = np.asarray(ring)[:, None] - np.asarray(hole)[None]
        leave, reach = divmod(int(np.hypot(apart[..., 0], apart[..., 1]).argmin()), len(hole))
        ring = ring[: leave + 1] + hole[reach:] + hole[: reach + 1] + ring[leave:]
    return ring


def _fit(picture: NDArray[np.uint8], size: int) -> Letterbox:
    return Letterbox.fit(picture.shape[0], picture.shape[1], size, size, centred=False)


def _describe(path: Path, names: dict[int, str], **more: str) -> None:
    described = {"path": str(path.parent.resolve()), "train": "images/train", "val": "images/val", "names": names}
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(described | more, file)
