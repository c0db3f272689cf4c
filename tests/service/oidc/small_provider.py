"""A small OpenID provider over HTTP: checks client, code, redirect and PKCE, and signs real ID tokens."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dustwatch", "p@ss:word/%"


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"}, auto_kid=False)


@dataclass
class SmallProvider:
    """Everybody who comes is signed in as `claims` say; tests change them, the key, and what is wrong."""

    address: str = ""
    at: datetime | None = None
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "wang", "name": "王工"})
    key: RSAKey = field(default_factory=new_key)
    algorithm: str = "RS256"
    signs_with: Any = None
    published: bool = True
    tells_issuer: str = ""
    is_down: bool = False
    userinfo: dict[str, Any] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.tells_issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            **({} if self.userinfo is None else {"userinfo_endpoint": f"{self.address}/userinfo"}),
        }

    def authorize(self, query: dict[str, str]) -> str:
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        told = urlencode({"code": code, "state": query["state"], "iss": self.address})
        return f"{query['redirect_uri']}?{told}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        name, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote(name), unquote(password)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(query["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(self.at.timestamp()) if self.at else 0
        whole = {"iss": self.address, "sub": "u-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        return self.signed({**whole, **self.claims})

    def logout_token(self, **changes: Any) -> str:
        now = int(self.at.timestamp()) if self.at else 0
        events = {"http://schemas.openid.net/event/backchannel-logout": {}}
        whole = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "j", "events": events}
        return self.signed({**whole, "sub": "u-1", **changes})

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, told, self.signs_with or self.key, algorithms=[self.algorithm])


def handler_of(provider: SmallProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if provider.is_down:
                self._answer(503, {})
            elif parts.path == "/.well-known/openid-configuration":
                self._answer(200, provider.describe())
            elif parts.path == "/keys":
                self._answer(200, {"keys": [provider.key.as_dict(private=False)] if provider.published else []})
            elif parts.path == "/userinfo":
                is_known = self.headers.get("Authorization") == "Bearer a"
                self._answer(*((200, provider.userinfo or {}) if is_known else (401, {"error": "invalid_token"})))
            elif parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.exchange(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler


@contextmanager
def small_provider() -> Iterator[SmallProvider]:
    """Serve a provider at a free port of this machine."""
    provider = SmallProvider()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider)) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
