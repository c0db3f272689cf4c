"""The tab of edges: what the service knows of them, by their tokens and by what they told of their cameras."""

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.principal import MachineScope
from service.pages.administration.desk import AdministrationDesk
from service.pages.figure_card import FigureTable, add_table
from service.pages.labels import HEALTH_KINDS, local_time

_EDGES = frozenset({MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE})
NEWEST = 20


async def add_edges(desk: AdministrationDesk) -> None:
    """Add what is known to the page that is being built."""
    _, office = desk.texts, desk.office
    if office.accounts is not None:
        tokens = await run_in_threadpool(office.accounts.tokens.tokens)
        seen = [
            (token.name, _("never used") if token.used_at is None else local_time(token.used_at))
            for token in tokens
            if token.scopes & _EDGES
        ]
        _add_part(desk, _("Edges, by their tokens"), FigureTable((_("Machine"), _("Last seen")), seen))
    ongoing = await run_in_threadpool(office.health.ongoing)
    wrong = [
        (f"{each.site_name} · {each.camera_name}", _(HEALTH_KINDS[each.kind]), local_time(each.started_at))
        for each in ongoing
    ]
    _add_part(desk, _("Cameras with something wrong now"), FigureTable((_("Camera"), _("What"), _("Since")), wrong))
    page = await run_in_threadpool(lambda: office.health.page(limit=NEWEST))
    told = [
        (
            f"{each.report.site_name} · {each.report.camera_name}",
            _(HEALTH_KINDS[each.report.kind]),
            local_time(each.received_at),
            _("goes on") if each.report.ended_at is None else local_time(each.report.ended_at),
        )
        for each in page.reports
    ]
    heads = (_("Camera"), _("What"), _("Told"), _("Ended"))
    _add_part(desk, _("What edges told last"), FigureTable(heads, told))


def _add_part(desk: AdministrationDesk, title: str, table: FigureTable) -> None:
    with ui.element("section").classes("dw-stat-card"):
        ui.label(title).classes("dw-stat-title").props('role=heading aria-level="2"')
        if table.rows:
            add_table(table, title)
        else:
            ui.label(desk.texts("Nothing")).classes("dw-muted dw-admin-none")
