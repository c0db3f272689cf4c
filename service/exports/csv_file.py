"""Writes a list of cases as CSV that Excel opens right away: UTF-8 with a byte order mark, formulas defused."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from service.exports.case_table import HEADS, Cell, cells_of
from service.exports.spreadsheet_text import defused
from service.storage.case_list import CaseLine

MEDIA_TYPE = "text/csv; charset=utf-8"
LINES_AT_ONCE = 500


def csv_parts(lines: Iterable[CaseLine]) -> Iterator[bytes]:
    """Return the file in parts, as the cases come."""
    yield "\ufeff".encode() + _written([HEADS])
    rest = iter(lines)
    while portion := list(islice(rest, LINES_AT_ONCE)):
        yield _written(cells_of(line) for line in portion)


def _written(rows: Iterable[Iterable[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return defused(cell) if isinstance(cell, str) else cell
