"""What is true of a view: boxes and visible shares of things, areas of soil and net, the ground's homography. Pure."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera
from datasets.render.scenes.layout import Layout, Thing
from datasets.render.scenes.parts import FIRST_THING, NET_PART, SOIL_PART
from datasets.render.scenes.terrain import CELL, Kind
from datasets.render.scenes.views import Sky, View

Points = NDArray[np.float64]


def silhouette_area(camera: Camera, points: Points, faces: list[tuple[int, ...]], size: tuple[int, int]) -> float:
    """Return how many pixels a thing would fill if nothing hid it and the picture did not end; 0 behind the camera."""
    seen = camera.project(points)
    if np.isnan(seen).any():
        return 0.0
    pixels = seen * np.array(size)
    low = pixels.min(axis=0)
    extent = pixels.max(axis=0) - low
    scale = min(1.0, 1024 / max(float(extent.max()), 1.0))
    canvas = np.zeros((int(extent[1] * scale) + 2, int(extent[0] * scale) + 2), np.uint8)
    shifted = ((pixels - low) * scale * 16).astype(np.int32)
    for face in faces:
        cv2.fillConvexPoly(canvas, cv2.convexHull(shifted[list(face)]), 1, shift=4)
    return float(canvas.sum()) / scale**2


def objects(
    layout: Layout, parts: NDArray[np.uint8], clear: NDArray[np.uint8], silhouettes: dict[int, float]
) -> list[dict[str, Any]]:
    """Return the things that are seen; `clear` is the parts picture before the lens, as the silhouettes are."""
    found = []
    for number, thing in enumerate(layout.things):
        part = FIRST_THING + number
        rows, columns = np.nonzero(parts == part)
        if len(rows) < 12:
            continue
        whole = silhouettes.get(part, 0.0)
        share = min(1.0, float((clear == part).sum()) / whole) if whole else 0.0
        box = [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1]
        found.append(_described(number, thing, box, share))
    return found


def _described(number: int, thing: Thing, box: list[int], share: float) -> dict[str, Any]:
    return {
        "id": number,
        "class": thing.class_name,
        "make": thing.make,
        "muddy": thing.muddy,
        "bbox_xyxy": box,
        "visible_share": round(share, 3),
    }


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
    silhouettes: dict[int, float],
) -> dict[str, Any]:
    """Return everything that is known of a view, ready for JSON."""
    height, width = parts.shape
    camera = view.camera
    return {
        "name": view.name,
        "picture": f"{view.name}.jpg",
        "mask": f"{view.name}.png",
        "size": [width, height],
        "objects": objects(layout, parts, clear, silhouettes),
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
