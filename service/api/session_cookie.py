"""The cookie that holds a session's token, and the check that a change comes from our own pages."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from service.accounts.sessions import ABSOLUTE_LIMIT

COOKIE = "dustwatch_session"


def session_token(connection: HTTPConnection) -> str:
    """Return the token of the session, empty where there is none."""
    return connection.cookies.get(COOKIE, "")


def give_cookie(connection: HTTPConnection, response: Response, token: str) -> None:
    """Give the browser the session's token: out of reach of scripts, and of other sites' forms."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(ABSOLUTE_LIMIT.total_seconds()),
        secure=connection.url.scheme in {"https", "wss"},
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response) -> None:
    """Make the browser forget the session's token."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def is_from_our_pages(connection: HTTPConnection) -> bool:
    """Tell whether the browser says that the request comes from a page of this server.

    Browsers tell the page's origin with every change and every websocket. Newer ones tell `Sec-Fetch-Site` too, which
    holds behind a proxy that changes the host. What tells neither is no browser, and has no business with cookies.
    """
    said = connection.headers.get("sec-fetch-site")
    if said is not None:
        return said == "same-origin"
    origin = urlsplit(connection.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == connection.headers.get("host", "")
