"""An int8 network gives nearly what the float one gives; its ends stay float."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.errors import NothingToCalibrateOn
from models.quantise import calibration_pictures, compare_cost, network_input, quantise
from tests.models.data.made_data_set import describe, save_picture, save_text

CONVOLUTIONS = 5


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five convolutions of eight channels with SiLU between them, then a sigmoid."""
    random = np.random.default_rng(0)
    nodes, initial, channels, last = [], [], 3, "images"
    for number in range(CONVOLUTIONS):
        weights = (random.normal(size=(8, channels, 3, 3)) / np.sqrt(9 * channels)).astype(np.float32)
        initial.append(numpy_helper.from_array(weights, f"weights{number}"))
        nodes += [
            helper.make_node("Conv", [last, f"weights{number}"], [f"c{number}"], f"conv{number}", pads=[1, 1, 1, 1]),
            helper.make_node("Sigmoid", [f"c{number}"], [f"s{number}"], f"sigmoid{number}"),
            helper.make_node("Mul", [f"c{number}", f"s{number}"], [f"m{number}"], f"mul{number}"),
        ]
        channels, last = 8, f"m{number}"
    nodes.append(helper.make_node("Sigmoid", [last], ["scores"], "scores"))
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 8, "height", "width"])
    graph = helper.make_graph(nodes, "made", [images], [scores], initial)
    path = tmp_path_factory.mktemp("network") / "float32.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture(scope="module")
def inputs() -> list[np.ndarray]:
    random = np.random.default_rng(1)
    pictures = [random.integers(0, 255, (height, 96, 3), dtype=np.uint8) for height in (64, 96, 33)]
    return [network_input(picture, "detect", 64) for picture in pictures]


def run(path: Path, images: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"images": images})[0])


def convolutions_with_int8_weights(path: Path) -> set[str]:
    graph = onnx.load(path).graph
    quantised = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    return {node.name for node in graph.node if node.op_type == "Conv" and node.input[1] in quantised}


def test_int8_gives_nearly_what_float_gives(network: Path, inputs: list[np.ndarray], tmp_path: Path) -> None:
    digest = quantise(network, tmp_path / "new" / "int8.onnx", inputs)
    assert len(digest) == 64
    for images in inputs:
        assert np.abs(run(network, images) - run(tmp_path / "new" / "int8.onnx", images)).max() < 0.03
    cost = compare_cost(network, tmp_path / "new" / "int8.onnx", inputs, rounds=1)
    assert cost.float32 > 0
    assert cost.int8 > 0


def test_the_ends_stay_float(network: Path, inputs: list[np.ndarray], tmp_path: Path) -> None:
    quantise(network, tmp_path / "int8.onnx", inputs)
    assert convolutions_with_int8_weights(tmp_path / "int8.onnx") == {"conv2", "conv3"}
    quantise(network, tmp_path / "less.onnx", inputs, keep_float=["conv3"])
    assert convolutions_with_int8_weights(tmp_path / "less.onnx") == {"conv2"}


def test_each_task_sees_pictures_as_it_does_at_a_site() -> None:
    picture = np.full((90, 160, 3), (0, 0, 255), np.uint8)
    detect, segment, classify = (network_input(picture, task, 160) for task in ("detect", "segment", "classify"))
    assert detect.shape == segment.shape == (1, 3, 96, 160)
    assert classify.shape == (1, 3, 160, 160)
    assert segment[0, 0, 0, 0] == 1
    assert detect[0, 0, 0, 0] == pytest.approx(114 / 255)


def test_pictures_come_from_the_val_split_or_a_plain_folder(tmp_path: Path) -> None:
    for number in range(10):
        save_picture(tmp_path / "plain" / f"{number}.png", number)
    save_text(tmp_path / "plain" / "broken.png", "no picture")
    assert len(calibration_pictures(tmp_path / "plain")) == 10
    assert 1 <= len(calibration_pictures(tmp_path / "plain", most=3)) <= 3
    for split, count in (("train", 4), ("val", 2)):
        for number in range(count):
            save_picture(tmp_path / "set" / "images" / split / f"{split}{number}.png", number)
            save_text(tmp_path / "set" / "labels" / split / f"{split}{number}.txt", "")
    describe(tmp_path / "set", {0: "truck"}, "task: vehicles\n")
    assert len(calibration_pictures(tmp_path / "set")) == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToCalibrateOn, match="empty"):
        calibration_pictures(tmp_path / "empty")
