"""A card of the statistics page: a title, a chart, and the same figures as a table for who can't see the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from service.texts.catalogue import Texts

ROW_PX = 24
LEAST_PX, MOST_PX = 190, 620


@dataclass(frozen=True)
class FigureTable:
    """A table's heads and rows; the first column names the row, the others are figures as they are shown."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def add_card(
    title: str,
    table: FigureTable,
    _: Texts,
    *,
    note: str = "",
    chart: dict[str, Any] | None = None,
    csv: str = "",
    height_px: int = 0,
    texts_from: int | None = None,
) -> None:
    """Add a card; `csv` is the address of the whole table as a file, and `height_px` the chart's if not the rows'.

    The columns from `texts_from` on are texts, not figures.
    """
    with ui.element("section").classes("dw-stat-card").props(f'aria-label="{_attribute(title)}"'):
        with ui.element("div").classes("dw-stat-head"):
            ui.label(title).classes("dw-stat-title").props('role=heading aria-level="2"')
            if csv:
                ui.link("CSV", csv).classes("dw-stat-csv").props(f'aria-label="{_attribute(title)} CSV"')
        if note:
            ui.label(note).classes("dw-muted dw-stat-note")
        if not table.rows:
            ui.label(_("No data yet")).classes("dw-stat-none dw-muted")
            return
        with ui.element("div").classes("dw-stat-pair" if chart else ""):
            if chart:
                height = height_px or min(MOST_PX, max(LEAST_PX, 70 + ROW_PX * len(table.rows)))
                drawn = ui.echart(chart).classes("dw-stat-chart").style(f"height: {height}px")
                drawn.props(f'role=img aria-label="{_attribute(title)}"')
            add_table(table, title, texts_from)


def add_table(table: FigureTable, title: str, texts_from: int | None = None) -> None:
    """Add a table; its cells are data that the browser shows as text, figures at the right."""
    figures = range(1, len(table.heads) if texts_from is None else texts_from)
    columns = [
        {"name": str(number), "label": head, "field": str(number), "align": "right" if number in figures else "left"}
        for number, head in enumerate(table.heads)
    ]
    rows = [{"key": number, **{str(at): cell for at, cell in enumerate(row)}} for number, row in enumerate(table.rows)]
    made = ui.table(columns=columns, rows=rows, row_key="key").classes("dw-stat-table dw-scroll")
    made.props(
        f'dense flat hide-pagination :rows-per-page-options="[0]" table-aria-label="{_attribute(title)}" tabindex=0'
    )


def _attribute(text: str) -> str:
    """Return our own title as a quoted property may hold it."""
    return text.replace('"', "'").replace("\\", "")
