"""The network that a training starts from: built for its task, with every weight that a checkpoint can give it."""

from dataclasses import dataclass
from pathlib import Path

import torch
from ultralytics.nn.tasks import load_checkpoint

from models.errors import BadCheckpoint


@dataclass(frozen=True)
class Start:
    """A network before training; `transferred` of its `tensors` came from the checkpoint."""

    network: torch.nn.Module
    transferred: int
    tensors: int


def read_checkpoint(path: Path) -> torch.nn.Module:
    """Return the network in an ultralytics checkpoint, in float32.

    Raises:
        BadCheckpoint: it can't be read, or its layers were fused for inference.
    """
    try:
        network: torch.nn.Module = load_checkpoint(path)[0]
    except Exception as error:  # torch and pickle raise nearly anything for a file that is no checkpoint
        raise BadCheckpoint(path=path, detail=str(error).partition("\n")[0] or type(error).__name__) from error
    if network.is_fused():  # type: ignore[operator]
        raise BadCheckpoint(path=path, detail="its layers were fused for inference; take one that was not")
    return network


def transfer(source: torch.nn.Module, target: torch.nn.Module, moved_layers: dict[int, int] | None = None) -> int:
    """Copy into `target` every tensor of `source` that has the same name and shape; return how many.

    `moved_layers` says which layer of the target takes a layer of another number from the source; such a layer takes
    nothing from the source's layer of its own number.
    """
    moved = moved_layers or {}
    given = source.state_dict()
    taken: dict[str, torch.Tensor] = {}
    for name, tensor in target.state_dict().items():
        prefix, layer, rest = name.split(".", 2)
        found = given.get(f"{prefix}.{moved.get(int(layer), int(layer))}.{rest}")
        if found is not None and found.shape == tensor.shape:
            taken[name] = found
    target.load_state_dict(taken, strict=False)
    return len(taken)


def write_start(start: Start, names: dict[int, str], path: Path) -> None:
    """Write the network as a checkpoint that ultralytics trains from."""
    start.network.names = names  # type: ignore[assignment]
    torch.save({"epoch": -1, "model": start.network, "train_args": {}}, path)
