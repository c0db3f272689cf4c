"""Samples, scenes and classes are counted by split and kind."""

from pathlib import Path

import pytest

from datasets.build.build import Sources, build_data_set
from datasets.statistics import data_set_statistics
from models.data.data_set import read_data_set
from tests.datasets.build.made_sources import make_camvid, make_scene, scene_object


def test_surfaces_are_counted_by_pixel(tmp_path: Path) -> None:
    for seed in (1, 2, 900_000):
        make_scene(tmp_path / "rendered", seed)
    sources = Sources([tmp_path / "rendered"], camvid=make_camvid(tmp_path / "camvid"))
    build_data_set("surfaces", sources, tmp_path / "out")
    train, real, rendered = data_set_statistics(read_data_set(tmp_path / "out"))
    assert (train.split, train.kind, train.samples, train.groups, train.empty) == ("train", "rendered", 4, 2, 0)
    assert {each.name: each.pixel_share for each in train.classes} == pytest.approx(
        {"bare_soil": 0.47396, "dust_net": 0.02604, "other": 0.5}
    )
    assert (real.split, real.kind, real.samples, real.empty) == ("test", "real", 2, 2)
    assert [(each.name, each.pixel_share) for each in real.classes] == [("other", 1.0)]
    assert (rendered.split, rendered.kind, rendered.groups) == ("test", "rendered", 1)


def test_vehicles_are_counted_by_box_and_mud_by_picture(tmp_path: Path) -> None:
    objects = [scene_object(number, "truck", (20, 10, 70, 50), muddy=number == 1) for number in (1, 2)]
    make_scene(tmp_path / "rendered", 1, objects)
    for task in ("vehicles", "mud"):
        build_data_set(task, Sources([tmp_path / "rendered"]), tmp_path / task)
    (vehicles,) = data_set_statistics(read_data_set(tmp_path / "vehicles"))
    assert [(each.name, each.objects, each.samples) for each in vehicles.classes] == [("truck", 2, 1)]
    assert vehicles.empty == 1
    (mud,) = data_set_statistics(read_data_set(tmp_path / "mud", contents=False))
    assert mud.samples == 1, "two crops of one place are the same picture, which is kept once"
