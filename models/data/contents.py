"""Looks into every file of a data set: pictures, labels and masks; and for pictures that are there twice."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.data.label_files import parse_boxes, parse_polygons, read_text
from models.data.names import ClassNames
from models.data.pictures import BadPicture, read_mask, read_picture, sha256_of
from models.data.problems import Problem, ProblemKind
from models.data.sample import NOT_JUDGED, Sample


def content_problems(
    folder: Path, samples: Sequence[Sample], names: ClassNames, on_progress: Callable[[int, int], None]
) -> list[Problem]:
    """Return what is wrong with the samples' files. Raises OSError."""
    problems: list[Problem] = []
    first_of: dict[str, str] = {}
    for done, sample in enumerate(samples, start=1):
        where = _where(folder, sample.picture)
        digest = sha256_of(sample.picture)
        if digest in first_of:
            problems.append(Problem(ProblemKind.DUPLICATE, where, first_of[digest]))
        first_of.setdefault(digest, where)
        if sample.sha256 not in (None, digest):
            problems.append(Problem(ProblemKind.CHANGED, where))
        size = _picture_size(folder, sample.picture, problems)
        if sample.mask is not None:
            problems += _mask_problems(folder, sample.mask, names, size)
        if sample.labels is not None:
            problems += _label_problems(folder, sample.labels, names)
        on_progress(done, len(samples))
    return problems


def _picture_size(folder: Path, path: Path, problems: list[Problem]) -> tuple[int, int] | None:
    try:
        height, width = read_picture(path).shape[:2]
    except BadPicture as error:
        problems.append(Problem(ProblemKind.BAD_PICTURE, _where(folder, path), error.detail))
        return None
    return width, height


def _mask_problems(folder: Path, path: Path, names: ClassNames, size: tuple[int, int] | None) -> list[Problem]:
    where = _where(folder, path)
    try:
        mask = read_mask(path)
    except BadPicture as error:
        return [Problem(ProblemKind.BAD_MASK, where, error.detail)]
    problems = []
    mask_size = (mask.shape[1], mask.shape[0])
    if size is not None and mask_size != size:
        detail = f"{mask_size[0]}x{mask_size[1]} instead of {size[0]}x{size[1]}"
        problems.append(Problem(ProblemKind.MASK_SIZE, where, detail))
    known = {*names.in_files, NOT_JUDGED}
    unknown = [str(value) for value in np.unique(mask) if int(value) not in known]
    if unknown:
        problems.append(Problem(ProblemKind.UNKNOWN_CLASS, where, ", ".join(unknown)))
    return problems


def _label_problems(folder: Path, path: Path, names: ClassNames) -> list[Problem]:
    text, where = read_text(path), _where(folder, path)
    if names.task == "vehicles":
        return parse_boxes(text, names.in_files, where)[1]
    return parse_polygons(text, names.in_files, where)[1]


def _where(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
