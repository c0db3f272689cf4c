"""Weights between those that a training began with and those that it ended with.

A fine-tuned network forgets some of what its start knew; weights on the straight line between the two often do better
than either end (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
"""

from pathlib import Path

import torch

from models.errors import BadCheckpoint
from models.training.start import read_checkpoint


def write_blend(start: Path, trained: Path, share: float, out: Path) -> None:
    """Write a checkpoint whose weights lie `share` (0 to 1) of the way from `start` to `trained`.

    The running averages of the normalisation are blended like the weights.

    Raises:
        BadCheckpoint: one can't be read, or they are not of the same network.
    """
    network = read_checkpoint(trained)
    ends = read_checkpoint(start).state_dict(), network.state_dict()
    if {name: tensor.shape for name, tensor in ends[0].items()} != {n: t.shape for n, t in ends[1].items()}:
        raise BadCheckpoint(path=start, detail="it is not of the network that was trained")
    blended = {
        name: torch.lerp(ends[0][name].float(), tensor.float(), share) if tensor.is_floating_point() else tensor
        for name, tensor in ends[1].items()
    }
    network.load_state_dict(blended)
    # In half precision, as every finished training is kept.
    torch.save({"epoch": -1, "model": network.half(), "train_args": {}}, out)
