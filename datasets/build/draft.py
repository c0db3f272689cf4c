"""A sample before it is written: its picture, what is to be seen on it, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.label_files import LabelBox
from models.data.records import Kind, Split


@dataclass(frozen=True)
class MaskFile:
    """A mask on disk that is right as it is."""

    path: Path


@dataclass(frozen=True)
class MadeMask:
    """A mask that is made when it is written: (height, width) class numbers, 255 where not judged."""

    make: Callable[[], NDArray[np.uint8]]


@dataclass(frozen=True)
class Boxes:
    """The objects of a picture; none is an answer too."""

    boxes: tuple[LabelBox, ...]


@dataclass(frozen=True)
class WholePicture:
    """The class of a whole picture (task mud)."""

    class_name: str
    crop_xyxy: tuple[int, int, int, int] | None = None
    """The part of the picture's file that is the sample, in pixels; None where it is all of it."""


Truth = MaskFile | MadeMask | Boxes | WholePicture


@dataclass(frozen=True)
class Draft:
    """What the data set will say of one sample."""

    id: str
    split: Split
    kind: Kind
    group: str
    source: str
    licence: str
    picture: Path
    truth: Truth
    attributes: dict[str, Any] = field(default_factory=dict)
