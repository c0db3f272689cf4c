"""What can be taken along from the page of cases: what the filter finds, as files, and reports."""

from nicegui import ui

from service.domain.report_period import ReportLength
from service.pages.cases_address import CasesAddress
from service.texts.catalogue import N_, Texts

FORMATS = {"csv": "CSV", "xlsx": "Excel"}
REPORTS = {
    ReportLength.DAY: N_("Today's report (PDF)"),
    ReportLength.WEEK: N_("This week's report (PDF)"),
    ReportLength.MONTH: N_("This month's report (PDF)"),
}


class FilesMenu:
    """Buttons that are links, so that the browser itself saves the files."""

    def __init__(self, _: Texts) -> None:
        self._exports = {}
        with ui.element("div").classes("dw-files"):
            for ending, name in FORMATS.items():
                button = ui.button(_("Export {format}").format(format=name), icon="download")
                self._exports[ending] = button.props("flat dense no-caps color=none")
            with ui.dropdown_button(_("Reports"), auto_close=True).props("flat dense no-caps color=none"):
                for length, text in REPORTS.items():
                    item = ui.item(_(text))
                    item.props["href"] = f"/api/v1/reports/{length.value}.pdf"
                    item.props["target"] = "_blank"

    def show(self, address: CasesAddress) -> None:
        """Let the exports hold what this filter finds."""
        query = address.filter_query()
        for ending, button in self._exports.items():
            button.props["href"] = f"/api/v1/cases/export.{ending}{f'?{query}' if query else ''}"
