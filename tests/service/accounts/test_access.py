"""Who may use which route: every route of the app, with every role and every machine's scope."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount, Route

from service.accounts.access import TABLE, Access, Row, allows, find
from service.accounts.principal import Kind, MachineScope, Principal, principal_of_machine
from service.accounts.scope import EVERYWHERE
from service.accounts.users import USER_ROLES
from service.api.app import create_app
from service.domain.lifecycle import Role

EVERYBODY = "inspector reviewer district street site administrator"
OFFICE = "inspector reviewer administrator"
NOT_SITE = "inspector reviewer district street administrator"
# What the table of access has to say, written down once more by hand: method, path, roles, machine's scope.
EXPECTED = """
GET    /healthz                                              | public |
GET    /sign-in                                              | public |
POST   /sign-in                                              | public |
GET    /link                                                 | public |
POST   /link                                                 | public |
GET    /oidc/sign-in                                         | public |
GET    /oidc/callback                                        | public |
POST   /oidc/logout                                          | public |
GET    /                                                     | everybody |
GET    /en                                                   | everybody |
GET    /cases                                                | everybody |
GET    /en/cases                                             | everybody |
GET    /site                                                 | puts-right |
GET    /en/site                                              | puts-right |
GET    /site/{case_id}                                       | puts-right |
GET    /en/site/{case_id}                                    | puts-right |
GET    /sites                                                | everybody |
GET    /en/sites                                             | everybody |
GET    /sites/{site_id}                                      | everybody |
GET    /en/sites/{site_id}                                   | everybody |
GET    /maintenance                                          | everybody |
GET    /en/maintenance                                       | everybody |
GET    /cameras                                              | everybody |
GET    /en/cameras                                           | everybody |
GET    /cameras/{site_id}/{camera_id}                        | everybody |
GET    /en/cameras/{site_id}/{camera_id}                     | everybody |
GET    /cameras/{site_id}/{camera_id}/commissioning          | commissioners |
GET    /en/cameras/{site_id}/{camera_id}/commissioning       | commissioners |
GET    /statistics                                           | everybody |
GET    /en/statistics                                        | everybody |
GET    /administration                                       | administrator |
GET    /en/administration                                    | administrator |
GET    /account                                              | everybody |
POST   /account/password                                     | everybody |
POST   /account/second-factor                                | everybody |
POST   /sign-out                                             | everybody |
GET    /favicon.ico                                          | everybody |
GET    /_nicegui/{rest:path}                                 | everybody |
GET    /_nicegui_ws/{rest:path}                              | everybody |
POST   /_nicegui_ws/{rest:path}                              | everybody |
GET    /openapi.json                                         | everybody | cases:read
POST   /api/violations                                       | nobody | violations:write
GET    /api/cases                                            | everybody | cases:read
GET    /api/cases/{case_id}                                  | everybody | cases:read
POST   /api/cases/{case_id}/review                           | office |
GET    /api/v1/cases                                        | everybody | cases:read
POST   /api/v1/cases/steps                                  | everybody |
GET    /api/v1/cases/export.csv                             | everybody | cases:read
GET    /api/v1/cases/export.xlsx                            | everybody | cases:read
GET    /api/v1/cases/export.geojson                         | everybody | cases:read
GET    /api/v1/reports/{length}                             | everybody | cases:read
GET    /api/v1/reports/{length}.xlsx                        | everybody | cases:read
GET    /api/v1/reports/{length}.pdf                         | everybody | cases:read
GET    /api/v1/statistics                                   | everybody | cases:read
GET    /api/v1/statistics.csv                               | everybody | cases:read
GET    /api/v1/events                                       | everybody | cases:read
GET    /api/v1/cases/{case_id}/history                       | everybody | cases:read
POST   /api/v1/cases/{case_id}/steps                         | everybody |
GET    /api/v1/cases/{case_id}/dust                          | everybody | cases:read
POST   /api/v1/cases/{case_id}/attachments                   | everybody |
GET    /api/v1/cases/{case_id}/attachments/{sha256}          | everybody | evidence:read
GET    /api/cases/{case_id}/evidence                         | everybody | evidence:read
GET    /api/cases/{case_id}/evidence/{name}                  | everybody | evidence:read
GET    /api/cases/{case_id}/thumbnail                        | everybody | evidence:read
GET    /api/cases/{case_id}/later/{number}/evidence          | everybody | evidence:read
GET    /api/cases/{case_id}/later/{number}/evidence/{name}   | everybody | evidence:read
GET    /api/cases/{case_id}/later/{number}/thumbnail         | everybody | evidence:read
GET    /api/cases/{case_id}/casefile.pdf                     | not-site | evidence:read
GET    /api/cases/{case_id}/redacted/{name}                  | not-site | evidence:read
GET    /api/v1/look-backs                                   | nobody | violations:write
PUT    /api/v1/health-observations/{key}                     | nobody | health:write
GET    /api/v1/health-observations                           | everybody | cases:read
GET    /api/v1/cameras/health                                | everybody | cases:read
GET    /api/v1/cameras                                       | everybody | cases:read
POST   /api/v1/cameras                                       | nobody | health:write
GET    /api/v1/cameras/wanted                                | nobody | health:write
PUT    /api/v1/cameras/{site_id}/{camera_id}                 | nobody | health:write
PUT    /api/v1/cameras/{site_id}/{camera_id}/picture         | nobody | health:write
GET    /api/v1/cameras/{site_id}/{camera_id}/picture         | everybody | evidence:read
GET    /api/v1/cameras/{site_id}/{camera_id}/layouts         | commissioners |
POST   /api/v1/cameras/{site_id}/{camera_id}/layouts         | commissioners |
GET    /api/v1/camera-layouts                                | nobody | violations:write
GET    /api/v1/inspection-intervals                          | nobody | violations:write
POST   /api/v1/camera-leases                                 | nobody | violations:write
POST   /api/v1/camera-leases/release                         | nobody | violations:write
GET    /api/v1/camera-memories/{camera_id}                   | nobody | violations:write
PUT    /api/v1/camera-memories/{camera_id}                   | nobody | violations:write
GET    /api/v1/maintenance-cases                             | everybody | cases:read
POST   /api/v1/maintenance-cases/{case_id}/close             | office |
GET    /api/v1/site-categories                               | everybody | cases:read
GET    /api/v1/sites                                         | everybody | cases:read
GET    /api/v1/sites/{site_id}                               | everybody | cases:read
PUT    /api/v1/sites/{site_id}                               | administrator | sites:write
DELETE /api/v1/sites/{site_id}                               | administrator | sites:write
GET    /api/v1/alerts                                        | everybody | cases:read
PUT    /api/v1/alerts                                        | administrator |
GET    /api/v1/cases/{case_id}/advice                        | everybody | cases:read
GET    /api/v1/rankings                                      | everybody | cases:read
GET    /api/v1/coverage                                      | not-site | cases:read
GET    /api/v1/dust/instruments                              | everybody | cases:read
GET    /api/v1/dust/readings                                 | everybody | cases:read
GET    /api/v1/dust/regional                                 | everybody | cases:read
PUT    /api/v1/dust/regional                                 | administrator | sites:write
GET    /api/v1/account                                       | everybody |
GET    /api/v1/accounts                                      | administrator |
POST   /api/v1/accounts                                      | administrator |
PUT    /api/v1/accounts/{name}                               | administrator |
POST   /api/v1/accounts/{name}/reset                         | administrator |
GET    /api/v1/machine-tokens                                | administrator |
POST   /api/v1/machine-tokens                                | administrator |
DELETE /api/v1/machine-tokens/{name}                         | administrator |
GET    /api/v1/audit                                         | administrator |
GET    /api/v1/audit.csv                                     | administrator |
"""
GROUPS = {
    "everybody": EVERYBODY,
    "office": OFFICE,
    "not-site": NOT_SITE,
    "puts-right": "site street district",
    "commissioners": "inspector administrator",
    "administrator": "administrator",
}


def expected():
    for line in EXPECTED.strip().splitlines():
        route, who, scope = (part.strip() for part in line.split("|"))
        method, path = route.split()
        roles = {Role(role) for role in GROUPS.get(who, "").split()}
        yield method, path, who == "public", roles, MachineScope(scope) if scope else None


ROWS = list(expected())


def routes(found, prefix="") -> Iterator[tuple[str, str]]:
    """Every method and path that the app answers at."""
    for route in found:
        if isinstance(route, Mount):
            inner = getattr(route.app, "routes", None)
            if inner is None:
                yield "GET", f"{prefix}{route.path}/x"
            else:
                yield from routes(inner, prefix + route.path)
        elif hasattr(route, "effective_route_contexts"):  # routes of a router that was included
            yield from routes(route.original_router.routes, prefix)
        elif isinstance(route, (APIRoute, Route)) and route.methods:
            yield from ((method, prefix + route.path) for method in route.methods - {"HEAD"})


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    app = create_app(f"sqlite:///{folder}/cases.db", folder / "evidence")
    yield app
    app.state.store.close()


def test_every_route_of_the_app_has_a_line_and_every_line_a_route(whole_app):
    answered = {route for route in routes(whole_app.routes) if not route[1].startswith("/_nicegui")}
    lines = {(row.method, row.path) for row in TABLE if not row.path.startswith(("/_nicegui", "/favicon"))}
    assert len(answered) > 40
    assert answered == lines
    for method, path in routes(whole_app.routes):
        found = find(path.replace("{", "").replace("}", ""))
        assert found is not None, path
        assert method in found.by_method, path


def test_the_table_is_the_one_expected():
    assert {(row.method, row.path) for row in TABLE} == {(method, path) for method, path, *_ in ROWS}
    assert len(ROWS) == len(TABLE)


@pytest.mark.parametrize(
    ("method", "path", "is_public", "roles", "scope"), ROWS, ids=[" ".join(row[:2]) for row in ROWS]
)
def test_each_route_allows_the_roles_and_scopes_that_it_should(method, path, is_public, roles, scope):
    address = path.replace("{rest:path}", "x").replace("{", "").replace("}", "")
    for role in USER_ROLES:
        user = Principal(Kind.USER, "x", "x", frozenset({role}), EVERYWHERE)
        assert allows(user, method, address) == (is_public or role in roles), role
    for each in MachineScope:
        machine = principal_of_machine("edge", frozenset({each}))
        assert allows(machine, method, address) == (is_public or each is scope), each
    assert find(address).by_method[method].is_public == is_public


def test_paths_that_name_a_case_or_a_site_are_checked_against_the_scope():
    for row in TABLE:
        named = {"case_id", "site_id"} & {part.strip("{}") for part in row.path.split("/")}
        assert (row.row in {Row.CASE, Row.MAINTENANCE_CASE, Row.SITE}) == bool(named), row


def test_an_unknown_path_has_no_line():
    for path in ("/api/unknown", "/api/cases/", "/api/cases/1/2/3", "//", "/healthz/x", "/api/v1/audit.csv/x"):
        assert find(path) is None


def test_over_http_each_route_is_refused_to_whom_the_table_refuses_it(guarded, enter, machine):
    visitors = {role: enter(role.value, role) for role in sorted(USER_ROLES)}
    machines = {scope: machine(scope, name=scope.value.replace(":", "-")) for scope in MachineScope}
    ends = {"Last-Event-ID": "none"}  # makes the events a refusal, 422, which ends
    nobody = type(next(iter(visitors.values())))(guarded)
    for method, path, is_public, roles, scope in ROWS:
        if is_public or path.startswith(("/_nicegui", "/favicon")) or path in {"/", "/en", "/sign-out"}:
            continue
        address = path.replace("{case_id}", "1").replace("{number}", "1").replace("{", "").replace("}", "")
        assert nobody.request(method, address).status_code == 401, path
        for role, browser in visitors.items():
            refused = browser.request(method, address, headers=ends)
            assert (refused.status_code == 403 and "not-allowed" in refused.text) == (role not in roles), (role, path)
        for each, sender in machines.items():
            assert (sender.request(method, address, headers=ends).status_code == 403) == (each is not scope), (
                each,
                path,
            )


def test_a_method_that_the_table_does_not_know_is_405_and_a_path_404(enter):
    browser = enter("zhao", Role.ADMINISTRATOR)
    wrong = browser.request("DELETE", "/api/cases/1")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert browser.get("/api/unknown").status_code == 404


def test_the_table_finds_what_the_router_finds(whole_app):
    """The guard and the router have to read a path in the same way, or one could be led round the other."""
    paths = [
        "/api/cases/1",
        "/api/cases/1/",
        "/api//cases",
        "/API/cases",
        "/api/cases/%31",
        "/api/cases/1;x",
        "/healthz\n",
    ]
    for path in paths:
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "root_path": ""}
        is_routed = any(
            route.matches(scope)[0] is Match.FULL
            for route in whole_app.routes
            if not isinstance(route, Mount) and "{rest:path}" not in getattr(route, "path", "")
        )
        assert (find(path) is not None) == is_routed, path


def test_a_line_is_what_it_says():
    row = Access("GET", "/x", frozenset({Role.SITE}))
    assert row.allows(Principal(Kind.USER, "x", "x", frozenset({Role.SITE, Role.STREET}), EVERYWHERE))
    assert not row.allows(principal_of_machine("edge", frozenset(MachineScope)))
