"""A step of the system's clock is held back until it costs nothing."""

from datetime import UTC, datetime, timedelta

from streams.steady_clock import HELD_AT_MOST_S, SteadyClock

START = datetime(2026, 3, 1, tzinfo=UTC)


class _Machine:
    """A machine's two clocks."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.set_ahead_s = 0.0
        self.clock = SteadyClock(lambda: self.system, lambda: self.passed_s)

    @property
    def system(self) -> datetime:
        return START + timedelta(seconds=self.passed_s + self.set_ahead_s)


def test_it_goes_by_the_systems_clock_while_that_is_kept_well() -> None:
    machine = _Machine()
    for _ in range(100):
        machine.passed_s += 60
        machine.set_ahead_s += 0.5
        assert machine.clock.now() == machine.system
    assert machine.clock.behind == timedelta(0)


def test_a_step_either_way_is_held_back_until_it_is_followed() -> None:
    for step_s in (-300, 300):
        machine = _Machine()
        machine.set_ahead_s = step_s
        machine.passed_s = 20
        assert machine.clock.now() == START + timedelta(seconds=20)
        assert machine.clock.behind == timedelta(seconds=step_s)
        assert machine.clock.follow() == timedelta(seconds=step_s)
        assert machine.clock.now() == machine.system
        assert machine.clock.follow() == timedelta(0)


def test_a_step_that_is_taken_back_is_forgotten() -> None:
    machine = _Machine()
    machine.set_ahead_s = 300
    machine.clock.now()
    machine.set_ahead_s = 0
    assert machine.clock.now() == START
    assert machine.clock.behind == timedelta(0)


def test_a_step_is_followed_at_last_where_nothing_ever_rests() -> None:
    machine = _Machine()
    machine.set_ahead_s = -300
    machine.clock.now()
    machine.passed_s = HELD_AT_MOST_S
    assert machine.clock.now() == machine.system
