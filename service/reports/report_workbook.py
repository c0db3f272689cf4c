"""Writes a report as a workbook: a sheet a table."""

from typing import IO

from service.domain.report import Report
from service.exports.workbook import SheetTable, write_workbook
from service.reports.wording import NOTES, days_of, tables_of, title_of


def report_workbook(report: Report) -> IO[bytes]:
    """Return the workbook as a temporary file, which is gone once it is closed."""
    tables = tables_of(report)
    sheets = [SheetTable(table.title, table.heads, table.rows) for table in tables]
    heading = f"{title_of(report.period)} {days_of(report.period)}"
    notes = [*NOTES, *(f"{table.title}：{table.note}" for table in tables if table.note)]
    return write_workbook([*sheets, SheetTable("说明", (heading,), [(note,) for note in notes])])
