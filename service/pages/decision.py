"""A decision as the browser sends it: for one case in one version, so that sending it again does nothing twice."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.domain.corrections import Correction
from service.domain.lifecycle import HistoryEntry, Step, Told

MAX_REASON = 500


class SentDecision(BaseModel):
    """What somebody decided; `again` tells that it may have come before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    case: int = Field(ge=1, le=2**31 - 1)
    version: int = Field(ge=0)
    step: Literal["confirm", "reject", "doubt", "undo"]
    reason: str = Field(default="", max_length=MAX_REASON)
    correction: Correction | None = None
    again: bool = False

    @property
    def told(self) -> Told:
        """What comes with the step; a correction belongs to confirming and rejecting alone."""
        draws = self.step in ("confirm", "reject")
        return Told(reason=self.reason, correction=self.correction if draws else None)

    def is_done_by(self, entry: HistoryEntry, who: str) -> bool:
        """Tell whether a step of the case's history is this very decision, taken by `who`."""
        return (entry.number, entry.step, entry.actor.name, entry.told.reason) == (
            *(self.version + 1, Step(self.step), who, self.reason),
        )
