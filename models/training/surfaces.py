"""What a training of the surfaces model starts from: YOLO26n for semantic segmentation on a backbone that can see."""

from pathlib import Path

from ultralytics.models.yolo.semantic import SemanticSegmentationTrainer
from ultralytics.nn.tasks import SemanticSegmentationModel

from models.training.start import Start, read_checkpoint, transfer

Trainer = SemanticSegmentationTrainer
NETWORK = "yolo26n-sem.yaml"
BACKBONE, HEAD = 11, 17
"""The numbers of the first layer behind the backbone, and of the head."""


def make_start(checkpoint: Path, names: dict[int, str]) -> Start:
    """Build the network; a detection checkpoint gives backbone and neck (layers 0..16), a surfaces one everything.

    Raises:
        BadCheckpoint: it can't be read, or gives no weight at all.
    """
    network = SemanticSegmentationModel(NETWORK, nc=len(names), verbose=False)
    transferred = transfer(read_checkpoint(checkpoint), network)
    return Start(network, transferred, len(network.state_dict()))
