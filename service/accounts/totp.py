"""One-time codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds)."""

from datetime import datetime

import pyotp

ISSUER = "dustwatch"
STEP_S = 30
LEEWAY_STEPS = 1
"""How far a phone's clock may be off."""


def new_secret() -> str:
    """Return a new secret, base 32."""
    return pyotp.random_base32()


def app_address(secret: str, name: str) -> str:
    """Return the `otpauth://` address that authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def accepted_step(secret: str, code: str, last_step: int, now: datetime) -> int | None:
    """Return the time step that the code belongs to, None where it fits none; no step is accepted twice."""
    code = "".join(code.split())
    present = int(now.timestamp()) // STEP_S
    for step in range(present - LEEWAY_STEPS, present + LEEWAY_STEPS + 1):
        if step > last_step and pyotp.utils.strings_equal(pyotp.TOTP(secret).at(step * STEP_S), code):
            return step
    return None
