"""Sources become one data set, whole or not at all, and the same every time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.build import build as building
from datasets.build.build import Sources, build_data_set
from datasets.build.draft import Boxes, Draft
from datasets.build.hand_labelled import hand_labelled_drafts
from datasets.build.new_folder import new_folder
from datasets.build.reviewed import reviewed_drafts
from datasets.build.splits import split_of_group
from datasets.build.write import write_data_set
from datasets.errors import FolderBusy, FolderTaken, NothingToBuild, SourceNotForTask, UnknownSource
from models.classes import Task, class_id
from models.data.data_set import DataSet, read_data_set
from models.data.label_files import LabelBox
from models.data.pictures import picture_size, sha256_of
from models.data.problems import DataSetProblems
from models.data.sample import NOT_JUDGED, sample_boxes, sample_mask
from tests.datasets.build.made_sources import make_camvid, make_excavators, make_scene, scene_object
from tests.models.data.made_data_set import describe, save_picture, save_text


@pytest.fixture
def excavators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures whose labels are in a made folder instead of datasets/labels; returns the pictures' folder."""
    pictures, labels = make_excavators(tmp_path / "excavators")

    def drafts(*arguments: Any, **more: Any) -> Any:
        return hand_labelled_drafts(*arguments, labels=labels, **more)

    monkeypatch.setattr(building, "hand_labelled_drafts", drafts)
    return pictures


def built(task: Task, sources: Sources, out: Path) -> DataSet:
    build_data_set(task, sources, out)
    return read_data_set(out, task)


def problems_of(task: Task, sources: Sources, out: Path) -> str:
    """Return the error's text; nothing may be left behind."""
    before = set(out.parent.iterdir())
    with pytest.raises(DataSetProblems) as raised:
        build_data_set(task, sources, out)
    assert set(out.parent.iterdir()) == before
    return str(raised.value)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_source_of_surfaces_in_one_data_set(tmp_path: Path, excavators: Path) -> None:
    rendered = tmp_path / "rendered"
    for seed in (1, 9, 900_000):
        make_scene(rendered, seed)
    (rendered / "000010").mkdir()  # the renderer is not done with it
    sources = Sources([rendered], {"excavators": excavators}, make_camvid(tmp_path / "camvid"))
    report = build_data_set("surfaces", sources, tmp_path / "out")
    data_set = read_data_set(tmp_path / "out", "surfaces")
    assert (report.samples["test"], report.unfinished_scenes) == (5, 1)
    splits = {each.id: each.split for each in data_set.samples()}
    assert splits["rendered-000001-v0"] == "train"
    assert splits["rendered-000009-v1"] == "val"
    assert splits["rendered-900000-v0"] == splits["excavators-3"] == splits["camvid-Seq0_f1"] == "test"
    assert splits["excavators-1"] == split_of_group("excavators/pit", test_share=0)
    assert {each.kind for each in data_set.samples("test")} == {"rendered", "real"}
    for each in data_set.samples():
        assert each.licence
        assert each.source
        assert each.sha256 == sha256_of(each.picture)


def test_masks_say_what_the_sources_said(tmp_path: Path, excavators: Path) -> None:
    make_scene(tmp_path / "rendered", 1)
    camvid = make_camvid(tmp_path / "camvid")
    data_set = built("surfaces", Sources([tmp_path / "rendered"], {"excavators": excavators}, camvid), tmp_path / "out")
    by_id = {each.id: each for each in data_set.samples()}
    rendered = sample_mask(by_id["rendered-000001-v0"], data_set.names)
    assert (rendered[50, 30], rendered[0, 0], rendered[0, -1]) == (1, 0, 3)
    labelled = sample_mask(by_id["excavators-2"], data_set.names)
    assert (labelled[0, 0], labelled[-1, 0]) == (3, 0)
    street = sample_mask(by_id["camvid-Seq0_f1"], data_set.names)
    assert (street[0, 0], street[24, 0], street[-1, 0]) == (3, 3, NOT_JUDGED)
    assert by_id["camvid-Seq0_f1"].attributes == {"fence_id": 7, "fence_share": 0.25}
    assert by_id["rendered-000001-v0"].attributes["soil_area_m2"] == 12.5


def test_pictures_are_taken_over_byte_for_byte(tmp_path: Path) -> None:
    scene = make_scene(tmp_path / "rendered", 1)
    built("surfaces", Sources([tmp_path / "rendered"]), tmp_path / "out")
    for kind, suffix in (("images", "jpg"), ("masks", "png")):
        written = tmp_path / "out" / kind / "train" / f"rendered-000001-v0.{suffix}"
        assert written.read_bytes() == (scene / f"v0.{suffix}").read_bytes()


def test_vehicles_are_asked_for_where_they_can_be_seen(tmp_path: Path) -> None:
    objects = [
        scene_object(1, "truck", (0, 0, 80, 48)),
        scene_object(2, "excavator", (10, 10, 50, 50), share=0.24),
        scene_object(3, "person", (10, 10, 17, 40)),
        scene_object(4, "excavator", (100, 40, 180, 90), share=0.25),
    ]
    make_scene(tmp_path / "rendered", 1, objects)
    data_set = built("vehicles", Sources([tmp_path / "rendered"]), tmp_path / "out")
    first, second = data_set.samples("train")
    boxes = sample_boxes(first, data_set.names)
    assert [box.class_id for box in boxes] == [class_id("vehicles", "truck"), 80]
    assert boxes[0].bbox_xyxy == pytest.approx((0, 0, 0.5, 0.5), abs=1e-5)
    assert boxes[1].bbox_xyxy == pytest.approx((0.625, 40 / 96, 1, 90 / 96), abs=1e-5)
    assert sample_boxes(second, data_set.names) == []


def test_the_boxes_beside_real_pictures_are_excavators(tmp_path: Path, excavators: Path) -> None:
    data_set = built("vehicles", Sources(real={"excavators": excavators}), tmp_path / "out")
    by_id = {each.id: each for each in data_set.samples()}
    assert len(by_id) == 4
    assert by_id["excavators-4"].split == "test", "its scene is in the test split of the index"
    (box,) = sample_boxes(by_id["excavators-4"], data_set.names)
    assert (box.class_id, box.bbox_xyxy[0]) == (80, 0)
    assert by_id["excavators-4"].attributes == {"judged_classes": ["excavator"]}


def test_guesses_fill_up_training_pictures_alone(tmp_path: Path, excavators: Path) -> None:
    guesses = [LabelBox(7, (0.3, 0.2, 0.7, 0.8)), LabelBox(0, (0, 0, 0.1, 0.1))]  # the first is the excavator itself
    sources = Sources(real={"excavators": excavators}, guess_boxes=lambda picture: guesses)
    data_set = built("vehicles", sources, tmp_path / "out")
    by_id = {each.id: each for each in data_set.samples()}
    assert [box.class_id for box in sample_boxes(by_id["excavators-1"], data_set.names)] == [80, 0]
    assert [box.class_id for box in sample_boxes(by_id["excavators-3"], data_set.names)] == [80]


def test_mud_is_judged_on_padded_crops_of_trucks(tmp_path: Path) -> None:
    objects = [
        scene_object(1, "truck", (20, 10, 70, 50), muddy=True),
        scene_object(2, "truck", (0, 0, 40, 40), share=0.6, muddy=False),
        scene_object(3, "truck", (20, 10, 70, 50), share=0.59, muddy=True),
        scene_object(4, "truck", (20, 10, 51, 50), muddy=True),
        scene_object(5, "excavator", (20, 10, 70, 50)),
    ]
    make_scene(tmp_path / "rendered", 9, objects)
    data_set = built("mud", Sources([tmp_path / "rendered"]), tmp_path / "out")
    found = {each.id: (each.class_id, picture_size(each.picture)) for each in data_set.samples("val")}
    assert found == {"rendered-000009-v0-1": (1, (60, 48)), "rendered-000009-v0-2": (0, (44, 44))}
    assert (tmp_path / "out" / "images" / "val" / "muddy" / "rendered-000009-v0-1.jpg").is_file()
    assert not (tmp_path / "out" / "coco").exists()


def test_reviewed_samples_are_mapped_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "reviewed"
    describe(folder, {0: "gravel", 1: "bare_soil"})
    save_picture(folder / "images" / "a.jpg", 1)
    save_text(folder / "labels" / "a.txt", "0 0 0 0.5 0 0.5 1 0 1\n1 0.5 0 1 0 1 1 0.5 1\n")
    data_set = built("surfaces", Sources(reviewed=[folder]), tmp_path / "out")
    (sample,) = data_set.samples()
    assert (sample.id, sample.kind, sample.split) == ("reviewed-a", "reviewed", split_of_group("reviewed/a"))
    mask = sample_mask(sample, data_set.names)
    assert (mask[0, 0], mask[0, -1]) == (3, 0)
    assert reviewed_drafts(folder, "surfaces")[0].licence == "not stated"


@pytest.mark.parametrize("task", ["surfaces", "vehicles", "mud"])
def test_the_same_sources_make_the_same_bytes(tmp_path: Path, task: Task) -> None:
    for seed in (1, 9, 900_000):
        make_scene(tmp_path / "rendered", seed, [scene_object(1, "truck", (20, 10, 70, 50), muddy=seed == 9)])
    for name in ("one", "two"):
        build_data_set(task, Sources([tmp_path / "rendered"]), tmp_path / name)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_coco_lists_every_picture_and_area(tmp_path: Path) -> None:
    make_scene(tmp_path / "rendered", 1)
    built("surfaces", Sources([tmp_path / "rendered"]), tmp_path / "out")
    document = json.loads((tmp_path / "out" / "coco" / "train.json").read_text())
    assert [image["file_name"] for image in document["images"]] == [
        "images/train/rendered-000001-v0.jpg",
        "images/train/rendered-000001-v1.jpg",
    ]
    first = {each["category_id"]: each for each in document["annotations"] if each["image_id"] == 1}
    assert first[0]["area"] == pytest.approx(80 * 96 - 20 * 20, abs=4), "a hole's corners are cut"
    assert first[1]["bbox"] == [20, 40, 20, 20]
    assert len(first[0]["segmentation"]) > 1, "the net's hole is cut open"


def test_a_picture_that_is_there_twice_is_kept_once_for_testing(tmp_path: Path) -> None:
    train = make_scene(tmp_path / "rendered", 1, views=1)
    test = make_scene(tmp_path / "rendered", 900_000, views=1)
    (train / "v0.jpg").write_bytes((test / "v0.jpg").read_bytes())
    make_scene(tmp_path / "rendered", 2)
    report = build_data_set("surfaces", Sources([tmp_path / "rendered"]), tmp_path / "out")
    assert report.duplicates == (("rendered-000001-v0", "rendered-900000-v0"),)
    assert "rendered-000001-v0" not in {each.id for each in read_data_set(tmp_path / "out").samples()}


def test_what_is_wrong_with_the_sources_is_told_by_name_and_nothing_is_left(tmp_path: Path, excavators: Path) -> None:
    rendered = tmp_path / "rendered"
    make_scene(rendered, 1)
    (make_scene(rendered, 2) / "v1.png").unlink()
    save_text(make_scene(rendered, 3) / "scene.json", '{"seed": 3, "views": "none"}')
    make_scene(rendered, 850_000)
    save_picture(excavators / "1.jpg", 5)
    (excavators / "2.jpg").unlink()
    text = problems_of("surfaces", Sources([rendered], {"excavators": excavators}), tmp_path / "out")
    for expected in (
        "000002/v1.png: the file is missing",
        "000003/scene.json: kind: Field required",
        "000003/scene.json: views:",
        "850000/scene.json: seeds 800000 to 899999 belong to no split",
        "1.jpg: not the picture that the labels were made for",
        "2.jpg: the file is missing",
    ):
        assert expected in text


def test_pictures_and_masks_that_can_not_be_used_are_told_by_name(tmp_path: Path) -> None:
    scene = make_scene(tmp_path / "rendered", 1, views=2)
    (scene / "v0.jpg").write_bytes((scene / "v0.jpg").read_bytes()[:400])
    (scene / "v1.png").write_bytes((make_camvid(tmp_path / "camvid") / "Seq0_f1_mask.png").read_bytes())
    text = problems_of("surfaces", Sources([tmp_path / "rendered"]), tmp_path / "out")
    assert "v0.jpg: the picture can't be decoded" in text
    assert "v1.png: the mask is of another size than its picture: 64x48 instead of 160x96" in text


def test_a_group_that_sources_put_into_two_splits(tmp_path: Path) -> None:
    folder = tmp_path / "reviewed"
    describe(folder, {0: "bare_soil"}, "task: surfaces\n")
    save_picture(folder / "images" / "test" / "a.jpg", 1)
    save_text(folder / "labels" / "test" / "a.txt", "")
    line = '{"id": "a", "split": "test", "kind": "reviewed", "group": "rendered/000001", "source": "", "licence": "", '
    digest = sha256_of(folder / "images" / "test" / "a.jpg")
    save_text(folder / "samples.jsonl", f'{line}"sha256": "{digest}"}}\n')
    make_scene(tmp_path / "rendered", 1)
    text = problems_of("surfaces", Sources([tmp_path / "rendered"], reviewed=[folder]), tmp_path / "out")
    assert "the group rendered/000001 (test, train) is in more than one split" in text


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    make_scene(tmp_path / "rendered", 1)
    told: list[tuple[int, int]] = []
    sources = Sources([tmp_path / "rendered"])
    build_data_set("surfaces", sources, tmp_path / "out", lambda done, total: told.append((done, total)))
    assert told == [(done, 6) for done in range(1, 7)], "written, exported and compared"


def test_two_rendered_folders_with_the_same_scene(tmp_path: Path) -> None:
    make_scene(tmp_path / "one", 1)
    make_scene(tmp_path / "two", 1)
    assert "the same seed as" in problems_of("mud", Sources([tmp_path / "one", tmp_path / "two"]), tmp_path / "out")


def test_sources_that_say_nothing_about_the_task(tmp_path: Path, excavators: Path) -> None:
    with pytest.raises(NothingToBuild, match="nothing for the task mud"):
        build_data_set("mud", Sources(), tmp_path / "out")
    with pytest.raises(SourceNotForTask, match="excavators"):
        build_data_set("mud", Sources(real={"excavators": excavators}), tmp_path / "out")
    with pytest.raises(SourceNotForTask, match="CamVid"):
        build_data_set("vehicles", Sources(camvid=make_camvid(tmp_path / "camvid")), tmp_path / "out")
    with pytest.raises(UnknownSource, match="there are labels for: excavators"):
        build_data_set("surfaces", Sources(real={"../x": tmp_path}), tmp_path / "out")


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    save_text(tmp_path / "out" / "mine.txt", "mine")
    with pytest.raises(FolderTaken, match="there already"):
        build_data_set("surfaces", Sources(), tmp_path / "out")
    assert content(tmp_path / "out") == {"mine.txt": b"mine"}


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "out") as folder:
        save_text(folder / "images" / "half.jpg", "half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from datasets.build.new_folder import new_folder\n"
        "with new_folder(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half.jpg').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "out")], env={**os.environ}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    with new_folder(tmp_path / "out") as folder:
        save_text(folder / "whole.txt", "whole")
    assert content(tmp_path) == {"out/whole.txt": b"whole"}


def test_two_builds_of_one_folder(tmp_path: Path) -> None:
    with new_folder(tmp_path / "out") as folder:
        save_text(folder / "first.txt", "first")
        with pytest.raises(FolderBusy, match="another build"), new_folder(tmp_path / "out"):
            pass
    assert content(tmp_path) == {"out/first.txt": b"first"}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=12, unique=True))
def test_a_group_never_lands_in_two_splits(tmp_path_factory: pytest.TempPathFactory, made: Sequence[Any]) -> None:
    folder = tmp_path_factory.mktemp("groups")
    drafts = []
    for group, number in made:
        path = save_picture(folder / "from" / f"{group}-{number}.png", group * 10 + number)
        site = f"site-{group}"
        drafts.append(Draft(path.stem, split_of_group(site), "real", site, "s", "l", path, Boxes(())))
    (folder / "out").mkdir()
    written = write_data_set(folder / "out", "vehicles", drafts, lambda: None)
    assert written.problems == ()
    splits: dict[str, set[str | None]] = {}
    for record in written.records:
        splits.setdefault(record.group, set()).add(record.split)
    assert all(len(found) == 1 for found in splits.values())
    assert len(written.records) + len(written.duplicates) == len(drafts)
    if written.records:
        data_set = read_data_set(folder / "out", "vehicles")
        assert np.unique([each.id for each in data_set.samples()]).size == len(written.records)
