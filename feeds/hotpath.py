"""Polls answered before Flask is asked: a known address, GET or HEAD, a current tag or none.

Everything else falls through to the app, which is complete and correct without this. A test throws
random requests at both ways and finds the same status, headers and body.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from feeds.answers import encoding
from feeds.live import Live

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What has a say in the answer before If-None-Match has (RFC 9110, section 13.2.2), or without it.
_BEFORE = frozenset({"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})
_WITHOUT = _BEFORE | {"HTTP_IF_MODIFIED_SINCE"}


def wrap(app: "WSGIApplication", live: Live) -> "WSGIApplication":
    """*app*, with the polls of what *live* has ready answered before it."""

    def hot(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD") and not environ.get("QUERY_STRING"):
            coding = encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
            answer = live.edition.ready(environ["PATH_INFO"], coding)
            if answer is not None and environ.get("HTTP_SEC_FETCH_DEST") != "document":
                tag = environ.get("HTTP_IF_NONE_MATCH")
                if tag == answer.etag and _BEFORE.isdisjoint(environ):
                    start_response("304 NOT MODIFIED", answer.unchanged.copy())
                    return ()
                if tag is None and _WITHOUT.isdisjoint(environ):
                    start_response("200 OK", answer.headers.copy())
                    return (answer.body,) if method == "GET" else ()
        return app(environ, start_response)

    return hot
