"""Checks an ID token: who signed it, for whom, for which sign-in, until when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures that only the provider can make; none, and those by a shared secret, are refused."""
LEEWAY_S = 60
"""How far the provider's clock may be from ours."""


class BadIdToken(Exception):
    """The token does not tell who somebody is; the text says why, and holds nothing of the token."""


@dataclass(frozen=True)
class Expected:
    """What a token has to say; `at` is now, timezone-aware."""

    issuer: str
    client_id: str
    nonce: str
    at: datetime


def claims_of(token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """Return the claims of a token that fulfils all of it. Raises BadIdToken."""
    now = int(expected.at.timestamp())
    checks = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
    )
    try:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        checks.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise BadIdToken(type(error).__name__) from error
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp", expected.client_id if len(others) == 1 else None)
    if party != expected.client_id:
        raise BadIdToken("the token was made for another client")
    return claims


def account_name(claims: Mapping[str, Any], claim: str) -> str:
    """Return what the claim says, as accounts are named. Raises BadIdToken where it says nothing to believe."""
    value = claims.get(claim)
    if not isinstance(value, str) or not value.strip():
        raise BadIdToken(f"the token has no {claim}")
    if claim == "email" and claims.get("email_verified") is not True:
        raise BadIdToken("the provider has not verified the e-mail address")
    return value.strip().lower()
