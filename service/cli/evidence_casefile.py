"""`dustwatch evidence casefile`: prints the case file of a package that lies in no queue."""

from pathlib import Path
from typing import Annotated

import typer

from service.casefile.printing import finder_if_any, print_case_file
from service.cli.options import console
from service.clock import utc_now
from service.logs import set_up_logs
from vision.evidence.verify import find_packages


def print_casefile(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="证据包目录 The package.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="PDF 文件 Where to write the PDF.")],
) -> None:
    """打印案卷（PDF，人员打码）。Print a package as a case file: a PDF in Chinese with the people blurred.

    Evidence that is missing or damaged is said in red on its first page.

    Example: [bold]dustwatch evidence casefile dustwatch-data/ready/KEY --out case.pdf[/bold]
    """
    if find_packages(folder) != [folder]:
        raise typer.BadParameter(f"{folder} is no evidence package 不是证据包", param_hint="DIR")
    set_up_logs(quiet=True)
    finder = finder_if_any()
    printed = print_case_file(folder, finder, printed_at=utc_now())
    out.write_bytes(printed.pdf)
    if finder is None:
        console.print("[yellow]![/yellow] 无法识别人员，图片未印出 no model finds people: no picture is printed")
    if printed.faults:
        told = f"{len(printed.faults)} 处证据缺失或损坏，已在首页注明 faults of the evidence, told on the first page"
        console.print(f"[yellow]![/yellow] {told}", highlight=False)
    console.print(f"[green]✓[/green] 案卷 case file: {out}", highlight=False, soft_wrap=True)
