"""What a training of the vehicles model starts from: YOLO26n for detection that keeps what it knows of COCO."""

from copy import deepcopy
from pathlib import Path

import torch
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.nn.tasks import DetectionModel

from models.errors import BadCheckpoint
from models.training.start import Start, read_checkpoint, transfer

Trainer = DetectionTrainer
NETWORK = "yolo26n.yaml"
BACKBONE, HEAD = 11, 23
"""The numbers of the first layer behind the backbone, and of the head."""
CLASS_BRANCHES = ("cv3", "one2one_cv3")
SIMILAR = {"excavator": "truck"}
"""A class that the checkpoint does not know starts as the one that it would have been taken for."""


def make_start(checkpoint: Path, names: dict[int, str]) -> Start:
    """Build the network with a class row for each name, copied from the checkpoint's row of that name.

    Both of YOLO26's heads (one2many, which learns, and one2one, which needs no suppression) are treated alike. The
    class branch keeps the checkpoint's width: ultralytics would make it as wide as there are classes, and nothing of
    it could be copied.

    Raises:
        BadCheckpoint: it can't be read, is no detector, or lacks a class that is in no way similar to one it has.
    """
    source = read_checkpoint(checkpoint)
    known = {str(name): int(number) for number, name in source.names.items()}  # type: ignore[union-attr, operator]
    rows = [known.get(name, known.get(SIMILAR.get(name, ""))) for name in names.values()]
    missing = [name for name, row in zip(names.values(), rows, strict=True) if row is None]
    if missing:
        raise BadCheckpoint(path=checkpoint, detail=f"it knows no {', '.join(missing)} and nothing similar")
    network = DetectionModel(NETWORK, nc=len(names), verbose=False)
    target, given = network.model[-1], source.model[-1]  # type: ignore[index]
    transfer(source, network)
    for attribute in CLASS_BRANCHES:
        setattr(target, attribute, _class_branches(getattr(given, attribute), torch.tensor(rows)))
    tensors, known_tensors = network.state_dict(), source.state_dict()
    transferred = sum(name in known_tensors for name in tensors)
    return Start(network, transferred, len(tensors))


def _class_branches(branches: torch.nn.ModuleList, rows: torch.Tensor) -> torch.nn.ModuleList:
    """Return a copy of the class branches, one a stride, whose last convolution has the chosen rows."""
    chosen = deepcopy(branches)
    for branch in chosen:
        assert isinstance(branch, torch.nn.Sequential)
        last = branch[-1]
        assert isinstance(last, torch.nn.Conv2d)
        assert last.bias is not None
        replacement = torch.nn.Conv2d(last.in_channels, len(rows), 1)
        replacement.weight.data = last.weight.data[rows].clone()
        replacement.bias.data = last.bias.data[rows].clone()  # type: ignore[union-attr]
        branch[-1] = replacement
    return chosen
