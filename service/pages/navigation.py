"""The pages that the bar at the top leads to, and their addresses in each language."""

from service.accounts.access import allows
from service.accounts.principal import Principal
from service.texts.catalogue import CHINESE, N_

QUEUE, CAMERAS, MAINTENANCE = "/", "/cameras", "/maintenance"
CASES, SITES, DUTY = "/cases", "/sites", "/site"
STATISTICS, ADMINISTRATION = "/statistics", "/administration"

TITLES = {
    QUEUE: N_("Review"),
    CASES: N_("Cases"),
    DUTY: N_("To put right"),
    SITES: N_("Sites"),
    CAMERAS: N_("Cameras"),
    MAINTENANCE: N_("Maintenance"),
    STATISTICS: N_("Statistics"),
    ADMINISTRATION: N_("Administration"),
}
"""In the bar's order; who may not open a page is not led to it."""


def address_of(page: str, language: str) -> str:
    """Return the path of a page in the language: Chinese at its own path, English below `/en`."""
    return page if language == CHINESE else f"/en{page}".rstrip("/")


def open_to(principal: Principal) -> dict[str, str]:
    """Return the pages that the principal may open, with their titles, which are not yet translated."""
    return {page: title for page, title in TITLES.items() if allows(principal, "GET", page)}
