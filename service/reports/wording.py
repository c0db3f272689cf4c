"""Says a report in Chinese words: titles, tables and times, for spreadsheets and print alike."""

from collections.abc import Callable, Sequence

from service.domain.report import Figures, Report, ReportRow, Spread
from service.domain.report_period import ReportLength, ReportPeriod
from service.exports.case_table import category_name
from service.pages.labels import rule_name
from service.reports.office_tables import office_tables
from service.reports.report_table import ReportTable, Texts
from service.texts.catalogue import CHINESE, load_translator

_TITLES = {ReportLength.DAY: "日报", ReportLength.WEEK: "周报", ReportLength.MONTH: "月报"}
HOUR_S = 3600
FIGURE_HEADS = (
    *("发现", "确认", "驳回", "销号", "超期"),
    *("审核用时中位（小时）", "审核用时 90%（小时）", "整改用时中位（小时）", "整改用时 90%（小时）"),
)
OFFENDER_HEADS = ("工地编号", "工地", "区县", "一年内确认起数")
NOTES = (
    "发现按发现时间计；确认、驳回、销号按办理时间计，撤回的不计，以期末为准。",
    "审核用时自接收至决定；整改用时自交办至责任单位报告整改完成（经复核通过）。90%：十件中有九件不超过。",
    "超期：办理期限在本期内届满而未按时办理的案件；本版本之前办理的步骤没有期限记录，不计入。",
    "责任单位为最近一次交办的单位。屡犯：本期内有确认的违规，且一年内（365 日）确认两起及以上的工地。",
)


def title_of(period: ReportPeriod) -> str:
    """Return what the report is called."""
    return f"扬尘违规{_TITLES[period.length]}"


def days_of(period: ReportPeriod) -> str:
    """Return the days that the report is about."""
    if period.first == period.last:
        return f"{period.first:%Y-%m-%d}"
    return f"{period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}"


def tables_of(report: Report) -> tuple[ReportTable, ...]:
    """Return the report's tables in their order."""
    zh = load_translator().texts(CHINESE)
    return (
        ReportTable("合计", ("", *FIGURE_HEADS), (("全部", *figure_texts(report.total)),)),
        _table("区县", report.by_district, str),
        _table("工地类别", report.by_category, category_name),
        _table("违规类型", report.by_rule, lambda rule: rule_name(rule, zh)),
        _table("责任单位", report.by_party, str, nobody="未交办"),
        ReportTable("屡犯工地", OFFENDER_HEADS, _offenders(report)),
        *office_tables(report.lists),
    )


def _offenders(report: Report) -> tuple[Texts, ...]:
    return tuple((each.site_id, each.site_name, each.district, each.cases) for each in report.repeat_offenders)


def _table(title: str, rows: Sequence[ReportRow], name_of: Callable[[str], str], nobody: str = "未登记") -> ReportTable:
    texts = ((name_of(row.name) if row.name else nobody, *figure_texts(row.figures)) for row in rows)
    return ReportTable(title, (title, *FIGURE_HEADS), tuple(texts))


def figure_texts(figures: Figures) -> Texts:
    """Return the figures in the order of `FIGURE_HEADS`."""
    numbers = (figures.found, figures.confirmed, figures.rejected, figures.closed, figures.overdue)
    return (*numbers, *_hours(figures.review), *_hours(figures.rectify))


def _hours(spread: Spread | None) -> Texts:
    if spread is None:
        return ("", "")
    return tuple(round(seconds / HOUR_S, 1) for seconds in (spread.median_s, spread.p90_s))
