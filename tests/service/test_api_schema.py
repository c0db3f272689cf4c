"""Every route of the API, called with drawn requests by everybody there is: answers are those that OpenAPI documents.

Set DUSTWATCH_SCHEMA_EXAMPLES for a larger run than that of the suite.
"""

import os
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.accounts.access import find
from service.accounts.audit import Action
from service.accounts.principal import MachineScope, Principal, principal_of_machine, principal_of_user
from service.accounts.scope import Scope
from service.accounts.users import USER_ROLES, UserPlan
from service.api.app import create_app
from service.domain.lifecycle import Role
from service.storage.case_store import CaseStore
from tests.service.accounts.conftest import ORIGIN, Browser
from tests.service.made_cases import MORNING, keep_sites, lead

pytestmark = pytest.mark.slow

IN_THE_SUITE = 3
EXAMPLES = int(os.environ.get("DUSTWATCH_SCHEMA_EXAMPLES", IN_THE_SUITE))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = {"/api/v1/events"}
"""Answers that never end; they have tests of their own."""
COSTLY = {"/api/cases/{case_id}/casefile.pdf", "/api/cases/{case_id}/redacted/{name}"}
"""Answers that take seconds, as people in the pictures are looked for; called in larger runs alone."""
KNOWN = {
    "case_id": (1, 2, 3, 4),
    "site_id": ("east", "west"),
    "number": (1, 50001),
    "length": ("day", "week", "month"),
}
"""What paths may name that is there; drawn names hardly ever are."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who calls, by their headers; nobody has no principal."""

    name: str
    headers: dict[str, str]
    principal: Principal | None


def visitors_of(app: FastAPI) -> list[Visitor]:
    """Return nobody, a user of each role (in one district but for the administrator), and machines.

    There is one of each scope, and one that is bound to a site.
    """
    accounts = app.state.accounts
    found = [Visitor("nobody", {}, None)]
    for role in sorted(USER_ROLES):
        scope = Scope(everywhere=True) if role is Role.INSPECTOR else Scope(districts=frozenset({"江东区"}))
        plan = UserPlan(name=role.value, display_name=role.value, roles=frozenset({role}), scope=scope)
        user = accounts.users.add(plan, accounts.entry("test", Action.USER_MADE))
        browser = Browser(app)
        assert browser.get(f"/link?token={accounts.sign_in_link(role.value, 'test')}").status_code == 303
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        found.append(Visitor(role.value, {"Cookie": cookie, "Origin": ORIGIN}, principal_of_user(user)))
    for each in MachineScope:
        name = each.value.replace(":", "-")
        token = accounts.tokens.add(name, {each}, accounts.entry("test", Action.TOKEN_MADE))
        principal = principal_of_machine(name, frozenset({each}))
        found.append(Visitor(name, {"Authorization": f"Bearer {token}"}, principal))
    every, sites = frozenset(MachineScope), frozenset({"east"})
    token = accounts.tokens.add("bound", every, accounts.entry("test", Action.TOKEN_MADE), sites=sites)
    bound = principal_of_machine("bound", every, sites)
    found.append(Visitor("bound", {"Authorization": f"Bearer {token}"}, bound))
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory, make_package):
    folder = tmp_path_factory.mktemp("schema")
    app = create_app(f"sqlite:///{folder}/cases.db", folder / "evidence", pages=False)
    store: CaseStore = app.state.store
    keep_sites(store)
    token = app.state.accounts.tokens.add(
        "edge", {MachineScope.VIOLATIONS_WRITE}, app.state.accounts.entry("test", Action.TOKEN_MADE)
    )
    edge = Browser(app, Authorization=f"Bearer {token}")
    for number, site in enumerate(("east", "west", "north", "unlisted")):
        package = make_package(minutes=number, site_id=site, camera_id=f"{site}-gate")
        assert edge.post("/api/violations", files=package.parts(), headers=package.headers).status_code == 201
    lead(store, 2, "confirm", "assign", "accept", at=MORNING)
    yield app
    store.close()


@pytest.fixture(scope="module")
def visitors(app):
    return visitors_of(app)


@pytest.fixture(scope="module")
def operations(app, visitors):
    reader = next(each for each in visitors if each.name == "cases-read")
    schema = from_asgi("/openapi.json", app, headers=reader.headers)
    left_out = ENDLESS | (COSTLY if EXAMPLES <= IN_THE_SUITE else set())
    return [each.ok() for each in schema.get_all_operations() if each.ok().path not in left_out]


def test_every_route_answers_everybody_as_its_description_says(operations, visitors):
    assert len(operations) > 40
    broken = [problem for operation in operations for problem in problems_of(operation, visitors)]
    assert not broken, "\n".join(broken)


def problems_of(operation, visitors) -> list[str]:
    """Call one operation with drawn requests as each visitor, and return what was wrong with the answers."""
    found: dict[str, str] = {}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def call(case, data):
        for name, values in KNOWN.items():
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        for visitor in visitors:
            for problem in answer_problems(case, visitor):
                found.setdefault(problem.partition("\n")[0], problem)

    call()
    return list(found.values())


def answer_problems(case, visitor) -> list[str]:
    """Return what is wrong with the answer to one visitor."""
    name = f"{case.method} {case.operation.path} as {visitor.name}"
    answer = case.call(base_url=ORIGIN, headers=visitor.headers, timeout=120)
    found = find(case.formatted_path)
    if found is None or case.method not in found.by_method:  # the drawn path is another one
        return []
    line = found.by_method[case.method]
    wanted = refusal(line, visitor)
    if (wanted is not None or answer.status_code == 401) and answer.status_code != wanted:
        return [f"{name}: {answer.status_code}, not {wanted}"]
    if wanted is None and answer.status_code == 403 and "problem:not-allowed" in answer.text:
        return [f"{name}: refused, though the table allows it"]
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as error:
        told = "; ".join(str(each) for each in error.exceptions)
        return [f"{name}: {answer.status_code} {told[:600]}"]
    return []


def refusal(line, visitor) -> int | None:
    """Return the status that the table of access asks for, None where it lets the visitor through."""
    if line.is_public:
        return None
    if visitor.principal is None:
        return 401
    return None if line.allows(visitor.principal) else 403
