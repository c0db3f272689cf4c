"""The spray of the wash bay: droplets thrown from nozzles, drawn as translucent streaks and mist. Pure."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera
from datasets.render.driving import Truck
from datasets.render.site import BAY_LANE_X, bay_nozzles
from datasets.render.solids import Point3
from datasets.render.story import Clip

DROPLETS = 26
"""A frame and nozzle."""
SPEED = 4.5
LIFE = 0.5
EXPOSURE = 0.035
"""Seconds; how long a droplet draws its streak."""
GRAVITY = 9.81
COLOUR = (246, 242, 238)
RAMP = 0.8
"""Seconds in which the pumps start and stop."""

Layer = NDArray[np.float32]


def strength(trucks: Sequence[Truck], now: float) -> float:
    """Return how strongly the bay sprays at a time, 0 to 1: while a truck stands in it."""
    most = 0.0
    for truck in trucks:
        if truck.drive.stop_at is None:
            continue
        started, stopped = now - truck.drive.stands_from, truck.drive.stands_until + RAMP - now
        most = max(most, min(started / RAMP, stopped / RAMP, 1.0))
    return most


def _streaks(nozzles: Sequence[Point3], random: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where each droplet's streak begins and ends, (n, 3) each."""
    start = np.repeat(np.array(nozzles), DROPLETS, axis=0)
    count = len(start)
    inward = np.where(start[:, 0] > BAY_LANE_X, -1.0, 1.0)
    speed = SPEED * random.uniform(0.6, 1.1, count)
    angle = random.normal(0.25, 0.22, count)
    velocity = np.stack(
        [inward * speed * np.cos(angle), speed * random.normal(0, 0.28, count), speed * np.sin(angle)], axis=1
    )
    age = random.uniform(0, LIFE, count)

    def at(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        places = start + velocity * seconds[:, None]
        places[:, 2] = np.maximum(places[:, 2] - GRAVITY * seconds**2 / 2, 0.03)
        return places

    # Droplets that reach the truck's side splash off it and hang there as mist.
    begin, end = at(age), at(age + EXPOSURE)
    reach = 0.75
    for places in (begin, end):
        deep = np.abs(places[:, 0] - start[:, 0])
        places[:, 0] = start[:, 0] + inward * np.where(deep > reach, reach - 0.25 * np.minimum(deep - reach, 1.5), deep)
    return begin, end


def _draw(camera: Camera, nozzles: Sequence[Point3], random: np.random.Generator, size: tuple[int, int]) -> Layer:
    """Return how opaque the spray of some nozzles is in each pixel."""
    width, height = size
    begin, end = _streaks(nozzles, random)
    scale = np.array([width, height]) * 16.0
    first, last = camera.project(begin) * scale, camera.project(end) * scale
    streaks = np.zeros((height, width), np.uint8)
    for p, q in zip(first.astype(int).tolist(), last.astype(int).tolist(), strict=True):
        cv2.line(streaks, p, q, 255, 1, cv2.LINE_AA, shift=4)
    fine = streaks.astype(np.float32) / 255
    mist = np.asarray(cv2.GaussianBlur(fine, (0, 0), width / 110), np.float32)
    return np.asarray(np.clip(0.5 * cv2.GaussianBlur(fine, (0, 0), 0.6) + 0.9 * mist, 0, 0.75), np.float32)


def _hide(layer: Layer, trucks: Sequence[Truck], now: float, camera: Camera, depth: float) -> None:
    """Blank the layer where a truck nearer than it stands before it."""
    height, width = layer.shape
    for truck in trucks:
        pose = truck.pose(now)
        if pose is None or camera.depths([(pose.x, pose.y, 1.5)])[0] > depth:
            continue
        seen = camera.project(truck.outline(pose))
        seen = seen[~np.isnan(seen[:, 0])]
        if len(seen) > 2:
            hull = cv2.convexHull((seen * (width, height)).astype(np.int32))
            cv2.fillConvexPoly(layer, hull, 0.0)


def spray(image: NDArray[np.uint8], clip: Clip, trucks: Sequence[Truck], frame: int) -> NDArray[np.uint8]:
    """Return the picture with the bay's spray at that frame."""
    camera, now = clip.camera, clip.at(frame)
    strong = strength(trucks, now)
    if strong <= 0:
        return image
    height, width = image.shape[:2]
    random = np.random.default_rng((clip.seed, frame))
    opacity = np.zeros((height, width), np.float32)
    for side in (-1, 1):
        nozzles = [nozzle for nozzle in bay_nozzles() if (nozzle[0] - BAY_LANE_X) * side > 0]
        layer = _draw(camera, nozzles, random, (width, height))
        _hide(layer, trucks, now, camera, float(camera.depths(nozzles).mean()))
        opacity = np.maximum(opacity, layer)
    weight = (opacity * strong)[:, :, None]
    return np.asarray(image * (1 - weight) + np.array(COLOUR) * weight, np.uint8)
