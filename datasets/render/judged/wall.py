"""The perimeters that the hoarding rule is judged by: cameras, and the states that are rendered. Pure."""

from math import pi

from datasets.render.camera import Camera
from datasets.render.judged.setup import SetUp, Still, dusk, overcast, panorama, sun, towards_sun
from datasets.render.perimeter.site import GATE_X, HOARDING_X, PANEL
from datasets.render.scenes.views import Sky, Weather
from datasets.render.story import Placed, Pose

SETUPS = (
    SetUp("wall-0", 10, Camera((-4, -17, 6), (4.4, 0, 0.9), 62), (sun(55, 20), sun(30, 330)), noise=1.5),
    SetUp("wall-1", 11, Camera((-2, -15, 7.5), (5.2, 0, 0.9), 70), (overcast(), overcast(0.65)), noise=2.5),
    SetUp("wall-2", 12, Camera((9, -16, 5), (7, 0, 1), 80), (sun(26, 50), sun(62, 10)), noise=2.0),
    SetUp("wall-3", 13, Camera((-6, -20, 8), (5.5, 0, 0.9), 58), (sun(16, 320), dusk(8, 310)), noise=4.0),
    SetUp("wall-4", 14, Camera((17, -16, 6), (8, 0, 0.9), 70), (overcast(0.8), overcast(0.55)), Weather.RAIN, 0.0, 3.0),
    SetUp("wall-5", 15, Camera((4, -19, 5), (7, 0, 1), 66), (panorama(120), sun(40, 170)), Weather.HAZE, 0.1, 2.0),
)
LINES_X = ((-4.6, 19.0), (-4.6, 19.0), (-3.0, 17.5), (-4.6, 19.0), (-4.0, 17.5), (-4.0, 19.0))
"""The part of the hoarding's foot that is drawn as the perimeter line, metres, for each set-up."""
PANELS = tuple(
    HOARDING_X[0] + i * PANEL
    for i in range(round((HOARDING_X[1] - HOARDING_X[0]) / PANEL))
    if not GATE_X[0] <= HOARDING_X[0] + i * PANEL < GATE_X[1]
)
"""Where each panel begins, metres."""
LOOSE = (7.5, 10.0, 12.5, 15.0)
"""The panels that can go missing."""

TRUCK = Placed("truck", Pose(9.0, -6.6, 0.0))
TRUCK_PARKED = Placed("truck", Pose(11.5, -2.2, 0.0))
TRUCK_IN_GATE = Placed("truck", Pose(2.5, 3.0, 1.5 * pi))
WORKER = Placed("worker", Pose(11.0, -1.5, 0.0, 0.3))
WORKER_2 = Placed("worker", Pose(8.5, -2.0, pi, 1.1))
PALLETS = Placed("pallets", Pose(13.0, -0.9))


def wall(
    missing: tuple[float, ...] = (),
    *,
    cut: tuple[float, float] | None = None,
    patched: float | None = None,
    gate: float = 0.0,
) -> list[Placed]:
    """Return the loose panels and the gate's leaf, `gate` metres open.

    `cut` is a panel and how many metres of it still stand; `patched` is a panel of another colour.
    """
    placed = [Placed("leaf", Pose(gate))]
    for x in LOOSE:
        if x == patched:
            placed.append(Placed(f"patch {x}", Pose()))
        elif cut is not None and x == cut[0]:
            placed.append(Placed(f"cut {x} {cut[1]}", Pose()))
        elif x not in missing:
            placed.append(Placed(f"panel {x}", Pose()))
        if x + PANEL not in missing or x not in missing:
            placed.append(Placed(f"post {x + PANEL}", Pose()))
    return placed


CUTS = {(12.5, 1.25), (10.0, 1.0), (12.5, 1.9)}
"""Panels that are shorter in some picture, and how many metres of them stand."""


def gaps_m(still: Still, line_x: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the stretches without hoarding, metres along the line; an open gate is none."""
    there = {placed.thing for placed in still.placed}
    gaps: list[tuple[float, float]] = []
    for x in LOOSE:
        if f"panel {x}" in there or f"patch {x}" in there:
            continue
        start = next((x + stands for at, stands in CUTS if at == x and f"cut {x} {stands}" in there), x)
        if gaps and abs(gaps[-1][1] - (start - line_x[0])) < 1e-6:
            start = gaps.pop()[0] + line_x[0]
        gaps.append((start - line_x[0], x + PANEL - line_x[0]))
    return gaps


def tower(sky: Sky, away: float = 30.0) -> Placed:
    """Return a slab out of sight that throws its shadow on the hoarding."""
    x, y, _ = towards_sun(sky)
    length = (x * x + y * y) ** 0.5 or 1.0
    return Placed("tower", Pose(9.0 + x / length * away, y / length * away))


def _still(name: str, sky: int, at_wall: list[Placed], *things: Placed) -> Still:
    return Still(name, sky, (*at_wall, *things))


def _gaps(setup: SetUp) -> tuple[list[Placed], list[Placed]]:
    """Return the hoarding of a set-up's first and second violation."""
    return (
        (wall((10.0,)), wall(cut=(12.5, 1.25))),
        (wall((12.5, 15.0)), wall((7.5,))),
        (wall((7.5,)), wall((10.0, 12.5))),
        (wall((12.5,)), wall((7.5, 10.0))),
        (wall((10.0,)), wall((7.5, 12.5))),
        (wall(cut=(10.0, 1.0)), wall((15.0,))),
    )[setup.number - 10]


def _usual(setup: SetUp) -> list[Still]:
    """Return what every perimeter has: whole, and with gaps, with and without passers-by."""
    first, second = _gaps(setup)
    return [
        _still("whole", 0, wall()),
        _still("whole-truck", 1, wall(), TRUCK),
        _still("gap-a", 0, first),
        _still("gap-a-worker", 1, first, WORKER),
        _still("gap-b", 1, second),
        _still("gap-b-worker", 0, second, WORKER_2),
    ]


def _own(setup: SetUp) -> list[Still]:
    """Return what only this perimeter has."""
    sky = setup.skies
    return {
        10: [_still("gate-open", 0, wall(gate=5.0)), _still("gate-truck", 1, wall(gate=5.0), TRUCK_IN_GATE)],
        11: [_still("parked", 0, wall(), TRUCK_PARKED), _still("small", 0, wall(cut=(12.5, 1.9)))],
        12: [_still("shadow", 0, wall(), tower(sky[0])), _still("patched", 1, wall(patched=10.0))],
        13: [_still("gate-open", 1, wall(gate=4.0)), _still("parked", 0, wall(), TRUCK_PARKED)],
        14: [_still("gate-open", 0, wall(gate=5.0), WORKER), _still("pallets", 1, wall(), PALLETS)],
        15: [_still("patched", 0, wall(patched=12.5)), _still("against-light", 1, wall(), WORKER)],
    }[setup.number]


def stills(setup: SetUp) -> list[Still]:
    """Return all pictures of one perimeter."""
    return [*_usual(setup), *_own(setup)]
