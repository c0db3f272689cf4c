"""Packets of known instruments become readings; all others are refused as the standard says."""

from service.dust.hj212.packet import Fault, Part
from service.dust.intake import DustIntake, Refusal
from service.dust.reading import Factor
from tests.service.dust.dust_packets import MN, NOON, PASSWORD, make_config, make_packet


def take(packet, intake=None):
    return (intake or DustIntake(make_config())).take(packet, NOON)


def test_data_becomes_a_reading_and_is_acknowledged():
    receipt = take(make_packet())
    assert receipt.reading.instrument == MN
    assert receipt.reading.factors[Factor.PM10].mean == 81.25
    answer = receipt.answer
    assert (answer.command, answer.system, answer.request, answer.content) == ("9014", "91", "20250601120100123", "")
    assert answer.flag == 4
    assert not answer.wants_answer


def test_who_wants_no_answer_gets_none():
    receipt = take(make_packet(wants_answer=False))
    assert receipt.reading is not None
    assert receipt.answer is None


def test_the_configured_unit_counts():
    receipt = take(make_packet(), DustIntake(make_config(dust_unit="mg/m3")))
    assert receipt.reading.factors[Factor.PM10].mean == 81_250


def refused(packet):
    intake = DustIntake(make_config())
    receipt = take(packet, intake)
    assert receipt.reading is None
    assert intake.counts[receipt.refusal.value] == 1
    return receipt.refusal, (receipt.answer.command, receipt.answer.content)


def test_refusals_tell_their_reason():
    assert refused(make_packet(password="guessed")) == (Refusal.PASSWORD, ("9011", "QnRtn=3"))
    assert refused(make_packet(instrument="NOBODY")) == (Refusal.INSTRUMENT, ("9011", "QnRtn=4"))
    assert refused(make_packet(command="1011")) == (Refusal.COMMAND, ("9011", "QnRtn=8"))
    assert refused(make_packet(content="DataTime=today")) == (Refusal.READING, ("9011", "QnRtn=100"))


def test_a_refusal_does_not_tell_the_right_password():
    receipt = take(make_packet(password="guessed"))
    assert receipt.answer.password == "guessed"
    assert PASSWORD not in str(receipt)


def test_refusals_of_who_wants_no_answer_are_silent():
    assert take(make_packet(instrument="NOBODY", wants_answer=False)).answer is None


def test_answers_are_not_answered():
    receipt = take(make_packet(command="9013", system="91"))
    assert receipt == type(receipt)()


def test_notifications_and_starts_are_acknowledged_and_not_stored():
    clock, started = take(make_packet(command="1013", content="")), take(make_packet(command="2081", content=""))
    assert (clock.reading, clock.answer.command) == (None, "9013")
    assert (started.reading, started.answer.command) == (None, "9014")


def test_split_data_becomes_one_reading_and_each_part_is_acknowledged():
    intake = DustIntake(make_config())
    first = take(make_packet(content="DataTime=20250601120000;a34001-Avg=1", part=Part(1, 2)), intake)
    second = take(make_packet(content="a34002-Avg=2", part=Part(2, 2)), intake)
    assert first.reading is None
    assert first.answer.command == second.answer.command == "9014"
    assert set(second.reading.factors) == {Factor.TSP, Factor.PM10}


def test_a_stranger_fills_no_memory_with_parts():
    intake = DustIntake(make_config())
    take(make_packet(password="guessed", part=Part(1, 2)), intake)
    assert not intake._joiner._messages


def test_broken_packets_are_counted_by_reason():
    intake = DustIntake(make_config())
    intake.note(Fault.CHECKSUM)
    intake.note(Fault.CHECKSUM)
    intake.note(Fault.LENGTH)
    assert dict(intake.counts) == {"checksum": 2, "length": 1, "incomplete": 0}
