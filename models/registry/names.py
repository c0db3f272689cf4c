"""The names that models and versions may have: each is a folder, so none may lead out of the registry."""

import re

from models.errors import BadName

ALLOWED = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def is_name(text: str) -> bool:
    """Tell whether a model or a version may be called this."""
    return ALLOWED.fullmatch(text) is not None


def check_name(text: str) -> str:
    """Return the name of a model or a version as it is. Raises BadName."""
    if not is_name(text):
        raise BadName(name=text)
    return text


def split_reference(text: str) -> tuple[str, str | None]:
    """Return the model and the version of `NAME` or `NAME@VERSION`. Raises BadName."""
    name, at, version = text.partition("@")
    return check_name(name), check_name(version) if at else None
