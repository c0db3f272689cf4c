"""Tells what judging came to: one JSON object, and a table for the terminal. Pure."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from rich.table import Table

from benchmarks.judgement.scores import Outcome, false_alarms_a_day, score
from benchmarks.machine import describe_machine
from vision.violations import RuleName

AREA_WITHIN = 0.15
"""Share by which an area may be wrong."""
GAP_WITHIN = (0.10, 0.3)
"""Share and metres by which a gap may be wrong; the larger counts."""


def summary(outcomes: Sequence[Outcome], not_rendered: Sequence[str], at: str) -> dict[str, Any]:
    """Return everything that was measured, ready for JSON."""
    return {
        "at": at,
        "machine": describe_machine(),
        "not_rendered": list(not_rendered),
        "rules": {rule.value: _rule(rule, [one for one in outcomes if one.rule is rule]) for rule in RuleName},
    }


def _rule(rule: RuleName, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    total = score(rule, outcomes)
    hours, alarms, a_day = false_alarms_a_day(outcomes)
    late = [hit.late_s for one in outcomes for hit in one.hits]
    return {
        "violations": total.violations,
        "look_alikes": total.look_alikes,
        "true_positives": total.true_positives,
        "false_positives": total.false_positives,
        "misses": total.misses,
        "precision": round(total.precision, 3),
        "recall": round(total.recall, 3),
        "failures": [failure for one in outcomes for failure in failures(one)],
        "late_s": {"median": round(median(late), 1), "most": round(max(late), 1)} if late else None,
        "amounts": _amounts(rule, outcomes),
        "lawful_hours": round(hours, 2),
        "lawful_false_alarms": alarms,
        "false_alarms_a_camera_day": round(a_day, 2),
        "recordings": len(outcomes),
    }


def failures(outcome: Outcome) -> list[dict[str, Any]]:
    """Return each miss and each false alarm of a recording by name."""
    missed = [
        {"story": outcome.story, "failure": "missed", "since_s": one.since_s, "amount": one.amount, "at": one.at}
        for one in outcome.missed
    ]
    alarms = [
        {
            "story": outcome.story,
            "failure": "false alarm",
            "seconds": one.seconds,
            "amount": one.amount,
            "at": one.at,
            "taken": taken,
        }
        for one, taken in zip(outcome.false_alarms, outcome.taken, strict=True)
    ]
    return [*missed, *alarms]


def _amounts(rule: RuleName, outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """Return each size that was told beside the true one, and how many are as near as they should be."""
    rows: list[dict[str, Any]] = [
        {
            "story": one.story,
            "true": hit.expected.amount,
            "told": hit.found.amount,
            "told_error": hit.found.amount_error,
            "wrong_by": round(error, 2),
        }
        for one in outcomes
        for hit in one.hits
        if (error := hit.error) is not None
    ]
    if not rows:
        return None
    within = [row for row in rows if abs(row["wrong_by"]) <= _allowed(rule, row["true"])]
    return {
        "told": len(rows),
        "within": len(within),
        "median_share_wrong": round(median(abs(row["wrong_by"]) / row["true"] for row in rows), 3),
        "worst_share_wrong": round(max(abs(row["wrong_by"]) / row["true"] for row in rows), 3),
        "rows": rows,
    }


def _allowed(rule: RuleName, true: float) -> float:
    if rule is RuleName.MISSING_HOARDING:
        return max(GAP_WITHIN[0] * true, GAP_WITHIN[1])
    return AREA_WITHIN * true


def table(result: dict[str, Any]) -> Table:
    """Return the figures of each rule as a table."""
    columns = ("rule", "violations", "look-alikes", "found", "false", "missed", "precision", "recall", "false a day")
    made = Table(*columns, title=f"{result['machine']}")
    for name, rule in result["rules"].items():
        counts = ("violations", "look_alikes", "true_positives", "false_positives", "misses", "precision", "recall")
        made.add_row(name, *(str(rule[key]) for key in counts), str(rule["false_alarms_a_camera_day"]))
    return made
