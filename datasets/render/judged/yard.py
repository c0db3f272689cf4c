"""The yards that the soil rule is judged by: cameras, and the states of the yard that are rendered. Pure."""

from math import pi

from datasets.render.camera import Camera
from datasets.render.excavator import DIGGING, REST
from datasets.render.judged.setup import SetUp, Still, dusk, overcast, panorama, sun, towards_sun
from datasets.render.scenes.views import Sky, Weather
from datasets.render.story import Placed, Pose
from datasets.render.yard.site import STRIPS

STRIP_AREA_M2 = 64.0
"""What one drawn strip lays bare, as seen from above."""
ZONE_AREA_M2 = 616.0


def _camera(position: tuple[float, float, float], target: tuple[float, float, float], view: float) -> Camera:
    return Camera(position, target, view)


SETUPS = (
    SetUp("yard-0", 0, _camera((-3, -18, 14), (0, 15, 0), 60), (sun(58, 70), sun(34, 40)), noise=1.5),
    SetUp("yard-1", 1, _camera((7, -15, 11.5), (0.5, 14, 0), 68), (overcast(), overcast(0.7)), noise=2.5),
    SetUp("yard-2", 2, _camera((-11, -13, 12.5), (0.5, 14, 0), 70), (sun(24, 300), sun(50, 345)), noise=2.0),
    SetUp("yard-3", 3, _camera((10, -17, 10), (-0.5, 15, 0), 64), (sun(18, 65), dusk(7, 75)), noise=4.0),
    SetUp("yard-4", 4, _camera((1, -21, 17), (0, 15, 0), 58), (overcast(0.8), overcast(0.55)), Weather.RAIN, 0.0, 3.0),
    SetUp("yard-5", 5, _camera((-8, -22, 13), (0, 15, 0), 56), (panorama(40), panorama(200)), Weather.HAZE, 0.2, 2.0),
)

TRUCK_ON_ROAD = Placed("truck", Pose(-3.0, 1.2, 0.0))
TRUCK_ELSEWHERE = Placed("truck", Pose(9.0, 1.2, pi))
MIXER_ON_ROAD = Placed("mixer", Pose(-1.0, 1.2, 0.0))
LORRY_IN_ZONE = Placed("truck", Pose(4.0, 9.0, pi / 2 + 0.3))
LORRY_IN_ZONE_2 = Placed("truck", Pose(1.5, 10.5, pi / 2 - 0.25))
DIGGER = Placed("excavator", Pose(-3.0, 9.5, pi / 2, 0.0, (0.4, *DIGGING[0])))
DIGGER_2 = Placed("excavator", Pose(-2.0, 11.0, pi / 2 - 0.4, 0.0, (-0.8, *DIGGING[3])))
DIGGER_RESTS = Placed("excavator", Pose(13.0, 1.2, pi, 0.0, REST))


def ground(bare: tuple[int, ...] = (), *, poured: tuple[int, ...] = (), dusty: tuple[int, ...] = ()) -> list[Placed]:
    """Return what lies on each strip: net, or nothing (`bare`), wet concrete (`poured`), net full of dust (`dusty`)."""
    placed = []
    for strip in range(STRIPS):
        if strip in poured:
            placed.append(Placed(f"poured {strip}", Pose()))
        elif strip in dusty:
            placed.append(Placed(f"dusty {strip}", Pose()))
        else:
            placed.append(Placed(f"{'drawn' if strip in bare else 'laid'} {strip}", Pose()))
    return placed


def tower(sky: Sky, away: float = 38.0) -> Placed:
    """Return a slab out of sight that throws its shadow across the yard."""
    x, y, _ = towards_sun(sky)
    length = (x * x + y * y) ** 0.5 or 1.0
    return Placed("tower", Pose(x / length * away, 13.0 + y / length * away))


def _still(name: str, sky: int, on_ground: list[Placed], *things: Placed) -> Still:
    return Still(name, sky, (*on_ground, *things))


def _usual(first: tuple[int, ...], second: tuple[int, ...]) -> list[Still]:
    """Return what every yard has: covered, and bare twice, with and without machines."""
    return [
        _still("covered", 0, ground()),
        _still("covered-truck", 1, ground(), TRUCK_ON_ROAD),
        _still("bare-a", 0, ground(first)),
        _still("bare-a-digger", 1, ground(first), DIGGER),
        _still("bare-b", 1, ground(second), DIGGER_RESTS),
        _still("bare-b-truck", 0, ground(second), TRUCK_ELSEWHERE),
    ]


def _own(setup: SetUp) -> list[Still]:
    """Return what only this yard has."""
    sky = setup.skies
    return {
        0: [
            _still("shadow", 1, ground(), tower(sky[1])),
            _still("shadow-mixer", 1, ground(), tower(sky[1]), MIXER_ON_ROAD),
        ],
        1: [
            _still("poured", 0, ground(poured=(3, 4, 5))),
            _still("poured-mixer", 1, ground(poured=(3, 4, 5)), MIXER_ON_ROAD),
            _still("little", 0, ground((4,))),
        ],
        2: [
            _still("work", 0, ground((2, 3, 4)), LORRY_IN_ZONE, DIGGER),
            _still("work-2", 1, ground((2, 3, 4)), LORRY_IN_ZONE_2, DIGGER_2),
            _still("shadow", 0, ground(), tower(sky[0], 30.0)),
        ],
        3: [_still("lorry", 0, ground(), LORRY_IN_ZONE), _still("lorry-dusk", 1, ground(), LORRY_IN_ZONE_2)],
        4: [
            _still("poured", 0, ground(poured=(2, 3))),
            _still("poured-truck", 1, ground(poured=(2, 3)), TRUCK_ELSEWHERE),
        ],
        5: [
            _still("dusty", 0, ground(dusty=(2, 3, 4, 5))),
            _still("work", 0, ground((3, 4)), LORRY_IN_ZONE, DIGGER),
            _still("work-2", 1, ground((3, 4)), LORRY_IN_ZONE_2),
        ],
    }[setup.number]


BARE = (
    ((2, 3, 4), (4, 5)),
    ((3, 4), (2, 3, 4, 5)),
    ((3, 4, 5), (5, 6)),
    ((2, 3), (3, 4, 5)),
    ((4, 5, 6), (3, 4)),
    ((2, 3, 4, 5), (2, 3, 4)),
)
"""Which strips are bare in each yard's first and second violation."""


def stills(setup: SetUp) -> list[Still]:
    """Return all pictures of one yard."""
    return [*_usual(*BARE[setup.number]), *_own(setup)]


def bare_m2(still: Still) -> float:
    """Return how much soil is bare in m2, as seen from above."""
    return STRIP_AREA_M2 * sum(placed.thing.startswith("drawn ") for placed in still.placed)
