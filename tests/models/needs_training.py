"""Skips a test module where the extra `train` is missing, and sets ultralytics up before its first import."""

import pytest

from models.errors import TrainingMissing
from models.training.offline import prepare_ultralytics


def needs_training() -> None:
    """Call at the head of a module, before anything imports ultralytics."""
    try:
        prepare_ultralytics()
    except TrainingMissing:
        pytest.skip("needs the extra `train`", allow_module_level=True)
