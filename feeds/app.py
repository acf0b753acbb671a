"""The documents over HTTP. The only import of flask."""

import difflib
import json
import logging
import os
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.http import is_resource_modified

from feeds import addresses, answers, hotpath, pages
from feeds.answers import Answer, Edition
from feeds.asked import Recipe, Refusal
from feeds.live import Live

log = logging.getLogger(__name__)

_METHODS = "GET, HEAD, OPTIONS"
_CONDITIONS = ("REQUEST_METHOD", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_NO_STORE = {"Cache-Control": "no-store"}


def create_app(config: str | Path = "config.yaml", url: str | None = None) -> Flask:
    """A WSGI app that serves the site of the file *config*, as it is at any time.

    Links point to the url in the config, or to *url* where given. Raises LoadError if the site has
    a fault at the start; afterwards a fault leaves the last good site in place.
    """
    live = Live(Path(config), url)
    live.start()
    if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows does not fork
        os.register_at_fork(after_in_child=live.start)  # Threads do not survive a fork.
    app = app_of(live)
    app.extensions["feeds"] = live
    app.wsgi_app = hotpath.wrap(app.wsgi_app, live)  # type: ignore[assignment, method-assign]
    return app


def app_of(live: Live) -> Flask:
    """The app that serves whatever *live* holds."""
    app = Flask("feeds", static_folder=None)

    # The documents are the routing table, so this answers everything before Flask would route.
    @app.before_request
    def answer() -> Response:
        edition = live.edition
        # Not request.path, which drops repeated slashes.
        path = _decoded("PATH_INFO")
        # A proxy may pass the path that the site lies under, or take it off.
        root = edition.site.root
        if root and path not in edition.documents and f"{path}/".startswith(f"{root}/"):
            path = path.removeprefix(root)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return _error(edition, 405, path, {"Allow": _METHODS})
        coding = answers.encoding(request.headers.get("Accept-Encoding", ""))
        spellings = addresses.spellings(path)
        target = next(filter(None, map(edition.site.redirects.get, spellings)), None)
        gone = not edition.site.gone.isdisjoint(spellings)
        # What the config says of an address comes before what can be made of it.
        found = None if target or gone else edition.asked.find(path, _decoded("QUERY_STRING"))
        if isinstance(found, Recipe):
            return _document(edition, edition.answer_asked(found, coding))
        if path in edition.documents and found is None:
            return _document(edition, edition.answer(path, coding))
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": _METHODS})
        if isinstance(found, Refusal):
            return _refusal(found)
        if path == addresses.HEALTH:
            return _health(live)
        if gone and target is None:
            return _error(edition, 410, path, {})
        target = target or found or addresses.guess(path, edition.documents)
        if target is None:
            return _error(edition, 404, path, {})
        headers = {
            "Location": edition.site.location(target),
            "Cache-Control": "public, max-age=3600",
        }
        return Response(status=301, headers=headers)

    # Templates are tried before they are served, but nobody can try every question.
    @app.errorhandler(pages.TemplateError)
    def broken(error: pages.TemplateError) -> Response:
        log.error("%s", error.finding)
        headers = {"Retry-After": "3600", "X-Content-Type-Options": "nosniff", **_NO_STORE}
        return Response(
            f"{HTTPStatus.SERVICE_UNAVAILABLE.phrase}\n", 503, headers, mimetype="text/plain"
        )

    return app


def _decoded(name: str) -> str:
    """A value of the environment as text; replaced characters are in no address."""
    value: str = request.environ.get(name, "")
    return value.encode("latin-1").decode("utf-8", "replace")


def _document(edition: Edition, answer: Answer) -> Response:
    if request.method == "OPTIONS":
        headers = {"Allow": _METHODS}
        if answer.page:
            headers |= {
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Cache-Control",
                "Access-Control-Max-Age": "86400",
            }
        return Response(status=204, headers=headers)
    # Browsers alone send this, and only when a person opens the address. Never other bytes at the
    # feed's own address: a cache could hand them to readers.
    if answer.page and request.headers.get("Sec-Fetch-Dest") == "document":
        headers = {"Location": edition.site.location(answer.page), **_NO_STORE}
        return Response(status=303, headers=headers)
    # RFC 9110, section 13.2.2: these two come before the others, and each before the next.
    if request.if_match:
        failed = not request.if_match.contains_raw(answer.etag)
    else:
        limit = request.if_unmodified_since
        failed = limit is not None and answer.last_modified > limit
    if failed:
        return Response(status=412, headers=_NO_STORE)
    conditions = {name: request.environ[name] for name in _CONDITIONS if name in request.environ}
    if not is_resource_modified(conditions, answer.etag, last_modified=answer.last_modified):
        return Response(status=304, headers=answer.unchanged)
    return Response(answer.body, headers=answer.headers)


def _error(edition: Edition, status: int, path: str, headers: dict[str, str]) -> Response:
    body = pages.error(edition.site, status, _near(edition, path))
    common = {"X-Content-Type-Options": "nosniff", **_NO_STORE, **dict(answers.PAGE_HEADERS)}
    return Response(body, status, common | headers, content_type="text/html; charset=utf-8")


def _refusal(refusal: Refusal) -> Response:
    # In a frame of another site, or to a program of one.
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", **_NO_STORE}
    headers |= dict(answers.SHARED_HEADERS)
    return Response(refusal.body, refusal.status, headers, content_type=refusal.media_type)


def _near(edition: Edition, path: str) -> list[str]:
    """Pages whose address is like *path*; of a big site, among the newest posts and first tags."""
    some = [
        path
        for path in islice(edition.documents, 500)
        if path.endswith("/") and not path.startswith("/embed/")
    ]
    return difflib.get_close_matches(path[:100], some, 3)


def _health(live: Live) -> Response:
    edition = live.edition
    health = {
        "status": "stale" if live.findings else "ok",
        "posts": len(edition.documents.posts),
        "feeds": len(edition.documents.feeds),
        "updated": edition.documents.feeds[0].updated.isoformat(),
        "loaded": live.loaded.isoformat(timespec="seconds"),
        "age": int((datetime.now(UTC) - live.loaded).total_seconds()),
        "findings": [str(finding) for finding in live.findings],
    }
    return Response(
        json.dumps(health, ensure_ascii=False) + "\n",
        headers=_NO_STORE,
        content_type="application/json; charset=utf-8",
    )
