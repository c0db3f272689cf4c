"""What an inspector draws when the model was right about the case but not about the place, or took one for another."""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from shapely import Polygon

from models.classes import class_names

LEAST_POINTS, MOST_POINTS = 3, 500
MOST_SHAPES = 50

Relative = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A share of the picture's width or height; (0, 0) is its top left, (1, 1) its bottom right."""


class CorrectedArea(BaseModel):
    """An area of the clean picture, and the surface that it shows (bare_soil, dust_net, hoarding, other)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_name: str = Field(max_length=64)
    points: tuple[tuple[Relative, Relative], ...] = Field(min_length=LEAST_POINTS, max_length=MOST_POINTS)

    @model_validator(mode="after")
    def _is_a_surface(self) -> Self:
        _check_class(self.class_name, set(class_names("surfaces").values()))
        polygon = Polygon(self.points)
        if not polygon.is_valid or polygon.area == 0:
            message = "the outline crosses itself or encloses nothing"
            raise ValueError(message)
        return self


class CorrectedBox(BaseModel):
    """An object's box in the clean picture, and what it is: a vehicle's class, or `clean` or `muddy` for a truck."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_name: str = Field(max_length=64)
    bbox_xyxy: tuple[Relative, Relative, Relative, Relative]

    @model_validator(mode="after")
    def _is_an_object(self) -> Self:
        _check_class(self.class_name, {*class_names("vehicles").values(), *class_names("mud").values()})
        left, top, right, bottom = self.bbox_xyxy
        if not (left < right and top < bottom) or math.isclose((right - left) * (bottom - top), 0, abs_tol=1e-9):
            message = "a box is left, top, right, bottom, and encloses something"
            raise ValueError(message)
        return self


class Correction(BaseModel):
    """What is really to be seen where the model claimed something; later areas lie over earlier ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    areas: tuple[CorrectedArea, ...] = Field(default=(), max_length=MOST_SHAPES)
    boxes: tuple[CorrectedBox, ...] = Field(default=(), max_length=MOST_SHAPES)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.areas and not self.boxes:
            message = "a correction has at least one area or box"
            raise ValueError(message)
        return self


def _check_class(name: str, known: set[str]) -> None:
    if name not in known:
        message = f"there is no class {name!r} for this shape"
        raise ValueError(message)
