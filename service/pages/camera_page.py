"""One camera at large at `/cameras/{site_id}/{camera_id}`: its newest picture every 2 s, zones, cases, health."""

from fastapi import Request
from nicegui import ui
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.accounts.access import allows
from service.domain.camera_news import CameraKey
from service.domain.cases import Case, CaseState
from service.domain.health import HealthReport
from service.domain.layout_drawing import drawing_of
from service.errors import UnknownCamera
from service.pages.camera_labels import BADGE_CLASSES, BADGES, badge_now, camera_path, picture_age, picture_url
from service.pages.labels import HEALTH_KINDS, STATES, local_time, rule_name
from service.pages.large_picture import large_picture
from service.pages.layout_svg import drawing_svg
from service.pages.navigation import QUEUE, address_of
from service.pages.page_frame import add_page, app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.camera_store import KnownCamera
from service.storage.case_filter import CaseFilter
from service.storage.case_list import CaseList
from service.texts.catalogue import N_, load_translator

CAMERA = "/cameras/{site_id}/{camera_id}"
LIVE_S = 2.0
MOST_SHOWN = 10
_ENDED = frozenset({CaseState.REJECTED, CaseState.CLOSED, CaseState.PASSED, CaseState.WITHDRAWN, CaseState.MERGED})


def add_camera_page(sources: Sources) -> None:
    """Register the page in both languages."""

    async def build(request: Request, language: str, visitor: PageVisitor) -> None:
        key = key_of(request)
        camera = None if key is None else await run_in_threadpool(known_camera, sources, key)
        if camera is None:
            show_unknown(language, visitor)
            return
        page = CameraPage(sources, language, visitor, camera)
        await page.show_past()

    add_page(CAMERA, build, sources, title=N_("Camera"))


def key_of(request: Request) -> CameraKey | None:
    """Return the camera that a page's path names, None where it can name none."""
    try:
        return CameraKey.model_validate(request.path_params)
    except ValidationError:
        return None


def known_camera(sources: Sources, key: CameraKey) -> KnownCamera | None:
    """Return the camera, None where no edge told about it."""
    try:
        return sources.watched.cameras.get(key)
    except UnknownCamera:
        return None


def show_unknown(language: str, visitor: PageVisitor) -> None:
    """Say that there is no such camera."""
    _ = load_translator().texts(language)
    with app_frame():
        TopBar(_, language=language, visitor=visitor, here="/cameras")
        with ui.element("main").classes("dw-upkeep"):
            ui.label(_("No edge has told about this camera")).classes("dw-upkeep-empty dw-muted")


class CameraPage:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor, camera: KnownCamera) -> None:
        self._sources = sources
        self._visitor = visitor
        self._language = language
        self._key = camera.key
        self._texts = _ = load_translator().texts(language)
        with app_frame():
            path = camera_path(camera.key)
            TopBar(_, language=language, visitor=visitor, here=path)
            with ui.element("main").classes("dw-cam-page"):
                with ui.element("div").classes("dw-cam-stage"):
                    self._image = large_picture("", camera.news.camera_name)
                with ui.element("div").classes("dw-cam-side"):
                    self._name = ui.label().classes("dw-head-title")
                    self._site = ui.label().classes("dw-muted")
                    with ui.element("div").classes("dw-cam-row"):
                        self._badge = ui.label().classes("dw-chip")
                        self._age = ui.label().classes("dw-time")
                    ui.label(_("Pictures as they are inspected, every 2 s at most: no video")).classes("dw-muted")
                    self._zones_on = ui.switch(_("Show what is drawn"), value=True, on_change=self._redraw)
                    if allows(visitor.principal, "GET", f"{path}/commissioning"):
                        ui.link(_("Commissioning"), address_of(f"{path}/commissioning", language))
                    self._refused = ui.label().classes("dw-note")
                    self._past = ui.element("div").classes("dw-cam-side")
        self._camera = camera
        self._show()
        ui.timer(LIVE_S, self._refresh)

    async def show_past(self) -> None:
        """Show the camera's open cases, and what ailed it."""
        cases, health = await run_in_threadpool(self._read_past)
        _ = self._texts
        self._past.clear()
        with self._past:
            ui.label(_("Open cases")).classes("dw-row-rule")
            for case in cases:
                text = f"#{case.id} {rule_name(case.rule, _)} · {_(STATES[case.state])} · {local_time(case.opened_at)}"
                ui.link(text, f"{address_of(QUEUE, self._language)}?case={case.id}")
            if not cases:
                ui.label(_("none")).classes("dw-muted")
            ui.label(_("Health")).classes("dw-row-rule")
            for one in health:
                end = _("ended {time}").format(time=local_time(one.ended_at)) if one.ended_at else _("still wrong")
                ui.label(f"{_(HEALTH_KINDS[one.kind])} · {local_time(one.started_at)} · {end}").classes("dw-past")
            if not health:
                ui.label(_("nothing was ever wrong")).classes("dw-muted")

    def _read_past(self) -> tuple[list[Case], list[HealthReport]]:
        key, scope = self._key, self._visitor.scope
        wanted = CaseFilter(site_id=key.site_id, camera_id=key.camera_id, scope=scope)
        cases = CaseList(self._sources.store.engine).page(wanted, limit=200).cases
        reports = self._sources.watched.health.page(camera_id=key.camera_id, scope=scope, limit=50).reports
        health = [each.report for each in reports if each.report.site_id == key.site_id]
        return [case for case in cases if case.state not in _ENDED][:MOST_SHOWN], health[:MOST_SHOWN]

    async def _refresh(self) -> None:
        """Show the newest picture, and say that somebody looks, so that the edge sends the next one soon."""
        if not await self._visitor.is_here(acts=False):
            return
        self._sources.watched.live.look(self._key, self._sources.clock())
        camera = await run_in_threadpool(known_camera, self._sources, self._key)
        if camera is not None and camera != self._camera:
            self._camera = camera
            self._show()

    def _show(self) -> None:
        camera, _ = self._camera, self._texts
        ailing = self._sources.watched.health.ongoing(self._visitor.scope)
        badge = badge_now(camera, frozenset((each.site_id, each.camera_id) for each in ailing), self._sources.clock())
        self._name.text, self._site.text = camera.news.camera_name, camera.news.site_name
        self._badge.text = _(BADGES[badge])
        self._badge.classes(replace=f"dw-chip {BADGE_CLASSES[badge]}")
        self._age.text = picture_age(camera, _)
        refused = camera.news.refused
        self._refused.set_visibility(refused is not None)
        if refused is not None:
            text = _("The edge could not apply version {version}: {reason}")
            self._refused.text = text.format(version=refused.version, reason=_(refused.reason))
        if camera.picture is not None:
            self._image.set_source(picture_url(camera.key, camera.picture))
        self._redraw()

    def _redraw(self) -> None:
        picture = self._camera.picture
        if picture is None or not self._zones_on.value:
            self._image.content = ""
            return
        drawing = drawing_of(self._camera.news.layout)
        self._image.content = drawing_svg(drawing, (picture.width, picture.height), self._texts)
