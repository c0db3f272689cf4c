"""Talks to the identity provider: where its doors are, what keys it signs with, and the exchange of a code."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from service.accounts.sessions import ProviderSession
from service.clock import Clock
from service.errors import OidcRefused, OidcUnreachable
from service.notices.http_post import trusted_certificates
from service.oidc.begun import Begun
from service.oidc.id_token import BadIdToken, Expected, claims_of, missing_claims, with_userinfo
from service.oidc.logout_token import Ended, ended_by
from service.oidc.settings import OidcSettings, secure_address

TIMEOUT_S = 10.0
AT_ONCE, WAITS_S = 4, 1.0
"""So many questions at once, and how long others wait: a provider that hangs must not hold the service up."""
MOST_READ = 1024 * 1024
LONGEST_NAME = 255
"""Characters of a subject (as the standard says), and of a session's id."""
LONGEST_HINT = 6000
"""Characters of an ID token that still fit into an address."""
KEPT_S = 3600.0
"""How long the provider's description and keys are believed without asking again."""
ASKED_AGAIN_AFTER_S = 60.0
"""A token signed by an unknown key makes us ask for the keys again, but no more often than this."""
_DESCRIPTION = "/.well-known/openid-configuration"
_Door = Annotated[str, AfterValidator(secure_address)]

T = TypeVar("T")
_OBJECT = TypeAdapter(dict[str, Any])

log = structlog.get_logger(__name__)


class Description(BaseModel):
    """What is used of what the provider tells of itself."""

    issuer: str
    authorization_endpoint: _Door
    token_endpoint: _Door
    jwks_uri: _Door
    userinfo_endpoint: _Door | None = None
    end_session_endpoint: _Door | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


@dataclass(frozen=True)
class Vouched:
    """What the provider says of somebody, and what is kept of its session."""

    claims: Mapping[str, Any]
    session: ProviderSession


@dataclass(frozen=True)
class _Tokens:
    id_token: str
    access_token: str


class Provider:
    """The provider of the settings; nothing is asked of it before somebody signs in. Safe from any thread."""

    def __init__(self, settings: OidcSettings, clock: Clock, seconds: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells the time that tokens are held against, `seconds` how old what was fetched is."""
        self._settings, self._clock, self._seconds = settings, clock, seconds
        # No proxy and no redirect: what is not at the addresses of the description is not the provider.
        self._client = httpx.Client(timeout=TIMEOUT_S, trust_env=False, verify=trusted_certificates())
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._described: tuple[float, Description] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def entrance(self, begun: Begun) -> str:
        """Return the address that somebody is sent to. Raises OidcUnreachable, OidcRefused."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.callback,
            "scope": " ".join(self._settings.scopes),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        return _with_query(self._describe().authorization_endpoint, asked)

    def vouched(self, code: str, begun: Begun) -> Vouched:
        """Return what the provider says of who came back with the code. Raises OidcUnreachable, OidcRefused."""
        tokens = self._exchange(code, begun)
        expected = Expected(self._settings.issuer, self._settings.client_id, begun.nonce, self._clock())
        claims = self._by_keys(lambda keys: claims_of(tokens.id_token, keys, expected))
        door = self._describe().userinfo_endpoint
        if door is not None and tokens.access_token and missing_claims(claims, self._settings.wanted_claims):
            told = self._ask("GET", door, bearer=tokens.access_token)
            try:
                claims = with_userinfo(claims, told)
            except BadIdToken as error:
                raise OidcRefused(detail=error) from error
        return Vouched(claims, _session_of(claims, tokens.id_token))

    def exit(self, session: ProviderSession) -> str | None:
        """Return the address at which the session there is ended, too; None where the provider has none.

        Raises OidcUnreachable, OidcRefused.
        """
        door = self._describe().end_session_endpoint
        if door is None:
            return None
        told = {"client_id": self._settings.client_id, "post_logout_redirect_uri": self._settings.after_sign_out}
        asked = {"id_token_hint": session.id_token, **told} if session.id_token else told
        return _with_query(door, asked)

    def ended(self, token: str) -> Ended:
        """Return which sessions a logout token says have ended there. Raises OidcUnreachable, OidcRefused."""
        issuer, client_id, now = self._settings.issuer, self._settings.client_id, self._clock()
        return self._by_keys(lambda keys: ended_by(token, keys, issuer, client_id, now))

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def _by_keys(self, read: Callable[[KeySet], T]) -> T:
        """Return what is read by the provider's keys, newer ones where it can't be by those that are kept."""
        try:
            return read(self._key_set(KEPT_S))
        except BadIdToken:
            try:
                return read(self._key_set(ASKED_AGAIN_AFTER_S))
            except BadIdToken as error:
                raise OidcRefused(detail=error) from error

    def _exchange(self, code: str, begun: Begun) -> _Tokens:
        settings, described = self._settings, self._describe()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": settings.callback,
            "code_verifier": begun.verifier,
        }
        auth: httpx.BasicAuth | None = None
        if settings.client_secret is None:
            form["client_id"] = settings.client_id
        elif "client_secret_basic" in described.token_endpoint_auth_methods_supported:
            # RFC 6749, 2.3.1: both are written as in a form before they are put together.
            secret = settings.client_secret.get_secret_value()
            auth = httpx.BasicAuth(quote(settings.client_id, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": settings.client_id, "client_secret": settings.client_secret.get_secret_value()}
        answer = self._ask("POST", described.token_endpoint, data=form, auth=auth)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise OidcRefused(detail="it gave no ID token")
        return _Tokens(token, access if isinstance(access, str) else "")

    def _describe(self) -> Description:
        with self._alone():
            if self._described is None or self._seconds() - self._described[0] > KEPT_S:
                answer = self._ask("GET", self._settings.issuer.rstrip("/") + _DESCRIPTION)
                try:
                    described = Description.model_validate(answer)
                except ValidationError as error:
                    raise OidcRefused(detail="its description is not one of OpenID Connect") from error
                if described.issuer != self._settings.issuer:
                    raise OidcRefused(detail="its description is another issuer's")
                self._described = (self._seconds(), described)
            return self._described[1]

    def _key_set(self, kept_s: float) -> KeySet:
        described = self._describe()
        with self._alone():
            if self._keys is None or self._seconds() - self._keys[0] > kept_s:
                answer = self._ask("GET", described.jwks_uri)
                try:
                    keys = KeySet.import_key_set({"keys": answer["keys"]})
                except (JoseError, KeyError, ValueError, TypeError) as error:
                    raise OidcRefused(detail="its keys can't be read") from error
                self._keys = (self._seconds(), keys)
            return self._keys[1]

    def _ask(
        self,
        method: str,
        address: str,
        *,
        data: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        bearer: str = "",
    ) -> dict[str, Any]:
        """Return the JSON object that is answered; what went wrong is logged without codes, tokens and secrets."""
        if not self._turns.acquire(timeout=WAITS_S):
            raise OidcUnreachable
        try:
            status, body = self._read(method, address, data, auth, bearer)
        except httpx.HTTPError as error:
            log.warning("oidc.unreachable", problem=type(error).__name__)
            raise OidcUnreachable from error
        finally:
            self._turns.release()
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            log.warning("oidc.unreachable", status=status)
            raise OidcUnreachable
        told = _json_object(body)
        if status != httpx.codes.OK or told is None:
            problem = str((told or {}).get("error", ""))[:60]
            log.warning("oidc.refused", status=status, problem=problem)
            raise OidcRefused(detail=f"HTTP {status} {problem}".strip())
        return told

    def _read(
        self, method: str, address: str, data: Mapping[str, str] | None, auth: httpx.Auth | None, bearer: str
    ) -> tuple[int, bytes]:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        body = bytearray()
        with self._client.stream(method, address, data=data, auth=auth, headers=headers) as answer:
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_READ:
                    raise OidcRefused(detail="its answer is too long")
        return answer.status_code, bytes(body)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=WAITS_S):
            raise OidcUnreachable
        try:
            yield
        finally:
            self._lock.release()


def _with_query(door: str, asked: Mapping[str, str]) -> str:
    return f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}"


def _session_of(claims: Mapping[str, Any], id_token: str) -> ProviderSession:
    """Return what is kept; a token that no address has room for is not."""
    subject, session = claims["sub"], claims.get("sid")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_NAME:
        raise OidcRefused(detail="the token does not tell whose it is")
    told = session if isinstance(session, str) and len(session) <= LONGEST_NAME else ""
    return ProviderSession(subject, told, id_token if len(id_token) <= LONGEST_HINT else "")


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        return _OBJECT.validate_json(body)
    except ValidationError:
        return None
