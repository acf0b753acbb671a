"""The validator's requests, and servers that are broken or mean harm."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from feeds import __version__, fetch

# Of nobody but these tests: CN=localhost, from 2000 to 2100.
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIAFY6zZLBRSTSMtE
JhbQc4vZqALBu2Glz/DPJzji8zahRANCAATi+NzWUFsKsaH2q3fO79nxskGTIJTU
jTdEw6ItnrXfVQ036C6vtMWquYylctFJuAVTK8AbbI1z/NtIBwNbF8/n
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBcDCCARegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMDAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOL43NZQWwqxofar
d87v2fGyQZMglNSNN0TDoi2etd9VDTfoLq+0xaq5jKVy0Um4BVMrwBtsjXP820gH
A1sXz+ejWDBWMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUmozVoA69BmqfJLzpbFGWJGso2k8w
CgYIKoZIzj0EAwIDRwAwRAIgFi0gEsmTJUJrf0DmatW7EirgifpG2Jaa2T7hWBO2
+nECIDqxMK8ZzIc0ymvxbwkIoix3dS9zgehxX/JeQkO9lb2o
-----END CERTIFICATE-----
"""
OK = b"HTTP/1.1 200 OK\r\n"

# What a server does with a connection, once it has read the header of the request.
Play = Callable[[socket.socket, str], None]


@contextmanager
def server(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that takes one connection at a time; its address."""
    over = threading.Event()

    def serve() -> None:
        while True:
            sock, _ = listener.accept()
            # Clients hang up on it; that is what they are for.
            with sock, suppress(OSError):
                if over.is_set():
                    return
                sock.settimeout(10)
                with tls.wrap_socket(sock, server_side=True) if tls else sock as wire:
                    head, part = b"", b" "
                    while part.isascii() and part and not head.endswith(b"\r\n\r\n"):
                        part = wire.recv(1)
                        head += part
                    play(wire, head.decode("latin-1"))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        finally:
            over.set()
            socket.create_connection(("127.0.0.1", port)).close()
            thread.join()


def says(*parts: bytes) -> Play:
    """Always the same."""
    return lambda sock, _: sock.sendall(b"".join(parts))


def for_ever(start: bytes, part: bytes, pause: float = 0) -> Play:
    """The *part* again and again, until the client hangs up."""

    def play(sock: socket.socket, _: str) -> None:
        sock.sendall(start)
        while not threading.Event().wait(pause):
            sock.sendall(part)

    return play


def leads_to(target: Callable[[str], str]) -> Play:
    """A redirect to what *target* makes of the path."""

    def play(sock: socket.socket, head: str) -> None:
        location = target(head.split()[1])
        sock.sendall(b"HTTP/1.1 301 Moved\r\nLocation: %s\r\n\r\n" % location.encode())

    return play


def refusal(address: str) -> str:
    with pytest.raises(fetch.FetchError) as caught:
        fetch.visit(address)
    return str(caught.value)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 1024**2)


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(lambda sock, _: sock.recv(1), id="silent"),
        pytest.param(for_ever(b"HTTP/1.1 ", b"2", 0.01), id="header drips"),
        pytest.param(for_ever(OK + b"\r\n", b".", 0.01), id="body drips"),
        pytest.param(for_ever(OK, b"X: y\r\n", 0.01), id="headers drip"),
    ],
)
def test_a_server_that_takes_its_time(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.25)
    with server(play) as url:
        assert refusal(url) == "gives no whole answer within 0.25 seconds"


def test_no_time_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0)
    with server(says()) as url:
        assert refusal(url) == "gives no whole answer within 0 seconds"


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize(
    "play",
    [
        pytest.param(for_ever(OK + b"\r\n", b"x" * 65536), id="body"),
        pytest.param(for_ever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), id="chunks"),
        pytest.param(for_ever(CHUNKED + b"-1\r\n", b"x" * 65536), id="negative chunk"),
        pytest.param(for_ever(CHUNKED + b"0\r\n", b"X: y\r\n" * 9999), id="trailers"),
        pytest.param(for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 999), id="100 Continue"),
        pytest.param(says(OK, b"Content-Length: 1048577\r\n\r\n", b"x" * 1048577), id="by one"),
        pytest.param(says(GZIP, gzip.compress(bytes(9 * 1024**2))), id="gzip bomb"),
        pytest.param(for_ever(GZIP, gzip.compress(b"") * 999), id="gzip without content"),
    ],
)
def test_a_server_that_does_not_end(play: Play) -> None:
    with server(play) as url:
        assert refusal(url) == "sends more than 1 MiB"


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("coded", [False, True])
def test_a_document_of_just_the_size(coded: bool) -> None:
    body = b"x" * 1024**2
    with server(says(GZIP, gzip.compress(body)) if coded else says(OK, b"\r\n", body)) as url:
        assert fetch.visit(url).response.body == body


@pytest.mark.parametrize(
    ("play", "message"),
    [
        (says(), "hangs up before its answer is whole"),
        (says(OK, b"Content-Length: 9\r\n\r\n", b"short"), "hangs up before its answer is whole"),
        (says(CHUNKED, b"5\r\nsho"), "hangs up before its answer is whole"),
        (says(CHUNKED, b"x\r\n"), "hangs up before its answer is whole"),
        (says(GZIP, gzip.compress(b"short")[:-9]), "hangs up before its answer is whole"),
        (says(GZIP, b"<rss/>"), "says that it sends gzip, and does not"),
        (
            says(GZIP, gzip.compress(b"")[:10], b"\xff"),
            "says that it sends gzip, and does not",
        ),
        (
            says(OK, b"Content-Encoding: br\r\n\r\n"),
            "answers in the content encoding 'br', not asked for",
        ),
        (says(b"SSH-2.0-OpenSSH_9\r\n"), "does not answer in HTTP as it should"),
        (says(b"HTTP/1.1 abc OK\r\n\r\n"), "does not answer in HTTP as it should"),
        (says(b"HTTP/7.0 200 OK\r\n\r\n"), "does not answer in HTTP as it should"),
        (says(OK, b"X: y\r\n" * 101), "does not answer in HTTP as it should"),
        (says(CHUNKED, b"-5\r\n"), "does not answer in HTTP as it should"),
        (says(OK, b"X: " + b"y" * 65536), "answers with a header that is too long"),
    ],
)
def test_a_server_that_is_broken(play: Play, message: str) -> None:
    with server(play) as url:
        assert refusal(url) == message


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (lambda path: path, "redirects in a circle, by way of {}/"),
        (lambda path: {"/": "/a", "/a": "/b", "/b": "/a#x"}[path], "redirects in a circle, by way"),
        (lambda path: path + "x", "redirects more than 5 times"),
        (lambda _: "file:///etc/passwd", "redirects to 'file:///etc/passwd', which is no http"),
        (
            lambda _: "ftp://e.example/",
            "redirects to 'ftp://e.example/', which is no http or",
        ),
        (lambda _: "//u:p@e.example/", "redirects to '//u:p@e.example/', which is no http or"),
        (
            lambda _: "http://e.example:99999/",
            "redirects to 'http://e.example:99999/', which is",
        ),
        (lambda _: "http://[::1", "redirects to 'http://[::1', which is no http or https address"),
        (
            lambda _: "//nowhere.invalid/",
            "leads to http://nowhere.invalid/, which names a host that is not found",
        ),
    ],
)
def test_a_redirect_that_leads_astray(target: Callable[[str], str], message: str) -> None:
    with server(leads_to(target)) as url:
        assert refusal(f"{url}/").startswith(message.format(url))


def test_redirects_are_kept_and_lead_to_the_feed() -> None:
    def play(sock: socket.socket, head: str) -> None:
        path = head.split()[1]
        targets = {"/a": "/b?q#f", "/b?q": "/\N{LATIN SMALL LETTER AE}"}
        if path in targets:
            leads_to(targets.__getitem__)(sock, head)
        else:
            sock.sendall(b"HTTP/1.1 404 %s\r\n\r\nNot read." % path.encode())

    with server(play) as url:
        visit = fetch.visit(f"{url}/a#part")
        assert [hop.url for hop in visit.hops] == [f"{url}/a", f"{url}/b?q"]
        assert [hop.status for hop in visit.hops] == [301, 301]
        assert visit.response.url == f"{url}/%C3%A6"
        assert (visit.response.status, visit.response.body) == (404, b"")
        assert visit.address == f"{url}/a#part"


def test_a_redirect_to_nowhere_is_an_answer() -> None:
    with server(says(b"HTTP/1.1 301 Moved\r\n\r\n")) as url:
        assert fetch.visit(url).response.status == 301


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("e.example/rss.xml", "'e.example/rss.xml' must begin with https:// or http://"),
        ("file:///etc/passwd", "'file:///etc/passwd' must begin with https:// or http://"),
        ("http://u:p@e.example/", "'http://u:p@e.example/' is not an address"),
        ("http://nowhere.invalid/", "names a host that is not found"),
    ],
)
def test_an_address_that_is_none(address: str, message: str) -> None:
    assert refusal(address).startswith(message)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_nobody_listens() -> None:
    assert refusal(f"http://127.0.0.1:{free_port()}/") == "refuses the connection"


def test_no_way_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert refusal("http://127.0.0.1/") == "cannot be reached: Network is unreachable"


def test_a_host_with_several_addresses_of_which_one_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server(says(OK, b"\r\n", b"<rss/>")) as url:
        ports = [free_port(), int(url.rpartition(":")[2])]
        tcp = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        found = [(*tcp, ("127.0.0.1", port)) for port in ports]
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", lambda *_, **__: found.copy())
            assert fetch.visit("http://e.example/").response.body == b"<rss/>"


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    (tmp_path / "key.pem").write_text(KEY)
    (tmp_path / "certificate.pem").write_text(CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


def test_a_certificate_that_nobody_vouches_for(tls: ssl.SSLContext) -> None:
    with server(says(OK, b"\r\n"), tls) as url:
        assert refusal(url).startswith("has a certificate that is not trusted: self")


def test_tls(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    trusting = ssl.create_default_context(cadata=CERTIFICATE)
    monkeypatch.setattr(fetch, "_tls", lambda: trusting)
    with server(says(OK, b"\r\n", b"<rss/>"), tls) as url:
        assert fetch.visit(url).response.body == b"<rss/>"
        message = refusal(url.replace("localhost", "127.0.0.1"))
        assert message.startswith("has a certificate that is not trusted: IP address mismatch")
    with server(says(OK)) as url:
        assert refusal(url.replace("http", "https")).startswith("does not speak TLS as it should: ")


def recorded(heads: list[str], *headers: bytes) -> Play:
    """A feed, with a tag of its own for gzip; the requests go into *heads*."""

    def play(sock: socket.socket, head: str) -> None:
        heads.append(head)
        tag = b"c" if "Accept-Encoding: gzip" in head else b"p"
        sock.sendall(OK + b'ETag: "%s"\r\n' % tag + b"".join(headers) + b"\r\n<rss/>")

    return play


def test_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody listens there; and nobody is to learn what is in there.
    monkeypatch.setenv("http_proxy", "http://u:p@127.0.0.1:9")
    heads: list[str] = []
    with server(recorded(heads, b"Last-Modified: x\r\n y\r\n")) as url:
        visit = fetch.visit(f"{url}/rss.xml?a=b")
    lines = [head.splitlines()[:-1] for head in heads]
    common = [f"Host: {url.removeprefix('http://')}", f"User-Agent: feeds/{__version__}"]
    assert all(request[1:4] == [*common, "Connection: close"] for request in lines)
    assert [request[0].split()[:2] for request in lines] == [
        ["HEAD" if n == 1 else "GET", "/rss.xml?a=b"] for n in range(8)
    ]
    plain = ["Accept: */*", "Accept-Encoding: identity"]
    gzip = ["Accept: */*", "Accept-Encoding: gzip"]
    assert [request[4:] for request in lines] == [
        plain,
        plain,
        [*gzip, "Origin: https://example.org"],
        ["Accept: application/rss+xml"],
        [lines[4][4], plain[1]],
        [*plain, 'If-None-Match: "p"'],
        [*plain, "If-Modified-Since: x y"],
        [*gzip, 'If-None-Match: "c"'],
    ]
    assert "text/html" in lines[4][4]
    assert visit.response.header("etag") == '"p"'
    assert visit.response.header("x") == ""
    assert visit.failed == ()


def test_what_needs_no_asking() -> None:
    with server(says(OK, b'ETag: W/"x"\r\n\r\n')) as url:
        visit = fetch.visit(url)
        assert visit.conditional
        assert visit.since is None
        assert visit.conditional_zipped is None  # It has the tag that conditional was asked with.
    with server(says(OK, b"\r\n")) as url:
        visit = fetch.visit(url)
        assert visit.plain
        assert visit.conditional is None


@pytest.mark.parametrize("coding", [b"gzip", b"X-GZIP"])
def test_a_body_is_decoded(coding: bytes) -> None:
    body = gzip.compress(b"<rss") + gzip.compress(b"/>")
    with server(says(OK, b"Content-Encoding: ", coding, b"\r\n\r\n", body)) as url:
        response = fetch.visit(url).response
        assert (response.encoding, response.body) == ("gzip", b"<rss/>")


def test_a_body_that_is_not_encoded() -> None:
    with server(says(OK, b"Content-Encoding: identity\r\n\r\n<rss/>")) as url:
        response = fetch.visit(url).response
        assert (response.encoding, response.body) == ("", b"<rss/>")


def test_what_comes_where_no_body_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_PAUSE", 0.05)

    def play(sock: socket.socket, head: str) -> None:
        if "If-None-Match" in head:
            sock.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\nbody")
        else:
            sock.sendall(OK + b'ETag: "x"\r\nContent-Length: 0\r\n\r\n')
            if head.startswith("HEAD"):
                sock.recv(1)  # It keeps the connection, though it was asked to close it.

    with server(play) as url:
        visit = fetch.visit(url)
        assert visit.head
        assert visit.head.body == b""
        assert visit.conditional
        assert visit.conditional.body == b"body"


def test_a_request_of_a_special_kind_may_fail() -> None:
    def play(sock: socket.socket, head: str) -> None:
        if not head.startswith("HEAD"):
            sock.sendall(OK + b"\r\n<rss/>")

    with server(play) as url:
        visit = fetch.visit(url)
        assert visit.head is None
        assert visit.failed == (("with HEAD", "hangs up before its answer is whole"),)
        assert visit.mixed


def test_a_server_that_is_asked_too_often_is_left_alone() -> None:
    heads: list[str] = []

    def play(sock: socket.socket, head: str) -> None:
        heads.append(head)
        sock.sendall(OK + b"\r\n<rss/>" if len(heads) < 3 else b"HTTP/1.1 429 No\r\n\r\n")

    with server(play) as url:
        visit = fetch.visit(url)
        assert len(heads) == 3
        assert visit.zipped is None
        assert [reason for _, reason in visit.failed] == [
            "answers 429 Too Many Requests; no more was asked"
        ]
