"""Checks a logout token, by which the provider tells that a session has ended there (back-channel logout). Pure."""

from dataclasses import dataclass
from datetime import datetime

from joserfc.jwk import KeySet

from service.oidc.id_token import BadIdToken, signed_claims

_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True)
class Ended:
    """Whose sessions have ended (`subject`), or which one (`session`); one of the two may be empty, which means any."""

    subject: str
    session: str


def ended_by(token: str, keys: KeySet, issuer: str, client_id: str, at: datetime) -> Ended:
    """Return what has ended. A token that comes twice ends nothing twice. Raises BadIdToken."""
    claims = signed_claims(token, keys, issuer, client_id, at, {"jti": {"essential": True}})
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise BadIdToken("the token tells of no end")
    if "nonce" in claims:
        raise BadIdToken("the token is one of a sign-in")
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    if not isinstance(subject, str) or not isinstance(session, str) or not (subject or session):
        raise BadIdToken("the token tells neither whose session ended nor which")
    return Ended(subject, session)
