"""The cases beside a case: earlier ones at its camera, and look-alikes."""

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import Decision
from service.storage.cases_beside import NEWEST, CasesBeside
from tests.service.made_cases import MORNING, finding

DAY = 24 * 60


def test_the_past_of_a_camera_counts_what_came_before_and_lists_the_newest(store):
    for number in range(NEWEST + 2):
        store.add_or_get(finding(minutes=number))
    store.add_or_get(finding(camera="yard", minutes=1))
    case, _ = store.add_or_get(finding(minutes=60))
    store.add_or_get(finding(minutes=90))
    past = CasesBeside(store.engine).past(case, EVERYWHERE)
    assert past.count == NEWEST + 2
    assert [each.id for each in past.newest] == [7, 6, 5, 4, 3]


def test_look_alikes_are_of_the_same_camera_rule_and_day_and_wait(store):
    case, _ = store.add_or_get(finding())
    alike = store.add_or_get(finding(minutes=DAY - 1))[0]
    decided = store.add_or_get(finding(minutes=5))[0]
    store.decide(decided.id, Decision.REJECT, at=MORNING)
    for other in (finding(minutes=DAY + 1), finding(camera="yard"), finding(rule="uncovered_soil"), finding("west")):
        store.add_or_get(other)
    beside = CasesBeside(store.engine)
    assert [each.id for each in beside.look_alikes(case, EVERYWHERE)] == [alike.id]
    assert beside.look_alikes(case, Scope(sites={"west"})) == ()
    assert beside.look_alikes(store.get(decided.id), EVERYWHERE) == ()
