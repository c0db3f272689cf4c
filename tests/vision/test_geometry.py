"""Zones and lines behave like zones and lines."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from vision.geometry import DirectedLine, Zone, foot, iou

coordinate = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 4))
point = st.tuples(coordinate, coordinate)
box = st.tuples(point, point).map(
    lambda two: (
        min(two[0][0], two[1][0]),
        min(two[0][1], two[1][1]),
        max(two[0][0], two[1][0]),
        max(two[0][1], two[1][1]),
    )
)
SQUARE = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]


def test_the_foot_is_the_middle_of_the_lower_edge() -> None:
    assert foot((0.2, 0.1, 0.4, 0.9)) == pytest.approx((0.3, 0.9))


@given(point, st.integers(0, 3), st.booleans())
def test_a_zone_does_not_depend_on_where_its_outline_begins_or_turns(
    at: tuple[float, float], turn: int, back: bool
) -> None:
    points = SQUARE[turn:] + SQUARE[:turn]
    assert Zone(points[::-1] if back else points).contains(at) == Zone(SQUARE).contains(at)


@st.composite
def stars(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Make the corners of a polygon, in turn around its middle, which need not be convex."""
    middle = (draw(st.floats(0.3, 0.7)), draw(st.floats(0.3, 0.7)))
    reaches = draw(st.lists(st.floats(0.05, 0.3), min_size=3, max_size=9))
    turns = [2 * math.pi * number / len(reaches) for number in range(len(reaches))]
    return [
        (middle[0] + reach * math.cos(turn), middle[1] + reach * math.sin(turn))
        for reach, turn in zip(reaches, turns, strict=True)
    ]


def turned(points: list[tuple[float, float]], by: int, *, back: bool) -> list[tuple[float, float]]:
    """Return the same outline, begun elsewhere and perhaps gone round the other way."""
    begun = points[by % len(points) :] + points[: by % len(points)]
    return begun[::-1] if back else begun


@given(stars(), st.integers(0, 8), st.booleans(), st.lists(point, min_size=1, max_size=20))
def test_area_content_and_grid_do_not_depend_on_the_order_of_the_points(
    points: list[tuple[float, float]], turn: int, back: bool, at: list[tuple[float, float]]
) -> None:
    one, other = Zone(points), Zone(turned(points, turn, back=back))
    assert other.area == pytest.approx(one.area, rel=1e-9)
    assert other.holds(np.array(at)).tolist() == one.holds(np.array(at)).tolist()
    assert other.grid(16).tolist() == one.grid(16).tolist()
    assert other.bbox_xyxy == one.bbox_xyxy


@given(stars(), st.sampled_from([0.25, 0.5, 2.0]), st.lists(point, min_size=1, max_size=20))
def test_a_zone_of_another_size_is_the_same_zone(
    points: list[tuple[float, float]], scale: float, at: list[tuple[float, float]]
) -> None:
    one, other = Zone(points), Zone([(x * scale, y * scale) for x, y in points])
    assert other.area == pytest.approx(one.area * scale**2, rel=1e-9)
    assert other.holds(np.array(at) * scale).tolist() == one.holds(np.array(at)).tolist()
    assert other.grid(16) == pytest.approx(one.grid(16) * scale)


@given(stars(), st.lists(point, min_size=1, max_size=20))
def test_many_points_are_told_as_each_is(points: list[tuple[float, float]], at: list[tuple[float, float]]) -> None:
    zone = Zone(points)
    held = zone.holds(np.array(at))
    for inside, each in zip(held.tolist(), at, strict=True):  # on the outline alone they may differ
        assert zone.contains(each) or not inside


@given(stars(), st.integers(0, 8))
def test_the_share_of_a_zone_in_another_is_that_of_their_areas(points: list[tuple[float, float]], turn: int) -> None:
    zone, half = Zone(points), Zone([(0, 0), (0.5, 0), (0.5, 1), (0, 1)])
    grid = zone.grid(64)
    left = sum(1 for at in grid.tolist() if half.contains((at[0], at[1]))) / len(grid)
    cut = float(shapely.Polygon(turned(points, turn, back=True)).intersection(shapely.box(0, 0, 0.5, 1)).area)
    assert left == pytest.approx(cut / zone.area, abs=0.1)


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ([(0, 0), (1, 1)], "three points"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "crosses itself"),
        ([(0, 0), (0.5, 0.5), (1, 1)], "encloses nothing|crosses itself"),
    ],
)
def test_an_outline_that_encloses_nothing_is_refused(points: list[tuple[float, float]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Zone(points)


@given(box, box)
def test_overlap_is_symmetric_and_between_none_and_all(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    overlap = iou(a, b)  # type: ignore[arg-type]
    assert 0 <= overlap <= 1 + 1e-9
    assert overlap == iou(b, a)  # type: ignore[arg-type]


@given(point, point, point)
def test_the_two_directions_of_a_line_disagree_on_the_side(
    a: tuple[float, float], b: tuple[float, float], p: tuple[float, float]
) -> None:
    assume(math.dist(a, b) > 0.01)
    assert DirectedLine(a, b).side(p) == pytest.approx(-DirectedLine(b, a).side(p), abs=1e-9)


def test_a_crossing_is_between_the_ends_alone() -> None:
    line = DirectedLine((0.4, 0.5), (0.6, 0.5))
    assert line.is_crossed_between((0.5, 0.4), (0.5, 0.6))
    assert not line.is_crossed_between((0.1, 0.4), (0.1, 0.6))
    assert line.side((0.5, 0.6)) == pytest.approx(0.1)
    assert line.side((0.5, 0.4)) == pytest.approx(-0.1)


def test_zones_with_the_same_outline_are_the_same() -> None:
    assert Zone(SQUARE) == Zone(list(SQUARE))
    assert Zone(SQUARE) != Zone(SQUARE[1:])
    assert len({Zone(SQUARE), Zone(list(SQUARE))}) == 1


@given(st.integers(5, 80))
def test_a_grid_fills_its_zone_evenly(points_across: int) -> None:
    grid = Zone(SQUARE).grid(points_across)
    assert len(grid) == pytest.approx(points_across**2, rel=0.5)
    assert grid.mean(axis=0) == pytest.approx((0.5, 0.5), abs=0.6 / points_across)
    assert all(Zone(SQUARE).contains((x, y)) for x, y in grid)


def test_a_sliver_has_a_grid_too() -> None:
    sliver = Zone([(0.0, 0.0), (1.0, 0.5), (1.0, 0.5001)])
    assert len(sliver.grid(3)) >= 1
