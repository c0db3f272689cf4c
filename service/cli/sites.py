"""`dustwatch sites`: takes a list of sites into the case queue, and shows it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service.cli.options import console
from service.cli.queue_folder import open_sites
from service.domain.site_lines import COLUMNS, NEEDED, read_sites
from service.domain.sites import site_categories
from service.errors import BadSites
from service.storage.site_store import SiteFilter

MOST_TOLD = 20
PAGE = 500

app = typer.Typer(help="工地：导入与列出。Import and list the sites.", no_args_is_help=True)

DataOption = Annotated[Path, typer.Option(file_okay=False, help="案件队列数据目录 Data folder of the queue.")]
DEFAULT_DATA = Path("dustwatch-data/service")


@app.command(name="import")
def import_sites(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV 表格 table of sites.")],
    data: DataOption = DEFAULT_DATA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 Check only, change nothing.")] = False,
) -> None:
    """导入工地表；有一行错误则全部不导入。Import a table of sites; with one faulty line nothing is taken.

    The first line names the columns, in Chinese or English; `dustwatch sites columns` lists them.

    Example: [bold]dustwatch sites import sites.csv --dry-run[/bold]
    """
    read = read_sites(file.read_bytes())
    if read.problems:
        told = list(read.problems[:MOST_TOLD])
        if len(read.problems) > MOST_TOLD:
            told.append(f"…… 另有 {len(read.problems) - MOST_TOLD} 个 more")
        raise BadSites(path=file, problems="\n".join(told))
    done = open_sites(data).take(read.sites, dry_run=dry_run)
    prefix = "（未写入 nothing written）" if dry_run else ""
    console.print(
        f"{prefix}新增 new: {len(done.new)}，更新 changed: {len(done.changed)}，不变 same: {len(done.same)}",
        highlight=False,
    )


@app.command(name="list")
def list_sites(
    data: DataOption = DEFAULT_DATA,
    district: Annotated[str | None, typer.Option(help="区县 Only of this district.")] = None,
    category: Annotated[str | None, typer.Option(help="类别 Only of this category.")] = None,
) -> None:
    """列出工地。List the sites.

    Example: [bold]dustwatch sites list --district 滨江区[/bold]
    """
    store, kinds = open_sites(data), site_categories()
    heads = ("编号 id", "名称 name", "类别 category", "区县 district", "街道 street", "重点 key area", "级别 level")
    table = Table(*heads)
    cursor: str | None = None
    while True:
        page = store.page(SiteFilter(district, category), limit=PAGE, cursor=cursor)
        for kept in page.sites:
            site = kept.site
            kind = kinds[site.category].zh if site.category in kinds else site.category
            key_area = "✓" if site.is_key_area else ""
            table.add_row(site.id, site.name, kind, site.district, site.street, key_area, site.control_level.value)
        cursor = page.next_cursor
        if cursor is None:
            break
    console.print(table)


@app.command()
def columns() -> None:
    """列出导入表的列。List the columns that a table may have.

    Example: [bold]dustwatch sites columns[/bold]
    """
    for name, chinese in COLUMNS.items():
        typer.echo(f"{chinese}\t{name}{' *' if name in NEEDED else ''}")
    typer.echo(f"类别 category: {', '.join(f'{each.zh} {each.id}' for each in site_categories().values())}")
