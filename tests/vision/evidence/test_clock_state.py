"""The kernel's record of the clock is told as it is, and nothing where there is none."""

import pytest

from vision.evidence import clock_state as subject
from vision.evidence.clock_state import STA_NANO, STA_UNSYNC, TIME_ERROR, clock_state, read_clock_state
from vision.evidence.manifest import ClockState


def test_a_clock_that_is_kept_tells_its_error_and_offset_in_seconds() -> None:
    assert clock_state(0, 0, -1500, 2000, 250_000) == ClockState(
        synchronised=True, estimated_error_s=0.002, most_error_s=0.25, offset_s=-0.0015
    )


def test_an_offset_in_nanoseconds_is_told_in_seconds_too() -> None:
    assert clock_state(0, STA_NANO, 1_500_000, 0, 0).offset_s == pytest.approx(0.0015)


@pytest.mark.parametrize(("answer", "status"), [(TIME_ERROR, STA_UNSYNC), (TIME_ERROR, 0), (0, STA_UNSYNC)])
def test_a_clock_that_nothing_keeps_has_no_known_error(answer: int, status: int) -> None:
    assert clock_state(answer, status, 0, 16_000_000, 16_000_000) == ClockState(synchronised=False)


def test_a_call_that_failed_tells_nothing() -> None:
    assert clock_state(-1, 0, 0, 0, 0) == ClockState()


def test_the_kernel_itself_answers_or_nothing_is_told() -> None:
    told = read_clock_state()
    assert told.synchronised in {True, False, None}
    assert (told.estimated_error_s is not None) == (told.synchronised is True)


def test_where_there_is_no_such_call_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_adjtimex", lambda: None)
    assert read_clock_state() == ClockState()
