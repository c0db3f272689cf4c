"""What a soak does to cameras, and what counts as growth."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.soak import FAULT_EVERY_S, plan_faults
from benchmarks.soak_growth import SoakSample, growth


@given(st.floats(60, 2000), st.integers(1, 12), st.integers(0, 1000))
def test_each_fault_is_over_before_the_next_and_before_the_end(seconds: float, processes: int, seed: int) -> None:
    faults = plan_faults(seconds, processes, seed)

    assert [fault.began for fault in faults] == [True, False] * (len(faults) // 2)
    assert [fault.at_s for fault in faults] == sorted(fault.at_s for fault in faults)
    for begin, end in zip(faults[::2], faults[1::2], strict=True):
        assert (begin.kind, begin.process) == (end.kind, end.process)
        assert end.at_s < min(seconds, begin.at_s + FAULT_EVERY_S)


def test_half_an_hour_holds_a_fault_each_twenty_seconds() -> None:
    assert len(plan_faults(1800, 8)) // 2 == 89


def samples(a_minute_mb: float) -> list[SoakSample]:
    return [SoakSample(at, 300 + a_minute_mb * at / 60, 20, 40, 16) for at in range(0, 1800, 5)]


def test_a_leak_is_told_and_a_steady_process_is_not() -> None:
    leaking, steady = growth(samples(a_minute_mb=1.0)), growth(samples(a_minute_mb=0.0))

    assert leaking is not None
    assert leaking["rss_mb"] > 10
    assert steady == {"rss_mb": 0, "threads": 0, "open_files": 0}


def test_what_grows_in_the_first_minutes_is_no_growth() -> None:
    filling = [SoakSample(at, min(at, 290), 20, 40, 16) for at in range(0, 1800, 5)]

    assert growth(filling) == {"rss_mb": 0, "threads": 0, "open_files": 0}


def test_a_short_soak_tells_nothing() -> None:
    assert growth(samples(1.0)[:20]) is None
