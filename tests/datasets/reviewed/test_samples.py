"""The data set of reviewed cases."""

import json
from dataclasses import replace

import numpy as np
from PIL import Image

from datasets.reviewed.samples import build_reviewed, split_by_time
from models.data.data_set import read_data_set
from models.data.label_files import LabelBox
from models.data.sample import sample_boxes, sample_mask
from tests.datasets.reviewed.made_cases import case, square


def pictured(folder, cases):
    rng = np.random.default_rng(0)
    made = []
    for each in cases:
        path = folder / f"{each.key}.jpg"
        Image.fromarray(rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)).save(path)
        made.append(replace(each, picture=path))
    return made


def test_the_newest_fifth_is_held_out_and_groups_stay_together(tmp_path):
    cases = pictured(tmp_path, [case(number, confirmed=bool(number % 2)) for number in range(20)])
    built = build_reviewed(cases[::-1], "surfaces", tmp_path / "reviewed")
    assert built.cases["test"] == tuple(each.key for each in cases[-4:])
    assert sum(built.samples.values()) == 20
    data_set = read_data_set(built.folder, "surfaces")
    assert {sample.id for sample in data_set.samples("test")} == {each.key for each in cases[-4:]}
    sample = data_set.samples("test")[0]
    assert sample.kind == "reviewed"
    assert sample.group == f"yard/{sample.id}"
    assert set(np.unique(sample_mask(sample, data_set.names))) == {3, 255}


def test_provenance_is_the_case_and_the_time_and_never_a_person(tmp_path):
    cases = pictured(tmp_path, [case(number) for number in range(5)])
    build_reviewed(cases, "surfaces", tmp_path / "reviewed")
    record = json.loads((tmp_path / "reviewed" / "samples.jsonl").read_text().splitlines()[0])
    assert record["source"] == f"case {record['id']}"
    assert set(record["attributes"]) == {"decided_at", "decision", "corrected", "rule"}
    assert record["attributes"]["decided_at"].startswith("2026-03-01T04:0")


def test_cases_that_say_nothing_of_the_task_are_told(tmp_path):
    cases = pictured(tmp_path, [case(0), case(1, claims=(square("truck"),))])
    built = build_reviewed(
        cases, "vehicles", tmp_path / "reviewed", see_vehicles=lambda _: [LabelBox(2, (0, 0, 0.1, 0.1))]
    )
    assert built.silent == (cases[0].key,)
    data_set = read_data_set(built.folder, "vehicles")
    (sample,) = data_set.samples()
    assert [box.class_id for box in sample_boxes(sample, data_set.names)] == [7, 2]


def test_mud_samples_are_padded_crops_in_their_class_s_folder(tmp_path):
    claims = (square("muddy"), square("clean", 0, 0, 0.2))
    (reviewed,) = pictured(tmp_path, [case(0, claims=claims)])
    built = build_reviewed([reviewed], "mud", tmp_path / "reviewed")
    data_set = read_data_set(built.folder, "mud")
    assert {(sample.id[-1], data_set.names.all[sample.class_id]) for sample in data_set.samples()} == {
        ("0", "muddy"),
        ("1", "clean"),
    }
    assert Image.open(tmp_path / "reviewed" / "images" / "test" / "muddy" / f"{reviewed.key}-0.jpg").size == (36, 24)


def test_splitting_does_not_depend_on_the_order():
    cases = [case(number) for number in range(7)]
    assert split_by_time(cases) == split_by_time(cases[::-1])
    assert list(split_by_time(cases).values()).count("test") == 2
    assert split_by_time([]) == {}
