"""The pictures that came after the case's first one, and whether its violation still lasts."""

from nicegui import ui

from service.api.urls import later_evidence_url, later_thumbnail_url, thumbnail_url
from service.domain.cases import Case, LaterPackage
from service.pages.labels import local_time
from service.texts.catalogue import N_, Texts
from vision.evidence.manifest import Outcome, Stage

STAGES = {Stage.LASTING: N_("still there"), Stage.ENDED: N_("has ended"), Stage.LOOK_BACK: N_("Look-back")}
OUTCOMES = {
    Outcome.PASSED: N_("Look-back: in order"),
    Outcome.STILL_VIOLATED: N_("Look-back: still violated"),
    Outcome.NOT_VISIBLE: N_("Look-back: not visible"),
}


def course(case: Case, _: Texts) -> str:
    """Return how the violation went on, as far as it is known; empty where nothing is."""
    if case.ended_at is not None:
        return _("Ended at {time}").format(time=local_time(case.ended_at))
    if case.lasting_at is not None:
        return _("Still there at {time}").format(time=local_time(case.lasting_at))
    return ""


class LaterStrip:
    """A row of small pictures, each with its time; a click opens the large one.

    A look-back stands beside the picture of when the violation was found.
    """

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
            for later in sorted(case.later, key=lambda each: each.captured_at):
                self._add(case, later)

    def _add(self, case: Case, later: LaterPackage) -> None:
        large = later.picture
        if large is None:
            return
        text = f"{local_time(later.captured_at)} {self._texts(what_it_is(later))}"
        link = ui.link(target=later_evidence_url(case, later, large.name), new_tab=True)
        look = "ended" if later.outcome is Outcome.PASSED else "lasting" if later.outcome else later.stage.value
        with link.classes(f"dw-later-one dw-{look}"):
            if later.stage is Stage.LOOK_BACK:
                _add_picture(thumbnail_url(case), self._texts("When it was found"))
            _add_picture(later_thumbnail_url(case, later), text)
            ui.label(text)


def what_it_is(later: LaterPackage) -> str:
    """Return what a later picture is, to be translated: its stage, or what a look-back showed."""
    return STAGES[later.stage] if later.outcome is None else OUTCOMES[later.outcome]


def _add_picture(url: str, alt: str) -> None:
    picture = ui.element("img")
    picture.props["src"] = url
    picture.props["alt"] = picture.props["title"] = alt
