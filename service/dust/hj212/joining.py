"""Joins the parts of split messages (PNUM, PNO), within bounds of time and memory."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from service.dust.hj212.packet import Packet

_Key = tuple[str, str, str]


@dataclass
class _Parts:
    since: datetime
    count: int
    contents: dict[int, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.contents.values()))

    @property
    def is_whole(self) -> bool:
        return len(self.contents) == self.count


class PartJoiner:
    """Remembers parts by instrument, request and command, until they are too old or too many.

    A whole message is remembered too: a part of it that is sent again gives the whole again, so that nothing hangs on
    what became of the first try.
    """

    def __init__(self, *, most_characters: int = 32 << 20, longest: timedelta = timedelta(minutes=10)) -> None:
        self._most_characters = most_characters
        self._characters = 0
        self._longest = longest
        self._messages: OrderedDict[_Key, _Parts] = OrderedDict()
        self.incomplete = 0
        """Messages that were given up because parts never came."""

    def add(self, packet: Packet, at: datetime) -> Packet | None:
        """Take in a packet at `at` (UTC); return the whole message, or None while parts are missing.

        A packet that is no part of anything is whole. The parts' contents are put one after another.
        """
        self._forget(at)
        if packet.part is None:
            return packet
        key = (packet.instrument, packet.request, packet.command)
        parts = self._messages.get(key)
        if parts is not None and parts.count != packet.part.count:
            self._give_up(key)
            parts = None
        if parts is None:
            parts = self._messages[key] = _Parts(at, packet.part.count)
        before = parts.size
        parts.contents[packet.part.number] = packet.content
        self._characters += parts.size - before
        if not parts.is_whole:
            return None
        contents = [parts.contents[number].strip(";") for number in range(1, parts.count + 1)]
        return replace(packet, part=None, content=";".join(each for each in contents if each))

    def _forget(self, at: datetime) -> None:
        while self._messages:
            key, oldest = next(iter(self._messages.items()))
            if at - oldest.since <= self._longest and self._characters <= self._most_characters:
                return
            self._give_up(key)

    def _give_up(self, key: _Key) -> None:
        parts = self._messages.pop(key)
        self._characters -= parts.size
        self.incomplete += not parts.is_whole
