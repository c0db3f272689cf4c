"""The inspectors' page at `/` (English at `/en`): the queue at the left, the case at the right, live."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI, Request
from nicegui import ui

from service.pages.administration.page import add_administration_pages
from service.pages.camera_pages import add_camera_pages
from service.pages.maintenance_page import add_maintenance_pages
from service.pages.page_visitor import PageVisitor
from service.pages.queue_desk import QueueDesk
from service.pages.sources import Sources
from service.pages.statistics_page import add_statistics_pages
from service.texts.catalogue import CHINESE, ENGLISH

STYLE = Path(__file__).with_name("style.css")
ICON = Path(__file__).with_name("icon.svg")
RECONNECT = timedelta(seconds=30)
"""How long a page may be away (a laptop's lid closed) before it has to load again."""


def add_pages(app: FastAPI, sources: Sources) -> None:
    """Put the pages onto the app, at `/`. Call it after every other route, and once in a process."""
    add_maintenance_pages(sources)
    add_camera_pages(sources)
    add_statistics_pages(sources)
    add_administration_pages(sources)

    @ui.page("/", title="尘视 dustwatch", dark=None, language="zh-CN")
    async def chinese(request: Request, case: int | None = None) -> None:
        await _build(request, case, sources, CHINESE)

    @ui.page("/en", title="dustwatch", dark=None, language="en-US")
    async def english(request: Request, case: int | None = None) -> None:
        await _build(request, case, sources, ENGLISH)

    ui.add_css(STYLE, shared=True)
    ui.run_with(
        app,
        title="dustwatch",
        favicon=ICON,
        dark=None,
        tailwind=False,  # the page brings its own style, and loads faster without
        reconnect_timeout=RECONNECT.total_seconds(),
        show_welcome_message=False,
    )


async def _build(request: Request, case_id: int | None, sources: Sources, language: str) -> None:
    desk = QueueDesk(sources, language, PageVisitor(request, sources.accounts))
    await desk.start(case_id)
