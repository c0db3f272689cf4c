"""Answers to packets: data and notifications acknowledged, requests accepted or refused, their results told."""

from enum import IntEnum

from service.dust.hj212.packet import INTERACTION, Packet

REQUEST_ANSWER, EXECUTION_RESULT, NOTIFICATION_ANSWER, DATA_ANSWER = "9011", "9012", "9013", "9014"
ANSWERS = frozenset({REQUEST_ANSWER, EXECUTION_RESULT, NOTIFICATION_ANSWER, DATA_ANSWER})
"""Commands that are answers themselves, and never answered."""


class RequestCode(IntEnum):
    """What becomes of a request (QnRtn)."""

    ACCEPTED = 1
    REFUSED = 2
    BAD_PASSWORD = 3
    BAD_INSTRUMENT = 4
    BAD_SYSTEM = 5
    BAD_FLAG = 6
    BAD_REQUEST_NUMBER = 7
    BAD_COMMAND = 8
    BAD_CHECKSUM = 9
    UNKNOWN = 100


class ExecutionCode(IntEnum):
    """How a request that was accepted ended (ExeRtn)."""

    DONE = 1
    FAILED = 2
    BAD_CONDITION = 3
    TIMED_OUT = 4
    BUSY = 5
    BROKEN = 6
    NO_DATA = 100


def data_answer(packet: Packet) -> Packet:
    """Acknowledge data: the sender need not send it again."""
    return _answer(packet, DATA_ANSWER)


def notification_answer(packet: Packet) -> Packet:
    """Acknowledge a notification."""
    return _answer(packet, NOTIFICATION_ANSWER)


def request_answer(packet: Packet, code: RequestCode) -> Packet:
    """Tell whether a request will be executed; unless it is accepted, no result follows."""
    return _answer(packet, REQUEST_ANSWER, f"QnRtn={code.value}")


def execution_result(packet: Packet, code: ExecutionCode) -> Packet:
    """Tell how a request that was accepted ended."""
    return _answer(packet, EXECUTION_RESULT, f"ExeRtn={code.value}")


def _answer(packet: Packet, command: str, content: str = "") -> Packet:
    # The password is the one that the sender itself used, so that an answer tells nobody anything new.
    return Packet(
        request=packet.request,
        system=INTERACTION,
        command=command,
        password=packet.password,
        instrument=packet.instrument,
        content=content,
        version=packet.version,
    )
