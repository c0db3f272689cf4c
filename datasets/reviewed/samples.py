"""Makes a data set of reviewed cases: the newest are held out, the rest is for learning."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datasets.build.draft import Boxes, Draft, MadeMask, WholePicture
from datasets.build.new_folder import new_folder
from datasets.build.splits import split_of_group
from datasets.build.write import write_data_set
from datasets.reviewed.case import ReviewedCase
from datasets.reviewed.labels import complete_boxes, judged_trucks, surface_mask, surface_polygons, vehicle_boxes
from models.classes import Task
from models.data.crops import padded_crop
from models.data.label_files import LabelBox
from models.data.pictures import read_picture
from models.data.problems import DataSetProblems
from models.data.records import Split

HELD_OUT_SHARE = 0.2
LICENCE = "the operator's own camera pictures, not for publication"

SeeVehicles = Callable[[Path], Sequence[LabelBox]]
"""Tells what a model sees in a picture; fills in the vehicles that nobody was asked about."""


@dataclass(frozen=True)
class ReviewedData:
    """What came of the cases: samples by split, the cases of each split, and those that say nothing for the task."""

    folder: Path
    samples: dict[Split, int]
    cases: dict[Split, tuple[str, ...]]
    silent: tuple[str, ...]


def build_reviewed(
    cases: Sequence[ReviewedCase],
    task: Task,
    folder: Path,
    *,
    see_vehicles: SeeVehicles = lambda _: (),
    on_sample: Callable[[], None] = lambda: None,
) -> ReviewedData:
    """Write the data set `folder`, which appears when it is whole, and return what is in it.

    The newest fifth of the cases by decision time goes to the split `test`, so that a candidate is judged by what came
    after all that it learnt from; of the others a share goes to `val` by a hash of their group.

    Raises:
        DataSetProblems: a picture can't be read.
        DataSetError: the folder is there already.
        OSError: the disk is full, or a picture is gone.
    """
    telling = [case for case in cases if tells_of(case, task)]
    splits = split_by_time(telling)
    drafts = [draft for case in telling for draft in _drafts(case, task, splits[case.key], see_vehicles)]
    with new_folder(folder) as building:
        written = write_data_set(building, task, drafts, on_sample)
        if written.problems:
            raise DataSetProblems(folder, written.problems)
    counts = {split: sum(record.split == split for record in written.records) for split in _SPLITS}
    by_split = {split: tuple(key for key, its in splits.items() if its == split) for split in _SPLITS}
    told = {case.key for case in telling}
    return ReviewedData(folder, counts, by_split, tuple(case.key for case in cases if case.key not in told))


def tells_of(case: ReviewedCase, task: Task) -> bool:
    """Whether anything can be learnt from the case for the task."""
    if task == "surfaces":
        return bool(surface_polygons(case))
    return bool(vehicle_boxes(case) if task == "vehicles" else judged_trucks(case))


def split_by_time(cases: Sequence[ReviewedCase]) -> dict[str, Split]:
    """Return each case's split by its key: `test` for the newest fifth, at least one; `train` or `val` for the rest."""
    ordered = sorted(cases, key=lambda case: (case.decided_at, case.key))
    held_out = math.ceil(len(ordered) * HELD_OUT_SHARE)
    old, new = ordered[: len(ordered) - held_out], ordered[len(ordered) - held_out :]
    splits: dict[str, Split] = {case.key: split_of_group(case.group, test_share=0) for case in old}
    return splits | dict.fromkeys((case.key for case in new), "test")


_SPLITS: tuple[Split, ...] = ("train", "val", "test")


def _drafts(case: ReviewedCase, task: Task, split: Split, see_vehicles: SeeVehicles) -> list[Draft]:
    if task == "surfaces":
        return [_draft(case, split, MadeMask(partial(_mask, case)))]
    if task == "vehicles":
        boxes = complete_boxes(vehicle_boxes(case), see_vehicles(case.picture))
        return [_draft(case, split, Boxes(tuple(boxes)))]
    height, width = read_picture(case.picture).shape[:2]
    trucks = []
    for number, truck in enumerate(judged_trucks(case)):
        left, top, right, bottom = truck.bbox_xyxy
        crop = padded_crop((left * width, top * height, right * width, bottom * height), (width, height))
        trucks.append(_draft(case, split, WholePicture(truck.class_name, crop), f"-{number}"))
    return trucks


def _mask(case: ReviewedCase) -> NDArray[np.uint8]:
    height, width = read_picture(case.picture).shape[:2]
    return surface_mask(case, height, width)


def _draft(case: ReviewedCase, split: Split, truth: Boxes | MadeMask | WholePicture, suffix: str = "") -> Draft:
    return Draft(
        id=f"{case.key}{suffix}",
        split=split,
        kind="reviewed",
        group=case.group,
        source=f"case {case.key}",
        licence=LICENCE,
        picture=case.picture,
        truth=truth,
        attributes={
            "decided_at": case.decided_at.isoformat(),
            "decision": "confirmed" if case.confirmed else "rejected",
            "corrected": bool(case.areas or case.boxes),
            "rule": case.rule,
        },
    )
