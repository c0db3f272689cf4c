"""One open list of sites with their map: who needs attention first, a filter, the way to each site."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui
from nicegui.events import ValueChangeEventArguments
from starlette.concurrency import run_in_threadpool

from service.domain.office.levels import ControlLevel
from service.domain.sites import Site
from service.pages.navigation import SITES, address_of
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.site_map import COLOURS, Dot, SiteMap
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.case_store import Revision
from service.storage.site_record import SiteRecord, Standing
from service.storage.site_store import SiteFilter, SiteStore
from service.texts.catalogue import N_, Texts, load_translator

REFRESH_S = 3.0
MOST_SITES = 2000
MOST_LISTED = 200
LOOKS = {"overdue": N_("Overdue cases"), "open": N_("Open cases"), "quiet": N_("No open case")}


@dataclass(frozen=True)
class ShownSite:
    """A site as the list shows it; `site` is None where only its cases are known."""

    site_id: str
    name: str
    site: Site | None
    standing: Standing

    @property
    def look(self) -> str:
        """How it stands, as the key of its colour."""
        return "overdue" if self.standing.overdue else "open" if self.standing.open else "quiet"

    def fits(self, text: str, district: str, look: str, level: str) -> bool:
        """Tell whether the filter finds it; an empty condition always holds."""
        told = f"{self.site_id} {self.name} {self.site.street if self.site else ''}".casefold()
        return (
            text.casefold() in told
            and (not district or (self.site is not None and self.site.district == district))
            and (not level or (self.site is not None and self.site.control_level == level))
            and (not look or self.look == look)
        )


class SitesDesk:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor, told: Mapping[str, str]) -> None:
        engine = sources.store.engine
        self._sources, self._language, self._visitor = sources, language, visitor
        self._sites, self._record = SiteStore(engine), SiteRecord(engine)
        self._texts = load_translator().texts(language)
        self._wanted = {name: told.get(name, "")[:100] for name in ("text", "district", "look", "level")}
        self._all: tuple[ShownSite, ...] = ()
        self._revision: Revision | None = None
        self._map: SiteMap | None = None

    async def start(self) -> None:
        """Load the sites and build the page."""
        self._all = await self._load()
        _ = self._texts
        places = [each.place for each in _dots(self._all)]
        with app_frame():
            TopBar(_, language=self._language, visitor=self._visitor, here=SITES)
            with ui.element("main").classes("dw-sites"):
                with ui.element("nav").classes("dw-sites-side"):
                    self._add_filter()
                    self._list = ui.element("div").classes("dw-sites-list")
                    self._list.props["tabindex"] = "0"
                with ui.element("div").classes("dw-map-box"):
                    self._map = SiteMap(places, self._sources.tiles, self._go_to)
                    self._add_legend()
        self._show()
        ui.timer(REFRESH_S, self._refresh)

    async def _load(self) -> tuple[ShownSite, ...]:
        self._revision = await run_in_threadpool(self._sources.store.revision)
        scope = self._visitor.scope
        kept = await run_in_threadpool(self._sites.page, SiteFilter(scope=scope), limit=MOST_SITES)
        standings = await run_in_threadpool(self._record.standings, self._sources.clock(), scope)
        quiet = Standing("", 0, 0)
        known = {each.site.id: each.site for each in kept.sites}
        found = [ShownSite(key, site.name, site, standings.get(key, quiet)) for key, site in known.items()]
        found += [ShownSite(key, each.name, None, each) for key, each in standings.items() if key not in known]
        return tuple(sorted(found, key=lambda each: (-each.standing.overdue, -each.standing.open, each.name)))

    async def _refresh(self) -> None:
        if not await self._visitor.is_here(acts=False):
            return
        if await run_in_threadpool(self._sources.store.revision) != self._revision:
            self._all = await self._load()
            self._show()

    def _add_filter(self) -> None:
        _ = self._texts
        districts = sorted({each.site.district for each in self._all if each.site} | {self._wanted["district"]} - {""})
        choices = {
            "district": (_("District"), {name: name for name in districts}),
            "look": (_("State"), {key: _(text) for key, text in LOOKS.items()}),
            "level": (_("Control level"), {level.value: level.value for level in ControlLevel}),
        }
        with ui.element("div").classes("dw-filters"):
            text = ui.input(_("Find a site"), value=self._wanted["text"], on_change=self._filtering("text"))
            text.props("dense outlined debounce=300 maxlength=100")
            for name, (label, options) in choices.items():
                value = self._wanted[name] if self._wanted[name] in options else None
                self._wanted[name] = value or ""
                select = ui.select(options, label=label, value=value, clearable=True, on_change=self._filtering(name))
                select.props("dense outlined options-dense")

    def _filtering(self, name: str) -> Callable[[ValueChangeEventArguments[Any]], None]:
        return lambda event: self._filter(name, event.value)

    def _filter(self, name: str, value: object) -> None:
        self._wanted[name] = str(value or "")
        told = urlencode({key: each for key, each in self._wanted.items() if each})
        query = json.dumps(f"?{told}" if told else "")
        ui.run_javascript(f'history.replaceState(null, "", location.pathname + {query})')
        self._show()

    def _show(self) -> None:
        found = [each for each in self._all if each.fits(**self._wanted)]
        if self._map is not None:
            self._map.show(_dots(found))
        _ = self._texts
        self._list.clear()
        with self._list:
            if not found:
                ui.label(_("No site fits this filter") if self._all else _("No site is known yet")).classes(
                    "dw-upkeep-empty dw-muted"
                )
            for each in found[:MOST_LISTED]:
                self._add_row(each)
            if len(found) > MOST_LISTED:
                ui.label(_("Only the first {count} are listed").format(count=MOST_LISTED)).classes("dw-muted")

    def _add_row(self, shown: ShownSite) -> None:
        _ = self._texts
        with ui.link(target=site_address(shown.site_id, self._language)).classes("dw-site-row") as row:
            row.props["data-site"] = shown.site_id
            ui.element("span").classes("dw-site-dot").style(f"background: {COLOURS[shown.look]}")
            with ui.element("div").classes("dw-row-text"):
                ui.label(shown.name).classes("dw-row-rule dw-cut")
                ui.label(place_line(shown.site, _)).classes("dw-cut dw-muted")
            with ui.element("div").classes("dw-site-counts"):
                ui.label(_("{count} open").format(count=shown.standing.open))
                if shown.standing.overdue:
                    ui.label(_("{count} overdue").format(count=shown.standing.overdue)).classes("dw-bad")

    def _add_legend(self) -> None:
        _ = self._texts
        with ui.element("div").classes("dw-legend"):
            for look, text in LOOKS.items():
                ui.element("span").classes("dw-site-dot").style(f"background: {COLOURS[look]}")
                ui.label(_(text))
            ui.label(_("The thicker the ring, the stricter the control level")).classes("dw-muted")

    async def _go_to(self, site_id: str) -> None:
        ui.navigate.to(site_address(site_id, self._language))


def site_address(site_id: str, language: str) -> str:
    """Return the address of a site's page."""
    return address_of(f"{SITES}/{quote(site_id, safe='')}", language)


def place_line(site: Site | None, _: Texts) -> str:
    """Return where a site is and how strictly it is controlled, in one line."""
    if site is None:
        return _("not in the list of sites")
    level = _("level {level}").format(level=site.control_level.value)
    return " · ".join(filter(None, [site.district, site.street, level]))


def _dots(found: Sequence[ShownSite]) -> list[Dot]:
    return [
        Dot(
            each.site_id,
            (each.site.position.latitude, each.site.position.longitude),
            each.look,
            each.site.control_level,
        )
        for each in found
        if each.site is not None and each.site.position is not None
    ]
