"""The tab of models: cards, figures by class, and which version is in production; promoted and rolled back here."""

from functools import partial

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from models.errors import ModelError
from service.accounts.audit import Action
from service.pages.administration.desk import AdministrationDesk
from service.pages.administration.model_rows import ModelRow, ShadowFound, VersionRow, model_rows, shadow_found
from service.pages.dialogs import MAX_REASON, dialog_title
from service.pages.figure_card import FigureTable, add_table
from service.pages.labels import local_time
from service.texts.catalogue import N_

ACTIONS = {"promote": N_("promoted"), "rollback": N_("rolled back to")}


class ModelsTab:
    """The list of one open page, made anew after each change."""

    def __init__(self, desk: AdministrationDesk) -> None:
        self._desk = desk
        note = desk.texts(
            "What is promoted counts where this folder of models is used; edges have folders of their own"
        )
        ui.label(note).classes("dw-muted")
        self._list = ui.element("div").classes("dw-admin-list")
        with self._list:
            ui.label(desk.texts("Checking hashes …")).classes("dw-muted").props("role=status")

    async def refresh(self) -> None:
        """Show the models as they are now; each hash is checked."""
        office = self._desk.office
        try:
            rows = await run_in_threadpool(model_rows, office.registry)
        except ModelError as error:
            self._list.clear()
            with self._list:
                ui.label(self._explained(error)).classes("dw-bad")
            return
        shadow = await run_in_threadpool(shadow_found, office.shadow)
        self._list.clear()
        with self._list:
            if shadow is not None:
                self._add_shadow(shadow)
            for row in rows:
                self._add_model(row)

    def _add_model(self, row: ModelRow) -> None:
        _ = self._desk.texts
        with ui.element("section").classes("dw-stat-card") as card:
            card.props["data-model"] = row.name
            with ui.element("div").classes("dw-stat-head"):
                ui.label(row.name).classes("dw-stat-title").props('role=heading aria-level="2"')
                if row.before is not None:
                    back = _("Go back to {version}").format(version=row.before)
                    ask = partial(self._ask, row.name, None, back)
                    ui.button(back, on_click=ask).props("flat dense no-caps color=none")
            for version in row.versions:
                self._add_version(row.name, version)
            for change in row.history[:5]:
                told = f"{local_time(change.at)} {change.who}: {_(ACTIONS[change.action])} {change.version}"
                ui.label(f"{told} ({change.reason})" if change.reason else told).classes("dw-muted dw-admin-long")

    def _add_version(self, name: str, row: VersionRow) -> None:
        _ = self._desk.texts
        with ui.element("div").classes("dw-admin-version") as line:
            line.props["data-version"] = row.version
            ui.label(row.version).classes("dw-row-rule")
            if row.in_production:
                ui.label(_("In production")).classes("dw-chip dw-found")
            if row.card is None:
                ui.label(self._explained(row.problem)).classes("dw-bad dw-admin-long")
                return
            ui.label(f"SHA-256 {row.card.sha256[:12]} ✓").classes("dw-muted")
            if not row.in_production:
                ask = partial(self._ask, name, row.version, _("Promote"))
                ui.button(_("Promote"), on_click=ask).props("flat dense no-caps color=none")
        with ui.expansion(_("Card and figures by class")).classes("dw-admin-card").props("dense"):
            self._add_card(row)

    def _add_card(self, row: VersionRow) -> None:
        _, card = self._desk.texts, row.card
        assert card is not None
        for title, text in (
            (_("Licence"), card.licence),
            (_("Source"), card.source),
            (_("Made by"), card.made_by),
            (_("How test pictures were kept apart"), card.split),
            (_("Learnt from"), "; ".join(f"{data.what} ({data.provenance})" for data in card.training_data)),
            (_("Known failures"), "; ".join(card.known_failures)),
        ):
            ui.label(f"{title}: {text}").classes("dw-admin-long")
        if row.classes:
            heads = (_("Test set"), _("Class"), "IoU / AP50 / F1", _("Precision"), _("Recall"))
            rows = [
                (each.data_set, each.class_name, _share(each.score), _share(each.precision), _share(each.recall))
                for each in row.classes
            ]
            add_table(FigureTable(heads, rows), _("Figures by class"))
        else:
            told = [(each.what, str(each.value), each.measured_on) for each in card.figures]
            add_table(FigureTable((_("What"), _("Number"), _("Measured on")), told), _("Figures"))

    def _add_shadow(self, found: ShadowFound) -> None:
        _ = self._desk.texts
        with ui.element("section").classes("dw-stat-card"):
            ui.label(_("Shadow run")).classes("dw-stat-title").props('role=heading aria-level="2"')
            text = _(
                "{candidate} beside {production}: {different} of {pictures} pictures differ; mean difference {amount}"
            )
            shown = text.format(
                candidate=found.candidate_sha256[:12],
                production=found.production_sha256[:12],
                different=found.different,
                pictures=found.pictures,
                amount=f"{found.mean_amount * 100:.1f} %",
            )
            ui.label(shown)
            rows = [(name, f"{share * 100:.1f} %") for name, share in sorted(found.by_class.items())]
            add_table(FigureTable((_("Class"), _("Difference")), rows), _("Shadow run"))

    def _ask(self, name: str, version: str | None, action: str) -> None:
        """Ask for the reason, and with it once more; without a version it goes back."""
        _ = self._desk.texts
        question = _("{action}: {name}?") if version is None else _("Promote {name} {version}?")
        with self._desk.layer, ui.dialog(value=True) as dialog, ui.card().classes("dw-dialog"):
            dialog_title(dialog, question.format(action=action, name=name, version=version))
            reason = ui.input(_("Reason")).props(f"dense outlined autofocus maxlength={MAX_REASON}")

            async def take() -> None:
                text = (reason.value or "").strip()
                if not text:
                    ui.notify(_("Give a reason"), type="warning")
                elif dialog.value:
                    dialog.close()
                    await self._change(name, version, text)

            reason.on("keydown.enter", take)
            with ui.row().classes("dw-admin-buttons"):
                ui.button(_("Cancel"), on_click=dialog.close).props("flat no-caps color=none")
                ui.button(action, on_click=take).props("unelevated no-caps color=negative")

    async def _change(self, name: str, version: str | None, reason: str) -> None:
        desk, registry = self._desk, self._desk.office.registry

        def do() -> None:
            if version is None:
                made = registry.rollback(name, desk.who, reason)
            else:
                made = registry.promote(name, version, desk.who, reason)
            action = Action.MODEL_ROLLED_BACK if version is None else Action.MODEL_PROMOTED
            desk.office.audit.add(desk.entry(action, f"{name} {made.previous or '-'} -> {made.version}: {reason}"))

        async def then(_nothing: object) -> None:
            await self.refresh()

        await desk.change(do, then)

    def _explained(self, error: ModelError | None) -> str:
        return "" if error is None else self._desk.translator.explain(error.template, error.params, self._desk.language)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
