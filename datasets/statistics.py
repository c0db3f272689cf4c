"""What is in a data set: samples, scenes and classes, by split and kind."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.data.data_set import DataSet
from models.data.pictures import BadPicture
from models.data.problems import DataSetProblems
from models.data.records import SPLITS
from models.data.sample import NOT_JUDGED, Sample, sample_boxes, sample_mask


class ClassCount(BaseModel):
    """How much of one class there is."""

    model_config = ConfigDict(frozen=True)

    name: str
    samples: int
    """Samples that show it."""
    objects: int | None = None
    """Boxes (task vehicles)."""
    pixel_share: float | None = None
    """Of the judged pixels (task surfaces)."""


class PartStatistics(BaseModel):
    """The samples of one split and kind."""

    model_config = ConfigDict(frozen=True)

    split: str
    """`flat` where the folder has no splits."""
    kind: str
    samples: int
    groups: int
    """Scenes or sources."""
    empty: int
    """Samples that show nothing of ours."""
    classes: tuple[ClassCount, ...]
    """Those that occur."""


def data_set_statistics(
    data_set: DataSet, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[PartStatistics, ...]:
    """Count the data set's samples; a sample that can't be read counts as one that shows nothing. Raises OSError."""
    samples = sorted(data_set.samples(), key=_part)
    contents = []
    for done, sample in enumerate(samples, start=1):
        contents.append((sample, _content(sample, data_set)))
        on_progress(done, len(samples))
    return tuple(
        _statistics(data_set, part, list(members))
        for part, members in groupby(contents, key=lambda each: _part(each[0]))
    )


def _part(sample: Sample) -> tuple[int, str]:
    return (SPLITS.index(sample.split) if sample.split else len(SPLITS), sample.kind)


def _content(sample: Sample, data_set: DataSet) -> Counter[int]:
    """Return how many pixels, boxes or pictures the sample has of each class."""
    try:
        if data_set.task == "surfaces":
            numbers, counts = np.unique(sample_mask(sample, data_set.names), return_counts=True)
            return Counter(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
        if data_set.task == "vehicles":
            return Counter(box.class_id for box in sample_boxes(sample, data_set.names))
    except (BadPicture, DataSetProblems):  # told among the data set's problems
        return Counter()
    return Counter() if sample.class_id is None else Counter([sample.class_id])


def _statistics(
    data_set: DataSet, part: tuple[int, str], members: Sequence[tuple[Sample, Counter[int]]]
) -> PartStatistics:
    total = sum((content for _, content in members), Counter[int]())
    judged = sum(count for number, count in total.items() if number != NOT_JUDGED)
    nothing = {NOT_JUDGED} | {number for number, name in data_set.names.all.items() if name == "other"}
    classes = [
        ClassCount(
            name=name,
            samples=sum(content[number] > 0 for _, content in members),
            objects=total[number] if data_set.task == "vehicles" else None,
            pixel_share=round(total[number] / judged, 5) if data_set.task == "surfaces" else None,
        )
        for number, name in data_set.names.all.items()
        if total[number]
    ]
    return PartStatistics(
        split=(*SPLITS, "flat")[part[0]],
        kind=part[1],
        samples=len(members),
        groups=len({sample.group for sample, _ in members if sample.group is not None}),
        empty=sum(not set(content) - nothing for _, content in members),
        classes=tuple(classes),
    )
