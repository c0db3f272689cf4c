"""What a site's page tells beside its chart: who answers for it, cameras, cases, look-backs, offences."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from nicegui import ui

from service.domain.cases import Case
from service.domain.health import HealthReport
from service.domain.look_backs import LookBack
from service.domain.report import REPEATED
from service.domain.sites import Site, site_categories
from service.pages.case_panel import look_back_line
from service.pages.cases_layout import due_line
from service.pages.labels import HEALTH_KINDS, STATES, local_time, rule_name
from service.pages.navigation import CASES, address_of
from service.pages.site_form import PARTIES
from service.pages.sites_desk import place_line
from service.storage.site_record import SiteCamera
from service.texts.catalogue import CHINESE, Texts


@dataclass(frozen=True)
class SiteShown:
    """Everything that the page shows; `site` is None where the site is not in the list of sites.

    `ongoing` is what is wrong with its cameras now, and `offences` counts a year's confirmed cases by rule.
    """

    site_id: str
    name: str
    site: Site | None
    cases: tuple[Case, ...]
    cameras: tuple[SiteCamera, ...]
    ongoing: tuple[HealthReport, ...]
    look_backs: tuple[LookBack, ...]
    offences: Mapping[str, int]
    now: datetime


def add_site(
    shown: SiteShown, head: ui.element, body: ui.element, _: Texts, language: str, on_edit: Callable[[], None] | None
) -> None:
    """Fill the page's head and body with the site; with `on_edit` there is a button for it."""
    with head:
        with ui.element("div").classes("dw-site-head"):
            with ui.element("h1"):
                ui.label(shown.name)
            if is_repeated(shown.offences):
                ui.label(_("Repeated offences")).classes("dw-chip dw-confirmed")
            ui.space()
            if on_edit is not None:
                ui.button(_("Edit"), icon="edit", on_click=on_edit).props("outline dense no-caps color=none")
        ui.label(place_line(shown.site, _)).classes("dw-muted")
    with body, ui.element("div").classes("dw-site-grid"):
        with _box(_("Who answers for it")):
            _add_people(shown, _, language)
        with _box(_("Cameras")):
            _add_cameras(shown, _)
        with _box(_("Cases"), is_wide=True):
            _add_cases(shown, _, language)
        with _box(_("Confirmed within a year")):
            _add_offences(shown, _)
        with _box(_("Look-backs")):
            _add_look_backs(shown, _, language)


def is_repeated(offences: Mapping[str, int]) -> bool:
    """Tell whether a site offended repeatedly within the year."""
    return sum(offences.values()) >= REPEATED


@contextmanager
def _box(title: str, *, is_wide: bool = False) -> Iterator[None]:
    with ui.element("section").classes("dw-site-box dw-site-wide" if is_wide else "dw-site-box"):
        with ui.element("h2"):
            ui.label(title)
        yield


def _line(label: str, value: str) -> None:
    with ui.element("div").classes("dw-site-line"):
        ui.label(label).classes("dw-muted")
        ui.label(value)


def _add_people(shown: SiteShown, _: Texts, language: str) -> None:
    site = shown.site
    if site is None:
        ui.label(_("This site is not in the list of sites yet.")).classes("dw-muted")
        return
    category = site_categories().get(site.category)
    kind = site.category if category is None else category.zh if language == CHINESE else category.en
    _line(_("Category"), kind)
    _line(_("Control level"), site.control_level.value)
    if site.is_key_area:
        _line(_("Area"), _("In a key area"))
    for party in site.parties:
        _line(_(PARTIES[party.role]), " · ".join(filter(None, [party.name, party.contact])))
    if site.point_keeper:
        _line(_("Point keeper"), " · ".join(filter(None, [site.point_keeper, site.point_keeper_contact])))


def _add_cameras(shown: SiteShown, _: Texts) -> None:
    names = {camera.camera_id: camera.name for camera in shown.cameras}
    names |= {report.camera_id: report.camera_name for report in shown.ongoing}
    if not names:
        ui.label(_("No camera has told anything yet")).classes("dw-muted")
    for camera_id, name in sorted(names.items()):
        with ui.element("div").classes("dw-site-camera"):
            ui.label(name)
            wrong = [report for report in shown.ongoing if report.camera_id == camera_id]
            if not wrong:
                ui.label(_("Nothing is wrong")).classes("dw-chip dw-rejected")
            for report in wrong:
                since = _("since {time}").format(time=local_time(report.started_at)[5:16])
                ui.label(f"{_(HEALTH_KINDS[report.kind])} {since}").classes("dw-chip dw-confirmed")


def _add_cases(shown: SiteShown, _: Texts, language: str) -> None:
    page = address_of(CASES, language)
    if not shown.cases:
        ui.label(_("No violation was found here yet")).classes("dw-muted")
        return
    with ui.element("table").classes("dw-site-cases"), ui.element("tbody"):
        for case in shown.cases:
            with ui.element("tr") as row:
                row.props["data-case"] = case.id
                with ui.element("td"):
                    ui.link(f"#{case.id}", f"{page}?case={case.id}")
                for text in (rule_name(case.rule, _), case.camera_name, local_time(case.opened_at)[:16]):
                    with ui.element("td"):
                        ui.label(text)
                with ui.element("td"):
                    ui.label(_(STATES[case.state])).classes(f"dw-chip dw-{case.state.value}")
                with ui.element("td"):
                    due_line(case, shown.now, _)
    ui.link(_("All cases of this site"), f"{page}?{urlencode({'view': 'table', 'site': shown.site_id})}")


def _add_offences(shown: SiteShown, _: Texts) -> None:
    if not shown.offences:
        ui.label(_("None")).classes("dw-muted")
    for rule, count in sorted(shown.offences.items()):
        _line(rule_name(rule, _), str(count))
    if is_repeated(shown.offences):
        ui.label(_("Two or more within a year count as repeated.")).classes("dw-muted")


def _add_look_backs(shown: SiteShown, _: Texts, language: str) -> None:
    if not shown.look_backs:
        ui.label(_("None")).classes("dw-muted")
    for each in shown.look_backs:
        with ui.element("div").classes("dw-site-camera"):
            ui.link(f"#{each.case_id}", f"{address_of(CASES, language)}?case={each.case_id}")
            ui.label(look_back_line(each, _))
