"""The audit log by days: the office's days, both included."""

from datetime import UTC, datetime

import pytest

from service.accounts.audit import Action, Entry
from service.domain.lifecycle import Role


@pytest.fixture
def browser(enter, accounts):
    browser = enter("zhao", Role.ADMINISTRATOR)
    for at in (datetime(2026, 1, 1, 15, 59, tzinfo=UTC), datetime(2026, 1, 1, 16, 0, tzinfo=UTC)):
        accounts.audit.add(Entry(at, "li", Action.SIGNED_IN, "10.0.0.1"))
    return browser


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"to": "2026-01-01"}, ["2026-01-01T15:59:00Z"]),
        ({"from": "2026-01-02", "to": "2026-01-02"}, ["2026-01-01T16:00:00Z"]),
        ({"from": "2026-01-03", "to": "2026-01-03"}, []),
    ],
)
def test_entries_are_found_by_the_days_of_beijing(browser, days, found):
    items = browser.get("/api/v1/audit", params={"who": "li", **days}).json()["items"]
    assert [item["at"] for item in items] == found
    lines = browser.get("/api/v1/audit.csv", params={"who": "li", **days}).text.splitlines()
    assert len(lines) == 1 + len(found)
