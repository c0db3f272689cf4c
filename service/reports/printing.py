"""Prints a report as an A4 PDF (PDF/A-2b, for archives) with its fonts inside."""

import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typst

from service.casefile.typesetting import made_legible, shipped_fonts, typst_date
from service.domain.report import Report
from service.pages.labels import local_time
from service.reports.wording import NOTES, days_of, tables_of, title_of

LAYOUT = Path(__file__).with_name("report.typ")


def print_report(report: Report, made_at: datetime) -> bytes:
    """Return the PDF; equal reports and times give equal bytes. `made_at` is timezone-aware."""
    told = made_legible(
        {
            "title": title_of(report.period),
            "days": days_of(report.period),
            "made_at": local_time(made_at),
            "tables": [asdict(table) for table in tables_of(report)],
            "notes": NOTES,
        }
    )
    assert isinstance(told, dict)
    told["created"] = typst_date(made_at.astimezone(UTC))
    with tempfile.TemporaryDirectory(prefix="dustwatch-report-") as name:
        folder = Path(name)
        shutil.copyfile(LAYOUT, folder / LAYOUT.name)
        (folder / "report.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return typst.compile(
            folder / LAYOUT.name, root=folder, font_paths=shipped_fonts(), format="pdf", pdf_standards="a-2b"
        )
