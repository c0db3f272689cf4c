"""Tells which addresses nothing is ever sent to: those by which machines ask their own cloud for credentials."""

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA = frozenset(ipaddress.ip_address(text) for text in ("100.100.100.200", "fd00:ec2::254", "168.63.129.16"))
"""Where clouds answer their machines with credentials, beside the link-local 169.254.169.254."""
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as NAT64 writes them, the last four bytes."""


def plain_address(text: str) -> Address:
    """Return the address without its zone, and the IPv4 one where it hides in an IPv6 one. Raises ValueError."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address
    hidden = address.ipv4_mapped or address.sixtofour
    if hidden is None and address in _TRANSLATED:
        hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return hidden or address


def is_link_local_or_metadata(address: Address) -> bool:
    """Tell whether it is an address that answers the machine alone, a cloud's metadata among them."""
    return address.is_link_local or address in _METADATA


def is_this_machine(host: str) -> bool:
    """Tell whether the host's name or address is this machine itself, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_no_host(address: Address) -> bool:
    """Tell whether no host can have the address: a group's, none, or one kept for later."""
    return address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback)


def forbidden_camera_address(host: str) -> str | None:
    """Return the first of the host's addresses at which no camera may be; None where there is none.

    Private and loopback addresses are where cameras live. An unknown host has no address.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    for each in found:
        address = plain_address(str(each[4][0]))
        if is_link_local_or_metadata(address) or is_no_host(address):
            return str(address)
    return None
