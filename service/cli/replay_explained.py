"""Explains a replay: the course of the figures that the rules judge by, with the rules' thresholds beside them."""

from collections.abc import Iterator, Mapping

from service.edge.cameras import CameraOrder
from service.edge.replay import Replayed
from vision.violations import RuleName

Thresholds = Mapping[str, float]
DECIDING = {
    RuleName.UNWASHED_TRUCK: ("unwashed", ("wash_seconds",)),
    RuleName.UNCOVERED_SOIL: ("zone_bare_soil_share", ("open_share", "close_share")),
    RuleName.MISSING_HOARDING: ("line_uncovered_share", ("min_gap_share",)),
}
"""For each rule the figure that tells most of it, and the parameters that it is held against."""
GAP_IN_METRES = ("min_gap_m",)


def rules_in_force(order: CameraOrder) -> dict[str, dict[str, float]]:
    """Return the parameters of every rule that judges the camera, by its name."""
    judged = {
        RuleName.UNWASHED_TRUCK: order.gate if order.gate and order.gate.gate.wash_bay else None,
        RuleName.UNCOVERED_SOIL: order.yard,
        RuleName.MISSING_HOARDING: order.perimeter,
    }
    return {rule.value: camera.parameters.model_dump() for rule, camera in judged.items() if camera is not None}


def explained(order: CameraOrder, result: Replayed) -> Iterator[str]:
    """Yield a line for each rule in force, and one for each time at which the figures told something."""
    rules = rules_in_force(order)
    for rule, parameters in rules.items():
        yield f"规则 rule {rule}: {figures_text(parameters)}"
    beside = _beside(order, rules)
    for point in result.trace.points:
        mark = " 违规 violation" if point.has_violation else ""
        yield f"{result.seconds_at(point.at):9.1f} s: {figures_text(point.figures, beside)}{mark}"


def figures_text(figures: Mapping[str, float], beside: Mapping[str, Thresholds] | None = None) -> str:
    """Return `name=value` of each figure, and the thresholds that it is held against behind it."""
    parts = []
    for name, value in figures.items():
        thresholds = (beside or {}).get(name)
        parts.append(f"{name}={value:g}" + (f" ({figures_text(thresholds)})" if thresholds else ""))
    return " ".join(parts)


def _beside(order: CameraOrder, rules: Mapping[str, Thresholds]) -> dict[str, Thresholds]:
    beside: dict[str, Thresholds] = {}
    for rule, (figure, names) in DECIDING.items():
        if rule not in rules:
            continue
        if rule is RuleName.MISSING_HOARDING and order.perimeter and order.perimeter.ground:
            names = GAP_IN_METRES
        beside[figure] = {name: rules[rule][name] for name in names}
    return beside
