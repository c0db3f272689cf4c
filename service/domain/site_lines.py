"""Reads sites from a table (CSV, as spreadsheets write it): a line a site, with what is wrong told by line."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from service.domain.sites import PartyRole, Site, site_categories

MOST_SITES = 20_000
COLUMNS: Mapping[str, str] = {
    "id": "编号",
    "name": "名称",
    "category": "类别",
    "district": "区县",
    "street": "街道",
    "is_key_area": "重点区域",
    "control_level": "管控级别",
    "point_keeper": "点位长",
    "point_keeper_contact": "点位长电话",
    "latitude": "纬度",
    "longitude": "经度",
    "owner": "建设单位",
    "owner_contact": "建设单位电话",
    "builder": "施工单位",
    "builder_contact": "施工单位电话",
    "contractor": "承包单位",
    "contractor_contact": "承包单位电话",
    "supervisor": "监理单位",
    "supervisor_contact": "监理单位电话",
}
"""The columns by name, and what they are called in Chinese; a file may use either, in any order."""
NEEDED = ("id", "name", "category", "district")
_NAMES = {**{name: name for name in COLUMNS}, **{zh: name for name, zh in COLUMNS.items()}}
_YES_NO = {
    "": False,
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "是": True,
    "否": False,
}
_PLAIN = ("id", "name", "category", "district", "street", "point_keeper", "point_keeper_contact")


@dataclass(frozen=True)
class SiteLines:
    """What a file holds: its sites in order, and one text a problem; with any problem nothing is to be taken."""

    sites: tuple[Site, ...]
    problems: tuple[str, ...]


def read_sites(content: bytes) -> SiteLines:
    """Read the file, UTF-8 (with or without a byte order mark) or GB 18030."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return SiteLines((), ("the file is neither UTF-8 nor GB 18030",))
    try:
        return _read_table(csv.DictReader(io.StringIO(text, newline=""), strict=True, restkey="", restval=""))
    except csv.Error as error:
        return SiteLines((), (f"this is no CSV table: {error}",))


def _read_table(table: "csv.DictReader[str]") -> SiteLines:
    names = [_NAMES.get((header or "").strip(), "") for header in table.fieldnames or []]
    if problems := _header_problems(table.fieldnames or [], names):
        return SiteLines((), tuple(problems))
    table.fieldnames = names
    sites: list[Site] = []
    problems = []
    lines: dict[str, int] = {}
    for row in table:
        if not any((value or "").strip() for name, value in row.items() if name):
            continue
        if row.get(""):
            problems.append(f"{_line(table.line_num)}: more cells than columns")
            continue
        try:
            site = _site({name: value.strip() for name, value in row.items()})
        except ValidationError as error:
            problems += [f"{_line(table.line_num)}: {text}" for text in _texts(error)]
            continue
        except ValueError as error:
            problems.append(f"{_line(table.line_num)}: {error}")
            continue
        if site.id in lines:
            problems.append(f"{_line(table.line_num)}: the id {site.id} stands in line {lines[site.id]} too")
        lines[site.id] = table.line_num
        sites.append(site)
        if len(sites) > MOST_SITES:
            return SiteLines((), (f"more than {MOST_SITES} sites",))
    return SiteLines(tuple(sites), tuple(problems))


def _header_problems(headers: Any, names: list[str]) -> list[str]:  # noqa: ANN401 - what csv takes for headers
    problems = [
        f"{_line(1)}: unknown column {header!r}" for header, name in zip(headers, names, strict=True) if not name
    ]
    problems += [f"{_line(1)}: the column {name} comes twice" for name in COLUMNS if names.count(name) > 1]
    return problems + [
        f"{_line(1)}: the column {name} ({COLUMNS[name]}) is missing" for name in NEEDED if name not in names
    ]


def _site(cells: Mapping[str, str]) -> Site:
    values: dict[str, Any] = {name: cells[name] for name in _PLAIN if name in cells}
    by_name = {category.zh: category.id for category in site_categories().values()}
    values["category"] = by_name.get(cells["category"], cells["category"])
    key_area = cells.get("is_key_area", "").lower()
    if key_area not in _YES_NO:
        message = f"is_key_area: write 是 or 否 (yes or no), not {key_area!r}"
        raise ValueError(message)
    values["is_key_area"] = _YES_NO[key_area]
    if level := cells.get("control_level", "").upper().removesuffix("级"):
        values["control_level"] = level
    latitude, longitude = cells.get("latitude", ""), cells.get("longitude", "")
    if latitude or longitude:
        values["position"] = {"latitude": latitude, "longitude": longitude}
    values["parties"] = [
        {"role": role, "name": cells[role], "contact": cells.get(f"{role}_contact", "")}
        for role in PartyRole
        if cells.get(role)
    ]
    return Site.model_validate(values)


def _texts(error: ValidationError) -> list[str]:
    return [
        ": ".join([*map(str, each["loc"][-1:]), each["msg"].removeprefix("Value error, ")]) for each in error.errors()
    ]


def _line(number: int) -> str:
    return f"第 {number} 行 line {number}"
