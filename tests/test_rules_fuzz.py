"""Whatever comes in, an answer comes out: no exception, in bounds, at places that exist."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.rules import Fault, Type, addresses, dates, document, markup, modules, values, xml
from feeds.rules.podcast import ITUNES_CHANNEL, ITUNES_ITEM
from feeds.rules.rss import CHANNELS, ITEMS

from .specimens import ALL

BODIES = [text.encode() for text in ALL.values()]
# Pieces that mean something to the rules.
PIECES = [
    *(b"", b"<", b">", b"&", b'"', b"'", b"/", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"]]>"),
    *(b"<!--", b"-->", b"<![CDATA[", b"<?x", b"?>", b"<!DOCTYPE a [", b"]>", b"<!ENTITY a 'b'>"),
    *(b"&a;", b"&nbsp;", b"&#0;", b"&#x26;", b"&#55296;", b"xmlns=''", b"xmlns:a='b'", b" a=''"),
    *(b"<a:b/>", b"<item>", b"</item>", b"<entry/>", b"<div>", b"{", b"}", b"{value}", b"\r"),
    *(b'<link rel="next" href="http://[1:2]/"/>', b"<title/>", b"<atom:link/>", b"http://["),
]
QUICK = settings(max_examples=200, deadline=None)
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
THOROUGH = settings(max_examples=3000, deadline=None, suppress_health_check=SLOW)


def lines(body: bytes) -> int:
    """How many lines a document has, at the most."""
    return len(re.split(rb"\r\n|\r|\n", body))


def sound(body: bytes, base: str | None = None, charset: str | None = None) -> list[Fault]:
    """What is found in a document, after a look at whether it can be so."""
    faults = document.judge(xml.read(body, charset), base)
    for fault in faults:
        assert 0 <= fault.line <= lines(body), fault
        assert fault.line <= fault.end_line <= lines(body), fault
        assert fault.column >= 0
        assert fault.message.endswith(".")
        assert "\n" not in fault.message
        assert len(fault.message) < 400
        if b"{" not in body and "{" not in f"{base}{charset}":
            assert "{" not in fault.message
    assert len(faults) <= 25 + len(body)
    return faults


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document with some bytes taken out, put in, doubled or swapped."""
    body = draw(st.sampled_from(BODIES))
    for _ in range(draw(st.integers(1, 4))):
        places = st.integers(0, len(body))
        if draw(st.booleans()):
            # Whole tags and attributes.
            found = [
                match.span()
                for match in re.finditer(rb"<[^<>]*>|[\w:]+=(?:\"[^\"]*\"|'[^']*')", body)
            ]
            start, end = draw(st.sampled_from(found)) if found else (0, 0)
        else:
            start = draw(places)
            end = min(len(body), start + draw(st.integers(0, 30)))
        put = draw(
            st.sampled_from([*PIECES, body[start:end] * 2, body[start:end] * 40])
            | st.binary(max_size=8)
        )
        to = draw(st.sampled_from([start, draw(places)]))
        if to <= start:
            body = body[:to] + put + body[to:start] + body[end:]
        else:
            body = body[:start] + body[end:to] + put + body[to:]
    return body[: draw(st.just(len(body)) | st.integers(0, len(body)))]


BASES = st.sampled_from([None, "", "https://fence.example/rss.xml", "http://[", "a b"]) | st.text()


@QUICK
@given(mutated(), BASES)
def test_mutated_documents(body: bytes, base: str | None) -> None:
    sound(body, base)


@pytest.mark.slow
@THOROUGH
@given(mutated(), BASES)
def test_many_mutated_documents(body: bytes, base: str | None) -> None:
    sound(body, base)


ENCODINGS = (
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 latin-1 cp1252 shift_jis utf-7 ascii hz "
    "gb18030"
).split(" ")


@QUICK
@given(
    st.sampled_from(list(ALL.values())),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["UTF-8", *ENCODINGS, "x-fence", ""]),
    st.sampled_from([None, *ENCODINGS, "x-fence", "", "\0"]) | st.text(max_size=5),
    st.integers(0, 3000),
    st.binary(max_size=3),
)
def test_any_encoding_said_to_be_any_other(
    text: str, encoding: str, said: str, charset: str | None, at: int, put: bytes
) -> None:
    body = text.replace("UTF-8", said, 1).encode(encoding, "replace")
    sound(body[:at] + put + body[at:], None, charset)


NAMES = sorted(
    {name for table in (CHANNELS, ITEMS, ITUNES_CHANNEL, ITUNES_ITEM) for name in table}
    | {name for module in modules.MODULES.values() for rows in module.places.values()
       for name in rows}
    | {"rss", "channel", "item", "feed", "entry", "opml", "body", "RDF", "Url", "b"}
)  # fmt: skip
SPACES = ["", *modules.MODULES, "tag:fence.example,2020:"]
ROOTS = ["rss", "feed", "entry", "RDF", "opml", "OpenSearchDescription"]
TEXTS = st.sampled_from(["", " ", "a", "1", "https://a.example/", "<b>a", "&amp;", "a@b.example"])
ATTRIBUTES = st.dictionaries(
    st.sampled_from("rel href type url text isPermaLink version term src length role "
                    "xmlUrl relationship scheme name content xml:lang xml:base".split(" ")),
    TEXTS | st.text(max_size=5),
    max_size=3,
)  # fmt: skip


def escaped(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable())
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    given = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{inside}</{name.split(' ')[0]}>"


def placed(space: str, name: str) -> str:
    return f'{name} xmlns="{space}"'


LEAVES = st.builds(escaped, TEXTS | st.text(max_size=8))
TREES = st.recursive(
    LEAVES,
    lambda inside: st.builds(
        element,
        st.builds(placed, st.sampled_from(SPACES), st.sampled_from(NAMES)) | st.sampled_from(NAMES),
        ATTRIBUTES,
        st.lists(inside, max_size=6).map("".join),
    ),
    max_leaves=30,
)


def random_document(root: str, space: str, attributes: dict[str, str], inside: list[str]) -> bytes:
    return element(placed(space, root), attributes, "".join(inside)).encode()


DOCUMENTS = st.builds(
    random_document,
    st.sampled_from([*ROOTS, *ROOTS, "html"]),
    st.sampled_from(["", *SPACES, "http://purl.org/rss/1.0/", "http://purl.org/atom/ns#"]),
    ATTRIBUTES,
    st.lists(TREES, max_size=5),
)


@QUICK
@given(DOCUMENTS)
def test_random_trees(body: bytes) -> None:
    sound(body)


@pytest.mark.slow
@THOROUGH
@given(DOCUMENTS)
def test_many_random_trees(body: bytes) -> None:
    sound(body)


TYPES: list[Type] = [
    *(dates.rfc822, dates.rfc3339, dates.w3cdtf, dates.published_w3cdtf),
    *(addresses.reference, addresses.url, addresses.iri_id),
    *(markup.plain, markup.html),
    *(values.language, values.media_type, values.encoding, values.email, values.contact),
    *(values.integer(0, 23), values.number(-90), values.choice("a", "b"), values.text_of(3)),
    *(values.nonblank, values.duration, values.npt_time, values.base64, values.points(1, 1)),
    *(values.points(4), values.integers, values.form_name, values.true_false),
]
TOKENS = st.sampled_from(
    [
        *"<>&;:,./?#[]@()%+- \t\n\"'\\=0159TZaé\u00a0\ud800\ufffd𝔸℀",
        *("<b", "</b", "<!--", "<script>", "</script", "style='", "javascript:", "&#", "&#x"),
        *("http://", "tag:", "urn:uuid:", "xn--", "a@b.example", "2020-09-17", "T08:00", "9" * 20),
        "Thu, 17 Sep 2020 08:00 GMT",
    ]
)


def checked(text: str) -> None:
    for kind in TYPES:
        for rule, details in kind(text):
            message = rule.message.format_map({"element": "el", **details})
            assert message.startswith("<el>")
            assert len(list(kind(text))) <= 20


@QUICK
@given(st.lists(TOKENS, max_size=12).map("".join) | st.text())
def test_any_value_of_any_type(text: str) -> None:
    checked(text)


@pytest.mark.slow
@THOROUGH
@given(st.lists(TOKENS, max_size=25).map("".join) | st.text())
def test_many_values_of_any_type(text: str) -> None:
    checked(text)
