"""Reads and writes what data packets hold (CP of CN 2011, 2051, 2061, 2031): DataTime and the factors' values."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.dust.hj212.packet import Packet
from service.dust.reading import DUST, DustReading, Factor, Mark, Measured, Period

COMMANDS = {"2011": Period.REALTIME, "2051": Period.MINUTE, "2061": Period.HOUR, "2031": Period.DAY}
CODES = {
    "a34001": Factor.TSP,
    "a34002": Factor.PM10,
    "a34004": Factor.PM25,
    "a01001": Factor.TEMPERATURE,
    "a01002": Factor.HUMIDITY,
    "a01006": Factor.PRESSURE,
    "a01007": Factor.WIND_SPEED,
    "a01008": Factor.WIND_DIRECTION,
    "LA": Factor.NOISE,
}
_FIELDS = {"Rtd": "now", "Avg": "mean", "Min": "lowest", "Max": "highest"}
_MARK = "Flag"
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_DATA_TIME = re.compile(r"[0-9]{14}")
_TIME_FORMAT = "%Y%m%d%H%M%S"
_YEARS = range(1990, 2200)
"""An instrument's clock may be wrong, but beyond these no database can be relied on."""


class BadReading(ValueError):
    """The packet's content is no reading."""


def read_data(packet: Packet, timezone: ZoneInfo, dust_to_ug_m3: float) -> DustReading:
    """Return the reading in a whole data packet; factors and fields that are not known are left out.

    `timezone` is that of the instrument's clock; its dust values are multiplied by `dust_to_ug_m3`. Raises BadReading.
    """
    period = COMMANDS.get(packet.command)
    if period is None:
        raise BadReading(f"CN {packet.command} holds no reading")
    told: dict[Factor, dict[str, str]] = {}
    data_time = None
    for item in re.split(r"[;,]", packet.content):
        name, _, text = item.partition("=")
        code, _, field = name.strip().partition("-")
        if name == "DataTime":
            data_time = data_time or text
        elif code in CODES:
            told.setdefault(CODES[code], {}).setdefault(field, text.strip())
    factors = {factor: _measured(fields, dust_to_ug_m3 if factor in DUST else 1.0) for factor, fields in told.items()}
    known = {factor: measured for factor, measured in factors.items() if measured != Measured()}
    if not known:
        raise BadReading("there is no factor that is known here")
    return DustReading(packet.instrument, period, _moment(data_time, timezone), known)


def write_data(reading: DustReading, timezone: ZoneInfo, dust_to_ug_m3: float) -> str:
    """Return the content that `read_data` reads."""
    local = reading.measured_at.astimezone(timezone)
    codes = {factor: code for code, factor in CODES.items()}
    groups = [f"DataTime={local.strftime(_TIME_FORMAT)}"]
    for factor, measured in reading.factors.items():
        scale = dust_to_ug_m3 if factor in DUST else 1.0
        values = {field: getattr(measured, name) for field, name in _FIELDS.items()}
        items = [f"{codes[factor]}-{field}={value / scale:.4f}" for field, value in values.items() if value is not None]
        if measured.mark is not None:
            items.append(f"{codes[factor]}-{_MARK}={measured.mark.value}")
        groups.append(",".join(items))
    return ";".join(groups)


def _measured(fields: dict[str, str], scale: float) -> Measured:
    values = {
        name: round(float(fields[field]) * scale, 6)
        for field, name in _FIELDS.items()
        if _NUMBER.fullmatch(fields.get(field, ""))
    }
    return Measured.model_validate({**values, "mark": _mark(fields.get(_MARK, ""))})


def _mark(text: str) -> Mark | None:
    if not text:
        return None
    return Mark(text) if text in set(Mark) else Mark.UNKNOWN


def _moment(text: str | None, timezone: ZoneInfo) -> datetime:
    if text is None or not _DATA_TIME.fullmatch(text):
        raise BadReading("DataTime is missing or no time")
    try:
        local = datetime.strptime(text, _TIME_FORMAT).replace(tzinfo=timezone)
    except ValueError:
        raise BadReading("DataTime is no time") from None
    if local.year not in _YEARS:
        raise BadReading("DataTime is out of all bounds")
    return local.astimezone(UTC)
