"""The file that names the dust monitors: their numbers, passwords, sites and units."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from service.config.document import read_config
from service.config.site import Name, SiteConfig
from service.config.timezone import known_timezone
from service.config.zones import StrictConfig
from service.dust.hj212.packet import PASSWORD
from service.dust.reading import Instrument

MinutesPerRecord = Literal[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]
"""The intervals of minute data that the standard allows."""


class InstrumentConfig(StrictConfig):
    """A dust monitor. The password is never shown."""

    mn: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,24}$")]
    password: SecretStr
    site: str
    name: Name
    dust_unit: Literal["ug/m3", "mg/m3"]
    """The unit in which it sends TSP, PM10 and PM2.5. There is no default: a wrong one is wrong by a thousand."""
    minutes_per_record: MinutesPerRecord = 1

    @field_validator("password")
    @classmethod
    def _can_be_sent(cls, password: SecretStr) -> SecretStr:
        if not PASSWORD.fullmatch(password.get_secret_value()):
            raise ValueError("a password has 1 to 32 printable characters, none of them & ; = or a space")
        return password

    @property
    def dust_to_ug_m3(self) -> float:
        """What its dust values are to be multiplied by."""
        return 1000.0 if self.dust_unit == "mg/m3" else 1.0


class InstrumentsConfig(StrictConfig):
    """All dust monitors that one receiver listens to."""

    timezone: str = "Asia/Shanghai"
    """Time zone of the instruments' clocks."""
    sites: Annotated[list[SiteConfig], Field(min_length=1)]
    instruments: Annotated[list[InstrumentConfig], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        sites = {site.id for site in self.sites}
        numbers: set[str] = set()
        for each in self.instruments:
            if each.site not in sites:
                raise ValueError(f"instrument {each.mn}: there is no site {each.site}")
            if each.mn in numbers:
                raise ValueError(f"there are two instruments {each.mn}")
            numbers.add(each.mn)
        return self

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, timezone: str) -> str:
        return known_timezone(timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    def places(self) -> list[Instrument]:
        """Return the instruments without their passwords."""
        names = {site.id: site.name for site in self.sites}
        return [
            Instrument(each.mn, each.name, each.site, names[each.site], each.minutes_per_record)
            for each in self.instruments
        ]


def load_instruments(path: Path, environment: Mapping[str, str] = os.environ) -> InstrumentsConfig:
    """Read `path`; `${NAME}` in a text is replaced from the environment. Raises ConfigError."""
    return read_config(path, InstrumentsConfig, environment)
