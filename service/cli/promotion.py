"""`dustwatch models promote` and `rollback`: which version is in production."""

import getpass
from typing import Annotated

import typer

from models.registry.history import Change
from models.registry.registry import Registry
from service.cli.options import RegistryOption, console

NameArgument = Annotated[str, typer.Argument(help="模型 Name of the model.")]
ReasonOption = Annotated[str, typer.Option(help="原因，记入历史 Why; written into the history.")]
WhoOption = Annotated[str, typer.Option(help="何人，默认为当前用户 Who; default the user of this computer.")]


def promote(
    name: NameArgument,
    version: Annotated[str, typer.Argument(help="版本 The version to put in production.")],
    reason: ReasonOption,
    who: WhoOption = "",
    registry: RegistryOption = None,
) -> None:
    """把某一版本投入使用，记下何人何故。Put a version in production, and write down who did so and why.

    Example: [bold]dustwatch models promote surfaces 2 --reason "fewer false alarms on gravel"[/bold]
    """
    _tell(name, Registry(registry).promote(name, version, who or getpass.getuser(), reason))


def rollback(
    name: NameArgument,
    reason: ReasonOption,
    who: WhoOption = "",
    registry: RegistryOption = None,
) -> None:
    """退回到之前的版本。Go back to the version before; again, to the one before that.

    Example: [bold]dustwatch models rollback surfaces --reason "false alarms at site 12"[/bold]
    """
    _tell(name, Registry(registry).rollback(name, who or getpass.getuser(), reason))


def _tell(name: str, change: Change) -> None:
    console.print(
        f"[green]✓[/green] {name}: {change.previous or '-'} → {change.version}；"
        "重启 dustwatch run 后生效 takes effect when dustwatch run is started again",
        highlight=False,
        soft_wrap=True,
    )
