"""A process that was killed between storing evidence and its memory tells the same problem no second time."""

import pytest

from tests.vision.soil_looks import EVERY_S
from tests.vision.test_watch_memory import gap_looks, hoarding_rule, soil_looks, soil_rule
from vision.told_since import with_told_since
from vision.violations import Violation
from vision.watch_memory import WatchMemory


@pytest.mark.parametrize("looks_before", [0, 1, 8])
def test_soil_goes_on_as_the_violation_that_was_told(looks_before: int) -> None:
    looks = soil_looks([(0.4, 60, False, True, EVERY_S)])
    rule, memory = soil_rule(WatchMemory()), WatchMemory()
    told: Violation | None = None
    for number, look in enumerate(looks[:20]):
        if number == looks_before and number:
            memory = WatchMemory(soil=rule.memory())
        told = rule.observe(look) or told
    assert told is not None
    again = with_told_since(memory, told)
    assert [each.violation for each in again.followed] == [told]
    later = soil_rule(again)
    assert [found for look in looks[20:] if (found := later.observe(look))] == []
    assert later.open_violations == (told,)
    assert later.open_violations[0].key == told.key


@pytest.mark.parametrize("looks_before", [0, 1, 8])
def test_a_gap_goes_on_as_the_violation_that_was_told(looks_before: int) -> None:
    looks = gap_looks([([(120, 20)], [], 60, True)])
    rule, memory, told = hoarding_rule(WatchMemory()), WatchMemory(), list[Violation]()
    for number, look in enumerate(looks[:20]):
        if number == looks_before and number:
            memory = WatchMemory(hoarding=rule.memory())
        told += rule.observe(look)
    (violation,) = told
    later = hoarding_rule(with_told_since(memory, violation))
    assert [found for look in looks[20:] for found in later.observe(look)] == []
    assert later.open_violations == (violation,)
    assert later.open_gaps == rule.open_gaps


def test_what_the_memory_knows_open_or_ended_changes_nothing() -> None:
    rule, told = soil_rule(WatchMemory()), list[Violation]()
    for look in soil_looks([(0.4, 20, False, True, EVERY_S), (0.0, 60, False, True, EVERY_S)]):
        told += [found for found in [rule.observe(look)] if found is not None]
        memory = WatchMemory(soil=rule.memory())
        if told:
            assert with_told_since(memory, told[0]) == memory
    assert rule.open_violations == ()
