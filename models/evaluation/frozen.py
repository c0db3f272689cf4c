"""The frozen test sets: which there are, where they lie, and what a model's figures on all of them look like."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML

from models.cards import VerifiedModel
from models.classes import Task
from models.data.data_set import DataSet, Progress
from models.data.records import Split
from models.errors import BadRegistry
from models.evaluation.evaluate import evaluate
from models.evaluation.report import EvaluationReport

LIST_PATH = Path(__file__).with_name("frozen.yaml")
PROJECT = Path(__file__).parents[2]
METRICS_NAME = "metrics.json"
SPLIT: Split = "test"


class FrozenSet(BaseModel):
    """One test set; see `frozen.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    task: Task
    kind: Literal["rendered", "real"]
    folder: Path | None = None
    pictures: str | None = None
    source: Literal["hand-labelled", "camvid"] | None = None
    judged: tuple[str, ...]

    @model_validator(mode="after")
    def _lies_in_one_place(self) -> Self:
        if (self.folder is None) == (self.pictures is None) or (self.pictures is None) != (self.source is None):
            raise ValueError("give either folder, or pictures with source")
        return self


@dataclass(frozen=True)
class Absent:
    """A set that can't be measured on here, and why."""

    reason: str


class FrozenReport(BaseModel):
    """Figures on the frozen test sets, by their names; rendered and real ones apart. Also a version's metrics.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rendered: dict[str, EvaluationReport] = {}
    real: dict[str, EvaluationReport] = {}
    absent: dict[str, str] = {}
    """The sets that were not measured on, and why."""

    @property
    def reports(self) -> list[EvaluationReport]:
        """All that was measured."""
        return [*self.rendered.values(), *self.real.values()]


@cache
def frozen_sets() -> tuple[FrozenSet, ...]:
    """Return the sets listed in `frozen.yaml`."""
    listed = YAML(typ="safe").load(LIST_PATH.read_text(encoding="utf-8"))
    return tuple(FrozenSet.model_validate(each) for each in listed)


def place_of(frozen: FrozenSet, pictures: Path | None, project: Path = PROJECT) -> Path | Absent:
    """Return the folder of the set, or of its pictures inside `pictures`; or why it is not there."""
    if frozen.folder is not None:
        folder = project / frozen.folder
        return folder if folder.is_dir() else Absent(f"the project has no folder {frozen.folder}")
    if pictures is None:
        return Absent("third-party pictures, which are no part of the project: give their folder with --pictures DIR")
    assert frozen.pictures is not None
    folder = pictures / frozen.pictures
    return folder if folder.is_dir() else Absent(f"there is no folder {folder}")


def evaluate_on(
    frozen: FrozenSet,
    data_set: DataSet,
    model: VerifiedModel,
    *,
    version: str | None = None,
    threads: int = 0,
    on_progress: Progress = lambda done, total: None,
) -> EvaluationReport:
    """Measure the model on the set, and keep the figures that its labels can tell of. Raises ModelError."""
    split = SPLIT if SPLIT in data_set.splits else None
    report = evaluate(
        model, data_set, split, name=frozen.name, version=version, threads=threads, on_progress=on_progress
    )
    judged = {name: figures for name, figures in report.classes.items() if name in frozen.judged}
    by_kind = {
        kind: part.model_copy(
            update={"classes": {name: each for name, each in part.classes.items() if name in frozen.judged}}
        )
        for kind, part in report.by_kind.items()
    }
    return report.model_copy(update={"classes": judged, "by_kind": by_kind})


def read_metrics(folder: Path) -> FrozenReport | None:
    """Return the figures that lie beside a version's weights, None if there are none. Raises BadRegistry."""
    path = folder / METRICS_NAME
    try:
        return FrozenReport.model_validate_json(path.read_bytes()) if path.is_file() else None
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRegistry(path=path, detail=first["msg"]) from error


def write_metrics(report: FrozenReport, folder: Path) -> None:
    """Write the figures into a version's folder, for the registry to take in. Raises OSError."""
    (folder / METRICS_NAME).write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
