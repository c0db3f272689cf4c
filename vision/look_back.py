"""A look-back: the place of an earlier violation is inspected again because somebody asks for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from vision.evidence.manifest import FIRST_LOOK_BACK, Follows, Outcome, Stage
from vision.geometry import BboxXyxy
from vision.missing_hoarding import overlap, parts_of
from vision.perimeter import PARTS
from vision.told_since import with_told_since
from vision.uncovered_parts import PartsMemory
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory

FEWEST_LOOKS = 3
"""So many looks that showed the place an outcome rests on, however short the rule's times are."""
FIGURES_OF_RULE = {
    RuleName.UNCOVERED_SOIL: frozenset({"bare_soil_share", "lasted_s"}),
    RuleName.MISSING_HOARDING: frozenset({"gap_share", "at_share", "lasted_s"}),
}
"""What has to be known of a violation that is looked back at, by its rule; the other rules' leave nothing to see."""
LookT = TypeVar("LookT")
LookT_contra = TypeVar("LookT_contra", contravariant=True)


class LookBackOrder(BaseModel):
    """Asks a camera to look back at an earlier violation: what it was, from when on, and until when to try (UTC).

    `key`, `opened_at` and `measures` are those of the violation's first package, `number` is that of the picture.
    """

    model_config = ConfigDict(frozen=True)  # more fields are taken: the queue may be newer than the edge

    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    number: int = Field(ge=FIRST_LOOK_BACK, le=100_000)
    rule: RuleName
    camera_id: str
    opened_at: AwareDatetime
    measures: dict[str, float]
    due_at: AwareDatetime
    until: AwareDatetime

    @property
    def can_be_answered(self) -> bool:
        """Whether enough is known of the violation to look back at it."""
        return self.rule in FIGURES_OF_RULE and FIGURES_OF_RULE[self.rule] <= self.measures.keys()

    def violation(self, bbox_xyxy: BboxXyxy) -> Violation:
        """Return the violation; `bbox_xyxy` is the relative box around all that its rule looks at."""
        return Violation(self.rule, self.camera_id, self.opened_at, 0, bbox_xyxy, dict(self.measures))

    def follows(self, outcome: Outcome) -> Follows:
        """Return the place of the picture that answers."""
        return Follows(key=self.key, number=self.number, stage=Stage.LOOK_BACK, outcome=outcome)


class JudgingRule(Protocol[LookT_contra]):
    """A rule whose violations last, and that is told of looks."""

    @property
    def open_violations(self) -> tuple[Violation, ...]:
        """The violations that last."""

    def observe(self, look: LookT_contra) -> object:
        """Take in one look."""

    def measured_now(self, violation: Violation, at: datetime) -> Violation:
        """Return the violation as it was measured in the look at `at` (UTC), also one that has just ended."""


class LookBack(Generic[LookT]):
    """Judges a place as its rule does, from when it was asked to: nothing that was known before counts.

    The rule runs twice. Begun with the violation open, it tells when the violation has ended; begun with nothing, when
    there is one. Hysteresis, median, grace times, nights and earthworks are so the rule's own. Pure.
    """

    def __init__(
        self, order: LookBackOrder, bbox_xyxy: BboxXyxy, begin: Callable[[WatchMemory], JudgingRule[LookT]]
    ) -> None:
        """`bbox_xyxy` is the relative box around all that the rule looks at; `begin` lets it go on from a memory."""
        self.order = order
        self.violation = order.violation(bbox_xyxy)
        self.ending = begin(_open_memory(self.violation))
        """The rule that has the violation open, and so measures it."""
        self._arising = begin(WatchMemory())
        self.looks = 0
        """How many looks showed the place."""

    def see(self, look: LookT) -> Outcome | None:
        """Take in a look that showed the place; return what the look-back shows, None while that can't be told."""
        self.looks += 1
        self.ending.observe(look)
        self._arising.observe(look)
        if self.looks < FEWEST_LOOKS:
            return None
        if self.violation.key not in {each.key for each in self.ending.open_violations}:
            return Outcome.PASSED
        if any(self._is_the_same(found) for found in self._arising.open_violations):
            return Outcome.STILL_VIOLATED
        return None

    def _is_the_same(self, found: Violation) -> bool:
        is_gap = found.rule is RuleName.MISSING_HOARDING
        return not is_gap or overlap(parts_of(found), parts_of(self.violation))


def _open_memory(violation: Violation) -> WatchMemory:
    """Return the memory in which the violation is open, and nothing else known."""
    memory = with_told_since(WatchMemory(), violation)
    if memory.hoarding is None:
        return memory
    # What stays hidden stays a gap.
    start, end = parts_of(violation)
    parts = PartsMemory(uncovered="".join("u" if start <= part < end else "c" for part in range(PARTS)))
    return memory.model_copy(update={"hoarding": memory.hoarding.model_copy(update={"parts": parts})})
