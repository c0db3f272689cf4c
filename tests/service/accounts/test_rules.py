"""The pure rules: scopes, waiting after wrong tries, passwords, codes, sessions."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.accounts.lockout import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, heard_from, wait_after
from service.accounts.passwords import check_password, common_passwords, hash_password, is_password
from service.accounts.principal import ANYBODY, Kind, Principal
from service.accounts.scope import EVERYWHERE, Scope
from service.accounts.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, is_over, is_to_be_touched
from service.accounts.totp import accepted_step, app_address
from service.accounts.users import UserPlan
from service.domain.cases import CaseState
from service.domain.lifecycle import Role, Step, possible_steps
from service.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort, StepNotAllowed

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NAMES = st.sampled_from(["a", "b", "c"])


@given(st.frozensets(NAMES), st.frozensets(NAMES), st.frozensets(NAMES), NAMES, NAMES, NAMES)
def test_a_scope_is_the_union_of_its_parts(districts, streets, sites, site, district, street):
    scope = Scope(districts=districts, streets={f"a/{each}" for each in streets}, sites=sites)
    in_street = district == "a" and street in streets
    assert scope.allows(site, district, street) == (site in sites or district in districts or in_street)
    assert EVERYWHERE.allows(site, district, street)
    assert not Scope().allows(site, district, street)
    assert scope.allows(site) == (site in sites)


def test_a_scope_that_makes_no_sense_is_refused():
    for bad in ({"streets": ["长河街道"]}, {"streets": ["a/b/c"]}, {"sites": ["a b"]}, {"cities": ["杭州"]}):
        with pytest.raises(ValidationError):
            Scope.model_validate(bad)


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_ends_somewhere(failures):
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT
    assert (wait_after(failures) == timedelta(0)) == (failures < FREE_TRIES)


def test_the_first_wait_follows_the_fifth_failure():
    assert heard_from(FREE_TRIES - 1, NOW) is None
    assert heard_from(FREE_TRIES, NOW) == NOW + FIRST_WAIT
    assert heard_from(FREE_TRIES + 1, NOW) == NOW + 2 * FIRST_WAIT


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short", PasswordTooShort),
        ("x" * 201, PasswordTooLong),
        ("Password123", PasswordTooCommon),
        ("1qaz2WSX3edc", PasswordTooCommon),
        ("abababababab", PasswordTooCommon),
        ("wangxiaoming2026!", PasswordTooCommon),
        ("滨江区巡查员王小明", PasswordTooShort),
    ],
)
def test_passwords_that_are_easily_guessed_are_refused(password, error):
    with pytest.raises(error):
        check_password(password, "wangxiaoming", "王小明")


def test_other_passwords_are_taken():
    for password in ("correct horse battery", "今天工地上没有扬尘吗啊", "wangxiaoming likes tea"):
        check_password(password, "wangxiaoming", "王小明")


def test_the_list_of_common_passwords_holds_only_what_is_long_enough_to_be_tried():
    assert len(common_passwords()) > 200
    assert all(len(each) >= 10 and each == each.casefold() for each in common_passwords())


def test_a_hash_fits_its_password_alone_and_is_another_one_each_time():
    first, second = hash_password("cafe\u0301 au lait"), hash_password("cafe\u0301 au lait")
    assert first != second
    assert first.startswith("$argon2id$")
    assert is_password(first, "caf\u00e9 au lait")  # the same letter, written in another way
    assert not is_password(first, "cafe au lait")
    assert not is_password("", "")
    assert not is_password("no hash", "cafe au lait")


@given(st.integers(0, 3 * 60), st.integers(0, 14 * 60))
def test_a_session_is_over_when_idle_or_old(idle, age):
    created, seen = NOW - timedelta(minutes=max(idle, age)), NOW - timedelta(minutes=idle)
    limit_idle, limit = IDLE_LIMIT.total_seconds() / 60, ABSOLUTE_LIMIT.total_seconds() / 60
    assert is_over(created, seen, NOW) == (idle >= limit_idle or max(idle, age) >= limit)
    assert is_to_be_touched(seen, NOW) == (idle >= 1)


@given(st.integers(-3, 3))
def test_a_code_is_taken_up_to_half_a_minute_off_and_never_twice(off):
    secret = SECRET
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * off))
    step = accepted_step(secret, code, 0, NOW)
    if abs(off) > 1:
        assert step is None
    else:
        assert step == int(NOW.timestamp()) // 30 + off
        assert accepted_step(secret, code, step, NOW) is None


def test_no_code_at_all_is_no_code():
    for code in ("", "abcdef", "12345", "１２３４５６", "\x00"):
        assert accepted_step(SECRET, code, 0, NOW) is None
    assert "dustwatch:wang" in app_address(SECRET, "wang")


def test_nobody_is_a_machine_and_everybody_is_something():
    for roles in ([], ["machine"], ["boss"]):
        with pytest.raises(ValidationError):
            UserPlan(name="wang", display_name="王工", roles=roles)
    assert UserPlan(name=" Wang ", display_name="王工", roles=["site"]).name == "wang"
    for name in ("", "a", "a b", "a/b", "x" * 65, "<b>"):
        with pytest.raises(ValidationError):
            UserPlan(name=name, display_name="王工", roles=["site"])


@given(st.sampled_from(CaseState), st.frozensets(st.sampled_from(sorted(set(Role) - {Role.MACHINE})), min_size=1))
def test_somebody_with_several_roles_may_do_what_one_of_them_may_and_in_that_role(state, roles):
    somebody = Principal(Kind.USER, "x", "王工", roles, EVERYWHERE)
    may = {step for role in roles for step in possible_steps(state, role)}
    assert set(somebody.may(state)) == may
    for step in may:
        actor = somebody.actor(state, step, typed="赵主任")
        assert actor.name == "王工"
        assert actor.role in roles
        assert step in possible_steps(state, actor.role)
    for role in set(Role) - roles:
        with pytest.raises(StepNotAllowed):
            somebody.actor(state, Step.NOTE, wanted=role)


def test_without_accounts_names_and_roles_are_what_people_say():
    assert ANYBODY.called("王工") == "王工"
    actor = ANYBODY.actor(CaseState.FOUND, Step.CONFIRM, typed="王工", wanted=Role.INSPECTOR)
    assert (actor.name, actor.role) == ("王工", Role.INSPECTOR)
    assert ANYBODY.may(CaseState.FOUND) == possible_steps(CaseState.FOUND, Role.REVIEWER)
