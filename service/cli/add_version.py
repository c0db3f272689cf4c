"""`dustwatch models add`: turns a finished training into a version in the registry."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from models.registry.registry import Registry
from service.cli.evaluate import print_reports
from service.cli.options import RegistryOption, ThreadsOption, console, progress_bar
from service.model_version import finished_training, make_version, read_notes
from service.retraining.candidate import next_version


def add_version(
    run: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="训练文件夹 Folder of a finished training.")
    ],
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="选阈值的数据集（val） Data set to choose thresholds on.")
    ],
    notes: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="卡片说明 YAML: licence, training data, known failures.")
    ],
    version: Annotated[str | None, typer.Option(help="版本名，默认按日期 Its name; default by date.")] = None,
    size: Annotated[int, typer.Option(min=32, max=4096, help="输入长边 Longer side of the input, pixels.")] = 640,
    pictures: Annotated[
        Path | None,
        typer.Option(
            envvar="DUSTWATCH_PICTURES", exists=True, file_okay=False, help="第三方图片 Third-party pictures."
        ),
    ] = None,
    threads: ThreadsOption = 0,
    registry: RegistryOption = None,
) -> None:
    """导出训练结果、选阈值、评测、写卡片并登记；不会投入使用。Export, measure and register a training.

    Example: [bold]dustwatch models add runs/surfaces --data data/surfaces --notes notes.yaml[/bold]
    """
    kept, written = Registry(registry), read_notes(notes)
    name = finished_training(run).settings.task
    chosen = version or next_version(kept.versions(name), datetime.now(UTC).date())
    with TemporaryDirectory(prefix="dustwatch-version-") as temporary, progress_bar("评测 measuring") as on_progress:
        folder = Path(temporary) / "version"
        report = make_version(
            run,
            data,
            written,
            folder,
            input_size=size,
            pictures=pictures,
            threads=threads,
            on_progress=lambda _, done, total: on_progress(done, total),
        )
        kept.add_version(name, chosen, folder)
    print_reports(report.reports)
    console.print(f"[green]✓[/green] {name}@{chosen}", highlight=False)
