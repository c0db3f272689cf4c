"""The upper part of a hoarding tells what stands low before it from a gap."""

from datetime import UTC, datetime

import numpy as np
import pytest

from datasets.render.camera import Camera
from models.inference.surfaces import SurfaceMap
from tests.vision.evidence.packages import PLACE
from vision.ground_plane import Correspondence
from vision.hoarding_top import HEIGHTS_M, HoardingTop, outweighed
from vision.missing_hoarding import MissingHoardingParameters
from vision.perimeter import PARTS, Perimeter
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.watch import Seen

SIZE = (1600, 900)
CAMERA = Camera((2.0, -15.0, 6.0), (6.0, 0.0, 1.0), 70.0)
NAMES = ("bare_soil", "dust_net", "hoarding", "other")
LINE_X = (0.0, 12.0)


def places(*metres: tuple[float, float], height: float = 0.0) -> list[tuple[float, float]]:
    return [(u, v) for u, v in CAMERA.project([(x, y, height) for x, y in metres]).tolist()]


PERIMETER = Perimeter(tuple(places((LINE_X[0], 0.0), (LINE_X[1], 0.0))), height=0.03)
MEASURED = [(0.0, 0.0), (12.0, 0.0), (10.0, -5.0), (1.0, -5.0), (6.0, -2.0)]
GROUND = tuple(Correspondence(at, metres) for at, metres in zip(places(*MEASURED), MEASURED, strict=True))


def seen(without: tuple[float, float], up_to_m: float) -> Seen:
    """Return a hoarding of 2.5 m as the network sees it, but for a stretch (metres) that shows none up to a height."""
    columns, rows = np.meshgrid((np.arange(400) + 0.5) / 400, (np.arange(225) + 0.5) / 225)
    is_hoarding = np.zeros((225, 400), bool)
    for x in np.arange(-2.0, 14.0, 0.02):
        low = up_to_m if without[0] <= x <= without[1] else 0.0
        (_, foot), (_, top) = places((x, 0.0), height=low) + places((x, 0.0), height=2.5)
        (left, _), (right, _) = places((x - 0.02, 0.0), (x + 0.02, 0.0))
        is_hoarding |= (columns >= left) & (columns <= right) & (rows <= foot) & (rows >= top)
    probabilities = np.zeros((4, 225, 400), np.float32)
    probabilities[2], probabilities[3] = is_hoarding, ~is_hoarding
    return Seen(
        datetime(2026, 3, 2, 4, tzinfo=UTC), *SIZE, surfaces=SurfaceMap(probabilities, NAMES, {}, 2.0, SIZE[::-1])
    )


def covered(look: Seen, ground: tuple[Correspondence, ...] = GROUND) -> float:
    """Return the share of the stretch from 5 to 7 m that is told to be covered."""
    watch = PerimeterWatch(PerimeterCamera(PLACE, PERIMETER, MissingHoardingParameters(), 60, "Asia/Shanghai", ground))
    parts = watch.observation(look).covered
    at = CAMERA.project([(x, 0.0, 0.0) for x in (5.2, 6.8)])[:, 0]
    line = np.array(PERIMETER.line)[:, 0]
    start, end = ((at - line[0]) / (line[1] - line[0]) * PARTS).astype(int)
    return float((parts[start:end] >= 0.5).mean())


def test_the_upper_part_is_where_the_camera_sees_it() -> None:
    top = HoardingTop.of(PERIMETER, GROUND, SIZE)
    assert top is not None
    assert top.is_seen.all()
    feet = PERIMETER.lattice(PARTS, np.zeros(1))[:, 0]
    x = np.interp(feet[:, 0], *zip(*[(places((at, 0.0))[0][0], at) for at in np.linspace(-1, 13, 500)], strict=True))
    for number, height in enumerate(HEIGHTS_M):
        assert top.points[:, number] == pytest.approx(CAMERA.project([(at, 0.0, height) for at in x]), abs=2e-3)


def test_pallets_before_the_hoarding_are_no_gap_where_the_camera_is_calibrated() -> None:
    pallets = seen((5.0, 7.0), up_to_m=1.1)
    assert covered(pallets) == 1
    assert covered(pallets, ground=()) == 0


def test_a_missing_panel_is_a_gap() -> None:
    assert covered(seen((5.0, 7.0), up_to_m=2.5)) == 0


def test_a_hoarding_that_is_lower_than_any_may_be_is_still_one() -> None:
    assert covered(seen((0.0, 0.0), up_to_m=0.0)) == 1


def test_what_is_above_the_picture_tells_nothing() -> None:
    close = Camera((6.0, -3.0, 1.5), (6.0, 0.0, 0.2), 70.0)
    line = tuple((u, v) for u, v in close.project([(5.0, 0.0, 0.0), (7.0, 0.0, 0.0)]).tolist())
    metres = [(5.0, 0.0), (7.0, 0.0), (6.5, -1.0), (5.5, -1.0)]
    seen_at = close.project([(x, y, 0.0) for x, y in metres]).tolist()
    ground = tuple(Correspondence((u, v), at) for (u, v), at in zip(seen_at, metres, strict=True))
    top = HoardingTop.of(Perimeter(line), ground, SIZE)
    assert top is not None
    assert not top.is_seen.any()


def test_only_a_sure_upper_part_outweighs_and_what_is_hidden_stays_so() -> None:
    lower = np.array([0.1, 0.1, 0.9, np.nan, 0.1], np.float32)
    upper = np.array([0.6, 0.8, 0.0, 0.9, np.nan], np.float32)
    assert outweighed(lower, upper) == pytest.approx([0.1, 0.8, 0.9, np.nan, 0.1], nan_ok=True)
