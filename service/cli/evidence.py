"""`dustwatch evidence`: checks evidence packages."""

import json
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import JsonOption, console
from vision.evidence.verify import find_packages, verify_package

app = typer.Typer(help="证据包：核验。Check evidence packages.", no_args_is_help=True)


@app.callback()
def _evidence() -> None:
    """Keep `verify` a subcommand while it is the only one."""


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="证据包，或其上级目录 A package, or a folder of them.")
    ],
    as_json: JsonOption = False,
) -> None:
    """核验证据包的每个字节。Check every byte of the packages: exit code 0 when all are whole, 1 when one is not.

    Example: [bold]dustwatch evidence verify dustwatch-data/evidence[/bold]
    """
    packages = find_packages(folder)
    faults = [fault for package in packages for fault in verify_package(package)]
    if as_json:
        listed = [{"package": str(fault.package), "file": fault.file, "problem": fault.problem} for fault in faults]
        typer.echo(json.dumps({"packages": len(packages), "faults": listed}, ensure_ascii=False))
    else:
        for fault in faults:
            console.print(f"[red]✗[/red] {fault.package / fault.file}: {fault.problem}", highlight=False)
        if not packages:
            console.print(f"[red]✗[/red] {folder}: 没有证据包 there is no evidence package")
        elif not faults:
            console.print(f"[green]✓[/green] {len(packages)} 个证据包完整 evidence packages are whole")
    raise typer.Exit(0 if packages and not faults else 1)
