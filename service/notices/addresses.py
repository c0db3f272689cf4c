"""Guards against being sent to places inside: which addresses notices may go to."""

import socket
from collections.abc import Callable

from service.notices.sending import SendFailed
from streams.host_addresses import Address, is_link_local_or_metadata, is_no_host, plain_address

Resolve = Callable[[str, int], list[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Raises SendFailed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SendFailed(f"there is no host {host}") from None
    return [str(each[4][0]) for each in found]


def allowed_address(host: str, port: int, *, allow_private: bool, resolve: Resolve | None = None) -> str:
    """Return the address to connect to. Raises SendFailed where any of the host's addresses is forbidden.

    Who connects must use the address and not the name, which might stand for another one a moment later.
    """
    addresses = (resolve or addresses_of)(host, port)
    for text in addresses:
        problem = _problem(plain_address(text), allow_private=allow_private)
        if problem:
            raise SendFailed(f"{host} is {problem}")
    return addresses[0]


def _problem(address: Address, *, allow_private: bool) -> str:
    if is_link_local_or_metadata(address):
        return "a link-local or metadata address, to which nothing is ever sent"
    if is_no_host(address):
        return "no address of a host"
    if not address.is_global and not allow_private:
        return "a private address; write allow_private: true where this is meant"
    return ""
