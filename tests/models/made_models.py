"""Tiny ONNX models whose answers are known, made with the `onnx` package, and versions of them for a registry."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.cards import WEIGHTS_NAME, ModelCard, ModelInput, TrainingData, VerifiedModel, write_card

SURFACES = {0: "bare_soil", 1: "dust_net", 2: "hoarding", 3: "other"}


def colour_network() -> bytes:
    """Tell surfaces by their colour: red is bare soil, green dust net, blue hoarding, dark is other.

    An answer is the softmax of ten times each colour's mean over a cell of 8 x 8 pixels, and of 5.
    """
    weights = np.zeros((4, 3, 1, 1), np.float32)
    for colour in range(3):
        weights[colour, colour] = 10
    nodes = [
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Conv", ["cells", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    initial = {"weights": weights, "bias": np.array([0, 0, 0, 5], np.float32)}
    return _network(nodes, initial, ["batch", 3, "height", "width"], ("probabilities", ["batch", 4, "rows", "columns"]))


def brightness_network(size: int = 224) -> bytes:
    """Tell mud by the mean of red: the probability of "muddy" is the sigmoid of 20 * (mean - 0.5)."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["colours"]),
        helper.make_node("Gemm", ["colours", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    weights = np.array([[0, 20], [0, 0], [0, 0]], np.float32)
    initial = {"weights": weights, "bias": np.array([0, -10], np.float32)}
    return _network(nodes, initial, ["batch", 3, size, size], ("scores", ["batch", 2]))


def made_model(weights: bytes, **card: object) -> VerifiedModel:
    """Give the network a card: one that tells surfaces, unless `card` says otherwise."""
    facts: dict[str, object] = {
        "name": "surfaces",
        "task": "segment",
        "sha256": hashlib.sha256(weights).hexdigest(),
        "licence": "AGPL-3.0-or-later",
        "source": "made by hand",
        "made_by": "tests",
        "training_data": [TrainingData(what="nothing", provenance="-", licence="-")],
        "split": "none",
        "classes": SURFACES,
        "input": ModelInput(size=64),
        "figures": [],
        "known_failures": [],
    }
    return VerifiedModel(ModelCard.model_validate({**facts, **card}), weights)


def write_model(folder: Path, model: VerifiedModel) -> Path:
    """Write the model as a version's folder has it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS_NAME).write_bytes(model.weights)
    write_card(model.card, folder)
    return folder


def _network(
    nodes: list[onnx.NodeProto],
    initial: dict[str, np.ndarray],
    input_shape: list[str | int],
    output: tuple[str, list[str | int]],
) -> bytes:
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, input_shape)],
        [helper.make_tensor_value_info(output[0], TensorProto.FLOAT, output[1])],
        [numpy_helper.from_array(values, name) for name, values in initial.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
