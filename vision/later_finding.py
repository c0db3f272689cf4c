"""What the evidence of a later picture tells: the same as the violation's, as it stands now, and that it follows it."""

from dataclasses import replace

from vision.evidence.manifest import Stage
from vision.evidence.scene import Scene
from vision.following import FollowUp
from vision.violations import Violation
from vision.watch import Finding

STAGES = {Stage.LASTING: "仍在持续 still there", Stage.ENDED: "已消除 has ended"}


def later_finding(due: FollowUp, now: Violation, scene: Scene) -> Finding:
    """Return the finding of a picture that is due; `now` is the violation as measured in it, `scene` tells of that.

    It claims nothing: what training learns from is claimed by the first picture.
    """
    title, *lines = scene.caption
    which = f"后续画面 later picture {due.follows.number} · {due.follows.key[:8]}"
    caption = [f"{title} · {STAGES[due.follows.stage]}", *lines, which]
    return Finding(now, replace(scene, caption=caption, claims=()), follows=due.follows)
