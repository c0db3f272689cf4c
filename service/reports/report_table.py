"""A table of a report, as spreadsheets and print take it."""

from dataclasses import dataclass

Texts = tuple[str | int | float, ...]


@dataclass(frozen=True)
class ReportTable:
    """One table of the report: a title, its heads, and rows of texts and numbers; no value is an empty text.

    `note` says what it is of. `widths` are the columns' shares of a page for a table of mostly texts; an empty one
    stands for a table of figures.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[Texts, ...]
    note: str = ""
    widths: tuple[float, ...] = ()
