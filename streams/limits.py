"""What a camera may ask of the machine at most: more than any honest one does, and less than would harm others."""

MOST_PIXELS = 4096 * 4096
"""Of a picture; a decoder keeps up to seventeen of them."""
MOST_PARAMETER_BYTES = 64 * 1024
"""Of parameter sets, which are some hundred bytes."""
MOST_PACKET_BYTES = 16 * 1024 * 1024
"""Of one encoded picture."""
MOST_UNITS = 1024
"""Slices and other units of one encoded picture: each slice may ask for a whole picture's work in a few bytes."""
PACKET_OVERHEAD_BYTES = 512
"""What remembering a packet costs beside its data, so that very many tiny ones are bounded, too."""

PARSED_ALONE = {"codec_whitelist": "none"}
"""Options that keep FFmpeg from decoding the first pictures as it opens a stream: its parsers tell enough of them."""

_START_CODE = b"\x00\x00\x01"


def has_too_many_units(data: bytes) -> bool:
    """Tell whether an Annex B packet is made of more units than a picture needs."""
    return data.count(_START_CODE) > MOST_UNITS
