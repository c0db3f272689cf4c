"""What a report tells: cases and steps of a period in, figures by district, category, rule and party out; pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from service.domain.lifecycle import Step
from service.domain.office.lists import OfficeLists
from service.domain.report_period import ReportPeriod

_NO_LISTS = OfficeLists()


@dataclass(frozen=True)
class ReportedCase:
    """A case that a report counts, with what the list of sites tells of its site (empty where it is not in there).

    `found_at` and `received_at` are timezone-aware; `party` is whom it was handed over to last, empty for nobody.
    """

    case_id: int
    rule: str
    site_id: str
    site_name: str
    district: str
    category: str
    party: str
    found_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class ReportedStep:
    """A step of a case; the steps of a case come in their order."""

    case_id: int
    step: Step
    at: datetime


@dataclass(frozen=True)
class Happened:
    """Everything that a period's report is made of.

    `cases` are all that the rest names, by number. `found` were found in the period. `steps` are those of the period,
    and of each case that was verified in it all that came before. Something of `late` fell due in the period and was
    not done in time. `offences` counts the confirmed cases of each site that had one in the period, over a year.
    """

    cases: Mapping[int, ReportedCase]
    found: frozenset[int]
    steps: Sequence[ReportedStep]
    late: frozenset[int]
    offences: Mapping[str, int]


@dataclass(frozen=True)
class Spread:
    """How long something took: of how many cases, the median, and what nine of ten did not exceed, in seconds."""

    cases: int
    median_s: float
    p90_s: float


@dataclass(frozen=True)
class Figures:
    """Numbers of cases: found, confirmed, rejected and closed in the period, as it stood at its end.

    `review` is from receiving a case to the decision that stands, `rectify` from handing it over to the report of the
    party that it was verified by. `overdue` fell due in the period and was not done in time.
    """

    found: int
    confirmed: int
    rejected: int
    closed: int
    overdue: int
    review: Spread | None
    rectify: Spread | None


@dataclass(frozen=True)
class ReportRow:
    """The figures of a district, category, rule or party; an empty name stands for cases that have none."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class RepeatOffender:
    """A site with a confirmed case found in the period, and two or more within a year up to its end."""

    site_id: str
    site_name: str
    district: str
    cases: int


@dataclass(frozen=True)
class Report:
    """A period's report; rows are in the order of their names, offenders with the most cases first.

    `lists` are those that stand at the period's last day.
    """

    period: ReportPeriod
    total: Figures
    by_district: tuple[ReportRow, ...]
    by_category: tuple[ReportRow, ...]
    by_rule: tuple[ReportRow, ...]
    by_party: tuple[ReportRow, ...]
    repeat_offenders: tuple[RepeatOffender, ...]
    lists: OfficeLists = _NO_LISTS


@dataclass(frozen=True)
class _Outcome:
    """What the period brought a case."""

    case: ReportedCase
    is_found: bool
    is_late: bool
    decided: Step | None
    is_closed: bool
    review_s: float | None
    rectify_s: float | None


REPEATED = 2
_TAKEN_BACK = frozenset({Step.UNDO})
_REOPENS = frozenset({Step.REOPEN})


def report_of(period: ReportPeriod, happened: Happened, lists: OfficeLists = _NO_LISTS) -> Report:
    """Return the report of the period."""
    steps: dict[int, list[ReportedStep]] = defaultdict(list)
    for step in happened.steps:
        steps[step.case_id].append(step)
    outcomes = [_outcome(case, steps[case.case_id], period, happened) for _, case in sorted(happened.cases.items())]
    return Report(
        period,
        _figures(outcomes),
        _rows(outcomes, lambda case: case.district),
        _rows(outcomes, lambda case: case.category),
        _rows(outcomes, lambda case: case.rule),
        _rows(outcomes, lambda case: case.party),
        _repeat_offenders(happened),
        lists,
    )


def _outcome(case: ReportedCase, steps: list[ReportedStep], period: ReportPeriod, happened: Happened) -> _Outcome:
    decision = _standing(steps, frozenset({Step.CONFIRM, Step.REJECT}), _TAKEN_BACK)
    if decision is not None and decision.at < period.begins_at:
        decision = None
    closing = _standing(steps, frozenset({Step.CLOSE}), _REOPENS)
    return _Outcome(
        case,
        is_found=case.case_id in happened.found,
        is_late=case.case_id in happened.late,
        decided=None if decision is None else decision.step,
        is_closed=closing is not None and closing.at >= period.begins_at,
        review_s=None if decision is None else (decision.at - case.received_at).total_seconds(),
        rectify_s=_rectify_s(steps, period),
    )


def _standing(
    steps: Iterable[ReportedStep], wanted: frozenset[Step], takes_back: frozenset[Step]
) -> ReportedStep | None:
    """Return the last step of the wanted ones, None where it was taken back since."""
    found: ReportedStep | None = None
    for step in steps:
        if step.step in wanted:
            found = step
        elif step.step in takes_back:
            found = None
    return found


def _rectify_s(steps: Sequence[ReportedStep], period: ReportPeriod) -> float | None:
    """Return how long the party took that was verified last; a report that was sent back does not count."""
    handed: datetime | None = None
    reported: datetime | None = None
    took: float | None = None
    for step in steps:
        if step.step is Step.ASSIGN:
            handed, reported = step.at, None
        elif step.step is Step.REPORT:
            reported = step.at
        elif step.step is Step.RETURN:
            reported, took = None, None
        elif step.step is Step.VERIFY and handed is not None and step.at >= period.begins_at:
            took = ((reported or step.at) - handed).total_seconds()
    return took


def _rows(outcomes: Sequence[_Outcome], name_of: Callable[[ReportedCase], str]) -> tuple[ReportRow, ...]:
    groups: dict[str, list[_Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[name_of(outcome.case)].append(outcome)
    rows = (ReportRow(name, _figures(groups[name])) for name in sorted(groups))
    return tuple(row for row in rows if row.figures != _NOTHING)


def _figures(outcomes: Sequence[_Outcome]) -> Figures:
    return Figures(
        found=sum(each.is_found for each in outcomes),
        confirmed=sum(each.decided is Step.CONFIRM for each in outcomes),
        rejected=sum(each.decided is Step.REJECT for each in outcomes),
        closed=sum(each.is_closed for each in outcomes),
        overdue=sum(each.is_late for each in outcomes),
        review=spread_of([each.review_s for each in outcomes if each.review_s is not None]),
        rectify=spread_of([each.rectify_s for each in outcomes if each.rectify_s is not None]),
    )


def spread_of(seconds: Sequence[float]) -> Spread | None:
    """Return the spread, None of none; the 90th percentile is a time that occurred (nearest rank)."""
    if not seconds:
        return None
    in_order = sorted(seconds)
    return Spread(len(in_order), median(in_order), in_order[-(-len(in_order) * 9 // 10) - 1])


def _repeat_offenders(happened: Happened) -> tuple[RepeatOffender, ...]:
    sites = {case.site_id: case for _, case in sorted(happened.cases.items())}
    offenders = (
        RepeatOffender(site_id, sites[site_id].site_name, sites[site_id].district, count)
        for site_id, count in happened.offences.items()
        if count >= REPEATED and site_id in sites
    )
    return tuple(sorted(offenders, key=lambda each: (-each.cases, each.site_id)))


_NOTHING = _figures([])
