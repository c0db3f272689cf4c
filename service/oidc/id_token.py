"""Checks an ID token: who signed it, for whom, for which sign-in, until when. Pure."""

from collections.abc import Iterable, Mapping
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
    asked: dict[str, Any] = {"sub": {"essential": True}, "nonce": {"essential": True, "value": expected.nonce}}
    claims = signed_claims(token, keys, expected.issuer, expected.client_id, expected.at, asked)
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp", expected.client_id if len(others) == 1 else None)
    if party != expected.client_id:
        raise BadIdToken("the token was made for another client")
    return claims


def signed_claims(
    token: str, keys: KeySet, issuer: str, client_id: str, at: datetime, asked: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the claims of any token that the issuer signed for the client and that is not over at `at`.

    `asked` is what joserfc is to see in further claims. Raises BadIdToken.
    """
    checks = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        **asked,
    )
    try:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        checks.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise BadIdToken(type(error).__name__) from error
    return claims


def missing_claims(claims: Mapping[str, Any], wanted: Iterable[str]) -> frozenset[str]:
    """Return which of the wanted claims the token does not tell."""
    return frozenset(name for name in wanted if claims.get(name) is None)


def with_userinfo(claims: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the token's claims, and what else the provider told beside it of the same person. Raises BadIdToken."""
    if told.get("sub") != claims["sub"]:
        raise BadIdToken("the claims beside the token are somebody else's")
    return {**told, **{name: value for name, value in claims.items() if value is not None}}


def account_name(claims: Mapping[str, Any], claim: str) -> str:
    """Return what the claim says, as accounts are named. Raises BadIdToken where it says nothing to believe."""
    value = claims.get(claim)
    if not isinstance(value, str) or not value.strip():
        raise BadIdToken(f"the token has no {claim}")
    if claim == "email" and claims.get("email_verified") is not True:
        raise BadIdToken("the provider has not verified the e-mail address")
    return value.strip().lower()
