"""Builds a data set: gathers the sources' samples, writes them, and checks what was written."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from datasets.build.camvid import camvid_drafts
from datasets.build.draft import Draft
from datasets.build.hand_labelled import BoxGuesser, hand_labelled_drafts
from datasets.build.new_folder import new_folder
from datasets.build.rendered import read_scenes, rendered_drafts
from datasets.build.reviewed import reviewed_drafts
from datasets.build.write import write_data_set
from datasets.coco import coco_document
from datasets.errors import NothingToBuild
from datasets.leaks import Leaks, find_leaks
from models.classes import Task
from models.data.data_set import DataSet, inspect_data_set
from models.data.problems import DataSetProblems, Problem
from models.data.records import Split

COCO = "coco"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sources:
    """The folders that a data set is made from."""

    rendered: Sequence[Path] = ()
    real: Mapping[str, Path] = field(default_factory=dict)
    """Folders of pictures, by the name of their labels in `datasets/labels`."""
    camvid: Path | None = None
    reviewed: Sequence[Path] = ()
    guess_boxes: BoxGuesser | None = None
    """For vehicles: what else is on the real pictures of the train and val splits."""


@dataclass(frozen=True)
class Built:
    """What was built, and what a person should look at."""

    samples: dict[Split, int]
    unfinished_scenes: int
    duplicates: tuple[tuple[str, str], ...]
    """Samples left out, each with the one that has the same picture."""
    leaks: Leaks


def build_data_set(task: Task, sources: Sources, out: Path, on_progress: Progress = lambda done, total: None) -> Built:
    """Write the data set `out`, which appears when it is whole; the same sources make the same bytes.

    Raises DataSetProblems with all that is wrong with the sources, DataSetError, OSError.
    """
    with new_folder(out) as folder:
        drafts, problems, unfinished = _gather(task, sources)
        if problems:
            raise DataSetProblems(out, problems)
        if not drafts:
            raise NothingToBuild(task=task)
        steps = _Steps(len(drafts) * (2 if task == "mud" else 3), on_progress)
        written = write_data_set(folder, task, drafts, steps.done)
        if written.problems:
            raise DataSetProblems(out, written.problems)
        data_set = _read_again(folder, task, out)
        if task != "mud":
            _export_coco(data_set, steps.done)
        leaks = find_leaks(data_set, steps.done)
    counts = Counter(record.split for record in written.records if record.split)
    return Built({split: counts[split] for split in data_set.splits}, unfinished, written.duplicates, leaks)


class _Steps:
    """Counts what is done of all that there is to do."""

    def __init__(self, total: int, on_progress: Progress) -> None:
        self._done, self._total, self._on_progress = 0, total, on_progress

    def done(self) -> None:
        self._done += 1
        self._on_progress(self._done, self._total)


def _read_again(folder: Path, task: Task, out: Path) -> DataSet:
    """Read what was written, so that a fault of ours, or between two sources, shows before anybody trains on it."""
    data_set, problems = inspect_data_set(folder, task, contents=False)
    if problems:
        raise DataSetProblems(out, problems)
    return data_set


def _export_coco(data_set: DataSet, on_sample: Callable[[], None]) -> None:
    (data_set.folder / COCO).mkdir()
    for split in data_set.splits:
        document = coco_document(data_set, split, on_sample)
        (data_set.folder / COCO / f"{split}.json").write_text(json.dumps(document), encoding="utf-8")


def _gather(task: Task, sources: Sources) -> tuple[list[Draft], list[Problem], int]:
    scenes, problems, unfinished = read_scenes(sources.rendered)
    drafts = list(rendered_drafts(scenes, task))
    for name, folder in sorted(sources.real.items()):
        found, wrong = hand_labelled_drafts(name, folder, task, guess_boxes=sources.guess_boxes)
        drafts += found
        problems += wrong
    if sources.camvid is not None:
        found, wrong = camvid_drafts(sources.camvid, task)
        drafts += found
        problems += wrong
    for folder in sources.reviewed:
        try:
            drafts += reviewed_drafts(folder, task)
        except DataSetProblems as error:
            problems += [Problem(each.kind, f"{folder}/{each.where}", each.detail) for each in error.problems]
    return drafts, problems, unfinished
