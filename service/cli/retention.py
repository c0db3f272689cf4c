"""`dustwatch retention`: how long evidence is kept, legal holds, and the list of what was deleted."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from service.cli.options import console
from service.cli.queue_folder import open_queue, open_queue_evidence
from service.clock import utc_now
from service.domain.retention import RetentionRule, due
from service.errors import BadRetention
from service.logs import set_up_logs
from service.retention import delete_due
from service.storage.case_store import CaseStore
from service.storage.retention_store import RetentionStore

app = typer.Typer(help="证据保存期限与法律保全。How long evidence is kept; legal holds.", no_args_is_help=True)

DataOption = Annotated[Path, typer.Option(file_okay=False, help="队列数据目录 The queue's data folder.")]
_DATA = Path("dustwatch-data/service")


@app.command()
def run(
    data: DataOption = _DATA,
    rule: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="期限 (YAML): days, days_by_rule.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="只列出 Only print what would go.")] = False,
) -> None:
    """删除期满的证据（清单与签名保留）。Delete evidence whose time is over; manifests and seals stay.

    Example: [bold]dustwatch retention run --dry-run[/bold]
    """
    set_up_logs(quiet=True)
    times = _read_rule(rule)
    now = utc_now()
    with _retention(data) as (cases, retention):
        if dry_run:
            found = [(each.case_id, each.state, each.size_bytes) for each in due(retention.kept(), times, now)]
        else:
            evidence = open_queue_evidence(data)
            deleted = delete_due(cases, retention, evidence, times, now)
            found = [(each.case_id, each.state, each.size_bytes) for each in deleted]
    for case_id, state, size in found:
        typer.echo(f"{case_id}\t{state}\t{size}")
    done = "将删除 would be deleted" if dry_run else "已删除 deleted"
    total = sum(size for _, _, size in found) / 1e6
    console.print(f"{done}: {len(found)} 案 cases, {total:.1f} MB", highlight=False)


@app.command()
def hold(case: int, reason: Annotated[str, typer.Option(help="理由 Why.")], data: DataOption = _DATA) -> None:
    """法律保全：证据不得删除。Keep a case's evidence whatever its age, until it is released."""
    with _retention(data) as (_, retention):
        retention.hold(case, reason=reason, by=getpass.getuser(), at=utc_now())


@app.command()
def release(case: int, data: DataOption = _DATA) -> None:
    """解除法律保全。End a legal hold; who set and ended it stays written down."""
    with _retention(data) as (_, retention):
        retention.release(case, by=getpass.getuser(), at=utc_now())


@app.command()
def holds(data: DataOption = _DATA) -> None:
    """列出法律保全。Print the legal holds."""
    with _retention(data) as (_, retention):
        for each in retention.holds():
            typer.echo(f"{each.case_id}\t{each.set_at:%Y-%m-%dT%H:%M:%SZ}\t{each.set_by}\t{each.reason}")


@app.command()
def deletions(data: DataOption = _DATA) -> None:
    """列出已删除的证据。Print what was deleted, oldest first."""
    with _retention(data) as (_, retention):
        for each in retention.deletions():
            told = f"{each.deleted_at:%Y-%m-%dT%H:%M:%SZ}\t{each.case_id}\t{each.state}\t{each.size_bytes}"
            typer.echo(f"{told}\t{each.manifest_sha256}")


@contextmanager
def _retention(data: Path) -> Iterator[tuple[CaseStore, RetentionStore]]:
    cases = open_queue(data)
    try:
        yield cases, RetentionStore(cases.engine, cases)
    finally:
        cases.close()


def _read_rule(path: Path | None) -> RetentionRule:
    if path is None:
        return RetentionRule()
    try:
        return RetentionRule.model_validate(YAML(typ="safe").load(path))
    except YAMLError as error:
        raise BadRetention(path=path, detail="it is no YAML") from error
    except ValidationError as error:
        raise BadRetention(path=path, detail=error.errors()[0]["msg"]) from error
