"""Takes secrets from files that the environment names, as container and service managers hand them over."""

from collections.abc import MutableMapping
from pathlib import Path

from service.errors import ServiceError

ENDING = "_FILE"
OUR_PREFIX = "DUSTWATCH_"
OTHERS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"})
"""Further variables that may be given as files; other programs use names of this ending for their own ends."""


class SecretUnreadable(ServiceError):
    """A file that should hold a secret can't be read."""

    template = "{variable}: {path} can't be read: {detail}"


def take_secret_files(environment: MutableMapping[str, str]) -> None:
    """Set NAME to what the file in NAME_FILE holds, without the line's end; a NAME that is set stays.

    Heeded are names that begin with DUSTWATCH_, and `OTHERS`. Raises SecretUnreadable.
    """
    for variable, path in list(environment.items()):
        name = variable.removesuffix(ENDING)
        if name == variable or name in environment or not (name.startswith(OUR_PREFIX) or name in OTHERS):
            continue
        try:
            environment[name] = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            detail = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise SecretUnreadable(variable=variable, path=path, detail=detail) from None
