"""Real pictures with hand-made labels of ours (`datasets/labels`); users bring the pictures, which are not ours."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from datasets.build.draft import Boxes, Draft, MadeMask, Truth
from datasets.build.splits import split_of_group
from datasets.errors import SourceNotForTask, UnknownSource
from models.classes import Task, class_id, class_names
from models.data.label_files import LabelBox, LabelPolygon, parse_boxes, parse_polygons, read_text
from models.data.pictures import picture_size, sha256_of
from models.data.problems import Problem, ProblemKind
from models.data.sample import rasterise

LABELS_FOLDER = Path(__file__).parents[1] / "labels"
INDEX_NAME = "index.csv"
SCENES_NAME = "scenes.csv"

BoxGuesser = Callable[[Path], Sequence[LabelBox]]
"""Tells what else is on a picture, such as a model's guesses; numbers as in classes.yaml."""

_BOX_TOLERANCE = 0.05
"""Boxes beside others' pictures reach over the border here and there; they are cut off."""
_OVERLAP = 0.5
"""A guess that shares this much (IoU) with a labelled box is that object under another name."""


class ListedPicture(BaseModel):
    """One row of index.csv (with soil labels) or scenes.csv (without)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    picture: str = Field(pattern=r"^[\w-][\w.-]*$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scene: str
    split: Literal["train", "test"] | None = None
    sureness: str = ""


@dataclass(frozen=True)
class PictureOrigin:
    """What is true of every picture of a source."""

    source: str
    licence: str
    box_class: str
    """The only class in the YOLO boxes beside the pictures, where it has the number 0."""


ORIGINS = {
    "excavators": PictureOrigin("miniexcav/Construction-Machines-Images-Dataset", "none stated", "excavator"),
}


def hand_labelled_drafts(
    name: str, pictures: Path, task: Task, labels: Path = LABELS_FOLDER, guess_boxes: BoxGuesser | None = None
) -> tuple[list[Draft], list[Problem]]:
    """Return the samples of the source `name`, whose pictures lie in `pictures`, and what is wrong with its files.

    For surfaces they are the pictures with polygons of ours. For vehicles all that are listed, with the boxes beside
    the pictures; `guess_boxes` adds what those boxes leave out, except on test pictures, which people alone judge.
    Raises UnknownSource, SourceNotForTask, OSError.
    """
    if name not in ORIGINS or not (labels / name).is_dir():
        raise UnknownSource(name=name, known=", ".join(sorted(ORIGINS)))
    if task == "mud":
        raise SourceNotForTask(source=name, task=task, detail="it says nothing about mud on trucks")
    listed = _read_list(labels / name, with_scenes=task == "vehicles")
    drafts, problems = [], []
    for row in listed:
        picture = pictures / row.picture
        problem = _wrong_picture(picture, row)
        if problem is None:
            draft, found = _draft(name, row, picture, labels / name, task, guess_boxes)
            drafts.append(draft)
            problems += found
        else:
            problems.append(problem)
    return drafts, problems


def _read_list(folder: Path, with_scenes: bool) -> list[ListedPicture]:
    """Return the pictures, those of index.csv first; a scene of the index keeps its split in scenes.csv."""
    rows = _read_csv(folder / INDEX_NAME)
    if with_scenes and (folder / SCENES_NAME).is_file():
        splits = {row.scene: row.split for row in rows}
        rows += [row.model_copy(update={"split": splits.get(row.scene)}) for row in _read_csv(folder / SCENES_NAME)]
    return rows


def _read_csv(path: Path) -> list[ListedPicture]:
    with path.open(encoding="utf-8", newline="") as file:
        return [ListedPicture.model_validate(row) for row in csv.DictReader(file)]


def _wrong_picture(picture: Path, row: ListedPicture) -> Problem | None:
    if not picture.is_file():
        return Problem(ProblemKind.MISSING, str(picture))
    if sha256_of(picture) != row.sha256:
        return Problem(ProblemKind.ANOTHER_PICTURE, str(picture))
    return None


def _draft(
    name: str, row: ListedPicture, picture: Path, labels: Path, task: Task, guess_boxes: BoxGuesser | None
) -> tuple[Draft, list[Problem]]:
    origin = ORIGINS[name]
    group = f"{name}/{row.scene}"
    split = row.split or split_of_group(group)
    if row.split == "train":  # the index keeps its test scenes apart; val is taken from the others
        split = split_of_group(group, test_share=0)
    truth, attributes, problems = (
        _soil_of(labels / f"{picture.stem}.txt", picture, row)
        if task == "surfaces"
        else _vehicles_of(picture, origin.box_class, None if split == "test" else guess_boxes)
    )
    draft = Draft(
        id=f"{name}-{picture.stem}",
        split=split,
        kind="real",
        group=group,
        source=f"{origin.source} {row.picture}",
        licence=origin.licence,
        picture=picture,
        truth=truth,
        attributes=attributes,
    )
    return draft, problems


_Judged = tuple[Truth, dict[str, Any], list[Problem]]


def _soil_of(path: Path, picture: Path, row: ListedPicture) -> _Judged:
    polygons, problems = parse_polygons(read_text(path), class_names("surfaces"), str(path))
    attributes = {"judged_classes": ["bare_soil"], "sureness": row.sureness}
    return MadeMask(partial(_mask, polygons, picture)), attributes, problems


def _mask(polygons: Sequence[LabelPolygon], picture: Path) -> NDArray[np.uint8]:
    width, height = picture_size(picture)
    return rasterise(polygons, height, width, class_id("surfaces", "other"))


def _vehicles_of(picture: Path, box_class: str, guess_boxes: BoxGuesser | None) -> _Judged:
    boxes, problems = _own_boxes(picture.with_suffix(".txt"), class_id("vehicles", box_class))
    if guess_boxes is None:
        return Boxes(tuple(boxes)), {"judged_classes": [box_class]}, problems
    guesses = [box for box in guess_boxes(picture) if all(_iou(box, own) < _OVERLAP for own in boxes)]
    return Boxes((*boxes, *guesses)), {"guessed_boxes": len(guesses)}, problems


def _own_boxes(path: Path, our_id: int) -> tuple[list[LabelBox], list[Problem]]:
    if not path.is_file():
        return [], [Problem(ProblemKind.MISSING, str(path))]
    boxes, problems = parse_boxes(read_text(path), {0}, str(path), _BOX_TOLERANCE)
    return [LabelBox(our_id, box.bbox_xyxy) for box in boxes], problems


def _iou(first: LabelBox, second: LabelBox) -> float:
    a, b = first.bbox_xyxy, second.bbox_xyxy
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    either = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both
    return both / either
