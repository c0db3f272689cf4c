"""A begun sign-in is opened by whoever shares the secret, in time, and by nobody else."""

from datetime import timedelta

import pytest

from service.oidc.begun import LIFETIME_S, Begun, Seal
from tests.service.conftest import NOON

BEGUN = Begun.now("/cases", "zh")


def test_a_sign_in_that_was_begun_at_one_service_ends_at_another_with_the_same_secret():
    sealed = Seal("a client's secret").close(BEGUN, NOON)
    assert Seal("a client's secret").open(sealed, NOON) == BEGUN


@pytest.mark.parametrize("other", ["", "another secret"])
def test_nobody_else_opens_it(other):
    assert Seal(other).open(Seal("a client's secret").close(BEGUN, NOON), NOON) is None
    assert Seal(other).open(Seal().close(BEGUN, NOON), NOON) is None


def test_it_is_worthless_after_a_while():
    seal = Seal("a client's secret")
    assert seal.open(seal.close(BEGUN, NOON), NOON + timedelta(seconds=LIFETIME_S + 1)) is None
