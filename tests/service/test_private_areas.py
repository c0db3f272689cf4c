"""Private areas leave in no picture: every file that an edge and its commands write is looked at."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from ruamel.yaml import YAML

from service.api.thumbnail import HEIGHT, thumbnail
from service.config.file import load_config
from service.edge.pipeline import Pipeline
from tests.conftest import RtspCamera, wait_until
from tests.made_video import make_video
from tests.service.cli.test_commands import dustwatch
from vision.evidence.manifest import Manifest
from vision.evidence.verify import verify_package
from vision.privacy import PAINT

PRIVATE = [[0.1, 0.3], [0.4, 0.3], [0.4, 0.6], [0.1, 0.6]]
"""The box of the made video moves through it."""
GROUND = {"corners": [[0.0, 0.7], [1.0, 0.7], [1.0, 1.0], [0.0, 1.0]], "sides_m": [4, 3, 4, 3], "diagonal_m": 5}


@pytest.fixture
def config(video: Path, play: Callable[..., RtspCamera], tmp_path: Path) -> Path:
    """A camera whose perimeter is wholly uncovered, with a private area; evidence comes from a larger stream."""
    camera = {
        "id": "fence",
        "site": "s",
        "name": "围挡",
        "url": play(make_video(tmp_path / "large.mp4", width=640, height=480)).url,
        "substream": play(video).url,
        "interval_s": 0.5,
        "zones": {"perimeter": {"line": [[0.05, 0.95], [0.95, 0.95]]}, "privacy": [PRIVATE]},
        "ground": {"quadrangle": GROUND},
    }
    path = tmp_path / "dustwatch.yaml"
    document = {
        "sites": [{"id": "s", "name": "工地"}],
        "cameras": [camera],
        "rules": {"missing_hoarding": {"window_s": 0, "grace_s": 3}},
        "clip": {"before_s": 1, "after_s": 1},
        "data": str(tmp_path / "edge"),
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
    return path


@contextmanager
def _running(config: Path) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Pipeline(load_config(config), delivers=False).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _private_part(picture: NDArray[np.uint8], height: int) -> NDArray[np.int16]:
    """Return what lies well inside the private area; a caption's band may stand above the picture's own lines."""
    picture = picture[-height:]
    width = picture.shape[1]
    rows = slice(round(0.34 * height), round(0.56 * height))
    return picture[rows, round(0.13 * width) : round(0.37 * width)].astype(np.int16)


def _is_painted(picture: NDArray[np.uint8], height: int) -> bool:
    return bool((np.abs(_private_part(picture, height) - PAINT[0]) < 12).all())


def _read(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path))
    assert picture is not None
    return picture.astype(np.uint8, copy=False)


@pytest.mark.slow
def test_no_file_of_an_edge_shows_a_private_area(config: Path, tmp_path: Path) -> None:
    edge = tmp_path / "edge"
    with _running(config):
        wait_until(lambda: (edge / "ready").exists() and any((edge / "ready").iterdir()), 60, "the violation")
    for package in (edge / "ready").iterdir():
        assert verify_package(package) == []
        manifest = Manifest.model_validate_json((package / "manifest.json").read_bytes())
        assert manifest.picture_size == (640, 480)
        assert manifest.clip is None
        assert manifest.clip_withheld == "privacy"
        assert manifest.zones["privacy_1"] == [tuple(point) for point in PRIVATE]
        with Image.open(_as_file(thumbnail(package / "clean.jpg"), tmp_path)) as small:
            assert _is_painted(np.asarray(small.convert("RGB")), min(HEIGHT, small.height))
    pictures = [path for path in edge.rglob("*") if path.suffix in {".jpg", ".png"}]
    assert len(pictures) >= 2
    assert all(_is_painted(_read(path), 480) for path in pictures)
    assert not [path for path in edge.rglob("*") if path.suffix in {".mp4", ".mkv", ".ts"}]


@pytest.mark.slow
def test_no_picture_of_a_command_shows_a_private_area(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    raw = tmp_path / "raw.png"
    out.mkdir()
    cv2.imwrite(str(raw), np.full((480, 640, 3), 200, np.uint8))
    for command in (
        ["check", config, "--out", out],
        ["camera", "calibrate", config, "fence", "--out", out / "live.png"],
        ["camera", "calibrate", config, "fence", "--picture", raw, "--out", out / "given.png"],
        ["camera", "reference", config, "fence", "--out", out / "reference.jpg"],
    ):
        run = dustwatch(*command)
        assert run.returncode == 0, run.stderr
    pictures = sorted(path.name for path in out.iterdir())
    assert pictures == ["fence.jpg", "given.png", "live.png", "reference.jpg"]
    assert all(_is_painted(_read(out / name), 480) for name in pictures)


def test_the_test_tells_a_picture_that_is_not_painted() -> None:
    assert not _is_painted(np.full((480, 640, 3), 200, np.uint8), 480)


def _as_file(data: bytes, folder: Path) -> Path:
    path = folder / "small.jpg"
    path.write_bytes(data)
    return path
