"""A queue with accounts and without pages, on a real socket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.conftest import free_port, wait_until

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def running_queue(folder: Path, program: str) -> Iterator[str]:
    """Run the program with the folder and a port while the block runs; give its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", program, str(folder), str(port)], cwd=REPOSITORY)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_up(address), 120, "the queue")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def is_up(address: str) -> bool:
    """Tell whether a service answers at the address, and is well."""
    try:
        return httpx.get(f"{address}/healthz").is_success
    except httpx.TransportError:
        return False
