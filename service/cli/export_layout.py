"""`dustwatch camera export-layout`: prints what an edge judges a camera by, as it would stand in the file."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from ruamel.yaml import YAML

from service.cli.options import console
from service.config.file import choose_camera, load_config
from service.edge.layouts import Layouts


def export_layout(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    camera: Annotated[str | None, typer.Argument(help="摄像头编号 Its id; not needed where there is one.")] = None,
) -> None:
    """输出页面上画好的区域与标定（YAML）。Print the zones and the calibration in force, to be kept in the file.

    Example: [bold]dustwatch camera export-layout dustwatch.yaml yard > yard-layout.yaml[/bold]
    """
    loaded = load_config(config)
    applied, drawn = Layouts(loaded.data).applied(loaded)
    chosen = choose_camera(applied, camera, config)
    version = drawn[chosen.id].version
    source = f"第 {version} 版 version {version}" if version else f"配置文件 the file {config}"
    console.print(f"{chosen.id}: {source}", highlight=False)
    layout = {"zones": chosen.zones.model_dump(mode="json", exclude_defaults=True)}
    if chosen.ground is not None:
        layout["ground"] = chosen.ground.model_dump(mode="json", exclude_defaults=True)
    YAML().dump(layout, sys.stdout)
