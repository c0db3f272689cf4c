"""Writes a list of cases as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from service.errors import TooManyCases
from service.exports.case_table import HEADS, Cell, cells_of
from service.exports.workbook import SheetTable, write_workbook
from service.storage.case_list import CaseLine

MOST_LINES = 100_000
"""Some twenty seconds of a core; more are for CSV, which costs a tenth."""


def xlsx_file(lines: Iterable[CaseLine], most: int = MOST_LINES) -> IO[bytes]:
    """Return the workbook as a temporary file, which is gone once it is closed.

    Raises:
        TooManyCases: there are more than `most`.
    """
    return write_workbook([SheetTable("案件 cases", HEADS, _rows(lines, most))])


def _rows(lines: Iterable[CaseLine], most: int) -> Iterator[Sequence[Cell]]:
    for number, line in enumerate(lines):
        if number >= most:
            raise TooManyCases(limit=most)
        yield cells_of(line)
