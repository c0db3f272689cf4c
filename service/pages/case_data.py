"""A case's figures and facts as data that the browser draws: an element each would cost the service most of a case."""

from collections.abc import Sequence
from dataclasses import asdict

from nicegui.element import Element

from service.pages.case_facts import Fact, Figure


class FigureRow(Element, component="case_figures.js"):
    """The measured figures beside each other; drawn by `case_figures.js`."""

    def show(self, figures: Sequence[Figure]) -> None:
        """Draw these. A tuple, since NiceGUI watches every dict in a list for changes."""
        self._props["figures"] = tuple(asdict(each) for each in figures)


class FactLines(Element, component="case_lines.js"):
    """The facts, a line each; drawn by `case_lines.js`."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        super().__init__()
        self._props["lines"] = tuple(asdict(each) for each in facts)
