"""What is true of a view: boxes and visible shares of things, areas of soil and net, the ground's homography. Pure."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera
from datasets.render.scenes.layout import Layout
from datasets.render.scenes.parts import FIRST_THING, NET_PART, SOIL_PART
from datasets.render.scenes.terrain import CELL, Kind
from datasets.render.scenes.things import placed_mesh
from datasets.render.scenes.views import Sky, View

Points = NDArray[np.float64]
LEAST_PIXELS = 12
"""Things of which fewer are seen are not told."""


@dataclass(frozen=True)
class Silhouette:
    """How many pixels a thing would fill if nothing hid it: all of it, and what of it lies in the picture."""

    whole: float
    inside: float

    @property
    def in_picture(self) -> float:
        """The share of the thing that the picture's edges leave, 0..1."""
        return min(1.0, self.inside / self.whole) if self.whole else 0.0


def silhouette(camera: Camera, points: Points, faces: list[tuple[int, ...]], size: tuple[int, int]) -> Silhouette:
    """Return a thing's silhouette; faces that reach behind the camera are left out."""
    seen = camera.project(points) * np.array(size)
    ahead = ~np.isnan(seen[:, 0])
    shown = [list(face) for face in faces if ahead[list(face)].all()]
    if not shown:
        return Silhouette(0.0, 0.0)
    corners = seen[np.unique(np.concatenate(shown))]
    low, extent = corners.min(axis=0), np.ptp(corners, axis=0)
    scale = min(1.0, 1024 / max(float(extent.max()), 1.0))
    whole = _filled((seen - low) * scale, shown, (int(extent[0] * scale) + 2, int(extent[1] * scale) + 2))
    return Silhouette(whole / scale**2, _filled(seen, shown, size))


def _filled(pixels: Points, faces: list[list[int]], size: tuple[int, int]) -> float:
    canvas = np.zeros((size[1], size[0]), np.uint8)
    fixed = np.clip(np.nan_to_num(pixels) * 16, -(2**20), 2**20).astype(np.int32)
    for face in faces:
        cv2.fillConvexPoly(canvas, cv2.convexHull(fixed[face]), 1, shift=4)
    return float(canvas.sum())


def objects(layout: Layout, camera: Camera, parts: NDArray[np.uint8], clear: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Return the things that are seen; `clear` is the parts picture before the lens, as the silhouettes are."""
    height, width = parts.shape
    found = []
    for number, thing in enumerate(layout.things):
        part = FIRST_THING + number
        rows, columns = np.nonzero(parts == part)
        if len(rows) < LEAST_PIXELS:
            continue
        outline = silhouette(camera, *placed_mesh(thing), (width, height))
        visible = min(1.0, float((clear == part).sum()) / outline.inside) if outline.inside else 0.0
        box = [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1]
        found.append(
            {
                "id": number,
                "class": thing.class_name,
                "make": thing.make,
                "muddy": thing.muddy,
                "bbox_xyxy": box,
                "visible_share": round(visible, 3),
                "in_picture_share": round(outline.in_picture, 3),
            }
        )
    return found


def visible_area(layout: Layout, camera: Camera, parts: NDArray[np.uint8], part: int) -> float:
    """Return the area (m², as seen from above) of the ground cells that are seen as this part."""
    terrain = layout.terrain
    height, width = parts.shape
    cells = terrain.netted() if part == NET_PART else (terrain.kinds == Kind.SOIL) & ~terrain.netted()
    points = terrain.centres()[cells]
    if len(points) == 0:
        return 0.0
    if part == NET_PART:
        points = points + np.array([0, 0, 0.1])
    seen = camera.project(points)
    inside = np.all((seen >= 0) & (seen < 1), axis=1)  # false for nan, too
    x, y = (seen[inside] * (width, height)).astype(int).T
    return round(float((parts[y, x] == part).sum()) * CELL**2, 1)


def homography(camera: Camera, size: tuple[int, int]) -> list[list[float]]:
    """Return the 3x3 matrix that takes picture pixels to metres on the ground plane z = 0."""
    ahead = camera.axes[2]
    flat = np.array([ahead[0], ahead[1]]) / max(1e-6, float(np.hypot(ahead[0], ahead[1])))
    side = np.array([flat[1], -flat[0]])
    base = np.array(camera.position[:2])
    ground = np.array([base + flat * d + side * s for d, s in ((12, -3), (12, 3), (40, -9), (40, 9))], np.float32)
    pixels = camera.project(np.column_stack([ground, np.zeros(4)])) * np.array(size)
    matrix = cv2.getPerspectiveTransform(pixels.astype(np.float32), ground)
    return [[float(value) for value in row] for row in matrix]


def view_truth(
    layout: Layout,
    sky: Sky,
    view: View,
    parts: NDArray[np.uint8],
    clear: NDArray[np.uint8],
) -> dict[str, Any]:
    """Return everything that is known of a view, ready for JSON."""
    height, width = parts.shape
    camera = view.camera
    return {
        "name": view.name,
        "picture": f"{view.name}.jpg",
        "mask": f"{view.name}.png",
        "size": [width, height],
        "objects": objects(layout, camera, parts, clear),
        "homography": homography(camera, (width, height)) if view.distortion == 0 else None,
        "camera": {
            "position": list(camera.position),
            "target": list(camera.target),
            "horizontal_view_degrees": camera.horizontal_view_degrees,
            "distortion": view.distortion,
        },
        "conditions": {
            "light": sky.light,
            "weather": view.weather,
            "wet": sky.wet,
            "dirty_dome": view.dirty_dome,
            "crf": view.crf,
        },
        "soil_area_m2": visible_area(layout, camera, clear, SOIL_PART),
        "net_area_m2": visible_area(layout, camera, clear, NET_PART),
        "hoarding_gaps_m": layout.hoarding_gaps(),
    }
