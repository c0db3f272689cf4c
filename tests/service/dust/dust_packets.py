"""Packets, readings and instruments of dust monitors."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.dust.hj212.packet import Packet
from service.dust.instruments import InstrumentsConfig
from service.dust.reading import DustReading, Factor, Mark, Measured, Period

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
MN = "3201000000DUST0000000001"
PASSWORD = "s3cr3t!pw"
CONTENT = (
    "DataTime=20250601120000;a34001-Avg=152.5,a34001-Min=140,a34001-Max=161,a34001-Flag=N;"
    "a34002-Avg=81.25,a34002-Flag=N;a34004-Avg=35,a34004-Flag=D;a01001-Avg=-1.5,a01001-Flag=N;LA-Avg=63.2,LA-Flag=N"
)


def make_packet(**changes: Any) -> Packet:
    packet = {
        "request": "20250601120100123",
        "system": "39",
        "command": "2051",
        "password": PASSWORD,
        "instrument": MN,
        "content": CONTENT,
        "wants_answer": True,
    }
    return Packet(**{**packet, **changes})


def make_config(count: int = 1, **changes: Any) -> InstrumentsConfig:
    instruments = [
        {
            "mn": f"3201000000DUST{number:010d}",
            "password": PASSWORD,
            "site": "binjiang-1",
            "name": f"扬尘仪 {number}",
            "dust_unit": "ug/m3",
            **changes,
        }
        for number in range(1, count + 1)
    ]
    sites = [{"id": "binjiang-1", "name": "滨江一号地块"}]
    return InstrumentsConfig.model_validate({"sites": sites, "instruments": instruments})


def make_reading(minutes: float = 0, *, mark: Mark | None = Mark.NORMAL, **levels: float) -> DustReading:
    """Return a minute reading so many minutes after noon: `make_reading(5, pm10=80.0)`."""
    factors = {Factor(name): Measured(mean=level, mark=mark) for name, level in (levels or {"pm10": 80.0}).items()}
    return DustReading(MN, Period.MINUTE, NOON + timedelta(minutes=minutes), factors)
