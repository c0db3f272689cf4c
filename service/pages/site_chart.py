"""A site's dust and its violations on one axis of time, as the options of a chart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.cases import Case
from service.dust.downsampling import Point
from service.dust.reading import Instrument
from service.pages.dust_chart import SHOWN
from service.pages.labels import local_time, rule_name
from service.texts.catalogue import N_, Texts

_GREY = "#7b8794"
"""Can be read on light and on dark."""
_GRID = {"lineStyle": {"color": _GREY, "opacity": 0.25}}


@dataclass(frozen=True)
class Span:
    """How far a chart looks back, and how many seconds become one of its points."""

    title: str
    length: timedelta
    step_s: int


SPANS = {
    "24h": Span(N_("24 hours"), timedelta(hours=24), 300),
    "7d": Span(N_("7 days"), timedelta(days=7), 3600),
    "30d": Span(N_("30 days"), timedelta(days=30), 4 * 3600),
}


def site_chart(
    dust: Sequence[tuple[Instrument, Sequence[Point]]], cases: Sequence[Case], span: tuple[datetime, datetime], _: Texts
) -> dict[str, Any]:
    """Return the options of an ECharts chart: lines of dust, and above them a mark for each violation, by Beijing time.

    A mark's `name` is its case's number.
    """
    lines = [
        {
            "type": "line",
            "name": f"{instrument.name} {name}" if len(dust) > 1 else name,
            "showSymbol": False,
            "data": [[local_time(point.at), point.levels[factor].mean] for point in points if factor in point.levels],
        }
        for instrument, points in dust
        for factor, name in SHOWN.items()
        if any(factor in point.levels for point in points)
    ]
    marks = [
        {
            "type": "scatter",
            "name": rule_name(rule, _),
            "symbol": "triangle",
            "symbolSize": 13,
            "itemStyle": {"opacity": 1, "borderColor": "#ffffff", "borderWidth": 1},
            "yAxisIndex": 1,
            "data": [
                {"name": f"#{case.id}", "value": [local_time(case.opened_at), 1]} for case in cases if case.rule == rule
            ],
        }
        for rule in sorted({case.rule for case in cases})
    ]
    return {
        "animation": False,
        "grid": {"left": 48, "right": 16, "top": 34, "bottom": 26},
        "textStyle": {"color": _GREY},
        "legend": {"top": 0, "itemHeight": 8, "textStyle": {"color": _GREY}},
        "tooltip": {"trigger": "item", "renderMode": "richText"},  # names are text, whatever they hold
        "xAxis": {
            "type": "time",
            "axisLabel": {"color": _GREY},
            "min": local_time(span[0]),
            "max": local_time(span[1]),
        },
        "yAxis": [
            {"type": "value", "name": "µg/m³", "min": 0, "axisLabel": {"color": _GREY}, "splitLine": _GRID},
            {"type": "value", "show": False, "min": 0, "max": 1.08},
        ],
        "series": [*lines, *marks],
    }
