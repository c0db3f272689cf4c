"""A reviewed case as training sees it: the clean picture, what the model claimed, what the inspector said of it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shape:
    """A part of the picture and what it was taken for; `points` are relative (0..1 from the top left)."""

    class_name: str
    points: tuple[tuple[float, float], ...]

    @property
    def bbox_xyxy(self) -> BBox:
        """The box around it, relative."""
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across), min(down), max(across), max(down)


def box_shape(class_name: str, bbox_xyxy: BBox) -> Shape:
    """Return the box as a shape."""
    left, top, right, bottom = bbox_xyxy
    return Shape(class_name, ((left, top), (right, top), (right, bottom), (left, bottom)))


@dataclass(frozen=True)
class ReviewedCase:
    """One case and its last decision. Nothing here tells who decided.

    `decided_at` is timezone-aware UTC; `picture` is the clean picture; `claims` is what the model took parts of it
    for, `areas` and `boxes` are what the inspector drew, if anything.
    """

    key: str
    camera_id: str
    rule: str
    confirmed: bool
    decided_at: datetime
    picture: Path
    claims: tuple[Shape, ...] = ()
    areas: tuple[Shape, ...] = ()
    boxes: tuple[Shape, ...] = ()

    @property
    def group(self) -> str:
        """What the case's samples have in common, which keeps them in one split."""
        return f"{self.camera_id}/{self.key}"
