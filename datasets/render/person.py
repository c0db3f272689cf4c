"""A worker in a safety vest and a helmet: forward is +x, the origin lies on the ground between the feet."""

from collections.abc import Mapping
from math import sin

from datasets.render.rig import Matrix, Rig, moved, raised, stands
from datasets.render.solids import Solid, box, cylinder, frustum
from datasets.render.story import Pose

HIP = 0.88
STRIDE = 0.75
"""Metres between two steps."""
SWING = 0.45
"""Radians that a leg swings to each side."""


def _body() -> list[Solid]:
    return [
        frustum("overalls", ((-0.11, 0.11), (-0.17, 0.17), 0.82), ((-0.12, 0.12), (-0.18, 0.18), 1.0)),
        frustum("vest", ((-0.12, 0.12), (-0.19, 0.19), 0.95), ((-0.13, 0.13), (-0.23, 0.23), 1.46)),
        box("lamp", (-0.135, 0.135), (-0.215, 0.215), (1.08, 1.13)),
        cylinder("face", (0.01, 0, 1.52), 0.06, 0.14, axis="z", sides=12),
        cylinder("face", (0.02, 0, 1.64), 0.1, 0.2, axis="z", sides=14),
        cylinder("hard hat", (0.02, 0, 1.75), 0.125, 0.1, axis="z", sides=16),
        box("hard hat", (0.02, 0.19), (-0.09, 0.09), (1.7, 1.72)),
    ]


def _leg() -> list[Solid]:
    return [
        frustum("overalls", ((-0.07, 0.07), (-0.07, 0.07), -0.84), ((-0.1, 0.1), (-0.09, 0.09), 0.02)),
        box("black", (-0.09, 0.19), (-0.06, 0.06), (-0.88, -0.78)),
    ]


def _arm() -> list[Solid]:
    return [
        frustum("overalls", ((-0.05, 0.05), (-0.05, 0.05), -0.58), ((-0.07, 0.07), (-0.06, 0.06), 0.0)),
        box("face", (-0.05, 0.05), (-0.04, 0.04), (-0.66, -0.57)),
    ]


def _matrices(pose: Pose) -> Mapping[str, Matrix]:
    body = stands(pose, 0.02)
    swing = SWING * sin(pose.rolled / STRIDE * 3.1416)
    return {
        "body": body,
        "left leg": body @ moved((0, 0.1, HIP)) @ raised(swing),
        "right leg": body @ moved((0, -0.1, HIP)) @ raised(-swing),
        "left arm": body @ moved((0, 0.28, 1.42)) @ raised(-0.8 * swing),
        "right arm": body @ moved((0, -0.28, 1.42)) @ raised(0.8 * swing),
    }


def person() -> Rig:
    """Return the worker; how far they have rolled is how far they have walked."""
    return Rig(
        {"body": _body(), "left leg": _leg(), "right leg": _leg(), "left arm": _arm(), "right arm": _arm()}, _matrices
    )
