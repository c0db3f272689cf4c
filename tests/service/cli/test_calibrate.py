"""`dustwatch camera calibrate`: the errors of a calibration, and its metres on the picture."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.stories import yard_story
from tests.conftest import RtspCamera
from tests.service.cli.test_commands import dustwatch, one_error

CONFIG = """\
sites: [{id: xinghe, name: 星河湾二期}]
cameras:
  - id: yard
    site: xinghe
    name: 堆场
    url: rtsp://admin:s3cret@127.0.0.1:1/yard
    ground:
      points:
        - {at: [0.058, 0.759], metres: [-14, 5]}
        - {at: [0.959, 0.687], metres: [14, 5]}
        - {at: [0.733, 0.336], metres: [14, 27]}
        - {at: [0.215, 0.358], metres: [-14, 27]}
        - {at: [0.530, 0.727], metres: [0, 5]}
        - {at: [0.150, 0.949], metres: [-10, 0]}
  - {id: west, site: xinghe, name: 西, url: "rtsp://127.0.0.1:1/west"}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((360, 640, 3), 128, np.uint8))
    return path


def test_the_points_errors_and_the_scale_are_told_and_the_grid_is_drawn(config: Path, grey: Path) -> None:
    out = config.parent / "grid.png"
    run = dustwatch("camera", "calibrate", config, "yard", "--picture", grey, "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)

    assert len(told["points"]) == 6
    assert max(point["error_px"] for point in told["points"]) < 3
    assert told["points"][told["worst_point"] - 1]["error_px"] == max(point["error_px"] for point in told["points"])
    near, middle, far = told["scale"]
    assert near["across_m"] < middle["across_m"] < far["across_m"] < far["ahead_m"]
    assert told["horizon"][0][1] < 0
    assert told["area_m2"]["error"] < 0.1 * told["area_m2"]["value"]
    zone = cv2.perspectiveTransform(np.array([yard_story().zone]), np.array(told["homography"]))[0]
    assert zone == pytest.approx(np.array([(-14, 5), (14, 5), (14, 27), (-14, 27)]), abs=0.5)
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape[0] > 360  # the caption's band above
    assert (drawn[-360:] != 128).any(axis=2).mean() > 0.01
    assert "s3cret" not in run.stdout + run.stderr


def test_people_read_which_point_is_worst(config: Path, grey: Path) -> None:
    config.write_text(CONFIG.replace("[0.530, 0.727]", "[0.530, 0.737]"), encoding="utf-8")
    run = dustwatch("camera", "calibrate", config, "yard", "--picture", grey, "--out", config.parent / "grid.jpg")
    assert run.returncode == 0, run.stderr
    assert "误差最大 worst: 第 5 点 point 5" in run.stderr
    assert "m²" in run.stderr


def test_four_points_are_told_to_check_nothing(config: Path, grey: Path) -> None:
    lines = CONFIG.splitlines()
    config.write_text("\n".join(line for line in lines if "[0, 5]" not in line and "[-10, 0]" not in line))
    out = config.parent / "grid.png"
    run = dustwatch("camera", "calibrate", config, "yard", "--picture", grey, "--out", out)
    assert "必然吻合" in run.stderr
    assert "worst" not in run.stderr


@pytest.mark.slow
def test_the_picture_comes_from_the_camera_unless_one_is_given(config: Path, play: Callable[..., RtspCamera]) -> None:
    camera = play(yard_story().clip)
    config.write_text(CONFIG.replace("rtsp://admin:s3cret@127.0.0.1:1/yard", f'"{camera.url}"'), encoding="utf-8")
    out = config.parent / "grid.png"
    run = dustwatch("camera", "calibrate", config, "yard", "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["size"] == [640, 360]
    assert out.exists()


@pytest.mark.slow
def test_what_can_be_mended_is_one_line(config: Path, grey: Path) -> None:
    def error(*arguments: str | Path, language: str = "en") -> str:
        return one_error(dustwatch("camera", "calibrate", config, *arguments, language=language))

    assert "no camera north" in error("north", "--picture", grey)
    assert "it has: yard, west" in error("north", "--picture", grey)
    assert "没有地面标定" in error("west", "--picture", grey, language="zh_CN")
    assert "is no picture that can be read" in error("yard", "--picture", config)
    assert "can't be written" in error("yard", "--picture", grey, "--out", config.parent / "none" / "grid.png")
    unreachable = error("yard")
    assert "nothing answers" in unreachable
    assert "s3cret" not in unreachable
