"""The demonstration's cameras and what is drawn on their pictures: our own clips' truth, or for any other a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets.stories import gate_story, perimeter_story, yard_story

Points = list[tuple[float, float]]
"""Relative coordinates."""
PATROL = {"interval_s": 2.0, "max_age_s": 10.0}
"""How the yard and the hoarding are looked at: their clips last a minute, and hold a keyframe each 2 s."""
SHORT_TIMES = {"window_s": 4.0, "grace_s": 8.0, "close_after_s": 4.0}
RULES = {"uncovered_soil": SHORT_TIMES | {"earthworks_factor": 1.0}, "missing_hoarding": SHORT_TIMES}
"""Times of seconds where a site has half an hour and more; the excavator works for half of the yard's minute."""


@dataclass(frozen=True)
class DemoGate:
    """A gate's exit line, a point on its outer side, and its wash bay."""

    exit_line: Points
    outward: tuple[float, float]
    wash_bay: Points

    def zones(self) -> dict[str, Any]:
        """Return the zones as they stand in the configuration."""
        line = {"points": [list(point) for point in self.exit_line], "outward": list(self.outward)}
        return {"exit_line": line, "wash_bay": [list(point) for point in self.wash_bay]}


@dataclass(frozen=True)
class DemoView:
    """A simulated camera: its clip, and its gate or what else is drawn, as it stands in the configuration."""

    camera_id: str
    name: str
    clip: Path
    gate: DemoGate | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zones(self) -> dict[str, Any]:
        """The zones as they stand in the configuration."""
        return self.gate.zones() if self.gate else dict(self.drawn)


def rendered_views() -> tuple[DemoView, ...]:
    """Return the rendered cameras that come with the project, the gate first."""
    story = gate_story()
    gate = DemoGate(list(story.exit_line.points), story.exit_line.outward, story.wash_bay)
    yard, fence = yard_story(), perimeter_story()
    gate_in_fence = [fence.fraction_at(metres) for metres in (fence.gate.from_m, fence.gate.to_m)]
    perimeter = {"line": [list(point) for point in fence.line.points], "gates": [gate_in_fence]}
    return (
        DemoView("demo-gate", "演示大门", story.clip, gate),
        DemoView("demo-yard", "演示堆场", yard.clip, drawn={"yard": [list(point) for point in yard.zone]}),
        DemoView("demo-perimeter", "演示围挡", fence.clip, drawn={"perimeter": perimeter}),
    )


def view_of(clip: Path) -> DemoView:
    """Return zones for a clip of which nothing is known: out is down, and the wash bay lies in the distance."""
    gate = DemoGate(
        exit_line=[(0.0, 0.55), (1.0, 0.55)],
        outward=(0.5, 0.95),
        wash_bay=[(0.4, 0.2), (0.6, 0.2), (0.6, 0.4), (0.4, 0.4)],
    )
    return DemoView("demo-gate", "演示大门", clip, gate)
