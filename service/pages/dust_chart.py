"""The dust that was measured around a case, as a chart; the violation and times above a limit are marked. Pure."""

from collections.abc import Sequence
from typing import Any

from service.domain.cases import Case
from service.dust.beside import DustBeside
from service.dust.reading import Factor
from service.pages.labels import local_time
from service.texts.catalogue import Texts

SHOWN = {Factor.TSP: "TSP", Factor.PM10: "PM10", Factor.PM25: "PM2.5"}


def chart_options(case: Case, dust: Sequence[DustBeside], _: Texts) -> dict[str, Any]:
    """Return the options of an ECharts chart: a line for each instrument and kind of dust, by Beijing time.

    Times go without a zone, so that every browser shows the same.
    """
    series = [
        _line(beside, factor, name, is_named=len(dust) > 1)
        for beside in dust
        for factor, name in SHOWN.items()
        if any(factor in point.levels for point in beside.points)
    ]
    if series:
        series[0]["markLine"] = {
            "symbol": "none",
            "label": {"formatter": _("Violation")},
            "data": [{"xAxis": local_time(case.opened_at)}],
        }
    return {
        "animation": False,
        "grid": {"left": 44, "right": 12, "top": 28, "bottom": 22},
        "legend": {"top": 0, "itemHeight": 8},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "name": "µg/m³"},
        "series": series,
    }


def exceedance_lines(dust: Sequence[DustBeside], _: Texts) -> list[str]:
    """Return a line for each time above a limit."""
    lines = []
    for beside in dust:
        for joined in beside.exceedances:
            found = joined.exceedance
            text = _("{name}: {factor} above {limit} µg/m³ from {start} to {end}, highest {highest}")
            if found.parameters.above_regional:
                text = _("{name}: {factor} over {limit} µg/m³ above the region's from {start} to {end}, most {highest}")
            end = _("now") if found.ended_at is None else local_time(found.ended_at)[11:16]
            lines.append(
                text.format(
                    name=beside.instrument.name,
                    factor=SHOWN[found.parameters.factor],
                    limit=f"{found.parameters.limit_ug_m3:.0f}",
                    start=local_time(found.started_at)[5:16],
                    end=end,
                    highest=f"{found.highest_ug_m3:.0f}",
                )
            )
    return lines


def _line(beside: DustBeside, factor: Factor, name: str, *, is_named: bool) -> dict[str, Any]:
    levels = [(point.at, point.levels[factor].mean) for point in beside.points if factor in point.levels]
    shaded = [
        [{"xAxis": local_time(joined.exceedance.started_at)}, {"xAxis": local_time(joined.exceedance.last_above_at)}]
        for joined in beside.exceedances
        if joined.exceedance.parameters.factor is factor
    ]
    return {
        "type": "line",
        "name": f"{beside.instrument.name} {name}" if is_named else name,
        "showSymbol": False,
        "data": [[local_time(at), mean] for at, mean in levels],
        "markArea": {"silent": True, "itemStyle": {"color": "rgba(196, 40, 28, 0.15)"}, "data": shaded},
    }
