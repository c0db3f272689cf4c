"""`dustwatch plan`: what so many cameras need, reckoned from measured figures, with every formula shown."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.cli.options import JsonOption
from service.plan.formula import number_text
from service.plan.inputs import Input, Quantity, changed, priced, shipped_inputs, shipped_lines
from service.plan.measurements import read_measurements
from service.plan.sheet import CAMERAS, DAYS, Line, Plan, asked, reckon

GROUPS = {
    "edge": "边缘 at the sites",
    "network": "网络 network",
    "evidence": "证据 evidence",
    "requests": "请求 requests",
    "service": "服务 service",
    "database": "数据库 database",
    "money": "费用 money",
}
KINDS = {
    Quantity.MEASURED: "实测 measured",
    Quantity.SETTING: "产品设置 settings of the product",
    Quantity.ASSUMED: "假设，请按本市情况修改 assumptions: change them to what your city is like",
    Quantity.PRICE: "您的价格 your prices",
}
PRICES = ("price_node", "price_server", "price_tb_month", "price_mbit_month")


def plan(
    cameras: Annotated[int, typer.Option(min=1, max=10_000_000, help="摄像头路数 How many cameras.")],
    days: Annotated[int, typer.Option(min=1, max=36_500, help="规划天数 How many days of running.")] = 1095,
    assume: Annotated[
        list[str] | None, typer.Option(help="修改假设或设置 Another assumption or setting: NAME=NUMBER; repeatable.")
    ] = None,
    measured: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="自己的实测 Your own figures: of dustwatch capacity --json, benchmarks.city, or {name: number}.",
        ),
    ] = None,
    price_node: Annotated[float | None, typer.Option(min=0, help="边缘节点每月 An edge node a month.")] = None,
    price_server: Annotated[float | None, typer.Option(min=0, help="服务器每月 A server a month.")] = None,
    price_tb_month: Annotated[float | None, typer.Option(min=0, help="存储每 TB 每月 A TB a month.")] = None,
    price_mbit_month: Annotated[float | None, typer.Option(min=0, help="上行每 Mbit/s 每月 A Mbit/s a month.")] = None,
    explain: Annotated[bool, typer.Option(help="列出公式、实测值与假设 Show formulas, figures, assumptions.")] = False,
    as_json: JsonOption = False,
) -> None:
    """全市规划：按实测值估算节点、网络、存储、数据库与费用。What a city's cameras need, from measured figures.

    不附带任何价格；不填价格就不算费用。No price comes along; without yours no money is told.

    Example: [bold]dustwatch plan --cameras 100000 --assume gate_share=0.3 --explain[/bold]
    """
    inputs = shipped_inputs()
    for path in measured or []:
        inputs = changed(inputs, read_measurements(path), path.name)
    inputs = changed(inputs, dict(_assumption(each) for each in assume or []), "--assume")
    given = dict(zip(PRICES, (price_node, price_server, price_tb_month, price_mbit_month), strict=True))
    inputs |= priced(given) | asked({CAMERAS: cameras, DAYS: days})
    result = reckon(inputs, shipped_lines())
    if as_json:
        typer.echo(json.dumps(_as_json(result), ensure_ascii=False))
        return
    _show(result, explain=explain)


def _assumption(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise typer.BadParameter(f"write NAME=NUMBER, not {text!r}", param_hint="--assume") from None


def _as_json(result: Plan) -> dict[str, object]:
    lines = {name: asdict(line) for name, line in result.lines.items()}
    return {"lines": lines, "inputs": {name: each.model_dump(mode="json") for name, each in result.inputs.items()}}


def _show(result: Plan, *, explain: bool) -> None:
    console = Console()
    table = Table(title=f"{number_text(result.inputs[CAMERAS].value)} 路 cameras")
    for heading in ("项目 item", "数值 value", *(["公式 how"] if explain else [])):
        table.add_column(heading, justify="right" if heading.startswith("数值") else "left", overflow="fold")
    for group, title in GROUPS.items():
        lines = [line for line in result.lines.values() if line.group == group]
        if lines:
            table.add_section()
            table.add_row(f"[bold]{title}[/bold]")
        for line in lines:
            table.add_row(*_cells(line, explain=explain))
    console.print(table)
    if explain:
        for kind, title in KINDS.items():
            _show_inputs(console, title, {name: each for name, each in result.inputs.items() if each.kind is kind})
        return
    console.print("公式与假设见 --explain formulas and assumptions: --explain", highlight=False)
    if "cost" not in result.lines:
        console.print("未填价格，不算费用 no price was told, so no money is: --price-node ...", highlight=False)


def _cells(line: Line, *, explain: bool) -> list[str]:
    cells = [f"{line.zh} {line.en}", f"{number_text(line.value)} {line.unit}".strip()]
    return [*cells, f"{line.name} = {line.formula}\n[dim]= {line.numbers}[/dim]"] if explain else cells


def _show_inputs(console: Console, title: str, inputs: dict[str, Input]) -> None:
    if not inputs:
        return
    table = Table(title=title)
    for heading in ("名称 name", "数值 value", "含义 what", "来源 source"):
        table.add_column(heading, justify="right" if heading.startswith("数值") else "left", overflow="fold")
    for name, each in inputs.items():
        table.add_row(name, f"{number_text(each.value)} {each.unit}".strip(), f"{each.zh} {each.en}", each.source)
    console.print(table)
