"""The pictures of a camera that one can draw on: its newest one, and the clean ones of its newest cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from service.accounts.scope import Scope
from service.api.urls import evidence_url, thumbnail_url
from service.pages.camera_labels import picture_url
from service.pages.labels import local_time
from service.pages.sources import Sources
from service.storage.camera_store import KnownCamera
from service.storage.case_filter import CaseFilter
from service.storage.case_list import CaseList
from service.texts.catalogue import Texts

MOST = 6
_CASES = 20
"""So many cases are looked through; several of one minute show much the same."""


@dataclass(frozen=True)
class Reference:
    """A picture of the camera: where it is, large and small, and when it was captured (UTC)."""

    url: str
    small: str
    captured_at: datetime


def references(sources: Sources, camera: KnownCamera, scope: Scope) -> tuple[Reference, ...]:
    """Return the pictures, the camera's newest one first, each of another minute; reads the database."""
    found = []
    if camera.picture is not None:
        small = picture_url(camera.key, camera.picture, small=True)
        found.append(Reference(picture_url(camera.key, camera.picture), small, camera.picture.captured_at))
    wanted = CaseFilter(site_id=camera.key.site_id, camera_id=camera.key.camera_id, scope=scope)
    for case in CaseList(sources.store.engine).page(wanted, limit=_CASES).cases:
        clean = case.evidence_of("clean")
        if clean is not None:
            found.append(Reference(evidence_url(case, clean.name), thumbnail_url(case), case.opened_at))
    minutes = {local_time(each.captured_at)[:16]: each for each in reversed(found)}
    return tuple(each for each in found if minutes[local_time(each.captured_at)[:16]] is each)[:MOST]


def show_references(found: tuple[Reference, ...], on_choose: Callable[[str], object], _: Texts) -> None:
    """Add the pictures as buttons, the first one chosen; nothing where there is no choice."""
    if len(found) < 2:
        return
    buttons: dict[str, ui.element] = {}

    def choose(url: str) -> None:
        for each, button in buttons.items():
            button.props["aria-pressed"] = "true" if each == url else "false"
            button.update()
        on_choose(url)

    ui.label(_("Picture to draw on")).classes("dw-muted")
    with ui.element("div").classes("dw-cam-references dw-scroll"):
        for number, each in enumerate(found):
            button = ui.element("button").props("type=button").classes("dw-cam-reference")
            button.props["aria-pressed"] = "false" if number else "true"
            button.on("click", lambda url=each.url: choose(url))
            buttons[each.url] = button
            with button:
                picture = ui.element("img").props("alt='' loading=lazy")
                picture.props["src"] = each.small
                ui.label(local_time(each.captured_at)[5:16] if number else _("Newest"))
