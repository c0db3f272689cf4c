"""What may be drawn on a camera's picture, as it stands in the configuration file."""

from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vision.geometry import DirectedLine, Relative, RelativePoint, Zone
from vision.mask_out import masked_share
from vision.perimeter import Perimeter
from vision.unwashed_truck import Gate
from vision.yard_watch import POINTS_ACROSS

Polygon = Annotated[list[RelativePoint], Field(max_length=100)]
MOST_AREAS = 50


class StrictConfig(BaseModel):
    """A part of the file; keys that it does not know are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExitLineConfig(StrictConfig):
    """The line that a leaving truck crosses; `outward` is any point on its outer side."""

    points: tuple[RelativePoint, RelativePoint]
    outward: RelativePoint

    @model_validator(mode="after")
    def _outward_tells_a_side(self) -> Self:
        if abs(DirectedLine(*self.points).side(self.outward)) < 0.01:
            raise ValueError("outward lies on the exit line; give a point clearly outside the gate")
        return self


class PerimeterConfig(StrictConfig):
    """The line along the foot of the hoarding, as it stood at commissioning."""

    line: Annotated[list[RelativePoint], Field(min_length=2, max_length=50)]
    gates: list[tuple[Relative, Relative]] = []
    """Stretches that may stand open, as fractions of the line: from, to."""
    height: float = Field(default=0.06, gt=0, le=0.5)
    """How far above the line the hoarding is looked for, as a share of the picture's height."""

    @model_validator(mode="after")
    def _is_a_perimeter(self) -> Self:
        self.to_perimeter()
        return self

    def to_perimeter(self) -> Perimeter:
        """Return the perimeter that this describes."""
        return Perimeter(tuple(self.line), tuple(self.gates), self.height)


class ZonesConfig(StrictConfig):
    """What is drawn on a camera's picture, in relative coordinates (0..1 from the top left)."""

    exit_line: ExitLineConfig | None = None
    wash_bay: list[RelativePoint] | None = None
    yard: list[RelativePoint] | None = None
    """The ground that has to be covered."""
    perimeter: PerimeterConfig | None = None
    mask_out: list[Polygon] = Field(default=[], max_length=MOST_AREAS)
    """Areas that no rule and no change gate looks at: trees, a road outside, a neighbour's yard."""
    privacy: list[Polygon] = Field(default=[], max_length=MOST_AREAS)
    """Areas painted over in every picture that is stored, sent or shown; then there is no clip. They are judged."""

    @field_validator("wash_bay", "yard")
    @classmethod
    def _encloses_an_area(cls, points: list[RelativePoint] | None) -> list[RelativePoint] | None:
        if points is not None:
            Zone(points)
        return points

    @field_validator("mask_out", "privacy")
    @classmethod
    def _each_encloses_an_area(cls, areas: list[list[RelativePoint]]) -> list[list[RelativePoint]]:
        for points in areas:
            Zone(points)
        return areas

    @model_validator(mode="after")
    def _a_wash_bay_has_an_exit_line(self) -> Self:
        if self.wash_bay and self.exit_line is None:
            raise ValueError("a wash bay is drawn but no exit_line; draw both, or neither")
        return self

    @model_validator(mode="after")
    def _a_gate_is_only_a_gate(self) -> Self:
        if self.exit_line is not None and (self.yard or self.perimeter):
            raise ValueError(
                "an exit_line and a yard or perimeter are drawn; a camera watches a gate or these, not both"
            )
        return self

    @model_validator(mode="after")
    def _masks_leave_something(self) -> Self:
        areas = self.mask_out_zones()
        for name, points in self.looked_at().items():
            if masked_share(areas, points) == 1:
                raise ValueError(f"mask_out leaves nothing of the {name} to look at; make it smaller, or leave one out")
        return self

    def looked_at(self) -> dict[str, NDArray[np.float64]]:
        """Return points (..., 2) spread over each thing that is drawn, by its name in the file."""
        areas = {"yard": self.yard, "wash_bay": self.wash_bay}
        points = {name: Zone(outline).grid(POINTS_ACROSS) for name, outline in areas.items() if outline}
        if self.perimeter is not None:
            points["perimeter"] = self.perimeter.to_perimeter().points()
        if self.exit_line is not None:
            points["exit_line"] = np.linspace(*self.exit_line.points, POINTS_ACROSS)
        return points

    def mask_out_zones(self) -> tuple[Zone, ...]:
        """Return the areas that are not looked at."""
        return tuple(Zone(points) for points in self.mask_out)

    def privacy_zones(self) -> tuple[Zone, ...]:
        """Return the areas that are painted over."""
        return tuple(Zone(points) for points in self.privacy)

    def yard_zone(self) -> Zone | None:
        """Return the yard that these zones describe, None where there is none."""
        return Zone(self.yard) if self.yard else None

    def gate(self) -> Gate | None:
        """Return the gate that these zones describe, None without an exit line."""
        if self.exit_line is None:
            return None
        bay = Zone(self.wash_bay) if self.wash_bay else None
        return Gate(DirectedLine(*self.exit_line.points), self.exit_line.outward, bay)
