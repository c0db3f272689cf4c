"""Accounts in the database, on both kinds: what is kept, what two at once do, and a log that only grows."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.remembered_tokens import REMEMBERED
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.domain.lifecycle import Role
from service.domain.sites import Site
from service.errors import (
    BadLink,
    LastAdministrator,
    NoSuchToken,
    NoSuchUser,
    SignInLater,
    TokenNameTaken,
    UserNameTaken,
)
from service.storage.audit_store import AuditFilter
from service.storage.scope_rows import in_scope
from service.storage.site_store import SiteStore
from service.storage.tables import SiteRow
from tests.service.accounts.conftest import MovedClock

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def kept(engine) -> Accounts:
    return Accounts(engine, MovedClock(NOW))


def plan(name: str, *roles: Role, **more) -> UserPlan:
    return UserPlan(**{"name": name, "display_name": name, "roles": roles or (Role.INSPECTOR,), **more})


def administrator(kept: Accounts, name: str) -> UserPlan:
    """Add an administrator with something like a password."""
    entry = kept.entry("test", Action.USER_MADE)
    user = kept.users.add(plan(name, Role.ADMINISTRATOR), entry)
    kept.credentials.set_password(user.id, "a hash", entry)
    return user.plan


def test_a_user_is_kept_as_planned_and_changed(kept):
    scope = Scope(districts={"滨江区"}, streets={"西湖区/转塘街道"}, sites={"s-01"})
    made, _link = kept.make_user(plan("wang", Role.STREET, Role.SITE, display_name="王工", scope=scope), "test")
    assert kept.users.get("wang") == made == kept.users.by_id(made.id)
    assert (made.plan.scope, made.plan.roles) == (scope, {Role.STREET, Role.SITE})
    assert (made.created_at, made.has_password, made.has_totp) == (NOW, False, False)
    changed = kept.change_user(plan("wang", display_name="王小明"), "test")
    assert (changed.plan.display_name, changed.plan.scope) == ("王小明", Scope())
    with pytest.raises(NoSuchUser):
        kept.change_user(plan("li"), "test")


def test_names_and_display_names_are_each_for_one(kept):
    kept.make_user(plan("wang", display_name="王工"), "test")
    for twin in (plan("wang", display_name="李工"), plan("li", display_name="王工")):
        with pytest.raises(UserNameTaken):
            kept.make_user(twin, "test")
    kept.make_user(plan("li", display_name="李工"), "test")
    with pytest.raises(UserNameTaken):
        kept.change_user(plan("li", display_name="王工"), "test")
    assert [user.plan.name for user in kept.users.users()] == ["li", "wang"]


def test_the_last_administrator_stays_one(kept):
    first = administrator(kept, "zhao")
    kept.make_user(plan("qian", Role.ADMINISTRATOR), "test")  # has no password, so does not count
    for change in (first.model_copy(update={"locked": True}), plan("zhao", Role.INSPECTOR)):
        with pytest.raises(LastAdministrator):
            kept.change_user(change, "test")
    administrator(kept, "sun")
    assert kept.change_user(plan("zhao", Role.INSPECTOR), "test").plan.roles == {Role.INSPECTOR}


def test_the_first_administrator_s_link_is_worthless_once_there_is_one(kept):
    token = kept.administrator_link("test")
    administrator(kept, "zhao")
    with pytest.raises(BadLink):
        kept.become_administrator(token, plan("li", Role.ADMINISTRATOR), "correct horse battery", "")
    assert kept.administrator_link("test") is None


def test_of_many_tries_at_once_no_more_are_heard_than_one_after_the_other(kept):
    user = kept.users.add(plan("wang"), kept.entry("test", Action.USER_MADE))
    heard, refused = [], []

    def attempt():
        try:
            heard.append(kept.credentials.begin_try("wang", NOW))
        except SignInLater:
            refused.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(heard), len(refused)) == (5, 7)
    kept.credentials.enter(user.id, "token", NOW, kept.entry("wang", Action.SIGNED_IN))
    assert kept.credentials.begin_try("wang", NOW) is not None


def test_a_link_is_used_by_one_of_two_at_once(kept):
    _user, token = kept.make_user(plan("wang"), "test")
    done = []

    def use(number):
        try:
            kept.set_password_by_link(token, f"correct horse battery {number}", "")
            done.append(number)
        except BadLink:
            pass

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert kept.sign_in("wang", f"correct horse battery {done[0]}", "", "")


def test_a_machine_s_token_works_until_it_is_revoked(kept):
    scopes = {MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE}
    token = kept.tokens.add("edge-1", scopes, kept.entry("test", Action.TOKEN_MADE))
    assert token.startswith("dw_")
    machine = kept.tokens.principal(token, NOW)
    assert (machine.name, machine.machine_scopes, machine.roles) == ("edge-1", scopes, frozenset())
    assert kept.tokens.tokens()[0].used_at == NOW
    assert kept.tokens.principal(token + "x", NOW) is None
    with pytest.raises(TokenNameTaken):
        kept.tokens.add("edge-1", scopes, kept.entry("test", Action.TOKEN_MADE))
    kept.tokens.revoke("edge-1", kept.entry("test", Action.TOKEN_REVOKED))
    assert kept.tokens.principal(token, NOW) is None
    with pytest.raises(NoSuchToken):
        kept.tokens.revoke("edge-1", kept.entry("test", Action.TOKEN_REVOKED))
    assert [entry.action for _, entry in kept.audit.page().entries] == [Action.TOKEN_REVOKED, Action.TOKEN_MADE]


def test_the_audit_log_is_read_in_pages_and_by_who(kept):
    for number in range(7):
        kept.audit.add(kept.entry(f"user-{number % 2}", Action.SIGNED_IN, detail=str(number)))
    first = kept.audit.page(limit=3)
    second = kept.audit.page(limit=10, cursor=first.next_cursor)
    assert [entry.detail for _, entry in (*first.entries, *second.entries)] == list("6543210")
    assert second.next_cursor is None
    assert [entry.detail for _, entry in kept.audit.page(AuditFilter(who="user-1")).entries] == list("531")
    assert kept.audit.page(AuditFilter(action=Action.LOOKED)).entries == ()


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET who = 'x'", "DELETE FROM audit_log"])
def test_the_database_itself_refuses_to_change_the_audit_log(kept, engine, statement):
    kept.audit.add(kept.entry("wang", Action.SIGNED_IN))
    with pytest.raises(DatabaseError, match="can only grow"), engine.begin() as connection:
        connection.execute(text(statement))
    assert len(kept.audit.page().entries) == 1


def test_the_condition_of_a_query_finds_what_the_rule_allows(engine):
    store = SiteStore(engine)
    places = [(f"{d}{s}{n}", d, s) for d in ("a", "b") for s in ("", "x", "y") for n in "12"]
    for site_id, district, street in places:
        store.put(Site(id=site_id, name="n", category="construction", district=district, street=street))
    scopes = (
        Scope(),
        Scope(everywhere=True),
        Scope(districts={"a"}),
        Scope(streets={"b/x", "a/y"}),
        Scope(sites={"ax1", "elsewhere"}),
        Scope(districts={"b"}, streets={"a/x"}, sites={"a1"}),
    )
    for scope in scopes:
        with Session(engine) as session:
            found = set(session.scalars(select(SiteRow.id).where(*in_scope(scope, SiteRow.id))))
        assert found == {site_id for site_id, *place in places if scope.allows(site_id, *place)}, scope


def test_sessions_that_are_over_leave_the_database(kept, engine):
    user = kept.users.add(plan("wang"), kept.entry("test", Action.USER_MADE))
    entry = kept.entry("wang", Action.SIGNED_IN)
    kept.credentials.enter(user.id, "old", NOW - timedelta(days=1), entry)
    kept.credentials.enter(user.id, "new", NOW, entry)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sessions")) == 1
    assert kept.credentials.user_id_of("new", NOW) == user.id


def test_a_token_that_another_process_revoked_is_good_for_a_moment_only(kept, engine):
    scopes, other = {MachineScope.HEALTH_WRITE}, Accounts(engine, MovedClock(NOW))
    token = kept.tokens.add("edge-2", scopes, kept.entry("test", Action.TOKEN_MADE))
    assert kept.tokens.remembered(token, NOW) is None
    assert kept.tokens.principal(token, NOW) is not None
    other.tokens.revoke("edge-2", other.entry("test", Action.TOKEN_REVOKED))
    assert kept.tokens.principal(token, NOW + REMEMBERED - timedelta(seconds=1)) is not None
    assert kept.tokens.principal(token, NOW + REMEMBERED) is None
    assert kept.tokens.principal(token, NOW - timedelta(seconds=1)) is None  # the clock was set back
