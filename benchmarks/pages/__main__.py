"""`python -m benchmarks.pages`: measures key press to next picture with 1 and 20 inspectors, and memory over a day.

One inspector sits at a browser; the other nineteen are clients that speak the page's socket, since twenty browsers
would measure the machine. Options: `--json` prints the figures, `--cases`, `--presses`, `--updates` of the day.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from benchmarks.camera_figures import percentile
from benchmarks.machine import describe_machine
from benchmarks.pages.filling import Filling
from benchmarks.pages.inspector import heap_mb, opened, press
from benchmarks.process_cost import sample_process
from service.clock import utc_now
from service.domain.cases import CaseState, Decision
from service.storage.case_store import CaseFilter, CaseStore
from service.storage.database import open_database
from tests.conftest import free_port
from tests.service.conftest import SERVER

RESULTS = Path(__file__).parents[1] / "results" / "pages.json"
PAUSE_MS = 700
"""Between two decisions: as quick as somebody who only looks and presses."""
OTHERS = 19
UPDATE_EACH_S = 0.75
"""A little longer than a page's own refresh, so that each update is one that it shows."""


def main() -> None:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--presses", type=int, default=100)
    parser.add_argument("--updates", type=int, default=400, help="new cases and changes of a day, one at a time")
    options = parser.parse_args()
    figures: dict[str, Any] = {"machine": describe_machine(), "load_average": os.getloadavg()}
    with tempfile.TemporaryDirectory(prefix="dustwatch-pages-") as name:
        figures |= measure(Path(name), options.cases, options.presses, options.updates)
    RESULTS.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for key, value in figures.items():
        print(f"{key}: {value}")


def measure(folder: Path, cases: int, presses: int, updates: int) -> dict[str, Any]:
    """Fill a queue, serve it, and measure."""
    filling = Filling(folder / "evidence")
    store = CaseStore(open_database(f"sqlite:///{folder}/cases.db"))
    filling.fill(store.engine, cases)
    result: dict[str, Any] = {"cases": cases, "picture_kb": filling.picture_kb()}
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(folder), str(port)])
    try:
        _wait(address)
        with opened(address) as page:
            press(page, 5, PAUSE_MS)
            alone = press(page, presses, PAUSE_MS)
            result["one_inspector"] = _figures(*alone)
            empty_mb = _rss_mb(process.pid)
            crowd = _others(address, presses * (PAUSE_MS / 1000 + 0.4) + 15)
            time.sleep(12)  # until all of them are there
            with_all_mb = _rss_mb(process.pid)
            together = press(page, presses, PAUSE_MS)
            result["twenty_inspectors"] = _figures(*together)
            result["others"] = _told(crowd)
            result["server_mb_a_page"] = round((with_all_mb - empty_mb) / OTHERS, 2)
            result["a_day"] = _day(page, process.pid, filling, store, cases, updates)
    finally:
        process.terminate()
        process.wait(20)
        store.close()
    return result


def _day(page: Page, pid: int, filling: Filling, store: CaseStore, cases: int, updates: int) -> dict[str, Any]:
    """Let new cases come and others decide, one after the other, while the page stays open."""
    before = {"heap_mb": heap_mb(page), "server_mb": _rss_mb(pid)}
    for number in range(updates):
        began = time.monotonic()
        filling.add(store, cases + number)
        oldest = store.page(CaseFilter(CaseState.FOUND), limit=1, cursor=cases // 2).cases[0]
        store.decide(oldest.id, Decision.REJECT, at=utc_now(), reason="unclear", reviewer="李工")
        page.wait_for_timeout(max(0.0, UPDATE_EACH_S - (time.monotonic() - began)) * 1000)
    after = {"heap_mb": heap_mb(page), "server_mb": _rss_mb(pid)}
    took, wrong = press(page, 20, PAUSE_MS)
    return {"updates": updates, "before": before, "after": after, "then": _figures(took, wrong)}


def _others(address: str, seconds: float) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.pages.others", address, str(OTHERS), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def _told(crowd: "subprocess.Popen[bytes]") -> dict[str, Any]:
    answer, _ = crowd.communicate(timeout=120)
    told = json.loads(answer)
    took = told.pop("took_ms")
    return {"count": OTHERS, "kind": "clients of the page's socket", **told, **_figures(took, 0)}


def _figures(took_ms: list[float], wrong: int) -> dict[str, Any]:
    p50, p95 = (round(percentile(took_ms, share) or 0, 1) for share in (0.5, 0.95))
    return {"presses": len(took_ms), "p50_ms": p50, "p95_ms": p95, "max_ms": round(max(took_ms), 1), "wrong": wrong}


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
