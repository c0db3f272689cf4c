"""A candidate beside the model in production: tiny real networks on made pictures."""

import json

import numpy as np
import pytest

from models.cards import ModelInput
from models.errors import ModelError
from models.registry.registry import load_model
from models.shadow.compare import Difference, VehicleComparison, start_comparison
from models.shadow.shadow import LIST_NAME, SUMMARY_NAME, Shadow, draw
from tests.models.made_models import SURFACES, brightness_network, colour_network, made_model

RED_BGR, GREEN_BGR = (0, 0, 255), (0, 255, 0)


def plain(bgr, *, half=None):
    image = np.full((64, 64, 3), bgr, np.uint8)
    if half is not None:
        image[:, 32:] = half
    return image


def strict_about_soil():
    """The same network, but nothing reaches the threshold of soil."""
    return made_model(colour_network(), thresholds={"bare_soil": 1.0})


def test_a_model_does_not_differ_from_itself():
    difference = start_comparison(made_model(colour_network()), made_model(colour_network())).compare(plain(RED_BGR))
    assert difference.amount == 0
    assert set(difference.by_class.values()) == {0.0}


def test_pixels_that_only_one_calls_soil_are_told_by_class():
    comparison = start_comparison(made_model(colour_network()), strict_about_soil())
    difference = comparison.compare(plain(RED_BGR, half=GREEN_BGR))
    assert difference.amount == pytest.approx(0.5, abs=0.1)
    assert difference.by_class["bare_soil"] == pytest.approx(0.5, abs=0.1)
    assert difference.by_class["other"] == pytest.approx(0.5, abs=0.1)
    assert difference.by_class["dust_net"] == 0
    assert difference.differs[32, 8]
    assert not difference.differs[32, 56]


def test_classes_in_another_order_are_compared_by_name():
    swapped = {0: SURFACES[1], 1: SURFACES[0], 2: SURFACES[2], 3: SURFACES[3]}
    comparison = start_comparison(made_model(colour_network()), made_model(colour_network(), classes=swapped))
    difference = comparison.compare(plain(RED_BGR))
    assert difference.by_class["bare_soil"] == 1
    assert difference.by_class["dust_net"] == 1


def test_verdicts_on_mud_are_compared():
    facts = {"name": "mud", "task": "classify", "classes": {0: "clean", 1: "muddy"}, "input": ModelInput(size=224)}
    usual, strict = (
        made_model(brightness_network(), **facts, thresholds={"muddy": threshold}) for threshold in (0.5, 1.0)
    )
    comparison = start_comparison(usual, strict)
    assert comparison.compare(plain((0, 0, 200))).by_class == {"muddy": 1.0}
    assert comparison.compare(plain((0, 0, 0))).amount == 0


def test_models_for_different_things_can_t_be_compared():
    with pytest.raises(ModelError, match="detect"):
        start_comparison(made_model(colour_network()), load_model("yolo26n-coco"))


def test_boxes_that_only_one_found_are_told():
    model = load_model("yolo26n-coco")
    comparison = VehicleComparison(model, model, threads=1)
    difference = comparison.compare(plain((90, 90, 90)))
    assert (difference.only_production, difference.only_candidate, difference.amount) == ((), (), 0)


def test_the_most_different_pictures_are_kept_and_the_rest_is_summed_up(tmp_path):
    shadow = Shadow(made_model(colour_network()), strict_about_soil(), keep=2)
    third = plain(GREEN_BGR)
    third[:, :8] = RED_BGR
    for name, image in (
        ("third.png", third),
        ("half.png", plain(RED_BGR, half=GREEN_BGR)),
        ("all.png", plain(RED_BGR)),
    ):
        shadow.look(name, image)
    shadow.look("none.png", plain(GREEN_BGR))
    shadow.write(tmp_path / "report")
    assert sorted(path.name for path in (tmp_path / "report").glob("*.jpg")) == ["001-all.jpg", "002-half.jpg"]
    summary = json.loads((tmp_path / "report" / SUMMARY_NAME).read_text())
    assert (summary["pictures"], summary["different"]) == (4, 3)
    assert summary["by_class"]["bare_soil"] > summary["by_class"]["dust_net"] == 0
    lines = (tmp_path / "report" / LIST_NAME).read_text().splitlines()
    assert [json.loads(line)["picture"] for line in lines] == ["third.png", "half.png", "all.png", "none.png"]


def test_what_differs_is_drawn():
    differs = np.zeros((64, 64), bool)
    differs[10, 10] = True
    drawn = draw(plain(GREEN_BGR), Difference(1 / 4096, differs=differs))
    assert tuple(drawn[10, 10]) != GREEN_BGR
    assert tuple(drawn[20, 20]) == GREEN_BGR
