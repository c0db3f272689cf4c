"""The hand-made labels are whole: every file is readable and listed, and no scene is in two splits."""

import csv
import re
from pathlib import Path

import pytest

import datasets
from datasets.build.build import Sources, build_data_set
from models.classes import class_names
from models.data.label_files import read_polygons
from tests.conftest import CLIPS_FOLDER

PICTURES = CLIPS_FOLDER.parent / "excavators"
FOLDER = Path(datasets.__file__).parent / "labels" / "excavators"


@pytest.fixture(scope="module")
def index() -> list[dict[str, str]]:
    with (FOLDER / "index.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_label_file_is_listed_and_every_listed_one_is_there(index: list[dict[str, str]]) -> None:
    listed = sorted(Path(row["picture"]).stem for row in index)
    assert listed == sorted(path.stem for path in FOLDER.glob("*.txt"))
    assert len(listed) >= 80


def test_every_label_file_is_readable_and_polygons_do_not_overlap() -> None:
    for path in FOLDER.glob("*.txt"):
        polygons = read_polygons(path, class_names("surfaces"))
        assert sum(polygon.area for polygon in polygons) <= 1


def test_no_scene_and_no_picture_is_in_two_splits(index: list[dict[str, str]]) -> None:
    splits: dict[str, set[str]] = {}
    for row in index:
        splits.setdefault(row["scene"], set()).add(row["split"])
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
    assert all(len(found) == 1 for found in splits.values())
    assert len({row["sha256"] for row in index}) == len(index)


def test_25_pictures_are_kept_for_testing(index: list[dict[str, str]]) -> None:
    assert sum(row["split"] == "test" for row in index) == 25


def test_the_other_pictures_have_scenes(index: list[dict[str, str]]) -> None:
    with (FOLDER / "scenes.csv").open(encoding="utf-8") as file:
        others = list(csv.DictReader(file))
    assert len(others) == 77
    assert all(row["scene"] and re.fullmatch(r"[0-9a-f]{64}", row["sha256"]) for row in others)
    assert not {row["picture"] for row in index} & {row["picture"] for row in others}


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the pictures belong to others (put them beside DUSTWATCH_CLIPS)")
def test_the_labels_fit_the_pictures_and_no_scene_leaks(tmp_path: Path) -> None:
    surfaces = build_data_set("surfaces", Sources(real={"excavators": PICTURES}), tmp_path / "surfaces")
    assert sum(surfaces.samples.values()) == 89
    assert surfaces.samples["test"] == 25
    vehicles = build_data_set("vehicles", Sources(real={"excavators": PICTURES}), tmp_path / "vehicles")
    assert sum(vehicles.samples.values()) + len(vehicles.duplicates) == 166
    assert not surfaces.leaks.is_faulty
    assert not vehicles.leaks.is_faulty
