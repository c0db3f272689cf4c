"""Makes ultralytics a library that stays on this machine: no network, no settings of its own, no writing elsewhere."""

import logging
import os
import tempfile
from functools import cache

from PIL import Image

from models.errors import TrainingMissing


@cache
def prepare_ultralytics() -> None:
    """Set ultralytics up before its first import; call this before importing it anywhere.

    It is offline (no version check, no download of weights or fonts, no usage events), keeps its settings in a folder
    that is removed at the end, and logs warnings only, to the standard error output.

    Raises:
        TrainingMissing: the extra `train` is not installed.
    """
    folder = tempfile.TemporaryDirectory(prefix="dustwatch-ultralytics-")
    _kept.append(folder)
    os.environ["YOLO_OFFLINE"] = "true"
    os.environ["YOLO_AUTOINSTALL"] = "false"
    os.environ["YOLO_VERBOSE"] = "false"
    os.environ["YOLO_CONFIG_DIR"] = folder.name
    try:
        import ultralytics.utils as ultralytics_utils
        from ultralytics.utils import patches
    except ImportError as error:
        raise TrainingMissing from error
    # It puts a reader of its own in Pillow's place, which fails on damaged pictures in other ways than Pillow does.
    Image.open = patches._image_open
    logger = logging.getLogger(ultralytics_utils.LOGGING_NAME)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)  # they hold the standard output, which is for results
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.WARNING)
    # Services that would be told about a run when they happen to be installed, and hints for other programs.
    services = [name for name, value in ultralytics_utils.SETTINGS.items() if isinstance(value, bool)]
    ultralytics_utils.SETTINGS.update(dict.fromkeys(services, False))
    # A data set's check fetches a font for plots when there is none; we draw none, so an empty file will do.
    for name in ("Arial.ttf", "Arial.Unicode.ttf"):
        (ultralytics_utils.USER_CONFIG_DIR / name).touch()


_kept: list[tempfile.TemporaryDirectory[str]] = []
"""Holds the settings' folder until the process ends."""
