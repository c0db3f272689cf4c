"""The charts of the statistics page, as options of ECharts; every one has its table beside it. Pure."""

from collections.abc import Sequence
from typing import Any

from service.domain.statistics import NamedCourse, NamedPrecision, SiteHours, TrendPoint
from service.texts.catalogue import N_, Texts

Options = dict[str, Any]
COURSE = {
    "found": N_("Found"),
    "confirmed": N_("Confirmed"),
    "rejected": N_("Rejected"),
    "waiting": N_("Waiting"),
    "in_time": N_("Put right in time"),
    "late": N_("Put right late"),
    "overdue": N_("Overdue"),
}
"""The figures of a course, in the order of charts and tables."""
_COLOURS = {
    "found": "#7b8794",
    "confirmed": "#d9480f",
    "rejected": "#4c6ef5",
    "waiting": "#b08900",
    "in_time": "#2b8a3e",
    "late": "#9c36b5",
    "overdue": "#c4281c",
}
_LINES = ("found", "confirmed", "rejected", "in_time", "overdue")
_STACKED = ("confirmed", "rejected", "waiting")
TEXT = "#7f8b98"
"""Grey that can be read on light and on dark."""
_BAND, _SHARE = "#8fb4e8", "#d9480f"


def trend_chart(trend: Sequence[TrendPoint], _: Texts) -> Options:
    """Return a line for each figure."""
    return {
        **_frame(legend=True),
        "tooltip": {"trigger": "axis"},
        "xAxis": _axis("category", [f"{point.first:%m-%d}" for point in trend]),
        "yAxis": {**_axis("value"), "minInterval": 1},
        "series": [
            {
                "type": "line",
                "name": _(COURSE[name]),
                "color": _COLOURS[name],
                "symbolSize": 5,
                "data": [getattr(point.course, name) for point in trend],
            }
            for name in _LINES
        ],
    }


def courses_chart(courses: Sequence[tuple[str, NamedCourse]], _: Texts) -> Options:
    """Return a bar for each name, of the confirmed, the rejected and the waiting ones."""
    return {
        **_frame(legend=True, wide=True),
        "tooltip": {"trigger": "axis"},
        "xAxis": {**_axis("value"), "minInterval": 1},
        "yAxis": {**_axis("category", [title for title, _course in courses]), "inverse": True},
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 22,
                "name": _(COURSE[name]),
                "color": _COLOURS[name],
                "data": [getattr(each.course, name) for _title, each in courses],
            }
            for name in _STACKED
        ],
    }


def hours_chart(sites: Sequence[SiteHours], _: Texts) -> Options:
    """Return a heat map of sites by hours of the day."""
    cells = [[hour, row, count] for row, site in enumerate(sites) for hour, count in enumerate(site.hours)]
    return {
        **_frame(wide=True, bottom=54),
        "tooltip": {},
        "xAxis": _axis("category", [str(hour) for hour in range(24)]),
        "yAxis": {**_axis("category", [site.site_name for site in sites]), "inverse": True},
        "visualMap": {
            "min": 0,
            "max": max((count for *_place, count in cells), default=1) or 1,
            "calculable": False,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemHeight": 120,
            "textStyle": {"color": TEXT},
            "inRange": {"color": ["rgba(217,115,13,0.06)", "#e8853a", "#a3260b"]},
        },
        "series": [{"type": "heatmap", "name": _("Cases"), "data": cells}],
    }


def precision_chart(rows: Sequence[tuple[str, NamedPrecision]], _: Texts) -> Options:
    """Return a band for each interval of 95 %, with a point where the share is; what nobody decided has none."""
    told = [(title, row.precision) for title, row in rows]
    percent = [[_percent(each.low), _percent(each.share), _percent(each.high)] for _title, each in told]
    band = {"type": "bar", "stack": "band", "barMaxWidth": 14, "silent": True}
    return {
        **_frame(wide=True),
        "tooltip": {},
        "xAxis": {**_axis("value"), "min": 0, "max": 100, "name": "%"},
        "yAxis": {**_axis("category", [title for title, _row in told]), "inverse": True},
        "series": [
            {**band, "color": "transparent", "data": [low for low, _share, _high in percent]},
            {
                **band,
                "name": _("95 % interval"),
                "color": _BAND,
                "data": [None if low is None or high is None else round(high - low, 1) for low, _s, high in percent],
            },
            {
                "type": "scatter",
                "name": _("Precision"),
                "color": _SHARE,
                "symbolSize": 9,
                "data": [[share, row] for row, (_low, share, _high) in enumerate(percent) if share is not None],
            },
        ],
    }


def reasons_chart(reasons: Sequence[tuple[str, int]], _: Texts) -> Options:
    """Return a bar for each reason."""
    return {
        **_frame(wide=True),
        "tooltip": {"trigger": "axis"},
        "xAxis": {**_axis("value"), "minInterval": 1},
        "yAxis": {**_axis("category", [reason for reason, _cases in reasons]), "inverse": True},
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 22,
                "name": _("Cases"),
                "color": _COLOURS["rejected"],
                "data": [cases for _reason, cases in reasons],
            }
        ],
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _frame(*, legend: bool = False, wide: bool = False, bottom: int = 30) -> Options:
    frame: Options = {
        "animation": False,
        "textStyle": {"color": TEXT},
        "grid": {"left": 150 if wide else 46, "right": 26, "top": 34 if legend else 14, "bottom": bottom},
    }
    if legend:
        frame["legend"] = {"top": 0, "itemHeight": 9, "textStyle": {"color": TEXT}}
    return frame


def _axis(kind: str, names: Sequence[str] | None = None) -> Options:
    axis: Options = {"type": kind, "axisLabel": {"color": TEXT}, "nameTextStyle": {"color": TEXT}}
    if names is not None:
        axis["data"] = list(names)
        axis["axisLabel"] = {"color": TEXT, "width": 138, "overflow": "truncate"}
    else:
        axis["splitLine"] = {"lineStyle": {"color": "rgba(127,139,152,0.25)"}}
    return axis
