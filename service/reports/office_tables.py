"""The office's lists as tables of a report, in Chinese: red and black list, and the month's coverage."""

from service.domain.office.coverage import Coverage
from service.domain.office.lists import MonthCoverage, OfficeLists, Ranking
from service.domain.office.ranking import ListName, Standing
from service.pages.office_texts import (
    LISTS,
    coverage_note,
    coverage_share,
    formula,
    project_names,
    ranking_note,
    reason_line,
    score_formula,
)
from service.reports.report_table import ReportTable, Texts
from service.texts.catalogue import CHINESE, load_translator

RANKING_HEADS = ("榜单", "工地", "名次", "得分", "计算公式", "原因")
COVERAGE_HEADS = ("区县", "重点区域项目", "本月应查", "已查", "已查比例", "还差", "轮到的项目")
NAMES_SHOWN = 20
_zh = load_translator().texts(CHINESE)


def office_tables(lists: OfficeLists) -> tuple[ReportTable, ...]:
    """Return a table for each list that there is; sites on neither list are in none."""
    tables = []
    if lists.ranking is not None:
        tables.append(_ranking(lists.ranking))
    if lists.coverage is not None:
        tables.append(_coverage(lists.coverage))
    return tuple(tables)


def _ranking(ranking: Ranking) -> ReportTable:
    rows = [_standing(each) for name in ListName for each in ranking.listed(name)]
    note = f"{ranking_note(ranking, _zh)}。{score_formula(ranking.rule, _zh)}"
    return ReportTable("红黑榜", RANKING_HEADS, tuple(rows), note, (0.6, 1.4, 0.5, 0.5, 2.6, 2.2))


def _standing(each: Standing) -> Texts:
    listed = _zh(LISTS[each.listed]) if each.listed else ""
    rank = "" if each.rank is None else each.rank
    return listed, each.site_name, rank, each.score, formula(each, _zh), reason_line(each.reason, _zh)


def _coverage(coverage: MonthCoverage) -> ReportTable:
    rows = tuple(_district(each) for each in coverage.districts)
    widths = (1.2, 0.8, 0.7, 0.6, 0.7, 0.6, 3.4)
    return ReportTable("重点区域检查", COVERAGE_HEADS, rows, coverage_note(coverage, _zh), widths)


def _district(each: Coverage) -> Texts:
    turn = project_names(each.suggested, NAMES_SHOWN, _zh)
    return (
        each.district or "未登记",
        each.projects,
        each.required,
        len(each.done),
        coverage_share(each),
        each.missing,
        turn,
    )
