"""The command `dustwatch`: puts the subcommands together."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from service.cli.failures import run_with_clear_errors
from service.secret_files import take_secret_files

COMMANDS = ("demo", "run", "status", "capacity", "plan", "serve", "check", "health", "replay", "count-trucks")
"""Each stands in a module of its name, as the function of the same name."""
GROUPS = (
    "camera",
    "accounts",
    "cases",
    "certificates",
    "datasets",
    "dust",
    "evidence",
    "models",
    "notices",
    "office",
    "retention",
    "sites",
)
"""Commands of commands, each in a module of its name, as `app`."""
ALL = (*COMMANDS, *GROUPS)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"dustwatch {version('dustwatch')}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="版本号 Tell the version and stop."),
    ] = False,
) -> None:
    """Options of dustwatch itself, before a command's name."""


def command_line(names: Sequence[str] = ALL) -> typer.Typer:
    """Return the command line with the commands of these names: loading what all of them need takes seconds."""
    app = typer.Typer(
        name="dustwatch",
        help="尘视：从工地摄像头发现扬尘违规，取证并进入案件队列。Finds dust violations in construction-site cameras.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in names:
        module = import_module(f"service.cli.{name.replace('-', '_')}")
        if name in GROUPS:
            app.add_typer(module.app, name=name)
        else:
            app.command(name=name)(getattr(module, name.replace("-", "_")))
    return app


def _names_in(arguments: Sequence[str]) -> Sequence[str]:
    """Return which commands a call needs: the one it names first, or all of them."""
    if arguments[:1] == ["--version"]:
        return ()
    return arguments[:1] if arguments and arguments[0] in ALL else ALL


def main() -> None:
    """Run the command line."""
    run_with_clear_errors(_run)


def _run() -> None:
    take_secret_files(os.environ)
    command_line(_names_in(sys.argv[1:]))()


if __name__ == "__main__":
    main()
