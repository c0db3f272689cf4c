"""What is drawn on the demonstration's picture: for our own clip from its truth, for any other a guess."""

from dataclasses import dataclass
from pathlib import Path

from datasets.stories import gate_story


@dataclass(frozen=True)
class DemoView:
    """A clip and its zones, in relative coordinates."""

    clip: Path
    exit_line: list[tuple[float, float]]
    outward: tuple[float, float]
    wash_bay: list[tuple[float, float]]


def rendered_view() -> DemoView:
    """Return the rendered gate that comes with the project."""
    story = gate_story()
    return DemoView(story.clip, list(story.exit_line.points), story.exit_line.outward, story.wash_bay)


def view_of(clip: Path) -> DemoView:
    """Return zones for a clip of which nothing is known: out is down, and the wash bay lies in the distance."""
    return DemoView(
        clip=clip,
        exit_line=[(0.0, 0.55), (1.0, 0.55)],
        outward=(0.5, 0.95),
        wash_bay=[(0.4, 0.2), (0.6, 0.2), (0.6, 0.4), (0.4, 0.4)],
    )
