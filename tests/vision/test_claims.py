"""Claims outline what a violation rests on: in its zone, before nothing that hides it, few corners, no holes filled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import Polygon, contains_xy, union_all

from tests.vision.test_patrol_watch import BARE_SOIL, CAR, DUST_NET, HOARDING, OTHER, YARD, seen
from vision.claims import MOST_PARTS, MOST_POINTS, claims_outside, gap_claims, soil_claims
from vision.evidence.manifest import Claim
from vision.geometry import Zone
from vision.perimeter import Perimeter

NET = np.full((100, 100), DUST_NET, np.uint8)
WHOLE = Zone([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])


def soil(*patches: tuple[slice, slice]) -> NDArray[np.uint8]:
    """Return 100 x 100 cells of net with soil in these rows and columns."""
    classes = NET.copy()
    for patch in patches:
        classes[patch] = BARE_SOIL
    return classes


def shape(claims: list[Claim]) -> Polygon:
    return union_all([Polygon(claim.points) for claim in claims])


def test_soil_is_outlined_within_the_zone_alone() -> None:
    (claim,) = soil_claims(seen(0, soil((slice(40, 80), slice(0, 50)))), YARD)
    assert claim.class_name == "bare_soil"
    assert Polygon(claim.points).bounds == pytest.approx((0.1, 0.5, 0.5, 0.8), abs=0.01)
    assert Polygon(claim.points).area == pytest.approx(0.12, rel=0.03)


def test_a_covered_zone_claims_nothing() -> None:
    assert soil_claims(seen(0, NET), YARD) == []


def test_what_a_vehicle_hides_is_not_claimed() -> None:
    look = seen(0, soil((slice(50, 90), slice(10, 50))), (CAR, (0.1, 0.5, 0.3, 0.95)))
    assert shape(soil_claims(look, YARD)).bounds == pytest.approx((0.3, 0.5, 0.5, 0.9), abs=0.01)


def test_a_net_that_soil_surrounds_is_not_claimed() -> None:
    classes = soil((slice(20, 80), slice(20, 80)))
    classes[40:60, 40:60] = DUST_NET
    claimed = shape(soil_claims(seen(0, classes), WHOLE))
    assert claimed.area == pytest.approx(0.32, rel=0.03)
    assert not claimed.intersects(Polygon([(0.42, 0.42), (0.58, 0.42), (0.58, 0.58), (0.42, 0.58)]))


def test_of_many_parts_the_largest_are_claimed() -> None:
    patches = [(slice(10 * row, 10 * row + 6), slice(0, 5 * row)) for row in range(10)]
    claims = soil_claims(seen(0, soil(*patches)), WHOLE)
    assert len(claims) == MOST_PARTS
    assert [round(Polygon(claim.points).bounds[2], 2) for claim in claims[:3]] == [0.45, 0.4, 0.35]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.floats(0.1, 0.9))
def test_whatever_is_seen_the_outlines_are_short_and_lie_on_soil(seed: int, size: int, share: float) -> None:
    cells = np.arange(100) * size // 100
    is_soil = (np.random.default_rng(seed).random((size, size)) < share)[np.ix_(cells, cells)]
    claims = soil_claims(seen(0, np.where(is_soil, BARE_SOIL, DUST_NET).astype(np.uint8)), YARD)
    assert all(3 <= len(claim.points) <= MOST_POINTS for claim in claims)
    outlines = [Polygon(claim.points) for claim in claims]
    assert all(outline.is_valid for outline in outlines)
    if outlines:
        assert Polygon(YARD.points).buffer(0.01).covers(union_all(outlines))
        points = np.random.default_rng(0).random((4000, 2))
        claimed = contains_xy(union_all(outlines), points)
        rows, columns = (points[claimed, ::-1] * 100).astype(int).T
        assert is_soil[rows, columns].mean() > 0.85


def test_a_gap_claims_the_strip_where_hoarding_should_be() -> None:
    perimeter = Perimeter(((0.0, 0.3), (1.0, 0.3)), height=0.2)
    (claim,) = gap_claims(seen(0, NET), perimeter, 0.6, 0.7)
    assert claim.class_name == "other"
    assert Polygon(claim.points).bounds == pytest.approx((0.6, 0.1, 0.7, 0.3))
    assert Polygon(claim.points).area == pytest.approx(0.02)


def test_gates_and_what_is_hidden_are_no_part_of_a_gap() -> None:
    perimeter = Perimeter(((0.0, 0.3), (1.0, 0.3)), ((0.5, 0.6),), height=0.2)
    look = seen(0, np.full((100, 100), HOARDING, np.uint8), (CAR, (0.8, 0.0, 0.95, 0.5)))
    claims = gap_claims(look, perimeter, 0.4, 0.9)
    assert {claim.class_name for claim in claims} == {"other"}
    assert sorted(Polygon(claim.points).bounds[::2] for claim in claims) == [
        pytest.approx((0.4, 0.5)),
        pytest.approx((0.6, 0.8)),
    ]


@pytest.mark.parametrize(
    "line", [((0.1, 0.0), (0.9, 0.0)), ((0.5, 0.9), (0.5, 0.1)), ((0.1, 0.5), (0.9, 0.5), (0.1, 0.5))]
)
def test_a_line_that_leaves_no_strip_harms_nothing(line: tuple[tuple[float, float], ...]) -> None:
    for claim in gap_claims(seen(0, np.full((100, 100), OTHER, np.uint8)), Perimeter(line), 0.0, 1.0):
        assert len(claim.points) >= 3


def test_nothing_is_claimed_that_is_masked_out_or_painted_over() -> None:
    claims = soil_claims(seen(0, soil((slice(40, 80), slice(0, 60)))), WHOLE)
    left = Zone([(0.0, 0.0), (0.2, 0.0), (0.2, 1.0), (0.0, 1.0)])
    hole = Zone([(0.3, 0.5), (0.4, 0.5), (0.4, 0.6), (0.3, 0.6)])
    kept = claims_outside(claims, [left, hole])
    assert {claim.class_name for claim in kept} == {"bare_soil"}
    assert shape(kept).area == pytest.approx(0.4 * 0.4 - 0.01, rel=0.03)
    assert not shape(kept).intersects(Polygon([(0.31, 0.51), (0.39, 0.51), (0.39, 0.59), (0.31, 0.59)]))
    assert claims_outside(claims, []) == claims
    assert claims_outside(claims, [WHOLE]) == []
