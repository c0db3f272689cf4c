"""Tells from a file's first bytes whether it is the media type that it claims to be."""

HEAD_BYTES = 12
"""How many bytes from the start are enough to tell."""


def looks_like(media_type: str, head: bytes) -> bool:
    """Whether the first bytes fit the media type; False for types that evidence never has."""
    match media_type:
        case "image/jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "video/mp4":
            return head[4:8] == b"ftyp"
        case "application/json":
            return head.startswith(b"{")
        case _:
            return False
