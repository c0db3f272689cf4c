"""The reference of a perimeter is looked at once; one that tells nothing is told and left aside."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.inference.detector import Detector
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from service.config.schema import Config
from service.edge.cameras import CameraOrder, orders
from service.edge.references import hoarding_reference
from vision.networks import Networks
from vision.perimeter import PARTS
from vision.surface_samples import MACHINE_CLASSES


@pytest.fixture(scope="module")
def networks() -> Iterator[Networks]:
    made = Networks(
        surfaces=SurfaceSegmenter(load_model("surfaces"), input_size=320, threads=1),
        machines=Detector(load_model("vehicles"), MACHINE_CLASSES, input_size=320, threads=1),
        workers=1,
    )
    yield made
    made.close()


def _order(picture: Path, luma: int, **zones: object) -> CameraOrder:
    cv2.imwrite(str(picture), np.full((180, 320, 3), luma, np.uint8))
    drawn = {"perimeter": {"line": [[0.1, 0.6], [0.9, 0.6]]}} | zones
    camera = {"id": "c", "site": "s", "name": "c", "url": "rtsp://10.0.0.3/x", "reference": picture, "zones": drawn}
    config = Config.model_validate({"sites": [{"id": "s", "name": "s"}], "cameras": [camera]})
    return orders(config)["c"]


def test_a_line_without_any_hoarding_is_told_as_such(networks: Networks, tmp_path: Path) -> None:
    reference = hoarding_reference(_order(tmp_path / "r.png", 150), networks)
    assert reference is not None
    assert sum(end - start for start, end in reference.stretches_without) > 0.9


def test_of_what_is_painted_over_in_the_reference_nothing_is_known(networks: Networks, tmp_path: Path) -> None:
    private = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
    reference = hoarding_reference(_order(tmp_path / "r.png", 150, privacy=[private]), networks)
    assert reference is not None
    assert not (reference.had | reference.never_had)[: PARTS // 2 - 10].any()
    assert reference.never_had[PARTS // 2 + 10 :].mean() > 0.9


def test_a_reference_taken_by_night_is_left_aside(networks: Networks, tmp_path: Path) -> None:
    assert hoarding_reference(_order(tmp_path / "r.png", 20), networks) is None


def test_a_reference_that_is_gone_since_the_configuration_was_read_stops_nothing(
    networks: Networks, tmp_path: Path
) -> None:
    order = _order(tmp_path / "r.png", 150)
    (tmp_path / "r.png").unlink()
    assert hoarding_reference(order, networks) is None
