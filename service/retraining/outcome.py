"""What came of a retraining, as people and programs read it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from models.classes import Task
from models.data.records import Split
from models.evaluation.report import EvaluationReport
from models.promotion import Verdict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Learnt(_Frozen):
    """What was learnt from: reviewed samples by split, the span of the decisions (UTC), and what was left out."""

    cases: int
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


class Outcome(_Frozen):
    """The end of a retraining. `refusals` are English lines; empty where the candidate may go into production."""

    task: Task
    learnt: Learnt
    production: str
    candidate: str | None
    """The candidate's version in the registry; None when it was refused, or nothing was trained."""
    checkpoint: str | None
    promoted: bool
    refusals: list[str]
    verdict: Verdict | None = None
    contested: Contested | None = None
    reports: dict[str, list[EvaluationReport]] = {}
    """Of `production` and `candidate`, on the frozen sets and the newest reviewed cases."""
