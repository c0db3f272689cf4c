"""Who ended a process is left alone, longer each time, until it has behaved for an hour."""

from streams.decoding.quarantine import FIRST_S, FORGIVEN_EACH_S, FORGOTTEN_AFTER_S, LONGEST_S, Quarantine


def test_pauses_grow_up_to_a_limit() -> None:
    quarantine = Quarantine(lambda: 0.0)
    pauses = [quarantine.put("gate") for _ in range(12)]
    assert FIRST_S / 2 <= pauses[0] <= FIRST_S
    assert LONGEST_S / 2 <= pauses[-1] <= LONGEST_S
    assert quarantine.deaths("gate") == 12


def test_a_pause_ends_and_concerns_one_camera_alone() -> None:
    now = [0.0]
    quarantine = Quarantine(lambda: now[0])
    quarantine.put("gate")
    assert quarantine.holds("gate")
    assert not quarantine.holds("yard")
    now[0] = FIRST_S + 1
    assert not quarantine.holds("gate")


def test_an_hour_without_a_death_is_forgiven() -> None:
    now = [0.0]
    quarantine = Quarantine(lambda: now[0])
    for _ in range(8):
        quarantine.put("gate")
    now[0] = LONGEST_S + FORGOTTEN_AFTER_S + 1
    assert quarantine.put("gate") <= FIRST_S


def test_a_kill_from_outside_is_forgiven_once_a_minute() -> None:
    now = [0.0]
    quarantine = Quarantine(lambda: now[0])
    assert quarantine.forgives("gate")
    assert not quarantine.forgives("gate")
    assert quarantine.forgives("yard")
    now[0] = FORGIVEN_EACH_S
    assert quarantine.forgives("gate")
    assert quarantine.deaths("gate") == 0
