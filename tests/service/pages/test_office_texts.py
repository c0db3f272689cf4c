"""What the rules advise on a case, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.office.advice import Advice
from service.domain.office.escalation import escalation_of
from service.domain.office.leniency import leniency_of
from service.domain.office.levels import AlertLevel
from service.domain.office.offences import Offence
from service.office_rules import shipped_rules
from service.pages.office_texts import advice_lines, advice_source
from service.texts.catalogue import CHINESE, ENGLISH, load_translator

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
RULES = shipped_rules().rules_of(AT.date())


def advice(*earlier, alert=None, measures=None, rule="uncovered_soil"):
    offence = Offence(9, "east", rule, AT, measures or {})
    lenient = leniency_of(offence, earlier, alert, RULES.leniency)
    return Advice(RULES.version, alert, lenient, escalation_of(offence, earlier, (), None, AT, RULES.escalation))


def test_codes_are_told_by_their_chinese_names():
    zh = load_translator().texts(CHINESE)
    (line,) = advice_lines(advice(measures={"bare_soil_share": 0.5}, alert=AlertLevel.RED), zh)
    assert line.startswith("不予从轻：裸土占区域比例")
    assert "红色" in line
    assert "bare_soil_share" not in line
    assert "重污染天气预警：红色" in advice_source(advice(alert=AlertLevel.RED), zh)


def test_a_first_minor_offence_has_one_line_and_a_repeated_one_is_dealt_with_strictly():
    en = load_translator().texts(ENGLISH)
    minor = {"bare_soil_share": 0.1}
    assert advice_lines(advice(measures=minor), en) == ["a first minor offence on this project: guidance comes first"]
    before = Offence(3, "east", "unwashed_truck", AT - timedelta(days=9))
    lenient, strict = advice_lines(advice(before, measures=minor), en)
    assert lenient.startswith("No leniency: not the first on this project: case 3")
    assert strict.startswith("To be dealt with strictly: offence 2 on this project")


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_the_source_says_that_people_decide(language):
    text = advice_source(advice(), load_translator().texts(language))
    assert "default-1" in text
