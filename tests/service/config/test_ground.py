"""A camera's ground in the configuration: what is wrong with it is told by line."""

from pathlib import Path

import pytest

from service.config.document import ConfigError
from service.config.file import load_config

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras:
  - id: yard
    site: xinghe
    name: 堆场
    url: rtsp://admin:s3cret@10.0.0.3/stream1
    ground:
{ground}
"""
POINTS = """\
      points:
        - {at: [0.058, 0.759], metres: [-14, 5]}
        - {at: [0.959, 0.687], metres: [14, 5]}
        - {at: [0.733, 0.336], metres: [14, 27]}
        - {at: [0.215, 0.358], metres: [-14, 27]}
        - {at: [0.530, 0.727], metres: [0, 5]}
"""
QUADRANGLE = """\
      quadrangle:
        corners: [[0.0583, 0.7588], [0.9594, 0.6874], [0.7330, 0.3358], [0.2150, 0.3581]]
        sides_m: [28, 22, 28, 22]
        diagonal_m: 35.61
"""
ZONE = [(0.0595, 0.7625), (0.9598, 0.6862), (0.7312, 0.3355), (0.2159, 0.3603)]


def ground(tmp_path: Path, text: str):
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG.format(ground=text), encoding="utf-8")
    return load_config(path, {}).cameras[0].ground


def problem(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        ground(tmp_path, text)
    (told,) = caught.value.problems
    assert "s3cret" not in told
    return told.removeprefix(f"{tmp_path / 'dustwatch.yaml'}:")


@pytest.mark.parametrize("text", [POINTS, QUADRANGLE])
def test_points_and_a_quadrangle_of_the_same_ground_measure_the_same(tmp_path: Path, text: str) -> None:
    told = ground(tmp_path, text)
    assert told is not None
    assert told.plane((1920, 1080)).area_m2(ZONE).value == pytest.approx(616, rel=0.05)


LEVEL = """\
      points:  # the horizon lies at 0.3 of the height
        - {at: [0.1, 0.9], metres: [-5, 5]}
        - {at: [0.9, 0.9], metres: [5, 5]}
        - {at: [0.5667, 0.4], metres: [5, 30]}
        - {at: [0.4333, 0.4], metres: [-5, 30]}
"""


@pytest.mark.parametrize("top", [0.1, 0.29])
def test_what_is_drawn_has_to_lie_below_the_ground_s_horizon(tmp_path: Path, top: float) -> None:
    yard = f"    zones: {{yard: [[0.1, 0.9], [0.9, 0.9], [0.5, {top}]]}}\n"
    line = f"    zones: {{perimeter: {{line: [[0, 0.9], [1, {top}]]}}}}\n"
    assert "above the horizon" in problem(tmp_path, LEVEL + yard)
    assert "above the horizon" in problem(tmp_path, LEVEL + line)
    assert ground(tmp_path, LEVEL + yard.replace(f"{top}", "0.35")) is not None


def test_the_watches_get_the_ground_s_points(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    drawn = "    zones: {yard: [[0.1, 0.7], [0.9, 0.7], [0.5, 0.4]], perimeter: {line: [[0.1, 0.7], [0.9, 0.7]]}}\n"
    path.write_text(CONFIG.format(ground=POINTS + drawn), encoding="utf-8")
    config = load_config(path, {})
    yard, perimeter = config.yard_camera(config.cameras[0]), config.perimeter_camera(config.cameras[0])
    assert yard is not None
    assert perimeter is not None
    assert len(yard.ground) == len(perimeter.ground) == 5


def test_a_camera_needs_no_ground(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG.format(ground="").replace("    ground:\n", ""), encoding="utf-8")
    assert load_config(path, {}).cameras[0].ground is None


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "        - {at: [0.215, 0.358], metres: [-14, 27]}\n        - {at: [0.530, 0.727], metres: [0, 5]}\n",
            "",
            "8:",
        ),
        ("[0.733, 0.336]", "[1.733, 0.336]", "11: cameras[0].ground.points[2].at[0]: "),
        ("metres: [14, 27]", "meters: [14, 27]", "did you mean metres?"),
        ("[0.530, 0.727], metres: [0, 5]", "[0.530, 0.727], metres: [0, 9]", "7: cameras[0].ground: "),
        ("[0.530, 0.727], metres: [0, 5]", "[0.530, 0.727], metres: [0, 9]", "point 5 is"),
        ("metres: [14, 27]", "metres: [14, .nan]", "11: cameras[0].ground.points[2].metres[1]: "),
    ],
)
def test_wrong_points(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in POINTS
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG.format(ground=POINTS.replace(right, wrong)), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, {})
    assert any(told in each for each in caught.value.problems), caught.value.problems


def test_points_in_a_row_are_refused(tmp_path: Path) -> None:
    rows = [f"        - {{at: [0.{n}, 0.5], metres: [{n}, 5]}}" for n in range(1, 6)]
    assert "on a line" in problem(tmp_path, "\n".join(["      points:", *rows]))


def test_a_quadrangle_that_does_not_close_is_refused(tmp_path: Path) -> None:
    told = problem(tmp_path, QUADRANGLE.replace("35.61", "55"))
    assert told.startswith("7: cameras[0].ground: ")
    assert "make no quadrangle" in told


def test_either_points_or_a_quadrangle(tmp_path: Path) -> None:
    assert "either points or a quadrangle" in problem(tmp_path, POINTS + QUADRANGLE)
    assert "either points or a quadrangle" in problem(tmp_path, "      {}")
