"""The command `dustwatch`: puts the subcommands together."""

import os
from importlib.metadata import version
from typing import Annotated

import typer

from service.cli import (
    accounts,
    camera,
    capacity,
    cases,
    certificates,
    check,
    count_trucks,
    datasets,
    demo,
    dust,
    evidence,
    health,
    models,
    notices,
    office,
    plan,
    render,
    replay,
    retention,
    run,
    serve,
    sites,
    status,
)
from service.cli.failures import run_with_clear_errors
from service.secret_files import take_secret_files

app = typer.Typer(
    name="dustwatch",
    help="尘视：从工地摄像头发现扬尘违规，取证并进入案件队列。Finds dust violations in construction-site cameras.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"dustwatch {version('dustwatch')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="版本号 Tell the version and stop."),
    ] = False,
) -> None:
    """Options of dustwatch itself, before a command's name."""


app.command(name="demo")(demo.demo)
app.command(name="run")(run.run)
app.command(name="status")(status.status)
app.command(name="capacity")(capacity.capacity)
app.command(name="plan")(plan.plan)
app.command(name="serve")(serve.serve)
app.command(name="check")(check.check)
app.command(name="health")(health.health)
app.command(name="replay")(replay.replay)
app.command(name="count-trucks")(count_trucks.count)
app.add_typer(camera.app, name="camera")
app.add_typer(accounts.app, name="accounts")
app.add_typer(cases.app, name="cases")
datasets.app.command(name="render")(render.render)
app.add_typer(certificates.app, name="certificates")
app.add_typer(datasets.app, name="datasets")
app.add_typer(dust.app, name="dust")
app.add_typer(evidence.app, name="evidence")
app.add_typer(models.app, name="models")
app.add_typer(notices.app, name="notices")
app.add_typer(office.app, name="office")
app.add_typer(retention.app, name="retention")
app.add_typer(sites.app, name="sites")


def main() -> None:
    """Run the command line."""
    run_with_clear_errors(_run)


def _run() -> None:
    take_secret_files(os.environ)
    app()


if __name__ == "__main__":
    main()
