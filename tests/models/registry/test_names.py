"""No name leads out of the registry, and every new version gets a name of its own."""

from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadName
from models.registry.names import check_name, free_version, is_name, split_reference

DAY = date(2026, 11, 24)


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


@given(st.integers(0, 800))
def test_the_versions_of_a_day_are_all_different(number: int) -> None:
    taken: list[str] = []
    for _ in range(min(number, 30)):
        taken.append(free_version(DAY, taken))
    assert len(set(taken)) == len(taken)
    assert all(map(is_name, taken))


def test_the_versions_of_a_day_go_through_the_alphabet() -> None:
    assert free_version(DAY, []) == "2026-11-24-a"
    assert free_version(DAY, ["2026-11-24-a"]) == "2026-11-24-b"
    full = [f"2026-11-24-{chr(code)}" for code in range(ord("a"), ord("z") + 1)]
    assert free_version(DAY, full) == "2026-11-24-aa"
