"""One open page of one site: who answers for it, cameras, dust beside violations, cases, look-backs, offences."""

import asyncio
from typing import Any

import structlog
from nicegui import ui
from nicegui.events import EChartPointClickEventArguments
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row, allows
from service.domain.sites import Site
from service.errors import NoSuchSite, ServiceError
from service.pages.navigation import CASES, SITES, address_of
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.site_chart import SPANS, site_chart
from service.pages.site_facts import SiteShown, add_site
from service.pages.site_form import SiteForm
from service.pages.sites_desk import site_address
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.case_filter import CaseFilter
from service.storage.case_list import CaseList
from service.storage.case_store import Revision
from service.storage.dust_of_site import dust_of_site
from service.storage.health_store import HealthStore
from service.storage.report_store import YEAR
from service.storage.scope_rows import ScopeRows
from service.storage.site_record import SiteRecord
from service.storage.site_store import KeptSite, SiteStore
from service.texts.catalogue import load_translator

REFRESH_S = 5.0
MOST_CASES = 20
MOST_MARKS = 500

log = structlog.get_logger(__name__)


class SiteDesk:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor, site_id: str) -> None:
        engine = sources.store.engine
        self._sources, self._language, self._visitor, self._site_id = sources, language, visitor, site_id
        self._sites, self._record, self._health = SiteStore(engine), SiteRecord(engine), HealthStore(engine)
        self._cases, self._rows = CaseList(engine), ScopeRows(engine)
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        self._kept: KeptSite | None = None
        self._name = site_id
        self._span = "24h"
        self._revision: Revision | None = None
        self._lock = asyncio.Lock()
        _ = self._texts
        with app_frame():
            TopBar(_, language=language, visitor=visitor, here=site_address(site_id, "zh"))
            self._form = SiteForm(_, language, self._save)
            with ui.element("main").classes("dw-site"):
                ui.link(f"‹ {_('Sites')}", address_of(SITES, language)).classes("dw-duty-back")
                self._head = ui.element("div")
                self._chart_box = ui.element("section").classes("dw-site-box")
                self._box = ui.element("div")
        self._build_chart()
        ui.timer(REFRESH_S, self._refresh)

    async def start(self) -> None:
        """Load the site and show it."""
        async with self._lock:
            await self._reload()

    def _build_chart(self) -> None:
        _ = self._texts
        with self._chart_box:
            with ui.element("div").classes("dw-site-chart-head"):
                with ui.element("h2"):
                    ui.label(_("Dust and violations"))
                spans = {name: _(span.title) for name, span in SPANS.items()}
                ui.toggle(spans, value=self._span, on_change=self._change_span).props(
                    "dense no-caps unelevated toggle-color=dark"
                ).classes("dw-views")
            self._chart = ui.echart({}, on_point_click=self._open_mark).classes("dw-site-chart")
            self._chart.props["role"] = "img"
            self._chart.props["aria-label"] = _("Dust and violations")
            self._no_dust = ui.label(_("No dust was measured here in this time")).classes("dw-muted")

    async def _refresh(self) -> None:
        async with self._lock:
            if not await self._visitor.is_here(acts=False):
                return
            if await run_in_threadpool(self._sources.store.revision) != self._revision:
                await self._reload()

    async def _reload(self) -> None:
        self._revision = await run_in_threadpool(self._sources.store.revision)
        self._head.clear()
        self._box.clear()
        shown = await self._load()
        self._chart_box.set_visibility(shown is not None)
        if shown is None:
            with self._box:
                ui.label(self._texts("This site is not known")).classes("dw-upkeep-empty dw-muted")
            return
        add_site(shown, self._head, self._box, self._texts, self._language, self._edit if self._may_edit() else None)
        await self._draw()

    async def _load(self) -> SiteShown | None:
        site_id, scope, now = self._site_id, self._visitor.scope, self._sources.clock()
        if not await run_in_threadpool(self._rows.allows, scope, Row.SITE, site_id):
            return None
        try:
            self._kept = await run_in_threadpool(self._sites.get, site_id)
        except NoSuchSite:
            self._kept = None
        called = await run_in_threadpool(self._record.name, site_id)
        site = None if self._kept is None else self._kept.site
        if site is None and called is None and not self._may_edit():
            return None
        self._name = site.name if site else called or site_id
        wanted = CaseFilter(site_id=site_id, scope=scope)
        health = await run_in_threadpool(self._health.ongoing, scope)
        return SiteShown(
            site_id=site_id,
            name=self._name,
            site=site,
            cases=(await run_in_threadpool(self._cases.page, wanted, limit=MOST_CASES)).cases,
            cameras=await run_in_threadpool(self._record.cameras, site_id),
            ongoing=tuple(report for report in health if report.site_id == site_id),
            look_backs=await run_in_threadpool(self._record.look_backs, site_id),
            offences=await run_in_threadpool(self._record.offences, site_id, now - YEAR),
            now=now,
        )

    async def _draw(self) -> None:
        span, now = SPANS[self._span], self._sources.clock()
        start = now - span.length
        dust = await run_in_threadpool(dust_of_site, self._sources.dust, self._site_id, start, now, span.step_s)
        wanted = CaseFilter(site_id=self._site_id, found_from=start, found_to=now, scope=self._visitor.scope)
        found = await run_in_threadpool(self._cases.page, wanted, limit=MOST_MARKS)
        self._chart.options.clear()
        self._chart.options.update(site_chart(dust, found.cases, (start, now), self._texts))
        self._chart.update()
        self._no_dust.set_visibility(not dust)

    async def _change_span(self, event: Any) -> None:  # noqa: ANN401 - NiceGUI's own type knows no value
        async with self._lock:
            if await self._visitor.is_here():
                self._span = str(event.value)
                await self._draw()

    def _open_mark(self, event: EChartPointClickEventArguments) -> None:
        number = str(event.name).removeprefix("#")
        if number.isascii() and number.isdecimal():
            ui.navigate.to(f"{address_of(CASES, self._language)}?case={number}")

    def _may_edit(self) -> bool:
        return allows(self._visitor.principal, "PUT", f"/api/v1/sites/{self._site_id}")

    def _edit(self) -> None:
        self._form.open(self._site_id, None if self._kept is None else self._kept.site, self._name)

    async def _save(self, site: Site) -> str | None:
        async with self._lock:
            if not await self._visitor.is_here() or not self._may_edit():
                return self._texts("You may not do this.")
            version = None if self._kept is None else self._kept.version
            try:
                kept, is_new = await run_in_threadpool(self._sites.put, site, version=version)
            except ServiceError as error:
                return self._translator.explain(error.template, error.params, self._language)
            log.info("site.kept", site=site.id, version=kept.version, is_new=is_new, by=self._visitor.principal.name)
            await self._reload()
            return None
