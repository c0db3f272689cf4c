"""The registry gives the version that was promoted last, remembers who did so, and goes back."""

import threading
from pathlib import Path

import pytest

from models.errors import (
    BadCard,
    BadName,
    BadRegistry,
    InProductionAlready,
    ModelChanged,
    ModelMissing,
    NothingBefore,
    NothingInProduction,
    VersionMissing,
    VersionTaken,
)
from models.registry.registry import DEFAULT_MODEL, Registry, load_model, user_root
from tests.models.made_models import colour_network, made_model, write_model

NAME = "surfaces"


@pytest.fixture(scope="module")
def network() -> bytes:
    return colour_network()


@pytest.fixture
def made(network: bytes, tmp_path: Path) -> Path:
    return write_model(tmp_path / "made", made_model(network))


@pytest.fixture
def registry(network: bytes, made: Path, tmp_path: Path) -> Registry:
    """One built-in version, `1`, in production; two of the user's, `2` and `3`, that nobody promoted."""
    built_in = tmp_path / "built-in"
    write_model(built_in / NAME / "1", made_model(network, source="built in"))
    (built_in / NAME / "production").write_text("1\n")
    registry = Registry(tmp_path / "user", built_in)
    for version in ("2", "3"):
        registry.add_version(NAME, version, made)
    return registry


def test_the_users_versions_lie_over_the_built_in_ones(registry: Registry) -> None:
    assert registry.names() == [NAME]
    assert registry.versions(NAME) == ["1", "2", "3"]
    assert registry.production(NAME) == "1"
    assert registry.load(NAME).card.source == "built in"
    assert registry.load(NAME, "2").card.source == "made by hand"


def test_before_anything_was_added_the_built_in_models_are_there(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "not" / "yet")
    assert DEFAULT_MODEL in registry.names()
    assert registry.production(DEFAULT_MODEL) == "1"
    assert not (tmp_path / "not").exists()


def test_versions_are_listed_in_the_order_that_people_count_in(registry: Registry, made: Path) -> None:
    for version in ("10", "2026-11-24-a"):
        registry.add_version(NAME, version, made)
    assert registry.versions(NAME) == ["1", "2", "3", "10", "2026-11-24-a"]


def test_a_promoted_version_is_the_one_that_is_loaded(registry: Registry) -> None:
    change = registry.promote(NAME, "2", "王工", "better on every set")
    assert registry.production(NAME) == "2"
    assert load_model(NAME, registry.root).card.source == "made by hand"
    assert load_model(NAME, registry.root).version == "2"
    assert registry.history(NAME) == [change]
    assert (change.previous, change.who, change.reason) == ("1", "王工", "better on every set")
    assert (registry.root / NAME / "production").read_text() == "2\n"


def test_going_back_goes_to_the_version_before_and_then_further(registry: Registry) -> None:
    for version in ("2", "3"):
        registry.promote(NAME, version, "a", "b")
    assert registry.rollback(NAME, "a", "false alarms").version == "2"
    assert registry.rollback(NAME, "a", "more").version == "1"
    assert registry.production(NAME) == "1"
    with pytest.raises(NothingBefore, match="from 1"):
        registry.rollback(NAME, "a", "still more")
    registry.promote(NAME, "3", "a", "mended")
    assert registry.rollback(NAME, "a", "no").version == "1"
    assert [change.version for change in registry.history(NAME)] == ["2", "3", "2", "1", "3", "1"]


def test_going_back_works_when_the_version_in_production_is_damaged(registry: Registry) -> None:
    registry.promote(NAME, "2", "a", "b")
    (registry.root / NAME / "2" / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelChanged):
        registry.load(NAME)
    assert registry.rollback(NAME, "a", "damaged").version == "1"
    assert registry.load(NAME).card.source == "built in"


def test_a_damaged_version_is_neither_promoted_nor_gone_back_to(registry: Registry) -> None:
    registry.promote(NAME, "2", "a", "b")
    registry.promote(NAME, "3", "a", "b")
    (registry.root / NAME / "2" / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelChanged):
        registry.promote(NAME, "2", "a", "b")
    with pytest.raises(ModelChanged):
        registry.rollback(NAME, "a", "b")
    assert registry.production(NAME) == "3"


def test_what_can_not_be_promoted(registry: Registry) -> None:
    with pytest.raises(VersionMissing, match="there are: 1, 2, 3"):
        registry.promote(NAME, "9", "a", "b")
    with pytest.raises(ModelMissing, match="surfaces"):
        registry.promote("nets", "1", "a", "b")
    with pytest.raises(InProductionAlready):
        registry.promote(NAME, "1", "a", "b")
    for name, version in (("../x", "1"), (NAME, "../2"), (NAME, "..")):
        with pytest.raises(BadName):
            registry.promote(name, version, "a", "b")
    assert not list(registry.root.parent.glob("x*"))
    assert registry.history(NAME) == []


def test_a_version_never_changes(registry: Registry, made: Path) -> None:
    for taken in ("1", "2"):
        with pytest.raises(VersionTaken):
            registry.add_version(NAME, taken, made)


def test_a_folder_that_is_no_model_leaves_nothing_behind(registry: Registry, made: Path) -> None:
    (made / "model.onnx").write_bytes(b"something else")
    with pytest.raises(ModelChanged):
        registry.add_version(NAME, "4", made)
    with pytest.raises(BadCard, match="the card of surfaces"):
        registry.add_version("mud", "1", registry.folder(NAME, "2"))
    assert registry.versions(NAME) == ["1", "2", "3"]
    assert not list(registry.root.rglob(".incoming*"))


def test_a_model_without_production_says_so(registry: Registry, tmp_path: Path) -> None:
    only_user = Registry(registry.root, tmp_path / "nothing")
    with pytest.raises(NothingInProduction, match="promote surfaces"):
        only_user.load(NAME)


@pytest.mark.parametrize("text", [b"", b"../../x\n", b"\xff\xfe"])
def test_a_damaged_pointer_is_told_and_mended_by_the_next_promotion(registry: Registry, text: bytes) -> None:
    (registry.root / NAME / "production").write_bytes(text)
    with pytest.raises(BadRegistry, match="promote one again"):
        registry.load(NAME)
    registry.promote(NAME, "2", "a", "b")
    assert registry.production(NAME) == "2"


def test_a_damaged_history_is_told(registry: Registry) -> None:
    registry.promote(NAME, "2", "a", "b")
    (registry.root / NAME / "history.jsonl").write_text("{}\n")
    with pytest.raises(BadRegistry, match=r"history\.jsonl"):
        registry.rollback(NAME, "a", "b")


def test_promotions_at_the_same_time_take_turns(registry: Registry, network: bytes) -> None:
    versions = [str(number) for number in range(2, 10)]
    for version in versions[2:]:
        registry.add_version(NAME, version, write_model(registry.root.parent / "m", made_model(network)))
    threads = [threading.Thread(target=registry.promote, args=(NAME, version, "a", "b")) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history = registry.history(NAME)
    assert sorted(change.version for change in history) == sorted(versions)
    assert [change.previous for change in history] == ["1", *(change.version for change in history[:-1])]


def test_the_users_folder_is_told_by_the_environment() -> None:
    assert user_root({"DUSTWATCH_MODELS": "/srv/models"}) == Path("/srv/models")
    assert user_root({}) == Path("dustwatch-data/models")
    assert user_root({"DUSTWATCH_MODELS": ""}) == Path("dustwatch-data/models")
