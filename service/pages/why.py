"""Says in one plain sentence why a rule fired, from the measures and what they were held against; pure."""

from collections.abc import Mapping

from service.domain.cases import Case
from service.dust.exceedance import PM10_LIMIT
from service.texts.catalogue import Texts
from vision.evidence.manifest import Manifest


def why_it_fired(case: Case, manifest: Manifest | None, _: Texts) -> str:
    """Return the sentence; empty where a figure that it needs is missing, or the rule is not known."""
    asked: Mapping[str, float] = manifest.parameters if manifest is not None else {}
    try:
        return _SENTENCES[case.rule](case.measures, asked, _)
    except KeyError:
        return ""


def _truck(measured: Mapping[str, float], asked: Mapping[str, float], _: Texts) -> str:
    washed, needed = measured["wash_seconds"], asked["wash_seconds"]
    if washed < needed:
        text = _("The truck left after {washed} s in the wash bay; {needed} s are required.")
        return text.format(washed=f"{washed:g}", needed=f"{needed:g}")
    text = _("The truck washed for {washed} s, but {share} % of its views show mud as it leaves.")
    return text.format(washed=f"{washed:g}", share=f"{measured['muddy_share'] * 100:.0f}")


def _soil(measured: Mapping[str, float], asked: Mapping[str, float], _: Texts) -> str:
    text = _("{share} % of the zone was bare soil for {minutes} min of daylight; allowed is {limit} % for {grace} min.")
    return text.format(
        share=f"{measured['bare_soil_share'] * 100:.0f}",
        minutes=_minutes(measured["lasted_s"]),
        limit=f"{asked['open_share'] * 100:g}",
        grace=_minutes(asked["grace_s"]),
    )


def _hoarding(measured: Mapping[str, float], asked: Mapping[str, float], _: Texts) -> str:
    if "gap_m" in measured and "min_gap_m" in asked:
        gap, limit = f"{measured['gap_m']:g} m", f"{asked['min_gap_m']:g} m"
    else:
        gap, limit = (f"{share * 100:.1f} %" for share in (measured["gap_share"], asked["min_gap_share"]))
    text = _("{gap} of the line had no hoarding for {minutes} min of daylight; allowed is {limit} for {grace} min.")
    minutes, grace = _minutes(measured["lasted_s"]), _minutes(asked["grace_s"])
    return text.format(gap=gap, limit=limit, minutes=minutes, grace=grace)


def _dust(measured: Mapping[str, float], asked: Mapping[str, float], _: Texts) -> str:
    name = "tsp_ug_m3"
    text = _("The monitor measured {value} µg/m³ of TSP, a mean of {minutes} min; the limit is {limit} µg/m³.")
    if PM10_LIMIT.measure in measured:
        name = PM10_LIMIT.measure
        text = _("PM10 was {value} µg/m³ above the region's, a mean of {minutes} min; the limit is {limit} µg/m³.")
    value, limit = f"{measured[name]:.0f}", f"{asked[name]:g}"
    return text.format(value=value, limit=limit, minutes=f"{asked['average_minutes']:g}")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f}" if seconds >= 600 else f"{seconds / 60:.1f}".removesuffix(".0")


_SENTENCES = {
    "unwashed_truck": _truck,
    "uncovered_soil": _soil,
    "missing_hoarding": _hoarding,
    "dust_exceedance": _dust,
}
