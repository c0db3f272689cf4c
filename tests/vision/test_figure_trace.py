"""The course of figures keeps what tells something, and never falls silent for long."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vision.figure_trace import LONGEST_SILENCE, FigureTrace, TracePoint

START = datetime(2026, 3, 1, tzinfo=UTC)


def traced(shares: Sequence[float], step_s: float = 1.0, *, violation_at: int = -1) -> list[float]:
    """Return the seconds that are kept of looks at a share, one each `step_s`."""
    trace = FigureTrace()
    for number, share in enumerate(shares):
        at = START + timedelta(seconds=number * step_s)
        trace.add(TracePoint(at, {"zone_bare_soil_share": share}, number == violation_at))
    return [(point.at - START).total_seconds() for point in trace.points]


def test_a_share_that_hardly_moves_is_told_once_a_minute() -> None:
    assert traced([0.10, 0.11] * 90) == [0.0, 60.0, 120.0]


def test_a_share_that_creeps_is_told_when_it_has_moved_far_enough() -> None:
    assert traced([0.100, 0.109, 0.118, 0.127]) == [0.0, 3.0]


def test_a_violation_is_always_told() -> None:
    assert traced([0.1] * 5, violation_at=3) == [0.0, 3.0]


def test_a_count_that_rises_by_one_is_told_and_so_is_a_figure_that_is_new() -> None:
    trace = FigureTrace()
    for number, figures in enumerate([{"left": 0}, {"left": 0}, {"left": 1}, {"left": 1, "washed": 0}]):
        trace.add(TracePoint(START + timedelta(seconds=number), figures, has_violation=False))
    assert [dict(point.figures) for point in trace.points] == [{"left": 0}, {"left": 1}, {"left": 1, "washed": 0}]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.sampled_from([1.0, 10.0, 300.0]))
def test_no_two_looks_apart_by_more_than_a_minute_are_both_left_out(shares: list[float], step_s: float) -> None:
    kept = traced(shares, step_s)
    seconds = [*kept, len(shares) * step_s]
    longest = max(LONGEST_SILENCE.total_seconds(), step_s)
    assert kept[0] == 0.0
    assert all(later - earlier <= longest for earlier, later in itertools.pairwise(seconds))
