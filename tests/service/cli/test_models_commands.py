"""`dustwatch models`: versions are listed, promoted, taken back and measured, and what is wrong is one line."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.registry.registry import Registry
from tests.models.data.made_data_set import describe, save_mask, save_text
from tests.models.made_models import colour_network, made_model, write_model
from tests.service.cli.test_commands import dustwatch, one_error


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A registry with two versions of a tiny model of surfaces."""
    made = write_model(tmp_path / "made", made_model(colour_network()))
    registry = Registry(tmp_path / "models")
    for version in ("1", "2"):
        registry.add_version("surfaces", version, made)
    return registry.root


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One picture, half of it soil, in somebody else's order of classes."""
    folder = tmp_path / "theirs"
    (folder / "images").mkdir(parents=True)
    picture, mask = np.zeros((64, 64, 3), np.uint8), np.full((64, 64), 7, np.uint8)
    picture[:, :32, 0], mask[:, :32] = 255, 2
    Image.fromarray(picture).save(folder / "images" / "a.png")
    save_mask(folder / "masks" / "a.png", mask)
    describe(folder, {7: "grass", 2: "Bare Soil"})
    return folder


def test_a_version_is_promoted_and_taken_back(kept: Path) -> None:
    for version in ("1", "2"):
        done = dustwatch("models", "promote", "surfaces", version, "--reason", "r", "--who", "w", "--registry", kept)
        assert done.returncode == 0, done.stderr
    assert Registry(kept).production("surfaces") == "2"
    assert "2 → 1" in dustwatch("models", "rollback", "surfaces", "--reason", "r", "--registry", kept).stderr
    assert Registry(kept).history("surfaces")[0].who == "w"
    assert "go back to" in one_error(dustwatch("models", "rollback", "surfaces", "--reason", "r", "--registry", kept))
    assert "版本 9" in one_error(
        dustwatch("models", "promote", "surfaces", "9", "--reason", "r", "--registry", kept, language="zh_CN")
    )
    assert "no name" in one_error(dustwatch("models", "promote", "../x", "1", "--reason", "r", "--registry", kept))


def test_the_list_shows_what_is_in_production_and_what_is_damaged(kept: Path) -> None:
    Registry(kept).promote("surfaces", "2", "w", "r")
    listed = dustwatch("models", "list", "--registry", kept)
    assert listed.returncode == 0, listed.stderr
    assert [line.split()[3:6:2] for line in listed.stderr.splitlines() if "surfaces" in line] == [
        ["1", "│"],
        ["2", "✓"],
    ]
    (kept / "surfaces" / "1" / "model.onnx").write_bytes(b"changed")
    damaged = dustwatch("models", "list", "--registry", kept)
    assert damaged.returncode == 2
    assert "is not the file that its card describes" in damaged.stderr
    assert "yolo26n-coco" in damaged.stderr


def test_a_folder_of_ones_own_is_measured(kept: Path, data: Path) -> None:
    done = dustwatch("models", "evaluate", "--model", "surfaces@1", "--data", data, "--registry", kept, "--json")
    report = json.loads(done.stdout)
    assert (report["model"], report["version"], report["samples"]) == ("surfaces", "1", 1)
    assert report["classes"]["bare_soil"]["iou"] == pytest.approx(1, abs=0.05)
    assert report["classes"]["bare_soil"]["false_alarms_by_name"] == {"grass": pytest.approx(0, abs=0.05)}
    assert report["by_kind"]["real"]["classes"] == report["classes"]
    assert (
        "surfaces@1"
        in dustwatch("models", "evaluate", "--model", "surfaces@1", "--data", data, "--registry", kept).stderr
    )


def test_what_can_not_be_measured_is_told(kept: Path, data: Path) -> None:
    def error(*arguments: str | Path) -> str:
        return one_error(dustwatch("models", "evaluate", "--registry", kept, *arguments))

    assert "no version of the model surfaces is in production" in error("--data", data)
    assert "another with --model" in error("--data", data, "--model", "yolo26n-coco")
    chosen = ["--data", data, "--model", "surfaces@1", "--registry", kept]
    wrong_split = dustwatch("models", "evaluate", *chosen, "--split", "val")
    assert "no such split" in wrong_split.stderr
    save_text(data / "masks" / "b.png", "no mask")
    assert "b.png" in dustwatch("models", "evaluate", "--data", data, "--registry", kept).stderr


def test_the_frozen_sets_that_are_not_there_are_told(kept: Path) -> None:
    done = dustwatch("models", "evaluate", "--model", "surfaces@1", "--registry", kept, "--json")
    found = json.loads(done.stdout)
    assert set(found) == {"rendered", "real", "absent"}
    assert "--pictures" in found["absent"]["camvid"]


def test_int8_needs_pictures(tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    checkpoint.write_bytes(b"")
    done = dustwatch("models", "export", checkpoint, "--out", tmp_path / "a.onnx", "--int8")
    assert done.returncode == 2
    assert "--calibrate" in done.stderr
