"""The board: a drawing, which of its points is chosen, and what the mouse, a finger or a key does to them."""

from collections.abc import Callable

from service.domain.layout_drawing import SEVERAL, Drawing, Kind, Place, Thing, Undo
from service.pages.commissioning_keys import DrawingAction

NEAR = 0.02
"""Share of the picture within which a press takes hold of a point."""


class DrawingBoard:
    """One drawing being edited; `on_change` is called after each change of it or of what is chosen."""

    def __init__(self, drawing: Drawing, on_change: Callable[[], None]) -> None:
        self._undo = Undo(drawing)
        self._on_change = on_change
        self._held: int | None = None
        self.thing: int | None = None
        """The number of the chosen thing."""
        self.point: int | None = None
        """The number of its chosen point."""

    @property
    def drawing(self) -> Drawing:
        """The drawing as it is now."""
        return self._undo.present

    @property
    def chosen(self) -> Thing | None:
        """The chosen thing."""
        return None if self.thing is None else self.drawing.things[self.thing]

    def replace(self, drawing: Drawing) -> None:
        """Put another drawing here, as one step that can be taken back."""
        self._draw(drawing, None, None)

    def choose(self, thing: int | None, point: int | None = None) -> None:
        """Choose a thing, and a point of it."""
        self.thing, self.point = thing, point
        self._on_change()

    def add_thing(self, kind: Kind) -> None:
        """Begin a new thing, or go on with the one of its kind where there may be only one."""
        known = [number for number, thing in enumerate(self.drawing.things) if thing.kind is kind]
        if known and kind not in SEVERAL:
            self.choose(known[0])
            return
        self._draw(self.drawing.with_thing(Thing(kind)), len(self.drawing.things), None)

    def remove_thing(self, number: int) -> None:
        """Take a thing away."""
        self._draw(self.drawing.without_thing(number), None, None)

    def press(self, at: Place) -> None:
        """Take hold of a point that is near, else add one to the chosen thing."""
        near = self._near(at)
        if near is not None:
            self._held = near[1]
            self.choose(*near)
            return
        self.add_point(at)
        self._held = self.point

    def release(self, at: Place) -> None:
        """Let go of the held point where it is now; hardly moved, it stays where it was."""
        held, self._held = self._held, None
        thing = self.chosen
        if held is None or thing is None or held >= len(thing.points):
            return
        if max(abs(a - b) for a, b in zip(at, thing.points[held], strict=True)) > NEAR / 4:
            self._change(thing.with_moved(held, at), held)

    def add_point(self, at: Place) -> None:
        """Add a point to the chosen thing, if it takes one more."""
        thing = self.chosen
        if thing is not None and not thing.is_full:
            self._change(thing.with_point(at), len(thing.points))

    def nudge(self, by: Place) -> None:
        """Move the chosen point a little."""
        thing, point = self.chosen, self.point
        if thing is not None and point is not None:
            x, y = thing.points[point]
            self._change(thing.with_moved(point, (x + by[0], y + by[1])), point)

    def set_metres(self, point: int, metres: Place) -> None:
        """Tell where a calibration point is on the ground."""
        thing = self.chosen
        if thing is not None and point < len(thing.metres):
            self._change(thing.with_metres(point, metres), point)

    def act(self, action: DrawingAction) -> None:
        """Do what a key or a button asks for."""
        thing = self.chosen
        if action in {DrawingAction.UNDO, DrawingAction.REDO}:
            self._undo.back() if action is DrawingAction.UNDO else self._undo.forth()
            self.choose(*self._still_there())
        elif thing is None:
            return
        elif action is DrawingAction.ADD:
            x, y = thing.points[-1] if thing.points else (0.45, 0.45)
            self.add_point((min(x + 0.05, 0.98), y))
        elif action is DrawingAction.DELETE and self.point is not None:
            left = len(thing.points) - 2
            self._change(thing.without_point(self.point), min(self.point, left) if left >= 0 else None)
        elif action in {DrawingAction.NEXT, DrawingAction.PREVIOUS} and thing.points:
            step = 1 if action is DrawingAction.NEXT else -1
            self.choose(self.thing, 0 if self.point is None else (self.point + step) % len(thing.points))

    def _still_there(self) -> tuple[int | None, int | None]:
        things = self.drawing.things
        if self.thing is None or self.thing >= len(things):
            return None, None
        has_point = self.point is not None and self.point < len(things[self.thing].points)
        return self.thing, self.point if has_point else None

    def _near(self, at: Place) -> tuple[int, int] | None:
        """Return the thing and the point next to a place: of the chosen thing first."""
        numbers = sorted(range(len(self.drawing.things)), key=lambda number: number != self.thing)
        for number in numbers:
            points = self.drawing.things[number].points
            distances = [max(abs(x - at[0]), abs(y - at[1])) for x, y in points]
            if distances and min(distances) <= NEAR:
                return number, distances.index(min(distances))
        return None

    def _change(self, thing: Thing, point: int | None) -> None:
        if self.thing is not None:
            self._draw(self.drawing.with_changed(self.thing, thing), self.thing, point)

    def _draw(self, drawing: Drawing, thing: int | None, point: int | None) -> None:
        self._undo.draw(drawing)
        self.choose(thing, point)
