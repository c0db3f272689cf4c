"""What a page that stays open costs: thousands of changes of the queue in quick order, sizes before and after."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.pages.filling import Filling
from benchmarks.pages.inspector import page_size
from benchmarks.process_cost import sample_process
from service.clock import utc_now
from service.domain.cases import CaseState, Decision
from service.storage.case_store import CaseFilter, CaseStore

EACH_S = 0.06
"""Between two changes: longer than such a page takes to look for news (`benchmarks.pages.serving`)."""


@dataclass(frozen=True)
class Sizes:
    """Of the browser's page, and of the service: its memory and the elements of its pages."""

    page: dict[str, float]
    server_mb: float
    elements: int


def sizes(page: Page, pid: int, folder: Path) -> Sizes:
    """Measure both, a moment after the last change."""
    page.wait_for_timeout(1500)
    return Sizes(page_size(page), round(sample_process(pid).rss_mb, 1), int((folder / "elements").read_text()))


def change(page: Page, filling: Filling, store: CaseStore, first: int, changes: int) -> None:
    """Let a new case come and an old one be decided, in turns; a day that begins with `first` cases."""
    for number in range(changes):
        began = time.monotonic()
        if number % 2:
            old = store.page(CaseFilter(CaseState.FOUND), limit=1, cursor=first // 2).cases[0]
            store.decide(old.id, Decision.REJECT, at=utc_now(), reason="unclear", reviewer="李工")
        else:
            filling.add(store, first + number)
        page.wait_for_timeout(max(0.0, EACH_S - (time.monotonic() - began)) * 1000)


def grow(
    page: Page, pid: int, folder: Path, filling: Filling, store: CaseStore, cases: int, changes: int
) -> dict[str, Any]:
    """Measure three times: at first, after half of the changes, and after all; what only settles stops growing."""
    told = [sizes(page, pid, folder)]
    for half in range(2):
        change(page, filling, store, cases + half * changes, changes // 2)
        told.append(sizes(page, pid, folder))
    return {"changes": changes, "sizes": [asdict(each) for each in told]}
