"""The page of trends, hours and the quality of reviews at `/statistics` (English at `/en/statistics`)."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.access import allows
from service.api.reports import COVERAGE
from service.domain.office.days import day_of
from service.domain.statistics import Statistics
from service.domain.statistics_period import Every, StatisticsPeriod, statistics_period
from service.errors import BadDays
from service.pages.labels import RULES
from service.pages.navigation import STATISTICS, address_of
from service.pages.page_frame import add_page, app_frame, is_opened
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.statistics_cards import add_cards
from service.pages.statistics_lists import add_lists
from service.pages.top_bar import TopBar
from service.texts.catalogue import N_, Texts, load_translator

STYLE = Path(__file__).with_name("statistics.css")
MOST_TEXT = 200
SPANS = {7: N_("7 days"), 30: N_("30 days"), 90: N_("90 days"), 365: N_("A year")}
_EVERY = {"": N_("Automatic"), Every.DAY.value: N_("By day"), Every.WEEK.value: N_("By week")}
_NAMES = ("from", "to", "district", "rule", "every")


def add_statistics_pages(sources: Sources) -> None:
    """Register the page in both languages."""
    ui.add_css(STYLE, shared=True)

    async def build(request: Request, language: str, visitor: PageVisitor) -> None:
        asked = {name: request.query_params.get(name, "")[:MOST_TEXT] for name in _NAMES}
        await _show(sources, language, visitor, asked)

    add_page(STATISTICS, build, sources)


async def _show(sources: Sources, language: str, visitor: PageVisitor, asked: dict[str, str]) -> None:
    translator = load_translator()
    _ = translator.texts(language)
    desk, scope = sources.statistics, visitor.scope
    districts = await run_in_threadpool(desk.districts, scope)
    period: StatisticsPeriod | None = None
    problem = ""
    today = day_of(sources.clock())
    try:
        every = Every(asked["every"]) if asked["every"] in set(Every) else None
        period = statistics_period(_day(asked["from"]), _day(asked["to"]), today, every)
    except BadDays as error:
        problem = translator.explain(error.template, error.params, language)
    except ValueError:
        problem = _("This is no day; write it like 2026-03-31")
    with app_frame():
        TopBar(_, language=language, visitor=visitor, here=STATISTICS)
        with ui.element("main").classes("dw-stats"):
            _add_filters(asked, districts, period, today, language, _)
            if period is None:
                ui.label(problem).classes("dw-stat-problem").props("role=alert")
                return
            figures = ui.element("div").classes("dw-stat-figures")
            with figures:
                ui.label(_("Counting …")).classes("dw-stat-empty dw-muted").props("role=status")
    if await is_opened():
        count = partial(desk.made, scope, period, district=asked["district"], rule=asked["rule"])
        made = await run_in_threadpool(count)
        with_coverage = allows(visitor.principal, "GET", COVERAGE)
        lists = await run_in_threadpool(sources.lists.lists, period.last, scope, with_coverage=with_coverage)
        figures.clear()
        with figures:
            _add_figures(made, asked, _)
            add_lists(lists, asked["district"], _)


def _add_figures(made: Statistics, asked: dict[str, str], _: Texts) -> None:
    if made.total.found:
        add_cards(made, {name: value for name, value in asked.items() if value}, _)
        return
    with ui.element("div").classes("dw-stat-empty"):
        ui.icon("query_stats")
        ui.label(_("No data yet: no case was found in these days")).classes("dw-empty-title")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _add_filters(
    asked: dict[str, str],
    districts: tuple[str, ...],
    period: StatisticsPeriod | None,
    today: date,
    language: str,
    _: Texts,
) -> None:
    """Add the chooser of period, district and rule; each choice is an address, so that it can be kept and sent."""
    path = address_of(STATISTICS, language)
    first, last = (period.first, period.last) if period else (asked["from"], asked["to"])
    named = f'role=search aria-label="{_("Period and filters")}"'
    with ui.element("form").classes("dw-stat-filters").props(named) as form:
        begin = ui.input(_("From"), value=str(first)).props("type=date dense outlined stack-label")
        end = ui.input(_("Up to"), value=str(last)).props("type=date dense outlined stack-label")
        all_districts = {"": _("All districts"), **{each: each for each in districts}}
        rules = {"": _("All rules"), **{rule: _(name) for rule, name in RULES.items()}}
        lengths = {value: _(name) for value, name in _EVERY.items()}
        chosen = [
            ui.select(options, value=asked[name] if asked[name] in options else "", label=_(label))
            .props("dense outlined options-dense")
            .classes("dw-stat-choice")
            for name, label, options in (
                ("district", N_("District"), all_districts),
                ("rule", N_("Rule"), rules),
                ("every", N_("Points"), lengths),
            )
        ]

        def show() -> None:
            values = (begin.value, end.value, *(each.value for each in chosen))
            told = {name: str(value) for name, value in zip(_NAMES, values, strict=True) if value}
            ui.navigate.to(f"{path}?{urlencode(told)}")

        ui.button(_("Show"), on_click=show).props("unelevated no-caps type=button color=none").classes("dw-stat-show")
        form.on("submit.prevent", show)
        form.on("keydown.enter.prevent", show)
        with ui.element("nav").classes("dw-stat-spans").props(f'aria-label="{_("Period")}"'):
            kept = {name: asked[name] for name in ("district", "rule") if asked[name]}
            for days, name in SPANS.items():
                told = {"from": today - timedelta(days=days - 1), "to": today, **kept}
                ui.link(_(name), f"{path}?{urlencode(told)}").classes("dw-stat-span")
