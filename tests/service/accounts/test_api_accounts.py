"""Administrators' API: users, machines' tokens, and the audit log as JSON and as a table."""

import csv
import io

from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.domain.lifecycle import Role
from tests.service.accounts.conftest import Browser

WANG = {"name": "wang", "display_name": "王工", "roles": ["inspector"], "scope": {"districts": ["滨江区"]}}
LONG = "another long secret"


def test_an_administrator_makes_a_user_who_sets_a_password_and_is_locked(enter, guarded):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    made = zhao.post("/api/v1/accounts", json=WANG)
    assert (made.status_code, made.json()["user"]["has_password"]) == (201, False)
    wang = Browser(guarded)
    token = made.json()["link"].partition("token=")[2]
    assert wang.post("/link", data={"token": token, "password": LONG, "again": LONG}).status_code == 303
    assert wang.get("/api/v1/account").json()["scope"]["districts"] == ["滨江区"]
    assert [each["user"]["name"] for each in zhao.get("/api/v1/accounts").json()] == ["wang", "zhao"]

    assert zhao.post("/api/v1/accounts", json=WANG).json()["type"].endswith("user-name-taken")
    changed = zhao.request("PUT", "/api/v1/accounts/wang", json={**WANG, "roles": ["reviewer"]})
    assert changed.json()["user"]["roles"] == ["reviewer"]
    assert wang.get("/api/v1/account").json()["roles"] == ["reviewer"]
    zhao.request("PUT", "/api/v1/accounts/wang", json={**WANG, "locked": True})
    assert wang.get("/api/v1/account").status_code == 401


def test_what_makes_no_sense_is_a_problem(enter):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    for body in ({**WANG, "roles": []}, {**WANG, "roles": ["machine"]}, {**WANG, "password": "x"}, {}):
        assert zhao.post("/api/v1/accounts", json=body).status_code == 422
    assert zhao.request("PUT", "/api/v1/accounts/other", json=WANG).json()["type"].endswith("user-name-mismatch")
    assert zhao.post("/api/v1/accounts/nobody/reset").status_code == 404
    me = {"name": "zhao", "display_name": "zhao", "roles": ["site"]}
    assert zhao.request("PUT", "/api/v1/accounts/zhao", json=me).json()["type"].endswith("last-administrator")


def test_a_machine_s_token_is_told_once_and_revoked(enter, guarded):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    made = zhao.post("/api/v1/machine-tokens", json={"name": "edge-1", "scopes": ["cases:read"]})
    token = made.json()["token"]
    edge = Browser(guarded, Authorization=f"Bearer {token}")
    assert edge.get("/api/cases").status_code == 200
    listed = zhao.get("/api/v1/machine-tokens")
    assert listed.json()[0]["scopes"] == ["cases:read"]
    assert token not in listed.text
    assert zhao.post("/api/v1/machine-tokens", json={"name": "edge-2", "scopes": ["all"]}).status_code == 422
    assert zhao.request("DELETE", "/api/v1/machine-tokens/edge-1").status_code == 204
    assert edge.get("/api/cases").status_code == 401
    assert zhao.request("DELETE", "/api/v1/machine-tokens/edge-1").status_code == 404


def test_a_token_s_sites_are_listed_and_in_the_audit_log(enter, accounts):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    wanted = {"name": "edge-1", "scopes": ["health:write"], "sites": ["west", "east"]}
    assert zhao.post("/api/v1/machine-tokens", json=wanted).status_code == 201
    assert zhao.get("/api/v1/machine-tokens").json()[0]["sites"] == ["east", "west"]
    assert accounts.audit.page().entries[0][1].detail == "edge-1: health:write; sites: east, west"
    for wrong in (["a b"], [""], [f"s-{number}" for number in range(201)]):
        answer = zhao.post("/api/v1/machine-tokens", json={**wanted, "name": "edge-2", "sites": wrong})
        assert answer.status_code == 422


def test_a_token_that_is_not_known_does_not_fall_back_to_the_cookie(enter):
    browser = enter("zhao", Role.ADMINISTRATOR)
    assert browser.get("/api/cases", headers={"Authorization": "Bearer dw_wrong"}).status_code == 401
    assert browser.get("/api/cases", headers={"Authorization": "Basic x"}).status_code == 200


def test_the_audit_log_tells_who_did_what_and_is_a_table_too(enter, accounts):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    zhao.post("/api/v1/accounts", json={**WANG, "display_name": "=HYPERLINK(1)"})
    listed = zhao.get("/api/v1/audit?limit=2").json()
    assert [item["action"] for item in listed["items"]] == ["one-time link made", "user made"]
    older = zhao.get(f"/api/v1/audit?cursor={listed['next_cursor']}&who=zhao").json()["items"]
    assert [item["action"] for item in older] == ["signed in"]

    accounts.audit.add(accounts.entry("=1+1", Action.SIGNED_IN, detail="滨江区, “东门”"))
    answer = zhao.get("/api/v1/audit.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0] == ["id", "at", "who", "action", "address", "case_id", "detail"]
    assert rows[1][2] == "'=1+1"
    assert rows[1][6] == "滨江区, “东门”"
    assert len(rows) == 1 + len(accounts.audit.page(limit=200).entries)
    assert [row[2] for row in csv.reader(io.StringIO(zhao.get("/api/v1/audit.csv?who=nobody").text))] == ["who"]


def test_no_secret_is_in_the_audit_log(enter, machine, accounts):
    zhao = enter("zhao", Role.ADMINISTRATOR)
    link = zhao.post("/api/v1/accounts", json=WANG).json()["link"].partition("token=")[2]
    edge = machine(MachineScope.CASES_READ)
    log = zhao.get("/api/v1/audit.csv").text
    for secret in (link, edge.headers["Authorization"].split()[1], zhao.cookies["dustwatch_session"]):
        assert secret not in log
