"""The ground plane: what is measured on a picture is what a camera of known place saw, within the error told."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasets.render.camera import Camera
from vision.ground_plane import AboveHorizon, Correspondence, GroundPlane, Measured, quadrangle

SIZE = (1280, 720)
SPOTS = [(-5.0, 2.0), (6.0, 3.0), (5.0, 16.0), (-7.0, 14.0), (0.0, 7.0), (2.0, 11.0)]
SQUARE = [(-3.0, 5.0), (3.0, 5.0), (3.0, 11.0), (-3.0, 11.0)]
CAMERA = Camera((1.0, -12.0, 6.0), (0.0, 6.0, 0.0), 60.0)
cameras = st.builds(
    lambda x, y, height, to_x, to_y, view: Camera((x, y, height), (to_x, to_y, 0.0), view),
    st.floats(-12, 12),
    st.floats(-25, -10),
    st.floats(3, 20),
    st.floats(-4, 4),
    st.floats(3, 12),
    st.floats(40, 90),
)
clicks_px = st.lists(st.floats(-2, 2), min_size=2 * len(SPOTS), max_size=2 * len(SPOTS))


def seen(camera, metres):
    return camera.project([(x, y, 0.0) for x, y in metres])


def plane_of(camera, spots=SPOTS, moved_px=0.0, size=SIZE):
    at = seen(camera, spots) + np.broadcast_to(moved_px, (len(spots), 2)) / size
    return GroundPlane([Correspondence((x, y), spot) for (x, y), spot in zip(at, spots, strict=True)], size)


@given(cameras, st.floats(-6, 6), st.floats(2, 16))
def test_a_place_goes_to_the_picture_and_back(camera, x, y):
    plane = plane_of(camera)

    assert plane.to_picture([(x, y)])[0] == pytest.approx(seen(camera, [(x, y)])[0], abs=1e-3)
    assert plane.to_ground(plane.to_picture([(x, y)]))[0] == pytest.approx([x, y], abs=1e-6)


@given(cameras, clicks_px, st.permutations(range(len(SPOTS))))
def test_the_order_of_the_points_changes_nothing(camera, moved, order):
    moved = np.array(moved).reshape(-1, 2)
    area = seen(camera, SQUARE)

    one = plane_of(camera, moved_px=moved).area_m2(area)
    other = plane_of(camera, [SPOTS[i] for i in order], moved[list(order)]).area_m2(area)

    assert other.value == pytest.approx(one.value, rel=1e-3)
    assert other.error == pytest.approx(one.error, rel=1e-2)


@given(cameras, clicks_px, st.sampled_from([0.5, 2.0, 3.0]))
def test_the_size_of_the_picture_changes_nothing_but_the_clicks_error(camera, moved, times):
    moved = np.array(moved).reshape(-1, 2)
    larger = (int(SIZE[0] * times), int(SIZE[1] * times))
    area = seen(camera, SQUARE)

    one = plane_of(camera, moved_px=moved).area_m2(area)
    other = plane_of(camera, moved_px=moved * times, size=larger).area_m2(area)

    assert other.value == pytest.approx(one.value, rel=1e-3)
    assert (other.error < one.error) == (times > 1)


@given(cameras, clicks_px, st.integers(0, 3), st.booleans())
def test_the_order_of_what_is_measured_changes_nothing(camera, moved, turn, back):
    plane = plane_of(camera, moved_px=np.array(moved).reshape(-1, 2))
    area = seen(camera, SQUARE)
    other = np.roll(area, turn, axis=0)[:: -1 if back else 1]

    assert plane.area_m2(other).value == pytest.approx(plane.area_m2(area).value, rel=1e-9)
    assert plane.area_m2(other).error == pytest.approx(plane.area_m2(area).error, rel=1e-6)
    assert plane.length_m(area[::-1]).value == pytest.approx(plane.length_m(area).value, rel=1e-9)


@given(cameras, st.sampled_from([0.01, 0.3048, 10.0]))
def test_another_unit_on_the_ground_scales_what_is_measured(camera, unit):
    metres = plane_of(camera)
    scaled = [Correspondence(point.at, (point.metres[0] * unit, point.metres[1] * unit)) for point in metres.points]
    other = GroundPlane(scaled, SIZE)
    area = seen(camera, SQUARE)

    assert other.area_m2(area).value == pytest.approx(metres.area_m2(area).value * unit**2, rel=1e-3)
    assert other.area_m2(area).error == pytest.approx(metres.area_m2(area).error * unit**2, rel=0.02)
    assert other.length_m(area[:2]).value == pytest.approx(metres.length_m(area[:2]).value * unit, rel=1e-3)


@given(cameras, st.floats(0.1, 0.9))
def test_parts_have_the_area_and_length_of_the_whole(camera, cut):
    plane = plane_of(camera)
    (a, b, c, d) = SQUARE
    along = [(x0 + (x1 - x0) * cut, y0 + (y1 - y0) * cut) for (x0, y0), (x1, y1) in ((a, b), (d, c))]
    left, right = seen(camera, [a, along[0], along[1], d]), seen(camera, [along[0], b, c, along[1]])

    whole = plane.area_m2(seen(camera, SQUARE)).value
    assert plane.area_m2(left).value + plane.area_m2(right).value == pytest.approx(whole, rel=1e-6)
    assert plane.length_m(left[:2]).value + plane.length_m(right[:2]).value == pytest.approx(6, rel=1e-3)


@given(cameras, clicks_px)
def test_a_square_and_its_side_are_measured_within_the_error(camera, moved):
    plane = plane_of(camera, moved_px=np.array(moved).reshape(-1, 2))

    area, side = plane.area_m2(seen(camera, SQUARE)), plane.length_m(seen(camera, SQUARE[:2]))

    # Every click is off by up to one standard deviation at once, and the worst way: up to sqrt(12) / 2 of two of them.
    assert abs(area.value - 36) <= 2 * area.error
    assert abs(side.value - 6) <= 2 * side.error


def test_the_truth_lies_within_the_error_nineteen_times_in_twenty():
    random = np.random.default_rng(4)
    spots, area = SPOTS[:4], seen(CAMERA, SQUARE)
    measured = [plane_of(CAMERA, spots, random.normal(0, 2, (4, 2))).area_m2(area) for _ in range(300)]

    assert 0.90 <= np.mean([abs(one.value - 36) <= one.error for one in measured]) <= 0.99


@given(cameras, st.floats(0, 0.9), st.floats(0.1, 1), st.floats(0, 0.9), st.floats(0.1, 1))
def test_a_mask_has_the_area_of_its_outline(camera, left, width, top, height):
    plane = plane_of(camera)
    highest = int(max(0.0, seen(camera, SPOTS)[:, 1].min()) * 360)  # the farthest point, so that all of it is ground
    rows = slice(highest + int((350 - highest) * top), None)
    rows = slice(rows.start, rows.start + max(10, int((360 - rows.start) * height)))
    columns = slice(int(600 * left), int(600 * left) + max(10, int((640 - 600 * left) * width)))
    mask = np.zeros((360, 640), np.bool_)
    mask[rows, columns] = True
    (y0, y1), (x0, x1) = np.nonzero(mask.any(axis=1))[0][[0, -1]], np.nonzero(mask.any(axis=0))[0][[0, -1]]
    x0, x1, y0, y1 = x0 / 640, (x1 + 1) / 640, y0 / 360, (y1 + 1) / 360

    by_mask, by_outline = plane.area_m2(mask), plane.area_m2([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    assert by_mask.value == pytest.approx(by_outline.value, rel=0.01)
    assert by_mask.error == pytest.approx(by_outline.error, rel=0.1)


def test_a_mask_may_be_of_another_size_than_the_picture():
    plane = plane_of(CAMERA)
    small = np.zeros((90, 160), np.bool_)
    small[40:70, 60:100] = True
    large = small.repeat(6, axis=0).repeat(6, axis=1)

    assert plane.area_m2(small).value == pytest.approx(plane.area_m2(large).value, rel=0.01)


def test_what_lies_above_the_horizon_has_no_place_and_no_area():
    level = plane_of(Camera((0.0, -12.0, 6.0), (0.0, 0.0, 5.0), 60.0))
    assert level.horizon is not None
    (_, left), (_, right) = level.horizon
    assert left == pytest.approx(right, abs=1e-4)
    above, below = left - 0.02, 1.0

    assert np.isnan(level.to_ground([(0.5, above)])).all()
    assert not np.isnan(level.to_ground([(0.5, below)])).any()
    with pytest.raises(AboveHorizon, match="above the horizon"):
        level.length_m([(0.5, above), (0.5, below)])
    with pytest.raises(AboveHorizon):
        level.area_m2([(0.2, above), (0.8, below), (0.2, below)])
    sky = np.zeros((360, 640), np.bool_)
    sky[: int(360 * left)] = True
    assert level.area_m2(sky).value == 0
    assert np.isnan(level.to_picture([(0.0, -30.0)])).all()


def test_a_camera_that_looks_straight_down_has_no_horizon():
    down = Camera((0.0, 8.0, 30.0), (0.0, 8.001, 0.0), 60.0)
    assert plane_of(down).horizon is None
    assert plane_of(down).area_m2(seen(down, SQUARE)).value == pytest.approx(36, rel=1e-3)


def test_positions_of_a_map_lose_no_precision():
    east, north = 674_000.0, 3_548_000.0
    plane = GroundPlane(
        [
            Correspondence((x, y), (u + east, v + north))
            for (x, y), (u, v) in zip(seen(CAMERA, SPOTS), SPOTS, strict=True)
        ],
        SIZE,
    )
    assert plane.area_m2(seen(CAMERA, SQUARE)).value == pytest.approx(36, rel=1e-3)
    assert max(error.metres for error in plane.errors) < 0.01


def test_a_wrong_point_is_the_one_with_the_largest_error_and_makes_measures_less_certain():
    moved = np.zeros((len(SPOTS), 2))
    moved[4] = (25, -10)
    wrong, right = plane_of(CAMERA, moved_px=moved), plane_of(CAMERA)

    assert int(np.argmax([error.pixels for error in wrong.errors])) == 4
    area = seen(CAMERA, SQUARE)
    assert wrong.area_m2(area).error > 3 * right.area_m2(area).error


@pytest.mark.parametrize(
    ("spots", "problem"),
    [
        (SPOTS[:3], "at least four"),
        ([(-5.0, 5.0), (0.0, 5.0), (5.0, 5.0), (7.0, 5.0)], "on a line"),
        ([(-5.0, 5.0), (0.0, 5.0), (5.0, 5.0), (0.0, 12.0)], "no three in a row"),
        ([SPOTS[0], SPOTS[0], SPOTS[1], SPOTS[2]], "in one place"),
        ([SPOTS[0]] * 4, "in one place"),
    ],
)
def test_points_that_leave_the_plane_open_are_refused(spots, problem):
    with pytest.raises(ValueError, match=problem):
        plane_of(CAMERA, spots)


@example(
    [
        Correspondence((0.0, 0.0), (0.0, 0.0)),
        Correspondence((0.0, 0.0), (-4205781.0, -1.0)),
        Correspondence((0.0, 1.0), (-4177172.0, -1.0)),
        Correspondence((1.0, 0.0), (0.0, 841615.0)),
        Correspondence((1.0, 0.0), (0.0, 1141237.5)),
        Correspondence((1.0, 0.0625), (0.0, 0.0)),
    ]
)
@given(
    st.lists(
        st.builds(
            Correspondence,
            st.tuples(st.floats(0, 1), st.floats(0, 1)),
            st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)),
        ),
        min_size=4,
        max_size=7,
    )
)
def test_whatever_is_given_makes_a_plane_or_is_refused_in_words(points):
    plane, refusal = None, ""
    try:
        plane = GroundPlane(points, SIZE)
    except ValueError as error:
        refusal = str(error)
    if plane is None:
        assert refusal.startswith(("the points lie", "the horizon would pass", "the ground is mirrored"))
        return
    assert np.isfinite(plane.homography).all()
    assert np.isfinite([(error.pixels, error.metres) for error in plane.errors]).all()
    assert plane.area_m2(np.ones((36, 64), np.bool_)).value > 0


def test_confused_points_are_refused():
    at, (one, two, three, four) = seen(CAMERA, SPOTS[:4]), SPOTS[:4]

    def told(*spots):
        return [Correspondence((x, y), spot) for (x, y), spot in zip(at, spots, strict=True)]

    with pytest.raises(ValueError, match="between the points"):
        GroundPlane(told(two, one, three, four), SIZE)
    with pytest.raises(ValueError, match="mirrored"):
        GroundPlane(told(*[(x, -y) for x, y in (one, two, three, four)]), SIZE)


@given(cameras, st.booleans(), st.integers(0, 3))
def test_a_quadrangle_of_known_sides_measures_as_its_positions_do(camera, backwards, first):
    corners = [SPOTS[(first + i) % 4] for i in range(4)]
    corners = corners[::-1] if backwards else corners
    places = np.array(corners)
    sides = np.linalg.norm(np.roll(places, -1, axis=0) - places, axis=1)
    diagonal = float(np.linalg.norm(places[2] - places[0]))

    points = quadrangle([(x, y) for x, y in seen(camera, corners)], sides.tolist(), diagonal)

    area = GroundPlane(points, SIZE).area_m2(seen(camera, SQUARE))
    assert area.value == pytest.approx(36, rel=1e-2)


def test_sides_that_meet_nowhere_and_corners_out_of_turn_are_refused():
    corners = [(0.1, 0.9), (0.9, 0.9), (0.8, 0.5), (0.2, 0.5)]
    with pytest.raises(ValueError, match="make no quadrangle"):
        quadrangle(corners, [4, 3, 4, 3], 8)
    with pytest.raises(ValueError, match="go around"):
        quadrangle([corners[0], corners[2], corners[1], corners[3]], [4, 3, 4, 3], 5)


def test_a_measure_comes_with_its_error_and_not_at_all_where_that_has_no_bound() -> None:
    assert Measured(2.61, 0.149).as_measures("gap_m", 1) == {"gap_m": 2.6, "gap_m_error": 0.15}
    assert Measured(2.61, float("inf")).as_measures("gap_m", 1) == {}
