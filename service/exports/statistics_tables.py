"""The tables of statistics, as rows of cells, and each as a CSV file. Shares are given as they are, from 0 to 1."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

from service.domain.statistics import Course, NamedPrecision, Statistics
from service.exports.spreadsheet_text import defused

Cell = str | int | float | None
_COURSE = ("found", "confirmed", "rejected", "waiting", "in_time", "late", "overdue")


class StatisticsTable(StrEnum):
    """Which table."""

    TREND = "trend"
    RULES = "rules"
    DISTRICTS = "districts"
    HOURS = "hours"
    CAMERAS = "cameras"
    MODELS = "models"
    REASONS = "reasons"


def rows_of(made: Statistics, table: StatisticsTable) -> tuple[Sequence[str], list[Sequence[Cell]]]:
    """Return the table's head and its rows."""
    quality = ("confirmed", "rejected", "precision", "low", "high")
    if table is StatisticsTable.TREND:
        return ("first_day", *_COURSE), [(point.first.isoformat(), *_cells(point.course)) for point in made.trend]
    if table is StatisticsTable.DISTRICTS:
        return ("district", *_COURSE), [(each.name, *_cells(each.course)) for each in made.by_district]
    if table is StatisticsTable.RULES:
        quality_of = {row.name: _quality(row) for row in made.rules}
        rows: list[Sequence[Cell]] = [
            (each.name, *_cells(each.course), *quality_of.get(each.name, ())[2:]) for each in made.by_rule
        ]
        return ("rule", *_COURSE, *quality[2:]), rows
    if table is StatisticsTable.HOURS:
        return ("site_id", "site", *map(str, range(24))), [(it.site_id, it.site_name, *it.hours) for it in made.hours]
    if table is StatisticsTable.REASONS:
        return ("reason", "cases"), [*made.reasons]
    if table is StatisticsTable.MODELS:
        return ("model", *quality), [(row.name, *_quality(row)) for row in made.models]
    return ("camera_id", "camera", *quality), [(row.name, row.title, *_quality(row)) for row in made.cameras]


def csv_of(made: Statistics, table: StatisticsTable) -> bytes:
    """Return the table as CSV that Excel opens right away; names that look like formulas are made text."""
    head, rows = rows_of(made, table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in row] for row in (head, *rows))
    return ("\ufeff" + text.getvalue()).encode()


def _cells(course: Course) -> Iterable[int]:
    return [getattr(course, name) for name in _COURSE]


def _quality(row: NamedPrecision) -> tuple[Cell, ...]:
    told = row.precision
    return (told.confirmed, told.rejected, *(_rounded(share) for share in (told.share, told.low, told.high)))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    return defused(cell) if isinstance(cell, str) else cell
