"""Runs a training to its end, from the start or from where it was interrupted."""

import importlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.classes import class_names
from models.data.pictures import sha256_of
from models.errors import BadCheckpoint, RunDiffers
from models.training.offline import prepare_ultralytics
from models.training.run_record import (
    RunRecord,
    read_record,
    software_versions,
    write_record,
)
from models.training.safe_copies import drop_checkpoints, keep_checkpoints, restore_checkpoints
from models.training.settings import TrainingSettings, differing_fields
from models.training.staging import read_training_samples, samples_sha256, stage

START_NAME = "start.pt"
CHECKPOINT = "weights/best.pt"


@dataclass(frozen=True)
class TrainingProgress:
    """Where a training stands; epochs and batches count from 1. `figures` come with the last batch of an epoch."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    losses: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


ProgressReport = Callable[[TrainingProgress], None]


def train(
    settings: TrainingSettings,
    data: Sequence[Path],
    out: Path,
    *,
    start: Path,
    resume: bool = True,
    report: ProgressReport = lambda _: None,
) -> Path:
    """Train on the data sets `data` from the checkpoint `start`, and return the best checkpoint's path.

    Everything is written into `out`. An unfinished run there goes on after the last epoch that it finished, however
    it ended; a finished one is returned as it is. Without `resume` it starts anew.

    Raises:
        TrainingMissing: the extra `train` is not installed.
        DataSetProblems: a data set is not whole, or is for another task.
        NothingToLearn: there are no pictures to learn from, or none to validate on.
        BadCheckpoint: the training can't start from this checkpoint.
        RunDiffers: the run in `out` was started with other settings, other data or another checkpoint.
    """
    prepare_ultralytics()
    if not start.is_file():
        raise BadCheckpoint(path=start, detail="there is no such file")
    samples = read_training_samples(data, settings)
    out.mkdir(parents=True, exist_ok=True)
    fingerprint = (sha256_of(start), samples_sha256(samples))
    record = read_record(out) if resume else None
    if record is not None:
        _check_same(record, settings, fingerprint, out)
        if record.state == "finished" and (out / CHECKPOINT).is_file():
            return out / CHECKPOINT
    staged = stage(samples, settings, out / "data")
    if record is None:
        _clear(out)
        transferred, tensors = _write_start(settings, start, out)
        record = RunRecord(
            state="running",
            settings=settings,
            start_name=start.name,
            start_sha256=fingerprint[0],
            transferred=transferred,
            tensors=tensors,
            data_sha256=fingerprint[1],
            pictures=staged.counts,
            versions=software_versions(),
            started_at=datetime.now(UTC),
        )
        write_record(record, out)
    figures = _run(settings, staged.source, out, report)
    write_record(_finished(record, figures, out), out)
    drop_checkpoints(out)
    return out / CHECKPOINT


def _check_same(record: RunRecord, settings: TrainingSettings, fingerprint: tuple[str, str], out: Path) -> None:
    different = differing_fields(record.settings, settings)
    if record.start_sha256 != fingerprint[0]:
        different.append("--from")
    if record.data_sha256 != fingerprint[1]:
        different.append("--data")
    if different:
        raise RunDiffers(folder=out, what=", ".join(different))


def _clear(out: Path) -> None:
    drop_checkpoints(out)
    shutil.rmtree(out / "weights", ignore_errors=True)
    for name in ("results.csv", "args.yaml", START_NAME):
        (out / name).unlink(missing_ok=True)


def _write_start(settings: TrainingSettings, start: Path, out: Path) -> tuple[int, int]:
    import torch

    from models.training.start import write_start

    torch.manual_seed(settings.seed)  # the head's first weights are drawn here
    names = class_names(settings.task)
    made = _task_module(settings).make_start(start, names)
    write_start(made, names, out / START_NAME)
    return made.transferred, made.tensors


def _task_module(settings: TrainingSettings) -> Any:  # noqa: ANN401 - a module, imported late since it needs torch
    return importlib.import_module(f"models.training.{settings.task}")


def _run(settings: TrainingSettings, source: Path, out: Path, report: ProgressReport) -> dict[str, float]:
    from ultralytics.nn.tasks import load_checkpoint
    from ultralytics.utils.torch_utils import strip_optimizer

    last = restore_checkpoints(out / "weights", out)
    if last is not None:
        _, kept = load_checkpoint(last)
        if kept["epoch"] + 1 >= settings.epochs:  # killed after the last epoch
            strip_optimizer(out / CHECKPOINT)
            return _numbers(kept["train_metrics"])
    overrides = trainer_overrides(settings, source, out)
    if last is not None:
        overrides["resume"] = str(last)
    trainer = _task_module(settings).Trainer(overrides=overrides)
    _attach(trainer, settings, out, report)
    trainer.train()
    return _numbers(trainer.metrics)


def _attach(trainer: Any, settings: TrainingSettings, out: Path, report: ProgressReport) -> None:  # noqa: ANN401
    import torch

    def started(trainer: Any) -> None:  # noqa: ANN401
        torch.set_num_threads(settings.threads or os.cpu_count() or 1)  # ultralytics leaves one core free
        trainer.batches_done = 0

    def batch_done(trainer: Any) -> None:  # noqa: ANN401
        trainer.batches_done += 1
        report(
            TrainingProgress(
                trainer.epoch + 1,
                trainer.epochs,
                trainer.batches_done,
                len(trainer.train_loader),
                _numbers(trainer.tloss or {}),
            )
        )

    def epoch_done(trainer: Any) -> None:  # noqa: ANN401
        keep_checkpoints(out / "weights", out)
        batches = len(trainer.train_loader)
        figures = _numbers(trainer.metrics)
        report(
            TrainingProgress(
                trainer.epoch + 1, trainer.epochs, batches, batches, _numbers(trainer.tloss or {}), figures
            )
        )
        trainer.batches_done = 0

    trainer.add_callback("on_train_start", started)
    trainer.add_callback("on_train_batch_end", batch_done)
    trainer.add_callback("on_model_save", epoch_done)


def trainer_overrides(settings: TrainingSettings, source: Path, out: Path) -> dict[str, Any]:
    """Return what ultralytics' trainer is told; everything that it would fetch, plot or log elsewhere is off."""
    augmentation = settings.augmentation.model_dump()
    return {
        "model": str(out / START_NAME),
        "data": str(source),
        "save_dir": str(out),
        "epochs": settings.epochs,
        "imgsz": settings.imgsz,
        "batch": settings.batch,
        "nbs": settings.batch,  # one step of the optimizer a batch: our data sets are small
        "optimizer": "AdamW",
        "lr0": settings.lr,
        "lrf": 0.05,
        "cos_lr": True,
        "momentum": 0.9,
        "weight_decay": settings.weight_decay,
        "warmup_epochs": settings.warmup_epochs,
        "warmup_bias_lr": 0.0,
        "freeze": frozen_layers(settings),
        "patience": settings.patience,
        "cls_pw": settings.class_weight_power,
        "seed": settings.seed,
        "workers": settings.workers,
        "device": settings.device,
        "close_mosaic": max(1, settings.epochs // 10) if settings.augmentation.mosaic else 0,
        "auto_augment": None,
        "amp": False,  # its check fetches weights from the network
        "plots": False,
        "verbose": False,
        "exist_ok": True,
    } | augmentation


def frozen_layers(settings: TrainingSettings) -> list[int]:
    """Return the numbers of the layers that do not learn."""
    module = _task_module(settings)
    layers = {"nothing": 0, "backbone": module.BACKBONE, "all_but_head": module.HEAD}[settings.freeze]
    return list(range(layers))


def _numbers(figures: Mapping[str, Any]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in figures.items() if value is not None}


def _finished(record: RunRecord, figures: dict[str, float], out: Path) -> RunRecord:
    return record.model_copy(
        update={
            "state": "finished",
            "finished_at": datetime.now(UTC),
            "checkpoint": CHECKPOINT,
            "checkpoint_sha256": sha256_of(out / CHECKPOINT),
            "figures": figures,
        }
    )
