"""What a feed's address answers when it is asked as readers ask: what the rules on HTTP judge.

Servers may be broken or hostile: every request has a deadline and a bound on what is read, and
redirects lead to http and https alone. Nothing of the environment goes out: no proxy, no
credentials, no cookies.
"""

import gzip
import http.client
import io
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from feeds import __version__, urls
from feeds.rules.visit import Response, Visit

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES = 16 * 1024 * 1024  # of a document, after decompression
SECONDS = 20.0  # for one request; looking up the name takes as long as the system lets it
_PAUSE = 1.0  # seconds to wait for a body where none may be
_REDIRECTS = 5

_PLAIN = {"Accept": "*/*", "Accept-Encoding": "identity"}
_GZIP = {"Accept": "*/*", "Accept-Encoding": "gzip"}
_ORIGIN = "https://example.org"
# Miniflux's; FreshRSS and SimplePie name text/html too.
_MIXED = (
    "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, "
    "application/feed+json, text/html, */*;q=0.9"
)


class FetchError(Exception):
    """Why there is no answer to judge, as the rest of a sentence that begins with the address."""


def visit(address: str) -> Visit:
    """Ask at *address* what the rules want to know: eight requests at the most, and redirects.

    Raises FetchError if the first has no answer that can be judged. If that is not a 200, nothing
    more is asked.
    """
    hops, response = get(address)
    answers: dict[str, Response] = {}
    failed: list[tuple[str, str]] = []
    for name, asked, headers in _questions(response, answers):
        method = "HEAD" if name == "head" else "GET"
        try:
            answer = _ask(method, response.url, headers, asked)
        except FetchError as error:
            failed.append((asked, str(error)))
            continue
        if answer.status == 429:  # We ask more in a second than a reader in a day; so be it.
            failed.append((asked, "answers 429 Too Many Requests; no more was asked"))
            break
        answers[name] = answer
    return Visit(
        address=address,
        hops=tuple(hops),
        response=response,
        failed=tuple(failed),
        origin=_ORIGIN,
        **answers,
    )


def get(address: str) -> tuple[list[Response], Response]:
    """The redirects from *address* on, five at the most, and what they lead to.

    Raises FetchError if there is no answer that can be judged.
    """
    try:
        url = urldefrag(urls.absolute(address)).url
    except ValueError as error:
        raise FetchError(str(error)) from error
    return _follow(url)


def _questions(
    response: Response, answers: Mapping[str, Response]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What to ask after *response*: fields of Visit, in words, with headers.

    *answers* has what was answered so far.
    """
    if response.status != 200:
        return
    yield "head", "with HEAD", _PLAIN
    # As a script in a page of another site does.
    yield "zipped", "with Accept-Encoding: gzip", {**_GZIP, "Origin": _ORIGIN}
    # As rss-parser does, which knows no compression and says nothing about it.
    yield "plain", "with Accept: application/rss+xml", {"Accept": "application/rss+xml"}
    yield "mixed", "with text/html among others in Accept", {**_PLAIN, "Accept": _MIXED}
    if tag := response.header("etag"):
        yield "conditional", "with If-None-Match", {**_PLAIN, "If-None-Match": tag}
    if date := response.header("last-modified"):
        yield "since", "with If-Modified-Since", {**_PLAIN, "If-Modified-Since": date}
    zipped = answers.get("zipped")
    # Most readers ask so; worth a request of its own only where the tag is another.
    own = zipped.header("etag") if zipped else ""
    if own and own.removeprefix("W/") != tag.removeprefix("W/"):
        yield "conditional_zipped", "for gzip with If-None-Match", {**_GZIP, "If-None-Match": own}


def _follow(url: str) -> tuple[list[Response], Response]:
    """The redirects from *url* on, and what they lead to."""
    hops: list[Response] = []
    while True:
        try:
            response = _ask("GET", url, _PLAIN, "with Accept-Encoding: identity")
        except FetchError as error:
            if not hops:
                raise
            raise FetchError(f"leads to {url}, which {error}") from error
        location = response.header("location")
        if response.status not in (301, 302, 303, 307, 308) or not location:
            return hops, response
        hops.append(response)
        url = _target(url, location)
        if any(hop.url == url for hop in hops):
            raise FetchError(f"redirects in a circle, by way of {url}")
        if len(hops) > _REDIRECTS:
            raise FetchError(f"redirects more than {_REDIRECTS} times")


def _target(url: str, location: str) -> str:
    # Headers are read as Latin-1; in addresses, browsers take other bytes for UTF-8.
    text = location.encode("latin-1").decode("utf-8", "replace")
    with suppress(ValueError):
        target = urldefrag(urls.join(url, text)).url
        if target.startswith(("http://", "https://")):
            return target
    raise FetchError(f"redirects to {text[:200]!r}, which is no http or https address")


def _ask(method: str, url: str, headers: Mapping[str, str], asked: str) -> Response:
    """One request and its answer; follows no redirect. Raises FetchError."""
    try:
        return _exchange(method, url, headers, asked)
    # http.client lets a ValueError through where the size of a chunk is negative.
    except (OSError, EOFError, zlib.error, http.client.HTTPException, ValueError) as error:
        raise FetchError(_reason(error)) from error


def _exchange(method: str, url: str, headers: Mapping[str, str], asked: str) -> Response:
    deadline = time.monotonic() + SECONDS
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    lines = [
        f"{method} {parts.path or '/'}{query} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: feeds/{__version__}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    with _connect(url, deadline) as sock:
        wire = _Wire(sock, deadline)
        wire.send("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1"))
        with http.client.HTTPResponse(wire, method=method) as answer:  # type: ignore[arg-type]
            answer.begin()
            # A value may be folded over lines; it goes back to the server in If-None-Match.
            got = tuple(
                (name.lower(), re.sub(r"\s*[\r\n]\s*", " ", value).strip())
                for name, value in answer.getheaders()
            )
            coding = ", ".join(value.lower() for name, value in got if name == "content-encoding")
            encoding = {"identity": "", "x-gzip": "gzip"}.get(coding, coding)
            body = b""
            if method == "HEAD" or answer.status == 304:
                body = wire.more(answer)
            elif answer.status == 200:
                body = _body(answer, encoding)
            return Response(
                url=url,
                asked=asked,
                status=answer.status,
                headers=got,
                encoding=encoding,
                body=body,
            )


def _body(answer: http.client.HTTPResponse, encoding: str) -> bytes:
    """The body without its content encoding; nothing that a few bytes blow up to is kept."""
    if encoding not in ("", "gzip"):
        raise FetchError(f"answers in the content encoding {encoding[:40]!r}, not asked for")
    source = gzip.GzipFile(fileobj=answer, mode="rb") if encoding else answer
    body = source.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise FetchError(_too_large())
    if not encoding and answer.length:  # http.client says nothing of a body that is too short.
        raise EOFError
    return body


class _Wire(io.RawIOBase):
    """A socket as http.client reads it: until a moment, and not more than it should.

    The socket's own timeout begins anew with every byte that a server lets drip.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline
        # http.client bounds neither 100 Continue nor chunks of a negative size.
        self._left = 2 * MAX_BYTES

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._sock.settimeout(_remaining(self._deadline))
        count = self._sock.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise FetchError(_too_large())
        return count

    def send(self, data: bytes) -> None:
        self._sock.settimeout(_remaining(self._deadline))
        self._sock.sendall(data)

    def more(self, answer: http.client.HTTPResponse) -> bytes:
        """The beginning of what comes after a header that must be the end."""
        self._deadline = min(self._deadline, time.monotonic() + _PAUSE)
        with suppress(OSError):  # A server that keeps the connection open says nothing more.
            return answer.fp.read1(1024)
        return b""


def _connect(url: str, deadline: float) -> socket.socket:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    while True:
        family, kind, protocol, _, address = found.pop(0)
        sock = socket.socket(family, kind, protocol)
        try:
            # Each of the addresses has its share of the time, or the first that is silent has all.
            sock.settimeout(_remaining(deadline) / (1 + len(found)))
            sock.connect(address)
            sock.settimeout(_remaining(deadline))
            return _tls().wrap_socket(sock, server_hostname=host) if secure else sock
        except OSError:
            sock.close()
            if not found:
                raise


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _remaining(deadline: float) -> float:
    """Seconds until then; raises TimeoutError if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_large() -> str:
    return f"sends more than {MAX_BYTES // 1024**2} MiB"


def _reason(error: Exception) -> str:
    """What went wrong, as the rest of a sentence that begins with the address."""
    match error:
        case socket.gaierror():
            return "names a host that is not found"
        case TimeoutError():
            return f"gives no whole answer within {SECONDS:g} seconds"
        case ssl.SSLCertVerificationError():
            return f"has a certificate that is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"does not speak TLS as it should: {error.reason}"
        case ConnectionRefusedError():
            return "refuses the connection"
        case gzip.BadGzipFile() | zlib.error():
            return "says that it sends gzip, and does not"
        case ConnectionError() | EOFError() | http.client.IncompleteRead():
            return "hangs up before its answer is whole"
        case OSError():
            return f"cannot be reached: {error.strerror}"
        case http.client.LineTooLong():
            return "answers with a header that is too long"
    return "does not answer in HTTP as it should"
