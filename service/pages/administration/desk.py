"""One open administration page: who acts, what is asked once more before it is done, and what came of it."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from models.errors import ModelError
from service.accounts.access import allows
from service.accounts.accounts import Accounts
from service.accounts.audit import Action, Entry
from service.api.visitor import address_of as ip_address_of
from service.errors import ServiceError
from service.pages.administration.administered import Administered
from service.pages.dialogs import dialog_title
from service.pages.navigation import ADMINISTRATION, address_of
from service.pages.page_visitor import PageVisitor
from service.texts.catalogue import load_translator

Do = Callable[[], object]
"""Something to be done in a thread; what it returns is handed on."""


class AdministrationDesk:
    """What the tabs of one open page have in common. Every change goes through `change`, which asks who acts again."""

    def __init__(self, office: Administered, language: str, visitor: PageVisitor, request: Request) -> None:
        self.office = office
        self.language = language
        self.visitor = visitor
        self.translator = load_translator()
        self.texts = self.translator.texts(language)
        self.query = {name: value[:200] for name, value in request.query_params.items()}
        self.base_url = str(request.base_url).rstrip("/")
        self.ip_address = ip_address_of(request)
        self.layer = ui.element("div")
        """Holds the dialogs, so that they outlive the rows that opened them."""

    @property
    def accounts(self) -> Accounts | None:
        """The accounts, None where the service is open."""
        return self.office.accounts

    @property
    def who(self) -> str:
        """The name that the audit log is told."""
        return self.visitor.principal.name or self.visitor.typed

    def address(self, tab: str) -> str:
        """Return the address of a tab."""
        return f"{address_of(ADMINISTRATION, self.language)}?tab={tab}"

    async def change(self, do: Do, then: Callable[[object], Awaitable[None]] | None = None) -> bool:
        """Do something that only administrators may, in a thread, and tell whether it was done.

        Where it fails, the page tells why.
        """
        if not await self.visitor.is_here() or not allows(self.visitor.principal, "GET", ADMINISTRATION):
            return False
        try:
            result = await run_in_threadpool(do)
        except (ServiceError, ModelError) as error:
            text = self.translator.explain(error.template, error.params, self.language)
            ui.notify(text, type="warning", multi_line=True)
            return False
        if then is not None:
            await then(result)
        return True

    def entry(self, action: Action, detail: str) -> Entry:
        """Return an entry of the audit log for now."""
        return Entry(self.office.clock(), self.who, action, self.ip_address, None, detail)

    def ask(self, question: str, action: str, do: Callable[[], Awaitable[None]]) -> None:
        """Ask once more before something dangerous is done."""
        with self.layer, ui.dialog(value=True) as dialog, ui.card().classes("dw-dialog") as card:
            title = dialog_title(dialog, question)
            card.props(f"role=alertdialog aria-labelledby=c{title.id}")
            with ui.row().classes("dw-admin-buttons"):
                ui.button(self.texts("Cancel"), on_click=dialog.close).props("flat no-caps color=none autofocus")
                ui.button(action, on_click=partial(_answered, dialog, do)).props("unelevated no-caps color=negative")

    def show_once(self, title: str, secret: str, note: str) -> None:
        """Show a secret that nobody can see again, until the dialog is closed."""
        with self.layer, ui.dialog(value=True).props("persistent") as dialog, ui.card().classes("dw-dialog") as card:
            card.classes("dw-admin-secret")
            dialog_title(dialog, title)
            ui.label(secret).classes("dw-admin-code").props("data-secret")
            ui.label(note).classes("dw-muted")
            with ui.row().classes("dw-admin-buttons"):
                ui.button(self.texts("Copy"), on_click=lambda: ui.clipboard.write(secret)).props(
                    "flat no-caps color=none"
                )
                ui.button(self.texts("I have handed it over"), on_click=dialog.close).props(
                    "unelevated no-caps color=none"
                ).classes("dw-admin-main")


async def _answered(dialog: ui.dialog, do: Callable[[], Awaitable[None]]) -> None:
    if dialog.value:  # a second click while the first one is on its way does nothing
        dialog.close()
        await do()
