"""The site's own pages, made for phones: what it has to put right at `/site`, and one case at `/site/{case_id}`."""

from pathlib import Path

from fastapi import Request
from nicegui import ui

from service.pages.duty_case import DutyCase
from service.pages.duty_list import DutyList
from service.pages.navigation import DUTY
from service.pages.page_frame import add_page
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.texts.catalogue import N_

STYLE = Path(__file__).with_name("duty.css")


def add_duty_pages(sources: Sources) -> None:
    """Register both pages in both languages."""

    async def build_list(_request: Request, language: str, visitor: PageVisitor) -> None:
        await DutyList(sources, language, visitor).refresh()

    async def build_case(request: Request, language: str, visitor: PageVisitor) -> None:
        told = str(request.path_params["case_id"])
        case_id = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
        await DutyCase(sources, language, visitor, case_id).refresh()

    ui.add_css(STYLE, shared=True)
    add_page(DUTY, build_list, sources)
    add_page(f"{DUTY}/{{case_id}}", build_case, sources, title=N_("To put right"))
