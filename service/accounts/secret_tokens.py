"""Secrets that are handed out once and kept as their hash alone: sessions, one-time links, machines' tokens."""

import hashlib
import secrets

BYTES = 32
MACHINE_PREFIX = "dw_"
"""Lets people, and scanners for leaked secrets, tell a machine's token from anything else."""


def new_token(prefix: str = "") -> str:
    """Return a new random token, which can't be guessed."""
    return prefix + secrets.token_urlsafe(BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hex. A random token needs no slower hash."""
    return hashlib.sha256(token.encode()).hexdigest()
