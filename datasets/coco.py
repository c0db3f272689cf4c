"""COCO export of a data set's split, for other people's tools."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from models.classes import class_id
from models.data.data_set import DataSet
from models.data.pictures import picture_size
from models.data.records import Split
from models.data.sample import NOT_JUDGED, Sample, sample_boxes, sample_mask

LEAST_AREA_PX = 16
"""Smaller specks of a surface are left out."""
_SIMPLIFIED_PX = 0.5


def coco_document(data_set: DataSet, split: Split, on_sample: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Return the split as COCO's instances document: category numbers are the data set's, boxes are x, y, w, h.

    Surfaces become polygons, good to a pixel: one annotation a connected area, holes cut open; "other" and pixels not
    judged become none. `on_sample` is called for each sample. Raises what reading a sample raises.
    """
    images, annotations = [], []
    for number, sample in enumerate(data_set.samples(split), start=1):
        width, height = picture_size(sample.picture)
        name = sample.picture.relative_to(data_set.folder).as_posix()
        images.append({"id": number, "file_name": name, "width": width, "height": height})
        found = _areas(sample, data_set) if data_set.task == "surfaces" else _boxes(sample, data_set, width, height)
        annotations += [{"image_id": number, "iscrowd": 0, **each} for each in found]
        on_sample()
    for number, annotation in enumerate(annotations, start=1):  # COCO's tools take 0 for "no annotation"
        annotation["id"] = number
    return {
        "info": {"description": f"dustwatch {data_set.task} {split}"},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": number, "name": name} for number, name in data_set.names.all.items()],
    }


def _boxes(sample: Sample, data_set: DataSet, width: int, height: int) -> list[dict[str, Any]]:
    annotations = []
    for label in sample_boxes(sample, data_set.names):
        left, top, right, bottom = label.bbox_xyxy
        sides = ((right - left) * width, (bottom - top) * height)
        bbox = [round(number, 2) for number in (left * width, top * height, *sides)]
        annotations.append({"category_id": label.class_id, "bbox": bbox, "area": round(sides[0] * sides[1], 1)})
    return annotations


def _areas(sample: Sample, data_set: DataSet) -> list[dict[str, Any]]:
    mask = sample_mask(sample, data_set.names)
    ground = {class_id("surfaces", "other"), NOT_JUDGED}
    annotations = []
    for number in sorted(set(np.unique(mask).tolist()) - ground):
        for area in mask_outlines((mask == number).astype(np.uint8)):
            left, top, right, bottom = area.bounds
            bbox = [round(side, 1) for side in (left, top, right - left, bottom - top)]
            rings = [_ring(part) for part in without_holes(area)]
            annotations.append(
                {"category_id": number, "segmentation": rings, "bbox": bbox, "area": round(area.area, 1)}
            )
    return annotations


def mask_outlines(mask: NDArray[np.uint8]) -> list[Polygon]:
    """Return the outlines (in pixels, along the pixels' edges) of a 0/1 mask's connected areas, with their holes."""
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return []
    areas = []
    for index, (_, _, first_hole, parent) in enumerate(hierarchy[0]):
        if parent >= 0 or len(contours[index]) < 3:
            continue
        holes, hole = [], first_hole
        while hole >= 0:
            holes.append(contours[hole])
            hole = hierarchy[0][hole][0]
        areas += _polygons(contours[index], holes)
    return [area for area in areas if area.area >= LEAST_AREA_PX]


def _polygons(outline: MatLike, holes: list[MatLike]) -> list[Polygon]:
    """cv2's outlines run through the centres of the border's pixels; widen them by half a pixel, to the edges."""
    rings = [hole[:, 0] + 0.5 for hole in holes if len(hole) >= 3]
    wide: BaseGeometry = Polygon(outline[:, 0] + 0.5).buffer(0.5, join_style="mitre")
    for ring in rings:
        wide = wide.difference(Polygon(ring).buffer(-0.5, join_style="mitre"))
    return _parts(wide.simplify(_SIMPLIFIED_PX))


def without_holes(area: Polygon) -> list[Polygon]:
    """Cut the polygon upright through its holes until no part has one: COCO's polygons know no holes."""
    if not area.interiors:
        return [area]
    left, bottom, right, top = area.bounds
    x = area.interiors[0].centroid.x
    halves = [box(left, bottom, x, top), box(x, bottom, right, top)]
    return [whole for half in halves for part in _parts(area.intersection(half)) for whole in without_holes(part)]


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon) and not part.is_empty]


def _ring(area: Polygon) -> list[float]:
    return [round(float(number), 1) for point in list(area.exterior.coords)[:-1] for number in point]
