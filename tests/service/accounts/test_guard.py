"""Who asks while the database is away is told to try again, as anywhere else."""

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from service.accounts.accounts import Accounts
from tests.service.accounts.conftest import Browser


def test_a_database_that_is_away_when_a_token_is_looked_up_is_a_503(
    guarded: FastAPI, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError("the server is starting up"))

    monkeypatch.setattr(accounts.tokens, "principal", gone)
    edge = Browser(guarded, Authorization="Bearer dw_any")
    answer = edge.get("/api/v1/cameras/wanted")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
