"""`dustwatch retention` on a real queue."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from service.cli.main import command_line
from service.cli.queue_folder import sqlite_url
from service.clock import utc_now
from service.domain.cases import Decision
from service.errors import BadRetention
from service.storage.case_store import CaseStore
from service.storage.database import open_database


@pytest.fixture
def data(tmp_path, make_finding):
    """A queue with one case that was rejected a hundred days ago."""
    store = CaseStore(open_database(sqlite_url(tmp_path)))
    then = utc_now() - timedelta(days=100)
    case, _ = store.add_or_get(make_finding(received_at=then))
    store.decide(case.id, Decision.REJECT, at=then)
    store.close()
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(command_line(), ["retention", *map(str, arguments)], catch_exceptions=False)


def test_a_dry_run_tells_what_would_go_and_deletes_nothing(data):
    assert call("run", "--data", data, "--dry-run").stdout == "1\trejected\t3\n"
    assert call("deletions", "--data", data).stdout == ""
    assert call("run", "--data", data).stdout == "1\trejected\t3\n"
    assert "\t1\trejected\t3\t" in call("deletions", "--data", data).stdout
    assert call("run", "--data", data).stdout == ""


def test_holds_are_set_listed_and_ended(data):
    call("hold", 1, "--reason", "行政复议", "--data", data)
    assert "行政复议" in call("holds", "--data", data).stdout
    assert call("run", "--data", data).stdout == ""
    call("release", 1, "--data", data)
    assert call("run", "--data", data, "--dry-run").stdout == "1\trejected\t3\n"


@pytest.mark.parametrize(
    ("text", "told"), [("days: {found: 3}", "found"), ("days: [", "no YAML"), ("dayz: {}", "Extra")]
)
def test_a_rule_that_can_not_be_right_is_refused(data, text, told):
    rule = data / "rule.yaml"
    rule.write_text(text)
    with pytest.raises(BadRetention, match=told):
        call("run", "--data", data, "--rule", rule)


def test_a_rule_of_ones_own_decides(data):
    rule = data / "rule.yaml"
    rule.write_text("days: {rejected: 101}")
    assert call("run", "--data", data, "--rule", rule, "--dry-run").stdout == ""
