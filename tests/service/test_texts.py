"""Every text that people read has a Chinese one, with the same places for values."""

import string
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import service.cli.main  # noqa: F401 - brings every error class into being
from datasets.errors import DataSetError
from models.data.problems import ProblemKind
from models.errors import ModelError
from models.promotion import Outcome
from service import errors, notices, pages
from service.domain.office.escalation import EscalationReason
from service.domain.office.leniency import LeniencyReason
from service.domain.office.ranking import RankingReason
from service.retraining.outcome import Refusal
from service.texts.catalogue import CHINESE, ENGLISH, LANGUAGES, N_, Translator, load_translator, read_catalogue
from streams.errors import StreamError
from vision.evidence.errors import SealingError
from vision.evidence.faults import Problem
from vision.plates.errors import PlateReaderMissing

PAGES = Path(pages.__file__).parent
CATALOGUE = Path(pages.__file__).parents[1] / "texts" / "zh_CN.po"
KEYWORDS = {"_": None, "N_": None, "_texts": None}


def marked_texts():
    folders = (PAGES, Path(notices.__file__).parent)
    found = [extract_from_dir(each, method_map=[("**.py", "python")], keywords=KEYWORDS) for each in folders]
    return sorted({message for _, _, message, _, _ in chain(*found)})


def error_texts():
    bases = (errors.ServiceError, StreamError, ModelError, DataSetError, SealingError, PlateReaderMissing)
    return sorted({error.template for base in bases for error in (base, *base.__subclasses__())})


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_texts_are_found_in_the_pages():
    assert {"Confirm", "Unwashed truck", "Nothing waits for a decision"} <= set(marked_texts())


OFFICE_REASONS = (*LeniencyReason, *EscalationReason, *RankingReason)


@pytest.mark.parametrize(
    "text",
    marked_texts()
    + error_texts()
    + [each.value for each in (*ProblemKind, *Problem, *Outcome, *Refusal, *OFFICE_REASONS)],
)
def test_every_text_has_a_chinese_one_with_the_same_places(text):
    catalogue = read_catalogue(CATALOGUE)
    assert text in catalogue, f"add to {CATALOGUE.name}: {text}"
    assert places(catalogue[text]) == places(text)


def test_a_text_without_translation_stays_english():
    translator = Translator({CHINESE: {"yes": "是"}})
    assert translator.translate("yes", CHINESE) == "是"
    assert translator.translate("no", CHINESE) == "no"
    assert translator.translate("yes", ENGLISH) == "yes"
    assert translator.translate("yes", "xx") == "yes"
    assert translator.texts(CHINESE)("yes") == "是"


def test_an_error_is_explained_in_the_language():
    error = errors.AlreadyDecided(case_id=3, state="confirmed", who="王工")
    assert (
        load_translator().explain(error.template, error.params, CHINESE)
        == "案件 3 已有决定：confirmed（最后操作人：王工）"
    )
    assert load_translator().explain(error.template, error.params, ENGLISH) == str(error)


def test_fuzzy_and_empty_texts_are_left_out(tmp_path):
    path = tmp_path / "xx.po"
    path.write_text('msgid "a"\nmsgstr "1"\n\n#, fuzzy\nmsgid "b"\nmsgstr "2"\n\nmsgid "c"\nmsgstr ""\n')
    assert read_catalogue(path) == {"a": "1"}


def test_chinese_is_the_first_language():
    assert LANGUAGES[0] == CHINESE
    assert N_("as it is") == "as it is"
