"""What administrators are told of models, read from a registry's folder."""

import json

import pytest

from models.cards import WEIGHTS_NAME
from models.registry.registry import Registry
from service.pages.administration.model_rows import model_rows, shadow_found
from tests.service.pages.test_administration_browser import add_model


@pytest.fixture
def registry(tmp_path):
    for version in ("1", "2"):
        add_model(tmp_path, version)
    registry = Registry(tmp_path / "models", built_in=tmp_path / "none")
    registry.promote("toy", "1", "a", "first")
    registry.promote("toy", "2", "a", "better")
    return registry


def test_versions_come_the_newest_first_with_the_one_in_production_and_the_one_before(registry):
    (row,) = model_rows(registry)
    assert [(each.version, each.in_production) for each in row.versions] == [("2", True), ("1", False)]
    assert row.before == "1"
    assert [change.reason for change in row.history] == ["better", "first"]


def test_weights_that_are_not_those_of_the_card_are_told(registry):
    (registry.root / "toy" / "1" / WEIGHTS_NAME).write_bytes(b"other")
    (row,) = model_rows(registry)
    assert [(each.version, each.card is None) for each in row.versions] == [("2", False), ("1", True)]


def test_a_shadow_run_is_read_and_a_damaged_one_left_out(tmp_path):
    assert shadow_found(None) is None
    assert shadow_found(tmp_path) is None
    summary = {"production_sha256": "a", "candidate_sha256": "b", "pictures": 3, "different": 1, "mean_amount": 0.1}
    more = {"by_class": {"net": 0.2}, "only_production": 0, "only_candidate": 0}
    (tmp_path / "shadow.json").write_text(json.dumps({**summary, **more}))
    assert shadow_found(tmp_path).by_class == {"net": 0.2}
    (tmp_path / "shadow.json").write_text("[")
    assert shadow_found(tmp_path) is None
