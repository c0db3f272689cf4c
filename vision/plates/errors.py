"""What can be wrong with the plate reader: one line that says what to do."""

from typing import ClassVar


class PlateReaderMissing(Exception):
    """Reading plates needs packages that are not installed; `template` is the English text."""

    template: ClassVar[str] = "reading number plates needs the plate packages: pip install 'dustwatch[plates]'"

    def __init__(self) -> None:
        self.params: dict[str, str] = {}
        super().__init__(self.template)
