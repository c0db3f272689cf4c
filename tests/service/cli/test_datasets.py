"""`dustwatch datasets`: builds, counts and shows; what is wrong is told in clear lines."""

import json
from pathlib import Path

import cv2
import pytest

from datasets.build.build import Sources, build_data_set
from tests.datasets.build.made_sources import make_camvid, make_scene
from tests.models.data.made_data_set import describe, save_picture, save_text
from tests.service.cli.test_commands import dustwatch, one_error


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    for seed in (1, 9, 900_000):
        make_scene(tmp_path / "rendered", seed)
    return tmp_path / "rendered"


def test_building_counting_and_showing(tmp_path: Path, rendered: Path) -> None:
    out, camvid = tmp_path / "out", make_camvid(tmp_path / "camvid")
    run = dustwatch("datasets", "build", "--task", "surfaces", "--rendered", rendered, "--camvid", camvid, "--out", out)
    assert run.returncode == 0, run.stderr
    assert "train 2，val 2，test 4" in run.stderr
    run = dustwatch("datasets", "stats", out, "--json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert [(part["split"], part["kind"], part["samples"]) for part in report["parts"]] == [
        ("train", "rendered", 2),
        ("val", "rendered", 2),
        ("test", "real", 2),
        ("test", "rendered", 2),
    ]
    assert report["problems"] == report["leaks"]["groups"] == []
    picture = tmp_path / "contact.jpg"
    run = dustwatch("datasets", "show", out, "--out", picture, "--split", "train", "--class", "dust_net")
    assert run.stdout.strip() == str(picture), run.stderr
    assert cv2.imread(str(picture)) is not None


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path, rendered: Path) -> None:
    save_text(tmp_path / "out" / "mine.txt", "mine")
    command = ["datasets", "build", "--task", "surfaces", "--rendered", rendered, "--out", tmp_path / "out"]
    assert "已存在" in one_error(dustwatch(*command, language="zh_CN"))


def test_every_problem_of_a_source_is_a_line_in_the_readers_language(tmp_path: Path, rendered: Path) -> None:
    (rendered / "000001" / "v0.png").unlink()
    (rendered / "000009" / "v1.jpg").unlink()
    command = ["datasets", "build", "--task", "surfaces", "--rendered", rendered, "--out", tmp_path / "out"]
    run = dustwatch(*command, language="zh_CN")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 3, run.stderr
    assert "v1.jpg: 文件缺失" in run.stderr


def test_counting_tells_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"}, "task: surfaces\n")
    save_picture(tmp_path / "images" / "train" / "a.jpg", 1)
    save_text(tmp_path / "images" / "train" / "b.jpg", "no picture")
    save_text(tmp_path / "labels" / "train" / "b.txt", "")
    run = dustwatch("datasets", "stats", tmp_path)
    assert run.returncode == 1
    assert "images/train/a.jpg: picture without label or mask" in run.stderr
    assert "images/train/b.jpg: the picture can't be decoded" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["build", "--task", "surfaces", "--real", "excavators", "--out", "x"], "NAME=DIR"),
        (["show", ".", "--out", "x.gif"], "end in .jpg or .png"),
    ],
)
def test_arguments_that_make_no_sense(tmp_path: Path, arguments: list[str], expected: str) -> None:
    run = dustwatch("datasets", *[str(tmp_path / each) if each in ("x", ".") else each for each in arguments])
    assert run.returncode == 2
    assert expected in " ".join(run.stderr.replace("│", " ").split())
    assert "Traceback" not in run.stderr


def test_a_class_that_is_not_there(tmp_path: Path, rendered: Path) -> None:
    build_data_set("vehicles", Sources([rendered]), tmp_path / "out")
    run = dustwatch("datasets", "show", tmp_path / "out", "--out", tmp_path / "a.jpg", "--class", "crane")
    assert run.returncode == 2
    assert "the classes are: person" in " ".join(run.stderr.replace("│", " ").split())


@pytest.mark.parametrize("command", ["build", "stats", "show"])
def test_help_has_an_example(command: str) -> None:
    assert f"Example: dustwatch datasets {command} " in dustwatch("datasets", command, "--help").stdout
