"""Everything about accounts in one place: the stores of a database, and what is done with several of them at once."""

from datetime import timedelta

import structlog
from sqlalchemy import Engine

from service.accounts.audit import Action, Entry
from service.accounts.passwords import check_password, hash_password, is_password
from service.accounts.principal import Principal, principal_of_user
from service.accounts.secret_tokens import new_token
from service.accounts.sessions import ProviderSession
from service.accounts.totp import accepted_step
from service.accounts.users import User, UserPlan, told
from service.clock import Clock
from service.errors import BadSignIn, NoSuchUser, OidcNobody
from service.storage.audit_store import AuditStore
from service.storage.credential_store import CredentialStore
from service.storage.link_store import LinkStore, Purpose
from service.storage.scope_rows import ScopeRows
from service.storage.token_store import TokenStore
from service.storage.user_store import UserStore

LINK_LIFETIME = timedelta(hours=24)
_BY_PROVIDER = "by the identity provider"

log = structlog.get_logger(__name__)


class Accounts:
    """The accounts of one service. Safe to call from several threads; `address` is always the caller's IP address."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.clock = clock
        self.users = UserStore(engine)
        self.credentials = CredentialStore(engine)
        self.links = LinkStore(engine)
        self.tokens = TokenStore(engine)
        self.audit = AuditStore(engine)
        self.rows = ScopeRows(engine)

    def entry(self, who: str, action: Action, address: str = "", detail: str = "") -> Entry:
        """Return an entry of the audit log for now."""
        return Entry(self.clock(), who, action, address, None, detail)

    def sign_in(self, name: str, password: str, code: str, address: str) -> str:
        """Return the token of a new session.

        Raises:
            BadSignIn: name, password or code are wrong, or the user is locked.
            SignInLater: there were too many tries.
        """
        name, now = name.strip().lower(), self.clock()
        known = self.credentials.begin_try(name, now)
        fits = is_password(known.password_hash if known else "", password)  # without a user it takes as long
        if known is None or not fits or known.locked:
            # A name that nobody has may be a password in the wrong field: it is not written down.
            raise self._refused(name if known else "", address)
        step = None
        if known.totp_secret:
            step = accepted_step(known.totp_secret, code, known.totp_step, now)
            if step is None:
                raise self._refused(name, address)
        token = new_token()
        if not self.credentials.enter(known.user_id, token, now, self.entry(name, Action.SIGNED_IN, address), step):
            raise self._refused(name, address)
        log.info("account.signed_in", user=name)
        return token

    def sign_in_by_link(self, token: str, address: str) -> str:
        """Use the link up, and return the token of a new session. Raises BadLink."""
        user = self.links.use_to_sign_in(token, self.clock())
        session = new_token()
        entry = self.entry(user.plan.name, Action.SIGNED_IN, address, "by a one-time link")
        self.credentials.enter(user.id, session, entry.at, entry)
        return session

    def sign_in_by_provider(
        self, name: str, address: str, new_user: UserPlan | None = None, *, vouched: ProviderSession | None = None
    ) -> str:
        """Return the token of a new session of whom the identity provider vouches for.

        The provider's word stands for the password and for the second factor. `new_user` is the account to make where
        there is none, and `vouched` what is kept of the provider's session.

        Raises:
            OidcNobody: there is no account of this name, or it is locked.
            UserNameTaken: another user has the new one's display name.
        """
        user = self._user_or_new(name, address, new_user)
        if user is None or user.plan.locked:
            self.audit.add(self.entry(name if user else "", Action.SIGN_IN_REFUSED, address, _BY_PROVIDER))
            log.warning("account.sign_in_refused", address=address)
            raise OidcNobody(name=name)
        session = new_token()
        entry = self.entry(user.plan.name, Action.SIGNED_IN, address, _BY_PROVIDER)
        self.credentials.enter(user.id, session, entry.at, entry, vouched=vouched)
        log.info("account.signed_in", user=user.plan.name)
        return session

    def sign_out(self, token: str, name: str, address: str) -> ProviderSession | None:
        """End the session; return the identity provider's that it came from, None where it came from none."""
        return self.credentials.leave(token, self.entry(name, Action.SIGNED_OUT, address))

    def sign_out_by_provider(self, subject: str, provider_session: str, address: str) -> int:
        """End what came from a session that has ended at the identity provider; return how many sessions that were."""

        def entry(name: str) -> Entry:
            return self.entry(name, Action.SIGNED_OUT, address, _BY_PROVIDER)

        return self.credentials.end_provider_sessions(subject, provider_session, entry)

    def session_user(self, token: str, *, is_use: bool = True) -> User | None:
        """Return whose session it is; None where it is over, was never one, or its user is locked."""
        user_id = self.credentials.user_id_of(token, self.clock(), is_use=is_use)
        user = None if user_id is None else self.users.by_id(user_id)
        return None if user is None or user.plan.locked else user

    def principal(self, token: str, *, is_use: bool = True) -> Principal | None:
        """Return who the session belongs to, as `session_user` finds it."""
        user = self.session_user(token, is_use=is_use)
        return None if user is None else principal_of_user(user)

    def make_user(self, plan: UserPlan, who: str, address: str = "") -> tuple[User, str]:
        """Add a user; return it and the token of the link by which its password is set. Raises UserNameTaken."""
        user = self.users.add(plan, self.entry(who, Action.USER_MADE, address, told(plan)))
        return user, self._password_link(user, who, address)

    def change_user(self, plan: UserPlan, who: str, address: str = "") -> User:
        """Change a user. Raises NoSuchUser, UserNameTaken, LastAdministrator."""
        return self.users.change(plan, self.entry(who, Action.USER_CHANGED, address, told(plan)))

    def reset(self, name: str, who: str, address: str = "") -> str:
        """Return the token of a link by which the user sets a new password, which turns the second factor off."""
        return self._password_link(self.users.get(name), who, address)

    def administrator_link(self, who: str) -> str | None:
        """Return the token of a link by which the first administrator is made; None where there is one already."""
        if self.users.has_administrator():
            return None
        entry = self.entry(who, Action.LINK_MADE, detail="for the first administrator")
        return self.links.issue(Purpose.ADMINISTRATOR, entry.at + LINK_LIFETIME, entry)

    def sign_in_link(self, name: str, who: str) -> str:
        """Return the token of a link that signs the user in once. Raises NoSuchUser."""
        user = self.users.get(name)
        entry = self.entry(who, Action.LINK_MADE, detail=f"for {name} to sign in")
        return self.links.issue(Purpose.SIGN_IN, entry.at + LINK_LIFETIME, entry, user.id)

    def become_administrator(self, token: str, plan: UserPlan, password: str, address: str) -> User:
        """Use the first administrator's link up. Raises BadLink, UserNameTaken, and what `check_password` does."""
        check_password(password, plan.name, plan.display_name)
        entry = self.entry(plan.name, Action.USER_MADE, address, f"{told(plan)}; by the first administrator's link")
        return self.links.become_administrator(token, plan, hash_password(password), entry)

    def set_password_by_link(self, token: str, password: str, address: str) -> User:
        """Use a user's link up. Raises BadLink, and what `check_password` does."""
        user = self.links.look(token, self.clock()).user
        names = () if user is None else (user.plan.name, user.plan.display_name)
        check_password(password, *names)
        name = user.plan.name if user else ""
        entry = self.entry(name, Action.PASSWORD_SET, address, "by a one-time link")
        return self.links.set_password(token, hash_password(password), entry)

    def change_password(self, user: User, old: str, new: str, session: str, address: str) -> None:
        """Set a new password and end the user's other sessions.

        Raises:
            BadSignIn: the old password is wrong.
            SignInLater: it was wrong too often.
            PasswordTooShort, PasswordTooLong, PasswordTooCommon: the new one is none to use.
        """
        name = user.plan.name
        check_password(new, name, user.plan.display_name)
        known = self.credentials.begin_try(name, self.clock())
        if known is None or not is_password(known.password_hash, old):
            raise self._refused(name, address)
        entry = self.entry(name, Action.PASSWORD_SET, address)
        self.credentials.set_password(user.id, hash_password(new), entry, keep=session)

    def set_second_factor(self, user: User, secret: str, code: str, address: str) -> None:
        """Turn the second factor on with a code of the new secret, or off (empty secret) with one of the old.

        Raises:
            BadSignIn: the code is wrong.
            SignInLater: it was wrong too often.
        """
        name, now = user.plan.name, self.clock()
        known = self.credentials.begin_try(name, now)
        if known is None:
            raise NoSuchUser(name=name)
        step = accepted_step(secret or known.totp_secret, code, 0 if secret else known.totp_step, now)
        if step is None:
            raise self._refused(name, address)
        action = Action.TOTP_ON if secret else Action.TOTP_OFF
        self.credentials.set_totp(user.id, secret, step, self.entry(name, action, address))

    def _user_or_new(self, name: str, address: str, new_user: UserPlan | None) -> User | None:
        try:
            return self.users.get(name)
        except NoSuchUser:
            if new_user is None:
                return None
        entry = self.entry(new_user.name, Action.USER_MADE, address, f"{told(new_user)}; {_BY_PROVIDER}")
        return self.users.add(new_user, entry)

    def _password_link(self, user: User, who: str, address: str) -> str:
        name = user.plan.name
        entry = self.entry(who, Action.LINK_MADE, address, f"for {name} to set a password")
        return self.links.issue(Purpose.PASSWORD, entry.at + LINK_LIFETIME, entry, user.id)

    def _refused(self, name: str, address: str) -> BadSignIn:
        self.audit.add(self.entry(name, Action.SIGN_IN_REFUSED, address))
        log.warning("account.sign_in_refused", address=address)
        return BadSignIn()
