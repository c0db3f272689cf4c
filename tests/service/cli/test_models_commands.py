"""`dustwatch models`: versions are listed, promoted, taken back and measured, and what is wrong is told."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from models.data.problems import DataSetProblems
from models.errors import BadName, ModelChanged, NothingBefore, NothingInProduction, VersionMissing, WrongTask
from models.registry.registry import DEFAULT_MODEL, Registry
from service.cli.evaluate import default_name
from service.cli.failures import error_text
from service.cli.models import app
from service.cli.options import console
from service.texts.catalogue import CHINESE
from tests.models.data.made_data_set import describe, save_mask, save_text
from tests.models.made_models import colour_network, made_model, write_model


@pytest.fixture(autouse=True)
def _wide_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 200)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A registry with two versions of a tiny model of surfaces."""
    made = write_model(tmp_path / "made", made_model(colour_network()))
    registry = Registry(tmp_path / "models")
    for version in ("8", "9"):
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


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> Result:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result


def promote(kept: Path, version: str, name: str = "surfaces") -> Result:
    return invoke("promote", name, version, "--reason", "r", "--who", "w", "--registry", kept)


def rollback(kept: Path) -> Result:
    return invoke("rollback", "surfaces", "--reason", "false alarms", "--registry", kept)


def test_a_version_is_promoted_and_taken_back(kept: Path) -> None:
    for version in ("8", "9"):
        assert promote(kept, version).exit_code == 0
    assert Registry(kept).production("surfaces") == "9"
    assert "9 → 8" in rollback(kept).stderr
    first, *_, last = Registry(kept).history("surfaces")
    assert (first.who, last.reason) == ("w", "false alarms")


def test_what_can_not_be_promoted_is_told(kept: Path) -> None:
    assert isinstance(promote(kept, "99").exception, VersionMissing)
    assert isinstance(promote(kept, "1", name="../x").exception, BadName)
    (kept / "surfaces" / "8" / "model.onnx").write_bytes(b"changed")
    assert isinstance(promote(kept, "8").exception, ModelChanged)


def test_there_is_an_end_to_going_back(kept: Path) -> None:
    for version in ("8", "9"):
        promote(kept, version)
    while (result := rollback(kept)).exit_code == 0:
        pass
    assert isinstance(result.exception, NothingBefore)


def test_an_error_is_one_line_in_the_users_language(kept: Path) -> None:
    error = promote(kept, "99").exception
    assert isinstance(error, VersionMissing)
    (line,) = error_text(error, CHINESE).splitlines()
    assert line.startswith("错误：模型 surfaces 没有版本 99")


def test_the_list_shows_what_is_in_production_and_what_is_damaged(kept: Path) -> None:
    promote(kept, "9")
    rows = [line.split("│") for line in done("list", "--registry", kept).stderr.splitlines() if " surfaces " in line]
    in_use = {cells[2].strip(): cells[3].strip() for cells in rows}
    assert (in_use["8"], in_use["9"]) == ("", "✓")
    (kept / "surfaces" / "8" / "model.onnx").write_bytes(b"changed")
    damaged = invoke("list", "--registry", kept)
    assert isinstance(damaged.exception, ModelChanged)
    assert "yolo26n-coco" in damaged.stderr


def test_a_folder_of_ones_own_is_measured(kept: Path, data: Path) -> None:
    chosen = ["evaluate", "--model", "surfaces@8", "--data", data, "--registry", kept]
    report = json.loads(done(*chosen, "--json").stdout)
    assert (report["model"], report["version"], report["samples"]) == ("surfaces", "8", 1)
    assert report["classes"]["bare_soil"]["iou"] == pytest.approx(1, abs=0.05)
    assert report["classes"]["bare_soil"]["false_alarms_by_name"] == {"grass": pytest.approx(0, abs=0.05)}
    assert report["by_kind"]["real"]["classes"] == report["classes"]
    assert "surfaces@8" in done(*chosen).stderr


def test_a_picture_that_is_there_twice_is_told_and_measured(kept: Path, data: Path) -> None:
    for folder in ("images", "masks"):
        (data / folder / "b.png").write_bytes((data / folder / "a.png").read_bytes())
    result = done("evaluate", "--model", "surfaces@8", "--data", data, "--registry", kept, "--json")
    assert json.loads(result.stdout)["samples"] == 2
    assert "a.png" in result.stderr


def test_what_can_not_be_measured_is_told(kept: Path, data: Path, tmp_path: Path) -> None:
    chosen = ["evaluate", "--data", data, "--registry", kept]
    assert isinstance(invoke(*chosen, "--model", "yolo26n-coco").exception, WrongTask)
    assert "no such split" in invoke(*chosen, "--split", "val", "--model", "surfaces@8").output
    assert "--data" in invoke("evaluate", "--split", "val").output
    save_text(data / "masks" / "a.png", "no mask")
    assert isinstance(invoke(*chosen).exception, DataSetProblems)


def test_a_model_that_nobody_promoted_has_to_be_named(data: Path, tmp_path: Path) -> None:
    made = write_model(tmp_path / "made", made_model(colour_network(), name="pilot"))
    Registry(tmp_path / "models").add_version("pilot", "1", made)
    chosen = ["evaluate", "--data", data, "--registry", tmp_path / "models"]
    assert isinstance(invoke(*chosen, "--model", "pilot").exception, NothingInProduction)
    done(*chosen, "--model", "pilot@1")


def test_the_frozen_sets_that_are_not_there_are_told(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    chosen = ["evaluate", "--model", "surfaces@8", "--registry", kept, "--pictures", tmp_path / "pictures"]
    found = json.loads(done(*chosen, "--json").stdout)
    assert set(found) == {"rendered", "real", "absent"}
    assert str(tmp_path / "pictures" / "camvid") in found["absent"]["camvid"]
    assert "camvid" in done(*chosen).stderr


def test_int8_needs_pictures(tmp_path: Path) -> None:
    checkpoint = tmp_path / "a.pt"
    checkpoint.write_bytes(b"")
    result = invoke("export", checkpoint, "--out", tmp_path / "a.onnx", "--int8")
    assert result.exit_code == 2
    assert "--calibrate" in result.output


def test_vehicles_are_measured_with_the_coco_detector_until_a_version_is_promoted(tmp_path: Path) -> None:
    mine = Registry(tmp_path / "mine", built_in=tmp_path / "none")

    assert default_name(mine, "vehicles") == DEFAULT_MODEL
    assert default_name(mine, "surfaces") == "surfaces"
    write_pointer(tmp_path / "mine" / "vehicles")
    assert default_name(mine, "vehicles") == "vehicles"


def write_pointer(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "production").write_text("1\n")
