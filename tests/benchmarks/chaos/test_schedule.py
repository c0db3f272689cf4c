"""Which fault comes when."""

from itertools import pairwise

from benchmarks.chaos.schedule import BETWEEN_S, CLOCKS_S, LASTING_S, Kind, schedule


def test_a_seed_gives_the_same_faults_and_another_seed_others() -> None:
    assert schedule(600, 1) == schedule(600, 1)
    assert schedule(600, 1) != schedule(600, 2)


def test_a_fault_comes_each_15_to_30_s_and_all_kinds_come_as_often() -> None:
    faults = schedule(1800, 3)
    gaps = [later.at_s - earlier.at_s for earlier, later in pairwise(faults)]
    assert BETWEEN_S[0] - 0.1 <= min(gaps) <= max(gaps) <= BETWEEN_S[1] + 0.1
    counts = [sum(fault.kind is kind for fault in faults) for kind in Kind]
    assert max(counts) - min(counts) <= 1


def test_what_lasts_lasts_and_a_clock_is_always_set_to_something_else() -> None:
    faults = schedule(3600, 5)
    assert all((fault.lasts_s > 0) == (fault.kind in LASTING_S) for fault in faults)
    for kind in (Kind.EDGE_CLOCK_JUMPS, Kind.SERVICE_CLOCK_JUMPS):
        settings = [fault.number for fault in faults if fault.kind is kind]
        assert all(before != after for before, after in pairwise([0, *settings]))
        assert set(settings) <= set(CLOCKS_S)
