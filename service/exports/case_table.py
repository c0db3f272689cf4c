"""The columns of an exported list of cases, and a case's cells: for people, so in Chinese and by Beijing time."""

from collections.abc import Callable, Mapping
from datetime import datetime

from service.domain.sites import site_categories
from service.pages.labels import LOCAL_TIME, STATES, figure_name, figure_value, rule_name
from service.storage.case_list import CaseLine
from service.texts.catalogue import CHINESE, load_translator

Cell = str | int | float | datetime | None
"""A datetime is the local one, without a time zone, as spreadsheets hold it."""

_CELLS: Mapping[str, Callable[[CaseLine], Cell]] = {
    "编号 id": lambda line: line.id,
    "违规 rule": lambda line: rule_name(line.rule, _zh()),
    "状态 state": lambda line: _zh()(STATES[line.state]),
    "工地编号 site": lambda line: line.site_id,
    "工地 site name": lambda line: line.site_name,
    "类别 category": lambda line: category_name(line.category),
    "区县 district": lambda line: line.district,
    "街道 street": lambda line: line.street,
    "管控级别 level": lambda line: line.level,
    "摄像头编号 camera": lambda line: line.camera_id,
    "摄像头 camera name": lambda line: line.camera_name,
    "发现时间 found at": lambda line: _local(line.opened_at),
    "接收时间 received at": lambda line: _local(line.received_at),
    "办理期限 due at": lambda line: _local(line.due_at),
    "责任单位 party": lambda line: line.assigned_to,
    "最后操作人 changed by": lambda line: line.changed_by,
    "实测 measures": lambda line: _measures(line.measures),
    "纬度 latitude": lambda line: line.latitude,
    "经度 longitude": lambda line: line.longitude,
    "唯一标识 key": lambda line: line.key,
}
HEADS: tuple[str, ...] = tuple(_CELLS)


def cells_of(line: CaseLine) -> tuple[Cell, ...]:
    """Return the case's cells in the order of `HEADS`; texts are as edges and people wrote them, nothing defused."""
    return tuple(cell(line) for cell in _CELLS.values())


def category_name(category: str) -> str:
    """Return the Chinese name of a site's category; one that the office's list does not hold as it is."""
    known = site_categories()
    return known[category].zh if category in known else category


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(LOCAL_TIME).replace(tzinfo=None, microsecond=0)


def _measures(measures: Mapping[str, float]) -> str:
    told = ((figure_name(name, _zh()), *figure_value(name, value, _zh())) for name, value in measures.items())
    return "；".join(f"{name} {value} {unit}".rstrip() for name, value, unit in told)


def _zh() -> Callable[[str], str]:
    return load_translator().texts(CHINESE)
