"""The look-backs that a camera was asked for, and the pictures that answer them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Generic

from vision.evidence.manifest import Outcome
from vision.evidence.scene import Scene
from vision.geometry import BboxXyxy
from vision.look_back import JudgingRule, LookBack, LookBackOrder, LookT
from vision.violations import RuleName, Violation
from vision.watch import Finding, Seen
from vision.watch_memory import WatchMemory

OUTCOMES = {
    Outcome.PASSED: "回头看：合格 look-back: in order",
    Outcome.STILL_VIOLATED: "回头看：仍违规 look-back: still violated",
    Outcome.NOT_VISIBLE: "回头看：未能看清 look-back: not visible",
}
"""What a look-back showed, as captions tell it."""


class LookBacks(Generic[LookT]):
    """Those of one rule at one camera. Without any, it does nothing."""

    def __init__(self, rule: RuleName, bbox_xyxy: BboxXyxy, begin: Callable[[WatchMemory], JudgingRule[LookT]]) -> None:
        """`bbox_xyxy` is the relative box around all that the rule looks at; `begin` begins the camera's rule anew."""
        self._rule = rule
        self._bbox_xyxy = bbox_xyxy
        self._begin = begin
        self._going_on: dict[tuple[str, int], LookBack[LookT]] = {}
        self._answered: set[tuple[str, int]] = set()
        self._sees_clearly = True

    def ask(self, orders: Iterable[LookBackOrder], *, sees_clearly: bool = True) -> None:
        """Take the orders as they stand now: those that are not among them any more are void.

        What was answered is not answered again while it is still among them. A camera that does not see clearly begins
        anew once it does: what it showed before that was noticed may be no better.
        """
        self._sees_clearly = sees_clearly
        wanted = {(each.key, each.number): each for each in orders if each.rule is self._rule and each.can_be_answered}
        self._answered &= wanted.keys()
        self._going_on = {
            place: (self._going_on.get(place) if sees_clearly else None)
            or LookBack(order, self._bbox_xyxy, self._begin)
            for place, order in wanted.items()
            if place not in self._answered
        }

    def see(
        self,
        seen: Seen,
        look: LookT,
        is_in_sight: Callable[[Violation], bool],
        scene: Callable[[Violation, Seen], Scene],
    ) -> list[Finding]:
        """Take in a look; return the pictures that answer.

        `is_in_sight` tells whether the place of a violation can be seen in it, `scene` tells of one as measured.
        """
        answers = []
        for place, look_back in list(self._going_on.items()):
            if seen.captured_at < look_back.order.due_at:  # it shows what was before the look-back was asked for
                continue
            outcome = look_back.see(look) if self._sees_clearly and is_in_sight(look_back.violation) else None
            if outcome is None and seen.captured_at >= look_back.order.until:
                outcome = Outcome.NOT_VISIBLE
            if outcome is not None:
                answers.append(_finding(look_back, outcome, seen, scene))
                self._answered.add(place)
                del self._going_on[place]
        return answers


def _finding(
    look_back: LookBack[LookT], outcome: Outcome, seen: Seen, scene: Callable[[Violation, Seen], Scene]
) -> Finding:
    """Return the picture that answers: with what was measured in it, and nothing claimed to learn from."""
    at, follows = seen.captured_at, look_back.order.follows(outcome)
    if outcome is Outcome.NOT_VISIBLE:
        told = replace(look_back.violation, opened_at=at)
        measures = {"looks": float(look_back.looks)}
    else:
        told = look_back.ending.measured_now(look_back.violation, at)
        # How long it lasted is not known: nobody looked on between then and now.
        measures = {name: value for name, value in told.measures.items() if name != "lasted_s"}
    around = scene(told, seen)
    title, times, *_ = around.caption
    caption = [f"{title} · {OUTCOMES[outcome]}", times, f"{follows.number} · {look_back.order.key[:8]}"]
    # The last mark is the violation's box with its figures.
    marks = around.marks[:-1] if outcome is Outcome.NOT_VISIBLE else around.marks
    shown = replace(around, caption=caption, marks=marks, claims=())
    return Finding(replace(told, measures=measures), shown, follows=follows)
