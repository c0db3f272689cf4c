"""A page that stays open: what it holds, and what the service holds for it, does not grow with what happens."""

import subprocess
import sys

import pytest

from benchmarks.pages.filling import Filling
from benchmarks.pages.inspector import opened
from benchmarks.pages.open_page import change, sizes
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from tests.conftest import free_port, wait_until
from tests.service.conftest import REPOSITORY
from tests.service.guarded_queue import is_up
from tests.service.pages.browser import NEEDS_BROWSER

pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]

CASES, CHANGES = 600, 60
MOST_NODES, MOST_ELEMENTS = 60, 20
"""What a later case may have more than an earlier one; one each change would be 120."""


def test_a_page_left_open_holds_no_more_after_many_changes_of_the_queue(tmp_path):
    filling, port = Filling(tmp_path / "evidence"), free_port()
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    filling.fill(store.engine, CASES)
    command = [sys.executable, "-m", "benchmarks.pages.serving", str(tmp_path), str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_up(address), 120, "the queue")
        with opened(address) as page:
            change(page, filling, store, CASES, CHANGES)  # what is made once is there then
            before = sizes(page, process.pid, tmp_path)
            change(page, filling, store, CASES + CHANGES, 2 * CHANGES)
            after = sizes(page, process.pid, tmp_path)
            assert page.locator(f"[data-case='{store.revision().last_case}']").count() == 1  # it did follow
    finally:
        process.terminate()
        process.wait(30)
        store.close()
    assert after.page["nodes_in_document"] - before.page["nodes_in_document"] <= MOST_NODES
    assert after.page["nodes"] - before.page["nodes"] <= MOST_NODES
    assert after.elements - before.elements <= MOST_ELEMENTS
