"""Writes drafts as a data set in our format."""

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datasets.build.draft import Boxes, Draft, MadeMask, MaskFile, WholePicture
from models.classes import Task, class_names
from models.data.description import DESCRIPTION_NAME, FORMAT
from models.data.label_files import format_boxes
from models.data.layout import IMAGES, LABELS
from models.data.pictures import BadPicture, read_mask, read_picture, sha256_of
from models.data.problems import Problem, ProblemKind
from models.data.records import RECORDS_NAME, SPLITS, SampleRecord
from models.data.sample import NOT_JUDGED

MASKS = "masks"
CROP_QUALITY = 95
_TEST_FIRST = {"test": 0, "val": 1, "train": 2}


@dataclass(frozen=True)
class Written:
    """What became of the drafts."""

    records: tuple[SampleRecord, ...]
    duplicates: tuple[tuple[str, str], ...]
    """Samples left out, each with the one that has the same picture."""
    problems: tuple[Problem, ...]


def write_data_set(folder: Path, task: Task, drafts: Sequence[Draft], on_sample: Callable[[], None]) -> Written:
    """Write the drafts into the empty `folder`; nothing depends on their order.

    A picture that is there twice is kept once, in the test split if it is there. `on_sample` is called for each draft.
    Raises OSError.
    """
    records: list[SampleRecord] = []
    duplicates: list[tuple[str, str]] = []
    problems = _same_ids(drafts)
    first_of: dict[str, str] = {}
    ordered = sorted(drafts, key=lambda draft: (_TEST_FIRST[draft.split], draft.id))
    for draft in ordered if not problems else ():
        try:
            size = read_picture(draft.picture).shape[:2]
            picture = _write_picture(folder, draft)
            digest = sha256_of(picture)
            if digest in first_of:
                picture.unlink()
                duplicates.append((draft.id, first_of[digest]))
            else:
                first_of[digest] = draft.id
                problems += _write_truth(folder, draft, size)
                records.append(_record(draft, digest))
        except BadPicture as error:
            problems.append(Problem(ProblemKind.BAD_PICTURE, str(draft.picture), error.detail))
        on_sample()
    records.sort(key=lambda record: (SPLITS.index(record.split) if record.split else len(SPLITS), record.id))
    _write_lists(folder, task, records)
    return Written(tuple(records), tuple(duplicates), tuple(problems))


def _same_ids(drafts: Sequence[Draft]) -> list[Problem]:
    first: dict[str, Path] = {}
    problems = []
    for draft in drafts:
        if draft.id in first:
            detail = f"{draft.id} is {first[draft.id]} as well"
            problems.append(Problem(ProblemKind.SAME_NAME, str(draft.picture), detail))
        first.setdefault(draft.id, draft.picture)
    return problems


def _write_picture(folder: Path, draft: Draft) -> Path:
    """Put the picture in its place, byte for byte where it is whole.

    It is copied, not linked: training tools mend JPEG files in place, and would change the source.
    """
    place = folder / IMAGES / draft.split
    crop = None
    if isinstance(draft.truth, WholePicture):
        place, crop = place / draft.truth.class_name, draft.truth.crop_xyxy
    place.mkdir(parents=True, exist_ok=True)
    if crop is None:
        path = place / f"{draft.id}{draft.picture.suffix.lower()}"
        shutil.copyfile(draft.picture, path)
        return path
    left, top, right, bottom = crop
    path = place / f"{draft.id}.jpg"
    cut = Image.fromarray(read_picture(draft.picture)[top:bottom, left:right])
    cut.save(path, quality=CROP_QUALITY)
    return path


def _write_truth(folder: Path, draft: Draft, size: tuple[int, int]) -> list[Problem]:
    if isinstance(draft.truth, Boxes):
        path = folder / LABELS / draft.split / f"{draft.id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(format_boxes(draft.truth.boxes), encoding="utf-8")
        return []
    if isinstance(draft.truth, WholePicture):
        return []
    path = folder / MASKS / draft.split / f"{draft.id}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write_mask(path, draft, draft.truth, size)


def _write_mask(path: Path, draft: Draft, truth: MaskFile | MadeMask, size: tuple[int, int]) -> list[Problem]:
    where = truth.path if isinstance(truth, MaskFile) else draft.picture
    try:
        mask = read_mask(truth.path) if isinstance(truth, MaskFile) else truth.make()
    except BadPicture as error:
        return [Problem(ProblemKind.BAD_MASK, str(where), error.detail)]
    if mask.shape != size:
        detail = f"{mask.shape[1]}x{mask.shape[0]} instead of {size[1]}x{size[0]}"
        return [Problem(ProblemKind.MASK_SIZE, str(where), detail)]
    unknown = set(np.unique(mask).tolist()) - {*class_names("surfaces"), NOT_JUDGED}
    if unknown:
        return [Problem(ProblemKind.UNKNOWN_CLASS, str(where), ", ".join(map(str, sorted(unknown))))]
    if isinstance(truth, MaskFile):
        shutil.copyfile(truth.path, path)
    else:
        path.write_bytes(_png(mask))
    return []


def _png(mask: NDArray[np.uint8]) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(mask).save(encoded, "PNG")
    return encoded.getvalue()


def _record(draft: Draft, digest: str) -> SampleRecord:
    return SampleRecord(
        id=draft.id,
        split=draft.split,
        kind=draft.kind,
        group=draft.group,
        source=draft.source,
        licence=draft.licence,
        sha256=digest,
        attributes=draft.attributes,
    )


def _write_lists(folder: Path, task: Task, records: Sequence[SampleRecord]) -> None:
    lines = "".join(f"{record.model_dump_json()}\n" for record in records)
    (folder / RECORDS_NAME).write_text(lines, encoding="utf-8")
    described = [f"task: {task}", f"format: {FORMAT}"]
    described += [f"{split}: {IMAGES}/{split}" for split in SPLITS]
    described += [f"masks_dir: {MASKS}"] if task == "surfaces" else []
    described += ["names:", *(f"  {number}: {name}" for number, name in class_names(task).items())]
    (folder / DESCRIPTION_NAME).write_text("\n".join(described) + "\n", encoding="utf-8")
