"""The last offences before one tell the same as all of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.escalation import EscalationRule, escalation_of
from service.domain.office.offences import Counting, Offence, nearest_before

NEW_YEAR = datetime(2025, 12, 25, tzinfo=UTC)
OFFENCES = st.lists(st.tuples(st.integers(0, 40 * 24), st.sampled_from(["a", "b"])), min_size=1, max_size=12)
COUNTING = st.builds(
    Counting,
    window=st.sampled_from(["rolling", "calendar_year"]),
    window_days=st.integers(1, 20),
    same_rule_only=st.booleans(),
    same_day_counts_once=st.booleans(),
)


@given(OFFENCES, COUNTING, st.integers(2, 4))
def test_an_offence_is_repeated_by_the_last_ones_before_it_as_by_all(found, counting, least):
    offences = [
        Offence(number, "east", rule, NEW_YEAR + timedelta(hours=hours)) for number, (hours, rule) in enumerate(found)
    ]
    rule = EscalationRule(missed_handovers=2, offences=least, counting=counting, guided_offences_count=True)
    near = nearest_before(offences, counting, least)
    for each in offences:
        by_all = escalation_of(each, offences, (), None, NEW_YEAR, rule)
        assert escalation_of(each, near[each.case_id], (), None, NEW_YEAR, rule).is_escalated == by_all.is_escalated
