"""`dustwatch accounts`, and how `dustwatch serve` starts: no default password, and nobody let in unasked."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from service.accounts.accounts import Accounts
from service.cli.accounts import app
from service.cli.queue_folder import DATABASE_NAME
from service.clock import utc_now
from service.errors import BadToken, BadUser, NoQueue, NoSuchUser
from service.storage.database import open_database
from tests.conftest import free_port, wait_until
from tests.service.conftest import PASSWORD
from tests.service.guarded_queue import is_up


@pytest.fixture
def data(tmp_path):
    open_database(f"sqlite:///{tmp_path}/{DATABASE_NAME}").dispose()
    return tmp_path


def run(data, *arguments):
    return CliRunner().invoke(app, [*arguments, "--data", str(data)], env={"COLUMNS": "200"})


def accounts_in(data) -> Accounts:
    return Accounts(open_database(f"sqlite:///{data}/{DATABASE_NAME}"), utc_now)


def test_a_user_is_made_listed_locked_unlocked_and_reset(data):
    made = run(data, "create", "Wang", "--display", "王工", "--role", "inspector", "--district", "滨江区")
    first = re.search(r"^http://127.0.0.1:8080/link\?token=(\S+)$", made.stdout, re.MULTILINE)[1]
    accounts = accounts_in(data)
    accounts.set_password_by_link(first, PASSWORD, "")
    listed = run(data, "list").output
    assert "王工" in listed
    assert "滨江区" in listed
    assert run(data, "lock", "wang").exit_code == 0
    assert accounts.users.get("wang").plan.locked
    assert run(data, "unlock", "Wang").exit_code == 0
    again = run(data, "reset", "wang", "--address", "https://dust.example/").stdout
    assert re.search(r"^https://dust.example/link\?token=\S+$", again, re.MULTILINE)
    assert {entry.who for _, entry in accounts.audit.page().entries} == {"command line", "wang"}


def test_mistakes_are_told(data, tmp_path):
    assert isinstance(run(data, "create", "a b", "--role", "inspector").exception, BadUser)
    assert isinstance(run(data, "create", "wang", "--role", "machine").exception, BadUser)
    assert isinstance(run(data, "lock", "nobody").exception, NoSuchUser)
    for wrong in (("a b",), ("edge", "--site", "a b")):
        made = run(data, "token", "create", *wrong, "--scope", "health:write")
        assert isinstance(made.exception, BadToken)
    assert isinstance(run(tmp_path / "none", "list").exception, NoQueue)


def test_a_token_is_printed_once_and_revoked(data):
    made = run(data, "token", "create", "edge-1", "--scope", "violations:write", "--scope", "health:write")
    token = made.stdout.strip()
    assert accounts_in(data).tokens.principal(token, utc_now()).name == "edge-1"
    listed = run(data, "token", "list").output
    assert "health:write" in listed
    assert "violations:write" in listed
    assert token not in listed
    assert run(data, "token", "revoke", "edge-1").exit_code == 0
    assert accounts_in(data).tokens.principal(token, utc_now()) is None


def test_a_token_is_bound_to_sites_and_listed_with_them(data):
    run(data, "token", "create", "edge-1", "--scope", "health:write", "--site", "east", "--site", "west")
    run(data, "token", "create", "edge-2", "--scope", "health:write")
    bound, unbound = accounts_in(data).tokens.tokens()
    assert (bound.sites, unbound.sites) == ({"east", "west"}, frozenset())
    listed = run(data, "token", "list").output
    assert "east" in listed
    assert "all" in listed
    assert accounts_in(data).audit.page().entries[1][1].detail == "edge-1: health:write; sites: east, west"


def dustwatch(*arguments, **options):
    command = [sys.executable, "-m", "service.cli.main", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "::", "dust.example"])
def test_open_mode_is_refused_where_others_could_reach_it(tmp_path, host):
    process = dustwatch("serve", "--open", "--data", tmp_path, "--host", host, "--port", free_port())
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert len(errors.strip().splitlines()) == 1
    assert host in errors


@pytest.mark.slow
def test_the_first_start_prints_a_link_that_makes_the_administrator(tmp_path: Path):
    port = free_port()
    log = tmp_path / "log"
    with log.open("w") as file:
        command = [sys.executable, "-m", "service.cli.main", "serve", "--data", str(tmp_path), "--port", str(port)]
        process = subprocess.Popen(command, stderr=file)
    try:
        wait_until(lambda: "token=" in log.read_text() and is_up(f"http://127.0.0.1:{port}"), 120, "the link")
        address, token = re.search(r"(http://\S+)/link\?token=(\S+)", log.read_text()).groups()
        assert httpx.get(f"{address}/", headers={"Accept": "text/html"}).headers["location"].startswith("/sign-in")
        with httpx.Client(base_url=address, headers={"Origin": address}) as browser:
            form = {"token": token, "name": "zhao", "display_name": "赵", "password": PASSWORD, "again": PASSWORD}
            assert browser.post("/link", data=form).status_code == 303
            assert browser.get("/").status_code == 200
            assert browser.get("/api/v1/account").json()["roles"] == ["administrator"]
        assert PASSWORD not in log.read_text()
    finally:
        process.terminate()
        process.wait(30)
