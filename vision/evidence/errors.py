"""What can be wrong with the keys and chains that evidence is sealed with."""

from typing import ClassVar


class SealingError(OSError):
    """Evidence can't be sealed; it stays staged, as with any other trouble of the disk, and is tried again.

    `template` is the English text with named places; `params` fill them. Both are kept so that the text can be shown
    in another language. No private key is ever among the params.
    """

    template: ClassVar[str] = "the evidence can't be sealed: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))


class NoKeys(SealingError):
    """The edge has no key yet."""

    template = "there is no key in {folder} yet; dustwatch run makes it when it first starts"


class KeysDamaged(SealingError):
    """The key list, or the private key that belongs to it, can't be used."""

    template = (
        "{path} can't be used: {detail}; bring it back from a backup, or move the keys' folder away for a new key"
    )


class HeadDamaged(SealingError):
    """The head of a camera's chain can't be used."""

    template = "{path} can't be used: {detail}; bring it back from a backup, or move it away to begin a new chain"
