"""The truth of the perimeter's story: the line, its gaps, its gate, and what hides it when. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from datasets.render.perimeter.site import BEHIND, GATE_X, HEIGHT, LEAF_Y
from datasets.render.story import Clip, Points, Pose

LINE_X = (-4.6, 19.0)
"""The part of the hoarding's foot that is drawn as the perimeter line, metres."""

LEAST_GAP = 0.001
"""Metres; what is narrower is none."""

Occluder = tuple[str, Callable[[float], Pose | None], Callable[[Pose], Points]]
"""A class, where the thing is at a time, and its outline at a pose."""


@dataclass(frozen=True)
class Slide:
    """A piece of the hoarding that slides out of its opening and back; times in seconds of the clip."""

    x: tuple[float, float]
    opens_at: float
    closes_at: float
    seconds: float
    """How long it takes each way."""

    @property
    def width(self) -> float:
        """Metres of the opening."""
        return self.x[1] - self.x[0]

    def offset(self, now: float) -> float:
        """Return by how many metres it is out of its opening."""
        share = min((now - self.opens_at) / self.seconds, (self.closes_at + self.seconds - now) / self.seconds)
        return self.width * min(1.0, max(0.0, share))

    def moves(self, now: float) -> bool:
        """Tell whether it is on its way just now."""
        return 0.0 < self.offset(now) < self.width

    def reach(self, shift: float) -> Points:
        """Return the corners of everything it may cover on its way: the opening and itself, shifted by `shift`."""
        xs = (*self.x, self.x[0] + shift, self.x[1] + shift)
        return np.array([(x, y, z) for x in xs for y in (-0.05, LEAF_Y + BEHIND) for z in (0.0, HEIGHT + 0.1)])


def gaps(loose: Slide, now: float) -> list[tuple[float, float]]:
    """Return the stretches without hoarding, metres along the line from its start; an open gate is none."""
    offset = loose.offset(now)
    return [(loose.x[1] - offset - LINE_X[0], loose.x[1] - LINE_X[0])] if offset >= LEAST_GAP else []


def _line(clip: Clip) -> list[list[float]]:
    points = clip.camera.project([(x, 0.0, 0.0) for x in LINE_X]).tolist()
    return [[round(x, 4), round(y, 4)] for x, y in points]


def _seen(clip: Clip, occluder: Occluder) -> list[dict[str, Any]]:
    _, pose_at, outline = occluder
    boxes = []
    for frame in range(clip.frames):
        pose = pose_at(clip.at(frame))
        box = None if pose is None else clip.camera.box(outline(pose))
        if box is not None:
            boxes.append({"frame": frame, "xyxy": [round(value, 4) for value in box]})
    return boxes


def truth(clip: Clip, gate: Slide, loose: Slide, occluders: Mapping[str, Occluder]) -> dict[str, Any]:
    """Return everything that is known of the story, ready for JSON; places are relative to the picture."""
    seconds = range(round(clip.seconds) + 1)
    gate_from = GATE_X[0] - LINE_X[0]
    return {
        "story": clip.name,
        "seed": clip.seed,
        "frames_per_second": clip.frames_per_second,
        "seconds": clip.seconds,
        "homography": [[float(f"{value:.8g}") for value in row] for row in clip.camera.ground_homography().tolist()],
        "line": {"points": _line(clip), "points_m": [[x, 0.0] for x in LINE_X], "length_m": LINE_X[1] - LINE_X[0]},
        "hoarding_height_m": HEIGHT,
        "gaps_m": [[[round(start, 3), round(end, 3)] for start, end in gaps(loose, second)] for second in seconds],
        "missing": [
            {
                "since": loose.opens_at,
                "whole_since": loose.opens_at + loose.seconds,
                "whole_until": loose.closes_at,
                "until": loose.closes_at + loose.seconds,
                "width_m": loose.width,
            }
        ],
        "gate": {"from_m": round(gate_from, 3), "to_m": round(gate_from + gate.width, 3)},
        "gate_open": [
            {
                "since": gate.opens_at,
                "wide_since": gate.opens_at + gate.seconds,
                "wide_until": gate.closes_at,
                "until": gate.closes_at + gate.seconds,
            }
        ],
        "occluders": [
            {"id": name, "class": occluder[0], "boxes": _seen(clip, occluder)} for name, occluder in occluders.items()
        ],
    }
