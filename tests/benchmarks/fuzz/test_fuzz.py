"""Fuzzing damages what it is given, repeatably, and no damaged input breaks what takes it."""

import random

import pytest

from benchmarks.fuzz.mutation import damaged
from benchmarks.fuzz.targets import TARGETS


def test_the_same_seed_damages_alike() -> None:
    first, again = (damaged(b"abc" * 20, random.Random(7), [b"xyz"]) for _ in range(2))
    assert first == again != b"abc" * 20


@pytest.mark.parametrize("name", list(TARGETS))
def test_damaged_input_raises_nothing_but_the_errors_that_are_meant(name: str) -> None:
    target, chance = TARGETS[name](), random.Random(1)
    for sample in target.samples[:2]:
        target.take(sample)
        for _ in range(20):
            target.take(damaged(sample, chance, target.samples))
