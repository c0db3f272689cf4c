"""What goes wrong again and again is told now and then."""

from vision.seldom import EACH_S, Seldom


def test_it_is_due_at_once_and_again_after_a_while() -> None:
    now = [5.0]
    seldom = Seldom(lambda: now[0])
    assert [seldom.is_due(), seldom.is_due()] == [True, False]
    now[0] += EACH_S
    assert [seldom.is_due(), seldom.is_due()] == [True, False]
