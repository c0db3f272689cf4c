"""ETags against lost updates: a version in a header, and the version that a change was meant for."""

import re
from typing import Annotated

from fastapi import Header

IfMatch = Annotated[str | None, Header(max_length=100, description='The ETag that the change is meant for: `"v3"`')]
_TAG = re.compile(r'"v([0-9]{1,9})"')
NO_VERSION = -1
"""What no thing's version ever is."""


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"v{version}"'


def wanted_version(if_match: str | None) -> int | None:
    """Return the version that the header If-Match asks for: None for any, `NO_VERSION` for one that can't be."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    return int(found[1]) if found else NO_VERSION
