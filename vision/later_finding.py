"""What the evidence of a later picture tells: the same as the violation's, as it stands now, and that it follows it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from vision.evidence.manifest import Stage
from vision.evidence.scene import Scene
from vision.following import Following, FollowUp
from vision.violations import Violation
from vision.watch import Finding, Seen

STAGES = {
    Stage.LASTING: "仍在持续 still there",
    Stage.ENDED: "已消除 has ended",
    Stage.LOOK_BACK: "回头看 look-back",
}


class LastingRule(Protocol):
    """A rule whose violations last."""

    @property
    def open_violations(self) -> Iterable[Violation]:
        """The violations that last."""

    def measured_now(self, violation: Violation, at: datetime) -> Violation:
        """Return the violation as it was measured in the look at `at` (UTC)."""


def later_findings(
    following: Following, rule: LastingRule, seen: Seen, scene: Callable[[Violation, Seen], Scene]
) -> list[Finding]:
    """Return the later pictures that are due of the rule's violations in a look that could show them."""
    due = following.look(rule.open_violations, seen.captured_at)
    now = [(each, rule.measured_now(each.violation, seen.captured_at)) for each in due]
    return [later_finding(each, measured, scene(measured, seen)) for each, measured in now]


def later_finding(due: FollowUp, now: Violation, scene: Scene) -> Finding:
    """Return the finding of a picture that is due; `now` is the violation as measured in it, `scene` tells of that.

    It claims nothing: what training learns from is claimed by the first picture.
    """
    title, *lines = scene.caption
    which = f"后续画面 later picture {due.follows.number} · {due.follows.key[:8]}"
    caption = [f"{title} · {STAGES[due.follows.stage]}", *lines, which]
    return Finding(now, replace(scene, caption=caption, claims=()), follows=due.follows)
