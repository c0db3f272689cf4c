"""Ends a process that a measurement has started, in order if it can be."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_after(process: "subprocess.Popen[bytes]", within_s: float) -> Iterator[None]:
    """End the process after the block: asked to at first, killed where it has not ended within that many seconds."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
