"""A package of a rendered picture in which a worker walks by."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.stories import perimeter_story
from service.casefile.people import PersonFinder, person_finder
from tests.vision.evidence import packages
from vision.evidence.manifest import Place

WALKING = 400
"""A frame of the perimeter's story in which the worker is whole."""


@pytest.fixture(scope="session")
def street() -> NDArray[np.uint8]:
    """A BGR picture with one worker."""
    with av.open(str(perimeter_story().clip)) as clip:
        frame = next(frame for number, frame in enumerate(clip.decode(video=0)) if number == WALKING)
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


@pytest.fixture(scope="session")
def worker(street: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Where the worker truly is in it, pixels."""
    seen = next(o for o in perimeter_story().occluders if o.class_ == "person").boxes
    (box,) = [each.xyxy for each in seen if each.frame == WALKING]
    height, width = street.shape[:2]
    left, top, right, bottom = np.array(box) * [width, height, width, height]
    return round(left), round(top), round(right), round(bottom)


@pytest.fixture(scope="session")
def finder() -> PersonFinder:
    """What really finds people."""
    return person_finder()


@pytest.fixture
def seal_package(tmp_path: Path, street: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Give a maker of signed packages with that picture: `seal_package(site_name=...)` returns the folder."""

    def make(**place: str) -> Path:
        monkeypatch.setattr(packages, "picture", lambda: street)
        monkeypatch.setattr(packages, "PLACE", Place(**{**packages.PLACE.model_dump(), **place}))
        return packages.make_chain(tmp_path / "edge", 1)[0]

    return make
