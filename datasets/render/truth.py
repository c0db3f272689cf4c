"""The truth of a story: zones, boxes and outcomes, computed from the scene itself. Pure."""

from typing import Any

from shapely import MultiPoint, Point, Polygon

from datasets.render.camera import Box, Camera
from datasets.render.plates import placed
from datasets.render.site import BAY_X, GATE_X
from datasets.render.story import BAY_Y, Actor, Story

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


def boxes(story: Story, actor: Actor, camera: Camera) -> dict[int, Box]:
    """Return the truck's box in each frame in which it is in sight; what hides it is not considered."""
    found: dict[int, Box] = {}
    for frame in range(story.frames):
        pose = actor.pose(story.at(frame))
        box = None if pose is None else camera.box(placed(actor, pose))
        if box is not None:
            found[frame] = box
    return found


def exit_line(camera: Camera) -> tuple[list[RelativePoint], RelativePoint]:
    """Return the line across the gate's opening and a point outside it."""
    left, right = GATE_X
    points = camera.project([(left, EXIT_LINE_Y, 0.0), (right, EXIT_LINE_Y, 0.0), (*OUTWARD, 0.0)]).tolist()
    start, end, outward = [(float(x), float(y)) for x, y in points]
    return [start, end], outward


def wash_bay(story: Story, camera: Camera) -> list[RelativePoint]:
    """Return the wash bay as seen on its ground, widened to the feet of the boxes that stand in it."""
    (left, right), (near, far) = BAY_X, BAY_Y
    corners = [(x, y, 0.0) for x in (left, right + BESIDE) for y in (near - BEFORE, far)]
    shape = MultiPoint(camera.project(corners).tolist()).convex_hull
    for actor in story.actors:
        standing = [f for f in range(story.frames) if actor.drive.is_standing(story.at(f))]
        if standing:
            feet = boxes(story, actor, camera)[standing[0]]
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


def _leaves_at(story: Story, found: dict[int, Box], line: list[RelativePoint], outward: RelativePoint) -> float | None:
    """Return when the truck's foot has come past the line."""
    frames = [frame for frame, box in found.items() if depth(line, outward, foot(box)) > 0]
    return story.at(min(frames)) if frames else None


def _truck(story: Story, actor: Actor, camera: Camera) -> dict[str, Any]:
    line, outward = exit_line(camera)
    bay = Polygon(wash_bay(story, camera))
    found = boxes(story, actor, camera)
    leaves_at = _leaves_at(story, found, line, outward)
    inside = [frame for frame, box in found.items() if bay.covers(Point(foot(box)))]
    standing = [frame for frame in inside if actor.drive.is_standing(story.at(frame))]
    in_bay = len(inside) / story.frames_per_second
    return {
        "id": actor.truck_id,
        "colour": actor.colour,
        "axles": actor.axles,
        "washed_seconds": len(standing) / story.frames_per_second,
        "in_bay_seconds": in_bay,
        "leaves_at": leaves_at,
        "violation": leaves_at is not None and in_bay < story.wash_seconds,
        "boxes": [{"frame": frame, "xyxy": _rounded_box(box)} for frame, box in found.items()],
    }


def _rounded_box(box: Box) -> list[float]:
    return [round(value, 4) for value in box]


def truth(story: Story, camera: Camera) -> dict[str, Any]:
    """Return everything that is known of a story, ready for JSON; places are relative to the picture."""
    line, outward = exit_line(camera)
    return {
        "story": story.name,
        "seed": story.seed,
        "frames_per_second": story.frames_per_second,
        "seconds": story.seconds,
        "rule": {"wash_seconds": story.wash_seconds},
        "exit_line": {"points": [_rounded(point) for point in line], "outward": _rounded(outward)},
        "wash_bay": [_rounded(point) for point in wash_bay(story, camera)],
        "trucks": [_truck(story, actor, camera) for actor in story.actors],
    }
