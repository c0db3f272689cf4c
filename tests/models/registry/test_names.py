"""No name leads out of the registry."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadName
from models.registry.names import check_name, is_name, split_reference


@given(st.text())
def test_what_is_a_name_is_one_visible_folder(text: str) -> None:
    if is_name(text):
        assert PurePosixPath("root", text).parts == ("root", text)
        assert not text.startswith(".")
        assert text == text.lower().strip()
        assert check_name(text) == text
    else:
        with pytest.raises(BadName):
            check_name(text)


@given(st.from_regex(r"\A[a-z0-9][a-z0-9._-]{0,63}\Z"))
def test_plain_names_are_allowed(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["1\n", "a b", "A", "-a", ".a", "é", "a" * 65, "a\\b", "a@1"])
def test_names_that_are_refused(text: str) -> None:
    assert not is_name(text)


def test_a_reference_names_a_model_and_perhaps_a_version() -> None:
    assert split_reference("surfaces") == ("surfaces", None)
    assert split_reference("surfaces@2026-11-24-a") == ("surfaces", "2026-11-24-a")
    for wrong in ("surfaces@", "@1", "a@b@c", "../x@1"):
        with pytest.raises(BadName):
            split_reference(wrong)
