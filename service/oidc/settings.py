"""The file that names the identity provider: whom to ask, as whom, and which account is whose."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from service.accounts.scope import Scope
from service.accounts.users import USER_ROLES
from service.config.document import read_config
from service.config.zones import StrictConfig
from service.domain.lifecycle import Role
from streams.host_addresses import is_this_machine

SECRETS = frozenset({"client_secret"})
"""Keys whose values are only ever taken from the environment."""
CALLBACK = "/oidc/callback"
"""Where the provider sends people back to, below the service's address."""
Word = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]


def secure_address(text: str) -> str:
    """Return the address; raises ValueError unless it is HTTPS, or HTTP to this machine itself."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
    if not is_safe or not parts.hostname or "@" in parts.netloc or parts.fragment or not text.isascii():
        raise ValueError("write an address like https://host/path")
    return text


def _base_address(text: str) -> str:
    if urlsplit(secure_address(text)).query:
        raise ValueError("an address like https://host/path has no query")
    return text


BaseAddress = Annotated[str, AfterValidator(_base_address)]


class NewUsers(StrictConfig):
    """What somebody may do who signs in for the first time and has no account yet."""

    role: Role
    scope: Scope = Scope()

    @model_validator(mode="after")
    def _is_for_people(self) -> Self:
        if self.role not in USER_ROLES - {Role.ADMINISTRATOR}:
            raise ValueError("nobody becomes an administrator, or a machine, by signing in")
        return self


class OidcSettings(StrictConfig):
    """The provider and the client that it knows this service as.

    `address` is the service's own, as browsers reach it; the provider has to allow `address` + `/oidc/callback`. The
    `claim` of the ID token, or else of the provider's userinfo, holds the name of the account. Nobody gets an account
    unasked unless there are `new_users`.
    """

    issuer: BaseAddress
    client_id: Word
    client_secret: SecretStr | None = None
    address: BaseAddress
    scopes: Annotated[tuple[Word, ...], Field(min_length=1)] = ("openid", "profile")
    claim: Word = "preferred_username"
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = ""
    new_users: NewUsers | None = None

    @model_validator(mode="after")
    def _asks_for_openid(self) -> Self:
        if "openid" not in self.scopes:
            raise ValueError("scopes hold openid, or it would not be OpenID Connect")
        return self

    @property
    def callback(self) -> str:
        """The address that the provider sends people back to."""
        return self.address.rstrip("/") + CALLBACK

    @property
    def after_sign_out(self) -> str:
        """The address that the provider sends people back to once they are signed out there."""
        return self.address.rstrip("/") + "/sign-in"

    @property
    def wanted_claims(self) -> frozenset[str]:
        """What the provider is asked for beside the ID token, where that does not tell it."""
        verified = {"email_verified"} if self.claim == "email" else set()
        return frozenset({self.claim, *verified, *({"name"} if self.new_users else ())})


def load_oidc(path: Path, environment: Mapping[str, str] = os.environ) -> OidcSettings:
    """Read `path`; the secret is written `${NAME}` and taken from the environment. Raises ConfigError."""
    return read_config(path, OidcSettings, environment, secrets=SECRETS)
