"""The plan's sheet: lines reckoned one after the other from what was measured, what is set and what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.plan.formula import Formula
from service.plan.inputs import Input, LineText, Quantity

CAMERAS, DAYS = "cameras", "days"
COSTS = ("cost_nodes", "cost_servers", "cost_evidence", "cost_network")
"""Lines of money, each of which is told where its price is known."""
TOTAL = "total"
"""Stands in a formula for the sum of those."""


@dataclass(frozen=True)
class Line:
    """One figure of the plan: `formula` in names and `numbers` the same in numbers; `names` are those it rests on."""

    name: str
    group: str
    zh: str
    en: str
    unit: str
    value: float
    formula: str
    numbers: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Every line by its name, in the order of the sheet, and the inputs from which they were reckoned."""

    lines: Mapping[str, Line]
    inputs: Mapping[str, Input]

    def value(self, name: str) -> float:
        """Return a line's value."""
        return self.lines[name].value


def reckon(inputs: Mapping[str, Input], texts: Mapping[str, LineText]) -> Plan:
    """Reckon every line whose inputs are there; a price that was not told leaves out what rests on it.

    Raises:
        BadFormula: a value that something is divided by is 0, or a result is no finite number.
    """
    values = {name: each.value for name, each in inputs.items()}
    lines: dict[str, Line] = {}
    for name, text in texts.items():
        formula = Formula(_sum_of_costs(lines) if text.formula == TOTAL else text.formula)
        if not formula.names or not all(each in values for each in formula.names):
            continue
        values[name] = formula.value(values)
        lines[name] = Line(
            name,
            text.group,
            text.zh,
            text.en,
            text.unit,
            values[name],
            formula.text,
            formula.with_numbers(values),
            formula.names,
        )
    return Plan(lines, inputs)


def _sum_of_costs(lines: Mapping[str, Line]) -> str:
    return " + ".join(name for name in COSTS if name in lines) or "0"


def asked(numbers: Mapping[str, float]) -> dict[str, Input]:
    """Return what the plan is asked for as inputs: `CAMERAS` and `DAYS`."""
    texts = {CAMERAS: ("摄像头", "cameras", ""), DAYS: ("规划天数", "days from the beginning on", "天 d")}
    return {
        name: Input(value=value, unit=texts[name][2], zh=texts[name][0], en=texts[name][1], kind=Quantity.ASKED)
        for name, value in numbers.items()
    }
