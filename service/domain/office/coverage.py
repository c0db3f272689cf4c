"""Monthly inspection of key-area projects (四不两直): how many each district has done, what is missing, who is next."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from service.domain.office.days import PeriodLength, period_of
from service.domain.office.parameters import Parameters


class CoverageRule(Parameters):
    """How many projects are inspected each month."""

    share_percent: int = Field(
        ge=0, le=100, title="每月检查重点区域项目的比例 Share of a district's key-area projects to inspect a month, %"
    )
    least_projects: int = Field(
        ge=0, title="每区县每月至少检查的项目数 Projects to inspect a month at least, if there are so many"
    )


@dataclass(frozen=True)
class KeyProject:
    """A project in a key area; `inspected_on` are the office's days of its inspections, in any order.

    An inspection is one by people on the spot; a camera's look is none.
    """

    site_id: str
    site_name: str
    district: str
    inspected_on: tuple[date, ...] = ()

    def last_inspected(self, day: date) -> date | None:
        """Return the last inspection up to and with the day, None where there was none."""
        return max((each for each in self.inspected_on if each <= day), default=None)


@dataclass(frozen=True)
class Coverage:
    """A district's month: `done` were inspected, by day; `waiting` are the others, in the order of their turn."""

    district: str
    projects: int
    required: int
    done: tuple[KeyProject, ...]
    waiting: tuple[KeyProject, ...]

    @property
    def missing(self) -> int:
        """How many projects still have to be inspected this month."""
        return max(0, self.required - len(self.done))

    @property
    def suggested(self) -> tuple[KeyProject, ...]:
        """The projects whose turn it is."""
        return self.waiting[: self.missing]


def coverage_of(projects: Iterable[KeyProject], day: date, seed: str, rule: CoverageRule) -> tuple[Coverage, ...]:
    """Return each district's coverage of the day's month as it stood on that day, by the name of the district.

    Whose last inspection lies the most months back comes first; among those of one month the order is drawn by `seed`,
    a text that sites do not know, and by the month, so that it can be repeated but not foreseen.
    """
    by_district: dict[str, list[KeyProject]] = {}
    for project in projects:
        by_district.setdefault(project.district, []).append(project)
    return tuple(_coverage(name, by_district[name], day, seed, rule) for name in sorted(by_district))


def _coverage(district: str, projects: list[KeyProject], day: date, seed: str, rule: CoverageRule) -> Coverage:
    first = period_of(day, PeriodLength.MONTH).first
    done: list[tuple[date, str, KeyProject]] = []
    waiting: list[tuple[tuple[int, int], str, KeyProject]] = []
    for project in projects:
        last = project.last_inspected(day)
        if last is not None and last >= first:
            done.append((last, project.site_id, project))
        else:
            months = (0, 0) if last is None else (last.year, last.month)
            waiting.append((months, _drawn(project.site_id, first, seed), project))
    share = -(-len(projects) * rule.share_percent // 100)
    return Coverage(
        district,
        len(projects),
        min(len(projects), max(share, rule.least_projects)),
        tuple(project for *_, project in sorted(done, key=lambda each: each[:2])),
        tuple(project for *_, project in sorted(waiting, key=lambda each: each[:2])),
    )


def _drawn(site_id: str, month: date, seed: str) -> str:
    return hashlib.sha256("\0".join((seed, f"{month:%Y-%m}", site_id)).encode()).hexdigest()
