"""Masks passwords wherever a camera's address is shown or logged."""

import re

MASK = "***"

# The password may itself hold '@' and ':': everything up to the last '@' before the path is taken to be credentials.
_CREDENTIALS = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/?#:@]*):(?P<secret>[^\s/?#]*)@", re.IGNORECASE
)
_SECRET_PARAMETER = re.compile(
    r"(?P<name>[?&;](?:password|passwd|pwd|pass|token|secret|auth|key)=)(?P<secret>[^&;\s#'\"]+)", re.IGNORECASE
)


def mask_secrets(text: str) -> str:
    """Return `text` with the password of every URL in it, and every secret-looking query parameter, replaced by ***."""
    masked = _CREDENTIALS.sub(rf"\g<scheme>\g<user>:{MASK}@", text)
    return _SECRET_PARAMETER.sub(rf"\g<name>{MASK}", masked)


def has_password(address: str) -> bool:
    """Tell whether a URL in `address` holds a password, or a query parameter that looks like a secret."""
    return any(match["secret"] for pattern in (_CREDENTIALS, _SECRET_PARAMETER) for match in pattern.finditer(address))
