"""Models are loaded only when their weights are those that the card describes."""

import shutil
from pathlib import Path

import pytest

from models.cards import DEFAULT_MODEL, WEIGHTS_FOLDER, load_model, read_card
from models.errors import BadCard, ModelChanged, ModelMissing


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    shutil.copytree(WEIGHTS_FOLDER / DEFAULT_MODEL, tmp_path / DEFAULT_MODEL)
    return tmp_path


def test_the_default_model_is_what_its_card_says() -> None:
    model = load_model()
    assert model.card.classes[7] == "truck"
    assert len(model.card.classes) == 80
    assert model.card.licence == "AGPL-3.0"
    assert len(model.weights) > 1_000_000


@pytest.mark.parametrize("place", [0, 100_000, -1])
def test_one_changed_byte_is_refused(collection: Path, place: int) -> None:
    weights = collection / DEFAULT_MODEL / "model.onnx"
    data = bytearray(weights.read_bytes())
    data[place] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(ModelChanged, match=r"model\.onnx"):
        load_model(root=collection)


@pytest.mark.parametrize("name", ["yolo99", "../weights", ""])
def test_a_model_that_is_not_there(collection: Path, name: str) -> None:
    with pytest.raises(ModelMissing, match=DEFAULT_MODEL):
        load_model(name, collection)


@pytest.mark.parametrize("text", ["", "name: x", "name: [", "- 1"])
def test_a_card_that_is_no_card(collection: Path, text: str) -> None:
    (collection / DEFAULT_MODEL / "card.yaml").write_text(text)
    with pytest.raises(BadCard, match=r"card\.yaml"):
        read_card(collection / DEFAULT_MODEL)
