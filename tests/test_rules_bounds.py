"""Documents made to waste time: what they take grows with their length, and no faster."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from feeds.rules import document, markup, table, xml

from .specimens import ATOM, RSS, judge

# What would take minutes if the work grew with the square of the length, takes milliseconds.
LONG = 250_000
HTML = [
    *("<" + "a" * LONG, "</" + "a" * LONG, "<b>" * LONG, "<p>" * LONG),
    *('<a " "' * LONG, "<a '\"" * LONG, "<!--" * LONG, "<script></scriptx>" * LONG, "<" * LONG),
    *("<script>" * LONG, "&#1" * LONG, "<p " + "a=" * LONG + ">", "<p a" + " " * LONG + ">"),
    *("<p style='margin" + "a" * LONG + "'>", "<p style='margin:" + "1 " * LONG + "'>"),
    *("<p style='" + ";" * LONG + "'>", "<p style='" + " " * LONG + "'>", "<li>" * LONG),
    *("<p title='&#" + "9" * LONG + ";'>", "<b>" * (LONG // 4) + "</i>" * (LONG // 4)),
]
VALUES = {
    "author": [
        *("a" * LONG, "a@" * LONG, "a@a" + "-" * LONG, "a." * LONG, "mailto:" + "%41" * LONG),
        *("(" * LONG, "(" + "\\(" * LONG, "(" * LONG + ")" * LONG, '"' + "\\a" * LONG),
    ],
    "pubDate": ["(" + "\\(" * LONG, "(" * LONG + ")" * LONG, "1" * LONG, " ," * LONG],
    "link": [
        *("a:" + "a" * LONG, "http://" + "a" * LONG, "http://[" + ":" * LONG),
        *("tag:" + "a" * LONG, "tag:a,2020:" + "a" * LONG, "mailto:" + "%41" * LONG),
        "urn:a:" + "a" * LONG,
    ],
    "language": ["en" + "-a" * LONG, "en-a" + "-abc" * LONG, "x" + "-a" * LONG],
    "category": [
        *("<!--<![CDATA[-->" * LONG + "&#x26;", "<![CDATA[a]]>" * LONG + "&amp;", "&lt;a" * LONG),
        *("&amp;#" * LONG, "&#" + "0" * LONG + "38;", "&#x26;" * LONG, "<?a?>" * LONG + "&lt;"),
    ],
    "ttl": ["1" * LONG],
    "slash:hit_parade": ["1," * LONG, "1" + " " * LONG],
    "georss:line": ["1 " * LONG, "1" * LONG],
    "media:restriction relationship='allow' type='country'": ["1 " * LONG],
    "media:rating scheme='urn:icra'": ["r (" + "cz 1 " * LONG],
}
NEXT = '<link rel="next" href="a"/>'
HISTORY = "<fh:complete/>"
SIBLINGS = [
    "<entry/>", "<entry><id/><updated/></entry>", NEXT, HISTORY, f"{HISTORY}{NEXT}", "<author/>",
    "<fh:archive/>", "<fh:archive/><link/>", "<title/>", "<category/>", "<a xmlns='b'/>", "a<b/>",
    '<content type="xhtml"><p/></content>', "<source><link/></source>",
]  # fmt: skip


class TooSlowError(Exception):
    pass


@contextmanager
def bounded(seconds: float = 5) -> Iterator[None]:
    """Not more than so much time of the processor: a hundred times what is needed."""

    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("text", HTML, ids=lambda text: text[:20])
def test_html_made_to_waste_time(text: str) -> None:
    with bounded():
        assert len(list(markup.html(text[: 2 * LONG]))) < 20
        list(markup.plain(text[: 2 * LONG]))


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name, texts in VALUES.items() for text in texts],
    ids=lambda part: part[:20],
)
def test_a_value_made_to_waste_time(name: str, text: str) -> None:
    at = RSS.rindex("</item>")
    body = f"{RSS[:at]}<{name}>{text}</{name.partition(' ')[0]}>{RSS[at:]}"
    with bounded():
        assert len(judge(body)) < 10


@pytest.mark.parametrize("one", SIBLINGS)
def test_many_siblings(one: str) -> None:
    at = ATOM.index("<entry>")
    many = one * (LONG // len(one) // 2)
    with bounded():
        judge(ATOM[:at] + many + ATOM[at:])


def test_many_entries_by_nobody() -> None:
    with bounded():
        judge('<feed xmlns="http://www.w3.org/2005/Atom">' + "<entry/>" * (LONG // 16) + "</feed>")


def test_many_of_everything_in_rss() -> None:
    at = RSS.index("<item>")
    item = RSS[at : RSS.index("</item>") + 7]
    with bounded():
        faults = judge(RSS[:at] + item * 100 + RSS[at:])
    assert {fault.rule.code for fault in faults} == {"R113"}


BYTES = [
    *(b"<a>" * LONG, b"<a " + b"b='' " * LONG, b"<?xml " + b" encoding=" * LONG, b" " * LONG),
    *(b"<rss>" + b"\xff" * LONG, b"\xff\xfe" + b"\0\xd8" * LONG, b"\0" * LONG, b"<!--" * LONG),
    b"<!DOCTYPE a [" + b"<!ENTITY a SYSTEM 'b'>" * (LONG // 50),
    b"<!DOCTYPE a [" + b"".join(b"<!ENTITY a%d 'b'>" % n for n in range(LONG // 50)) + b"]><a/>",
    b"<!DOCTYPE a [<!ELEMENT a " + b"(" * LONG,
    b"<rss " + b" ".join(b"a%d=''" % n for n in range(LONG // 20)) + b"/>",
    b"<rss " + b" ".join(b"xmlns:a%d='b'" % n for n in range(LONG // 20)) + b"/>",
]


@pytest.mark.parametrize("body", BYTES, ids=lambda body: repr(body[:30]))
def test_bytes_made_to_waste_time(body: bytes) -> None:
    with bounded():
        judge(body)


def test_a_document_of_endless_mistakes_has_ten_thousand() -> None:
    body = b"<rss version='2.0'><channel>" + b"<x/>" * 20_000 + b"</channel></rss>"
    assert len(document.judge(xml.read(body))) <= table.MAX_FAULTS + 10
