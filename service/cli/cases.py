"""`dustwatch cases`: writes lists of cases and reports into files, beside the running service."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from service.accounts.scope import EVERYWHERE
from service.api.case_exports import parts_of
from service.api.case_query import CaseQuery
from service.api.reports import ReportJson
from service.cli.options import console
from service.cli.queue_folder import OFFICE_FOLDER, open_queue
from service.clock import utc_now
from service.domain.cases import CaseState
from service.domain.office.days import day_of
from service.domain.report import Report, report_of
from service.domain.report_period import ReportLength, report_period
from service.exports.csv_file import csv_parts
from service.exports.geojson import geojson_parts
from service.exports.xlsx_file import xlsx_file
from service.office_rules import office_rules
from service.reports.printing import print_report
from service.reports.report_workbook import report_workbook
from service.storage.case_list import CaseLine, CaseList
from service.storage.office_desk import OfficeDesk
from service.storage.report_store import ReportStore

app = typer.Typer(help="案件：导出、报表。Export cases, and report on them.", no_args_is_help=True)

DataOption = Annotated[Path, typer.Option(file_okay=False, help="案件队列数据目录 Data folder of the queue.")]
DEFAULT_DATA = Path("dustwatch-data/service")
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 Day, by Beijing time.")]

_EXPORTS: dict[str, Callable[[Iterator[CaseLine]], Iterator[bytes]]] = {
    ".csv": csv_parts,
    ".geojson": geojson_parts,
    ".xlsx": lambda lines: parts_of(xlsx_file(lines)),
}


@app.command()
def export(
    out: Annotated[Path, typer.Option(dir_okay=False, help="文件 File: .csv, .xlsx, .geojson.")],
    data: DataOption = DEFAULT_DATA,
    state: Annotated[CaseState | None, typer.Option(help="状态 State.")] = None,
    rule: Annotated[str | None, typer.Option(help="违规类型 Kind of violation.")] = None,
    site: Annotated[str | None, typer.Option(help="工地编号 Site's id.")] = None,
    district: Annotated[str | None, typer.Option(help="区县 District.")] = None,
    street: Annotated[str | None, typer.Option(help="街道 Street.")] = None,
    level: Annotated[str | None, typer.Option(help="管控级别 Control level: A, B, C.")] = None,
    camera: Annotated[str | None, typer.Option(help="摄像头编号 Camera's id.")] = None,
    party: Annotated[str | None, typer.Option(help="责任单位 Whom it was handed over to.")] = None,
    found_from: DayOption = None,
    found_to: DayOption = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="仅超期 Only overdue ones.")] = False,
    text: Annotated[
        str | None, typer.Option(help="编号、工地或摄像头名称的一部分 Number, or a part of a name.")
    ] = None,
) -> None:
    """导出案件；不给条件则导出全部。Export the cases that fulfil all conditions.

    Example: [bold]dustwatch cases export --district 滨江区 --found-from 2026-03-01 --out cases.csv[/bold]
    """
    write = _EXPORTS.get(out.suffix.lower())
    if write is None:
        raise typer.BadParameter(f"{out.name}: .csv, .xlsx, .geojson", param_hint="--out")
    asked = {
        "state": state,
        "rule": rule,
        "site": site,
        "district": district,
        "street": street,
        "level": level,
        "camera": camera,
        "party": party,
        "overdue": overdue,
        "text": text,
        "found_from": found_from.date() if found_from else None,
        "found_to": found_to.date() if found_to else None,
    }
    try:
        wanted = CaseQuery.model_validate(asked).wanted(utc_now(), EVERYWHERE)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}") from None
    store = open_queue(data)
    _write(out, write(CaseList(store.engine).lines(wanted)))
    store.close()


_REPORTS: dict[str, Callable[[Report, datetime], Iterator[bytes]]] = {
    ".pdf": lambda report, now: iter([print_report(report, now)]),
    ".xlsx": lambda report, now: parts_of(report_workbook(report)),
    ".json": lambda report, now: iter([ReportJson.of(report).model_dump_json(indent=1).encode()]),
}


@app.command()
def report(
    length: Annotated[ReportLength, typer.Argument(help="日报、周报、月报 day, week, month.")],
    data: DataOption = DEFAULT_DATA,
    date: DayOption = None,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="文件 File: .pdf, .xlsx, .json; default: JSON to the output.")
    ] = None,
) -> None:
    """日报、周报、月报：按区县、工地类别、违规类型、责任单位。Report on the period that the date lies in.

    Example: [bold]dustwatch cases report month --date 2026-03-01 --out march.pdf[/bold]
    """
    write = _REPORTS.get(out.suffix.lower()) if out else None
    if out is not None and write is None:
        raise typer.BadParameter(f"{out.name}: .pdf, .xlsx, .json", param_hint="--out")
    now = utc_now()
    period = report_period(length, date.date() if date else day_of(now))
    store = open_queue(data)
    office = OfficeDesk(store.engine, office_rules(data / OFFICE_FOLDER), utc_now)
    made = report_of(period, ReportStore(store.engine).happened(period, now), office.lists(period.last))
    store.close()
    if out is None or write is None:
        typer.echo(json.dumps(ReportJson.of(made).model_dump(mode="json"), ensure_ascii=False))
    else:
        _write(out, write(made, now))


def _write(out: Path, parts: Iterator[bytes]) -> None:
    """Write the file beside its place and only then put it there: nobody reads half a list."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.writelines(parts)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    console.print(f"[green]✓[/green] {out}", highlight=False, soft_wrap=True)
