"""Leniency (721 工作法): a first minor offence is met with guidance first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from service.domain.office.days import day_of
from service.domain.office.levels import AlertLevel
from service.domain.office.offences import Counting, Offence, earlier_offences
from service.domain.office.parameters import Parameters
from service.domain.office.reasons import Reason, because


class LeniencyRule(Parameters):
    """What is minor, what is first, and when there is no leniency at all."""

    minor_below: dict[str, dict[str, float]] = Field(
        title="轻微：各项指标均低于此值；未列出的规则从不轻微 Minor is what is below this; other rules never are"
    )
    counting: Counting
    none_from_alert: AlertLevel | None = Field(
        title="达到此预警级别起不从轻；null 表示不限 No leniency from this alert level on; null: always"
    )


class LeniencyReason(StrEnum):
    """What was found, as English texts."""

    FIRST_MINOR = "a first minor offence on this project: guidance comes first"
    NEVER_MINOR = "{rule} is never minor"
    TOO_LARGE = "{measure} is {value}; minor is below {limit}"
    NOT_MEASURED = "{measure} was not measured, so that it is not known to be minor"
    REPEATED = "not the first on this project: case {case_id} of {day}"
    ALERT = "there is no leniency during a pollution alert ({level})"


@dataclass(frozen=True)
class Leniency:
    """Whether guidance comes first, and why, or everything that stands against it."""

    guidance_first: bool
    reasons: tuple[Reason, ...]


def leniency_of(offence: Offence, others: Iterable[Offence], alert: AlertLevel | None, rule: LeniencyRule) -> Leniency:
    """Return whether the offence is met with guidance first, by the rule of the day it was found on.

    `others` are offences of any project and time; those met with guidance count too. `alert` is the level when the
    offence was found, None without one. What is not known to be minor is not.
    """
    against = [*_not_minor(offence, rule)]
    against += [
        because(LeniencyReason.REPEATED, case_id=each.case_id, day=day_of(each.found_at).isoformat())
        for each in earlier_offences(offence, others, rule.counting)
    ]
    if alert is not None and rule.none_from_alert is not None and alert.is_at_least(rule.none_from_alert):
        against.append(because(LeniencyReason.ALERT, level=alert.value))
    return Leniency(not against, tuple(against) or (because(LeniencyReason.FIRST_MINOR),))


def _not_minor(offence: Offence, rule: LeniencyRule) -> Iterator[Reason]:
    limits = rule.minor_below.get(offence.rule)
    if limits is None:
        yield because(LeniencyReason.NEVER_MINOR, rule=offence.rule)
        return
    for measure, limit in limits.items():
        value = offence.measures.get(measure)
        if value is None:
            yield because(LeniencyReason.NOT_MEASURED, measure=measure)
        elif not value < limit:
            yield because(LeniencyReason.TOO_LARGE, measure=measure, value=f"{value:g}", limit=f"{limit:g}")
