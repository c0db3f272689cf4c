"""Translates the English texts in the code (the msgids) by the catalogues beside this file.

A new text: write it in English in the code, as `_("...")` where it is shown or `N_("...")` where it is only named, and
add its translation to `zh_CN.po`. The catalogues are read at start; there is nothing to compile. A text without a
translation is shown in English; `tests/service/test_texts.py` fails on one.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CHINESE = "zh_CN"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
"""The languages, the first one being shown to whom did not choose."""

Texts = Callable[[str], str]
"""Translates a msgid into one language; usually named `_`."""

_FOLDER = Path(__file__).parent


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for translation where it is only named; translate it later, where it is shown."""
    return msgid


class Translator:
    """Holds the catalogues: msgid to translation, by language."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    def translate(self, msgid: str, language: str) -> str:
        """Return the text in the language (`zh_CN`, `en`), or the msgid itself, which is English."""
        return self._catalogues.get(language, {}).get(msgid) or msgid

    def texts(self, language: str) -> Texts:
        """Return a function that translates into this language."""
        return lambda msgid: self.translate(msgid, language)

    def explain(self, template: str, params: Mapping[str, object], language: str) -> str:
        """Return an error's text in the language, with its values filled in.

        `ServiceError` and `StreamError` keep both: `explain(error.template, error.params, "zh_CN")`.
        """
        return self.translate(template, language).format(**params)


def read_catalogue(path: Path) -> dict[str, str]:
    """Read a .po file; texts without a translation, and those marked fuzzy, are left out."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


@cache
def load_translator() -> Translator:
    """Return the translator with the catalogues of this folder; reads them once."""
    return Translator({path.stem: read_catalogue(path) for path in _FOLDER.glob("*.po")})
