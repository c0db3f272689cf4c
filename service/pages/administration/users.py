"""The tab of users: who they are, what they may do, and the links by which they set their passwords."""

from functools import partial

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.accounts import Accounts
from service.accounts.users import User, UserPlan
from service.api.accounts import link_path
from service.pages.administration.desk import AdministrationDesk
from service.pages.administration.user_form import ROLES, UserForm


class UsersTab:
    """The list of one open page, made anew after each change."""

    def __init__(self, desk: AdministrationDesk, accounts: Accounts) -> None:
        self._desk = desk
        self._accounts = accounts
        _ = desk.texts
        ui.button(_("Add a user"), icon="person_add", on_click=self._open_new).props("outline no-caps color=none")
        self._list = ui.element("div").classes("dw-admin-list").props("role=list")

    async def refresh(self) -> None:
        """Show the users as they are now."""
        users = await run_in_threadpool(self._accounts.users.users)
        self._list.clear()
        with self._list:
            for user in users:
                self._add_row(user)

    def _add_row(self, user: User) -> None:
        _, plan = self._desk.texts, user.plan
        with ui.element("div").classes("dw-admin-row").props("role=listitem") as row:
            row.props["data-user"] = plan.name
            with ui.element("div").classes("dw-row-text"):
                ui.label(f"{plan.display_name} ({plan.name})").classes("dw-row-rule dw-cut")
                ui.label(" · ".join([self._roles(plan), self._reach(plan)])).classes("dw-cut dw-muted")
            with ui.element("div").classes("dw-admin-chips"):
                if plan.locked:
                    ui.label(_("Locked")).classes("dw-chip dw-confirmed")
                if not user.has_password:
                    ui.label(_("No password yet")).classes("dw-chip dw-found")
                if user.has_totp:
                    ui.label(_("Second factor")).classes("dw-chip dw-rejected")
            with ui.element("div").classes("dw-admin-buttons"):
                _button(_("Change"), partial(self._open_change, user))
                _button(_("Unlock") if plan.locked else _("Lock"), partial(self._ask_lock, user))
                _button(_("New password link"), partial(self._ask_reset, user))

    def _roles(self, plan: UserPlan) -> str:
        return ", ".join(self._desk.texts(text) for role, text in ROLES.items() if role in plan.roles)

    def _reach(self, plan: UserPlan) -> str:
        _, reach = self._desk.texts, plan.reach
        if reach.everywhere:
            return _("Sees every site")
        return ", ".join(sorted({*reach.districts, *reach.streets, *reach.sites})) or _("Sees no site")

    def _open_new(self) -> None:
        UserForm(self._desk, None, self._add)

    def _open_change(self, user: User) -> None:
        UserForm(self._desk, user, self._save)

    async def _add(self, plan: UserPlan) -> bool:
        async def then(made: object) -> None:
            assert isinstance(made, tuple)
            self._show_link(made[1])
            await self.refresh()

        return await self._desk.change(
            lambda: self._accounts.make_user(plan, self._desk.who, self._desk.ip_address), then
        )

    async def _save(self, plan: UserPlan) -> bool:
        async def then(_user: object) -> None:
            await self.refresh()

        return await self._desk.change(
            lambda: self._accounts.change_user(plan, self._desk.who, self._desk.ip_address), then
        )

    def _ask_lock(self, user: User) -> None:
        _, plan = self._desk.texts, user.plan
        question = _("Unlock {name}?") if plan.locked else _("Lock {name}? Every session of theirs ends at once.")

        async def do() -> None:
            await self._save(plan.model_copy(update={"locked": not plan.locked}))

        self._desk.ask(question.format(name=plan.display_name), _("Unlock") if plan.locked else _("Lock"), do)

    def _ask_reset(self, user: User) -> None:
        _, name = self._desk.texts, user.plan.name

        async def then(token: object) -> None:
            self._show_link(str(token))

        async def do() -> None:
            await self._desk.change(lambda: self._accounts.reset(name, self._desk.who, self._desk.ip_address), then)

        question = _("Make a link for {name} that sets a new password and turns the second factor off?")
        self._desk.ask(question.format(name=user.plan.display_name), _("Make the link"), do)

    def _show_link(self, token: str) -> None:
        _ = self._desk.texts
        note = _("It sets a password, once and within 24 hours. It is shown only here: hand it over yourself.")
        self._desk.show_once(_("One-time link"), f"{self._desk.base_url}{link_path(token)}", note)


def _button(text: str, do: partial[None]) -> None:
    ui.button(text, on_click=do).props("flat dense no-caps color=none")
