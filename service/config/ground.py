"""What the configuration tells of a camera's ground: places that were measured, or a quadrangle's sides."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vision.geometry import RelativePoint
from vision.ground_plane import USUAL_SIZE, Correspondence, GroundPlane, Size, quadrangle

Metres = Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]
"""Wide enough for a map's northings."""
Length = Annotated[float, Field(gt=0.0, le=10_000.0)]
MOST_ERROR = 0.015
"""Share of the picture's width by which a point may miss the plane."""


class GroundPointConfig(BaseModel):
    """A point on the picture (0..1) and where it is on the ground: metres, x to the right and y ahead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: RelativePoint
    metres: tuple[Metres, Metres]


class QuadrangleConfig(BaseModel):
    """Four corners on the picture, each in turn, with what was measured between them on the ground."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corners: tuple[RelativePoint, RelativePoint, RelativePoint, RelativePoint]
    sides_m: tuple[Length, Length, Length, Length]
    """From the first corner to the second, and so on; the last one leads back to the first."""
    diagonal_m: Length
    """From the first corner to the third."""


class GroundConfig(BaseModel):
    """Where the ground is, by `points` or by a `quadrangle`; see docs/calibration.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: list[GroundPointConfig] | None = Field(default=None, min_length=4, max_length=100)
    quadrangle: QuadrangleConfig | None = None

    @model_validator(mode="after")
    def _tells_a_plane(self) -> Self:
        if (self.points is None) == (self.quadrangle is None):
            raise ValueError("write either points or a quadrangle")
        errors = [error.pixels / USUAL_SIZE[0] for error in self.plane(USUAL_SIZE).errors]
        worst = max(range(len(errors)), key=lambda index: errors[index])
        if errors[worst] > MOST_ERROR:
            raise ValueError(
                f"the points fit no plane: point {worst + 1} is {errors[worst]:.1%} of the picture's width from where "
                f"the others have it ({MOST_ERROR:.1%} at most); measure it again, or one of the others"
            )
        return self

    def plane(self, size: Size) -> GroundPlane:
        """Return the plane as seen on a picture of this size (width, height)."""
        return GroundPlane(self.correspondences(), size)

    def correspondences(self) -> tuple[Correspondence, ...]:
        """Return the points with their places on the ground."""
        if self.quadrangle is not None:
            told = self.quadrangle
            return quadrangle(told.corners, told.sides_m, told.diagonal_m)
        return tuple(Correspondence(point.at, point.metres) for point in self.points or ())
