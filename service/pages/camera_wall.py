"""The wall of cameras at `/cameras` (English at `/en/cameras`): a tile each, its newest picture and how it is."""

from dataclasses import dataclass

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.domain.camera_news import Badge
from service.pages.camera_labels import (
    BADGE_CLASSES,
    BADGES,
    badge_now,
    camera_path,
    picture_age,
    picture_url,
)
from service.pages.labels import rule_name
from service.pages.navigation import CAMERAS, address_of
from service.pages.page_frame import add_page, app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.camera_store import KnownCamera
from service.texts.catalogue import Texts, load_translator

REFRESH_S = 5.0
TILES = 24
"""Of one page of the wall."""
_ALL = "all"


def add_camera_wall(sources: Sources) -> None:
    """Register the page in both languages."""

    async def build(_request: Request, language: str, visitor: PageVisitor) -> None:
        wall = CameraWall(sources, language, visitor)
        await wall.refresh()

    add_page(CAMERAS, build, sources)


class CameraWall:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor) -> None:
        self._watched = sources.watched
        self._clock = sources.clock
        self._visitor = visitor
        self._language = language
        self._texts = _ = load_translator().texts(language)
        self._first = 0
        self._tiles: dict[str, Tile] = {}
        states = {_ALL: _("All"), **{badge.value: _(text) for badge, text in BADGES.items()}}
        with app_frame():
            TopBar(_, language=language, visitor=visitor, here=CAMERAS)
            with ui.element("main").classes("dw-cam-main"):
                with ui.element("div").classes("dw-cam-filter"):
                    self._text = ui.input(placeholder=_("Site or camera"), on_change=self._again)
                    self._text.props('dense outlined debounce=400 maxlength=80 clearable autocomplete="off"')
                    self._text.props["aria-label"] = _("Site or camera")
                    self._state = ui.toggle(states, value=_ALL, on_change=self._again)
                    self._state.props(
                        "dense no-caps unelevated color=none toggle-color=none text-color=none toggle-text-color=none"
                    )
                    self._count = ui.label().classes("dw-muted")
                    ui.space()
                    self._back = ui.button(icon="chevron_left", on_click=lambda: self._turn(-TILES))
                    self._forth = ui.button(icon="chevron_right", on_click=lambda: self._turn(TILES))
                    for button, name in ((self._back, _("Earlier cameras")), (self._forth, _("More cameras"))):
                        button.props("flat dense color=none").props["aria-label"] = name
                self._empty = ui.label(_("No camera is here. Edges tell theirs within a minute of their start."))
                self._empty.classes("dw-upkeep-empty dw-muted")
                self._wall = ui.element("div").classes("dw-cam-wall")
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Show what is there now; only what changed is sent to the browser."""
        if not await self._visitor.is_here(acts=False):
            return
        found = await run_in_threadpool(self._found)
        self._first = max(0, min(self._first, (len(found) - 1) // TILES * TILES))
        shown = found[self._first : self._first + TILES]
        self._count.text = self._texts("{count} cameras").format(count=len(found))
        self._empty.set_visibility(not found)
        self._back.set_visibility(self._first > 0)
        self._forth.set_visibility(self._first + TILES < len(found))
        if [camera_path(camera.key) for camera, _ in shown] != list(self._tiles):
            self._wall.clear()
            with self._wall:
                self._tiles = {camera_path(camera.key): Tile(camera, self._language) for camera, _ in shown}
        for camera, badge in shown:
            self._tiles[camera_path(camera.key)].show(camera, badge, self._texts)

    def _found(self) -> list[tuple[KnownCamera, Badge]]:
        scope, now = self._visitor.scope, self._clock()
        ailing = frozenset((each.site_id, each.camera_id) for each in self._watched.health.ongoing(scope))
        cameras = self._watched.cameras.all(scope, str(self._text.value or "").strip())
        found = [(camera, badge_now(camera, ailing, now)) for camera in cameras]
        return [each for each in found if self._state.value in {_ALL, each[1].value}]

    async def _again(self) -> None:
        self._first = 0
        await self.refresh()

    async def _turn(self, by: int) -> None:
        self._first += by
        await self.refresh()


@dataclass(frozen=True)
class _Shown:
    badge: Badge | None = None
    picture: str = ""


class Tile:
    """One camera on the wall."""

    def __init__(self, camera: KnownCamera, language: str) -> None:
        self._shown = _Shown()
        with ui.link(target=address_of(camera_path(camera.key), language)).classes("dw-cam-tile"):
            self._picture = ui.element("img").classes("dw-cam-picture").props("loading=lazy decoding=async")
            with ui.element("div").classes("dw-cam-picture dw-cam-none") as self._none:
                ui.icon("hide_image")
            with ui.element("div").classes("dw-cam-line"):
                self._name = ui.label().classes("dw-cut dw-row-rule")
                self._badge = ui.label().classes("dw-chip")
            self._site = ui.label().classes("dw-cut dw-muted")
            self._rules = ui.label().classes("dw-cut dw-muted")
            self._age = ui.label().classes("dw-cut dw-muted")

    def show(self, camera: KnownCamera, badge: Badge, _: Texts) -> None:
        """Show the camera as it is now."""
        self._name.text, self._site.text = camera.news.camera_name, camera.news.site_name
        watches = " · ".join(rule_name(rule, _) for rule in camera.news.watches)
        self._rules.text = watches or _("nothing is drawn to be judged")
        self._age.text = picture_age(camera, _)
        url = picture_url(camera.key, camera.picture, small=True) if camera.picture else ""
        if url != self._shown.picture:
            self._picture.props["src"] = url
        self._picture.props["alt"] = camera.news.camera_name
        self._picture.set_visibility(bool(url))
        self._none.set_visibility(not url)
        if badge is not self._shown.badge:
            self._badge.text = _(BADGES[badge])
            self._badge.classes(replace=f"dw-chip {BADGE_CLASSES[badge]}")
        self._shown = _Shown(badge, url)
