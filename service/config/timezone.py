"""Names of time zones in configuration files."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def known_timezone(name: str) -> str:
    """Return the name, if it is that of a time zone. Raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("unknown time zone; write a name such as Asia/Shanghai") from None
    return name
