"""The contact sheet shows the samples asked for, with their labels in the classes' colours."""

from pathlib import Path

import numpy as np
import pytest

from datasets.build.build import Sources, build_data_set
from datasets.contact_sheet import (
    CAPTION_HEIGHT,
    TILE_HEIGHT,
    TILE_WIDTH,
    choose_samples,
    colour_of,
    draw_contact_sheet,
)
from models.classes import Task
from models.data.data_set import DataSet, read_data_set
from tests.datasets.build.made_sources import make_scene, scene_object
from vision.evidence.annotate import FONT_PATH


def made(tmp_path: Path, task: Task) -> DataSet:
    for seed in (1, 2, 900_000):
        objects = [scene_object(1, "excavator" if seed == 2 else "truck", (20, 10, 70, 50), muddy=seed == 1)]
        make_scene(tmp_path / "rendered", seed, objects)
    build_data_set(task, Sources([tmp_path / "rendered"]), tmp_path / "out")
    return read_data_set(tmp_path / "out")


def test_samples_are_chosen_by_split_class_and_seed(tmp_path: Path) -> None:
    data_set = made(tmp_path, "vehicles")
    assert [each.split for each in choose_samples(data_set, 9, 0, "test")] == ["test", "test"]
    assert [each.id for each in choose_samples(data_set, 9, 0, class_name="excavator")] == ["rendered-000002-v0"]
    assert choose_samples(data_set, 2, 5) == choose_samples(data_set, 2, 5)
    assert len({tuple(each.id for each in choose_samples(data_set, 2, seed)) for seed in range(20)}) > 1
    assert choose_samples(data_set, 1, 0, class_name="boat") == []


@pytest.mark.parametrize("task", ["surfaces", "vehicles", "mud"])
def test_the_sheet_holds_every_sample_and_a_legend(tmp_path: Path, task: Task) -> None:
    data_set = made(tmp_path, task)
    samples = choose_samples(data_set, 4, 0)
    sheet = draw_contact_sheet(data_set, samples, FONT_PATH)
    columns = sheet.width // TILE_WIDTH
    rows = -(-len(samples) // columns)
    assert sheet.height > rows * (TILE_HEIGHT + CAPTION_HEIGHT)
    legend = np.asarray(sheet)[rows * (TILE_HEIGHT + CAPTION_HEIGHT) :]
    shown = {"surfaces": 0, "vehicles": 7, "mud": 0}[task]
    assert (legend == colour_of(shown)).all(axis=-1).any()


def test_soil_is_tinted_and_the_rest_is_left_clear(tmp_path: Path) -> None:
    data_set = made(tmp_path, "surfaces")
    (sample,) = choose_samples(data_set, 1, 0)
    sheet = np.asarray(draw_contact_sheet(data_set, [sample], FONT_PATH)).astype(int)
    tile = sheet[CAPTION_HEIGHT : CAPTION_HEIGHT + TILE_HEIGHT]
    soil, other = tile[20:100, 10:150].reshape(-1, 3).mean(axis=0), tile[20:100, 250:370].reshape(-1, 3).mean(axis=0)
    assert soil[0] - soil[2] > 40, "bare soil is drawn in orange"
    assert abs(other[0] - other[2]) < 40
