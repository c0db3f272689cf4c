"""Decides what becomes of a packet: whose it is, whether it is a reading, and how it is answered."""

import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.dust.hj212.answers import ANSWERS, RequestCode, data_answer, notification_answer, request_answer
from service.dust.hj212.data import COMMANDS, BadReading, read_data
from service.dust.hj212.joining import PartJoiner
from service.dust.hj212.packet import Fault, Packet
from service.dust.instruments import InstrumentsConfig
from service.dust.reading import DustReading

NOTIFICATIONS = frozenset({"1013"})
"""Commands that want a 9013: the instrument asks for its clock to be set. It is not set from here."""
NOTED = frozenset({"2081"})
"""Data that is acknowledged and not kept: the time at which the instrument started."""


class Refusal(StrEnum):
    """Why a packet that was whole is not taken."""

    INSTRUMENT = "unknown_instrument"
    PASSWORD = "wrong_password"  # noqa: S105 - the name of a reason
    COMMAND = "unknown_command"
    READING = "bad_reading"


_CODES = {
    Refusal.INSTRUMENT: RequestCode.BAD_INSTRUMENT,
    Refusal.PASSWORD: RequestCode.BAD_PASSWORD,
    Refusal.COMMAND: RequestCode.BAD_COMMAND,
    Refusal.READING: RequestCode.UNKNOWN,
}


@dataclass(frozen=True)
class Receipt:
    """What becomes of a packet: the reading to store, and the answer to send once that is done."""

    reading: DustReading | None = None
    answer: Packet | None = None
    refusal: Refusal | None = None


class DustIntake:
    """Knows the instruments, joins split messages, and counts."""

    def __init__(self, config: InstrumentsConfig) -> None:
        self._config = config
        self._instruments = {each.mn: each for each in config.instruments}
        self._joiner = PartJoiner()
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many packets were refused, by `Fault` and `Refusal`, and `incomplete` split messages."""
        return {**self._counts, "incomplete": self._joiner.incomplete}

    def note(self, fault: Fault) -> None:
        """Count something that was no packet. It is not answered: nobody knows for sure who sent it."""
        self._counts[fault.value] += 1

    def take(self, packet: Packet, at: datetime) -> Receipt:
        """Judge a packet that came at `at` (UTC)."""
        if packet.command in ANSWERS:
            return Receipt()
        refusal = self._refusal(packet)
        if refusal is not None:
            return self._refuse(packet, refusal)
        if packet.command in NOTIFICATIONS:
            return Receipt(answer=notification_answer(packet) if packet.wants_answer else None)
        answer = data_answer(packet) if packet.wants_answer else None
        whole = None if packet.command in NOTED else self._joiner.add(packet, at)
        if whole is None:
            # A part is acknowledged before the whole is there, or an instrument that waits for it would send no more.
            return Receipt(answer=answer)
        instrument = self._instruments[packet.instrument]
        try:
            reading = read_data(whole, self._config.zone, instrument.dust_to_ug_m3)
        except BadReading:
            return self._refuse(packet, Refusal.READING)
        return Receipt(reading=reading, answer=answer)

    def _refusal(self, packet: Packet) -> Refusal | None:
        instrument = self._instruments.get(packet.instrument)
        if instrument is None:
            return Refusal.INSTRUMENT
        if not hmac.compare_digest(instrument.password.get_secret_value(), packet.password):
            return Refusal.PASSWORD
        return None if packet.command in {*COMMANDS, *NOTIFICATIONS, *NOTED} else Refusal.COMMAND

    def _refuse(self, packet: Packet, refusal: Refusal) -> Receipt:
        self._counts[refusal.value] += 1
        answer = request_answer(packet, _CODES[refusal]) if packet.wants_answer else None
        return Receipt(answer=answer, refusal=refusal)
