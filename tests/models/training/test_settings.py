"""The settings of a training."""

import pytest

from models.classes import TASKS
from models.errors import BadSettings
from models.training.settings import TrainingSettings, default_settings, differing_fields, read_settings


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_settings_that_never_turn_pictures_upside_down(task):
    settings = default_settings(task)
    assert settings.task == task
    assert "flipud" not in settings.augmentation.model_dump()


def test_a_file_lies_over_the_defaults_and_what_is_given_over_both(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("epochs: 7\nbatch: 2\naugmentation:\n  scale: 0.1\n")
    settings = read_settings("surfaces", path, {"epochs": 3})
    assert (settings.epochs, settings.batch, settings.augmentation.scale) == (3, 2, 0.1)
    assert settings.augmentation.fliplr == default_settings("surfaces").augmentation.fliplr
    assert settings.kind_weights == default_settings("surfaces").kind_weights


@pytest.mark.parametrize(
    "text", ["epochs: none", "epochs: 0", "imgsz: 100", "speed: 3", "- 1", "epochs: [", "kind_weights: {real: 0}", "a"]
)
def test_bad_settings_are_told_in_one_line(tmp_path, text):
    path = tmp_path / "settings.yaml"
    path.write_text(text)
    with pytest.raises(BadSettings) as raised:
        read_settings("mud", path)
    assert "\n" not in str(raised.value)


def test_what_does_not_change_the_result_may_differ_when_going_on():
    before = TrainingSettings(task="mud", threads=1, seed=1)
    assert differing_fields(before, TrainingSettings(task="mud", threads=2, seed=1)) == []
    assert differing_fields(before, TrainingSettings(task="mud", threads=1, seed=2, lr=0.5)) == ["lr", "seed"]
