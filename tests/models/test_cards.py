"""Models are loaded only when their weights are those that the card describes."""

import shutil
from pathlib import Path

import pytest

from models.cards import load_verified, read_card, write_card
from models.errors import BadCard, BadName, ModelChanged, ModelMissing
from models.registry.registry import BUILT_IN, DEFAULT_MODEL, load_model
from tests.models.made_models import colour_network, made_model, write_model


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    shutil.copytree(BUILT_IN / DEFAULT_MODEL, tmp_path / DEFAULT_MODEL)
    return tmp_path


def test_the_default_model_is_what_its_card_says(tmp_path: Path) -> None:
    model = load_model(root=tmp_path)
    assert model.card.classes[7] == "truck"
    assert len(model.card.classes) == 80
    assert model.card.licence == "AGPL-3.0"
    assert len(model.weights) > 1_000_000


@pytest.mark.parametrize("place", [0, 100_000, -1])
def test_one_changed_byte_is_refused(collection: Path, place: int) -> None:
    weights = collection / DEFAULT_MODEL / "1" / "model.onnx"
    data = bytearray(weights.read_bytes())
    data[place] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(ModelChanged, match=r"model\.onnx"):
        load_model(root=collection)


def test_weights_that_are_not_there_are_refused(collection: Path) -> None:
    (collection / DEFAULT_MODEL / "1" / "model.onnx").unlink()
    with pytest.raises(ModelChanged, match="no file"):
        load_model(root=collection)


def test_a_model_that_is_not_there(collection: Path) -> None:
    with pytest.raises(ModelMissing, match=DEFAULT_MODEL):
        load_model("yolo99", collection)


@pytest.mark.parametrize("name", ["../weights", "", ".", "..", "a/b", "/etc"])
def test_a_name_that_leads_elsewhere(collection: Path, name: str) -> None:
    with pytest.raises(BadName, match="no name"):
        load_model(name, collection)


@pytest.mark.parametrize("text", ["", "name: x", "name: [", "- 1", "name: \x00"])
def test_a_card_that_is_no_card(collection: Path, text: str) -> None:
    (collection / DEFAULT_MODEL / "1" / "card.yaml").write_text(text)
    with pytest.raises(BadCard, match=r"card\.yaml"):
        read_card(collection / DEFAULT_MODEL / "1")


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    model = made_model(colour_network(), thresholds={"bare_soil": 0.4}, known_failures=["渣土 in: the dark"])
    write_model(tmp_path, model)
    assert load_verified(tmp_path) == model
    write_card(model.card, tmp_path)
    assert read_card(tmp_path) == model.card


def test_a_threshold_of_a_class_that_the_model_does_not_know(tmp_path: Path) -> None:
    write_model(tmp_path, made_model(colour_network(), thresholds={"bare_soil": 0.4}))
    card = tmp_path / "card.yaml"
    card.write_text(card.read_text().replace("bare_soil: 0.4", "bare_rock: 0.4"))
    with pytest.raises(BadCard, match="bare_rock"):
        read_card(tmp_path)
