"""The standard's checksum of a data segment (HJ 212-2017, annex A), which is not the usual CRC-16.

Its register is shifted by a whole byte before each byte is taken in, so that only its upper byte is carried on. One
changed byte is always found; of damage to several bytes, one in 256 passes.
"""

_POLYNOMIAL = 0xA001


def _table() -> tuple[int, ...]:
    entries = []
    for register in range(256):
        for _ in range(8):
            register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)
        entries.append(register)
    return tuple(entries)


_TABLE = _table()


def checksum(segment: bytes) -> int:
    """Return the 16-bit checksum of a data segment."""
    register = 0xFFFF
    for byte in segment:
        register = _TABLE[register >> 8 ^ byte]
    return register
