"""Looks for what a model could have seen of the test split while it learnt: shared scenes and look-alike pictures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.data.data_set import DataSet
from models.data.pictures import BadPicture, read_picture, sha256_of
from models.data.sample import Sample

NEAR_BITS = 4
"""Pictures whose difference hashes (64 bits) differ in no more bits look alike."""


@dataclass(frozen=True)
class LookAlike:
    """Two samples of different splits that look alike; `bits` of their hashes differ."""

    first: str
    second: str
    bits: int


@dataclass(frozen=True)
class Leaks:
    """What two splits share. Groups and same pictures are faults; look-alikes are for a person to judge."""

    groups: tuple[str, ...]
    same_pictures: tuple[tuple[str, str], ...]
    look_alikes: tuple[LookAlike, ...]

    @property
    def is_faulty(self) -> bool:
        """Whether the splits certainly share something."""
        return bool(self.groups or self.same_pictures)


def find_leaks(data_set: DataSet, on_sample: Callable[[], None] = lambda: None) -> Leaks:
    """Compare every two splits of the data set; samples are named `split/id`.

    `on_sample` is called for each sample. Raises OSError.
    """
    parts = [_look_at(data_set.samples(split), on_sample) for split in data_set.splits]
    groups: set[str] = set()
    same: list[tuple[str, str]] = []
    alike: list[LookAlike] = []
    for one, other in combinations(parts, 2):
        groups |= one.groups & other.groups
        for i, j, bits in _near(one.hashes, other.hashes):
            if one.digests[i] == other.digests[j]:
                same.append((one.names[i], other.names[j]))
            else:
                alike.append(LookAlike(one.names[i], other.names[j], bits))
    return Leaks(tuple(sorted(groups)), tuple(same), tuple(sorted(alike, key=lambda pair: (pair.bits, pair.first))))


@dataclass(frozen=True)
class _Part:
    """The readable pictures of one split."""

    names: list[str]
    digests: list[str]
    hashes: NDArray[np.uint64]
    groups: set[str]


def _look_at(samples: Sequence[Sample], on_sample: Callable[[], None]) -> _Part:
    names, digests, hashes = [], [], []
    for sample in samples:
        on_sample()
        try:
            hashes.append(difference_hash(sample.picture))
        except BadPicture:  # told among the data set's problems
            continue
        names.append(f"{sample.split}/{sample.id}")
        digests.append(sha256_of(sample.picture))
    groups = {sample.group for sample in samples if sample.group is not None}
    return _Part(names, digests, np.array(hashes, np.uint64), groups)


def difference_hash(picture: Path) -> int:
    """Return the picture's 64-bit dHash: whether each of 8x8 cells is brighter than its left neighbour.

    Source: N. Krawetz, "Kind of Like That" (2013). Raises BadPicture.
    """
    small = Image.fromarray(read_picture(picture)).convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = np.asarray(small)
    return int.from_bytes(np.packbits(cells[:, 1:] > cells[:, :-1]).tobytes(), "big")


def _near(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Iterator[tuple[int, int, int]]:
    for i, hashed in enumerate(first):
        bits = np.bitwise_count(second ^ hashed)
        for j in np.flatnonzero(bits <= NEAR_BITS):
            yield i, int(j), int(bits[j])
