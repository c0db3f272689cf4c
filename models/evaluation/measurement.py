"""What measuring a model on any task has in common: look at one sample after another, then sum up."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.data.pictures import read_picture
from models.data.sample import Sample
from models.evaluation.report import Part

Observation = TypeVar("Observation")


class Measurement(Protocol[Observation]):
    """A model at work on a data set; an observation is what came of one sample."""

    def observe(self, sample: Sample) -> Observation:
        """Run the model on the sample and compare with what is there."""

    def part(self, observations: Sequence[Observation]) -> Part:
        """Return the figures of these samples together."""

    def choose_thresholds(self, samples: Sequence[Sample]) -> dict[str, float]:
        """Return the best threshold of each class that is on the samples, by name."""


def read_bgr(sample: Sample) -> NDArray[np.uint8]:
    """Return the sample's picture, BGR (height, width, 3). Raises BadPicture."""
    return np.ascontiguousarray(read_picture(sample.picture)[:, :, ::-1])
