"""What counts as found, as missed and as a false alarm."""

from benchmarks.judgement.report import failures
from benchmarks.judgement.scores import Found, Outcome, compare, false_alarms_a_day, score
from benchmarks.judgement.stories import Expected
from vision.violations import RuleName

SOIL, HOARDING, TRUCK = RuleName.UNCOVERED_SOIL, RuleName.MISSING_HOARDING, RuleName.UNWASHED_TRUCK
BARE = Expected(since_s=480.0, until_s=3120.0, amount=128.0)


def test_soil_told_after_its_grace_time_is_a_hit_with_its_lateness_and_error() -> None:
    (hit,), missed, false_alarms = compare(SOIL, [BARE], [Found(2430.0, amount=140.0)])
    assert (hit.late_s, hit.error) == (150.0, 12.0)
    assert not missed
    assert not false_alarms


def test_soil_told_before_its_grace_time_is_missed_and_a_false_alarm() -> None:
    hits, missed, false_alarms = compare(SOIL, [BARE], [Found(1500.0)])
    assert not hits
    assert missed == [BARE]
    assert [one.seconds for one in false_alarms] == [1500.0]


def test_what_is_told_twice_is_a_hit_and_a_false_alarm() -> None:
    hits, missed, false_alarms = compare(SOIL, [BARE], [Found(2600.0), Found(2430.0)])
    assert [hit.found.seconds for hit in hits] == [2430.0]
    assert not missed
    assert [one.seconds for one in false_alarms] == [2600.0]


def test_two_gaps_at_once_are_told_apart_by_where_they_are() -> None:
    near, far = Expected(0.0, 3000.0, 2.5, at=0.3), Expected(0.0, 3000.0, 2.5, at=0.7)
    hits, missed, _ = compare(HOARDING, [near, far], [Found(1900.0, at=0.72), Found(1900.0, at=0.31)])
    assert [hit.found.at for hit in hits] == [0.31, 0.72]
    assert not missed


def test_a_gap_told_elsewhere_is_a_false_alarm() -> None:
    gap = Expected(0.0, 3000.0, 2.5, at=0.3)
    hits, missed, false_alarms = compare(HOARDING, [gap], [Found(1900.0, at=0.6)])
    assert not hits
    assert missed
    assert false_alarms


def test_a_truck_may_be_told_a_moment_after_it_left_and_no_later() -> None:
    left = Expected(20.0, 20.0)
    assert compare(TRUCK, [left], [Found(23.0)])[0]
    assert compare(TRUCK, [left], [Found(30.0)])[1:] == ([left], [Found(30.0)])


def test_precision_and_recall_are_those_of_all_recordings_of_a_rule() -> None:
    hits, missed, false_alarms = compare(SOIL, [BARE, Expected(5000.0, 9000.0)], [Found(2430.0), Found(100.0)])
    mixed = Outcome("a", SOIL, 9000.0, False, (), tuple(hits), tuple(missed), tuple(false_alarms), ("",))
    lawful = Outcome("b", SOIL, 3600.0, True, ("shadow",), (), (), (Found(1.0),), ("",))
    other = Outcome("c", TRUCK, 3600.0, True, (), (), (), (Found(1.0),), ("",))
    total = score(SOIL, [mixed, lawful, other])
    assert (total.violations, total.look_alikes, total.false_positives) == (2, 1, 2)
    assert (total.precision, total.recall) == (1 / 3, 0.5)


def test_failures_are_told_by_name() -> None:
    _, missed, _ = compare(SOIL, [BARE], [])
    outcome = Outcome("yard-9", SOIL, 3600.0, False, (), (), tuple(missed), (Found(1.0),), ("shadow",))
    first, second = failures(outcome)
    assert (first["story"], first["failure"], first["amount"]) == ("yard-9", "missed", 128.0)
    assert (second["failure"], second["taken"]) == ("false alarm", "shadow")


def test_lawful_passes_that_are_repeated_count_for_alarms_a_day_alone() -> None:
    repeated = Outcome("gate-lawful", TRUCK, 7200.0, True, (), (), (), (Found(1.0),), ("car",))
    assert score(TRUCK, [repeated]).false_positives == 0
    assert false_alarms_a_day([repeated]) == (2.0, 1, 12.0)


def test_nothing_told_is_precise_and_finds_nothing() -> None:
    _, missed, _ = compare(SOIL, [BARE], [])
    total = score(SOIL, [Outcome("a", SOIL, 3600.0, False, (), (), tuple(missed), (), ())])
    assert (total.precision, total.recall) == (1.0, 0.0)


def test_false_alarms_a_day_are_those_of_lawful_recordings() -> None:
    outcomes = [
        Outcome("a", SOIL, 3600.0, True, (), (), (), (Found(1.0),), ("",)),
        Outcome("b", SOIL, 3 * 3600.0, True, (), (), (), (), ()),
        Outcome("c", SOIL, 9000.0, False, (), (), (), (Found(1.0),), ("",)),
    ]
    assert false_alarms_a_day(outcomes) == (4.0, 1, 6.0)
