"""The picture and the clip of the case that is shown."""

from nicegui import ui

from service.api.urls import evidence_url
from service.domain.cases import Case, EvidenceItem
from service.pages.dialogs import key_hint
from service.pages.labels import rule_name
from service.texts.catalogue import Texts


class Picture:
    """The picture as large as the window allows, with or without what the rule drew on it.

    Where the evidence holds a picture to compare it with, of before or of the truck where it was seen best, that one
    stands at the left of it, until it is switched off.
    """

    def __init__(self, _: Texts) -> None:
        self._texts = _
        self._drawing_on = True
        self._pair_on = True
        self._clean: ui.element | None = None
        self._annotated: ui.element | None = None
        with ui.element("div").classes("dw-stage") as self._stage:
            self._box = ui.element("div")
            self._failed = ui.label(_("The picture can't be loaded; the evidence may be damaged")).classes("dw-failed")
            self._mode = ui.button(on_click=self.toggle_drawing)
            with self._mode.props("no-caps flat dense color=none").classes("dw-mode"):
                self._mode_text = ui.label()
                key_hint("O")
            self._pair = ui.button(on_click=self._toggle_pair)
            with self._pair.props("no-caps flat dense color=none").classes("dw-mode dw-mode-pair"):
                self._pair_text = ui.label()
            with ui.element("div").classes("dw-labels") as self._labels:
                self._beside_label = ui.label().classes("dw-label")
                ui.label(_("When it was found")).classes("dw-label")

    def show(self, case: Case) -> None:
        """Show the case's pictures.

        The elements are made anew each time: a browser would go on showing the last case's picture until the next one
        is loaded, and somebody would decide by the wrong one.
        """
        clean, annotated = case.evidence_of("clean"), case.evidence_of("annotated")
        self._box.clear()
        self._failed.set_visibility(False)
        with self._box:
            self._clean = self._add(case, clean) if clean else None
            self._annotated = self._add(case, annotated) if annotated else None
            before, best_view = case.evidence_of("before"), case.evidence_of("best_view")
            beside = before or best_view
            if beside is not None:
                self._add(case, beside).classes(replace="dw-picture dw-beside")
        self._beside_label.text = self._texts("Before") if before else self._texts("The truck seen best")
        self._mode.set_visibility(self._clean is not None and self._annotated is not None)
        self._pair.set_visibility(beside is not None)
        self._show_drawing()
        self._show_pair()

    def toggle_drawing(self) -> None:
        """Switch between the picture with the drawing and the one without."""
        self._drawing_on = not self._drawing_on
        self._show_drawing()

    def _toggle_pair(self) -> None:
        self._pair_on = not self._pair_on
        self._show_pair()

    def _show_pair(self) -> None:
        is_pair = self._pair_on and self._pair.visible
        self._stage.classes(add="dw-pair" if is_pair else "", remove="" if is_pair else "dw-pair")
        self._labels.set_visibility(is_pair)
        self._pair_text.text = self._texts("Pair on") if self._pair_on else self._texts("Pair off")

    def _add(self, case: Case, item: EvidenceItem) -> ui.element:
        picture = ui.element("img").classes("dw-picture")
        picture.props["src"] = evidence_url(case, item.name)
        picture.props["alt"] = rule_name(case.rule, self._texts)
        return picture.on("error", lambda: self._failed.set_visibility(True))

    def _show_drawing(self) -> None:
        # Both stay loaded, so that switching takes no time; they differ in height, so only one may be seen.
        if self._clean is not None and self._annotated is not None:
            shown, hidden = (self._annotated, self._clean) if self._drawing_on else (self._clean, self._annotated)
            shown.classes(remove="dw-hidden")
            hidden.classes(add="dw-hidden")
        self._mode_text.text = self._texts("Drawing on") if self._drawing_on else self._texts("Drawing off")


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

    def play_or_pause(self) -> None:
        """Start or stop the clip."""
        if self._video is not None:
            ui.run_javascript(
                f'const clip = document.getElementById("{self._video.html_id}");'
                "clip.paused ? clip.play() : clip.pause();"
            )

    def _offer(self, url: str) -> None:
        # Many cameras send H.265, which not every browser plays; the clip is kept as the camera sent it.
        self._box.clear()
        self._video = None
        with self._box, ui.element("div").classes("dw-no-clip"):
            ui.label(self._texts("This browser can't play the clip (H.265?)."))
            ui.link(self._texts("Open it in a player"), url).props("download")
