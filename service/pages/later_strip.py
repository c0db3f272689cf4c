"""The pictures that came after the case's first one, and whether its violation still lasts."""

from nicegui import ui

from service.api.urls import later_evidence_url, later_thumbnail_url
from service.domain.cases import Case, LaterPackage
from service.pages.labels import local_time
from service.texts.catalogue import N_, Texts
from vision.evidence.manifest import Stage

STAGES = {Stage.LASTING: N_("still there"), Stage.ENDED: N_("has ended")}


def course(case: Case, _: Texts) -> str:
    """Return how the violation went on, as far as it is known; empty where nothing is."""
    if case.ended_at is not None:
        return _("Ended at {time}").format(time=local_time(case.ended_at))
    if case.lasting_at is not None:
        return _("Still there at {time}").format(time=local_time(case.lasting_at))
    return ""


class LaterStrip:
    """A row of small pictures, each with its time; a click opens the large one."""

    def __init__(self, _: Texts) -> None:
        self._texts = _
        self._box = ui.element("div").classes("dw-later")
        self._box.set_visibility(False)

    def show(self, case: Case) -> None:
        """Show the case's later pictures; nothing where there are none."""
        self._box.clear()
        self._box.set_visibility(bool(case.later))
        with self._box:
            ui.label(self._texts("Later pictures")).classes("dw-muted")
            for later in case.later:
                self._add(case, later)

    def _add(self, case: Case, later: LaterPackage) -> None:
        large = later.evidence_of("annotated") or later.evidence_of("clean")
        if large is None:
            return
        text = f"{local_time(later.captured_at)} {self._texts(STAGES[later.stage])}"
        link = ui.link(target=later_evidence_url(case, later, large.name), new_tab=True)
        with link.classes(f"dw-later-one dw-{later.stage.value}"):
            picture = ui.element("img")
            picture.props["src"] = later_thumbnail_url(case, later)
            picture.props["alt"] = text
            ui.label(text)
