"""The tab of the office's rules: every version with its days, each figure with what it means; to be read only."""

from datetime import date

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.domain.office.days import day_of
from service.domain.office.parameters import parameters_of
from service.domain.office.rule_set import RuleSet
from service.office_rules import read_rule_book
from service.pages.administration.desk import AdministrationDesk
from service.pages.figure_card import FigureTable, add_table
from service.texts.catalogue import N_

SECTIONS = {
    "leniency": N_("Leniency (721)"),
    "escalation": N_("Escalation"),
    "ranking": N_("Red and black lists"),
    "coverage": N_("Monthly inspection of key-area projects"),
    "alert": N_("Pollution alert"),
    "control": N_("Control levels"),
}


async def add_rules(desk: AdministrationDesk) -> None:
    """Add the rules to the page that is being built."""
    _, today = desk.texts, day_of(desk.office.clock())
    book = await run_in_threadpool(read_rule_book)
    ui.label(_("Rules are files, a version each; every figure is a parameter that the office has to check")).classes(
        "dw-muted"
    )
    for rules in sorted(book.rule_sets, key=lambda rules: (_holds(rules, today), rules.valid_from), reverse=True):
        with ui.element("section").classes("dw-stat-card") as card:
            card.props["data-rules"] = rules.version
            with ui.element("div").classes("dw-stat-head"):
                ui.label(rules.version).classes("dw-stat-title").props('role=heading aria-level="2"')
                ui.label(_days(desk, rules)).classes("dw-muted")
                if _holds(rules, today):
                    ui.label(_("Holds today")).classes("dw-chip dw-found")
            ui.label(rules.about).classes("dw-admin-long")
            for name, title in SECTIONS.items():
                with ui.expansion(_(title)).classes("dw-admin-card").props("dense"):
                    rows = [
                        (each.title, "–" if each.value in (None, {}) else str(each.value), each.path)
                        for each in parameters_of(getattr(rules, name), name)
                    ]
                    add_table(FigureTable((_("What"), _("Figure"), _("Place in the file")), rows), _(title))


def _holds(rules: RuleSet, day: date) -> bool:
    return rules.valid_from <= day <= (rules.valid_until or date.max)


def _days(desk: AdministrationDesk, rules: RuleSet) -> str:
    _ = desk.texts
    if rules.valid_until is None:
        return _("from {first} on").format(first=rules.valid_from)
    return _("{first} to {last}").format(first=rules.valid_from, last=rules.valid_until)
