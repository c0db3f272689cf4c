"""A folder becomes a data set, ours or another tool's; everything that is wrong with it is told at once."""

from pathlib import Path

import numpy as np
import pytest

from models.classes import class_id
from models.data.data_set import DataSet, inspect_data_set, read_data_set
from models.data.problems import SHOWN, DataSetProblems
from models.data.sample import NOT_JUDGED, sample_boxes, sample_mask
from tests.models.data.made_data_set import describe, save_mask, save_picture, save_text

LEFT_HALF = "0 0 0 0.5 0 0.5 1 0 1\n"


def problems_of(folder: Path) -> str:
    with pytest.raises(DataSetProblems) as raised:
        read_data_set(folder)
    return str(raised.value)


def foreign(folder: Path) -> DataSet:
    """A flat folder of polygons, with names in another order, one of them not ours."""
    describe(folder, {0: "Dust-Net", 1: "asphalt", 2: "bare soil"})
    save_picture(folder / "images" / "a.jpg", 1)
    save_picture(folder / "images" / "b.png", 2)
    save_text(folder / "labels" / "a.txt", "2 0 0 0.5 0 0.5 1 0 1\n1 0.5 0 1 0 1 0.5 0.5 0.5\n")
    save_text(folder / "labels" / "b.txt", "")
    return read_data_set(folder)


def test_a_flat_folder_of_another_tool_is_mapped_by_name(tmp_path: Path) -> None:
    data_set = foreign(tmp_path)
    assert (data_set.task, [each.id for each in data_set.samples()]) == ("surfaces", ["a", "b"])
    assert (data_set.splits, data_set.samples("test")) == ((), ())
    assert data_set.names.foreign == {4: "asphalt"}
    mask = sample_mask(data_set.samples()[0], data_set.names)
    assert mask.shape == (48, 64)
    assert (mask[:, :31] == class_id("surfaces", "bare_soil")).all()
    assert (mask[:23, 34:] == 4).all()
    assert (mask[26:, 34:] == class_id("surfaces", "other")).all()
    assert (sample_mask(data_set.samples()[1], data_set.names) == class_id("surfaces", "other")).all()


def test_masks_are_mapped_by_name_and_pixels_not_judged_stay_so(tmp_path: Path) -> None:
    describe(tmp_path, {0: "hoarding", 1: "裸土", 7: "grass"}, "masks_dir: classes\n")
    save_picture(tmp_path / "images" / "test" / "a.jpg", 1)
    mask = np.full((48, 64), NOT_JUDGED, np.uint8)
    mask[:, :10], mask[:, 10:20], mask[:, 20:30] = 0, 1, 7
    save_mask(tmp_path / "classes" / "test" / "a.png", mask)
    data_set = read_data_set(tmp_path, "surfaces")
    (sample,) = data_set.samples("test")
    assert sample_mask(sample, data_set.names)[0, ::10].tolist() == [2, 0, 4, 255, 255, 255, 255]


def test_boxes_are_read_in_our_numbers(tmp_path: Path) -> None:
    describe(tmp_path, {0: "excavator", 1: "crane"})
    save_picture(tmp_path / "images" / "a.jpg", 1)
    save_text(tmp_path / "labels" / "a.txt", "0 0.5 0.5 0.2 0.4\n1 0.5 0.5 1 1\n")
    data_set = read_data_set(tmp_path)
    assert data_set.task == "vehicles"
    excavator, crane = sample_boxes(data_set.samples()[0], data_set.names)
    assert excavator.class_id == 80
    assert excavator.bbox_xyxy == pytest.approx((0.4, 0.3, 0.6, 0.7))
    assert (crane.class_id, data_set.names.foreign[crane.class_id]) == (81, "crane")


def test_the_class_of_a_crop_is_its_folder(tmp_path: Path) -> None:
    describe(tmp_path, {0: "clean", 1: "muddy"}, "task: mud\n")
    save_picture(tmp_path / "images" / "train" / "muddy" / "a.jpg", 1)
    save_picture(tmp_path / "images" / "clean" / "b.jpg", 2)
    data_set = read_data_set(tmp_path)
    assert [(each.id, each.split, each.class_id) for each in data_set.samples()] == [("a", "train", 1), ("b", None, 0)]


def test_provenance_comes_with_the_samples(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"})
    save_picture(tmp_path / "images" / "val" / "a.jpg", 1)
    save_text(tmp_path / "labels" / "val" / "a.txt", LEFT_HALF)
    data_set, _ = inspect_data_set(tmp_path)
    assert data_set.samples()[0].group is None
    record = (
        '{"id": "a", "split": "val", "kind": "rendered", "group": "scene-9", "source": "seed 9, v0", '
        f'"licence": "CC0-1.0", "sha256": "{"0" * 64}", "attributes": {{"light": "noon"}}}}'
    )
    save_text(tmp_path / "samples.jsonl", record + "\n")
    data_set, problems = inspect_data_set(tmp_path, contents=False)
    (sample,) = data_set.samples()
    assert problems == []
    assert (sample.kind, sample.group, sample.attributes) == ("rendered", "scene-9", {"light": "noon"})
    assert "images/val/a.jpg: not the picture that samples.jsonl describes" in problems_of(tmp_path)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    images, labels, masks = tmp_path / "images" / "train", tmp_path / "labels" / "train", tmp_path / "masks" / "train"
    describe(tmp_path, {0: "bare_soil"}, "task: surfaces\n")
    for number, name in enumerate(["alone.jpg", "twice.jpg", "outside.jpg", "unknown.jpg", "small.jpg"]):
        save_picture(images / name, number)
    save_picture(images / "other.jpg", 1)
    save_text(images / "broken.jpg", "no picture")
    for name in ("twice", "other", "broken", "nowhere"):
        save_text(labels / f"{name}.txt", "")
    save_text(labels / "outside.txt", "0 0 0 1.5 0 1 1\n")
    save_text(labels / "unknown.txt", "5 0 0 1 0 1 1\n")
    save_mask(masks / "small.png", np.full((10, 20), 9, np.uint8))
    (tmp_path / "images" / "validation").mkdir()
    text = problems_of(tmp_path)
    for expected in (
        "images/train/alone.jpg: picture without label or mask",
        "labels/train/nowhere.txt: no picture belongs to it",
        "images/train/broken.jpg: the picture can't be decoded",
        "images/train/twice.jpg: the same picture as images/train/other.jpg",
        "labels/train/outside.txt:1: reaches outside the picture",
        "labels/train/unknown.txt:1: unknown class 5",
        "masks/train/small.png: the mask is of another size than its picture: 20x10 instead of 64x48",
        "masks/train/small.png: unknown class 9",
        "images/validation: unknown folder",
        "problems found: 9",
    ):
        assert expected in text


def test_no_more_than_twenty_problems_are_listed(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"}, "task: surfaces\n")
    for number in range(SHOWN + 5):
        save_picture(tmp_path / "images" / f"{number}.png", number)
    lines = problems_of(tmp_path).splitlines()
    assert len(lines) == 1 + SHOWN + 1
    assert lines[-1] == "... and 5 more"


def test_a_group_in_two_splits_is_told(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"})
    lines = []
    for number, split in enumerate(["train", "test"]):
        save_picture(tmp_path / "images" / split / f"{split}.jpg", number)
        save_text(tmp_path / "labels" / split / f"{split}.txt", "")
        lines.append(
            f'{{"id": "{split}", "split": "{split}", "kind": "real", "group": "yard", "source": "", "licence": "", '
            f'"sha256": "{"0" * 64}"}}\n'
        )
    save_text(tmp_path / "samples.jsonl", "".join(lines))
    assert "the group yard (test, train) is in more than one split" in problems_of(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("names: [", "data.yaml"),
        ("names: {}\n", "names"),
        ("names: [soil, Soil]\n", "name of its own"),
        ("names: {300: soil}\n", "0 to 254"),
        ("format: 9\nnames: [soil]\n", "a newer version wrote it"),
        ("masks_dir: ../masks\nnames: [soil]\n", "inside the data set"),
        ("- 1\n", "data.yaml"),
        ("names: [bare_soil]\n", "images: no pictures there"),
    ],
)
def test_a_description_that_can_not_be_used(tmp_path: Path, text: str, problem: str) -> None:
    save_text(tmp_path / "data.yaml", text)
    assert problem in problems_of(tmp_path)


def test_no_description(tmp_path: Path) -> None:
    assert "data.yaml: missing" in problems_of(tmp_path)


def test_a_data_set_of_another_task_is_refused(tmp_path: Path) -> None:
    foreign(tmp_path)
    describe(tmp_path, {0: "a", 1: "b", 2: "c"}, "task: surfaces\n")
    with pytest.raises(DataSetProblems, match="for surfaces, but one for vehicles is needed"):
        read_data_set(tmp_path, "vehicles")
