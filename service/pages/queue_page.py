"""The inspectors' page at `/` (English at `/en`): the queue at the left, the case at the right, live."""

from datetime import timedelta
from pathlib import Path

import nicegui
from fastapi import FastAPI, Request
from nicegui import ui

from service.pages.administration.page import add_administration_pages
from service.pages.camera_pages import add_camera_pages
from service.pages.case_stage import STYLE as REVIEW_STYLE
from service.pages.cases_page import add_cases_pages
from service.pages.duty_page import add_duty_pages
from service.pages.maintenance_page import add_maintenance_pages
from service.pages.page_visitor import PageVisitor
from service.pages.queue_desk import QueueDesk
from service.pages.queue_filter import Narrowed
from service.pages.shared_reads import SharedReads
from service.pages.sites_page import add_sites_pages
from service.pages.sources import Sources
from service.pages.statistics_page import add_statistics_pages
from service.storage.claim_store import ClaimStore
from service.texts.catalogue import CHINESE, ENGLISH

STYLE = Path(__file__).with_name("style.css")
ICON = Path(__file__).with_name("icon.svg")
RECONNECT = timedelta(seconds=30)
"""How long a page may be away (a laptop's lid closed) before it has to load again."""

OPENED_WITHIN_S = 30.0
"""The page is sent with its first case in it; many that open it at once wait for each other."""


def add_pages(app: FastAPI, sources: Sources) -> None:
    """Put the pages onto the app, at `/`. Call it after every other route, and once in a process."""
    add_maintenance_pages(sources)
    add_cases_pages(sources)
    add_duty_pages(sources)
    add_sites_pages(sources)
    add_camera_pages(sources)
    add_statistics_pages(sources)
    add_administration_pages(sources)
    reads = SharedReads(sources.store, ClaimStore(sources.store.engine), sources.clock)

    @ui.page("/", title="尘视 dustwatch", dark=None, language="zh-CN", response_timeout=OPENED_WITHIN_S)
    async def chinese(request: Request, case: int | None = None, rule: str = "", text: str = "") -> None:
        await _build(request, case, Narrowed.of(rule, text), sources, reads, CHINESE)

    @ui.page("/en", title="dustwatch", dark=None, language="en-US", response_timeout=OPENED_WITHIN_S)
    async def english(request: Request, case: int | None = None, rule: str = "", text: str = "") -> None:
        await _build(request, case, Narrowed.of(rule, text), sources, reads, ENGLISH)

    # Its bar at the top tells of requests that nobody waits for, and has no name for who can't see it.
    nicegui.app.config.quasar_config["loadingBar"] = {"skipHijack": True}
    ui.add_css(STYLE, shared=True)
    ui.add_css(REVIEW_STYLE, shared=True)
    ui.run_with(
        app,
        title="dustwatch",
        favicon=ICON,
        dark=None,
        tailwind=False,  # the page brings its own style, and loads faster without
        reconnect_timeout=RECONNECT.total_seconds(),
        show_welcome_message=False,
    )


async def _build(
    request: Request,
    case_id: int | None,
    narrowed: Narrowed,
    sources: Sources,
    reads: SharedReads,
    language: str,
) -> None:
    desk = QueueDesk(sources, reads, language, PageVisitor(request, sources.accounts), narrowed)
    await desk.start(case_id)
