"""Data sets laid out for ultralytics, without a trace in the data sets."""

import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest

from models.errors import NothingToLearn
from models.training.settings import TrainingSettings
from models.training.staging import read_training_samples, samples_sha256, stage
from tests.models.data.made_data_set import describe, save_mask, save_picture, save_text

SURFACES = {0: "bare_soil", 1: "dust_net", 2: "hoarding", 3: "other"}


def surfaces(folder, names=SURFACES, count=3):
    for split, first in (("train", 0), ("val", 100)):
        for number in range(first, first + count):
            save_picture(folder / "images" / split / f"{number}.jpg", number)
            save_mask(folder / "masks" / split / f"{number}.png", np.full((48, 64), number % 4, np.uint8))
    describe(folder, names)
    return folder


def content(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def staged(folder, *data, **settings):
    given = TrainingSettings(task=settings.pop("task", "surfaces"), **settings)
    return stage(read_training_samples(data, given), given, folder)


def test_pictures_of_a_kind_are_listed_as_often_as_asked(tmp_path):
    made = staged(tmp_path / "run", surfaces(tmp_path / "set"), kind_weights={"real": 3})
    listed = (tmp_path / "run" / "train.txt").read_text().split()
    assert [listed.count(line) for line in sorted(set(listed))] == [3, 3, 3]
    assert made.counts == {"train": {"real": 3}, "val": {"real": 3}}
    for line in listed:
        picture = tmp_path / "run" / line
        assert picture.is_file()
        assert (tmp_path / "run" / "masks" / "train" / f"{picture.stem}.png").is_file()


def test_staging_leaves_no_trace_in_the_data_set(tmp_path):
    data = surfaces(tmp_path / "set")
    before = content(data)
    staged(tmp_path / "run", data)
    staged(tmp_path / "run", data)
    assert content(data) == before


def test_a_picture_that_ultralytics_would_mend_in_place_is_a_copy(tmp_path):
    data = surfaces(tmp_path / "set")
    with (data / "images" / "train" / "0.jpg").open("ab") as file:
        file.write(b"rubbish")
    staged(tmp_path / "run", data)
    links = {path.name: path.is_symlink() for path in (tmp_path / "run" / "images" / "train").iterdir()}
    assert links == {"0-train-0.jpg": False, "0-train-1.jpg": True, "0-train-2.jpg": True}


def test_foreign_numbers_and_names_become_ours(tmp_path):
    names = {0: "gravel", 1: "Bare-Soil"}
    data = tmp_path / "set"
    for split in ("train", "val"):
        number = 0 if split == "train" else 9
        save_picture(data / "images" / split / "a.png", number)
        save_mask(
            data / "masks" / split / "a.png", np.repeat([[0], [1], [255]], 16, axis=0).repeat(64, 1).astype(np.uint8)
        )
    describe(data, names)
    staged(tmp_path / "run", data)
    mask = cv2.imread(str(tmp_path / "run" / "masks" / "train" / "0-train-a.png"), cv2.IMREAD_UNCHANGED)
    assert [int(mask[row, 0]) for row in (0, 20, 40)] == [3, 0, 255]


def test_boxes_are_written_by_our_numbers_and_foreign_ones_left_out(tmp_path):
    data = tmp_path / "set"
    for split, number in (("train", 1), ("val", 2)):
        save_picture(data / "images" / split / "a.jpg", number)
        save_text(data / "labels" / split / "a.txt", "0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.2 0.2\n")
    describe(data, {0: "crane", 1: "excavator"}, "task: vehicles\n")
    staged(tmp_path / "run", data, task="vehicles")
    text = (tmp_path / "run" / "labels" / "train" / "0-train-a.txt").read_text()
    assert text.split() == ["80", "0.500000", "0.500000", "0.200000", "0.200000"]


def test_crops_are_letterboxed_as_at_a_site(tmp_path):
    data = tmp_path / "set"
    for split, number in (("train", 1), ("val", 3)):
        for offset, name in enumerate(("clean", "muddy")):
            save_picture(data / "images" / split / name / f"{name}.jpg", number + offset, width=64, height=32)
    describe(data, {0: "clean", 1: "muddy"}, "task: mud\n")
    staged(tmp_path / "run", data, task="mud", imgsz=64, kind_weights={"real": 2})
    crops = sorted((tmp_path / "run" / "train" / "muddy").iterdir())
    assert len(crops) == 2
    crop = cv2.imread(str(crops[0]))
    assert crop.shape == (64, 64, 3)
    assert (crop[:16] == 114).all()
    assert (crop[48:] == 114).all()


def test_two_data_sets_are_learnt_together(tmp_path):
    one, two = surfaces(tmp_path / "one"), surfaces(tmp_path / "two")
    made = staged(tmp_path / "run", one, two)
    assert made.counts["train"] == {"real": 6}


def test_a_folder_without_splits_is_split_the_same_way_every_time(tmp_path):
    data = tmp_path / "set"
    for number in range(60):
        save_picture(data / "images" / f"{number}.png", number)
        save_mask(data / "masks" / f"{number}.png", np.zeros((48, 64), np.uint8))
    describe(data, SURFACES)
    settings = TrainingSettings(task="surfaces")
    first, second = (read_training_samples([data], settings) for _ in range(2))
    assert samples_sha256(first) == samples_sha256(second)
    assert 0 < sum(each.split == "val" for each in first) < 20


def test_training_needs_pictures_to_validate_on(tmp_path):
    data = tmp_path / "set"
    save_picture(data / "images" / "train" / "a.png", 1)
    save_mask(data / "masks" / "train" / "a.png", np.zeros((48, 64), np.uint8))
    describe(data, SURFACES)
    with pytest.raises(NothingToLearn, match="val"):
        staged(tmp_path / "run", data)


def test_blank_pictures_are_learnt_as_showing_none_of_the_surfaces(tmp_path):
    staged(tmp_path / "run", surfaces(tmp_path / "set", count=10), blank_share=0.5)
    blanks = sorted((tmp_path / "run" / "images" / "train").glob("blank-*.png"))
    assert len(blanks) == 5
    assert len({path.read_bytes() for path in blanks}) == 5
    listed = (tmp_path / "run" / "train.txt").read_text().split()
    for path in blanks:
        assert listed.count(f"./images/train/{path.name}") == 1
        mask = cv2.imread(str(tmp_path / "run" / "masks" / "train" / path.name), cv2.IMREAD_UNCHANGED)
        assert (mask == 3).all()
        assert mask.shape == cv2.imread(str(path)).shape[:2]


def test_pictures_are_learnt_in_other_paints_as_well(tmp_path):
    settings = TrainingSettings(task="surfaces", repaint_share=1.0)
    samples = read_training_samples([surfaces(tmp_path / "set", count=8)], settings)
    rendered = [replace(each, sample=replace(each.sample, kind="rendered")) for each in samples]
    stage(rendered, settings, tmp_path / "run")
    listed = (tmp_path / "run" / "train.txt").read_text().split()
    # Of the masks 0 to 7 those of 2 and 6 are all hoarding.
    assert [line for line in listed if "repainted" in line] == [
        f"./images/train/repainted-0-train-{number}.png" for number in (2, 6)
    ]


def test_pictures_are_learnt_with_other_ground_as_well(tmp_path):
    for name in ("plants", "soil"):
        save_picture(tmp_path / "ground" / name / "texture.png", 1)
    data = surfaces(tmp_path / "set", count=8)
    staged(tmp_path / "run", data, ground_textures=tmp_path / "ground", ground_share=1.0)
    listed = (tmp_path / "run" / "train.txt").read_text().split()
    laid = [tmp_path / "run" / line for line in listed if "ground-" in line]
    assert len(listed) == 8 + len(laid)
    assert laid
    for path in laid:
        mask = cv2.imread(str(tmp_path / "run" / "masks" / "train" / path.name), cv2.IMREAD_UNCHANGED)
        assert mask.shape == cv2.imread(str(path)).shape[:2]
        assert set(np.unique(mask)) <= set(SURFACES)
