"""`dustwatch camera reference`: a dated picture, what the rules measure on it, and the line for the configuration."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from ruamel.yaml import YAML

from datasets.stories import perimeter_story
from service.config.file import load_config
from tests.conftest import RtspCamera, free_port
from tests.service.cli.test_commands import dustwatch, one_error
from vision.missing_hoarding import MissingHoardingParameters

GAP = MissingHoardingParameters().min_gap_share
"""What is less of a line is no gap: a part that the network does not know as hoarding."""


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[..., Path]:
    def write(url: str, **camera: object) -> Path:
        story = perimeter_story()
        gate = [story.fraction_at(metres) for metres in (story.gate.from_m, story.gate.to_m)]
        drawn = {"perimeter": {"line": [list(point) for point in story.line.points], "gates": [gate]}}
        document = {
            "sites": [{"id": "s", "name": "工地"}],
            "cameras": [{"id": "fence", "site": "s", "name": "围挡", "url": url, "zones": drawn, **camera}],
            "data": str(tmp_path / "edge"),
        }
        path = tmp_path / "dustwatch.yaml"
        with path.open("w", encoding="utf-8") as file:
            YAML().dump(document, file)
        return path

    return write


@pytest.mark.slow
def test_the_picture_is_kept_dated_and_its_line_can_be_put_into_the_configuration(
    write_config: Callable[..., Path], play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url = play(perimeter_story().clip).url
    run = dustwatch("camera", "reference", write_config(url), "fence")
    assert run.returncode == 0, run.stderr
    (picture,) = (tmp_path / "edge" / "reference").iterdir()
    assert picture.match("fence-2*T*Z.jpg")
    assert "围挡遮盖 perimeter covered: 9" in run.stderr or "围挡遮盖 perimeter covered: 100" in run.stderr
    key, path = run.stdout.strip().split(": ")
    assert load_config(write_config(url, **{key: path})).cameras[0].reference == picture


@pytest.mark.slow
def test_scripts_read_what_was_measured(
    write_config: Callable[..., Path], play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    out = tmp_path / "reference.png"
    run = dustwatch(
        "camera", "reference", write_config(play(perimeter_story().clip).url), "fence", "--out", out, "--json"
    )
    told = json.loads(run.stdout)
    assert told["covered_share"] > 0.9
    assert sum(end - start for start, end in told["without_hoarding"]) < GAP
    assert told["bare_soil_share"] is None
    assert told["picture"] == str(out)
    assert cv2.imread(str(out)) is not None


@pytest.mark.slow
def test_what_can_be_mended_is_one_line(write_config: Callable[..., Path]) -> None:
    config = write_config(f"rtsp://admin:s3cret@127.0.0.1:{free_port()}/x")
    assert "no camera north" in one_error(dustwatch("camera", "reference", config, "north"))
    unreachable = one_error(dustwatch("camera", "reference", config, "fence"))
    assert "nothing answers" in unreachable
    assert "s3cret" not in unreachable
    assert dustwatch("camera", "reference", config, "fence", "--out", "x.txt").returncode == 2
