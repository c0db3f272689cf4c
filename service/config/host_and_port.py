"""Reads where something listens: a host and its port."""

from urllib.parse import urlsplit


def host_and_port(address: str) -> tuple[str, int]:
    """Split `host:port` (`[::1]:9464` for IPv6). Raises ValueError."""
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.netloc != address or "@" in address:
        raise ValueError("write host:port, such as 127.0.0.1:9464")
    return host, port
