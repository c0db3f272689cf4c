"""Trains one head for surfaces and counts the CPU seconds; goes on where an interrupted training was."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

import torch

from benchmarks.surface_squares import Squares, instance_names
from models.classes import class_names
from models.export import OPSET, export_onnx
from models.training.offline import prepare_ultralytics
from models.training.run import START_NAME, trainer_overrides
from models.training.safe_copies import keep_checkpoints, restore_checkpoints
from models.training.settings import TrainingSettings
from models.training.start import Start, read_checkpoint, transfer, write_start

HeadName = Literal["semantic", "instance"]
HEADS: tuple[HeadName, ...] = ("semantic", "instance")
NETWORKS = {"semantic": "yolo26n-sem.yaml", "instance": "yolo26n-seg.yaml"}
TRAINED = "trained.pt"
EPOCHS = "epochs.jsonl"


@dataclass(frozen=True)
class TrainedHead:
    """A trained head as ONNX; `cpu_s` is the median of its epochs, a picture, without validation."""

    onnx: Path
    parameters: int
    cpu_s: float


def train_head(
    head: HeadName,
    settings: TrainingSettings,
    squares: Squares,
    checkpoint: Path,
    out: Path,
    report: Callable[[str], None],
) -> TrainedHead:
    """Train `head` from the detection checkpoint, and export what the last epoch gives.

    Not the best epoch: each head would choose it by a measure of its own. Raises BadCheckpoint, OSError.
    """
    prepare_ultralytics()
    out.mkdir(parents=True, exist_ok=True)
    trained = out / TRAINED
    if not trained.exists():
        _train(head, settings, squares, checkpoint, out, report)
        shutil.copyfile(out / "weights" / "last.pt", out / f".{TRAINED}")
        (out / f".{TRAINED}").replace(trained)
    onnx = out / "model.onnx"
    if not onnx.exists():
        _export(head, trained, onnx, settings.imgsz)
    parameters = sum(tensor.numel() for tensor in _fused(trained).parameters())
    return TrainedHead(onnx, parameters, median(_epoch_costs(out)) / squares.pictures["train"])


def _train(
    head: HeadName,
    settings: TrainingSettings,
    squares: Squares,
    checkpoint: Path,
    out: Path,
    report: Callable[[str], None],
) -> None:
    overrides = trainer_overrides(settings, squares.semantic if head == "semantic" else squares.instance, out)
    overrides["val"] = False  # until the last epoch: no figure of it is used
    last = restore_checkpoints(out / "weights", out)
    if last is None:
        (out / EPOCHS).unlink(missing_ok=True)
        torch.manual_seed(settings.seed)  # the head's first weights are drawn here
        names = class_names("surfaces") if head == "semantic" else instance_names()
        write_start(_make_start(head, checkpoint, names), names, out / START_NAME)
    else:
        overrides["resume"] = str(last)
    trainer = _trainer(head)(overrides=overrides)
    started = 0.0

    def training_starts(_: Any) -> None:  # noqa: ANN401 - ultralytics' trainer
        torch.set_num_threads(settings.threads or 1)

    def epoch_starts(_: Any) -> None:  # noqa: ANN401
        nonlocal started
        started = time.process_time()

    def epoch_ends(trainer: Any) -> None:  # noqa: ANN401
        cpu_s = time.process_time() - started
        with (out / EPOCHS).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"epoch": trainer.epoch, "cpu_s": round(cpu_s, 3)}) + "\n")
        report(f"{head}: epoch {trainer.epoch + 1}/{settings.epochs}, {cpu_s:.1f} CPU s")

    trainer.add_callback("on_train_start", training_starts)
    trainer.add_callback("on_train_epoch_start", epoch_starts)
    trainer.add_callback("on_train_epoch_end", epoch_ends)
    trainer.add_callback("on_model_save", lambda _: keep_checkpoints(out / "weights", out))
    trainer.train()


def _make_start(head: HeadName, checkpoint: Path, names: dict[int, str]) -> Start:
    if head == "semantic":
        from models.training.surfaces import make_start

        return make_start(checkpoint, names)
    from ultralytics.nn.tasks import SegmentationModel

    network = SegmentationModel(NETWORKS[head], nc=len(names), verbose=False)
    return Start(network, transfer(read_checkpoint(checkpoint), network), len(network.state_dict()))


def _trainer(head: HeadName) -> Any:  # noqa: ANN401 - a class of ultralytics, which is not typed
    if head == "semantic":
        from models.training.surfaces import Trainer

        return Trainer
    from ultralytics.models.yolo.segment import SegmentationTrainer

    return SegmentationTrainer


def _export(head: HeadName, checkpoint: Path, destination: Path, size: int) -> None:
    if head == "semantic":
        export_onnx(checkpoint, destination, size)
        return
    from ultralytics import YOLO

    written = YOLO(checkpoint).export(format="onnx", imgsz=size, dynamic=True, simplify=True, opset=OPSET)
    Path(written).replace(destination)


def _fused(checkpoint: Path) -> torch.nn.Module:
    """Return the network without what only training needs."""
    network = read_checkpoint(checkpoint)
    network.fuse()  # type: ignore[operator]
    return network


def _epoch_costs(out: Path) -> list[float]:
    """Return each epoch's CPU seconds; one that was interrupted and run again counts as it ended."""
    lines = [json.loads(line) for line in (out / EPOCHS).read_text(encoding="utf-8").splitlines()]
    return list({line["epoch"]: float(line["cpu_s"]) for line in lines}.values())
