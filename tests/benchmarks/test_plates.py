"""Plates drawn for measuring are ones that GA 36 allows, and readings are counted for what they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawn_plates import Seen, draw_plate, put_on, random_text, worsen
from benchmarks.plates import Outcome, outcome_of
from vision.plates.plate_format import PlateKind, kind_of
from vision.plates.plate_reading import PlateReading

BOX = (0.0, 0.0, 1.0, 1.0)


@given(st.integers(0, 2**32 - 1))
def test_drawn_texts_are_plates_of_lorries(seed: int) -> None:
    random = np.random.default_rng(seed)
    assert kind_of(random_text(random)) is PlateKind.ORDINARY
    assert kind_of(random_text(random, new_energy=True)) is PlateKind.LARGE_NEW_ENERGY


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (None, Outcome.REFUSED),
        (PlateReading("A12345", 0.9, BOX, is_valid_format=False), Outcome.REFUSED),
        (PlateReading("苏A12345", 0.9, BOX, is_valid_format=True), Outcome.RIGHT),
        (PlateReading("苏A12346", 0.9, BOX, is_valid_format=True), Outcome.WRONG),
    ],
)
def test_what_a_reading_counts_as(reading: PlateReading | None, outcome: Outcome) -> None:
    assert outcome_of(reading, "苏A12345") is outcome


def test_a_plate_is_as_wide_in_the_picture_as_asked_for() -> None:
    grey = np.full((200, 300, 3), 90, np.uint8)
    picture = put_on(grey, draw_plate("苏A12345"), (150, 100), Seen(width_px=80))
    changed = np.flatnonzero((picture != grey).any(axis=(0, 2)))
    assert changed.max() - changed.min() + 1 == pytest.approx(80, abs=2)
    assert worsen(picture, Seen(width_px=80), np.random.default_rng(1)).shape == picture.shape
