"""The pages of the sites: list and map at `/sites`, one site at `/sites/{site_id}`."""

from pathlib import Path

from fastapi import Request
from nicegui import ui

from service.pages.navigation import SITES
from service.pages.page_frame import add_page
from service.pages.page_visitor import PageVisitor
from service.pages.site_desk import SiteDesk
from service.pages.sites_desk import SitesDesk
from service.pages.sources import Sources
from service.texts.catalogue import N_

STYLE = Path(__file__).with_name("sites.css")


def add_sites_pages(sources: Sources) -> None:
    """Register both pages in both languages."""

    async def build_list(request: Request, language: str, visitor: PageVisitor) -> None:
        await SitesDesk(sources, language, visitor, request.query_params).start()

    async def build_site(request: Request, language: str, visitor: PageVisitor) -> None:
        await SiteDesk(sources, language, visitor, str(request.path_params["site_id"])).start()

    ui.add_css(STYLE, shared=True)
    add_page(SITES, build_list, sources)
    add_page(f"{SITES}/{{site_id}}", build_site, sources, title=N_("Site"))
