"""Drawings: what becomes of layouts, steps back and forth, and what is told to be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config.layout import CameraLayout
from service.domain.kept_layout import differences
from service.domain.layout_checks import faults, measures
from service.domain.layout_drawing import Drawing, Kind, Thing, Undo, drawing_of, layout_of
from tests.service.camera_samples import GROUND, YARD

SIZE = (1280, 720)
EXIT = {"points": [[0.1, 0.5], [0.9, 0.5]], "outward": [0.5, 0.9]}
LAYOUTS = [
    {},
    {"zones": {"yard": YARD, "mask_out": [[[0, 0], [0.1, 0], [0.1, 0.1]]], "privacy": [[[0.9, 0], [1, 0], [1, 0.1]]]}},
    {"zones": {"exit_line": EXIT, "wash_bay": YARD}},
    {"zones": {"perimeter": {"line": [[0, 0.5], [1, 0.5]], "gates": [[0.2, 0.4], [0.7, 0.8]], "height": 0.1}}},
    {"zones": {"yard": YARD}, "ground": GROUND},
]
coordinate = st.floats(-1, 2, allow_nan=False)
places = st.tuples(coordinate, coordinate)


def drawing(*things):
    return Drawing(tuple(things))


def reasons(*things):
    return [fault.reason for fault in faults(drawing(*things))]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_the_same_after_it_was_drawn(layout):
    layout = CameraLayout.model_validate(layout)
    drawn = drawing_of(layout)
    assert faults(drawn) == ()
    assert layout_of(drawn) == layout


@given(st.lists(st.one_of(places, st.none()), max_size=30))
def test_every_step_can_be_taken_back_and_taken_again(steps):
    undo, seen = Undo(Drawing()), [Drawing()]
    for step in steps:
        before = undo.present
        things = before.things
        if step is not None:
            thing = (things[0] if things else Thing(Kind.YARD)).with_point(step)
            undo.draw(before.with_changed(0, thing) if things else before.with_thing(thing))
        elif things:
            undo.draw(before.without_thing(0))
        if undo.present != before:
            seen.append(undo.present)
    for expected in reversed(seen[:-1]):
        assert undo.back()
        assert undo.present == expected
    assert not undo.back()
    for expected in seen[1:]:
        assert undo.forth()
        assert undo.present == expected
    assert not undo.forth()


@given(st.sampled_from(Kind), st.lists(places, max_size=8))
def test_whatever_is_drawn_is_either_faulty_or_a_layout(kind, points):
    thing = Thing(kind)
    for point in points:
        thing = thing.with_point(point)
    drawn = drawing(thing)
    measures(drawn, SIZE)
    if not faults(drawn):
        layout_of(drawn)


def test_a_point_beyond_the_edge_stays_at_the_edge():
    assert Thing(Kind.YARD).with_point((0.5, 0.5)).with_moved(0, (-3, 1.2)).points == ((0.0, 1.0),)


def test_a_polygon_that_crosses_itself_is_told():
    crossed = Thing(Kind.YARD, ((0, 0), (1, 1), (1, 0), (0, 1)))
    (fault,) = faults(drawing(Thing(Kind.PRIVACY, ((0, 0), (0.1, 0), (0.1, 0.1))), crossed))
    assert (fault.thing, "crosses itself" in fault.reason) == (1, True)


def test_too_few_calibration_points_and_too_short_lines_are_told():
    assert reasons(Thing(Kind.GROUND, ((0.1, 0.9),), ((0, 0),))) == ["a ground plane needs at least four points"]
    short = Thing(Kind.EXIT_LINE, ((0.5, 0.5), (0.501, 0.5)))
    assert any("too short" in reason for reason in reasons(short, Thing(Kind.OUTWARD, ((0.5, 0.9),))))
    assert reasons(Thing(Kind.GATE, ((0.1, 0.1), (0.2, 0.1)))) == [
        "a gate is drawn but no perimeter line that it is in"
    ]


def test_what_excludes_each_other_is_told_about_the_whole():
    exits = (Thing(Kind.EXIT_LINE, ((0.1, 0.5), (0.9, 0.5))), Thing(Kind.OUTWARD, ((0.5, 0.9),)))
    (fault,) = faults(drawing(*exits, Thing(Kind.YARD, tuple(map(tuple, YARD)))))
    assert (fault.thing, "not both" in fault.reason) == (None, True)


def test_a_calibrated_drawing_tells_areas_lengths_and_errors():
    drawn = drawing_of(CameraLayout.model_validate(LAYOUTS[-1]))
    told = measures(drawn, SIZE)
    assert told.areas[0].value > 50
    assert len(told.errors) == 4
    assert measures(drawing(Thing(Kind.YARD, tuple(map(tuple, YARD)))), SIZE).areas == {}


def test_a_yard_above_the_horizon_is_told():
    high = {"zones": {"yard": [[0.1, 0.01], [0.9, 0.01], [0.9, 0.9]]}, "ground": GROUND}
    assert any("horizon" in fault.reason for fault in faults(drawing_of(CameraLayout.model_validate(high))))


def test_two_layouts_differ_by_what_was_added_removed_and_changed():
    before = CameraLayout.model_validate(LAYOUTS[1])
    after = CameraLayout.model_validate({"zones": {"yard": YARD[:3], "mask_out": LAYOUTS[1]["zones"]["mask_out"] * 2}})
    assert [
        (each.thing, each.change, each.points_before, each.points_after) for each in differences(before, after)
    ] == [
        ("yard", "changed", 4, 3),
        ("privacy_1", "removed", 3, 0),
        ("mask_out_2", "added", 0, 3),
    ]
