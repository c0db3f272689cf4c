"""A crawler excavator of the 20-tonne class: forward is +x, its origin lies on the ground under its swing axis."""

from collections.abc import Mapping

from datasets.render.rig import Matrix, Rig, moved, raised, stands, turned
from datasets.render.solids import Solid, bar, box, cylinder, frustum, profile
from datasets.render.story import Pose

PAINT, DARK = "paint", "dark"
BOOM_AT = (0.55, 0.0, 1.75)
"""The boom's foot on the upper carriage."""
BOOM_LENGTH, STICK_LENGTH = 5.6, 2.85
REST = (0.0, 0.75, -1.9, -1.0)
"""Swing, boom, stick and bucket, radians: each part's angle against the one that carries it; this is for driving."""


def _carriage() -> list[Solid]:
    """Return the tracks and what lies between them."""
    parts: list[Solid] = []
    for side in (-1, 1):
        y = (0.85, 1.45) if side > 0 else (-1.45, -0.85)
        track = [(-1.7, 0.02), (1.7, 0.02), (2.05, 0.2), (2.15, 0.5), (1.95, 0.82), (1.6, 0.92), (-1.6, 0.92)]
        track += [(-1.95, 0.82), (-2.15, 0.5), (-2.05, 0.2)]
        parts.append(profile("rubber", track, y))
        parts += [box(DARK, (x, x + 0.1), y, (0.0, 0.95)) for x in (i * 0.26 - 1.62 for i in range(13))]
        outer = side * 1.46
        parts += [cylinder("hub", (x, outer, 0.47), 0.3, 0.06, sides=14) for x in (-1.7, 1.7)]
        parts += [cylinder("hub", (x, outer, 0.3), 0.16, 0.05, sides=10) for x in (-0.9, -0.3, 0.3, 0.9)]
    parts.append(box(DARK, (-1.2, 1.2), (-0.9, 0.9), (0.45, 0.85)))
    parts.append(cylinder(DARK, (0, 0, 0.95), 0.75, 0.3, axis="z"))
    return parts


def _upper() -> list[Solid]:
    """Return the upper carriage: deck, engine, counterweight, cab."""
    cab = [(0.1, 1.15), (1.45, 1.15), (1.5, 1.75), (1.2, 2.95), (0.1, 3.0)]
    window = [(0.25, 1.95), (1.3, 1.95), (1.1, 2.8), (0.25, 2.85)]
    return [
        box(DARK, (-2.3, 1.5), (-1.3, 1.3), (1.05, 1.2)),
        frustum(PAINT, ((-1.9, 0.0), (-1.32, 1.32), 1.2), ((-1.9, -0.05), (-1.25, 1.25), 2.15)),
        frustum("black", ((-2.75, -1.85), (-1.35, 1.35), 1.05), ((-2.65, -1.85), (-1.25, 1.25), 2.1)),
        box(PAINT, (0.0, 1.35), (-1.32, -0.55), (1.2, 1.75)),
        profile(PAINT, cab, (0.4, 1.32)),
        profile("glass", window, (0.39, 1.34)),
        profile("glass", [(1.47, 1.3), (1.53, 1.75), (1.24, 2.85), (1.2, 2.85)], (0.48, 1.24)),
        box(PAINT, (0.0, 1.3), (0.36, 1.36), (2.98, 3.06)),
        box("black", (-1.2, -0.7), (-0.9, -0.6), (2.15, 2.45)),
        box(DARK, (0.3, 0.85), (-0.32, 0.32), (1.2, 1.9)),
    ]


def _boom() -> list[Solid]:
    outline = [(-0.1, -0.28), (2.5, 0.5), (5.6, -0.25), (5.85, 0.05), (5.6, 0.25), (2.75, 1.2), (-0.1, 0.3)]
    rods = [bar("chrome", (0.5, side * 0.38, -0.55), (2.4, side * 0.38, 0.7), 0.13) for side in (-1, 1)]
    return [
        profile(PAINT, outline, (-0.26, 0.26)),
        *rods,
        bar(DARK, (2.5, 0, 1.35), (4.3, 0, 0.98), 0.24),
        bar("chrome", (4.3, 0, 0.98), (5.6, 0, 0.7), 0.12),
    ]


def _stick() -> list[Solid]:
    outline = [(-0.8, 0.3), (-0.1, -0.28), (2.85, -0.14), (2.95, 0.12), (0.3, 0.32), (-0.75, 0.62)]
    return [
        profile(PAINT, outline, (-0.2, 0.2)),
        bar(DARK, (-0.1, 0, 0.55), (1.3, 0, 0.5), 0.2),
        bar("chrome", (1.3, 0, 0.5), (2.5, 0, 0.38), 0.1),
    ]


def _bucket() -> list[Solid]:
    outline = [(-0.15, -0.15), (0.15, -0.25), (0.9, -0.05), (1.2, 0.35), (1.05, 0.8), (0.6, 1.0), (0.1, 0.6)]
    teeth = [box("hub", (0.98, 1.1), (y, y + 0.1), (0.75, 1.0)) for y in (-0.55, -0.2, 0.12, 0.45)]
    return [profile(DARK, outline, (-0.6, 0.6)), *teeth]


def _matrices(pose: Pose) -> Mapping[str, Matrix]:
    swing, boom, stick, bucket = pose.joints or REST
    carriage = stands(pose)
    upper = carriage @ turned(swing)
    boom_at = upper @ moved(BOOM_AT) @ raised(boom)
    stick_at = boom_at @ moved((BOOM_LENGTH, 0, 0)) @ raised(stick)
    bucket_at = stick_at @ moved((STICK_LENGTH, 0, 0)) @ raised(bucket)
    return {"carriage": carriage, "upper": upper, "boom": boom_at, "stick": stick_at, "bucket": bucket_at}


def excavator(paint: str = "yellow") -> Rig:
    """Return the excavator."""
    parts = {"carriage": _carriage(), "upper": _upper(), "boom": _boom(), "stick": _stick(), "bucket": _bucket()}
    return Rig(parts, _matrices, paint)


DIGGING = ((0.30, -1.35, -1.5), (0.12, -1.5, -0.6), (0.35, -1.9, -1.7), (0.75, -1.75, -1.9))
"""Boom, stick and bucket while it reaches out, cuts, curls and lifts."""
DUMPING = (0.80, -1.55, -0.4)
"""The same while it empties the bucket."""
