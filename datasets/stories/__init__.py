"""Rendered stories that come with the project: a clip, and the truth of what happens in it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
RelativePoint = tuple[float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ExitLine(_Part):
    """The line across the gate, and a point on its outer side; relative coordinates."""

    points: tuple[RelativePoint, RelativePoint]
    outward: RelativePoint


class StoryTruck(_Part):
    """One truck: when it leaves (seconds from the clip's start), how long it washed, and whether that is unlawful."""

    id: int | str
    leaves_at: float | None
    washed_seconds: float
    violation: bool


class GateStory(_Part):
    """What is true in the clip of a gate."""

    frames_per_second: float
    seconds: float
    exit_line: ExitLine
    wash_bay: list[RelativePoint]
    trucks: list[StoryTruck]

    @property
    def clip(self) -> Path:
        """The clip that this is the truth of."""
        return FOLDER / "gate.mp4"


def gate_story() -> GateStory:
    """Return the truth of the gate's story."""
    return GateStory.model_validate_json((FOLDER / "gate.json").read_bytes())
