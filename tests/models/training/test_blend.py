"""Blending a training with its start: the ends, what lies between, and what can't be blended."""
# ruff: noqa: E402 - what needs the extra comes after the check for it

import pytest

from tests.models.needs_training import needs_training

needs_training()

import torch
from ultralytics.nn.tasks import SemanticSegmentationModel

from models.errors import BadCheckpoint
from models.training.blend import write_blend
from models.training.start import read_checkpoint

pytestmark = pytest.mark.slow


def checkpoint(path, seed, classes=4):
    torch.manual_seed(seed)
    network = SemanticSegmentationModel("yolo26n-sem.yaml", nc=classes, verbose=False)
    torch.save({"model": network, "epoch": -1, "train_args": {}}, path)
    return path


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ends")
    return checkpoint(folder / "start.pt", 1), checkpoint(folder / "trained.pt", 2)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_blend_lies_its_share_of_the_way_from_the_start(ends, tmp_path, share):
    write_blend(*ends, share, tmp_path / "blend.pt")
    start, trained, blend = (read_checkpoint(path).state_dict() for path in (*ends, tmp_path / "blend.pt"))
    for name, tensor in blend.items():
        expected = start[name] + share * (trained[name] - start[name]) if tensor.is_floating_point() else trained[name]
        assert torch.allclose(tensor, expected, rtol=1e-3, atol=1e-6), name


def test_two_networks_are_not_blended(ends, tmp_path):
    other = checkpoint(tmp_path / "other.pt", 3, classes=5)
    with pytest.raises(BadCheckpoint, match=r"other\.pt"):
        write_blend(other, ends[1], 0.5, tmp_path / "blend.pt")
    assert not (tmp_path / "blend.pt").exists()
