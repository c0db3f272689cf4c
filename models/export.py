"""Exports an ultralytics checkpoint to ONNX as our runtime reads it, and compares both (needs the extra `train`)."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.errors import BadCheckpoint, ExportDiffers, TrainingMissing
from models.training.offline import prepare_ultralytics

if TYPE_CHECKING:
    import torch

OPSET = 17
TOLERANCE = 0.02
"""The largest difference between torch and ONNX that is rounding: in scores and shares, and in pixels of a box."""
TASKS_BY_HEAD = {"Detect": "detect", "SemanticSegment": "segment", "Classify": "classify"}
OUTPUT_NAMES = {"segment": "probabilities", "classify": "probabilities"}


@dataclass(frozen=True)
class Exported:
    """A written ONNX file: the network's task and classes, and how far its output is from the checkpoint's at most."""

    sha256: str
    task: str
    """detect, segment or classify."""
    classes: dict[int, str]
    largest_difference: float


def export_onnx(checkpoint: Path, destination: Path, input_size: int) -> Exported:
    """Write `checkpoint` as ONNX, make sure that it gives what the checkpoint gives, and say what it is.

    `input_size` is the longer side in pixels. Input `images` is float32 (batch, 3, height, width), RGB in 0..1, with
    a dynamic batch; height and width are dynamic too but for a classifier. The output of a

    - detector is (batch, 4 + classes, anchors): centre x and y, width and height in input pixels, a score a class;
    - semantic segmentation `probabilities` (batch, classes, height / 8, width / 8), which sum to 1 over the classes;
    - classifier `probabilities` (batch, classes), which sum to 1.

    Raises:
        TrainingMissing: the extra `train` is not installed.
        BadCheckpoint: the file is no checkpoint of such a network.
        ExportDiffers: the ONNX file does not give what the checkpoint gives; nothing is written.
    """
    prepare_ultralytics()
    try:
        import onnx  # noqa: F401 - ultralytics would try to install it
    except ImportError as error:
        raise TrainingMissing from error
    from models.training.start import read_checkpoint

    network = read_checkpoint(checkpoint)
    head = type(network.model[-1]).__name__  # type: ignore[index]
    task = TASKS_BY_HEAD.get(head)
    if task is None:
        raise BadCheckpoint(path=checkpoint, detail=f"networks with the head {head} are not used here")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "model.onnx"
        if task == "detect":
            _write_detector(checkpoint, written, input_size)
        else:
            _write_probabilities(network, task, written, input_size)
        difference = _largest_difference(network, task, written, input_size)
        if difference > TOLERANCE:
            raise ExportDiffers(checkpoint=checkpoint, difference=f"{difference:.3g}")
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(written, destination)
    digest = hashlib.sha256(destination.read_bytes()).hexdigest()
    return Exported(digest, task, {int(number): str(name) for number, name in _names(network)}, difference)


def _names(network: "torch.nn.Module") -> list[tuple[int, str]]:
    return list(network.names.items())  # type: ignore[operator, union-attr]


def _write_detector(checkpoint: Path, destination: Path, input_size: int) -> None:
    from ultralytics import YOLO

    copy = shutil.copy(checkpoint, destination.parent)  # ultralytics writes beside the checkpoint
    exported = YOLO(copy).export(format="onnx", imgsz=input_size, dynamic=True, simplify=True, opset=OPSET)
    shutil.move(exported, destination)


def _write_probabilities(network: "torch.nn.Module", task: str, destination: Path, input_size: int) -> None:
    import onnx
    import onnxslim
    import torch

    dynamic = {"images": {0: "batch"}, OUTPUT_NAMES[task]: {0: "batch"}}
    if task == "segment":
        dynamic["images"] |= {2: "height", 3: "width"}
        dynamic[OUTPUT_NAMES[task]] |= {2: "height_8", 3: "width_8"}
    torch.onnx.export(
        _with_softmax(network, task).eval(),
        (torch.zeros(1, 3, input_size, input_size),),
        str(destination),
        opset_version=OPSET,
        input_names=["images"],
        output_names=[OUTPUT_NAMES[task]],
        dynamic_axes=dynamic,
        dynamo=False,
    )
    onnx.save(onnxslim.slim(onnx.load(destination)), destination)


def _with_softmax(network: "torch.nn.Module", task: str) -> "torch.nn.Module":
    """Return a network whose output are probabilities over the classes, whatever the checkpoint's head gives."""
    import torch

    class Probabilities(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            output: torch.Tensor | tuple[torch.Tensor, ...] = self.network(images)
            if task == "classify":  # the head gives (probabilities, logits)
                return output[0]
            assert isinstance(output, torch.Tensor)
            return output.softmax(1)

    return Probabilities()


def _largest_difference(network: "torch.nn.Module", task: str, onnx_file: Path, input_size: int) -> float:
    """Run both on noise, as the input's square and, where it is dynamic, as a batch of another shape."""
    import onnxruntime
    import torch

    session = onnxruntime.InferenceSession(str(onnx_file), providers=["CPUExecutionProvider"])
    noise = np.random.default_rng(0)
    shapes = [(1, 3, input_size, input_size)]
    shapes.append(
        (2, 3, input_size, input_size) if task == "classify" else (2, 3, max(input_size // 2, 32) // 32 * 32, 96)
    )
    largest = 0.0
    for shape in shapes:
        images = noise.random(shape, dtype=np.float32)
        given = session.run(None, {"images": images})[0]
        with torch.no_grad():
            wanted = _reference(network, task, torch.from_numpy(images))
        largest = max(largest, float(np.abs(np.asarray(given) - wanted).max()))
    return largest


def _reference(network: "torch.nn.Module", task: str, images: "torch.Tensor") -> NDArray[np.float32]:
    import torch

    network.eval()
    with torch.no_grad():
        if task == "detect":
            network.model[-1].end2end = False  # type: ignore[index, union-attr]
            output = network(images)[0]
        else:
            output = _with_softmax(network, task)(images)
    return np.asarray(output.numpy(), dtype=np.float32)
