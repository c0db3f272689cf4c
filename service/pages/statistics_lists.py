"""The statistics page's cards of the office's lists: red and black list with their formula, the month's coverage."""

from service.domain.office.coverage import Coverage
from service.domain.office.lists import MonthCoverage, OfficeLists, Ranking
from service.domain.office.ranking import Standing
from service.pages.figure_card import FigureTable, add_card
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
from service.texts.catalogue import Texts

SITES_SHOWN = 200
NAMES_SHOWN = 20


def add_lists(lists: OfficeLists, district: str, _: Texts) -> None:
    """Add a card for each list that there is; the coverage of the district alone, where one is chosen."""
    if lists.ranking is not None:
        _add_ranking(lists.ranking, _)
    if lists.coverage is not None:
        _add_coverage(lists.coverage, district, _)


def _add_ranking(ranking: Ranking, _: Texts) -> None:
    heads = (_("Site"), _("List"), _("Rank"), _("Score"), _("Formula"), _("Reason"))
    shown = sorted(ranking.standings, key=lambda each: each.listed is None)[:SITES_SHOWN]
    rows = [_standing(each, _) for each in shown]
    note = f"{ranking_note(ranking, _)} · {score_formula(ranking.rule, _)}"
    add_card(_("Red and black list"), FigureTable(heads, rows), _, note=note, texts_from=4)


def _standing(each: Standing, _: Texts) -> tuple[str, ...]:
    listed = _(LISTS[each.listed]) if each.listed else "–"
    rank = "–" if each.rank is None else str(each.rank)
    return each.site_name, listed, rank, str(each.score), formula(each, _), reason_line(each.reason, _)


def _add_coverage(coverage: MonthCoverage, district: str, _: Texts) -> None:
    heads = (
        *(_("District"), _("Key-area projects"), _("To inspect"), _("Inspected"), _("Share"), _("Missing")),
        _("Whose turn it is"),
    )
    rows = [_district(each, _) for each in coverage.districts if district in ("", each.district)]
    title = _("Monthly inspection of key-area projects")
    add_card(title, FigureTable(heads, rows), _, note=coverage_note(coverage, _), texts_from=6)


def _district(each: Coverage, _: Texts) -> tuple[str, ...]:
    numbers = (str(each.projects), str(each.required), str(len(each.done)), coverage_share(each), str(each.missing))
    return each.district or _("(site not in the list)"), *numbers, project_names(each.suggested, NAMES_SHOWN, _)
