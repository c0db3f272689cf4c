"""Writes tables as XLSX, row by row: what others wrote is always text there, never a formula."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from service.exports.case_table import Cell
from service.exports.spreadsheet_text import one_line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True)
class SheetTable:
    """One sheet: a short name, its heads, and rows with as many cells."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_workbook(tables: Iterable[SheetTable]) -> IO[bytes]:
    """Return the workbook as a temporary file at its beginning, which is gone once it is closed."""
    book = Workbook(write_only=True)
    file = tempfile.TemporaryFile(prefix="dustwatch-")  # noqa: SIM115 - who asked for it closes it
    try:
        try:
            for table in tables:
                _fill(book.create_sheet(table.name), table)
        finally:
            book.save(file)  # only this takes away the files that openpyxl itself made meanwhile
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _fill(sheet: Any, table: SheetTable) -> None:  # noqa: ANN401 - openpyxl has no types
    sheet.freeze_panes = "A2"
    for column in range(1, len(table.heads) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    sheet.append([_cell(sheet, head, Font(bold=True)) for head in table.heads])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Cell, font: Font | None = None) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, one_line(value))
        cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
    else:
        cell = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        cell.number_format = TIME_FORMAT
    if font is not None:
        cell.font = font
    return cell
