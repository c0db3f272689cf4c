"""Passwords: what they have to be like, and their argon2id hashes."""

import threading
import unicodedata
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200
LEAST_DIFFERENT = 5

_hasher = PasswordHasher()
# A hash takes 64 MiB and all of a core: more at once would let anybody exhaust the machine by signing in.
_turns = threading.BoundedSemaphore(2)


def check_password(password: str, *names: str) -> None:
    """Refuse what is easily guessed; `names` are the user's own.

    Raises:
        PasswordTooShort, PasswordTooLong: it has too few or too many characters.
        PasswordTooCommon: it is among the most used ones, or little more than a name, or of few different characters.
    """
    if len(password) < LEAST_CHARACTERS:
        raise PasswordTooShort(least=LEAST_CHARACTERS)
    if len(password) > MOST_CHARACTERS:
        raise PasswordTooLong(most=MOST_CHARACTERS)
    plain = _normal(password).casefold()
    core = plain.strip("0123456789!@#$%^&*._- ")
    known = {name.casefold() for name in names if name}
    if len(set(plain)) < LEAST_DIFFERENT or plain in common_passwords() or core in known or plain in known:
        raise PasswordTooCommon


@cache
def common_passwords() -> frozenset[str]:
    """Return the most used passwords that are long enough to be tried, in lower case."""
    text = files("service.accounts").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its salt and parameters."""
    with _turns:
        return _hasher.hash(_normal(password))


def is_password(password_hash: str, password: str) -> bool:
    """Tell whether the password is that of the hash; an empty hash fits nothing, and takes as long."""
    with _turns:
        try:
            return _hasher.verify(password_hash or _nobodys_hash(), _normal(password)) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody")


def _normal(password: str) -> str:
    # Keyboards write the same letter in two ways.
    return unicodedata.normalize("NFC", password)
