"""The page of all cases at `/cases` (English at `/en/cases`): board and table, filters, steps, files to take along."""

from pathlib import Path

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.pages.cases_address import CasesAddress
from service.pages.cases_desk import CasesDesk
from service.pages.navigation import CASES
from service.pages.page_frame import add_page
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.storage.site_store import SiteFilter, SiteStore

STYLE = Path(__file__).with_name("cases.css")
MOST_SITES = 1000
"""Sites that the filter offers by name; the address takes any."""


def add_cases_pages(sources: Sources) -> None:
    """Register the page in both languages."""
    sites = SiteStore(sources.store.engine)

    async def build(request: Request, language: str, visitor: PageVisitor) -> None:
        kept = await run_in_threadpool(sites.page, SiteFilter(scope=visitor.scope), limit=MOST_SITES)
        known = [each.site for each in kept.sites]
        desk = CasesDesk(sources, language, visitor, CasesAddress.of(request.query_params), known)
        await desk.start()

    ui.add_css(STYLE, shared=True)
    add_page(CASES, build, sources)
