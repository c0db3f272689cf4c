"""Says what machine figures were measured on: a time means nothing without it."""

import os
import platform
from pathlib import Path


def processor() -> str:
    """Return the processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def describe_machine() -> dict[str, str | int]:
    """Return the processor, how many cores there are, and the version of Python."""
    return {"processor": processor(), "cores": os.cpu_count() or 1, "python": platform.python_version()}
