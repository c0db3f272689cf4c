"""What can go wrong while somebody proves who they are."""

from service.errors.base import ServiceError


class BadSignIn(ServiceError):
    """Name, password or code are not right; which of them is not told."""

    template = "the name, the password or the code is wrong"


class OidcUnreachable(ServiceError):
    """The identity provider does not answer, or not in time."""

    template = "the identity provider can't be reached; try again later, or sign in with your password"


class OidcRefused(ServiceError):
    """The identity provider did not tell who somebody is, or not so that it can be believed."""

    template = "the identity provider did not sign you in: {detail}"


class OidcTooLate(ServiceError):
    """The sign-in was begun in another browser, before a new start of the service, or too long ago."""

    template = "this sign-in was begun elsewhere or too long ago; begin it again"


class OidcNobody(ServiceError):
    """The identity provider knows somebody who has no account, or a locked one."""

    template = "{name} has no account here, or it is locked; ask an administrator"


class NoOidc(ServiceError):
    """The service runs without an identity provider."""

    template = "signing in through an identity provider is not set up"


class SignInLater(ServiceError):
    """There were too many wrong tries."""

    template = "too many tries; the next one is heard in {seconds} seconds"


class NotSignedIn(ServiceError):
    """Nobody is signed in, or the token is not known."""

    template = "sign in first, or send a valid token"


class NotAllowed(ServiceError):
    """Who is signed in may not do this."""

    template = "your roles or your token do not allow this"


class ForeignSite(ServiceError):
    """A machine's token is bound to other sites."""

    template = (
        "the token {token} is not for the site {site_id}: correct the site in the edge's configuration, or ask an "
        "administrator for a token of this site"
    )


class ForeignCamera(ServiceError):
    """A machine's token is bound to sites of which the camera is none, or is not known to be one."""

    template = (
        "the camera {camera_id} is not known as one of the sites that the token {token} is for: give it an id of its "
        "own, or ask an administrator for a token of all sites at which it is known"
    )


class ForeignCase(ServiceError):
    """A machine's token is bound to sites of which the case is none."""

    template = "the token {token} is not for the site of case {case_id}: ask an administrator for a token of its site"


class WholeCity(ServiceError):
    """What a machine wants to change is no single site's."""

    template = "this is the whole city's, and the token {token} is for some sites: ask an administrator for one for all"


class CrossSite(ServiceError):
    """A change came with a cookie, but not from a page of this server."""

    template = "a change has to come from a page of this server; send Origin, or use a token"


class BadLink(ServiceError):
    """The one-time link is no longer, or was never, good."""

    template = "this link was used already, is too old, or was never given out; ask for a new one"


class OpenBeyondLoopback(ServiceError):
    """Without accounts, others could reach the service."""

    template = "--open has no accounts, so it listens on this machine alone; {host} is reached by others"


class CertificateProblem(ServiceError):
    """A certificate or its authority can't be made or used."""

    template = "certificates: {detail}"
