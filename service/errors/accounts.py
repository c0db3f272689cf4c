"""What can go wrong with users, their passwords and machines' tokens."""

from service.errors.base import ServiceError


class PasswordTooShort(ServiceError):
    """The password has too few characters."""

    template = "a password needs {least} characters and more"


class PasswordTooLong(ServiceError):
    """The password has too many characters."""

    template = "a password may have {most} characters at most"


class PasswordTooCommon(ServiceError):
    """The password is easily guessed."""

    template = "this password is easily guessed: it is common, has few different characters, or is your name"


class PasswordsDiffer(ServiceError):
    """The password was typed in twice, not the same."""

    template = "the two passwords are not the same"


class NoSuchUser(ServiceError):
    """The user is not there."""

    template = "there is no user {name}"


class UserNameTaken(ServiceError):
    """Another user has the name or the display name."""

    template = "another user has the name {name} or the display name {display_name} already"


class LastAdministrator(ServiceError):
    """Nobody would be left to administer."""

    template = "{name} is the last administrator, and has to stay one who is not locked"


class UserNameMismatch(ServiceError):
    """The address names another user than the body."""

    template = "the name in the address must equal the user's name"


class BadUser(ServiceError):
    """What is told about a user can't be right."""

    template = "the user can't be kept: {detail}"


class BadToken(ServiceError):
    """What is told about a machine's token can't be right."""

    template = "the token can't be made: {detail}"


class NoSuchToken(ServiceError):
    """The machine's token is not there."""

    template = "there is no token {name}"


class TokenNameTaken(ServiceError):
    """Another token has the name."""

    template = "another token has the name {name} already; revoke it first"
