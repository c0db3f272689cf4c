"""How the office's lists, its coverage and its advice on a case are written for people; pure."""

from collections.abc import Sequence

from service.domain.office.advice import Advice
from service.domain.office.coverage import Coverage, KeyProject
from service.domain.office.levels import AlertLevel
from service.domain.office.lists import MonthCoverage, Ranking
from service.domain.office.ranking import ListName, RankingRule, Standing
from service.domain.office.reasons import Reason
from service.domain.office.site_events import ESCALATED, LOOK_BACK_FAILED, OVERDUE, RECTIFIED_IN_TIME
from service.pages.labels import figure_name, rule_name
from service.texts.catalogue import N_, Texts

EVENTS = {
    OVERDUE: N_("overdue"),
    LOOK_BACK_FAILED: N_("look-back failed"),
    ESCALATED: N_("dealt with strictly"),
    RECTIFIED_IN_TIME: N_("put right in time"),
}
LISTS = {ListName.RED: N_("Red list"), ListName.BLACK: N_("Black list")}
LEVELS = {AlertLevel.YELLOW: N_("yellow"), AlertLevel.ORANGE: N_("orange"), AlertLevel.RED: N_("red")}
REASONS_SHOWN = 3


def event_name(event: str, _: Texts) -> str:
    """Return what counts for or against a site by its name: a rule, or what became of its cases."""
    return _(EVENTS[event]) if event in EVENTS else rule_name(event, _)


def reason_line(reason: Reason, _: Texts) -> str:
    """Return a reason with rules, measures and levels by their names instead of their codes."""
    named = dict(reason.params)
    if "rule" in named:
        named["rule"] = rule_name(str(named["rule"]), _)
    if "measure" in named:
        named["measure"] = figure_name(str(named["measure"]), _)
    if "level" in named:
        named["level"] = _(LEVELS[AlertLevel(str(named["level"]))])
    return Reason(reason.kind, named).text(_)


def score_formula(rule: RankingRule, _: Texts) -> str:
    """Return how each site's score is made up, whatever happened there."""
    terms = "".join(
        f" {'-' if points < 0 else '+'} {abs(points)} x {event_name(event, _)}"
        for event, points in rule.points_each.items()
    )
    return _("Score = {formula}").format(formula=f"{rule.base_points}{terms}")


def formula(standing: Standing, _: Texts) -> str:
    """Return a site's score as a sum, such as `100 - 2 x 5 (Unwashed truck) = 90`."""
    return standing.formula(lambda event: event_name(event, _))


def ranking_note(ranking: Ranking, _: Texts) -> str:
    """Return which days and which rules the lists are of, and of how many sites."""
    text = _("{first} to {last}, rules {version}: {ranked} of {sites} sites are ranked")
    return text.format(
        first=ranking.first,
        last=ranking.last,
        version=ranking.version,
        ranked=ranking.ranked,
        sites=len(ranking.standings),
    )


def coverage_note(coverage: MonthCoverage, _: Texts) -> str:
    """Return what is asked for, as of which day, by which rules."""
    text = _(
        "{month}, as of {day}, rules {version}: at least {share} % of each district's key-area projects a month, "
        "rounded up, and no fewer than {least}"
    )
    return text.format(
        month=f"{coverage.day:%Y-%m}",
        day=coverage.day,
        version=coverage.version,
        share=coverage.rule.share_percent,
        least=coverage.rule.least_projects,
    )


def coverage_share(coverage: Coverage) -> str:
    """Return the share of a district's projects that were inspected, in per cent; empty where it has none."""
    return f"{len(coverage.done) * 100 / coverage.projects:.0f} %" if coverage.projects else ""


def project_names(projects: Sequence[KeyProject], most: int, _: Texts) -> str:
    """Return the projects' names in one line; of more than `most`, how many more there are."""
    names = _(", ").join(each.site_name for each in projects[:most])
    rest = len(projects) - most
    return names if rest <= 0 else _("{names} and {count} more").format(names=names, count=rest)


def advice_lines(advice: Advice, _: Texts) -> list[str]:
    """Return what the rules say of a case, a line each: guidance or none, strictly or not, and why."""
    lenient = advice.leniency
    told = [reason_line(each, _) for each in lenient.reasons]
    lines = told if lenient.guidance_first else [_with_reasons(_("No leniency"), told, _)]
    if advice.escalation.is_escalated:
        strict = [reason_line(each, _) for each in advice.escalation.reasons]
        lines.append(_with_reasons(_("To be dealt with strictly"), strict, _))
    return lines


def advice_source(advice: Advice, _: Texts) -> str:
    """Return by which version of the rules the advice is given, and the alert that held."""
    source = _("Advice by the rules {version}; people decide").format(version=advice.version)
    if advice.alert is None:
        return source
    return _("{source} (pollution alert: {level})").format(source=source, level=_(LEVELS[advice.alert]))


def _with_reasons(told: str, reasons: Sequence[str], _: Texts) -> str:
    shown, rest = _("; ").join(reasons[:REASONS_SHOWN]), len(reasons) - REASONS_SHOWN
    if rest > 0:
        shown = _("{names} and {count} more").format(names=shown, count=rest)
    return _("{told}: {reasons}").format(told=told, reasons=shown)
