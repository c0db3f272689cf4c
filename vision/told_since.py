"""Brings a memory up to the violations whose evidence was stored after it: the process was killed in between."""

from datetime import datetime

from vision.following import Followed
from vision.lasting import LastingMemory, Level, WatchedTimeMemory
from vision.missing_hoarding import GapMemory, HoardingMemory, overlap, parts_of
from vision.perimeter import PARTS
from vision.uncovered_parts import PartsMemory
from vision.uncovered_soil import SoilMemory
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory


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
