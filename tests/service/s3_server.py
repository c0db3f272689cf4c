"""An S3 server over HTTP for tests, in a process of its own."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port, wait_for_port

PYTHON = Path(sys.prefix) / "s3-server" / "bin" / "python"
"""Of an environment of its own, as moto asks for older packages than we use."""


@dataclass(frozen=True)
class S3Server:
    """A running server."""

    endpoint: str

    def new_bucket(self) -> str:
        """Make an empty bucket and return the address of a folder in it."""
        name = f"evidence-{uuid.uuid4().hex}"
        httpx.put(f"{self.endpoint}/{name}", headers={"Host": "s3.amazonaws.com"}).raise_for_status()
        return f"s3://{name}/office/cases?endpoint={self.endpoint}"


@contextmanager
def run_s3_server() -> Iterator[S3Server]:
    """Run a server while the block runs."""
    if not PYTHON.exists():
        pytest.skip(f"needs moto in an environment of its own ({PYTHON}); make test sets it up")
    port = free_port()
    command = [str(PYTHON), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, 120)
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
