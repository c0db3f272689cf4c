"""A scene or source goes to one split, the same for ever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.build.splits import split_of_group, split_of_seed


@settings(deadline=None)
@given(st.integers(0, 799_999) | st.integers(900_000, 10_000_000))
def test_the_split_of_a_seed(seed: int) -> None:
    expected = "test" if seed >= 900_000 else "val" if seed % 10 == 9 else "train"
    assert split_of_seed(seed) == expected


@pytest.mark.parametrize("seed", [-1, 800_000, 899_999])
def test_seeds_that_belong_to_no_split(seed: int) -> None:
    with pytest.raises(ValueError, match="no split"):
        split_of_seed(seed)


def test_about_an_eighth_of_the_groups_is_for_validation() -> None:
    kept_from_test = [split_of_group(f"site-{number}", test_share=0) for number in range(2000)]
    assert 0.10 < kept_from_test.count("val") / 2000 < 0.15
    assert "test" not in kept_from_test
    free = [split_of_group(f"site-{number}") for number in range(2000)]
    assert 0.12 < free.count("test") / 2000 < 0.18


def test_a_group_stays_where_it_was() -> None:
    """Changing the rule would move pictures from training to testing: these were computed once and hold for ever."""
    groups = ("excavators/pit_sunset", "excavators/rocks_73", "excavators/bucket_dusk_111", "reviewed/4")
    assert [split_of_group(group) for group in groups] == ["train", "train", "val", "test"]
