"""The dialog in which a user is added or changed."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from pydantic import ValidationError

from service.accounts.scope import Scope
from service.accounts.users import USER_ROLES, User, UserPlan
from service.domain.lifecycle import Role
from service.errors import BadUser
from service.pages.administration.desk import AdministrationDesk
from service.pages.dialogs import dialog_title
from service.texts.catalogue import N_

ROLES = {
    Role.INSPECTOR: N_("Inspector"),
    Role.REVIEWER: N_("Reviewer"),
    Role.DISTRICT: N_("District"),
    Role.STREET: N_("Street"),
    Role.SITE: N_("Construction site"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
MOST_SCOPE = 4000
_FIELDS = {
    "name": N_("Sign-in name"),
    "display_name": N_("Name that is shown"),
    "roles": N_("Roles"),
    "districts": N_("Districts, with commas"),
    "streets": N_("Streets as district/street"),
    "sites": N_("Ids of single sites"),
}
OnPlan = Callable[[UserPlan], Awaitable[bool]]
"""Keeps what the form says; tells whether it could."""


class UserForm:
    """One open dialog; `user` is None for a new one."""

    def __init__(self, desk: AdministrationDesk, user: User | None, on_plan: OnPlan) -> None:
        self._desk = desk
        self._user = user
        self._on_plan = on_plan
        _ = desk.texts
        plan = None if user is None else user.plan
        scope = Scope() if plan is None else plan.scope
        with desk.layer, ui.dialog(value=True) as self._dialog, ui.card().classes("dw-dialog dw-admin-form"):
            dialog_title(self._dialog, _("Add a user") if user is None else _("Change the user"))
            self._name = _line(_("Sign-in name"), "" if plan is None else plan.name)
            self._name.set_enabled(user is None)
            self._display = _line(_("Name that is shown"), "" if plan is None else plan.display_name)
            names = {role.value: _(ROLES[role]) for role in ROLES if role in USER_ROLES}
            chosen = [] if plan is None else [role.value for role in Role if role in plan.roles]
            self._roles = ui.select(names, value=chosen, label=_("Roles"), multiple=True)
            self._roles.props("dense outlined use-chips")
            self._everywhere = ui.checkbox(_("Sees every site"), value=scope.everywhere)
            self._districts = _line(_("Districts, with commas"), ", ".join(sorted(scope.districts)), MOST_SCOPE)
            self._streets = _line(_("Streets as district/street"), ", ".join(sorted(scope.streets)), MOST_SCOPE)
            self._sites = _line(_("Ids of single sites"), ", ".join(sorted(scope.sites)), MOST_SCOPE)
            self._no_site = ui.label(_("Sees no site: choose some above, else this user finds every page empty"))
            self._no_site.classes("dw-found dw-admin-none").props("role=status")
            for field in (self._roles, self._everywhere, self._districts, self._streets, self._sites):
                field.on_value_change(self._tell_reach)
            self._tell_reach()
            with ui.row().classes("dw-admin-buttons"):
                ui.button(_("Cancel"), on_click=self._dialog.close).props("flat no-caps color=none")
                ui.button(_("Save"), on_click=self._save).props("unelevated no-caps color=none").classes(
                    "dw-admin-main"
                )

    def _plan(self) -> UserPlan:
        """Return what the form says. Raises BadUser."""
        told = {
            "name": self._name.value,
            "display_name": self._display.value,
            "roles": self._roles.value,
            "scope": {
                "everywhere": bool(self._everywhere.value),
                "districts": listed(self._districts.value),
                "streets": listed(self._streets.value),
                "sites": listed(self._sites.value),
            },
            "locked": self._user is not None and self._user.plan.locked,
        }
        try:
            return UserPlan.model_validate(told)
        except ValidationError as error:
            names = [name for each in error.errors() for name in each["loc"] if name in _FIELDS]
            wrong = dict.fromkeys(self._desk.texts(_FIELDS[str(name)]) for name in names)
            raise BadUser(detail=", ".join(wrong)) from error

    def _tell_reach(self) -> None:
        """Say so while the user would see nothing; administrators see everything."""
        parts = (self._everywhere.value, self._districts.value, self._streets.value, self._sites.value)
        self._no_site.set_visibility(not any(parts) and Role.ADMINISTRATOR.value not in self._roles.value)

    async def _save(self) -> None:
        try:
            plan = self._plan()
        except BadUser as error:
            text = self._desk.translator.explain(error.template, error.params, self._desk.language)
            ui.notify(text, type="warning")
            return
        if await self._on_plan(plan):
            self._dialog.close()


def _line(label: str, value: str, longest: int = 100) -> ui.input:
    made = ui.input(label, value=value)
    return made.props(f'dense outlined maxlength={longest} autocomplete="off" spellcheck=false')


def listed(text: str | None) -> list[str]:
    """Return what stands between commas, Chinese ones too."""
    return [part.strip() for part in (text or "").replace("，", ",").replace("、", ",").split(",") if part.strip()]
