"""The short way and the long way give the same answers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feeds import hotpath
from feeds.app import app_of
from feeds.live import Live

from .conftest import SITE

Result = tuple[str, list[tuple[str, str]], bytes]


class Ways:
    """An app with the short way before it and without, and how often the long way was taken."""

    def __init__(self, config: Path) -> None:
        self.live = Live(config)
        self.app = app_of(self.live)
        self.fell_through = 0

        def long(environ, start_response):  # type: ignore[no-untyped-def]
            self.fell_through += 1
            return self.app(environ, start_response)

        self.short = hotpath.wrap(long, self.live)

    def ask(self, *, short: bool, **environ: str) -> Result:
        request = EnvironBuilder(base_url="http://x/").get_environ() | environ
        body, status, headers = run_wsgi_app(self.short if short else self.app, request)
        return status, list(headers), b"".join(body)

    def is_hot(self, **environ: str) -> bool:
        before = self.fell_through
        self.ask(short=True, **environ)
        return self.fell_through == before


@pytest.fixture(scope="module")
def ways() -> Ways:
    made = Ways(SITE / "config.yaml")
    for path in made.live.edition.documents:
        for coding in ("", "gzip", "br", "zstd"):
            made.live.edition.answer(path, coding)
    return made


def test_what_is_hot(ways: Ways) -> None:
    tag = ways.live.edition.answer("/rss.xml", "gzip").etag
    gzip = {"PATH_INFO": "/rss.xml", "HTTP_ACCEPT_ENCODING": "gzip"}
    assert ways.is_hot(**gzip)
    assert ways.is_hot(**gzip, HTTP_IF_NONE_MATCH=tag)
    assert ways.is_hot(**gzip, HTTP_IF_NONE_MATCH=tag, HTTP_IF_MODIFIED_SINCE="x")
    assert ways.is_hot(**gzip, REQUEST_METHOD="HEAD")
    for cold in (
        {"HTTP_IF_NONE_MATCH": f"W/{tag}"},
        {"HTTP_IF_NONE_MATCH": f'"x", {tag}'},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_MODIFIED_SINCE": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"HTTP_SEC_FETCH_DEST": "document"},
        {"PATH_INFO": "/feed"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"QUERY_STRING": "utm=1"},
    ):
        assert not ways.is_hot(**gzip | cold)


# Not /healthz, which tells how old the content is, to the second.
PATHS = ["/", "/rss.xml", "/tags/no/atom.xml", "/feed.json", "/style.css", "/favicon.ico", "/feed",
         "/nope", "/blog/rss.xml", "/rss.xml/", "//rss.xml", "/tags/no", "/search/", "/search",
         "/search/rss.xml", "/search/?q=en", "/tags/no+test/", "/tags/test+no/feed.json",
         "/embed/"]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    method=st.sampled_from(["GET", "GET", "HEAD", "OPTIONS", "POST"]),
    path=st.sampled_from(PATHS),
    query=st.sampled_from(["", "", "a=b", "q=en", "q=en+", "items=1", "items=x"]),
    accept=st.none() | st.sampled_from(["gzip", "br", "zstd, br;q=0.9", "gzip;q=0", "*", "x", ""]),
    tag=st.none() | st.sampled_from(["{}", "{}", "W/{}", '"x", {}', "*", '"x"', "", "{} "]),
    coding=st.sampled_from(["", "gzip", "br", "zstd"]),
    more=st.dictionaries(
        st.sampled_from(
            [
                *("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
                *("HTTP_SEC_FETCH_DEST", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_ORIGIN"),
            ]
        ),
        st.sampled_from(
            ["Thu, 31 Dec 2099 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", "document", "*",
             '"x"', "bytes=0-9", ""]
        ),
        max_size=2,
    ),
)  # fmt: skip
def test_both_ways_give_the_same(
    ways: Ways,
    method: str,
    path: str,
    query: str,
    accept: str | None,
    tag: str | None,
    coding: str,
    more: dict[str, str],
) -> None:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **more}
    if accept is not None:
        environ["HTTP_ACCEPT_ENCODING"] = accept
    if tag is not None:
        known = path if path in ways.live.edition.documents else "/rss.xml"
        environ["HTTP_IF_NONE_MATCH"] = tag.format(ways.live.edition.answer(known, coding).etag)
    assert ways.ask(short=True, **environ) == ways.ask(short=False, **environ)
