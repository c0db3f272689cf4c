"""The frozen test sets are all named, and one that is not there is told with its reason."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.data.data_set import read_data_set
from models.errors import BadRegistry
from models.evaluation.frozen import (
    Absent,
    FrozenReport,
    FrozenSet,
    evaluate_on,
    frozen_sets,
    place_of,
    read_metrics,
    write_metrics,
)
from tests.models.data.made_data_set import describe, save_mask
from tests.models.made_models import colour_network, made_model


def test_every_task_has_rendered_sets_and_names_are_not_used_twice() -> None:
    names = [frozen.name for frozen in frozen_sets()]
    assert len(set(names)) == len(names)
    assert {frozen.task for frozen in frozen_sets() if frozen.kind == "rendered"} == {"surfaces", "vehicles", "mud"}
    assert {"camvid", "excavators-soil"} <= set(names)


def test_third_party_pictures_lie_where_the_user_says(tmp_path: Path) -> None:
    camvid = next(frozen for frozen in frozen_sets() if frozen.name == "camvid")
    nowhere = place_of(camvid, None)
    assert isinstance(nowhere, Absent)
    assert "--pictures" in nowhere.reason
    missing = place_of(camvid, tmp_path)
    assert isinstance(missing, Absent)
    assert str(tmp_path / "camvid") in missing.reason
    (tmp_path / "camvid").mkdir()
    assert place_of(camvid, tmp_path) == tmp_path / "camvid"


def test_a_set_of_the_project_that_is_not_there(tmp_path: Path) -> None:
    rendered = next(frozen for frozen in frozen_sets() if frozen.folder)
    absent = place_of(rendered, None, project=tmp_path)
    assert isinstance(absent, Absent)
    assert str(rendered.folder) in absent.reason


@pytest.mark.parametrize("place", [{}, {"folder": "a", "pictures": "b"}, {"pictures": "b"}])
def test_a_set_lies_in_one_place(place: dict[str, str]) -> None:
    facts = {"name": "x", "task": "mud", "kind": "real", "judged": ["muddy"]}
    with pytest.raises(ValueError, match="either folder"):
        FrozenSet.model_validate({**facts, **place})


def test_classes_that_the_labels_do_not_tell_of_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.fromarray(np.full((64, 64, 3), (255, 0, 0), np.uint8)).save(tmp_path / "images" / "a.png")
    save_mask(tmp_path / "masks" / "a.png", np.zeros((64, 64), np.uint8))
    describe(tmp_path, {0: "bare_soil", 1: "dust_net"}, "task: surfaces\n")
    frozen = FrozenSet(name="small", task="surfaces", kind="real", folder=tmp_path, judged=("bare_soil",))
    report = evaluate_on(frozen, read_data_set(tmp_path), made_model(colour_network()), version="1", threads=1)
    assert list(report.classes) == ["bare_soil"]
    assert list(report.by_kind["real"].classes) == ["bare_soil"]
    assert report.data_set == "small"
    found = FrozenReport(real={"small": report}, absent={"camvid": "not here"})
    write_metrics(found, tmp_path)
    assert read_metrics(tmp_path) == found


def test_metrics_beside_a_version(tmp_path: Path) -> None:
    assert read_metrics(tmp_path) is None
    (tmp_path / "metrics.json").write_text('{"real": 1}')
    with pytest.raises(BadRegistry, match=r"metrics\.json"):
        read_metrics(tmp_path)
