"""The figures that the measurement of cameras reports: fits, fairness, costs at a rate, and the summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.camera_figures import cost_at_rate, fairness, fit_line, percentile, ratio
from benchmarks.camera_summary import summarise


@given(st.floats(-10, 10), st.floats(-100, 100))
def test_points_on_a_line_are_fitted_wholly(slope: float, intercept: float) -> None:
    line = fit_line([1, 8, 32, 64], [slope * x + intercept for x in (1, 8, 32, 64)])

    assert line.slope == pytest.approx(slope, abs=1e-6)
    assert line.intercept == pytest.approx(intercept, abs=1e-6)


def test_growth_that_is_not_linear_is_told() -> None:
    assert fit_line([1, 8, 32, 64], [1, 64, 1024, 4096]).r2 < 0.98
    assert fit_line([1, 8, 32, 64], [2.1, 15.8, 64.3, 127.9]).r2 > 0.999


def test_two_points_are_no_fit() -> None:
    with pytest.raises(ValueError, match="three points"):
        fit_line([1, 2], [1, 2])


def test_a_starved_camera_shows_in_the_fairness() -> None:
    assert fairness([10, 10, 9, 10]) == 0.9
    assert fairness([10, 10, 0, 10]) == 0
    assert fairness([0, 0]) == 0


def test_a_reader_that_fell_behind_is_charged_for_the_inspections_that_it_owes() -> None:
    in_time = cost_at_rate(cpu_s=6.0, inspections=60, every_s=2.0)
    behind = cost_at_rate(cpu_s=3.0, inspections=30, every_s=2.0)

    assert in_time == behind == pytest.approx(0.05)
    assert cost_at_rate(1.0, 0, 2.0) is None


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([1.0, 2.0, 3.0, 9.0], 0.95) == 9.0
    assert percentile([], 0.95) is None


def test_the_summary_compares_at_one_rate() -> None:
    parts = {
        "floor": {"inspection_s": 0.07},
        "cost": {"cpu_s": 4.2, "inspections": 60},
        "ultralytics": {"cpu_s": 10.5, "inspections": 30},
    }

    summary = summarise(parts)

    assert summary["vs_floor"] == 1.0
    assert summary["vs_ultralytics"] == 5.0
    assert summary["gate_latency_p95_s"] is None


def test_nothing_measured_is_no_figure() -> None:
    assert ratio(None, 1.0) is None
    assert all(not value for value in summarise({}).values())
