"""Makes an int8 network of a float one (static quantisation; needs the extra `train`), and compares what they cost."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.data.data_set import read_data_set
from models.data.description import DESCRIPTION_NAME
from models.data.pictures import SUFFIXES, BadPicture, read_picture
from models.errors import NothingToCalibrateOn, TrainingMissing
from models.inference.letterbox import Letterbox
from models.inference.network import as_input

if TYPE_CHECKING:
    import onnx

STRIDE = 32
QUANTISED_OPS = ["Conv", "Mul", "Sigmoid", "Add", "Concat", "MaxPool", "Resize", "Split"]
"""The convolutions and what lies between them: numbers that stay int8 from one to the next. With the convolutions
alone, converting to and fro costs more than int8 saves."""
FLOAT_FIRST_CONVOLUTIONS = 2
"""Measured on yolo26n-coco: in float they cost no time, and scores err by 0.062 at mean instead of 0.071."""
MOST_PICTURES = 64


@dataclass(frozen=True)
class Cost:
    """CPU seconds a picture, on one thread, of the float network and of the int8 one."""

    float32: float
    int8: float


def quantise(
    weights: Path, destination: Path, inputs: Sequence[NDArray[np.float32]], keep_float: Sequence[str] = ()
) -> str:
    """Write the float network `weights` as int8, calibrated on `inputs`, and return the new file's SHA-256.

    Weights are int8 by channel, activations uint8 with the range seen on `inputs` (see `network_input`), in ONNX's QDQ
    form. The first two convolutions, the last of each branch, what follows them, and nodes whose names begin with one
    of `keep_float` stay float: scores and coordinates would lose too much. Raises TrainingMissing, OSError.
    """
    try:
        import onnx
        from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
        from onnxruntime.quantization.shape_inference import quant_pre_process
    except ImportError as error:
        raise TrainingMissing from error
    with tempfile.TemporaryDirectory() as folder:
        prepared, written = Path(folder) / "prepared.onnx", Path(folder) / "int8.onnx"
        quant_pre_process(str(weights), str(prepared), skip_symbolic_shape=True)
        graph = onnx.load(prepared).graph
        excluded = _ends(graph) + [node.name for node in graph.node if node.name.startswith(tuple(keep_float))]
        quantize_static(
            str(prepared),
            str(written),
            _Calibration(inputs, graph.input[0].name),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=QUANTISED_OPS,
            nodes_to_exclude=excluded,
        )
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(written, destination)
    return hashlib.sha256(destination.read_bytes()).hexdigest()


def compare_cost(float32: Path, int8: Path, inputs: Sequence[NDArray[np.float32]], rounds: int = 3) -> Cost:
    """Return what both networks cost on these inputs, taking turns so that a busy machine slows both alike.

    The least of `rounds` counts: what other processes do to the caches only ever adds.
    """
    sessions = [_session(float32), _session(int8)]
    for session in sessions:
        _cpu_seconds(session, inputs[:1])  # the first run allocates
    taken = [[_cpu_seconds(session, inputs) for session in sessions] for _ in range(rounds)]
    return Cost(*(min(of_one) / len(inputs) for of_one in zip(*taken, strict=True)))


def network_input(picture: NDArray[np.uint8], task: str, size: int) -> NDArray[np.float32]:
    """Return a BGR picture (height, width, 3) as a network sees it, (1, 3, height, width).

    `task` is the model card's: detect, segment or classify; `size` the longer side of its input.
    """
    height, width = picture.shape[:2]
    stride = size if task == "classify" else STRIDE
    letterbox = Letterbox.fit(height, width, size, stride, centred=task != "segment")
    return as_input([letterbox.apply(picture)])


def calibration_pictures(folder: Path, most: int = MOST_PICTURES) -> list[NDArray[np.uint8]]:
    """Return pictures (BGR) of a data set's val split, or of a plain folder, evenly chosen.

    Raises DataSetProblems, NothingToCalibrateOn, OSError.
    """
    if (folder / DESCRIPTION_NAME).is_file():
        data_set = read_data_set(folder, contents=False)
        paths: Iterable[Path] = [sample.picture for sample in data_set.samples("val") or data_set.samples()]
    else:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    ordered = sorted(paths)
    step = max(1, -(-len(ordered) // most))
    pictures = []
    for path in ordered[::step]:
        try:
            pictures.append(np.ascontiguousarray(read_picture(path)[:, :, ::-1]))
        except BadPicture:
            continue
    if not pictures:
        raise NothingToCalibrateOn(folder=folder)
    return pictures


class _Calibration:
    """Hands the inputs to ONNX Runtime, one after another (a `CalibrationDataReader`)."""

    def __init__(self, inputs: Sequence[NDArray[np.float32]], input_name: str) -> None:
        self._left = iter(inputs)
        self._input_name = input_name

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        following = next(self._left, None)
        return None if following is None else {self._input_name: following}


def _ends(graph: "onnx.GraphProto") -> list[str]:
    """Return the nodes before the third convolution, and those from which no further convolution is reached."""
    convolutions = [index for index, node in enumerate(graph.node) if node.op_type == "Conv"]
    third = convolutions[min(FLOAT_FIRST_CONVOLUTIONS, len(convolutions) - 1)] if convolutions else 0
    leads_on: set[str] = set()
    last = []
    for node in reversed(graph.node):  # a graph's nodes are in topological order
        if leads_on.isdisjoint(node.output):
            last.append(node.name)
        if node.op_type == "Conv" or not leads_on.isdisjoint(node.output):
            leads_on.update(node.input)
    return [node.name for node in graph.node[:third]] + last


def _session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def _cpu_seconds(session: onnxruntime.InferenceSession, inputs: Sequence[NDArray[np.float32]]) -> float:
    started = time.process_time()
    for each in inputs:
        session.run(None, {session.get_inputs()[0].name: each})
    return time.process_time() - started
