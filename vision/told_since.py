"""Brings a memory up to what was stored as evidence after it: the process was killed in between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from vision.evidence.manifest import Follows, Stage
from vision.following import Followed
from vision.lasting import LastingMemory, Level, WatchedTimeMemory
from vision.missing_hoarding import GapMemory, HoardingMemory, overlap, parts_of
from vision.perimeter import PARTS
from vision.uncovered_parts import PartsMemory
from vision.uncovered_soil import SoilMemory
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory


@dataclass(frozen=True)
class ToldPicture:
    """A later picture of a violation, of which there is evidence; `captured_at` is UTC."""

    rule: RuleName
    camera_id: str
    follows: Follows
    captured_at: datetime


Told = Violation | ToldPicture
_ENDED = LastingMemory(level=Level.ABSENT, is_open=False, lasted_s=0.0, counted_s=0.0, gone_s=0.0)


def with_all_told_since(memory: WatchMemory, told: Iterable[Told]) -> WatchMemory:
    """Return the memory in which all of it is known: first the violations, then their pictures, whatever the order."""
    found = list(told)
    opened = reduce(with_told_since, (each for each in found if isinstance(each, Violation)), memory)
    pictures = sorted((each for each in found if isinstance(each, ToldPicture)), key=lambda each: each.follows.number)
    return reduce(with_picture_since, pictures, opened)


def with_picture_since(memory: WatchMemory, told: ToldPicture) -> WatchMemory:
    """Return the memory in which the picture is taken, and the violation over if it shows the end.

    The same memory where it knows of that, or of no such violation.
    """
    key, number = told.follows.key, told.follows.number
    if key not in memory.open_keys:
        return memory
    if told.follows.stage is Stage.ENDED:
        return _without(memory, key)
    if told.follows.stage is not Stage.LASTING:
        return memory
    followed = tuple(
        each.model_copy(update={"pictures": number, "pictured_at": told.captured_at})
        if each.violation.key == key and each.pictures < number
        else each
        for each in memory.followed
    )
    return memory.model_copy(update={"followed": followed})


def with_told_since(memory: WatchMemory, violation: Violation) -> WatchMemory:
    """Return the memory in which the violation is open; the same memory where it knows of it, open or ended."""
    of_rule = {RuleName.UNCOVERED_SOIL: memory.soil, RuleName.MISSING_HOARDING: memory.hoarding}
    if violation.rule not in of_rule:
        return memory
    before = of_rule[violation.rule]
    if violation.key in memory.open_keys or (before is not None and _knows(before.time.last, violation)):
        return memory
    time = WatchedTimeMemory() if before is None else before.time
    is_open = LastingMemory(
        level=Level.PRESENT, is_open=True, lasted_s=violation.measures["lasted_s"], counted_s=0.0, gone_s=0.0
    )
    followed = (*memory.followed, Followed(violation=violation, pictured_at=violation.opened_at))
    if violation.rule is RuleName.UNCOVERED_SOIL:
        soil = SoilMemory(time=time, lasting=is_open, violation=violation)
        return memory.model_copy(update={"soil": soil, "followed": followed})
    gap = GapMemory(stretch=parts_of(violation), lasting=is_open, violations=(violation,))
    others = () if memory.hoarding is None else memory.hoarding.gaps
    apart = tuple(other for other in others if other.lasting.is_open or not overlap(other.stretch, gap.stretch))
    parts = PartsMemory(uncovered="c" * PARTS) if memory.hoarding is None else memory.hoarding.parts
    hoarding = HoardingMemory(time=time, parts=parts, gaps=(*apart, gap))
    return memory.model_copy(update={"hoarding": hoarding, "followed": followed})


def _knows(last: datetime | None, violation: Violation) -> bool:
    return last is not None and last >= violation.opened_at


def _without(memory: WatchMemory, key: str) -> WatchMemory:
    """Return the memory in which the violation has ended. What was seen of it is forgotten: it is no more."""
    soil, hoarding = memory.soil, memory.hoarding
    if soil is not None and soil.violation is not None and soil.violation.key == key:
        soil = SoilMemory(time=soil.time, lasting=_ENDED)
    if hoarding is not None:
        left = [(gap, tuple(each for each in gap.violations if each.key != key)) for gap in hoarding.gaps]
        gaps = tuple(gap.model_copy(update={"violations": last}) for gap, last in left if last or not gap.violations)
        hoarding = hoarding.model_copy(update={"gaps": gaps})
    followed = tuple(each for each in memory.followed if each.violation.key != key)
    return WatchMemory(soil=soil, hoarding=hoarding, followed=followed)
