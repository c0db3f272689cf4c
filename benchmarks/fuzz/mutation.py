"""Damages bytes as lines, disks and attackers do."""

import random
from collections.abc import Callable, Sequence

MOST_CHANGES = 8
_NOTABLE = (b"\x00\x00\x01", b"\x00\x00\x00\x01", b"\xff" * 4, b"\x00" * 8, b"##", b"\r\n", b"&&", b"NaN", b"1e999")


def damaged(data: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """Return `data` with one to eight changes: bits, pieces lost, doubled, moved in from `others`, or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        chance.choice(_CHANGES)(changed, chance, others)
    return bytes(changed)


def _flip(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _lose(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    del data[at : at + chance.randint(1, 64)]


def _double(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = data[at : at + chance.randint(1, 256)]


def _put_in(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice((*_NOTABLE, chance.randbytes(4)))


def _take_over(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    if others:
        other = chance.choice(others)
        start, at = chance.randint(0, len(other)), chance.randint(0, len(data))
        length = chance.randint(1, 128)
        data[at : at + length] = other[start : start + length]


_CHANGES: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...] = (
    _flip,
    _lose,
    _double,
    _put_in,
    _take_over,
)
