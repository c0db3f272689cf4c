"""A data set and its samples, read from a folder in our format or in other people's like it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.classes import Task, class_names
from models.data.contents import content_problems
from models.data.description import DESCRIPTION_NAME, Description, read_description
from models.data.label_files import read_text
from models.data.layout import IMAGES, LABELS, FoundPicture, find_pictures
from models.data.names import ClassNames, plain_name
from models.data.problems import DataSetProblems, Problem, ProblemKind
from models.data.records import RECORDS_NAME, SPLITS, SampleRecord, Split, read_records
from models.data.sample import Sample

Progress = Callable[[int, int], None]
"""Told how many samples are done, and of how many."""


@dataclass(frozen=True)
class DataSet:
    """A data set: its task, its classes and its samples in order of split and name."""

    folder: Path
    task: Task
    names: ClassNames
    _samples: tuple[Sample, ...]

    def samples(self, split: Split | None = None) -> tuple[Sample, ...]:
        """Return the split's samples, or all where `split` is None; those of a flat folder belong to no split."""
        return tuple(each for each in self._samples if split is None or each.split == split)

    @property
    def splits(self) -> tuple[Split, ...]:
        """The splits that have samples."""
        return tuple(split for split in SPLITS if any(each.split == split for each in self._samples))


def read_data_set(
    folder: Path, task: Task | None = None, *, contents: bool = True, on_progress: Progress = lambda done, total: None
) -> DataSet:
    """Read the data set in `folder`, and make sure that it is whole.

    With `contents`, every picture is decoded and hashed and every label and mask is read; without, only the folders
    and lists are looked at. `task` is what the reader needs the data set for: with it, one of another task is a
    problem. Raises DataSetProblems with everything that is wrong, OSError.
    """
    data_set, problems = inspect_data_set(folder, task, contents=contents, on_progress=on_progress)
    if problems:
        raise DataSetProblems(folder, problems)
    return data_set


def inspect_data_set(
    folder: Path, task: Task | None = None, *, contents: bool = True, on_progress: Progress = lambda done, total: None
) -> tuple[DataSet, list[Problem]]:
    """Read the data set as `read_data_set` does, but return what is wrong beside what could be read.

    Raises DataSetProblems where data.yaml itself is unusable, OSError.
    """
    description = read_description(folder)
    found_task = description.task or task or _guess_task(folder, description)
    names = ClassNames(found_task, description.names)
    found, problems = find_pictures(folder, names, description.masks_dir)
    if task is not None and task != found_task:
        detail = f"this is a data set for {found_task}, but one for {task} is needed"
        problems.insert(0, Problem(ProblemKind.BAD_DESCRIPTION, DESCRIPTION_NAME, detail))
    records, record_problems = read_records(folder)
    problems += record_problems
    samples, unlisted = _with_provenance(folder, found, records)
    problems += [*unlisted, *_groups_in_two_splits(samples)]
    if contents:
        problems += content_problems(folder, samples, names, on_progress)
    return DataSet(folder, found_task, names, tuple(samples)), problems


def _guess_task(folder: Path, description: Description) -> Task:
    """Tell the task of another tool's folder: by its masks, its class folders, or the first line of a label."""
    if (folder / description.masks_dir).is_dir():
        return "surfaces"
    mud_names = {plain_name(name) for name in class_names("mud").values()}
    if any(plain_name(path.name) in mud_names for path in (folder / IMAGES).rglob("*") if path.is_dir()):
        return "mud"
    for path in sorted((folder / LABELS).rglob("*.txt")):
        for line in read_text(path).splitlines():
            if line.strip():
                return "vehicles" if len(line.split()) == 5 else "surfaces"
    return "surfaces"


def _with_provenance(
    folder: Path, found: Sequence[FoundPicture], records: Sequence[SampleRecord] | None
) -> tuple[list[Sample], list[Problem]]:
    by_place = {(record.split, record.id): record for record in records or ()}
    samples, problems = [], []
    for each in found:
        record = by_place.pop((each.split, each.id), None)
        if record is None and records is not None:
            where = each.picture.relative_to(folder).as_posix()
            problems.append(Problem(ProblemKind.NOT_LISTED, where))
        samples.append(_sample(each, record))
    for split, sample_id in by_place:
        detail = f"lists {split or 'no split'}/{sample_id}, but there is no such picture"
        problems.append(Problem(ProblemKind.BAD_RECORD, RECORDS_NAME, detail))
    return samples, problems


def _sample(found: FoundPicture, record: SampleRecord | None) -> Sample:
    sample = Sample(found.id, found.split, found.picture, found.mask, found.labels, found.class_id)
    if record is None:
        return sample
    return sample.with_record(record)


def _groups_in_two_splits(samples: Sequence[Sample]) -> list[Problem]:
    splits: dict[str, set[str]] = {}
    for each in samples:
        if each.group is not None and each.split is not None:
            splits.setdefault(each.group, set()).add(each.split)
    return [
        Problem(ProblemKind.GROUP_IN_TWO_SPLITS, RECORDS_NAME, f"{group} ({', '.join(sorted(found))})")
        for group, found in sorted(splits.items())
        if len(found) > 1
    ]
