"""Checkpoints exported to ONNX: the contract of each task, and equality with torch."""
# ruff: noqa: E402 - what needs the extra comes after the check for it

import numpy as np
import onnxruntime
import pytest

from tests.models.needs_training import needs_training

needs_training()

import torch
from ultralytics.nn.tasks import ClassificationModel, DetectionModel, SegmentationModel, SemanticSegmentationModel

from models.errors import BadCheckpoint
from models.export import export_onnx

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NETWORKS = {
    "segment": (SemanticSegmentationModel, "yolo26n-sem.yaml", 4, 64),
    "classify": (ClassificationModel, "yolo26n-cls.yaml", 2, 64),
    "detect": (DetectionModel, "yolo26n.yaml", 81, 64),
}


def checkpoint(folder, make, config, classes):
    torch.manual_seed(0)
    network = make(config, nc=classes, verbose=False)
    network.names = {number: f"c{number}" for number in range(classes)}
    path = folder / "checkpoint.pt"
    torch.save({"model": network, "epoch": -1, "train_args": {}}, path)
    return path


@pytest.mark.parametrize("task", NETWORKS)
def test_an_export_keeps_the_contract_and_what_the_checkpoint_computes(task, tmp_path):
    make, config, classes, size = NETWORKS[task]
    exported = export_onnx(checkpoint(tmp_path, make, config, classes), tmp_path / "out" / "model.onnx", size)
    assert exported.task == task
    assert len(exported.classes) == classes
    assert exported.largest_difference < 0.02
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model.onnx"]
    session = onnxruntime.InferenceSession(str(tmp_path / "out" / "model.onnx"))
    (given,) = session.get_inputs()
    assert given.name == "images"
    shape = (2, 3, 64, 64) if task == "classify" else (2, 3, 64, 96)
    (answer,) = session.run(None, {"images": np.random.default_rng(0).random(shape, dtype=np.float32)})
    wanted = {"segment": (2, 4, 8, 12), "classify": (2, 2), "detect": (2, 85, 126)}[task]
    assert answer.shape == wanted
    if task != "detect":
        assert session.get_outputs()[0].name == "probabilities"
        assert np.allclose(answer.sum(axis=1), 1, atol=1e-5)


def test_a_network_for_something_else_is_refused(tmp_path):
    path = checkpoint(tmp_path, SegmentationModel, "yolo26n-seg.yaml", 2)
    with pytest.raises(BadCheckpoint, match="Segment"):
        export_onnx(path, tmp_path / "model.onnx", 64)
    assert not (tmp_path / "model.onnx").exists()
