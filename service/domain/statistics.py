"""What statistics tell of the cases found in a period: counts by the database in, trends and quality out. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.agreement import Agreement, Decided, agreement_of
from service.domain.cases import CaseState
from service.domain.lifecycle import STANDS_CONFIRMED
from service.domain.precision import Precision, precision_of
from service.domain.statistics_period import StatisticsPeriod

MOST_SITES = 200
MOST_REASONS = 50


@dataclass(frozen=True)
class DayCount:
    """So many cases were found on the office's day, and are in this state now; no district: the site is not listed."""

    day: date
    rule: str
    district: str
    state: CaseState
    cases: int


@dataclass(frozen=True)
class CourseCount:
    """So many cases found on the day were put right, in time or late, or had something that was not done in time."""

    day: date
    rule: str
    district: str
    in_time: int
    late: int
    overdue: int


@dataclass(frozen=True)
class FinderCount:
    """So many cases of a camera, a rule and a model are in this state; an empty model is not known."""

    camera_id: str
    rule: str
    model: str
    state: CaseState
    cases: int


@dataclass(frozen=True)
class HourCount:
    """So many cases of a site were found in this hour of Beijing's day (0 to 23)."""

    site_id: str
    hour: int
    cases: int


@dataclass(frozen=True)
class Counted:
    """All that the database counted, of cases found in the period. Minutes are whole ones, with how many took them."""

    days: Sequence[DayCount]
    courses: Sequence[CourseCount]
    finders: Sequence[FinderCount]
    hours: Sequence[HourCount]
    reasons: Mapping[str, int]
    review_minutes: Mapping[int, int]
    rectify_minutes: Mapping[int, int]
    decided_again: Sequence[Decided]
    names: Mapping[str, str]
    """Of sites and cameras, by their ids."""


@dataclass(frozen=True)
class Course:
    """Numbers of cases found in a time, as they stand now.

    `waiting` are not decided; what is neither that, confirmed nor rejected was withdrawn or merged. `overdue` had a
    step that was not done in time, or is due now; `in_time` and `late` are those that were put right and verified.
    """

    found: int = 0
    confirmed: int = 0
    rejected: int = 0
    waiting: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class NamedCourse:
    """The course of the cases of a rule or district; an empty name stands for sites that are not listed."""

    name: str
    course: Course


@dataclass(frozen=True)
class TrendPoint:
    """The course of the cases that were found in the days from `first` on, up to the next point."""

    first: date
    course: Course


@dataclass(frozen=True)
class NamedPrecision:
    """The precision of a rule, a model or a camera; `title` is what it is called."""

    name: str
    title: str
    precision: Precision


@dataclass(frozen=True)
class SiteHours:
    """The cases found at a site, in each hour of the day."""

    site_id: str
    site_name: str
    hours: tuple[int, ...]


@dataclass(frozen=True)
class Took:
    """How long something took: of how many cases, the median, and what nine of ten did not exceed, in minutes."""

    cases: int
    median_min: int
    p90_min: int


@dataclass(frozen=True)
class Statistics:
    """A period's statistics; sites and cameras with the most cases first, the others by their names."""

    period: StatisticsPeriod
    total: Course
    trend: tuple[TrendPoint, ...]
    by_rule: tuple[NamedCourse, ...]
    by_district: tuple[NamedCourse, ...]
    hours: tuple[SiteHours, ...]
    rules: tuple[NamedPrecision, ...]
    cameras: tuple[NamedPrecision, ...]
    models: tuple[NamedPrecision, ...]
    reasons: tuple[tuple[str, int], ...]
    agreement: Agreement
    review: Took | None
    rectify: Took | None


_WAITS = frozenset({CaseState.FOUND, CaseState.UNSURE})


def statistics_of(period: StatisticsPeriod, counted: Counted) -> Statistics:
    """Return the statistics of the period."""
    trend = _courses(counted, lambda each: period.point_of(each.day).isoformat())
    return Statistics(
        period,
        total=_courses(counted, lambda _: "").get("", Course()),
        trend=tuple(TrendPoint(day, trend.get(day.isoformat(), Course())) for day in period.points()),
        by_rule=_named(_courses(counted, lambda each: each.rule)),
        by_district=_named(_courses(counted, lambda each: each.district)),
        hours=_hours(counted),
        rules=_precisions(counted.finders, lambda each: each.rule, {}),
        cameras=_most_first(_precisions(counted.finders, lambda each: each.camera_id, counted.names)),
        models=_precisions(counted.finders, lambda each: each.model, {}),
        reasons=tuple(sorted(counted.reasons.items(), key=lambda each: (-each[1], each[0]))[:MOST_REASONS]),
        agreement=agreement_of(counted.decided_again),
        review=took_of(counted.review_minutes),
        rectify=took_of(counted.rectify_minutes),
    )


def took_of(minutes: Mapping[int, int]) -> Took | None:
    """Return how long it took, None where nothing did; both are times that occurred (nearest rank)."""
    cases = sum(minutes.values())
    if not cases:
        return None
    return Took(cases, _ranked(minutes, -(-cases // 2)), _ranked(minutes, -(-cases * 9 // 10)))


def _ranked(minutes: Mapping[int, int], rank: int) -> int:
    for each in sorted(minutes):
        rank -= minutes[each]
        if rank <= 0:
            return each
    raise ValueError("there are fewer than the rank")


def _courses(counted: Counted, name_of: Callable[[DayCount | CourseCount], str]) -> dict[str, Course]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in counted.days:
        sums[name_of(each)].update({"found": each.cases, _standing(each.state): each.cases})
    for course in counted.courses:
        told = {"in_time": course.in_time, "late": course.late, "overdue": course.overdue}
        sums[name_of(course)].update(told)
    return {
        name: Course(
            **{field: numbers[field] for field in Course.__dataclass_fields__},
        )
        for name, numbers in sums.items()
    }


def _standing(state: CaseState) -> str:
    if state in STANDS_CONFIRMED:
        return "confirmed"
    if state is CaseState.REJECTED:
        return "rejected"
    return "waiting" if state in _WAITS else "elsewhere"


def _named(courses: Mapping[str, Course]) -> tuple[NamedCourse, ...]:
    return tuple(NamedCourse(name, courses[name]) for name in sorted(courses))


def _hours(counted: Counted) -> tuple[SiteHours, ...]:
    sites: dict[str, list[int]] = defaultdict(lambda: [0] * 24)
    for each in counted.hours:
        sites[each.site_id][each.hour] += each.cases
    most = sorted(sites, key=lambda site: (-sum(sites[site]), site))[:MOST_SITES]
    return tuple(SiteHours(site, counted.names.get(site, site), tuple(sites[site])) for site in most)


def _precisions(
    finders: Iterable[FinderCount], name_of: Callable[[FinderCount], str], titles: Mapping[str, str]
) -> tuple[NamedPrecision, ...]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in finders:
        sums[name_of(each)][_standing(each.state)] += each.cases
    return tuple(
        NamedPrecision(name, titles.get(name, name), precision_of(numbers["confirmed"], numbers["rejected"]))
        for name, numbers in sorted(sums.items())
    )


def _most_first(rows: Iterable[NamedPrecision]) -> tuple[NamedPrecision, ...]:
    return tuple(
        sorted(rows, key=lambda row: (-row.precision.confirmed - row.precision.rejected, row.name))[:MOST_SITES]
    )
