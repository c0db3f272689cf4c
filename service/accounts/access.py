"""The table of who may use which route and page. What is not in it is refused, so a new route needs a line here."""

import re
from dataclasses import dataclass
from enum import StrEnum

from starlette.routing import compile_path

from service.accounts.principal import Kind, MachineScope, Principal
from service.accounts.users import USER_ROLES
from service.domain.lifecycle import Role


class Row(StrEnum):
    """What the path names, whose site has to be in the scope of who asks."""

    CASE = "case_id"
    MAINTENANCE_CASE = "maintenance_case_id"
    SITE = "site_id"
    CITY = "city"
    """Nothing of a single site: what the route changes is the whole city's."""


@dataclass(frozen=True)
class Access:
    """One line: a method and a path as the router writes it, and who may use them.

    `is_public` needs no sign-in, `machine` is the scope that a machine's token needs (None: not for machines), `row`
    is what the path names, and `is_look` marks a look at evidence, which the audit log keeps. `proves_itself` tells
    that what is sent says by a signature who sent it, so that it need not come from one of our own pages.
    """

    method: str
    path: str
    roles: frozenset[Role] = frozenset()
    machine: MachineScope | None = None
    row: Row | None = None
    is_look: bool = False
    is_public: bool = False
    proves_itself: bool = False

    def allows(self, principal: Principal) -> bool:
        """Tell whether the principal may use the route, whatever row it names."""
        if self.is_public or principal.is_anybody:
            return True
        if principal.kind is Kind.MACHINE:
            return self.machine is not None and self.machine in principal.machine_scopes
        return bool(self.roles & principal.roles)


_ALL = USER_ROLES
_OFFICE = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.ADMINISTRATOR})
_PUTS_RIGHT = frozenset({Role.SITE, Role.STREET, Role.DISTRICT})
_NOT_SITES = USER_ROLES - {Role.SITE}
_COMMISSIONERS = frozenset({Role.INSPECTOR, Role.ADMINISTRATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_READ, _EVIDENCE = MachineScope.CASES_READ, MachineScope.EVIDENCE_READ


def _public(method: str, path: str) -> Access:
    return Access(method, path, is_public=True)


def _evidence(path: str, *, roles: frozenset[Role] = _ALL, is_look: bool = True) -> Access:
    return Access("GET", f"/api/cases/{{case_id}}/{path}", roles, _EVIDENCE, Row.CASE, is_look)


TABLE: tuple[Access, ...] = (
    _public("GET", "/healthz"),
    _public("GET", "/sign-in"),
    _public("POST", "/sign-in"),
    _public("GET", "/link"),
    _public("POST", "/link"),
    _public("GET", "/oidc/sign-in"),
    _public("GET", "/oidc/callback"),
    Access("POST", "/oidc/logout", is_public=True, proves_itself=True),
    Access("GET", "/", _ALL),
    Access("GET", "/en", _ALL),
    Access("GET", "/cases", _ALL),
    Access("GET", "/en/cases", _ALL),
    Access("GET", "/site", _PUTS_RIGHT),
    Access("GET", "/en/site", _PUTS_RIGHT),
    Access("GET", "/site/{case_id}", _PUTS_RIGHT, row=Row.CASE),
    Access("GET", "/en/site/{case_id}", _PUTS_RIGHT, row=Row.CASE),
    Access("GET", "/sites", _ALL),
    Access("GET", "/en/sites", _ALL),
    Access("GET", "/sites/{site_id}", _ALL, row=Row.SITE),
    Access("GET", "/en/sites/{site_id}", _ALL, row=Row.SITE),
    Access("GET", "/maintenance", _ALL),
    Access("GET", "/en/maintenance", _ALL),
    Access("GET", "/cameras", _ALL),
    Access("GET", "/en/cameras", _ALL),
    Access("GET", "/cameras/{site_id}/{camera_id}", _ALL, row=Row.SITE),
    Access("GET", "/en/cameras/{site_id}/{camera_id}", _ALL, row=Row.SITE),
    Access("GET", "/cameras/{site_id}/{camera_id}/commissioning", _COMMISSIONERS, row=Row.SITE),
    Access("GET", "/en/cameras/{site_id}/{camera_id}/commissioning", _COMMISSIONERS, row=Row.SITE),
    Access("GET", "/statistics", _ALL),
    Access("GET", "/en/statistics", _ALL),
    Access("GET", "/administration", _ADMINISTRATOR),
    Access("GET", "/en/administration", _ADMINISTRATOR),
    Access("GET", "/account", _ALL),
    Access("POST", "/account/password", _ALL),
    Access("POST", "/account/second-factor", _ALL),
    Access("POST", "/sign-out", _ALL),
    # What the pages are made of, and the line that keeps them live.
    Access("GET", "/favicon.ico", _ALL),
    Access("GET", "/_nicegui/{rest:path}", _ALL),
    Access("GET", "/_nicegui_ws/{rest:path}", _ALL),
    Access("POST", "/_nicegui_ws/{rest:path}", _ALL),
    Access("GET", "/openapi.json", _ALL, _READ),
    # Cases and their evidence.
    Access("POST", "/api/violations", machine=MachineScope.VIOLATIONS_WRITE),
    Access("GET", "/api/cases", _ALL, _READ),
    Access("GET", "/api/cases/{case_id}", _ALL, _READ, Row.CASE),
    Access("POST", "/api/cases/{case_id}/review", _OFFICE, row=Row.CASE),
    Access("GET", "/api/v1/cases", _ALL, _READ),
    Access("POST", "/api/v1/cases/steps", _ALL),
    Access("GET", "/api/v1/cases/export.csv", _ALL, _READ),
    Access("GET", "/api/v1/cases/export.xlsx", _ALL, _READ),
    Access("GET", "/api/v1/cases/export.geojson", _ALL, _READ),
    Access("GET", "/api/v1/reports/{length}", _ALL, _READ),
    Access("GET", "/api/v1/reports/{length}.xlsx", _ALL, _READ),
    Access("GET", "/api/v1/reports/{length}.pdf", _ALL, _READ),
    Access("GET", "/api/v1/statistics", _ALL, _READ),
    Access("GET", "/api/v1/statistics.csv", _ALL, _READ),
    Access("GET", "/api/v1/events", _ALL, _READ),
    Access("GET", "/api/v1/cases/{case_id}/history", _ALL, _READ, Row.CASE),
    Access("POST", "/api/v1/cases/{case_id}/steps", _ALL, row=Row.CASE),
    Access("GET", "/api/v1/cases/{case_id}/dust", _ALL, _READ, Row.CASE),
    Access("POST", "/api/v1/cases/{case_id}/attachments", _ALL, row=Row.CASE),
    Access("GET", "/api/v1/cases/{case_id}/attachments/{sha256}", _ALL, _EVIDENCE, Row.CASE, is_look=True),
    _evidence("evidence"),
    _evidence("evidence/{name}"),
    _evidence("thumbnail", is_look=False),
    _evidence("later/{number}/evidence"),
    _evidence("later/{number}/evidence/{name}"),
    _evidence("later/{number}/thumbnail", is_look=False),
    _evidence("casefile.pdf", roles=_NOT_SITES),
    _evidence("redacted/{name}", roles=_NOT_SITES),
    # Cameras, sites, dust monitors.
    Access("GET", "/api/v1/look-backs", machine=MachineScope.VIOLATIONS_WRITE),
    Access("PUT", "/api/v1/health-observations/{key}", machine=MachineScope.HEALTH_WRITE),
    Access("GET", "/api/v1/health-observations", _ALL, _READ),
    Access("GET", "/api/v1/cameras/health", _ALL, _READ),
    Access("GET", "/api/v1/cameras", _ALL, _READ),
    Access("POST", "/api/v1/cameras", machine=MachineScope.HEALTH_WRITE),
    Access("GET", "/api/v1/cameras/wanted", machine=MachineScope.HEALTH_WRITE),
    Access("PUT", "/api/v1/cameras/{site_id}/{camera_id}", machine=MachineScope.HEALTH_WRITE, row=Row.SITE),
    Access("PUT", "/api/v1/cameras/{site_id}/{camera_id}/picture", machine=MachineScope.HEALTH_WRITE, row=Row.SITE),
    Access("GET", "/api/v1/cameras/{site_id}/{camera_id}/picture", _ALL, _EVIDENCE, Row.SITE),
    Access("GET", "/api/v1/cameras/{site_id}/{camera_id}/layouts", _COMMISSIONERS, row=Row.SITE),
    Access("POST", "/api/v1/cameras/{site_id}/{camera_id}/layouts", _COMMISSIONERS, row=Row.SITE),
    Access("GET", "/api/v1/camera-layouts", machine=MachineScope.VIOLATIONS_WRITE),
    Access("GET", "/api/v1/inspection-intervals", machine=MachineScope.VIOLATIONS_WRITE),
    Access("POST", "/api/v1/camera-leases", machine=MachineScope.VIOLATIONS_WRITE),
    Access("POST", "/api/v1/camera-leases/release", machine=MachineScope.VIOLATIONS_WRITE),
    Access("GET", "/api/v1/camera-memories/{camera_id}", machine=MachineScope.VIOLATIONS_WRITE),
    Access("PUT", "/api/v1/camera-memories/{camera_id}", machine=MachineScope.VIOLATIONS_WRITE),
    Access("GET", "/api/v1/maintenance-cases", _ALL, _READ),
    Access("POST", "/api/v1/maintenance-cases/{case_id}/close", _OFFICE, row=Row.MAINTENANCE_CASE),
    Access("GET", "/api/v1/site-categories", _ALL, _READ),
    Access("GET", "/api/v1/sites", _ALL, _READ),
    Access("GET", "/api/v1/sites/{site_id}", _ALL, _READ, Row.SITE),
    Access("PUT", "/api/v1/sites/{site_id}", _ADMINISTRATOR, MachineScope.SITES_WRITE, Row.SITE),
    Access("DELETE", "/api/v1/sites/{site_id}", _ADMINISTRATOR, MachineScope.SITES_WRITE, Row.SITE),
    # The office's rules.
    Access("GET", "/api/v1/alerts", _ALL, _READ),
    Access("PUT", "/api/v1/alerts", _ADMINISTRATOR),
    Access("GET", "/api/v1/cases/{case_id}/advice", _ALL, _READ, Row.CASE),
    Access("GET", "/api/v1/rankings", _ALL, _READ),
    # Inspections are unannounced: sites are not told whose turn it is.
    Access("GET", "/api/v1/coverage", _NOT_SITES, _READ),
    Access("GET", "/api/v1/dust/instruments", _ALL, _READ),
    Access("GET", "/api/v1/dust/readings", _ALL, _READ),
    Access("GET", "/api/v1/dust/regional", _ALL, _READ),
    Access("PUT", "/api/v1/dust/regional", _ADMINISTRATOR, MachineScope.SITES_WRITE, Row.CITY),
    # Accounts.
    Access("GET", "/api/v1/account", _ALL),
    Access("GET", "/api/v1/accounts", _ADMINISTRATOR),
    Access("POST", "/api/v1/accounts", _ADMINISTRATOR),
    Access("PUT", "/api/v1/accounts/{name}", _ADMINISTRATOR),
    Access("POST", "/api/v1/accounts/{name}/reset", _ADMINISTRATOR),
    Access("GET", "/api/v1/machine-tokens", _ADMINISTRATOR),
    Access("POST", "/api/v1/machine-tokens", _ADMINISTRATOR),
    Access("DELETE", "/api/v1/machine-tokens/{name}", _ADMINISTRATOR),
    Access("GET", "/api/v1/audit", _ADMINISTRATOR),
    Access("GET", "/api/v1/audit.csv", _ADMINISTRATOR),
)


@dataclass(frozen=True)
class Found:
    """The lines whose path fits a request, by method, and what the path names."""

    by_method: dict[str, Access]
    names: dict[str, str]


_COMPILED: tuple[tuple[re.Pattern[str], Access], ...] = tuple((compile_path(row.path)[0], row) for row in TABLE)


def allows(principal: Principal, method: str, path: str) -> bool:
    """Tell whether the principal may use a path, whatever row it names; the pages offer what is allowed."""
    found = find(path)
    return found is not None and method in found.by_method and found.by_method[method].allows(principal)


def find(path: str) -> Found | None:
    """Return the lines for a request's path, None where there is none."""
    by_method: dict[str, Access] = {}
    names: dict[str, str] = {}
    for pattern, row in _COMPILED:
        match = pattern.match(path)
        if match is not None:
            by_method[row.method] = row
            names = match.groupdict()
    return Found(by_method, names) if by_method else None
