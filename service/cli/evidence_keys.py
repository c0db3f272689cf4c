"""`dustwatch evidence keys` and `rotate-key`: the keys that an edge signs its evidence with."""

import json
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import JsonOption, console
from service.config.file import load_config
from service.logs import set_up_logs
from vision.evidence.keyring import Keyring
from vision.evidence.recorder import KEYS_FOLDER

ConfigArgument = Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")]


def show_keys(config: ConfigArgument, as_json: JsonOption = False) -> None:
    """显示签名密钥指纹。Print the fingerprints of an edge's keys, the one in use last.

    Example: [bold]dustwatch evidence keys dustwatch.yaml[/bold]
    """
    keys = _keyring(config).keys()
    since = [keys.made_at, *(rotation.rotated_at for rotation in keys.rotations)]
    if as_json:
        listed = [
            {"fingerprint": key, "since": at.isoformat()} for key, at in zip(keys.fingerprints, since, strict=True)
        ]
        typer.echo(json.dumps({"keys": listed}))
        return
    for key, at in zip(keys.fingerprints, since, strict=True):
        typer.echo(f"{key}  {at.isoformat(timespec='seconds')}")


def rotate_key(config: ConfigArgument) -> None:
    """更换签名密钥。Make a new key, signed by the one before; a running edge uses it from its next package on.

    Example: [bold]dustwatch evidence rotate-key dustwatch.yaml[/bold]
    """
    set_up_logs()
    *_, old, new = _keyring(config).rotate().fingerprints
    console.print(f"[green]✓[/green] {old} 已由新密钥接替 is succeeded by", highlight=False, soft_wrap=True)
    typer.echo(new)


def _keyring(config: Path) -> Keyring:
    return Keyring(load_config(config).data / KEYS_FOLDER)
