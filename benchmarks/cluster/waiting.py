"""Waits until something holds, or tells that it did not."""

import time
from collections.abc import Callable


def wait(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until the condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.2)
