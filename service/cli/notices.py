"""`dustwatch notices`: tries the channels that are told what is new."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from service.clock import utc_now
from service.domain.cases import CaseState
from service.notices.config import load_notices
from service.notices.notice import FOUND, Notice, ToldCase
from service.notices.senders import open_channels
from service.notices.sending import delivery_number, failure_text

app = typer.Typer(help="通知渠道：试发。Channels that are told what is new.", no_args_is_help=True)


@app.callback()
def notices() -> None:
    """通知渠道：试发。Channels that are told what is new."""


@app.command(name="test")
def try_channels(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="通知渠道（YAML）File of the channels.")],
    only: Annotated[
        str | None, typer.Option("--channel", help="只试这一个渠道 Try this channel alone, by its name.")
    ] = None,
) -> None:
    """向每个渠道试发一条消息，每个渠道一行结果；有失败时退出码为 1。Send one test message to each channel.

    Tells the outcome in one line each; exit code 1 where one failed. Filters are not heeded. The message is a made-up
    case number 0.

    Examples: [bold]dustwatch notices test notices.yaml[/bold]
    [bold]WEBHOOK_SECRET=... dustwatch notices test notices.yaml --channel command-centre[/bold]
    """
    channels = open_channels(load_notices(file), utc_now)
    names = [channel.name for channel in channels]
    if only is not None and only not in names:
        raise typer.BadParameter(f"there is no channel {only}; it has: {', '.join(names)}", param_hint="--channel")
    notice = made_up_notice(utc_now())
    failed = False
    for channel in channels:
        if only not in (None, channel.name):
            continue
        try:
            channel.sender.send(notice, delivery_number(channel.name, notice))
        except Exception as error:  # noqa: BLE001 - one channel's failure is told like any other's
            failed = True
            typer.echo(f"{channel.name}: 失败 failed: {failure_text(error)}")
        else:
            typer.echo(f"{channel.name}: 已送达 sent")
    if failed:
        raise typer.Exit(1)


def made_up_notice(now: datetime) -> Notice:
    """Return a notice of a case that is not there, new each time."""
    key = str(uuid.uuid4())
    case = ToldCase(
        id=0,
        key=key,
        rule="unwashed_truck",
        state=CaseState.FOUND,
        site_id="test",
        site_name="测试消息 test message",
        district=None,
        control_level=None,
        camera_id="test",
        camera_name="dustwatch notices test",
        opened_at=now,
        due_at=None,
        assigned_to="",
        measures={},
    )
    return Notice(key=f"{key}/test", kind=FOUND, at=now, case=case)
