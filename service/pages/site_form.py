"""The form in which administrators write down a site; what is wrong is said at its field."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from service.domain.office.levels import ControlLevel
from service.domain.sites import MOST_PARTIES, PartyRole, Site, site_categories
from service.pages.dialogs import dialog_title
from service.texts.catalogue import CHINESE, N_, Texts

OnSave = Callable[[Site], Awaitable[str | None]]
"""Keeps the site; returns what went wrong, in words, or None."""
PARTIES = {
    PartyRole.OWNER: N_("Owner"),
    PartyRole.BUILDER: N_("Developer"),
    PartyRole.CONTRACTOR: N_("Contractor"),
    PartyRole.SUPERVISOR: N_("Supervisor"),
}
_FAULTS = {
    "missing": N_("must be filled in"),
    "string_too_short": N_("must be filled in"),
    "string_type": N_("must be filled in"),
    "string_too_long": N_("is too long"),
    "string_pattern_mismatch": N_("holds characters that are not allowed"),
    "float_parsing": N_("must be a number, such as 30.2084"),
}
_TEXTS = {
    "name": N_("Name of the site"),
    "district": N_("District"),
    "street": N_("Street"),
    "point_keeper": N_("Point keeper"),
    "point_keeper_contact": N_("Point keeper's contact"),
    "latitude": N_("Latitude (WGS84)"),
    "longitude": N_("Longitude (WGS84)"),
}


@dataclass
class _PartyRow:
    """The fields of one responsible party."""

    box: ui.element
    role: ui.select
    name: ui.input
    contact: ui.input


class SiteForm:
    """A dialog; `open` fills it."""

    def __init__(self, _: Texts, language: str, on_save: OnSave) -> None:
        self._texts, self._on_save = _, on_save
        self._site_id = ""
        self._rows: list[_PartyRow] = []
        categories = {key: each.zh if language == CHINESE else each.en for key, each in site_categories().items()}
        with ui.dialog() as self._dialog, ui.card().classes("dw-dialog dw-site-form"):
            dialog_title(self._dialog, _("Edit the site"))
            with ui.element("div").classes("dw-site-fields"):
                self._fields: dict[str, Any] = {
                    name: ui.input(_(label)).props("dense outlined maxlength=200") for name, label in _TEXTS.items()
                }
                self._fields["category"] = ui.select(categories, label=_("Category")).props("dense outlined")
                levels = [level.value for level in ControlLevel]
                self._fields["control_level"] = ui.select(levels, label=_("Control level")).props("dense outlined")
                self._fields["is_key_area"] = ui.checkbox(_("In a key area"))
            ui.label(_("Responsible parties")).classes("dw-panel-title")
            self._parties = ui.element("div")
            ui.button(_("Add a party"), icon="add", on_click=self._add_empty).props("flat dense no-caps color=none")
            self._problem = ui.label().classes("dw-site-problem").props("role=alert")
            with ui.row():
                ui.button(_("Save"), on_click=self._save).props("no-caps unelevated color=dark")
                ui.button(_("Cancel"), on_click=self._dialog.close).props("flat no-caps color=none")

    def open(self, site_id: str, site: Site | None, name: str) -> None:
        """Show it, filled with the site, or with what is known of one that is not in the list yet."""
        self._site_id = site_id
        position = None if site is None else site.position
        told: dict[str, Any] = {"name": name, "control_level": ControlLevel.B.value, "is_key_area": False}
        if site is not None:
            told = site.model_dump(mode="json", exclude={"parties", "position"})
        told["latitude"] = "" if position is None else str(position.latitude)
        told["longitude"] = "" if position is None else str(position.longitude)
        for key, field in self._fields.items():
            value = told.get(key, None if isinstance(field, ui.select) else "")
            field.value = value if not isinstance(field, ui.select) or value in field.options else None
        self._rows = []
        self._parties.clear()
        for party in () if site is None else site.parties:
            self._add_party(party.role, party.name, party.contact)
        self._tell({})
        self._dialog.open()

    def _add_empty(self) -> None:
        if len(self._rows) < MOST_PARTIES:
            self._add_party(PartyRole.CONTRACTOR, "", "")

    def _add_party(self, role: PartyRole, name: str, contact: str) -> None:
        _ = self._texts

        def remove() -> None:
            self._rows.remove(row)
            row.box.delete()

        with self._parties, ui.element("div").classes("dw-site-party") as box:
            roles = {each.value: _(text) for each, text in PARTIES.items()}
            row = _PartyRow(
                box,
                ui.select(roles, label=_("Role"), value=role.value).props("dense outlined"),
                ui.input(_("Name of the party"), value=name).props("dense outlined maxlength=200"),
                ui.input(_("Contact"), value=contact).props("dense outlined maxlength=200"),
            )
            button = ui.button(icon="close", on_click=remove).props("flat dense round color=none")
            button.props["aria-label"] = _("Remove")
        self._rows.append(row)

    async def _save(self) -> None:
        try:
            site = Site.model_validate(self._told())
        except ValidationError as error:
            self._tell({".".join(map(str, each["loc"])): str(each["type"]) for each in error.errors()})
            return
        self._tell({})
        problem = await self._on_save(site)
        if problem is None:
            self._dialog.close()
        else:
            self._problem.text = problem

    def _told(self) -> dict[str, Any]:
        told = {key: field.value for key, field in self._fields.items()}
        position = {key: str(told.pop(key) or "").strip() for key in ("latitude", "longitude")}
        told["category"] = told["category"] or ""
        told["position"] = {key: each for key, each in position.items() if each} or None
        parties = [{"role": row.role.value, "name": row.name.value, "contact": row.contact.value} for row in self._rows]
        return {**told, "id": self._site_id, "parties": parties}

    def _tell(self, faults: dict[str, str]) -> None:
        """Say at each field what is wrong with it; `faults` are kinds of faults by their place in the site."""
        _ = self._texts
        words = {place: _(_FAULTS.get(kind, N_("can't be right"))) for place, kind in faults.items()}
        for key, field in self._fields.items():
            if hasattr(field, "error"):
                field.error = words.get(key) or words.get(f"position.{key}")
        for number, row in enumerate(self._rows):
            row.name.error = words.get(f"parties.{number}.name")
            row.contact.error = words.get(f"parties.{number}.contact")
        if "" in faults:  # the model as a whole: its kind of site is none
            self._fields["category"].error = _(N_("must be filled in"))
        if "position" in faults:
            self._fields["latitude"].error = words["position"]
        self._problem.text = _("Please correct the marked fields") if faults else ""
