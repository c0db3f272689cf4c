"""The tab of notices: the channels that they are sent to, and what never reached one."""

from nicegui import ui

from service.pages.administration.desk import AdministrationDesk
from service.pages.notice_alarms import NoticeAlarms


async def add_notices(desk: AdministrationDesk) -> None:
    """Add channels and failures to the page that is being built."""
    _ = desk.texts
    with ui.element("section").classes("dw-stat-card"):
        ui.label(_("Channels")).classes("dw-stat-title").props('role=heading aria-level="2"')
        if not desk.office.channels:
            ui.label(_("None: notices are sent once a file of channels is given to the service")).classes("dw-muted")
        for name in desk.office.channels:
            ui.label(name).classes("dw-admin-long")
    ui.label(_("Notices that were given up")).classes("dw-stat-title").props('role=heading aria-level="2"')
    with ui.element("div").classes("dw-upkeep"):
        alarms = NoticeAlarms(desk.office.notices, _, desk.visitor)
    await alarms.refresh()
