"""Models are measured on data sets: real tiny networks on real files."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.cards import ModelInput, VerifiedModel
from models.data.data_set import DataSet, read_data_set
from models.errors import ModelError, NothingToMeasure, WrongTask
from models.evaluation.evaluate import choose_thresholds, evaluate
from models.evaluation.report import EvaluationReport, SurfaceFigures, VehicleFigures
from models.registry.registry import load_model
from tests.models.data.made_data_set import describe, save_mask, save_picture, save_text
from tests.models.made_models import brightness_network, colour_network, made_model

RGB = np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)], np.uint8)
NAMES = {0: "bare_soil", 1: "dust_net", 2: "hoarding", 3: "other"}


def surfaces_model(**card: object) -> VerifiedModel:
    return made_model(colour_network(), **card)


def mud_model(**card: object) -> VerifiedModel:
    facts = {"name": "mud", "task": "classify", "classes": {0: "clean", 1: "muddy"}, "input": ModelInput(size=224)}
    return made_model(brightness_network(), **{**facts, **card})


def save_colours(path: Path, shown: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(RGB[shown]).save(path)


def halves(left: int, right: int) -> NDArray[np.uint8]:
    mask = np.full((64, 64), left, np.uint8)
    mask[:, 32:] = right
    return mask


def surfaces(folder: Path, samples: dict[str, tuple[NDArray[np.uint8], NDArray[np.uint8]]], names=NAMES) -> DataSet:
    """Write pictures that show the first mask and whose truth is the second."""
    for name, (shown, truth) in samples.items():
        save_colours(folder / "images" / f"{name}.png", shown)
        save_mask(folder / "masks" / f"{name}.png", truth)
    describe(folder, names, "task: surfaces\n")
    return read_data_set(folder)


def test_a_model_that_sees_everything_has_an_iou_of_1(tmp_path: Path) -> None:
    data_set = surfaces(tmp_path, {"a": (halves(0, 1), halves(0, 1)), "b": (halves(2, 3), halves(2, 3))})
    report = evaluate(surfaces_model(), data_set, threads=1)
    for name in NAMES.values():
        figures = report.classes[name]
        assert isinstance(figures, SurfaceFigures)
        assert figures.iou == pytest.approx(1, abs=0.05)
        assert figures.truth == 2048
    assert report.overall["mean_iou"] == pytest.approx(1, abs=0.05)
    assert report.samples == 2


def test_surfaces_by_hand(tmp_path: Path) -> None:
    """Half of the picture looks like soil and is a gravel that the data set calls by a name of its own."""
    names = {0: "gravel", 1: "bare-soil", 2: "other"}
    data_set = surfaces(tmp_path, {"a": (np.zeros((64, 64), np.uint8), halves(0, 1))}, names)
    report = evaluate(surfaces_model(), data_set, threads=1)
    soil = report.classes["bare_soil"]
    assert isinstance(soil, SurfaceFigures)
    assert (soil.iou, soil.precision, soil.recall) == (0.5, 0.5, 1)
    assert soil.false_alarm_share == 1
    assert soil.false_alarms_by_name == {"gravel": 1}
    hoarding = report.classes["hoarding"]
    assert isinstance(hoarding, SurfaceFigures)
    assert not hoarding.labelled
    assert hoarding.iou is None
    assert hoarding.false_alarm_share == 0


def test_pixels_that_are_not_judged_count_for_nothing(tmp_path: Path) -> None:
    data_set = surfaces(tmp_path, {"a": (halves(0, 1), halves(0, 255))})
    report = evaluate(surfaces_model(), data_set, threads=1)
    assert report.confusion is not None
    assert np.sum(report.confusion.counts) == 2048
    assert report.classes["dust_net"].truth == 0


def test_polygons_are_measured_like_masks(tmp_path: Path) -> None:
    save_colours(tmp_path / "images" / "a.png", halves(0, 3))
    save_text(tmp_path / "labels" / "a.txt", "0 0 0 0.5 0 0.5 1 0 1\n")
    describe(tmp_path, {0: "bare_soil"}, "task: surfaces\n")
    report = evaluate(surfaces_model(), read_data_set(tmp_path), threads=1)
    soil = report.classes["bare_soil"]
    assert isinstance(soil, SurfaceFigures)
    assert soil.iou == pytest.approx(1, abs=0.05)


def test_rendered_and_real_samples_are_kept_apart(tmp_path: Path) -> None:
    right, wrong, dark = ((halves(*shown), halves(0, 0)) for shown in [(0, 0), (1, 1), (2, 2)])
    data_set = surfaces(tmp_path, {"a": right, "b": wrong, "c": dark})
    kinds = {"a": "rendered", "b": "real", "c": "real"}
    records = [
        f'{{"id": "{name}", "split": null, "kind": "{kind}", "group": "{name}", "source": "s", "licence": "l", '
        f'"sha256": "{"0" * 64}"}}'
        for name, kind in kinds.items()
    ]
    save_text(tmp_path / "samples.jsonl", "\n".join(records))
    data_set = read_data_set(tmp_path, contents=False)
    report = evaluate(surfaces_model(), data_set, threads=1)
    by_kind = {kind: part.classes["bare_soil"].recall for kind, part in report.by_kind.items()}
    assert by_kind == {"rendered": 1, "real": 0}
    assert {kind: part.samples for kind, part in report.by_kind.items()} == {"rendered": 1, "real": 2}
    assert report.classes["bare_soil"].recall == pytest.approx(1 / 3)


def test_a_report_survives_json(tmp_path: Path) -> None:
    data_set = surfaces(tmp_path, {"a": (halves(0, 1), halves(0, 2))})
    report = evaluate(surfaces_model(), data_set, version="3", name="small", threads=1)
    again = EvaluationReport.model_validate_json(report.model_dump_json())
    assert again == report
    assert type(again.classes["bare_soil"]) is SurfaceFigures
    assert (again.model, again.version, again.data_set) == ("surfaces", "3", "small")


def test_the_thresholds_of_surfaces_are_those_that_tell_them_apart(tmp_path: Path) -> None:
    """A dim red that is no soil scores about 0.6 and a bright one that is soil about 0.99."""
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:, :32, 0], picture[:, 32:, 0] = 255, 140
    (tmp_path / "images" / "val").mkdir(parents=True)
    Image.fromarray(picture).save(tmp_path / "images" / "val" / "a.png")
    save_mask(tmp_path / "masks" / "val" / "a.png", halves(0, 3))
    describe(tmp_path, NAMES, "task: surfaces\n")
    data_set = read_data_set(tmp_path)
    chosen = choose_thresholds(surfaces_model(), data_set, threads=1)
    assert set(chosen) == {"bare_soil"}
    before = evaluate(surfaces_model(), data_set, threads=1).classes["bare_soil"]
    after = evaluate(surfaces_model(thresholds=chosen), data_set, threads=1).classes["bare_soil"]
    assert before.precision == pytest.approx(0.5, abs=0.05)
    assert after.precision == pytest.approx(1, abs=0.05)
    assert after.threshold == chosen["bare_soil"]


def mud(folder: Path, pictures: dict[str, list[int]]) -> DataSet:
    for name, reds in pictures.items():
        for number, red in enumerate(reds):
            path = folder / "images" / "val" / name / f"{name}{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((224, 224, 3), (red, 0, 0), np.uint8)).save(path)
    describe(folder, {0: "clean", 1: "muddy"}, "task: mud\n")
    return read_data_set(folder)


def test_mud_by_hand(tmp_path: Path) -> None:
    data_set = mud(tmp_path, {"clean": [10, 20, 250], "muddy": [240]})
    report = evaluate(mud_model(), data_set, "val", threads=1)
    muddy = report.classes["muddy"]
    assert report.overall == {"accuracy": 0.75}
    assert (muddy.precision, muddy.recall, muddy.false_alarm_share) == (0.5, 1, pytest.approx(1 / 3))
    assert muddy.false_alarms_by_name == {"clean": pytest.approx(1 / 3)}
    assert report.confusion is not None
    assert report.confusion.counts == [[2, 1], [0, 1]]


def test_the_threshold_of_mud(tmp_path: Path) -> None:
    data_set = mud(tmp_path, {"clean": [130, 135], "muddy": [150, 160]})
    chosen = choose_thresholds(mud_model(), data_set, threads=1)
    assert evaluate(mud_model(thresholds=chosen), data_set, threads=1).overall == {"accuracy": 1}
    assert evaluate(mud_model(), data_set, threads=1).overall == {"accuracy": 0.5}


def test_a_detector_on_pictures_without_any_vehicle(tmp_path: Path) -> None:
    save_picture(tmp_path / "images" / "a.png", 1)
    save_picture(tmp_path / "images" / "b.png", 2)
    save_text(tmp_path / "labels" / "a.txt", "0 0.5 0.5 0.2 0.2\n1 0.2 0.2 0.1 0.1\n")
    save_text(tmp_path / "labels" / "b.txt", "")
    describe(tmp_path, {0: "truck", 1: "excavator", 2: "bollard"}, "task: vehicles\n")
    report = evaluate(load_model(), read_data_set(tmp_path), threads=1)
    for name in ("truck", "excavator"):
        figures = report.classes[name]
        assert isinstance(figures, VehicleFigures)
        assert (figures.ap50, figures.recall, figures.truth) == (0, 0, 1)
    assert set(report.classes) == {"truck", "excavator"}
    assert report.overall == {"map50": 0, "map50_95": 0}


def test_a_model_of_another_task(tmp_path: Path) -> None:
    data_set = mud(tmp_path, {"clean": [1]})
    with pytest.raises(WrongTask, match="--model"):
        evaluate(surfaces_model(), data_set)
    with pytest.raises(NothingToMeasure, match="test"):
        evaluate(mud_model(), data_set, "test")


def test_a_model_of_other_surfaces(tmp_path: Path) -> None:
    data_set = surfaces(tmp_path, {"a": (halves(0, 1), halves(0, 1))})
    with pytest.raises(ModelError, match="other classes"):
        evaluate(surfaces_model(classes={0: "bare_soil", 1: "sand", 2: "hoarding", 3: "other"}), data_set)
