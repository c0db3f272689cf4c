"""A fault begins after it held, ends after it was gone, and never flaps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.health.debounce import Debounce
from streams.health.observation import Finding, HealthKind, HealthObservation

BEGIN = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
HOLD_S, RELEASE_S, GAP_S = 60.0, 30.0, 120.0


def _debounce() -> Debounce:
    return Debounce("gate", HealthKind.BLACK, hold_s=HOLD_S, release_s=RELEASE_S, longest_gap_s=GAP_S)


def _look(looks: list[tuple[float, bool | None]]) -> list[HealthObservation]:
    debounce = _debounce()
    changes = [debounce.look(Finding(faulty, {"luma": 1.0}), BEGIN + timedelta(seconds=at)) for at, faulty in looks]
    return [change for change in changes if change]


looks_in_order = st.lists(st.tuples(st.floats(0.1, 200.0), st.sampled_from([True, False, None])), max_size=80).map(
    lambda steps: [(sum(step for step, _ in steps[: n + 1]), faulty) for n, (_, faulty) in enumerate(steps)]
)
looks_in_any_order = st.lists(st.tuples(st.floats(0, 5000), st.sampled_from([True, False, None])), max_size=80)


def test_a_fault_that_holds_begins_when_it_was_first_seen_and_ends_when_it_was_first_seen_gone() -> None:
    begun, ended = _look([(0, False), (10, True), (40, True), (70, True), (80, False), (111, False)])
    assert (begun.started_at, begun.ended_at) == (BEGIN + timedelta(seconds=10), None)
    assert ended.ended_at == BEGIN + timedelta(seconds=80)
    assert begun.key == ended.key
    assert begun.figures == {"luma": 1.0}


def test_a_single_healthy_look_makes_a_fault_wait_anew() -> None:
    assert _look([(0, True), (50, True), (55, False), (60, True), (110, True)]) == []


def test_a_look_without_judgement_neither_ends_nor_hinders() -> None:
    changes = _look([(0, True), (30, None), (60, True), (90, None), (300, None), (400, None)])
    assert [change.ended_at for change in changes] == [None]


def test_looks_far_apart_do_not_add_up() -> None:
    assert _look([(0, True), (500, True)]) == []
    assert len(_look([(0, True), (500, True), (560, True)])) == 1


@given(looks_in_any_order)
def test_never_are_two_open_and_none_ends_before_it_began(looks: list[tuple[float, bool | None]]) -> None:
    changes = _look(looks)
    assert [change.ended_at is None for change in changes] == [n % 2 == 0 for n in range(len(changes))]
    for begun, ended in zip(changes[::2], changes[1::2], strict=False):
        assert ended.key == begun.key
        assert ended.ended_at is not None
        assert ended.ended_at >= ended.started_at


@given(looks_in_order)
def test_it_does_not_flap(looks: list[tuple[float, bool | None]]) -> None:
    changes = _look(looks)
    for ended, begun in zip(changes[1::2], changes[2::2], strict=False):
        assert ended.ended_at is not None
        assert begun.started_at > ended.ended_at + timedelta(seconds=RELEASE_S) - timedelta(microseconds=10)
    for begun, ended in zip(changes[::2], changes[1::2], strict=False):
        assert ended.ended_at is not None
        assert ended.ended_at - begun.started_at >= timedelta(seconds=HOLD_S) - timedelta(microseconds=10)


@given(looks_in_order)
def test_an_open_fault_was_last_seen_faulty_less_than_the_release_time_before_a_healthy_look(
    looks: list[tuple[float, bool | None]],
) -> None:
    debounce = _debounce()
    healthy_since: float | None = None
    last: float | None = None
    for at, faulty in looks:
        debounce.look(Finding(faulty), BEGIN + timedelta(seconds=at))
        if faulty is not None:
            gap = last is not None and at - last > GAP_S
            healthy_since = None if faulty else at if healthy_since is None or gap else healthy_since
            last = at
        if debounce.open and healthy_since is not None and last is not None:
            assert last - healthy_since < RELEASE_S + 1e-5
