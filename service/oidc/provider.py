"""Talks to the identity provider: where its doors are, what keys it signs with, and the exchange of a code."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from service.clock import Clock
from service.errors import OidcRefused, OidcUnreachable
from service.notices.http_post import trusted_certificates
from service.oidc.begun import Begun
from service.oidc.id_token import BadIdToken, Expected, claims_of
from service.oidc.settings import OidcSettings, secure_address

TIMEOUT_S = 10.0
AT_ONCE, WAITS_S = 4, 1.0
"""So many questions at once, and how long others wait: a provider that hangs must not hold the service up."""
MOST_READ = 1024 * 1024
KEPT_S = 3600.0
"""How long the provider's description and keys are believed without asking again."""
ASKED_AGAIN_AFTER_S = 60.0
"""A token signed by an unknown key makes us ask for the keys again, but no more often than this."""
_DESCRIPTION = "/.well-known/openid-configuration"
_Door = Annotated[str, AfterValidator(secure_address)]

_OBJECT = TypeAdapter(dict[str, Any])

log = structlog.get_logger(__name__)


class Description(BaseModel):
    """What is used of what the provider tells of itself."""

    issuer: str
    authorization_endpoint: _Door
    token_endpoint: _Door
    jwks_uri: _Door
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


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
        door = self._describe().authorization_endpoint
        return f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}"

    def claims(self, code: str, begun: Begun) -> Mapping[str, Any]:
        """Return what the provider says of who came back with the code. Raises OidcUnreachable, OidcRefused."""
        token = self._exchange(code, begun)
        expected = Expected(self._settings.issuer, self._settings.client_id, begun.nonce, self._clock())
        try:
            return claims_of(token, self._key_set(KEPT_S), expected)
        except BadIdToken:  # perhaps by a key that is newer than ours
            try:
                return claims_of(token, self._key_set(ASKED_AGAIN_AFTER_S), expected)
            except BadIdToken as error:
                raise OidcRefused(detail=error) from error

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def _exchange(self, code: str, begun: Begun) -> str:
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
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OidcRefused(detail="it gave no ID token")
        return token

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
        self, method: str, address: str, *, data: Mapping[str, str] | None = None, auth: httpx.Auth | None = None
    ) -> dict[str, Any]:
        """Return the JSON object that is answered; what went wrong is logged without codes, tokens and secrets."""
        if not self._turns.acquire(timeout=WAITS_S):
            raise OidcUnreachable
        try:
            status, body = self._read(method, address, data, auth)
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
        self, method: str, address: str, data: Mapping[str, str] | None, auth: httpx.Auth | None
    ) -> tuple[int, bytes]:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
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


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        return _OBJECT.validate_json(body)
    except ValidationError:
        return None
