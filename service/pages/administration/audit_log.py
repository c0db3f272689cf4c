"""The tab of the audit log: who did what, when, filtered by the address."""

from datetime import date
from urllib.parse import urlencode

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.audit import Action
from service.api.audit import audit_filter
from service.pages.administration.desk import AdministrationDesk
from service.pages.figure_card import FigureTable, add_table
from service.pages.labels import local_time
from service.texts.catalogue import N_

ACTIONS = {
    Action.SIGNED_IN: N_("signed in"),
    Action.SIGN_IN_REFUSED: N_("sign-in refused"),
    Action.SIGNED_OUT: N_("signed out"),
    Action.PASSWORD_SET: N_("set a password"),
    Action.TOTP_ON: N_("turned the second factor on"),
    Action.TOTP_OFF: N_("turned the second factor off"),
    Action.LINK_MADE: N_("made a one-time link"),
    Action.USER_MADE: N_("added a user"),
    Action.USER_CHANGED: N_("changed a user"),
    Action.TOKEN_MADE: N_("made a token"),
    Action.TOKEN_REVOKED: N_("revoked a token"),
    Action.MACHINE_REFUSED: N_("a machine was refused another site"),
    Action.MODEL_PROMOTED: N_("promoted a model"),
    Action.MODEL_ROLLED_BACK: N_("rolled a model back"),
    Action.LOOKED: N_("looked at evidence"),
}
SHOWN = 100
_NAMES = ("who", "action", "from", "to")


async def add_audit_log(desk: AdministrationDesk) -> None:
    """Add the log to the page that is being built."""
    _ = desk.texts
    asked = {name: desk.query.get(name, "").strip() for name in _NAMES}
    _add_filters(desk, asked)
    kept = {name: value for name, value in asked.items() if value}
    if desk.accounts is not None:
        ui.link(_("Everything that was found, as CSV"), f"/api/v1/audit.csv?{urlencode(kept)}").classes("dw-stat-csv")
    cursor = desk.query.get("cursor", "")
    before = int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else None
    try:
        days = [date.fromisoformat(asked[name]) if asked[name] else None for name in ("from", "to")]
    except ValueError:
        ui.label(_("This is no day; write it like 2026-03-31")).classes("dw-stat-problem").props("role=alert")
        return
    action = Action(asked["action"]) if asked["action"] in set(Action) else None
    wanted = audit_filter(asked["who"] or None, None, action, *days)
    page = await run_in_threadpool(lambda: desk.office.audit.page(wanted, limit=SHOWN, cursor=before))
    rows = [
        (
            local_time(entry.at),
            entry.who,
            _(ACTIONS[entry.action]),
            entry.address,
            "" if entry.case_id is None else f"#{entry.case_id}",
            entry.detail,
        )
        for _number, entry in page.entries
    ]
    heads = (_("When"), _("Who"), _("Did what"), _("IP address"), _("Case"), _("Detail"))
    with ui.element("section").classes("dw-stat-card dw-admin-log"):
        if rows:
            add_table(FigureTable(heads, rows), _("Audit log"))
        else:
            ui.label(_("Nothing")).classes("dw-muted dw-admin-none")
    if page.next_cursor is not None:
        older = urlencode({**kept, "cursor": page.next_cursor})
        ui.link(_("Older ones"), f"{desk.address('audit')}&{older}").classes("dw-stat-span")


def _add_filters(desk: AdministrationDesk, asked: dict[str, str]) -> None:
    _ = desk.texts
    with ui.element("form").classes("dw-stat-filters").props(f'role=search aria-label="{_("Filters")}"') as form:
        who = ui.input(_("Who"), value=asked["who"]).props("dense outlined maxlength=64")
        actions = {"": _("Everything"), **{action.value: _(text) for action, text in ACTIONS.items()}}
        value = asked["action"] if asked["action"] in actions else ""
        action = ui.select(actions, value=value, label=_("Did what")).props("dense outlined options-dense")
        begin = ui.input(_("From"), value=asked["from"]).props("type=date dense outlined stack-label")
        end = ui.input(_("Up to"), value=asked["to"]).props("type=date dense outlined stack-label")

        def show() -> None:
            values = (who.value, action.value, begin.value, end.value)
            told = {name: str(each).strip() for name, each in zip(_NAMES, values, strict=True) if each}
            ui.navigate.to(f"{desk.address('audit')}&{urlencode(told)}")

        ui.button(_("Show"), on_click=show).props("unelevated no-caps type=button color=none").classes("dw-stat-show")
        form.on("submit.prevent", show)
        form.on("keydown.enter.prevent", show)
