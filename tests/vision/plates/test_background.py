"""Readings happen beside everything else, and nothing waits for them."""

import threading
from collections.abc import Sequence

import numpy as np

from vision.plates.background import MOST_WAITING, PlatesInBackground
from vision.plates.plate_reading import PlateReading
from vision.plates.reader import BgrImage

READING = PlateReading("苏A12345", 0.9, (0.0, 0.0, 1.0, 1.0), is_valid_format=True)
PICTURES = [np.zeros((4, 4, 3), np.uint8)]


class Reader:
    """Gives the next of some answers; an exception is raised."""

    def __init__(self, *answers: PlateReading | Exception | None) -> None:
        self.answers = list(answers)

    def plate_of(self, pictures: Sequence[BgrImage]) -> PlateReading | None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_what_was_read_is_taken_once() -> None:
    plates = PlatesInBackground(Reader(READING, None).plate_of)
    plates.begin("a", PICTURES)
    plates.begin("b", PICTURES)
    plates.finish()
    assert [plates.take(key) for key in ("a", "a", "b", "never begun")] == [READING, None, None, None]


def test_a_reading_that_is_not_done_is_not_waited_for_and_many_are_left_out() -> None:
    hold, begun = threading.Event(), []

    def plate_of(pictures: Sequence[BgrImage]) -> PlateReading | None:
        begun.append(len(pictures))
        hold.wait(60)
        return READING

    plates = PlatesInBackground(plate_of)
    for number in range(MOST_WAITING + 3):
        plates.begin(str(number), PICTURES)
    assert [plates.take(str(number)) for number in range(MOST_WAITING + 3)] == [None] * (MOST_WAITING + 3)
    hold.set()
    plates.close()
    assert len(begun) <= MOST_WAITING


def test_a_reader_that_fails_leaves_the_plate_unread_and_reads_the_next() -> None:
    plates = PlatesInBackground(Reader(RuntimeError("the network fell over"), READING).plate_of)
    plates.begin("a", PICTURES)
    plates.begin("b", PICTURES)
    plates.finish()
    assert plates.take("a") is None
    assert plates.take("b") == READING
