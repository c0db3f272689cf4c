"""Guards against being sent to places inside: which addresses notices may go to."""

import ipaddress
import socket
from collections.abc import Callable

from service.notices.sending import SendFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

_METADATA = frozenset(ipaddress.ip_address(text) for text in ("100.100.100.200", "fd00:ec2::254", "168.63.129.16"))
"""Where clouds answer their machines with credentials, beside the link-local 169.254.169.254."""
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as NAT64 writes them, the last four bytes."""


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
        problem = _problem(_plain(ipaddress.ip_address(text.partition("%")[0])), allow_private=allow_private)
        if problem:
            raise SendFailed(f"{host} is {problem}")
    return addresses[0]


def _plain(address: Address) -> Address:
    """Return the IPv4 address where one hides in an IPv6 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    hidden = address.ipv4_mapped or address.sixtofour
    if hidden is None and address in _TRANSLATED:
        hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return hidden or address


def _problem(address: Address, *, allow_private: bool) -> str:
    if address.is_link_local or address in _METADATA:
        return "a link-local or metadata address, to which nothing is ever sent"
    if address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return "no address of a host"
    if not address.is_global and not allow_private:
        return "a private address; write allow_private: true where this is meant"
    return ""
