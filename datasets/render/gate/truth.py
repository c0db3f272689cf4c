"""The truth of the gate's story: zones, boxes and outcomes, computed from the scene itself. Pure."""

from collections.abc import Sequence
from typing import Any

from shapely import MultiPoint, Point, Polygon

from datasets.render.camera import Box, Camera
from datasets.render.driving import Truck
from datasets.render.site import BAY_X, BAY_Y, GATE_X
from datasets.render.story import Clip

EXIT_LINE_Y = -0.2
OUTWARD = (3.0, -4.5)
"""A point on the ground outside the exit line."""
BEFORE, BESIDE = 1.7, 1.3
"""Metres by which the zone of the wash bay reaches over its kerbs towards the camera, as one would draw it: a
detector's boxes take in spray and wet ground below the truck."""
ROOM = 0.02
"""How far the zone of the wash bay reaches round the feet of those that wash, share of the picture."""

RelativePoint = tuple[float, float]


def _rounded(point: RelativePoint) -> list[float]:
    return [round(float(value), 4) for value in point]


def foot(box: Box) -> RelativePoint:
    """Return the middle of a box's lower edge."""
    return (box[0] + box[2]) / 2, box[3]


def boxes(clip: Clip, truck: Truck) -> dict[int, Box]:
    """Return the truck's box in each frame in which it is in sight; what hides it is not considered."""
    found: dict[int, Box] = {}
    for frame in range(clip.frames):
        pose = truck.pose(clip.at(frame))
        box = None if pose is None else clip.camera.box(truck.outline(pose))
        if box is not None:
            found[frame] = box
    return found


def exit_line(camera: Camera) -> tuple[list[RelativePoint], RelativePoint]:
    """Return the line across the gate's opening and a point outside it."""
    left, right = GATE_X
    points = camera.project([(left, EXIT_LINE_Y, 0.0), (right, EXIT_LINE_Y, 0.0), (*OUTWARD, 0.0)]).tolist()
    start, end, outward = [(float(x), float(y)) for x, y in points]
    return [start, end], outward


def wash_bay(clip: Clip, trucks: Sequence[Truck]) -> list[RelativePoint]:
    """Return the wash bay as seen on its ground, widened to the feet of the boxes that stand in it."""
    (left, right), (near, far) = BAY_X, BAY_Y
    corners = [(x, y, 0.0) for x in (left, right + BESIDE) for y in (near - BEFORE, far)]
    shape = MultiPoint(clip.camera.project(corners).tolist()).convex_hull
    for truck in trucks:
        standing = [f for f in range(clip.frames) if truck.drive.is_standing(clip.at(f))]
        if standing:
            feet = boxes(clip, truck)[standing[0]]
            shape = shape.union(Point(foot(feet)).buffer(ROOM, quad_segs=2)).convex_hull
    if not isinstance(shape, Polygon):
        raise TypeError("the wash bay is out of sight")
    return [(float(x), float(y)) for x, y in shape.exterior.coords[:-1]]


def depth(line: list[RelativePoint], outward: RelativePoint, point: RelativePoint) -> float:
    """Return how far outside the line a point lies, negative inside."""

    def side(p: RelativePoint) -> float:
        (x0, y0), (x1, y1) = line
        length = float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        return ((x1 - x0) * (p[1] - y0) - (y1 - y0) * (p[0] - x0)) / length

    return side(point) if side(outward) > 0 else -side(point)


def _leaves_at(clip: Clip, found: dict[int, Box], line: list[RelativePoint], outward: RelativePoint) -> float | None:
    """Return when the truck's foot has come past the line."""
    frames = [frame for frame, box in found.items() if depth(line, outward, foot(box)) > 0]
    return clip.at(min(frames)) if frames else None


def _truck(clip: Clip, truck: Truck, bay: Polygon, wash_seconds: float) -> dict[str, Any]:
    found = boxes(clip, truck)
    leaves_at = _leaves_at(clip, found, *exit_line(clip.camera))
    inside = [frame for frame, box in found.items() if bay.covers(Point(foot(box)))]
    standing = [frame for frame in inside if truck.drive.is_standing(clip.at(frame))]
    in_bay = len(inside) / clip.frames_per_second
    return {
        "id": truck.name,
        "colour": truck.colour,
        "axles": truck.axles,
        "muddy": truck.muddy,
        "washed_seconds": len(standing) / clip.frames_per_second,
        "in_bay_seconds": in_bay,
        "leaves_at": leaves_at,
        "violation": leaves_at is not None and in_bay < wash_seconds,
        "muddy_violation": leaves_at is not None and truck.muddy,
        "boxes": [{"frame": frame, "xyxy": _rounded_box(box)} for frame, box in found.items()],
    }


def _rounded_box(box: Box) -> list[float]:
    return [round(value, 4) for value in box]


def truth(clip: Clip, trucks: Sequence[Truck], wash_seconds: float) -> dict[str, Any]:
    """Return everything that is known of the story, ready for JSON; places are relative to the picture."""
    line, outward = exit_line(clip.camera)
    bay = wash_bay(clip, trucks)
    return {
        "story": clip.name,
        "seed": clip.seed,
        "frames_per_second": clip.frames_per_second,
        "seconds": clip.seconds,
        "rule": {"wash_seconds": wash_seconds},
        "exit_line": {"points": [_rounded(point) for point in line], "outward": _rounded(outward)},
        "wash_bay": [_rounded(point) for point in bay],
        "trucks": [_truck(clip, truck, Polygon(bay), wash_seconds) for truck in trucks],
    }
