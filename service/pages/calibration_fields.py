"""The fields that tell where a calibration's points are on the ground, and by how much each misses the plane."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from service.domain.layout_checks import Measures
from service.domain.layout_drawing import Kind
from service.pages.drawing_board import DrawingBoard
from service.texts.catalogue import Texts


class CalibrationFields:
    """Shown while the calibration is chosen; built anew only when a point comes or goes, so that typing goes on."""

    def __init__(self, board: DrawingBoard, _: Texts) -> None:
        self._board = board
        self._texts = _
        self._box = ui.element("div").classes("dw-cam-side")
        self._fields: list[tuple[ui.number, ui.number]] = []
        self._errors: list[ui.label] = []

    def show(self, measured: Measures) -> None:
        """Show the points as they are drawn now."""
        thing = self._board.chosen
        metres = thing.metres if thing is not None and thing.kind is Kind.GROUND else ()
        if len(metres) != len(self._fields):
            self._build(len(metres))
        for pair, place in zip(self._fields, metres, strict=True):
            for field, value in zip(pair, place, strict=True):
                if field.value is not None and field.value != value:
                    field.value = value
        for index, label in enumerate(self._errors):
            error = measured.errors[index] if index < len(measured.errors) else None
            label.text = f"± {error.pixels:.1f} px · {error.metres:.2f} m" if error else ""

    def _build(self, count: int) -> None:
        self._box.clear()
        self._fields, self._errors = [], []
        if not count:
            return
        with self._box:
            ui.label(self._texts("Metres to the right and ahead, by point")).classes("dw-muted")
            for index in range(count):
                with ui.element("div").classes("dw-cam-row"):
                    ui.label(str(index + 1)).classes("dw-number")
                    self._fields.append((self._field(index, 0), self._field(index, 1)))
                    self._errors.append(ui.label().classes("dw-muted"))

    def _field(self, index: int, axis: int) -> ui.number:
        thing = self._board.chosen
        value = thing.metres[index][axis] if thing is not None else 0.0
        field = ui.number(value=value, on_change=self._teller(index, axis), step=0.1)
        field.props("dense outlined debounce=300").classes("dw-cam-number")
        field.props["aria-label"] = self._texts("Point {number}, metres").format(number=index + 1)
        return field

    def _teller(self, index: int, axis: int) -> Callable[[ValueChangeEventArguments[float | None]], None]:
        def tell(event: ValueChangeEventArguments[float | None]) -> None:
            thing = self._board.chosen
            if thing is None or event.value is None or index >= len(thing.metres):
                return
            right, ahead = thing.metres[index]
            value = float(event.value)
            told = (value, ahead) if axis == 0 else (right, value)
            if told != (right, ahead):
                self._board.set_metres(index, told)

        return tell
