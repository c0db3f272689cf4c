"""`dustwatch models key` and `sign`: the office's word for the versions that its edges may use."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.registry import Registry
from models.registry.signatures import KEYS_VARIABLE, make_key, read_private_key
from service.cli.options import RegistryOption, console
from service.cli.promotion import NameArgument


def make_model_key(
    path: Annotated[Path, typer.Argument(help="私钥文件（新建） File of the private key, which is made.")],
) -> None:
    """生成给模型签名的密钥。Make a key that models are signed with; keep it off the edges.

    Example: [bold]dustwatch models key office-models.pem[/bold]
    """
    if path.exists():
        raise typer.BadParameter(f"{path} 已存在 is there already", param_hint="PATH")
    public = make_key(path)
    console.print(
        f"[green]✓[/green] {path}，公钥 public key: {public}\n"
        f"  边缘机与服务 on edges and the service: {KEYS_VARIABLE}={public}",
        highlight=False,
        soft_wrap=True,
    )


def sign(
    name: NameArgument,
    version: Annotated[str, typer.Argument(help="版本 The version to sign.")],
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="私钥 Private key, see models key.")],
    registry: RegistryOption = None,
) -> None:
    """给某一版本的全部文件签名。Sign every file of a version.

    Example: [bold]dustwatch models sign surfaces 2026-11 --key office-models.pem[/bold]
    """
    Registry(registry).sign(name, version, read_private_key(key))
    console.print(f"[green]✓[/green] {name}@{version}", highlight=False)
