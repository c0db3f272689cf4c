"""One packet of HJ 212-2017, to and from the text of its data segment."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

MOST_SEGMENT_BYTES = 1024
"""The standard's longest data segment."""
MOST_PARTS = 64
"""Parts that one message may be split into; the standard names no limit."""
VERSION_2017 = 1
"""What the upper six bits of Flag hold in HJ 212-2017; 0 is HJ/T 212-2005."""
INTERACTION = "91"
"""The system code (ST) of answers."""

_ANSWER_BIT, _PARTS_BIT = 1, 2
PASSWORD = re.compile(r"[!-%'-:<>-~]{1,32}")
"""Printable characters without & ; =, which divide fields."""
_FIELDS = {
    "QN": re.compile(r"[0-9]{17}"),
    "ST": re.compile(r"[0-9]{2}"),
    "CN": re.compile(r"[0-9]{4}"),
    "PW": PASSWORD,
    "MN": re.compile(r"[0-9A-Za-z]{1,24}"),
    "Flag": re.compile(r"[0-9]{1,3}"),
}
_NUMBER = re.compile(r"[0-9]{1,4}")


class Fault(StrEnum):
    """Why a packet could not be taken."""

    LENGTH = "length"
    """The four digits after ## are none, too large, or do not fit what follows."""
    CHECKSUM = "checksum"
    SEGMENT = "segment"
    """The data segment has not the fields that the standard wants."""


class BadSegment(ValueError):
    """The text is no data segment of HJ 212-2017. It is not repeated here, since it may hold a password."""


@dataclass(frozen=True)
class Part:
    """Which part of a split message a packet is: `number` from 1 to `count` (PNO of PNUM)."""

    number: int
    count: int


@dataclass(frozen=True)
class Packet:
    """One packet. `password` is a secret: it is left out of `repr`, and must reach no log.

    `request` is QN, the time (yyyyMMddHHmmssSSS, local) that names the exchange; `system` ST, `command` CN,
    `instrument` MN, `content` what stands between the && of CP.
    """

    request: str
    system: str
    command: str
    password: str = field(repr=False)
    instrument: str
    content: str = ""
    wants_answer: bool = False
    part: Part | None = None
    version: int = VERSION_2017

    @property
    def flag(self) -> int:
        """The number that stands in Flag."""
        parts = 0 if self.part is None else _PARTS_BIT
        return self.version << 2 | parts | (_ANSWER_BIT if self.wants_answer else 0)


def write_segment(packet: Packet) -> str:
    """Return the packet's data segment."""
    fields = [
        f"QN={packet.request}",
        f"ST={packet.system}",
        f"CN={packet.command}",
        f"PW={packet.password}",
        f"MN={packet.instrument}",
        f"Flag={packet.flag}",
    ]
    if packet.part is not None:
        fields += [f"PNUM={packet.part.count}", f"PNO={packet.part.number}"]
    return ";".join([*fields, f"CP=&&{packet.content}&&"])


def read_segment(segment: str) -> Packet:
    """Return the packet in a data segment. Raises BadSegment."""
    head, begins, tail = segment.partition("CP=&&")
    content, ends, rest = tail.partition("&&")
    if not begins or not ends or rest:
        raise BadSegment("CP=&&...&& is missing or not the end")
    fields = dict(each.partition("=")[::2] for each in head.split(";") if each)
    for name, pattern in _FIELDS.items():
        if not pattern.fullmatch(fields.get(name, "")):
            raise BadSegment(f"{name} is missing or not valid")
    flag = int(fields["Flag"])
    if flag > 255:
        raise BadSegment("Flag is more than one byte")
    return Packet(
        request=fields["QN"],
        system=fields["ST"],
        command=fields["CN"],
        password=fields["PW"],
        instrument=fields["MN"],
        content=content,
        wants_answer=bool(flag & _ANSWER_BIT),
        part=_part(fields) if flag & _PARTS_BIT else None,
        version=flag >> 2,
    )


def _part(fields: dict[str, str]) -> Part:
    count, number = fields.get("PNUM", ""), fields.get("PNO", "")
    if not _NUMBER.fullmatch(count) or not _NUMBER.fullmatch(number):
        raise BadSegment("PNUM or PNO is missing or no number")
    part = Part(int(number), int(count))
    if not 1 <= part.number <= part.count <= MOST_PARTS:
        raise BadSegment("PNO and PNUM do not fit")
    return part
