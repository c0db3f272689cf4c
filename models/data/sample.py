"""One sample of a data set, and what is to be seen on it, in our class numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.classes import class_id
from models.data.label_files import LabelBox, LabelPolygon, read_boxes, read_polygons
from models.data.names import ClassNames
from models.data.pictures import picture_size, read_mask
from models.data.records import Kind, SampleRecord, Split

NOT_JUDGED = 255
"""The number of pixels in masks that are neither scored nor learnt from."""

_SUBPIXEL_BITS = 8


@dataclass(frozen=True)
class Sample:
    """A picture with its mask, its labels, or its class (task mud), and where it comes from."""

    id: str
    split: Split | None
    """None in a flat folder."""
    picture: Path
    mask: Path | None = None
    labels: Path | None = None
    class_id: int | None = None
    kind: Kind = "real"
    group: str | None = None
    """The scene or source; None where nothing is known of the sample."""
    source: str = ""
    licence: str = ""
    sha256: str | None = None
    """What samples.jsonl says that the picture's hash is."""
    attributes: dict[str, Any] = field(default_factory=dict)

    def with_record(self, record: SampleRecord) -> "Sample":
        """Return the sample with its provenance."""
        return replace(
            self,
            kind=record.kind,
            group=record.group,
            source=record.source,
            licence=record.licence,
            sha256=record.sha256,
            attributes=record.attributes,
        )


def sample_mask(sample: Sample, names: ClassNames) -> NDArray[np.uint8]:
    """Return what each pixel shows: (height, width) numbers as in `names.all`, 255 where it is not judged.

    Numbers above ours are foreign classes: score them as "other", and tell false alarms by their names. In samples
    with polygons, what no polygon covers is "other". Raises BadPicture, DataSetProblems, OSError.
    """
    if sample.mask is not None:
        return ours_from_files(read_mask(sample.mask), names)
    width, height = picture_size(sample.picture)
    if sample.labels is None:
        return np.full((height, width), NOT_JUDGED, np.uint8)
    polygons = read_polygons(sample.labels, names.in_files)
    ours = [LabelPolygon(names.id_of[polygon.class_id], polygon.points) for polygon in polygons]
    return rasterise(ours, height, width, class_id("surfaces", "other"))


def sample_boxes(sample: Sample, names: ClassNames) -> list[LabelBox]:
    """Return the sample's boxes, relative, with numbers as in `names.all`. Raises DataSetProblems, OSError."""
    if sample.labels is None:
        return []
    return [LabelBox(names.id_of[box.class_id], box.bbox_xyxy) for box in read_boxes(sample.labels, names.in_files)]


def ours_from_files(mask: NDArray[np.uint8], names: ClassNames) -> NDArray[np.uint8]:
    """Return the mask with the numbers of `names.all` instead of the files'; numbers without a name become 255."""
    table = np.full(256, NOT_JUDGED, np.uint8)
    for file_id, our_id in names.id_of.items():
        table[file_id] = our_id
    return table[mask]


def rasterise(polygons: Iterable[LabelPolygon], height: int, width: int, ground: int) -> NDArray[np.uint8]:
    """Return a (height, width) mask with the polygons' class numbers on `ground`; later ones lie over earlier ones.

    A pixel belongs to a polygon that its centre lies in or that its outline touches.
    """
    mask = np.full((height, width), ground, np.uint8)
    for polygon in polygons:
        pixels = np.asarray(polygon.points) * (width, height) - 0.5  # cv2 has the pixels' centres at whole numbers
        fixed = np.round(pixels * 2**_SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(mask, [fixed], color=polygon.class_id, shift=_SUBPIXEL_BITS)
    return mask
