"""The truth of the yard's story: what lies where and how much soil is bare, computed from the scene itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any, Literal

import numpy as np
from shapely import MultiPoint, Polygon
from shapely import box as rectangle
from shapely.geometry.base import BaseGeometry

from datasets.render.camera import Camera
from datasets.render.story import Clip, Points
from datasets.render.yard.site import (
    HOARDING_TOP,
    HOARDING_Y,
    STEP,
    STOCKPILES,
    ZONE,
    Rectangle,
    bare_rectangle,
    soil_height,
)

RelativePoint = tuple[float, float]
TOLERANCE = 0.001
"""Share of the picture by which outlines may be off, so that they need fewer points."""
PICTURE = rectangle(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Uncovering:
    """When a strip's net is drawn back and when it is laid again, seconds of the clip."""

    strip: int
    bare_from: float
    bare_until: float

    def is_bare(self, seconds: float) -> bool:
        """Tell whether the strip's soil is bare."""
        return self.bare_from <= seconds < self.bare_until

    def state(self, seconds: float) -> Literal["laid", "drawn"]:
        """Return how the strip's net lies."""
        return "drawn" if self.is_bare(seconds) else "laid"


def area(ground: Rectangle) -> float:
    """Return a rectangle's area in m2, as seen from above."""
    (x0, x1), (y0, y1) = ground
    return (x1 - x0) * (y1 - y0)


def soil_area(uncoverings: Sequence[Uncovering], seconds: float) -> float:
    """Return how much soil is bare in m2, as seen from above."""
    return sum(area(bare_rectangle(one.strip)) for one in uncoverings if one.is_bare(seconds))


def outline(camera: Camera, ground: Rectangle) -> list[RelativePoint]:
    """Return the outline of a piece of the soil on the picture, cut at its edges."""
    (x0, x1), (y0, y1) = ground
    xs = np.linspace(x0, x1, round((x1 - x0) / STEP) + 1)
    ys = np.linspace(y0, y1, round((y1 - y0) / STEP) + 1)
    x = np.concatenate([xs, np.full_like(ys, x1), xs[::-1], np.full_like(ys, x0)])
    y = np.concatenate([np.full_like(xs, y0), ys, np.full_like(xs, y1), ys[::-1]])
    return _seen(Polygon(camera.project(np.stack([x, y, soil_height(x, y)], axis=1))))


def _seen(shape: BaseGeometry) -> list[RelativePoint]:
    cut = shape.intersection(PICTURE).simplify(TOLERANCE)
    if not isinstance(cut, Polygon) or cut.is_empty:
        raise TypeError("the shape is not on the picture in one piece")
    return [(round(float(x), 4), round(float(y), 4)) for x, y in cut.exterior.coords[:-1]]


def _pile(place: tuple[float, float, float, float]) -> Points:
    """Return points on a stockpile's surface, as the renderer shapes it, without its lumps."""
    x, y, radius, height = place
    points = [(x, y, height)]
    for share, level in ((0.3, 0.875), (1.0, 0.0)):
        angles = [i * pi / 18 for i in range(36)]
        points += [(x + radius * share * cos(a), y + radius * share * sin(a), height * level) for a in angles]
    return np.array(points)


def _zone(camera: Camera) -> list[RelativePoint]:
    """Return the zone's corners as one would draw them, on the ground plane."""
    (left, right), (near, far) = ZONE
    corners = [(x, y, 0.0) for x, y in ((left, near), (right, near), (right, far), (left, far))]
    return [(round(x, 4), round(y, 4)) for x, y in camera.project(corners).tolist()]


def _stretches(strips: Sequence[int]) -> list[Rectangle]:
    """Return the ground of these strips, neighbours as one."""
    joined: list[Rectangle] = []
    for (left, right), along in map(bare_rectangle, sorted(strips)):
        if joined and joined[-1][0][1] == left:
            left = joined.pop()[0][0]
        joined.append(((left, right), along))
    return joined


def surfaces(camera: Camera, bare: Sequence[int]) -> list[dict[str, Any]]:
    """Return what lies where while these strips are bare, in painter's order; what no polygon covers is `other`."""
    wall = [(x, HOARDING_Y, z) for x, z in ((-70, 0.35), (70, 0.35), (70, HOARDING_TOP), (-70, HOARDING_TOP))]
    layers = [("hoarding", _seen(Polygon(camera.project(wall)))), ("dust_net", outline(camera, ZONE))]
    layers += [("bare_soil", outline(camera, ground)) for ground in _stretches(bare)]
    for place in sorted(STOCKPILES, key=lambda pile: -pile[1]):
        hull = MultiPoint(camera.project(_pile(place)).tolist()).convex_hull
        layers.append(("dust_net", _seen(hull)))
    return [{"class": name, "polygon": polygon} for name, polygon in layers]


def _states(clip: Clip, uncoverings: Sequence[Uncovering]) -> list[dict[str, Any]]:
    """Return the spans of the clip in which the same strips are bare."""
    changes = sorted({0.0, *(time for one in uncoverings for time in (one.bare_from, one.bare_until))})
    states = []
    for since, until in zip(changes, [*changes[1:], clip.seconds], strict=True):
        bare = [one.strip for one in uncoverings if one.is_bare(since)]
        soil = soil_area(uncoverings, since)
        states.append(
            {
                "since": round(since, 3),
                "until": round(until, 3),
                "bare_strips": bare,
                "soil_area_m2": soil,
                "soil_share": round(soil / area(ZONE), 4),
                "surfaces": surfaces(clip.camera, bare),
            }
        )
    return states


def truth(clip: Clip, uncoverings: Sequence[Uncovering]) -> dict[str, Any]:
    """Return everything that is known of the story, ready for JSON; places are relative to the picture."""
    seconds = range(round(clip.seconds) + 1)
    return {
        "story": clip.name,
        "seed": clip.seed,
        "frames_per_second": clip.frames_per_second,
        "seconds": clip.seconds,
        "minutes_per_second": clip.minutes_per_second,
        "zone": _zone(clip.camera),
        "zone_area_m2": area(ZONE),
        "homography": [[float(f"{value:.8g}") for value in row] for row in clip.camera.ground_homography().tolist()],
        "laid_bare_at": min(one.bare_from for one in uncoverings),
        "covered_at": max(one.bare_until for one in uncoverings),
        "strips": [
            {
                "strip": one.strip,
                "bare_from": round(one.bare_from, 3),
                "bare_until": round(one.bare_until, 3),
                "area_m2": area(bare_rectangle(one.strip)),
                "polygon": outline(clip.camera, bare_rectangle(one.strip)),
            }
            for one in uncoverings
        ],
        "soil_area_m2": [soil_area(uncoverings, second) for second in seconds],
        "soil_share": [round(soil_area(uncoverings, second) / area(ZONE), 4) for second in seconds],
        "states": _states(clip, uncoverings),
    }
