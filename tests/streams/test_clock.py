"""Presentation timestamps become UTC."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.clock import JUMP, ArrivalClock

START = datetime(2026, 3, 1, tzinfo=UTC)


def _after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_late_packet_keeps_the_time_it_was_captured() -> None:
    clock = ArrivalClock()
    clock.captured_at(0.0, _after(0.0))
    assert clock.captured_at(1.0, _after(2.5)) - _after(1.0) < timedelta(milliseconds=5)


def test_a_burst_at_the_start_is_spread_over_the_time_before() -> None:
    clock = ArrivalClock()
    for number in range(50):
        newest = clock.captured_at(number / 25, _after(0.0))
    assert newest <= _after(0.0)


def test_a_count_that_starts_anew_does_not_move_the_time() -> None:
    clock = ArrivalClock()
    clock.captured_at(1000.0, _after(0.0))
    assert clock.captured_at(0.0, _after(0.04)) == _after(0.04)


@given(st.lists(st.floats(0, 4.9), min_size=1, max_size=60))
def test_no_packet_is_dated_after_its_arrival(delays: list[float]) -> None:
    clock = ArrivalClock()
    arrived = 0.0
    for number, delay in enumerate(delays):
        arrived = max(arrived, number + delay)
        dated = clock.captured_at(float(number), _after(arrived))
        assert dated <= _after(arrived)
        assert _after(arrived) - dated <= JUMP + timedelta(seconds=1)


def test_follows_a_slow_camera_clock() -> None:
    clock = ArrivalClock()
    for second in range(3600):
        dated = clock.captured_at(second * 0.9995, _after(second))
    assert _after(3599) - dated < timedelta(milliseconds=50)
    assert abs(clock.drift_s - 1.8) < 0.05


def test_a_true_clock_has_no_drift_and_a_fast_one_runs_ahead() -> None:
    true, fast = ArrivalClock(), ArrivalClock()
    assert true.drift_s == 0.0
    for second in range(3600):
        true.captured_at(float(second), _after(second))
        fast.captured_at(second * 1.0005, _after(second))
    assert true.drift_s == 0.0
    assert abs(fast.drift_s + 1.8) < 0.05


def test_a_count_that_steps_back_a_little_does_not_date_pictures_into_the_past() -> None:
    clock = ArrivalClock()
    for number in range(100):
        clock.captured_at(number / 25, _after(number / 25))
    for number in range(100, 200):
        dated = clock.captured_at(number / 25 - 3.0, _after(number / 25))
        assert abs(dated - _after(number / 25)) < timedelta(milliseconds=10)


def test_b_frames_are_no_step_back() -> None:
    clock = ArrivalClock()
    for shown, arrived in ((0.0, 0.0), (0.12, 0.04), (0.04, 0.08), (0.08, 0.12), (0.24, 0.16), (0.16, 0.2)):
        clock.captured_at(shown, _after(arrived))
    assert clock.captured_at(0.2, _after(0.24)) == clock.captured_at(0.24, _after(0.24)) - timedelta(seconds=0.04)
