"""Tells on the maintenance page which channels missed notices for so long that these were given up."""

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.principal import Principal
from service.domain.lifecycle import Role
from service.pages.labels import local_time
from service.pages.page_visitor import PageVisitor
from service.storage.notice_store import GivenUp, NoticeStore
from service.texts.catalogue import Texts

_MAY_SEE = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


def may_see(principal: Principal) -> bool:
    """Tell whether the alarms are theirs: channels are of the whole city, and kept by the office."""
    return principal.is_anybody or (principal.scope.everywhere and bool(principal.roles & _MAY_SEE))


class NoticeAlarms:
    """The rows of one open page; built where the page is being built."""

    def __init__(self, store: NoticeStore, _: Texts, visitor: PageVisitor) -> None:
        self._visitor = visitor
        self._store = store
        self._texts = _
        self._shown: tuple[GivenUp, ...] = ()
        self._rows = ui.element("div")

    async def refresh(self) -> None:
        """Show what was given up and nobody has taken note of; made anew only when something changed."""
        given_up = await run_in_threadpool(self._store.given_up) if may_see(self._visitor.principal) else ()
        if given_up == self._shown:
            return
        self._shown = given_up
        self._rows.clear()
        with self._rows:
            for each in given_up:
                self._add_row(each)

    def _add_row(self, each: GivenUp) -> None:
        _ = self._texts

        async def take_note() -> None:
            if await self._visitor.is_here() and may_see(self._visitor.principal):
                await run_in_threadpool(self._store.take_note, each.channel)
            await self.refresh()

        with ui.element("div").classes("dw-upkeep-row") as row:
            row.props["data-channel"] = each.channel
            with ui.element("div").classes("dw-row-text"):
                ui.label(_("Notices to {channel} were given up").format(channel=each.channel)).classes("dw-row-rule")
                ui.label(each.problem or _("They were not sent in time")).classes("dw-cut dw-muted")
            ui.label(_("since {time}").format(time=local_time(each.first_at))).classes("dw-time")
            ui.label(_("{count} not told").format(count=each.count)).classes("dw-chip dw-confirmed")
            ui.button(_("Noted"), on_click=take_note).props("outline dense no-caps")
