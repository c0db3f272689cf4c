"""Decides whether a candidate may take the place of the model in production, and says why.

It may if no class is worse by more than a margin on any frozen test set, and if it raises fewer false alarms on the
newest reviewed cases.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.classes import OTHER
from models.evaluation.report import ClassFigures, EvaluationReport

DEFAULT_MARGIN = 0.02
ALL_CLASSES = "all classes"


class Outcome(StrEnum):
    """What was found, as an English text for people; see `Reason`."""

    WORSE = "{data_set}: {class_name} got worse, {figure} {before} → {after} (allowed: {margin})"
    NOT_WORSE = "{data_set}: {class_name} is not worse, {figure} {before} → {after}"
    NOT_MEASURED = "{data_set}: {class_name} was not measured on the candidate, {figure} {before} before"
    FEWER_FALSE_ALARMS = "{data_set}: false alarms of {class_name} fell, {figure} {before} → {after}"
    NO_FALSE_ALARMS = "{data_set}: {class_name} has no false alarms, before and after"
    NOT_FEWER_FALSE_ALARMS = "{data_set}: false alarms of {class_name} did not fall, {figure} {before} → {after}"
    NO_REVIEWED_CASES = "there are no reviewed cases to compare false alarms on"


REFUSALS = frozenset({Outcome.WORSE, Outcome.NOT_MEASURED, Outcome.NOT_FEWER_FALSE_ALARMS, Outcome.NO_REVIEWED_CASES})


class Reason(BaseModel):
    """One finding: on which set, of which class, and the figure of the production model and of the candidate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome
    data_set: str = ""
    class_name: str = ""
    figure: Literal["", "IoU", "AP50", "F1", "false alarm share"] = ""
    before: float | None = None
    after: float | None = None
    margin: float = 0

    @property
    def refuses(self) -> bool:
        """Whether it stands against promotion."""
        return self.outcome in REFUSALS

    def text(self, template: str | None = None) -> str:
        """Return it as people read it; `template` is the outcome's text in another language."""
        return (template or self.outcome.value).format(
            data_set=self.data_set,
            class_name=self.class_name,
            figure=self.figure,
            before=_shown(self.before),
            after=_shown(self.after),
            margin=_shown(self.margin),
        )


class Verdict(BaseModel):
    """Whether to promote, with every finding; those that refuse come first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promote: bool
    reasons: list[Reason]


def judge(
    production: Sequence[EvaluationReport],
    candidate: Sequence[EvaluationReport],
    *,
    reviewed: tuple[EvaluationReport, EvaluationReport] | None,
    margin: float = DEFAULT_MARGIN,
) -> Verdict:
    """Compare the candidate's reports on the frozen sets with the production model's on the same ones.

    `reviewed` holds both models' reports (production, candidate) on the newest reviewed cases; None if there are none.
    `margin` is a difference of shares: 0.02 lets an IoU fall from 0.80 to 0.78. "other" is no class of ours.
    """
    after = {report.data_set: report for report in candidate}
    reasons = []
    for report in production:
        reasons += _compare_classes(report, after.get(report.data_set), margin)
    reasons += _compare_false_alarms(*reviewed, margin) if reviewed else [Reason(outcome=Outcome.NO_REVIEWED_CASES)]
    return Verdict(
        promote=not any(reason.refuses for reason in reasons),
        reasons=sorted(reasons, key=lambda reason: not reason.refuses),
    )


def _compare_classes(before: EvaluationReport, after: EvaluationReport | None, margin: float) -> list[Reason]:
    reasons = []
    for name, figures in _ours(before.classes).items():
        now = after.classes.get(name) if after else None
        score = figures.score
        if score is not None:
            figure = {"surfaces": "IoU", "vehicles": "AP50", "mud": "F1"}[before.task]
            reasons.append(_reason(before.data_set, name, figure, score, now.score if now else None, margin, better=1))
        elif figures.false_alarm_share is not None:  # nothing of the class is there: all that can be is a false alarm
            share = now.false_alarm_share if now else None
            reasons.append(
                _reason(before.data_set, name, "false alarm share", figures.false_alarm_share, share, margin, better=-1)
            )
    return reasons


def _reason(
    data_set: str, class_name: str, figure: str, before: float, after: float | None, margin: float, *, better: int
) -> Reason:
    """Say whether a figure got worse; `better` is 1 where more is better and -1 where less is."""
    if after is None:
        outcome = Outcome.NOT_MEASURED
    else:
        outcome = Outcome.WORSE if better * (before - after) > margin + 1e-9 else Outcome.NOT_WORSE
    return Reason.model_validate(
        {
            "outcome": outcome,
            "data_set": data_set,
            "class_name": class_name,
            "figure": figure,
            "before": before,
            "after": after,
            "margin": margin,
        }
    )


def _compare_false_alarms(before: EvaluationReport, after: EvaluationReport, margin: float) -> list[Reason]:
    """Say whether the false alarms of all classes together fell, and which class has clearly more of them."""
    names = dict.fromkeys([*_ours(before.classes), *_ours(after.classes)])
    shares = {name: (_false_alarm_share(before, name), _false_alarm_share(after, name)) for name in names}
    reasons = [
        Reason(
            outcome=Outcome.WORSE,
            data_set=before.data_set,
            class_name=name,
            figure="false alarm share",
            before=share,
            after=now,
            margin=margin,
        )
        for name, (share, now) in shares.items()
        if now - share > margin + 1e-9
    ]
    total, total_now = (sum(both[index] for both in shares.values()) for index in (0, 1))
    if total_now < total:
        outcome = Outcome.FEWER_FALSE_ALARMS
    else:
        outcome = Outcome.NOT_FEWER_FALSE_ALARMS if total_now else Outcome.NO_FALSE_ALARMS
    reasons.append(
        Reason(
            outcome=outcome,
            data_set=before.data_set,
            class_name=ALL_CLASSES,
            figure="false alarm share",
            before=total,
            after=total_now,
        )
    )
    return reasons


def _ours(classes: Mapping[str, ClassFigures]) -> dict[str, ClassFigures]:
    return {name: figures for name, figures in classes.items() if name != OTHER}


def _false_alarm_share(report: EvaluationReport, name: str) -> float:
    figures = report.classes.get(name)
    return figures.false_alarm_share or 0 if figures else 0


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
