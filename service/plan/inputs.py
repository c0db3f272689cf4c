"""What a plan rests on: figures that were measured, settings of the product, and assumptions, each with its source."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from ruamel.yaml import YAML

from service.errors import BadPlanFigures

SHIPPED = Path(__file__).with_name("data")


COSTS_OF_A_REQUEST: Mapping[str, tuple[str, str, str]] = {
    "service_ms": ("ms", "服务处理器时间", "the service's processor time"),
    "database_ms": ("ms", "数据库处理器时间", "the database's processor time"),
    "wal_kb": ("kB", "数据库日志", "the database's log"),
    "up_kb": ("kB", "上行", "on the way up"),
    "down_kb": ("kB", "下行", "on the way down"),
}
"""What one request costs: unit, and what it is in both languages; inputs are named by request and cost."""


class Quantity(StrEnum):
    """Where a number comes from."""

    ASKED = "asked"
    MEASURED = "measured"
    SETTING = "setting"
    ASSUMED = "assumed"
    PRICE = "price"


class Input(BaseModel):
    """One number with its unit, what it is in both languages, and where it comes from; it lies in `least`..`most`.

    The `source` of what was measured names a file of `benchmarks/results` and the place in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str = ""
    zh: str
    en: str
    source: str = ""
    least: float = 0.0
    most: float = 1e9
    kind: Quantity = Quantity.ASSUMED


class LineText(BaseModel):
    """A line of the sheet as it is written down; the formula tells `total` where it sums up the lines of money."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    formula: str
    unit: str = ""
    zh: str
    en: str


class _RequestCosts(BaseModel):
    """What a kind of request costs, as it is written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    source: str
    service_ms: float
    database_ms: float
    wal_kb: float
    up_kb: float
    down_kb: float

    def inputs(self, kind: str) -> dict[str, Input]:
        """Return an input a cost."""
        return {
            f"{kind}_{what}": Input(
                value=getattr(self, what),
                unit=unit,
                zh=f"{self.zh}：{zh}",
                en=f"{self.en}: {en}",
                source=f"{self.source}.{what}",
                kind=Quantity.MEASURED,
            )
            for what, (unit, zh, en) in COSTS_OF_A_REQUEST.items()
        }


_INPUTS = TypeAdapter(dict[str, Input])
_REQUESTS = TypeAdapter(dict[str, _RequestCosts])
_LINES = TypeAdapter(dict[str, LineText])


def shipped_inputs() -> dict[str, Input]:
    """Return every number that comes along; of prices none does."""
    found: dict[str, Input] = {}
    for kind in (Quantity.MEASURED, Quantity.SETTING, Quantity.ASSUMED):
        found |= _read(kind)
    for name, costs in _REQUESTS.validate_python(_loaded("requests")).items():
        found |= costs.inputs(name)
    return found


def shipped_lines() -> dict[str, LineText]:
    """Return the sheet's lines in their order."""
    return _LINES.validate_python(_loaded("lines"))


def priced(prices: Mapping[str, float | None]) -> dict[str, Input]:
    """Return the inputs of those prices that are told. Raises BadPlanFigures."""
    told = {name: value for name, value in prices.items() if value is not None}
    texts = {name: text for name, text in _read(Quantity.PRICE).items() if name in told}
    return changed(texts, told, "")


def changed(inputs: Mapping[str, Input], values: Mapping[str, float], source: str) -> dict[str, Input]:
    """Return the inputs with other values, from the source. Raises BadPlanFigures at a name or value that is none."""
    after = dict(inputs)
    for name, value in values.items():
        known = after.get(name)
        if known is None:
            raise BadPlanFigures(what=name, detail="there is no such number; --json lists them under inputs")
        if not known.least <= value <= known.most:
            raise BadPlanFigures(what=name, detail=f"{value:g} is not between {known.least:g} and {known.most:g}")
        after[name] = known.model_copy(update={"value": value, "source": source})
    return after


def _read(kind: Quantity) -> dict[str, Input]:
    read = _INPUTS.validate_python(_loaded(kind.value))
    return {name: each.model_copy(update={"kind": kind}) for name, each in read.items()}


def _loaded(name: str) -> object:
    return YAML(typ="safe").load(SHIPPED / f"{name}.yaml")
