"""Look-backs: when a case's camera is asked to inspect the same place again, and what its answer leads to."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.cases import Case
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told
from vision.evidence.manifest import FIRST_LOOK_BACK, Outcome
from vision.look_back import FIGURES_OF_RULE

TRIED_FOR = timedelta(hours=24)
"""How long a camera tries to see the place."""
ANSWER_WAITED_FOR = timedelta(hours=1)
"""How long an answer is waited for after that: it may be on its way."""


class Occasion(StrEnum):
    """After what a case is looked back at."""

    REPORT = "report"
    """The site says that it is put right. People verify it all the same."""
    CLOSING = "closing"


class Standing(StrEnum):
    """What became of a look-back."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    """No picture came."""
    VOID = "void"
    """The case went on without it."""


@dataclass(frozen=True)
class LookBack:
    """One look-back of a case; times are UTC.

    `number` is that of the picture that answers, and the same whenever the same step asks. The camera looks from
    `due_at` on and gives up at `until`. `outcome` is None unless it was answered, and `settled_at` while it is open.
    """

    case_id: int
    number: int
    occasion: Occasion
    due_at: datetime
    until: datetime
    standing: Standing = Standing.OPEN
    outcome: Outcome | None = None
    settled_at: datetime | None = None

    def settled(self, standing: Standing, outcome: Outcome | None, at: datetime) -> "LookBack":
        """Return it with what became of it; what is settled stays as it is."""
        if self.standing is not Standing.OPEN:
            return self
        return replace(self, standing=standing, outcome=outcome, settled_at=at)


@dataclass(frozen=True)
class Consequence:
    """The step that an answer leads to, with what comes with it."""

    step: Step
    actor: Actor
    told: Told


def asked_for_by(entry: HistoryEntry, after: Case, tried_for: timedelta = TRIED_FOR) -> LookBack | None:
    """Return the look-back that a step asks for, None where it asks for none; `after` is the case after the step.

    Soil and hoarding stay where they are; a truck is gone, and its case waits for people.
    """
    if after.rule not in {rule.value for rule in FIGURES_OF_RULE}:
        return None
    number = FIRST_LOOK_BACK - 1 + entry.number
    if entry.step is Step.REPORT:
        return LookBack(after.id, number, Occasion.REPORT, entry.at, entry.at + tried_for)
    if entry.step is Step.CLOSE and after.due_at is not None:
        return LookBack(after.id, number, Occasion.CLOSING, after.due_at, after.due_at + tried_for)
    return None


def makes_void(step: Step) -> bool:
    """Tell whether the step makes the case's open look-backs void: the case has moved on, or asks for a new one."""
    return step is not Step.NOTE


def consequence(look_back: LookBack, case: Case, outcome: Outcome | None) -> Consequence:
    """Return what the answer leads to; no `outcome` where no picture came.

    After closing, what was seen passes the case or opens it again. All else is a note, and people decide. The reason
    names the picture, which is among the case's later ones.
    """
    step = Step.NOTE if outcome is None else _STEPS.get((look_back.occasion, outcome), Step.NOTE)
    return Consequence(step, Actor(case.camera_id, Role.MACHINE), Told(reason=_reason(look_back, outcome)))


_STEPS = {
    (Occasion.CLOSING, Outcome.PASSED): Step.PASS,
    (Occasion.CLOSING, Outcome.STILL_VIOLATED): Step.REOPEN,
}
_OCCASIONS = {
    Occasion.REPORT: ("整改报告后自动回头看", "Look-back after the report"),
    Occasion.CLOSING: ("销号后自动回头看", "Look-back after closing"),
}
_OUTCOMES = {
    Outcome.PASSED: ("同一点位复看，现场合格", "the same camera saw it in order"),
    Outcome.STILL_VIOLATED: ("同一点位复看，仍然违规", "the same camera still saw the violation"),
    Outcome.NOT_VISIBLE: ("期限内未能看清现场，请人工核查", "the place was not seen clearly in time; please check it"),
}
_NO_PICTURE = ("期限内该点位没有传回画面，请人工核查", "no picture came from the camera in time; please check it")


def _reason(look_back: LookBack, outcome: Outcome | None) -> str:
    """Return what happened, in Chinese and English: the history is read in both."""
    occasion_zh, occasion_en = _OCCASIONS[look_back.occasion]
    if outcome is None:
        zh, en = _NO_PICTURE
        return f"{occasion_zh}：{zh}。{occasion_en}: {en}."
    zh, en = _OUTCOMES[outcome]
    number = look_back.number
    return f"{occasion_zh}：{zh}（后续画面 {number}）。{occasion_en}: {en} (later picture {number})."
