"""The case queue in a process of its own, as `dustwatch serve` runs it, without its pages."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.ended_process import ended_after
from tests.conftest import free_port

START_WITHIN_S = 120.0
_PROGRAM = """
import sys, uvicorn
from pathlib import Path
from service.api.app import create_app
from service.logs import set_up_logs
set_up_logs(quiet=True)
app = create_app(sys.argv[1], Path(sys.argv[2]), pages=False, is_open=sys.argv[4] == "open")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[3]), log_level="error", timeout_graceful_shutdown=3)
"""


@contextmanager
def served(database_url: str, evidence: Path, *, with_accounts: bool = False) -> Iterator[str]:
    """Serve the queue, to everybody or to who is signed in alone, and give its address."""
    port = free_port()
    access = "accounts" if with_accounts else "open"
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, database_url, str(evidence), str(port), access])
    address = f"http://127.0.0.1:{port}"
    with ended_after(process, 20):
        _wait(process, address)
        yield address


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the service ended")
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the service did not start")
