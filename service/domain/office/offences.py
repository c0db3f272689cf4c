"""Offences on a project, and which earlier ones count against a new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import Field

from service.domain.office.days import day_of
from service.domain.office.parameters import Parameters


@dataclass(frozen=True)
class Offence:
    """A violation that was confirmed and neither withdrawn nor merged into another; `found_at` is timezone-aware.

    `rule` and `measures` are those of its case. `was_guided` tells that it was met with guidance alone.
    """

    case_id: int
    project_id: str
    rule: str
    found_at: datetime
    measures: Mapping[str, float] = field(default_factory=dict)
    was_guided: bool = False


class Counting(Parameters):
    """Which earlier offences count."""

    window: Literal["rolling", "calendar_year"] = Field(
        title="一年的算法：rolling 向前推若干日，calendar_year 自然年 How a year is counted"
    )
    window_days: int = Field(ge=1, le=3660, title="rolling 的天数 Days of a rolling year")
    same_rule_only: bool = Field(title="只计同一规则的违规 Count offences against the same rule alone")
    same_day_counts_once: bool = Field(title="同日多起计为一起 Several offences of a day count as one")


def earlier_offences(offence: Offence, others: Iterable[Offence], counting: Counting) -> tuple[Offence, ...]:
    """Return the offences on the same project that were found before this one and count against it, oldest first.

    The day after an earlier offence is the first day of its year: with 365 days, what was found on 1 March 2025 counts
    up to 1 March 2026. Where several offences of a day count as one, the first stands for its day, and those of this
    offence's own day are none before it.
    """
    before = sorted((each for each in others if _counts(each, offence, counting)), key=_order)
    if not counting.same_day_counts_once:
        return tuple(before)
    by_day = {day_of(each.found_at): each for each in reversed(before)}
    by_day.pop(day_of(offence.found_at), None)
    return tuple(sorted(by_day.values(), key=_order))


def nearest_before(offences: Iterable[Offence], counting: Counting, most: int) -> dict[int, tuple[Offence, ...]]:
    """Return for each offence of one project, by its case, the last ones before it that can count against it.

    They tell whether `most` of them count, since older ones count only if these do; so a project with thousands of
    offences need not hold each against all.
    """
    kept: dict[str, list[Offence]] = {}
    found: dict[int, tuple[Offence, ...]] = {}
    for offence in sorted(offences, key=_order):
        same = kept.setdefault(offence.rule if counting.same_rule_only else "", [])
        found[offence.case_id] = tuple(same[-most - 1 :])  # one more, which may be of the offence's own day
        is_first = not same or day_of(same[-1].found_at) != day_of(offence.found_at)
        if is_first or not counting.same_day_counts_once:
            same.append(offence)
    return found


def _counts(earlier: Offence, offence: Offence, counting: Counting) -> bool:
    is_the_same_kind = earlier.rule == offence.rule or not counting.same_rule_only
    is_before = earlier.project_id == offence.project_id and _order(earlier) < _order(offence)
    if not (is_the_same_kind and is_before):
        return False
    then, day = day_of(earlier.found_at), day_of(offence.found_at)
    if counting.window == "calendar_year":
        return then.year == day.year
    return (day - then).days <= counting.window_days


def _order(offence: Offence) -> tuple[datetime, int]:
    return offence.found_at, offence.case_id
