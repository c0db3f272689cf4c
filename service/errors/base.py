"""The base of all errors of the service: one line that says what happened and what to do."""

from typing import ClassVar


class ServiceError(Exception):
    """Something the case queue can't do.

    `template` is the English text with named places; `params` fill them. Both are kept so that the text can be shown
    in another language (see `service.texts.catalogue`).
    """

    template: ClassVar[str] = "the case queue failed: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))
