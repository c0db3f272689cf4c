"""The tab of machines' tokens: made, shown once, and revoked."""

from functools import partial

from nicegui import ui
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.machine_sites import told_token
from service.accounts.principal import MachineScope
from service.api.machine_tokens import NewToken
from service.pages.administration.desk import AdministrationDesk
from service.pages.administration.user_form import listed
from service.pages.labels import local_time
from service.storage.token_store import MachineToken
from service.texts.catalogue import N_, Texts

SCOPES = {
    MachineScope.VIOLATIONS_WRITE: N_("hands violations in"),
    MachineScope.HEALTH_WRITE: N_("tells cameras' health"),
    MachineScope.CASES_READ: N_("reads cases"),
    MachineScope.EVIDENCE_READ: N_("reads evidence"),
    MachineScope.SITES_WRITE: N_("keeps the list of sites"),
}
_EDGE_SCOPES = [MachineScope.VIOLATIONS_WRITE.value, MachineScope.HEALTH_WRITE.value]
"""What an edge needs, and most tokens are for edges."""


class TokensTab:
    """The list of one open page, made anew after each change."""

    def __init__(self, desk: AdministrationDesk, accounts: Accounts) -> None:
        self._desk = desk
        self._accounts = accounts
        _ = desk.texts
        with ui.element("div").classes("dw-admin-add"):
            self._name = ui.input(_("Name of the machine")).props('dense outlined maxlength=64 autocomplete="off"')
            scopes = {scope.value: f"{_(text)} ({scope.value})" for scope, text in SCOPES.items()}
            self._scopes = ui.select(scopes, label=_("What it may do"), multiple=True, value=_EDGE_SCOPES)
            self._scopes.props("dense outlined use-chips").classes("dw-admin-wide")
            self._sites = ui.input(_("Only for the sites with these ids, with commas"))
            self._sites.props('dense outlined maxlength=4000 autocomplete="off" spellcheck=false')
            self._sites.classes("dw-admin-wide")
            ui.button(_("Make a token"), on_click=self._make).props("outline no-caps color=none")
        self._list = ui.element("div").classes("dw-admin-list").props("role=list")

    async def refresh(self) -> None:
        """Show the tokens as they are now."""
        tokens = await run_in_threadpool(self._accounts.tokens.tokens)
        self._list.clear()
        with self._list:
            if not tokens:
                none = ui.label(self._desk.texts("There is no token yet")).classes("dw-muted dw-admin-none")
                none.props("role=listitem")
            for token in tokens:
                self._add_row(token)

    def _add_row(self, token: MachineToken) -> None:
        _ = self._desk.texts
        used = _("never used") if token.used_at is None else _("last used {time}")
        with ui.element("div").classes("dw-admin-row").props("role=listitem") as row:
            row.props["data-token"] = token.name
            with ui.element("div").classes("dw-row-text"):
                ui.label(token.name).classes("dw-row-rule dw-cut")
                ui.label(", ".join(_(SCOPES[scope]) for scope in sorted(token.scopes))).classes("dw-cut dw-muted")
                ui.label(_reach(token, _)).classes("dw-muted").props("data-reach")
            ui.label(used.format(time=local_time(token.used_at or token.created_at))).classes("dw-time dw-muted")
            with ui.element("div").classes("dw-admin-buttons"):
                ask = partial(self._ask_revoke, token.name)
                ui.button(_("Revoke"), on_click=ask).props("flat dense no-caps color=none")

    async def _make(self) -> None:
        _ = self._desk.texts
        try:
            told = {"name": (self._name.value or "").strip(), "scopes": self._scopes.value}
            wanted = NewToken.model_validate({**told, "sites": listed(self._sites.value)})
        except ValidationError as error:
            text = _("Give a name of letters, digits and . @ - _, and say what the machine may do")
            if all(each["loc"][0] == "sites" for each in error.errors()):
                text = _("Give the sites by their ids, with commas, or none for all sites")
            ui.notify(text, type="warning")
            return
        entry = self._desk.entry(Action.TOKEN_MADE, told_token(wanted.name, wanted.scopes, wanted.sites))

        async def then(token: object) -> None:
            note = _("It is shown only here: put it into the machine's configuration.")
            self._desk.show_once(_("Token of {name}").format(name=wanted.name), str(token), note)
            self._name.value, self._scopes.value, self._sites.value = "", _EDGE_SCOPES, ""
            await self.refresh()

        add = partial(self._accounts.tokens.add, wanted.name, wanted.scopes, entry, sites=wanted.sites)
        await self._desk.change(add, then)

    def _ask_revoke(self, name: str) -> None:
        _ = self._desk.texts

        async def then(_nothing: object) -> None:
            await self.refresh()

        async def do() -> None:
            entry = self._desk.entry(Action.TOKEN_REVOKED, name)
            await self._desk.change(lambda: self._accounts.tokens.revoke(name, entry), then)

        question = _("Revoke the token of {name}? The machine is shut out at once.")
        self._desk.ask(question.format(name=name), _("Revoke"), do)


def _reach(token: MachineToken, _: Texts) -> str:
    if not token.sites:
        return _("All sites")
    return _("Only these sites: {sites}").format(sites=", ".join(sorted(token.sites)))
