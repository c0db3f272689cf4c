"""Says in Chinese words what a rule found: the statement, and each figure with its error and its limit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.casefile.sheet import MeasuredFigure
from service.dust.exceedance import PM10_LIMIT
from service.pages.labels import figure_name, figure_value, rule_name
from service.texts.catalogue import CHINESE, load_translator
from vision.evidence.manifest import DustRule
from vision.violations import RuleName

Figures = Mapping[str, float]
ERROR = "_error"
GAP_M, GAP_SHARE = "gap_m", "gap_share"
PM10 = PM10_LIMIT.measure
MINUTE_S, HOUR_S = 60, 3600
SEE_TABLE = "各项实测值与标准见下表。"


@dataclass(frozen=True)
class _Limit:
    """Which parameter a measure is held against, and the lawful side of it in words."""

    parameter: str
    words: str


_LIMITS = {
    "wash_seconds": _Limit("wash_seconds", "不少于 {}"),
    "bare_soil_share": _Limit("open_share", "低于 {}"),
    "gap_share": _Limit("min_gap_share", "小于 {}"),
    "gap_m": _Limit("min_gap_m", "小于 {}"),
    "mud_views": _Limit("mud_views", "少于 {}"),
    "muddy_share": _Limit("muddy_share", "低于 {}"),
    "lasted_s": _Limit("grace_s", "不超过 {}"),
    "tsp_ug_m3": _Limit("tsp_ug_m3", "不高于 {}"),
    PM10: _Limit(PM10, "不高于 {}"),
}


def measured_figures(measures: Figures, parameters: Figures) -> tuple[MeasuredFigure, ...]:
    """Return a row for each measure; the errors of measures stand beside them and have no rows of their own."""
    rows = []
    for name, value in measures.items():
        if name.endswith(ERROR) and name.removesuffix(ERROR) in measures:
            continue
        error = measures.get(f"{name}{ERROR}")
        told_error = "" if error is None else f"± {quantity(name, error)}"
        limit = _limit(name, measures, parameters)
        rows.append(MeasuredFigure(figure_name(name, _zh()), quantity(name, value), told_error, limit))
    return tuple(rows)


def _limit(name: str, measures: Figures, parameters: Figures) -> str:
    limit = _LIMITS.get(name)
    if limit is None:
        return quantity(name, parameters[name]) if name in parameters else ""
    if limit.parameter not in parameters or (name == GAP_SHARE and GAP_M in measures):
        return ""
    return limit.words.format(quantity(limit.parameter, parameters[limit.parameter]))


def other_parameters(measures: Figures, parameters: Figures) -> str:
    """Return the rule's parameters that stand in no row of the measures, in one line."""
    told = {_LIMITS[name].parameter if name in _LIMITS else name for name in measures}
    others = {name: value for name, value in parameters.items() if name not in told}
    return "；".join(f"{figure_name(name, _zh())} {quantity(name, value)}" for name, value in others.items())


def quantity(name: str, value: float) -> str:
    """Return a figure with its unit: shares as per cent, long times in minutes or hours."""
    last = name.rsplit("_", 1)[-1]
    if last == "share" and name != "at_share":  # a place, which its label tells from 0 to 1
        return f"{value * 100:.3g} %"
    if last in {"s", "seconds"} and abs(value) >= 2 * MINUTE_S:
        return f"{value / HOUR_S:.3g} 小时" if abs(value) >= 2 * HOUR_S else f"{value / MINUTE_S:.3g} 分钟"
    return " ".join(figure_value(name, value, _zh())).strip()


def statement(rule: str, measures: Figures, parameters: Figures) -> str:
    """Return in a sentence or two what was found; of a rule that is not known only its name."""
    try:
        says = _STATEMENTS[rule]
        return says(measures, parameters) + SEE_TABLE
    except (KeyError, ValueError):  # another version's rule, or figures that it did not tell yet
        return f"现场监控发现：{rule_name(rule, _zh())}。{SEE_TABLE}"


def _unwashed(measures: Figures, parameters: Figures) -> str:
    washed, needed = measures["wash_seconds"], parameters["wash_seconds"]
    stood = f"一辆货车驶出工地出口线，此前在冲洗区停留 {quantity('wash_seconds', washed)}"
    if washed < needed:
        stood += f"，少于规定的 {quantity('wash_seconds', needed)}"
    else:
        stood += f"（规定 {quantity('wash_seconds', needed)}）"
    return f"{stood}{_mud(measures, parameters)}。"


def _mud(measures: Figures, parameters: Figures) -> str:
    if not all(measures.get(name, 0) >= parameters.get(name, float("inf")) for name in ("mud_views", "muddy_share")):
        return ""
    return f"；驶出时车身带泥，{quantity('mud_views', measures['mud_views'])} 次观察所见"


def _soil(measures: Figures, parameters: Figures) -> str:
    share, limit = measures["bare_soil_share"], parameters["open_share"]
    told = (
        f"划定区域内未覆盖的裸土占 {quantity('bare_soil_share', share)}"
        f"（达到 {quantity('open_share', limit)} 即为违规）{_size('bare_soil_m2', measures)}"
    )
    longer = ""
    if measures.get("earthworks"):
        longer = f"；当时有土方作业，宽限时间按 {parameters['earthworks_factor']:g} 倍计"
    return f"{told}，{_lasted(measures, parameters)}{longer}。"


def _hoarding(measures: Figures, parameters: Figures) -> str:
    told = f"划定的围挡线上有缺口，占线长 {quantity('gap_share', measures['gap_share'])}"
    if GAP_M in measures:  # where the camera is calibrated, metres decide and the share only describes
        told += _size(GAP_M, measures, f"，达到 {quantity('min_gap_m', parameters['min_gap_m'])} 即为违规")
    else:
        told += f"（达到 {quantity('min_gap_share', parameters['min_gap_share'])} 即为违规）"
    return f"{told}，{_lasted(measures, parameters)}。"


def _dust(measures: Figures, parameters: Figures) -> str:
    minutes = f"{parameters['average_minutes']:g} 分钟均值"
    name, told = "tsp_ug_m3", f"总悬浮颗粒物（TSP）{minutes}"
    if PM10 in measures:
        name, told = PM10, f"可吸入颗粒物（PM10）{minutes}高出区域同时段均值"
    measured, limit = quantity(name, measures[name]), quantity(name, parameters[name])
    return f"工地扬尘监测仪测得{told} {measured}，超过限值 {limit}。"


def _size(name: str, measures: Figures, limit: str = "") -> str:
    if name not in measures:
        return ""
    error = measures.get(f"{name}{ERROR}")
    aside = ("" if error is None else f"误差 ± {quantity(name, error)}") + limit
    return f"，约 {quantity(name, measures[name])}" + (f"（{aside.removeprefix('，')}）" if aside else "")


def _lasted(measures: Figures, parameters: Figures) -> str:
    lasted, grace = measures["lasted_s"], parameters["grace_s"]
    return f"白天持续 {quantity('lasted_s', lasted)}，超过宽限时间 {quantity('grace_s', grace)}"


_STATEMENTS: dict[str, Callable[[Figures, Figures], str]] = {
    RuleName.UNWASHED_TRUCK: _unwashed,
    RuleName.UNCOVERED_SOIL: _soil,
    RuleName.MISSING_HOARDING: _hoarding,
    DustRule.DUST_EXCEEDANCE: _dust,
}


def _zh() -> Callable[[str], str]:
    return load_translator().texts(CHINESE)
