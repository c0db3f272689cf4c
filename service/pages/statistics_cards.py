"""What the statistics page shows: cards of figures, and the words around them."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from nicegui import ui

from service.domain.agreement import Agreement
from service.domain.statistics import Course, NamedPrecision, Statistics
from service.exports.statistics_tables import StatisticsTable
from service.pages.figure_card import FigureTable, add_card
from service.pages.labels import reason_text, rule_name
from service.pages.statistics_charts import (
    COURSE,
    courses_chart,
    hours_chart,
    precision_chart,
    reasons_chart,
    trend_chart,
)
from service.texts.catalogue import Texts

SITES_SHOWN = 20
CAMERAS_SHOWN = 20
REASONS_SHOWN = 15
_TREND_PX = 280
_HOUR_PX = 26


def add_cards(made: Statistics, asked: dict[str, str], _: Texts) -> None:
    """Add the cards; `asked` is the page's query, which the files are asked for with as well."""

    def csv(table: StatisticsTable) -> str:
        return f"/api/v1/statistics.csv?{urlencode({**asked, 'table': table.value})}"

    _add_totals(made, _)
    _add_trends(made, csv(StatisticsTable.TREND), _)
    rules = [(rule_name(each.name, _), each) for each in made.by_rule]
    add_card(
        _("Cases by rule"),
        FigureTable(_course_heads(_("Rule"), _), [(title, *_figures(each.course)) for title, each in rules]),
        _,
        chart=courses_chart(rules, _),
        csv=csv(StatisticsTable.RULES),
    )
    districts = [(each.name or _("(site not in the list)"), each) for each in made.by_district]
    add_card(
        _("Cases by district"),
        FigureTable(_course_heads(_("District"), _), [(title, *_figures(each.course)) for title, each in districts]),
        _,
        chart=courses_chart(districts, _),
        csv=csv(StatisticsTable.DISTRICTS),
    )
    _add_hours(made, csv(StatisticsTable.HOURS), _)
    _add_quality(made, csv, _)
    reasons = [(reason_text(reason, _) or _("(no reason)"), cases) for reason, cases in made.reasons[:REASONS_SHOWN]]
    add_card(
        _("Reasons of rejections"),
        FigureTable((_("Reason"), _("Cases")), [(reason, str(cases)) for reason, cases in reasons]),
        _,
        chart=reasons_chart(reasons, _),
        csv=csv(StatisticsTable.REASONS),
    )
    _add_times(made, _)
    _add_agreement(made.agreement, _)


def _add_quality(made: Statistics, csv: Callable[[StatisticsTable], str], _: Texts) -> None:
    interval = _("Confirmed of what was decided (confirmed and rejected); the band is a 95 % interval (Wilson)")
    rules = [(rule_name(row.name, _), row) for row in made.rules]
    title = _("Precision by rule, as reviewed")
    _add_precision(title, _("Rule"), rules, csv(StatisticsTable.RULES), _, note=interval)
    cameras = [(row.title, row) for row in made.cameras[:CAMERAS_SHOWN]]
    title = _("Precision by camera, as reviewed")
    _add_precision(title, _("Camera"), cameras, csv(StatisticsTable.CAMERAS), _)
    models = [(row.name or _("(model not known)"), row) for row in made.models]
    not_same = _("Versions were at work at different times and sites, so a difference may have other causes")
    title = _("Precision by model version, as reviewed")
    _add_precision(title, _("Model"), models, csv(StatisticsTable.MODELS), _, note=not_same)


def _add_totals(made: Statistics, _: Texts) -> None:
    period = _("{first} to {last}").format(first=made.period.first, last=made.period.last)
    text = _("Cases found from {period}, as they stand now").format(period=period)
    ui.label(text).classes("dw-muted dw-stat-note")
    with ui.element("dl").classes("dw-stat-totals"):
        for name, title in COURSE.items():
            with ui.element("div"):
                with ui.element("dt"):
                    ui.label(_(title))
                with ui.element("dd"):
                    ui.label(f"{getattr(made.total, name):,}").props(f"data-total={name}")


def _add_trends(made: Statistics, csv: str, _: Texts) -> None:
    rows = [(f"{point.first:%Y-%m-%d}", *_figures(point.course)) for point in made.trend]
    add_card(
        _("Trend, by the day on which cases were found"),
        FigureTable(_course_heads(_("From"), _), rows),
        _,
        chart=trend_chart(made.trend, _),
        csv=csv,
        height_px=_TREND_PX,
    )


def _add_hours(made: Statistics, csv: str, _: Texts) -> None:
    sites = made.hours[:SITES_SHOWN]
    heads = (_("Site"), *(str(hour) for hour in range(24)))
    rows = [(site.site_name, *(str(count) if count else "" for count in site.hours)) for site in sites]
    note = _("The {count} sites with the most cases, by the hour of the day (Beijing time)").format(count=len(sites))
    height = 90 + _HOUR_PX * len(sites)
    table, chart = FigureTable(heads, rows), hours_chart(sites, _)
    add_card(_("Hours of the day"), table, _, note=note, chart=chart, csv=csv, height_px=height)


def _add_precision(
    title: str, first: str, rows: Sequence[tuple[str, NamedPrecision]], csv: str, _: Texts, *, note: str = ""
) -> None:
    heads = (first, _("Confirmed"), _("Rejected"), _("Precision"), _("95 % interval"))
    shown = [(name, *_quality(row, _)) for name, row in rows]
    add_card(title, FigureTable(heads, shown), _, note=note, chart=precision_chart(rows, _), csv=csv)


def _quality(row: NamedPrecision, _: Texts) -> tuple[str, ...]:
    told = row.precision
    if told.share is None or told.low is None or told.high is None:
        return str(told.confirmed), str(told.rejected), "–", _("nothing decided")
    interval = f"{told.low * 100:.1f}–{told.high * 100:.1f} %"
    return str(told.confirmed), str(told.rejected), f"{told.share * 100:.1f} %", interval


def _add_times(made: Statistics, _: Texts) -> None:
    told = (
        (_("From coming in to the first decision"), made.review),
        (_("From handing over to the report that was verified"), made.rectify),
    )
    rows = [(name, str(took.cases), _shown(took.median_min, _), _shown(took.p90_min, _)) for name, took in told if took]
    heads = (_("Span"), _("Cases"), _("Median"), _("Nine of ten within"))
    add_card(_("How long it took"), FigureTable(heads, rows), _)


def _add_agreement(agreement: Agreement, _: Texts) -> None:
    note = _("A case is decided again only after a decision was taken back, so this is no sample of all decisions")
    rows = [
        (_("Decisions taken back"), str(agreement.taken_back)),
        (_("Cases that two people decided"), str(agreement.by_two)),
        (_("Of those, decided alike"), str(agreement.alike)),
    ]
    shown = rows if agreement.taken_back or agreement.by_two else []
    add_card(_("Agreement between inspectors"), FigureTable((_("What"), _("Number")), shown), _, note=note)


def _course_heads(first: str, _: Texts) -> tuple[str, ...]:
    return (first, *(_(title) for title in COURSE.values()))


def _figures(course: Course) -> tuple[str, ...]:
    return tuple(str(getattr(course, name)) for name in COURSE)


def _shown(minutes: int, _: Texts) -> str:
    """Return a span as people say it: minutes, hours, or days."""
    if minutes < 120:
        return _("{count} min").format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} h").format(count=f"{minutes / 60:.1f}")
    return _("{count} days").format(count=f"{minutes / 1440:.1f}")
