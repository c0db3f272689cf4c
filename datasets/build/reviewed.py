"""Samples that inspectors' decisions made: a folder in our format, taken over as it is."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datasets.build.draft import Boxes, Draft, MadeMask, Truth, WholePicture
from datasets.build.splits import split_of_group
from models.classes import Task, class_id
from models.data.data_set import read_data_set
from models.data.names import ClassNames
from models.data.sample import NOT_JUDGED, Sample, sample_boxes, sample_mask


def reviewed_drafts(folder: Path, task: Task) -> list[Draft]:
    """Return the samples of `folder`; a sample without split gets one by its group. Raises DataSetProblems, OSError."""
    data_set = read_data_set(folder, task)
    return [_draft(sample, data_set.names) for sample in data_set.samples()]


def _draft(sample: Sample, names: ClassNames) -> Draft:
    group = sample.group or f"reviewed/{sample.id}"
    return Draft(
        id=f"reviewed-{sample.id}",
        split=sample.split or split_of_group(group),
        kind="reviewed",
        group=group,
        source=sample.source or f"reviewed sample {sample.id}",
        licence=sample.licence or "not stated",
        picture=sample.picture,
        truth=_truth(sample, names),
        attributes=sample.attributes,
    )


def _truth(sample: Sample, names: ClassNames) -> Truth:
    if names.task == "surfaces":
        return MadeMask(partial(_mask_of_ours, sample, names))
    if names.task == "vehicles":
        boxes = sample_boxes(sample, names)
        return Boxes(tuple(box for box in boxes if box.class_id in names.ours))
    return WholePicture(names.all[sample.class_id or 0])


def _mask_of_ours(sample: Sample, names: ClassNames) -> NDArray[np.uint8]:
    mask = sample_mask(sample, names)
    foreign = (mask > max(names.ours)) & (mask != NOT_JUDGED)
    return np.where(foreign, class_id("surfaces", "other"), mask).astype(np.uint8)
