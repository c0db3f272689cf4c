"""`dustwatch office`: shows the office's rules of a day, and checks files of rules before they are used."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import JsonOption, console
from service.clock import utc_now
from service.domain.office.days import day_of
from service.domain.office.parameters import parameters_of
from service.domain.office.rule_set import RuleSet
from service.office_rules import SHIPPED, book_of, read_rule_book

TO_BE_CHECKED = "每个数字都是参数，须与本办公室的规定核对 every figure is a parameter, to be checked by the office"
SECTIONS = {
    "leniency": "首次轻微违规先行指导 leniency (721 工作法)",
    "escalation": "从严处罚 escalation",
    "ranking": "红黑榜 red and black lists",
    "coverage": "重点区域项目检查覆盖 monthly inspection of key-area projects",
    "alert": "重污染天气预警 pollution alert",
    "control": "分级管控 control levels",
}

app = typer.Typer(help="办公室规则：查看、检查。Show and check the office's rules.", no_args_is_help=True)


@app.command()
def show(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="哪一天的规则 The rules of this day; default today."),
    ] = None,
    rules: Annotated[
        Path,
        typer.Option(
            exists=True, file_okay=False, help="规则文件夹，每个版本一个 YAML Folder of rules, a YAML a version."
        ),
    ] = SHIPPED,
    as_json: JsonOption = False,
) -> None:
    """显示某日有效的规则。Show the rules that hold on a day, each figure with what it means.

    Example: [bold]dustwatch office show --day 2026-03-01[/bold]
    """
    found = read_rule_book(rules).rules_of(day.date() if day else day_of(utc_now()))
    if as_json:
        typer.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
        return
    for line in _lines(found):
        typer.echo(line)


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(exists=True, help="规则文件，或放规则的文件夹 Files of rules, or a folder of them.")
    ],
) -> None:
    """检查规则文件：内容、版本、日期是否重叠或中断。Check files of rules: what is in them, versions, overlaps, gaps.

    Example: [bold]dustwatch office check 2026.yaml 2027.yaml[/bold]
    """
    listed = [path for each in files for path in (sorted(each.glob("*.yaml")) if each.is_dir() else [each])]
    for rule_set in book_of(listed, files[0]).rule_sets:
        console.print(f"[green]✓[/green] {rule_set.version}: {_days(rule_set)}", highlight=False, soft_wrap=True)


def _days(rule_set: RuleSet) -> str:
    last = f"至 until {rule_set.valid_until}" if rule_set.valid_until else "起 on"
    return f"{rule_set.valid_from} {last}"


def _lines(rule_set: RuleSet) -> Iterator[str]:
    yield f"{rule_set.version}: {_days(rule_set)}"
    yield rule_set.about
    yield TO_BE_CHECKED
    for name, title in SECTIONS.items():
        yield ""
        yield title
        for parameter in parameters_of(getattr(rule_set, name), name):
            yield f"  {parameter.path} = {_shown(parameter.value)}"
            yield f"      {parameter.title}"


def _shown(value: object) -> str:
    return "-" if value in (None, {}) else str(value)
