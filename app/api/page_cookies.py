"""The cookie that lets a web page in, and what else a request that carries it must show."""

import re
from datetime import datetime

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from app.api.problems import Refusal

WRITE_HEADER = "X-Papertree"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_TOKEN = re.compile(r"ps_[A-Za-z0-9_-]{43}")
_PORT = re.compile(r":(\d{1,5})$", re.ASCII)


class ForgeryRefused(Refusal):
    """A request that carries a page's cookie, and may have been made by the page of somebody else."""

    slug = "page-not-shown"
    title = "The request does not show that it comes from our own page"
    status = 403


def cookie_name(scope: Scope) -> str:
    """Name the cookie after the port: browsers do not tell ports of one host apart."""
    port = _PORT.search(Headers(scope=scope).get("host", ""))
    return f"papertree_{port[1]}" if port else "papertree"


def read_token(scope: Scope) -> str | None:
    """Read the token of a page from its cookie; two cookies of the name are none, as one may be planted."""
    name = cookie_name(scope)
    pairs = [
        pair.strip().partition("=")
        for header in Headers(scope=scope).getlist("cookie")
        for pair in header.split(";")
    ]
    values = [value for given, _, value in pairs if given == name]
    return values[0] if len(values) == 1 and _TOKEN.fullmatch(values[0]) else None


def refuse_forgery(scope: Scope) -> None:
    """Let a request with a cookie pass only if no page of another origin can have made it.

    What changes something must carry the header that forms and images cannot send, and name its origin,
    which `HostCheck` has compared with ours. What reads may not come from other sites but by a link;
    pages of other ports of this host count as the same site, so that ``SameSite`` alone stops none of them.

    Raises
    ------
    ForgeryRefused
        If it may be forged.
    """
    headers = Headers(scope=scope)
    if scope["method"] not in _SAFE_METHODS:
        if headers.getlist(WRITE_HEADER) != ["1"] or not headers.getlist("origin"):
            raise ForgeryRefused(f"Send the headers `{WRITE_HEADER}: 1` and `Origin`, or a key instead.")
        return
    is_link = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not is_link:
        raise ForgeryRefused("Only our own pages may read this with their cookie.")


def set_cookie(response: Response, scope: Scope, token: str, expires_at: datetime) -> None:
    """Give a browser the token; no script can read it."""
    response.set_cookie(
        cookie_name(scope),
        token,
        expires=expires_at,
        path="/",
        secure=scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )


def delete_cookie(response: Response, scope: Scope) -> None:
    """Have a browser forget the token."""
    response.delete_cookie(
        cookie_name(scope), path="/", secure=scope["scheme"] == "https", httponly=True, samesite="lax"
    )
