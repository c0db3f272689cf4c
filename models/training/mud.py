"""What a training of the mud model starts from: YOLO26n for classification on a backbone that can see."""

from pathlib import Path

from ultralytics.models.yolo.classify import ClassificationTrainer
from ultralytics.nn.tasks import ClassificationModel

from models.training.start import Start, read_checkpoint, transfer

Trainer = ClassificationTrainer
NETWORK = "yolo26n-cls.yaml"
BACKBONE, HEAD = 10, 10
"""The numbers of the first layer behind the backbone, and of the head."""


def make_start(checkpoint: Path, names: dict[int, str]) -> Start:
    """Build the network; a detection checkpoint gives the backbone, a mud checkpoint everything.

    The classifier's backbone has no pooling layer (SPPF), so its layer 9 is layer 10 of the detector.

    Raises:
        BadCheckpoint: the checkpoint can't be read.
    """
    network = ClassificationModel(NETWORK, nc=len(names), verbose=False)
    source = read_checkpoint(checkpoint)
    is_classifier = len(source.model) == len(network.model)  # type: ignore[arg-type]
    transferred = transfer(source, network, {} if is_classifier else {9: 10})
    return Start(network, transferred, len(network.state_dict()))
