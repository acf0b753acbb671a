"""One server that does everything right, one change, exactly that finding."""

import gzip
import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from feeds import build, fetch, load, publish, rules
from feeds.rules import http as _register  # noqa: F401
from feeds.rules.visit import Visit

from .conftest import NOW, SHIPPED
from .test_cli import serving
from .test_deploy import nginx

RSS = b"<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'>%s</rss>" % (b"<item/>" * 200)
ATOM = b"\xef\xbb\xbf<!-- of --><!DOCTYPE a [<!-- > -->]><a:feed>%s</a:feed>" % (b"<entry/>" * 200)
RDF = b"<rdf:RDF>%s</rdf:RDF>" % (b"<item/>" * 200)
JSON = b'\r\n {"version": "https://jsonfeed.org/version/1.1", "items": [%s]}' % (b"{}, " * 300)
HTML = b"<!DOCTYPE html><html>%s</html>" % (b"<p/>" * 300)
UTF16 = RSS.decode().encode("utf-16")
LATIN = RSS.replace(b"UTF-8", b"iso-8859-1").replace(b"<item/>", b"<item>\xe6</item>")
DANISH = RSS.replace(b"<item/>", "<item>æ</item>".encode())

AS_RSS = "application/rss+xml; charset=utf-8"
AS_JSON = "application/feed+json"


@dataclass
class Request:
    method: str
    path: str
    headers: Message

    def zipped(self) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "")

    def without(self, name: str) -> "Request":
        kept = Message()
        for key, value in self.headers.items():
            if key.lower() != name.lower():
                kept[key] = value
        return replace(self, headers=kept)


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Server:
    """What is served, as it should be."""

    body: bytes = RSS
    type: str = AS_RSS
    modified: str = "Thu, 17 Sep 2020 08:37:00 GMT"

    def answer(self, request: Request) -> Answer:
        if request.path.startswith("/by-"):
            # /by-302-by-301 leads to /by-301, and that to the feed.
            _, status, *rest = request.path.split("-")
            return Answer(int(status), {"Location": f"/{'-'.join(rest)}"})
        etag = hashlib.sha256(self.body).hexdigest()[:8]
        headers = {
            "Date": "Mon, 21 Sep 2020 08:00:00 GMT",
            "ETag": f'"{etag}-gzip"' if request.zipped() else f'"{etag}"',
            "Cache-Control": "public, max-age=3600",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
        }
        asked = request.headers.get("If-None-Match")
        since = request.headers.get("If-Modified-Since")
        if asked == headers["ETag"] or (asked is None and since == self.modified):
            return Answer(304, headers)
        body = self.body
        headers |= {"Last-Modified": self.modified, "Content-Type": self.type}
        if request.zipped():
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        return Answer(200, headers, b"" if request.method == "HEAD" else body)


# What is wrong with the server: makes an answer of a request, with the help of a server that is
# right.
Change = Callable[[Server, Request], Answer]


@dataclass
class Listening:
    """A server at *url* whose behaviour can be changed from test to test."""

    url: str = ""
    server: Server = field(default_factory=Server)
    change: Change = Server.answer


@pytest.fixture(scope="module")
def listening() -> Iterator[Listening]:
    state = Listening()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            request = Request(self.command, self.path, self.headers)
            try:
                answer = state.change(state.server, request)
            except ConnectionError:  # It hangs up.
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_HEAD = do_GET

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()
        thread.join()


def judge(visit: Visit) -> list[rules.Fault]:
    return [rule.at(**details) for rule, check in rules.checks("visit") for details in check(visit)]


def codes(visit: Visit) -> list[str]:
    return [fault.rule.code for fault in judge(visit)]


def header(name: str, value: str | None, *, at: Callable[[Request], bool] | None = None) -> Change:
    """Another value in answers that have the header, or, for None, no such header."""

    def change(server: Server, request: Request) -> Answer:
        answer = server.answer(request)
        if at is None or at(request):
            answer.headers.pop(name, None)
            if value is not None:
                answer.headers[name] = value
        return answer

    return change


def ok(name: str, value: str | None) -> Change:
    """Another value of a header that belongs to a 200."""

    def change(server: Server, request: Request) -> Answer:
        answer = server.answer(request)
        return header(name, value)(server, request) if answer.status == 200 else answer

    return change


def deaf(name: str, *, at: Callable[[Request], bool] = lambda _: True) -> Change:
    """A header of requests is not heard."""
    return lambda server, request: server.answer(request.without(name) if at(request) else request)


def instead(at: Callable[[Request], bool], answer: Answer) -> Change:
    """Another answer to some requests."""
    return lambda server, request: answer if at(request) else server.answer(request)


def head(request: Request) -> bool:
    return request.method == "HEAD"


def asks(name: str, value: str = "") -> Callable[[Request], bool]:
    return lambda request: value in request.headers.get(name, "") and name in request.headers


def no_validators(server: Server, request: Request) -> Answer:
    answer = server.answer(request)
    del answer.headers["ETag"], answer.headers["Last-Modified"]
    return answer


def unquoted(server: Server, request: Request) -> Answer:
    answer = server.answer(request)
    answer.headers["ETag"] = answer.headers["ETag"].strip('"')
    return answer


def weak(server: Server, request: Request) -> Answer:
    """As nginx does it: one tag, weak where it is compressed; it is known again all the same."""
    if tag := request.headers.get("If-None-Match"):
        request = request.without("If-None-Match").without("Accept-Encoding")
        request.headers["If-None-Match"] = tag.removeprefix("W/")
        return server.answer(request)
    answer = server.answer(request)
    if request.zipped():
        plain = server.answer(request.without("Accept-Encoding"))
        answer.headers["ETag"] = f"W/{plain.headers['ETag']}"
    return answer


def shared(server: Server, request: Request) -> Answer:
    """The same strong tag for all."""
    plain = server.answer(request.without("Accept-Encoding"))
    if plain.status == 304:
        return plain
    answer = server.answer(request)
    answer.headers["ETag"] = plain.headers["ETag"]
    return answer


def nonsense_after_304(server: Server, request: Request) -> Answer:
    answer = server.answer(request)
    if answer.status == 304:
        answer.body = b"0\r\n\r\n"
    return answer


def body_after_head(server: Server, request: Request) -> Answer:
    return server.answer(replace(request, method="GET"))


def restless(at: Callable[[Request], bool] = lambda _: True) -> Change:
    """Other bytes each time."""
    count = itertools.count()

    def change(server: Server, request: Request) -> Answer:
        if not at(request):
            return server.answer(request)
        body = server.body.replace(b"</", b"<!-- %d --></" % next(count))
        return replace(server, body=body).answer(request.without("If-Modified-Since"))

    return change


def random_tags() -> Change:
    """The same bytes, under another tag each time."""
    count = itertools.count()

    def change(server: Server, request: Request) -> Answer:
        answer = server.answer(request)
        answer.headers["ETag"] = f'"{next(count)}"'
        return answer

    return change


def zipped_for_all(server: Server, request: Request) -> Answer:
    zipped = request.without("Accept-Encoding")
    zipped.headers["Accept-Encoding"] = "gzip"
    return server.answer(zipped)


def zipped_unless_refused(server: Server, request: Request) -> Answer:
    asked = "Accept-Encoding" in request.headers
    return server.answer(request) if asked else zipped_for_all(server, request)


def hangs_up(server: Server, request: Request) -> Answer:
    if head(request):
        raise ConnectionAbortedError
    return server.answer(request)


def in_chunks_but_for_head(length: int) -> Change:
    """GET says no length, HEAD does."""

    def change(server: Server, request: Request) -> Answer:
        value = str(length) if head(request) else None
        return header("Content-Length", value)(server, request)

    return change


@dataclass
class Case:
    """A change and what is found. H102 is not counted: the test's server has no https."""

    found: str
    change: Change = Server.answer
    path: str = "/"
    server: Server = field(default_factory=Server)


def document(body: bytes, type: str) -> Server:  # noqa: A002
    return Server(body=body, type=type)


FEED = Server()
LENGTH = len(FEED.body)
NOT_FOUND = Answer(404, {"Content-Type": "text/html"}, HTML)
PAGE = Answer(200, {"Content-Type": "text/html"}, HTML)

CASES = [
    # All is well.
    Case(""),
    Case("", path="/by-301-"),
    Case("", weak),
    Case("", server=document(ATOM, "Application/Atom+XML ;charset=UTF8")),
    Case("", server=document(RDF, "application/rdf+xml")),
    Case("", server=document(RDF, "application/rss+xml")),
    Case("", server=document(JSON, "application/feed+json")),
    Case("", server=document(JSON, "application/json; charset=utf-8")),
    Case("", server=document(UTF16, "application/rss+xml; charset=utf-16le")),
    Case("", server=document(LATIN, "application/rss+xml; charset=latin1")),
    # What it is, is for the rules on documents to say.
    Case("", server=document(HTML, "text/html")),
    Case("", server=document(b" " * 2000, "text/plain")),
    # The address.
    Case("H101", instead(lambda _: True, NOT_FOUND)),
    Case("H101", instead(lambda _: True, Answer(599))),
    Case("H104", path="/by-302-"),
    Case("H104", path="/by-303-"),
    Case("H104", path="/by-307-"),
    Case("H105", path="/by-308-"),
    Case("H106", path="/by-301-by-301-"),
    # What it is said to be.
    Case("H111", ok("Content-Type", None)),
    Case("H111", ok("Content-Type", "text/plain; charset=utf-8")),
    Case("H111", ok("Content-Type", "application/octet-stream")),
    Case("H111", ok("Content-Type", "text/html")),
    Case("H111", ok("Content-Type", "application/xhtml+xml")),
    Case("H111", ok("Content-Type", "application/json")),
    Case("H111", server=document(JSON, "application/xml")),
    Case("H112", ok("Content-Type", "application/xml")),
    Case("H112", ok("Content-Type", "text/xml")),
    Case("H112", ok("Content-Type", "application/atom+xml")),
    Case("H113", server=document(RSS, "application/rss+xml; charset=iso-8859-1")),
    Case("H113", server=document(LATIN, "application/rss+xml; charset=utf-8")),
    Case("H113", server=document(UTF16, 'application/rss+xml; charset="utf-8"')),
    Case("H113", server=document(ATOM, "application/atom+xml; charset=us-ascii")),
    Case("H113", server=document(RDF, "application/rdf+xml; charset=x-unknown")),
    Case("H113", server=document(JSON, "application/feed+json; charset=windows-1252")),
    Case("H112 H114", server=document(DANISH, "text/xml")),
    Case("H112", server=document(DANISH, "text/xml; charset=utf-8")),
    # Asking whether there is something new.
    Case("H121", no_validators),
    Case("H122", header("ETag", None)),
    Case("H123", ok("Last-Modified", None)),
    Case("H124", unquoted),
    Case("H125", server=Server(modified="2020-09-17T08:37:00Z")),
    Case("H125", server=Server(modified="Thu, 31 Sep 2020 08:37:00 GMT")),
    Case("H125", deaf("If-Modified-Since"), server=Server(modified="tor, 17 sep 2020")),
    Case("H126", server=Server(modified="Mon, 21 Sep 2020 08:00:01 GMT")),
    Case("H126", server=Server(modified="Thu, 01 Jan 1970 00:00:01 GMT")),
    Case("", header("Date", None), server=Server(modified="Mon, 21 Sep 2020 08:00:01 GMT")),
    Case("H127", deaf("If-None-Match")),
    Case("H127", deaf("If-None-Match", at=lambda request: not request.zipped())),
    Case("H128", deaf("If-Modified-Since")),
    Case("H129", header("ETag", None, at=asks("If-None-Match"))),
    Case("H129", header("ETag", '"other"', at=asks("If-None-Match"))),
    Case("H130", nonsense_after_304),
    Case("H130", body_after_head),
    Case("H131", restless()),
    Case("H132", random_tags()),
    # Asking in other ways.
    Case("H141", zipped_for_all),
    Case("H141", zipped_unless_refused),
    Case("H142", deaf("Accept-Encoding")),
    Case("", deaf("Accept-Encoding"), server=document(b"<rss/>", AS_RSS)),
    Case("H143", header("Vary", None)),
    Case("H143", header("Vary", "Origin")),
    Case("", header("Vary", "Origin, accept-encoding")),
    Case("", header("Vary", "*")),
    Case("H144", shared),
    Case("H145", deaf("If-None-Match", at=Request.zipped)),
    # A post was published between the two.
    Case("", restless(Request.zipped)),
    Case("H146", instead(asks("Accept", "text/html"), PAGE)),
    Case("H146", instead(asks("Accept", "text/html"), Answer(200))),
    Case("H147", instead(asks("Accept", "text/html"), Answer(302, {"Location": "/"}))),
    Case("H147", instead(lambda request: "*/*" not in request.headers["Accept"], Answer(406))),
    Case("H147", instead(asks("Origin"), Answer(403))),
    Case("H147", instead(asks("If-Modified-Since"), Answer(500))),
    Case("H148", hangs_up),
    Case("H148", instead(asks("Origin"), Answer(429))),
    Case("H149", instead(head, Answer(405))),
    Case("H149", header("Content-Type", "text/html", at=head)),
    Case("H149", header("ETag", '"other"', at=head)),
    Case("H149", header("Content-Length", "0", at=head)),
    Case("H149", in_chunks_but_for_head(LENGTH + 1)),
    Case("", in_chunks_but_for_head(LENGTH)),
    Case("", instead(head, Answer(200))),
    # Pages and caches.
    Case("H151", header("Access-Control-Allow-Origin", None)),
    Case("H151", header("Access-Control-Allow-Origin", "https://other.example")),
    Case("", header("Access-Control-Allow-Origin", "https://example.org", at=asks("Origin"))),
    Case("H152", header("Cache-Control", None)),
    Case("H152", header("Cache-Control", "public")),
    Case("", header("Cache-Control", 'private, No-Cache="a"')),
    Case("H153", header("Cache-Control", "max-age=86401")),
    Case("H153", header("Cache-Control", 'public,MAX-AGE="%s"' % ("9" * 99))),
    Case("", header("Cache-Control", "s-maxage=604800, max-age=86400")),
    Case("H154", header("Cache-Control", "max-age=0, no-store")),
    Case("H155", header("Set-Cookie", "a=b")),
]


def expires(cache_control: str | None, value: str) -> Change:
    def change(server: Server, request: Request) -> Answer:
        answer = header("Cache-Control", cache_control)(server, request)
        answer.headers["Expires"] = value
        return answer

    return change


CASES += [
    Case("H153", expires(None, "Wed, 23 Sep 2020 08:00:00 GMT")),
    Case("", expires("max-age=60", "Wed, 23 Sep 2020 08:00:00 GMT")),
    Case("", expires(None, "Mon, 21 Sep 2020 09:00:00 GMT")),
    Case("", expires(None, "0")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.found or "none")
def test_one_change_one_finding(
    listening: Listening, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "server", case.server)
    monkeypatch.setattr(listening, "change", case.change)
    visit = fetch.visit(listening.url + case.path)
    faults = [fault for fault in judge(visit) if fault.rule.code != "H102"]
    assert [fault.rule.code for fault in faults] == case.found.split(), faults


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        (["https"], []),
        (["http", "https"], []),
        (["http"], ["H102"]),
        (["https", "http"], ["H103"]),
        (["https", "http", "https"], ["H103", "H106"]),
        (["http", "https", "http"], ["H103", "H106"]),
    ],
)
def test_from_http_to_https_and_back(
    listening: Listening, addresses: list[str], found: list[str]
) -> None:
    visit = fetch.visit(listening.url)
    *hops, last = (
        replace(visit.response, status=301, url=f"{scheme}://e.example/") for scheme in addresses
    )
    last = replace(last, status=200)
    assert codes(replace(visit, hops=tuple(hops), response=last)) == found


def test_every_rule_has_its_row() -> None:
    tried = {code for case in CASES for code in case.found.split()} | {"H102", "H103"}
    assert {rule.code for rule, _ in rules.checks("visit")} == tried


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            instead(lambda _: True, NOT_FOUND),
            "The address answers 404 Not Found instead of 200.",
        ),
        (
            instead(lambda request: "*/*" not in request.headers["Accept"], Answer(406)),
            "Asked with Accept: application/rss+xml, the address answers 406 Not Acceptable.",
        ),
        (
            hangs_up,
            "Asked with HEAD, the address hangs up before its answer is whole.",
        ),
        (
            ok("Content-Type", None),
            "The feed is RSS, but is served as nothing in particular.",
        ),
        (
            header("Content-Length", "0", at=head),
            f"HEAD is answered with content-length 0, GET with {LENGTH}.",
        ),
        (
            header("ETag", None, at=asks("If-None-Match")),
            f'The 304 has no ETag, where the 200 has "{hashlib.sha256(RSS).hexdigest()[:8]}".',
        ),
    ],
)
def test_messages(
    listening: Listening, change: Change, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "change", change)
    assert message in [fault.message for fault in judge(fetch.visit(listening.url))]


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * 20_000,
        b"<!-- -->" * 10_000,
        b"<!DOCTYPE " + b"[" * 60_000,
        b"<!DOCTYPE " + b"[]" * 30_000 + b"<",
        b"<?xml " + b"encoding=" * 7_000,
        b" " * 70_000,
        b"<" + b"a" * 70_000,
        b"<?" * 40_000,
    ],
)
def test_a_document_made_to_waste_time(listening: Listening, body: bytes) -> None:
    visit = fetch.visit(listening.url)
    response = replace(visit.response, body=body)
    assert isinstance(codes(replace(visit, response=response)), list)


def test_what_we_serve_ourselves_has_no_finding_but_plain_http() -> None:
    with serving("--quiet") as (url, _, _):
        for path in ("/rss.xml", "/atom.xml", "/feed.json", "/tags/ydmyghed/feed/"):
            assert codes(fetch.visit(url + path)) == ["H102"], path


@pytest.mark.slow
def test_what_nginx_serves_for_us_has_no_finding_but_plain_http(tmp_path: Path) -> None:
    site = load.site(SHIPPED / "config.yaml")
    build.write(publish.for_static_host(site, publish.documents(site, NOW)), tmp_path / "public")
    tmp_path.chmod(0o755)
    root = ("/srv/feeds/public", str(tmp_path / "public"))
    with nginx("nginx-static.conf", tmp_path, root=root) as url:
        for path in ("/rss.xml", "/atom.xml", "/feed.json", "/tags/ydmyghed/feed/"):
            assert codes(fetch.visit(url + path)) == ["H102"], path
