"""Gives matplotlib's pyplot to those benchmarks that plot, where it is installed."""

import importlib
from typing import Any


def pyplot_if_any() -> Any:  # noqa: ANN401 - matplotlib is optional and untyped here
    """Return pyplot, which draws into files alone; None without matplotlib."""
    try:
        importlib.import_module("matplotlib").use("Agg")
        return importlib.import_module("matplotlib.pyplot")
    except ImportError:
        return None
