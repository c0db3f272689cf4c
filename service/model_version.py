"""Makes a version for the registry of a finished training: weights, thresholds, figures and card in one folder."""

import shutil
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.cards import WEIGHTS_NAME, Figure, ModelCard, ModelInput, TrainingData, VerifiedModel, write_card
from models.classes import Task
from models.data.data_set import DataSet, read_data_set
from models.evaluation.evaluate import CARD_TASKS, choose_thresholds
from models.evaluation.frozen import FrozenReport, write_metrics
from models.export import export_onnx
from models.training.run_record import RunRecord, read_record
from service.errors import BadCardNotes, TrainingNotFinished
from service.first_problem import first_problem
from service.frozen_evaluation import MeasuredModel, SetProgress, evaluate_on_frozen_sets
from service.retraining.candidate import CARD_FIGURES, CHECKPOINT_NAME


class CardNotes(BaseModel):
    """What only people can say on a card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    licence: str
    source: str
    training_data: list[TrainingData]
    split: str
    figures: list[Figure] = []
    known_failures: list[str]


def read_notes(path: Path) -> CardNotes:
    """Read the notes from a YAML file. Raises BadCardNotes."""
    try:
        return CardNotes.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadCardNotes(path=path, detail=str(error).splitlines()[0]) from error
    except ValidationError as error:
        raise BadCardNotes(path=path, detail=first_problem(error)) from error


def finished_training(run: Path) -> RunRecord:
    """Return the record of the training in `run`. Raises TrainingNotFinished where there is none, or it goes on."""
    record = read_record(run)
    if record is None or record.state != "finished" or record.checkpoint is None:
        raise TrainingNotFinished(folder=run)
    return record


def make_version(
    run: Path,
    data: Path,
    notes: CardNotes,
    folder: Path,
    *,
    input_size: int,
    pictures: Path | None,
    threads: int = 0,
    on_progress: SetProgress = lambda name, done, total: None,
) -> FrozenReport:
    """Write the version's `folder` from a finished training `run`, and return its figures on the frozen test sets.

    The thresholds are chosen on the validation split of `data`; `input_size` is the longer side in pixels.

    Raises:
        TrainingNotFinished: the run is not finished, or is none.
        NothingToMeasure: the data set has no validation split.
        ModelError, DataSetProblems, OSError: see the parts.
    """
    record = finished_training(run)
    task, checkpoint = record.settings.task, run / str(record.checkpoint)
    folder.mkdir(parents=True)
    model = draft_model(
        checkpoint, task, read_data_set(data, contents=False), folder, input_size=input_size, threads=threads
    )
    shutil.copyfile(checkpoint, folder / CHECKPOINT_NAME)
    words = {"licence": notes.licence, "source": notes.source, "made_by": _made_by(record)}
    said = {"training_data": notes.training_data, "split": notes.split, "known_failures": notes.known_failures}
    model = _with(model, **words, **said)
    report = evaluate_on_frozen_sets(
        {task: MeasuredModel(model, None)}, pictures, tasks=(task,), threads=threads, on_progress=on_progress
    )
    write_metrics(report, folder)
    write_card(_with(model, figures=[*notes.figures, *card_figures(report)]).card, folder)
    return report


def draft_model(
    checkpoint: Path, task: Task, data_set: DataSet, folder: Path, *, input_size: int, threads: int = 0
) -> VerifiedModel:
    """Export the checkpoint into `folder`, with thresholds chosen on the validation split; its card says no more yet.

    Raises ModelError.
    """
    exported = export_onnx(checkpoint, folder / WEIGHTS_NAME, input_size)
    card = ModelCard(
        name=task,
        task=CARD_TASKS[task],
        sha256=exported.sha256,
        licence="",
        source="",
        made_by="",
        training_data=[],
        split="",
        classes=exported.classes,
        input=ModelInput(size=input_size),
        figures=[],
        known_failures=[],
    )
    model = VerifiedModel(card, (folder / WEIGHTS_NAME).read_bytes())
    return _with(model, thresholds=choose_thresholds(model, data_set, threads=threads))


def _with(model: VerifiedModel, **changes: object) -> VerifiedModel:
    """Return the model with other entries in its card."""
    return VerifiedModel(model.card.model_copy(update=changes), model.weights)


def _made_by(record: RunRecord) -> str:
    settings, versions = record.settings, record.versions
    figures = f"{settings.epochs} epochs at {settings.imgsz} pixels, batch {settings.batch}, seed {settings.seed}"
    software = f"ultralytics {versions['ultralytics']}, torch {versions['torch']}"
    start = f"{record.start_name} ({record.start_sha256[:12]})"
    blended = "" if record.share is None else f", then {record.share:.0%} of the way to it by dustwatch models blend"
    return f"dustwatch models train {settings.task}, {figures}, from {start}{blended}, {software}"


def card_figures(report: FrozenReport) -> list[Figure]:
    """Return the figures of a card: each class's score on each frozen set; its false alarms where it is absent."""
    figures = []
    for measured in report.reports:
        for name, figures_of in measured.classes.items():
            if figures_of.score is not None and figures_of.truth:
                what = f"{CARD_FIGURES[measured.task]} of {name}"
                figures.append(Figure(what=what, value=round(figures_of.score, 3), measured_on=measured.data_set))
            elif figures_of.false_alarm_share is not None:
                what = f"false alarm share of {name}"
                share = round(figures_of.false_alarm_share, 4)
                figures.append(Figure(what=what, value=share, measured_on=measured.data_set))
        for name, value in measured.overall.items():
            if value is not None:
                figures.append(Figure(what=name, value=round(value, 3), measured_on=measured.data_set))
    return figures
