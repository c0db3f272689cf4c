"""What all pages have in common: an address in each language, the colours, the room below the bar."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from fastapi import Request
from nicegui import ui

from service.pages.navigation import TITLES, address_of
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.texts.catalogue import CHINESE, ENGLISH, load_translator

ACCENT = "#a94f06"
"""Dark enough for white letters on it, and for letters of it on white; `style.css` brightens it on dark pages."""
OPENS_WITHIN = timedelta(seconds=60)
_LANGUAGES = {CHINESE: "zh-CN", ENGLISH: "en-US"}

BuildPage = Callable[[Request, str, PageVisitor], Awaitable[None]]
"""Builds one open page, in a language, for who looks."""


def add_page(path: str, build: BuildPage, sources: Sources, *, title: str = "") -> None:
    """Register a page at its path and, in English, below `/en`; both need their line in `service.accounts.access`.

    `title` is the page's name, as `N_` marks it; without one it is the bar's. What the path names (`{site_id}`) is in
    the request's `path_params`.
    """
    for language, locale in _LANGUAGES.items():
        _add(path, build, sources, title or TITLES[path], language, locale)


@contextmanager
def app_frame() -> Iterator[None]:
    """The whole window: what is built inside it, the bar first, stands one below the other."""
    ui.colors(primary=ACCENT, dark="#20262d", dark_page="#0d1014", negative="#c4281c")
    with ui.element("div").classes("dw-app"):
        yield


async def is_opened() -> bool:
    """Send what is built of the page so far, and wait until a browser shows it; False where none does.

    What takes long comes after it: NiceGUI gives a page three seconds to be built.
    """
    try:
        await ui.context.client.connected(timeout=OPENS_WITHIN.total_seconds())
    except TimeoutError:
        return False
    return not ui.context.client.is_deleted


def _add(path: str, build: BuildPage, sources: Sources, title: str, language: str, locale: str) -> None:
    name = load_translator().texts(language)(title)
    brand = "尘视 dustwatch" if language == CHINESE else "dustwatch"

    @ui.page(address_of(path, language), title=f"{name} · {brand}", dark=None, language=locale)  # type: ignore[arg-type]
    async def page(request: Request) -> None:
        await build(request, language, PageVisitor(request, sources.accounts))
