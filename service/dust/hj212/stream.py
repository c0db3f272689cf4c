"""Finds packets in a stream of bytes, however it is cut and whatever lies between them, and writes them."""

from service.dust.hj212.checksum import checksum
from service.dust.hj212.packet import MOST_SEGMENT_BYTES, BadSegment, Fault, Packet, read_segment, write_segment

_BEGIN, _END = b"##", b"\r\n"
_HEAD_BYTES = len(_BEGIN) + 4
_TAIL_BYTES = 4 + len(_END)
_HEX = frozenset(b"0123456789ABCDEFabcdef")
_DIGITS = frozenset(b"0123456789")


def encode(packet: Packet) -> bytes:
    """Return the packet as it goes over the wire. Raises ValueError where its segment is too long or not ASCII."""
    segment = write_segment(packet).encode("ascii")
    if len(segment) > MOST_SEGMENT_BYTES:
        message = f"the data segment has {len(segment)} bytes, of {MOST_SEGMENT_BYTES}: split it"
        raise ValueError(message)
    return b"##%04d%s%04X\r\n" % (len(segment), segment, checksum(segment))


class PacketStream:
    """Takes bytes in as they come and gives packets and faults, in their order.

    After a fault it goes on at the next ##, so that a good packet is never lost to a broken one before it. It holds no
    more than one packet and what was fed last.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped_bytes = 0
        """Bytes that belonged to no packet."""

    def feed(self, data: bytes) -> list[Packet | Fault]:
        """Take in bytes, and return what they complete."""
        self._buffer += data
        found: list[Packet | Fault] = []
        while self._find_begin() and (result := self._next()) is not None:
            found.append(result)
        return found

    def _find_begin(self) -> bool:
        at = self._buffer.find(_BEGIN)
        if at < 0:
            # A single # at the end may be the first half of a beginning.
            self._skip(len(self._buffer) - self._buffer.endswith(_BEGIN[:1]))
            return False
        self._skip(at)
        return True

    def _next(self) -> Packet | Fault | None:
        """Return the packet or fault at the buffer's beginning, None when more bytes are needed to tell."""
        digits = self._buffer[len(_BEGIN) : _HEAD_BYTES]
        if not _DIGITS.issuperset(digits) or int(digits or b"0") > MOST_SEGMENT_BYTES:
            return self._refuse(Fault.LENGTH)
        if len(self._buffer) < _HEAD_BYTES:
            return None
        end = _HEAD_BYTES + int(digits)
        ends_at = self._buffer.find(_END[:1], _HEAD_BYTES, end + _TAIL_BYTES)
        if 0 <= ends_at < end + 4:  # the packet ends sooner than its length says
            return self._refuse(Fault.LENGTH)
        if len(self._buffer) < end + _TAIL_BYTES:
            return None
        return self._take(end)

    def _take(self, end: int) -> Packet | Fault:
        segment, told = bytes(self._buffer[_HEAD_BYTES:end]), self._buffer[end : end + 4]
        if self._buffer[end + 4 : end + _TAIL_BYTES] != _END:
            return self._refuse(Fault.LENGTH)
        if not _HEX.issuperset(told) or int(told, 16) != checksum(segment):
            return self._refuse(Fault.CHECKSUM)
        try:
            packet = read_segment(segment.decode("ascii"))
        except (BadSegment, UnicodeDecodeError):
            del self._buffer[: end + _TAIL_BYTES]
            return Fault.SEGMENT
        del self._buffer[: end + _TAIL_BYTES]
        return packet

    def _refuse(self, fault: Fault) -> Fault:
        self._skip(1)  # not both #, since what looked like a beginning may be one byte off, as in ###
        return fault

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.skipped_bytes += count
