"""A process that was killed between storing evidence and its memory tells the same problem no second time."""

from datetime import timedelta

import pytest

from tests.vision.soil_looks import EVERY_S
from tests.vision.test_watch_memory import gap_looks, hoarding_rule, soil_looks, soil_rule
from vision.evidence.manifest import Follows, Stage
from vision.following import Followed
from vision.told_since import ToldPicture, with_all_told_since, with_picture_since, with_told_since
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


def picture_of(told: Violation, number: int, stage: Stage) -> ToldPicture:
    follows = Follows(key=told.key, number=number, stage=stage)
    return ToldPicture(told.rule, told.camera_id, follows, told.opened_at + number * timedelta(hours=1))


def open_soil() -> tuple[WatchMemory, Violation]:
    rule = soil_rule(WatchMemory())
    found = [told for look in soil_looks([(0.4, 20, False, True, EVERY_S)]) if (told := rule.observe(look))]
    followed = Followed(violation=found[0], pictured_at=found[0].opened_at)
    return WatchMemory(soil=rule.memory(), followed=(followed,)), found[0]


def open_gap() -> tuple[WatchMemory, Violation]:
    rule = hoarding_rule(WatchMemory())
    found = [told for look in gap_looks([([(120, 20)], [], 20, True)]) for told in rule.observe(look)]
    followed = Followed(violation=found[0], pictured_at=found[0].opened_at)
    return WatchMemory(hoarding=rule.memory(), followed=(followed,)), found[0]


@pytest.mark.parametrize("begun", [open_soil, open_gap])
def test_what_a_picture_showed_the_end_of_is_over_and_its_end_is_told_no_second_time(begun) -> None:
    memory, told = begun()
    assert memory.open_keys == {told.key}
    ended = with_picture_since(memory, picture_of(told, 1, Stage.ENDED))
    assert (ended.open_keys, ended.followed) == (frozenset(), ())
    assert soil_rule(ended).open_violations == hoarding_rule(ended).open_violations == ()
    assert with_picture_since(ended, picture_of(told, 1, Stage.ENDED)) == ended


def test_soil_that_is_bare_again_after_an_end_that_was_told_is_another_violation() -> None:
    memory, told = open_soil()
    rule = soil_rule(with_picture_since(memory, picture_of(told, 1, Stage.ENDED)))
    later = [found for look in soil_looks([(0.4, 40, False, True, EVERY_S)])[20:] if (found := rule.observe(look))]
    assert [found.key != told.key for found in later] == [True]


def test_a_picture_that_was_taken_is_not_taken_again_and_older_ones_change_nothing() -> None:
    memory, told = open_soil()
    second = with_picture_since(memory, picture_of(told, 2, Stage.LASTING))
    assert [(each.pictures, each.pictured_at) for each in second.followed] == [(2, told.opened_at + timedelta(hours=2))]
    assert second.open_keys == {told.key}
    assert with_picture_since(second, picture_of(told, 1, Stage.LASTING)) == second


def test_a_violation_and_its_end_that_are_told_together_leave_nothing_open() -> None:
    _, told = open_soil()
    memory = with_all_told_since(WatchMemory(), [picture_of(told, 1, Stage.ENDED), told])
    assert (memory.open_keys, memory.followed) == (frozenset(), ())
