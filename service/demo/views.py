"""The demonstration's cameras and what is drawn on their pictures: our own clips' truth, or for any other a guess."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.stories import gate_story, perimeter_story, yard_story

Points = list[tuple[float, float]]
"""Relative coordinates."""


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
    """A simulated camera: its clip, and its gate; without one it is on patrol."""

    camera_id: str
    name: str
    clip: Path
    gate: DemoGate | None = None


def rendered_views() -> tuple[DemoView, ...]:
    """Return the rendered cameras that come with the project, the gate first."""
    story = gate_story()
    gate = DemoGate(list(story.exit_line.points), story.exit_line.outward, story.wash_bay)
    return (
        DemoView("demo-gate", "演示大门", story.clip, gate),
        DemoView("demo-yard", "演示堆场", yard_story().clip),
        DemoView("demo-perimeter", "演示围挡", perimeter_story().clip),
    )


def view_of(clip: Path) -> DemoView:
    """Return zones for a clip of which nothing is known: out is down, and the wash bay lies in the distance."""
    gate = DemoGate(
        exit_line=[(0.0, 0.55), (1.0, 0.55)],
        outward=(0.5, 0.95),
        wash_bay=[(0.4, 0.2), (0.6, 0.2), (0.6, 0.4), (0.4, 0.4)],
    )
    return DemoView("demo-gate", "演示大门", clip, gate)
