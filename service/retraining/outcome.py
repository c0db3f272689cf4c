"""What came of a retraining, as people and programs read it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, computed_field

from models.classes import Task
from models.data.records import Split
from models.evaluation.report import EvaluationReport
from models.promotion import Verdict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Learnt(_Frozen):
    """What was learnt from: reviewed samples by split, the span of the decisions (UTC), and what was left out."""

    cases: int
    least: int
    """Fewer are not learnt from."""
    samples: dict[Split, int]
    decided_from: datetime | None
    decided_to: datetime | None
    silent: int
    """Decided cases that say nothing for the task."""
    damaged: list[str]
    """Keys of decided cases whose evidence can't be used."""


class Contested(_Frozen):
    """Reviewed cases that neither the model in production nor the one that learnt from them agrees with."""

    share: float
    limit: float
    cases: list[str]
    """Their keys, for another look by a person."""

    @property
    def refuses(self) -> bool:
        """Whether so many are contested that the batch is not to be trusted."""
        return self.share > self.limit


class Refusal(StrEnum):
    """What stands against a candidate beside the promotion's verdict, as English texts."""

    FEW_CASES = "only {cases} decided cases tell of {task}; at least {least} are needed"
    CONTRADICTED = (
        "neither the model in production nor the candidate agrees with {share} of the reviewed cases "
        "(allowed: {limit}); look at them again"
    )


class RetrainingOutcome(_Frozen):
    """The end of a retraining."""

    task: Task
    learnt: Learnt
    production: str
    candidate: str | None
    """The candidate's version in the registry; None when it was refused, or nothing was trained."""
    checkpoint: str | None
    promoted: bool
    verdict: Verdict | None = None
    contested: Contested | None = None
    reports: dict[str, list[EvaluationReport]] = {}
    """Of `production` and `candidate`, on the frozen sets and the newest reviewed cases."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def refusals(self) -> list[str]:
        """What stands against the candidate, in English; nothing where it may go into production."""
        return self.refusal_texts()

    def refusal_texts(self, translate: Callable[[str], str] = str) -> list[str]:
        """Return what stands against the candidate; `translate` turns English templates into another language."""
        texts = []
        if self.learnt.cases < self.learnt.least:
            template = translate(Refusal.FEW_CASES.value)
            texts.append(template.format(cases=self.learnt.cases, task=self.task, least=self.learnt.least))
        if self.contested is not None and self.contested.refuses:
            template = translate(Refusal.CONTRADICTED.value)
            texts.append(template.format(share=f"{self.contested.share:.0%}", limit=f"{self.contested.limit:.0%}"))
        reasons = self.verdict.reasons if self.verdict else []
        return texts + [reason.text(translate(reason.outcome.value)) for reason in reasons if reason.refuses]
