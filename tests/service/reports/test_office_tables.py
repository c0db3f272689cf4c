"""The office's lists as tables: Chinese words for codes, the formula of each site, whose turn it is."""

from datetime import date

from service.domain.office.coverage import Coverage, KeyProject
from service.domain.office.days import PeriodLength
from service.domain.office.lists import MonthCoverage, OfficeLists, Ranking
from service.domain.office.ranking import SiteRecord, standings
from service.office_rules import shipped_rules
from service.reports.office_tables import COVERAGE_HEADS, RANKING_HEADS, office_tables

RULES = shipped_rules().rules_of(date(2026, 3, 1))


def ranking(*records):
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    return Ranking(first, last, PeriodLength.MONTH, RULES.version, RULES.ranking, standings(records, RULES.ranking))


def test_the_red_list_comes_first_then_the_black_one_with_the_worst_first():
    records = (
        SiteRecord("a", "甲", 4, {"rectified_in_time": 2}),
        SiteRecord("b", "乙", 4, {"unwashed_truck": 20}),
        SiteRecord("c", "丙", 4, {"uncovered_soil": 20}),
        SiteRecord("d", "丁", 4, {"unwashed_truck": 5}),
        SiteRecord("e", "戊", 0, {}),
    )
    (table,) = office_tables(OfficeLists(ranking(*records)))
    assert table.heads == RANKING_HEADS
    assert [row[:5] for row in table.rows] == [
        ("红榜", "甲", 1, 102, "100 + 2 x 1 (按期整改) = 102"),
        ("黑榜", "丙", 4, 0, "100 - 20 x 5 (裸土未覆盖) = 0"),
        ("黑榜", "乙", 3, 40, "100 - 20 x 3 (车辆未冲洗) = 40"),
    ]
    assert table.rows[0][5].startswith("红榜：102 分")
    assert "5 个工地中 4 个参评" in table.note
    assert len(table.widths) == len(table.heads)


def test_coverage_tells_what_is_missing_and_names_no_more_than_twenty():
    projects = tuple(KeyProject(str(number), f"项目{number}", "江东区") for number in range(120))
    told = MonthCoverage(
        date(2026, 3, 9), "v", RULES.coverage, (Coverage("江东区", 120, 24, projects[:2], projects[2:]),)
    )
    (table,) = office_tables(OfficeLists(None, told))
    assert table.heads == COVERAGE_HEADS
    ((*figures, turn),) = table.rows
    assert figures == ["江东区", 120, 24, 2, "2 %", 22]
    assert turn.startswith("项目2、项目3、")
    assert turn.endswith("另有 2 个")
    assert "截至 2026-03-09" in table.note


def test_without_lists_there_are_no_tables():
    assert office_tables(OfficeLists()) == ()
