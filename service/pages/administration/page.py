"""The administrators' page at `/administration` (English at `/en/administration`), a tab for each subject."""

from pathlib import Path

from fastapi import Request
from nicegui import ui

from service.pages.administration.audit_log import add_audit_log
from service.pages.administration.desk import AdministrationDesk
from service.pages.administration.edges import add_edges
from service.pages.administration.models import ModelsTab
from service.pages.administration.notices import add_notices
from service.pages.administration.rules import add_rules
from service.pages.administration.tokens import TokensTab
from service.pages.administration.users import UsersTab
from service.pages.navigation import ADMINISTRATION
from service.pages.page_frame import add_page, app_frame, is_opened
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.texts.catalogue import N_

STYLE = Path(__file__).with_name("administration.css")
TABS = {
    "users": N_("Users"),
    "tokens": N_("Machine tokens"),
    "rules": N_("Rules"),
    "models": N_("Models"),
    "edges": N_("Edges"),
    "notices": N_("Notices"),
    "audit": N_("Audit log"),
}


def add_administration_pages(sources: Sources) -> None:
    """Register the page in both languages."""
    ui.add_css(STYLE, shared=True)

    async def build(request: Request, language: str, visitor: PageVisitor) -> None:
        desk = AdministrationDesk(sources.office, language, visitor, request)
        tab = desk.query.get("tab", "")
        await _show(desk, tab if tab in TABS else "users")

    add_page(ADMINISTRATION, build, sources)


async def _show(desk: AdministrationDesk, chosen: str) -> None:
    _ = desk.texts
    with app_frame():
        TopBar(_, language=desk.language, visitor=desk.visitor, here=ADMINISTRATION)
        with ui.element("main").classes("dw-stats"):
            with ui.element("nav").classes("dw-stat-spans").props(f'aria-label="{_("Administration")}"'):
                for tab, title in TABS.items():
                    link = ui.link(_(title), desk.address(tab)).classes("dw-stat-span")
                    if tab == chosen:
                        link.classes("dw-admin-here").props("aria-current=page")
            tab_panel = ui.element("div").classes("dw-admin-tab")
    if await is_opened():
        with tab_panel:
            await _add_tab(desk, chosen)


async def _add_tab(desk: AdministrationDesk, chosen: str) -> None:
    if chosen in {"users", "tokens"}:
        if desk.accounts is None:
            ui.label(desk.texts("The service is open: it has no users and no tokens")).classes("dw-muted")
            return
        kind = UsersTab if chosen == "users" else TokensTab
        await kind(desk, desk.accounts).refresh()
    elif chosen == "models":
        await ModelsTab(desk).refresh()
    else:
        plain = {"rules": add_rules, "edges": add_edges, "notices": add_notices, "audit": add_audit_log}
        await plain[chosen](desk)
