"""The loop where nothing has to be trained; the whole of it is in tests/models/test_retraining_drill.py."""

from datetime import date

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from models.agreement import contradicted
from models.data.data_set import read_data_set
from models.registry.registry import Registry
from models.training.settings import default_settings
from service.cli.main import command_line
from service.domain.cases import Decision
from service.errors import NoCheckpoint, NoFrozenSet, NoQueue
from service.retraining.candidate import CHECKPOINT_NAME, next_version
from service.retraining.outcome import Contested, Learnt, RetrainingOutcome
from service.retraining.retrain import Limits, Retraining, retrain
from service.retraining.reviewed_queue import read_reviewed
from tests.made_queue import MadeQueue
from tests.models.data.made_data_set import describe, save_mask
from tests.models.made_models import SURFACES, colour_network, made_model, write_model

SOIL = {"class_name": "bare_soil", "points": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]}


class Silent:
    def stage(self, name):
        pass

    def training(self, at):
        raise AssertionError("nothing is to be trained")


@pytest.fixture
def queue(tmp_path):
    queue = MadeQueue(tmp_path / "service")
    yield queue
    queue.close()


@pytest.fixture
def registry(tmp_path):
    registry = Registry(tmp_path / "models", built_in=tmp_path / "none")
    folder = write_model(tmp_path / "production", made_model(colour_network()))
    (folder / CHECKPOINT_NAME).write_bytes(b"never read here")
    registry.add_version("surfaces", "1", folder)
    registry.promote("surfaces", "1", "test", "the first")
    return registry


def plan(tmp_path, registry, **changes):
    given = {
        "settings": default_settings("surfaces"),
        "registry": registry,
        "frozen": [tmp_path / "frozen"],
        "base": [],
        "work": tmp_path / "work",
        "limits": Limits(least_cases=5),
    }
    return Retraining(**{**given, **changes})


def test_few_cases_are_not_learnt_from(tmp_path, queue, registry):
    for number in range(4):
        queue.decided(np.full((48, 64, 3), number, np.uint8), [SOIL], Decision.REJECT)
    outcome = retrain(plan(tmp_path, registry), read_reviewed(queue.store, queue.evidence), Silent(), "test")
    assert outcome.refusals == ["only 4 decided cases tell of surfaces; at least 5 are needed"]
    assert not outcome.promoted
    assert outcome.learnt.samples["test"] == 1
    assert sum(outcome.learnt.samples.values()) == 4
    assert RetrainingOutcome.model_validate(outcome.model_dump(exclude={"refusals"})) == outcome


def test_without_a_frozen_set_or_a_checkpoint_nothing_is_begun(tmp_path, queue, registry):
    reviewed = read_reviewed(queue.store, queue.evidence)
    with pytest.raises(NoFrozenSet):
        retrain(plan(tmp_path, registry, frozen=[]), reviewed, Silent(), "test")
    (tmp_path / "models" / "surfaces" / "1" / CHECKPOINT_NAME).unlink()
    with pytest.raises(NoCheckpoint, match="--from"):
        retrain(plan(tmp_path, registry), reviewed, Silent(), "test")
    assert not (tmp_path / "work").exists()


def test_the_command_wants_a_queue(tmp_path):
    command = ["models", "retrain", "surfaces", "--data", str(tmp_path)]
    ended = CliRunner().invoke(command_line(), command)
    assert isinstance(ended.exception, NoQueue)
    assert not list(tmp_path.iterdir())


def test_a_model_contradicts_what_it_sees_otherwise(tmp_path):
    for name, colour, label in (("right", (255, 0, 0), 0), ("wrong", (255, 0, 0), 1), ("quiet", (0, 255, 0), 255)):
        picture = tmp_path / "images" / "train" / f"{name}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), colour).save(picture)
        save_mask(tmp_path / "masks" / "train" / f"{name}.png", np.full((48, 64), label, np.uint8))
    describe(tmp_path, SURFACES)
    data_set = read_data_set(tmp_path, contents=False)
    assert contradicted(made_model(colour_network()), data_set, "train") == {"wrong"}


def test_many_contested_cases_stand_against_a_candidate():
    learnt = Learnt(cases=9, least=5, samples={}, decided_from=None, decided_to=None, silent=0, damaged=[])
    outcome = RetrainingOutcome(
        task="mud",
        learnt=learnt,
        production="1",
        candidate=None,
        checkpoint=None,
        promoted=False,
        contested=Contested(share=0.4, limit=0.3, cases=["a"]),
    )
    (refusal,) = outcome.refusals
    assert "40%" in refusal
    assert outcome.refusal_texts(lambda text: "{share}/{limit}") == ["40%/30%"]
    calm = outcome.model_copy(update={"contested": Contested(share=0.3, limit=0.3, cases=[])})
    assert calm.refusals == []


def test_versions_are_named_by_day():
    day = date(2026, 11, 24)
    assert next_version([], day) == "2026-11-24-a"
    assert next_version(["2026-11-24-a", "2026-11-24-b", "1"], day) == "2026-11-24-c"
    assert next_version([f"2026-11-24-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"], day) == "2026-11-24-27"
