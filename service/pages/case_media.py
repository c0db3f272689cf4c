"""The clip of the case that is shown."""

from nicegui import ui

from service.api.urls import evidence_url
from service.domain.cases import Case
from service.texts.catalogue import Texts


class Clip:
    """The clip in the browser's own player."""

    def __init__(self, _: Texts) -> None:
        self._texts = _
        self._video: ui.element | None = None
        self._box = ui.element("div").classes("dw-clip")

    def show(self, case: Case) -> None:
        """Show the case's clip, or say that there is none."""
        item, still = case.evidence_of("clip"), case.evidence_of("clean")
        self._box.clear()
        self._video = None
        with self._box:
            if item is None:
                ui.label(self._texts("There is no clip")).classes("dw-no-clip")
                return
            url = evidence_url(case, item.name)
            self._video = ui.element("video").props("controls muted playsinline preload=metadata")
            self._video.props["src"] = url
            if still is not None:
                self._video.props["poster"] = evidence_url(case, still.name)
            self._video.on("error", lambda: self._offer(url))

    def _offer(self, url: str) -> None:
        # Many cameras send H.265, which not every browser plays; the clip is kept as the camera sent it.
        self._box.clear()
        self._video = None
        with self._box, ui.element("div").classes("dw-no-clip"):
            ui.label(self._texts("This browser can't play the clip (H.265?)."))
            ui.link(self._texts("Open it in a player"), url).props("download")
