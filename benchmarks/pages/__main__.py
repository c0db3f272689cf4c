"""`python -m benchmarks.pages`: measures key press to next picture with 1 and 20 inspectors, and memory over a day.

One inspector sits at a browser; the other nineteen are clients that speak the page's socket, since twenty browsers
would measure the machine. The memory is measured with a service whose pages look for news twenty times a second.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from benchmarks.camera_figures import percentile
from benchmarks.machine import describe_machine
from benchmarks.pages.filling import Filling
from benchmarks.pages.inspector import Presses, opened, press
from benchmarks.pages.open_page import grow
from benchmarks.process_cost import sample_process
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from tests.conftest import free_port
from tests.service.conftest import SERVER

RESULTS = Path(__file__).parents[1] / "results" / "pages.json"
PAUSE_MS = 700
"""Between two decisions: as quick as somebody who only looks and presses."""
OTHERS = 19


def main() -> None:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--only", choices=("presses", "memory"), help="measure one of them; the other's figures stay")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--presses", type=int, default=100)
    parser.add_argument("--changes", type=int, default=3000, help="new cases and decisions while a page stays open")
    options = parser.parse_args()
    figures = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    figures["machine"] = describe_machine()
    if options.only != "memory":
        with _filled(options.cases) as queue:
            figures["presses"] = _presses(queue, options.presses)
    if options.only != "presses":
        with _filled(options.cases) as queue:
            figures["memory"] = _memory(queue, options.changes)
    RESULTS.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, ensure_ascii=False, indent=None if options.json else 1))


@dataclass(frozen=True)
class Queue:
    """A queue with so many cases that wait, in a folder."""

    folder: Path
    filling: Filling
    store: CaseStore
    cases: int


@contextmanager
def _filled(cases: int) -> Iterator[Queue]:
    with tempfile.TemporaryDirectory(prefix="dustwatch-pages-") as name:
        folder = Path(name)
        store = CaseStore(open_database(f"sqlite:///{folder}/cases.db"))
        filling = Filling(folder / "evidence")
        filling.fill(store.engine, cases)
        yield Queue(folder, filling, store, cases)
        store.close()


@contextmanager
def _served(queue: Queue, *command: str) -> Iterator[tuple[str, int]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, *command, str(queue.folder), str(port)])
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def _presses(queue: Queue, presses: int) -> dict[str, Any]:
    told: dict[str, Any] = {"cases": queue.cases, "picture_kb": queue.filling.picture_kb()}
    with _served(queue, "-c", SERVER) as (address, pid), opened(address) as page:
        press(page, 5, PAUSE_MS)
        told["one_inspector"] = _costing(page, pid, queue, presses)
        before_mb = _rss_mb(pid)
        crowd = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.pages.others", address, str(OTHERS), str(presses * 1.1 + 10)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert crowd.stdout is not None
        crowd.stdout.readline()  # all of them are there
        told["server_mb_a_page"] = round((_rss_mb(pid) - before_mb) / OTHERS, 2)
        told["twenty_inspectors"] = _costing(page, pid, queue, presses)
        others = json.loads(crowd.communicate(timeout=300)[0])
        took = Presses(tuple(others.pop("took_ms")), 0, ())
        told["others"] = {"count": OTHERS, "kind": "clients of the page's socket", **others, **_figures(took)}
    return told


def _costing(page: Page, pid: int, queue: Queue, presses: int) -> dict[str, Any]:
    decided, cpu_s = queue.store.revision().last_step, sample_process(pid).cpu_s
    took = press(page, presses, PAUSE_MS)
    decided, cpu_s = queue.store.revision().last_step - decided, sample_process(pid).cpu_s - cpu_s
    cost = {"service_cpu_ms_a_decision": round(1000 * cpu_s / max(1, decided), 1), "decided_by_all": decided}
    return {**_figures(took), **cost, "load_average": os.getloadavg()}


def _memory(queue: Queue, changes: int) -> dict[str, Any]:
    with _served(queue, "-m", "benchmarks.pages.serving") as (address, pid), opened(address) as page:
        told = grow(page, pid, queue.folder, queue.filling, queue.store, queue.cases, changes)
        return {"cases": queue.cases, **told, "load_average": os.getloadavg()}


def _figures(presses: Presses) -> dict[str, Any]:
    took_ms = presses.took_ms
    p50, p95 = (round(percentile(took_ms, share) or 0, 1) for share in (0.5, 0.95))
    slowest = round(max(took_ms, default=0.0), 1)
    told = {"presses": len(took_ms), "p50_ms": p50, "p95_ms": p95, "max_ms": slowest, "wrong": presses.wrong}
    return {**told, "unanswered": list(presses.unanswered)}


def _rss_mb(pid: int) -> float:
    return round(sample_process(pid).rss_mb, 1)


def _wait(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError("the service did not start")


if __name__ == "__main__":
    main()
