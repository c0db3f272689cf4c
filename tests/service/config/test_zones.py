"""Masks and private areas in the configuration, and the advice about what is drawn."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from service.config.advice import NO_GROUND, NO_REFERENCE, advice
from service.config.camera import CameraConfig
from service.config.zones import ZonesConfig

YARD = [[0.1, 0.3], [0.9, 0.3], [0.9, 0.9], [0.1, 0.9]]
LINE = [[0.05, 0.5], [0.95, 0.5]]
EXIT = {"points": [[0.1, 0.6], [0.9, 0.6]], "outward": [0.5, 0.9]}
BAY = [[0.3, 0.25], [0.6, 0.25], [0.6, 0.45], [0.3, 0.45]]
WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
LEFT = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]


def _camera(zones: dict[str, Any], **settings: Any) -> CameraConfig:
    told = {"id": "yard", "site": "s", "name": "堆场", "url": "rtsp://10.0.0.3/x", "zones": zones, **settings}
    return CameraConfig.model_validate(told)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("yard", {"yard": YARD}),
        ("perimeter", {"perimeter": {"line": LINE}}),
        ("exit_line", {"exit_line": EXIT}),
        ("wash_bay", {"exit_line": {"points": [[0.1, 0.9], [0.9, 0.9]], "outward": [0.5, 0.99]}, "wash_bay": BAY}),
    ],
)
def test_a_mask_that_leaves_nothing_is_refused(name: str, drawn: dict[str, Any]) -> None:
    mask = [[0.0, 0.0], [1.0, 0.0], [1.0, 0.7], [0.0, 0.7]] if name == "wash_bay" else WHOLE
    with pytest.raises(ValidationError, match=f"leaves nothing of the {name}"):
        ZonesConfig.model_validate({**drawn, "mask_out": [mask]})
    halves = [LEFT, [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]]
    ZonesConfig.model_validate({**drawn, "mask_out": halves[:1]})
    if name != "wash_bay":
        with pytest.raises(ValidationError, match="leaves nothing"):
            ZonesConfig.model_validate({**drawn, "mask_out": [LEFT, [[0.4, 0.0], [1.0, 0.0], [1.0, 1.0], [0.4, 1.0]]]})


@pytest.mark.parametrize("kind", ["mask_out", "privacy"])
def test_an_area_that_crosses_itself_is_refused(kind: str) -> None:
    with pytest.raises(ValidationError, match="crosses itself"):
        ZonesConfig.model_validate({kind: [[[0, 0], [1, 1], [1, 0], [0, 1]]]})


def test_a_whole_picture_may_be_private() -> None:
    assert len(ZonesConfig.model_validate({"yard": YARD, "privacy": [WHOLE]}).privacy_zones()) == 1


def test_what_the_office_loses_is_told() -> None:
    told = advice(_camera({"yard": YARD, "perimeter": {"line": LINE}}))
    assert told == [NO_REFERENCE, NO_GROUND]
    assert advice(_camera({"yard": YARD})) == [NO_GROUND]
    assert advice(_camera({"exit_line": EXIT, "wash_bay": BAY})) == []
    assert advice(_camera({})) == []


def test_a_commissioned_camera_needs_no_advice(tmp_path: Path) -> None:
    picture = tmp_path / "reference.jpg"
    cv2.imwrite(str(picture), np.full((90, 160, 3), 128, np.uint8))
    quadrangle = {"corners": YARD, "sides_m": [4, 3, 4, 3], "diagonal_m": 5}
    camera = _camera({"perimeter": {"line": LINE}}, reference=picture, ground={"quadrangle": quadrangle})
    assert advice(camera) == []


def test_a_zone_of_few_pixels_is_told() -> None:
    small = [[0.5, 0.5], [0.54, 0.5], [0.54, 0.54], [0.5, 0.54]]
    (_, told) = advice(_camera({"yard": small}), (1280, 720))
    assert "太小" in told
    assert "px" in told
    (_, _, low) = advice(_camera({"perimeter": {"line": LINE, "height": 0.02}}), (1280, 720))
    assert "14 px" in low


def test_what_masks_and_paint_take_away_is_told() -> None:
    told = advice(_camera({"yard": YARD, "mask_out": [LEFT], "privacy": [WHOLE]}))
    assert any("50% 在屏蔽区内" in line for line in told)
    assert any("100% 被隐私区涂盖" in line for line in told)
    assert any("没有录像" in line for line in told)
