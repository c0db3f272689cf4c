"""Measures models on the frozen test sets; those of third-party pictures are made into data sets for the while."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from datasets.build.build import Sources, build_data_set
from datasets.build.named_streets import write_named_streets
from models.cards import VerifiedModel
from models.classes import Task
from models.data.data_set import DataSet, read_data_set
from models.evaluation.frozen import (
    Absent,
    FrozenReport,
    FrozenSet,
    evaluate_on,
    frozen_sets,
    place_of,
)
from models.evaluation.report import EvaluationReport

SetProgress = Callable[[str, int, int], None]
"""Told the set's name, how many of its samples are done, and of how many."""


@dataclass(frozen=True)
class MeasuredModel:
    """A model and its version in the registry."""

    model: VerifiedModel
    version: str | None


def evaluate_on_frozen_sets(
    models: Mapping[Task, MeasuredModel],
    pictures: Path | None,
    *,
    tasks: tuple[Task, ...],
    threads: int = 0,
    on_progress: SetProgress = lambda name, done, total: None,
) -> FrozenReport:
    """Measure each task's model on the task's frozen sets; `pictures` holds the folders of third-party pictures.

    A set that is not there, or whose task has no model, is in the report as absent. Raises ModelError, DataSetError.
    """
    found: dict[str, dict[str, EvaluationReport]] = {"rendered": {}, "real": {}}
    absent = {}
    for frozen in frozen_sets():
        if frozen.task not in tasks:
            continue
        place = place_of(frozen, pictures)
        if isinstance(place, Path) and frozen.task not in models:
            place = Absent("no model for this task is in the registry")
        if isinstance(place, Absent):
            absent[frozen.name] = place.reason
            continue
        measured = models[frozen.task]
        with opened(frozen, place) as data_set:
            found[frozen.kind][frozen.name] = evaluate_on(
                frozen,
                data_set,
                measured.model,
                version=measured.version,
                threads=threads,
                on_progress=partial(on_progress, frozen.name),
            )
    return FrozenReport(rendered=found["rendered"], real=found["real"], absent=absent)


@contextmanager
def opened(frozen: FrozenSet, place: Path) -> Iterator[DataSet]:
    """Give the set as a data set; what has to be made of third-party pictures is gone afterwards."""
    if frozen.source is None:
        yield read_data_set(place, frozen.task)
        return
    with TemporaryDirectory(prefix="dustwatch-frozen-") as folder:
        out = Path(folder) / frozen.name
        if frozen.source == "camvid":
            write_named_streets(place, out)
        else:
            build_data_set(frozen.task, Sources(real={place.name: place}), out)
        yield read_data_set(out, frozen.task, contents=False)
