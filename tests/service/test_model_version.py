"""What has to be there before a training becomes a version; a whole one is made in the retraining drill."""

import pytest

from service.errors import BadCardNotes, TrainingNotFinished
from service.model_version import finished_training, read_notes


def test_a_folder_without_a_finished_training_is_refused(tmp_path):
    with pytest.raises(TrainingNotFinished, match="holds no finished training"):
        finished_training(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [("licence: AGPL-3.0\n", "Field required"), ("licence: [", "flow"), ("colour: blue\n", "Field required")],
)
def test_notes_that_say_too_little_are_refused(tmp_path, text, told):
    notes = tmp_path / "notes.yaml"
    notes.write_text(text)

    with pytest.raises(BadCardNotes, match=told):
        read_notes(notes)


def test_notes_that_are_not_there_are_told(tmp_path):
    with pytest.raises(BadCardNotes, match="No such file"):
        read_notes(tmp_path / "none.yaml")
