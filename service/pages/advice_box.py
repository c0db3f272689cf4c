"""What the office's rules advise on a case, shown beside it; it decides nothing by itself."""

from nicegui import ui

from service.domain.office.advice import Advice
from service.pages.office_texts import advice_lines, advice_source
from service.texts.catalogue import Texts


def add_advice(advice: Advice | None, _: Texts) -> None:
    """Add the advice, a line for leniency and one for strictness where it is due; nothing without advice."""
    if advice is None:
        return
    with ui.element("div").classes("dw-advice").props(f'role=group aria-label="{_("Advice")}"'):
        for line in advice_lines(advice, _):
            ui.label(line)
        ui.label(advice_source(advice, _)).classes("dw-muted")
