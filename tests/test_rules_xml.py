"""Bytes that are XML or not: encodings, entities, namespaces, bounds, kinds of documents."""

import codecs
import encodings.aliases
from collections.abc import Callable

import pytest

from feeds.rules import xml

from .specimens import ALL, ATOM, ENTRY, RSS, Row, changed, judge
from .specimens import codes as found

XHTML = "http://www.w3.org/1999/xhtml"
RSS091 = "http://my.netscape.com/publish/formats/rss-0.91.dtd"
DIV = f'<div xmlns="{XHTML}">A <i>gate</i></div>'


def written(text: str, encoding: str) -> str:
    """A document that states its encoding."""
    return text.replace('version="1.0"?', 'version="1.0" encoding="UTF-8"?').replace(
        "UTF-8", encoding, 1
    )


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "change",
    [
        str.encode,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: written(text, "utf8").replace("\n", "\r\n").encode(),
        lambda text: text.replace("?>", " standalone='yes' ?>", 1).replace("\n", "\r").encode(),
        lambda text: written(text, "us-ascii").encode("ascii", "xmlcharrefreplace"),
    ],
    ids=["UTF-8", "a mark", "CRLF", "standalone", "ASCII"],
)
def test_nothing_is_wrong(name: str, change: Callable[[str], bytes]) -> None:
    assert judge(change(ALL[name])) == []


@pytest.mark.parametrize("name", [name for name in ALL if name != "podcast"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: written(text, "utf-16").encode("utf-16"),
        lambda text: written(text, "UTF-16LE").encode("utf-16-le"),
        lambda text: written(text, "UTF-16").encode("utf-16-be"),
        lambda text: "\ufeff".encode("utf-16-be") + written(text, "UTF-16").encode("utf-16-be"),
    ],
    ids=["a mark", "LE", "BE", "BE with a mark"],
)
def test_nothing_is_wrong_in_utf_16(name: str, change: Callable[[str], bytes]) -> None:
    assert judge(change(ALL[name])) == []


ROWS = [
    Row("X101", "<name>Bo</name>", "<name>Bo & Ann</name>", "a bare & or <", " Ann</name>"),
    Row("X102", "<rights>© 2020", "<rights>&copy; 2020", "The entity &copy; is not defined in XML",
        "&copy;"),
    Row("X103", "<ours:height", "<theirs:height",
        "A prefix is used that no xmlns attribute declares"),
    Row("X103", ' label="Fences"', ' theirs:label="Fences"', "A prefix", "<category"),
    Row("X109", "<name>Bo", "<name>Boâ€™s",
        "<name> holds characters that come from a wrong encoding"),
    Row("X110", "<feed ", '<!DOCTYPE feed SYSTEM "feed.dtd">\n<feed ', "outside the document",
        "DOCTYPE feed"),
    Row("X110", "<feed ", '<!DOCTYPE feed PUBLIC "x" "y" []>\n<feed ', "outside the document",
        "DOCTYPE feed"),
    Row("X110", "<feed ", '<!DOCTYPE feed [\n<!ENTITY a SYSTEM "/etc/passwd">]>\n<feed ', "outside",
        "ENTITY"),
    Row("X111", "<feed ", '<!DOCTYPE feed [\n<!ENTITY a "b">\n<!ENTITY c "">]>\n<feed ',
        "entities of its own", "ENTITY a"),
    Row("X112", "<feed ", '<!DOCTYPE feed [\n<!ENTITY a "&#38;b;">]>\n<feed ',
        "grow when they are put in", "ENTITY"),
    Row("X112", "<feed ", '<!DOCTYPE feed [\n<!ENTITY % a "b">]>\n<feed ', "grow", "ENTITY"),
    Row("X112", "<feed ", f'<!DOCTYPE feed [\n<!ENTITY a "{"b" * 257}">]>\n<feed ', "grow",
        "ENTITY"),
    Row("X113", "<feed ", f'<!DOCTYPE rss PUBLIC "-//N//DTD 0.91//EN" "{RSS091}">\n<feed ',
        "RSS 0.91", "DOCTYPE rss"),
    Row("X114", DIV, f'<x:div xmlns:x="{XHTML}">A</x:div>', "<x:div> is written with a prefix",
        "<x:div"),
    Row("X115", '"tag:fence.example,2020:ns"', '"our fence"', "not an address: our fence", "<feed"),
    Row("X115", '"tag:fence.example,2020:ns"', '"tag:fence.example"', "tag:fence.example", "<feed"),
    Row("X116", 'xmlns:ours="tag:fence.example,2020:ns"',
        'xmlns:ours="tag:a.example,2020:" xmlns:dc="http://purl.org/dc/terms/"',
        "The prefix dc is bound to a namespace that is not the one known by it", "<feed"),
    Row("X116", 'xmlns:ours="tag:fence.example,2020:ns"',
        'xmlns:ours="tag:a.example,2020:" xmlns:dc="http://purl.org/dc/elements/1.1"',
        "dc", "<feed"),
    Row("X121", '<feed xmlns="http://www.w3.org/2005/Atom"', "<feed", "<feed> is in no namespace"),
    Row("X122", "http://www.w3.org/2005/Atom", "http://www.w3.org/2005/atom",
        "http://www.w3.org/2005/atom", "<feed"),
    Row("X123", "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "Atom 0.3", "<feed"),
]  # fmt: skip
RIGHT = [
    ("<feed ", "<!DOCTYPE feed>\n<feed "),
    ("<feed ", "<!DOCTYPE feed [<!ELEMENT feed ANY><!ATTLIST feed a CDATA 'b'>]>\n<feed "),
    ("<feed ", "<?a b?><!-- & < -->\n<feed "),
    ('xmlns:ours="tag:fence.example,2020:ns"',
        'xmlns:ours="urn:a-b:c" xmlns:media="http://search.yahoo.com/mrss"'),
    ('xmlns:ours="tag:fence.example,2020:ns"', 'xmlns:ours="ours"'),
    ("<ours:height", '<a xmlns="tag:a.example,2020:"><b xmlns="">c</b></a><ours:height'),
    ("<ours:height", '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/"/><ours:height'),
    ("<name>Bo", "<name>Bo &#x1F6AA; \U0001f6aa &#233;&amp;&lt;&gt;&quot;&apos;"),
    ("<name>Bo", "<name>B<![CDATA[o]]>"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_one_finding(row: Row) -> None:
    row.check(ATOM)


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_one_change_and_nothing_wrong(old: str, new: str) -> None:
    assert found(changed(ATOM, old, new)) == []


LATIN = changed(ENTRY, "<entry", '<?xml version="1.0" encoding="ISO-8859-1"?>\n<entry')


def stating(encoding: str, text: str = ENTRY) -> str:
    return f"<?xml version='1.0'\tencoding = '{encoding}' ?>\n{text}"


# What is read, and what is found where.
BYTES: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "X101 1:1", "there is no element"),
    "white space": (b"\n \n", "X101 3:1", "there is no element"),
    "no XML": (b"Hello", "X101 1:1", "something stands where a tag is wanted"),
    "two roots": (ENTRY.encode() + b"<b/>", "X101 8:1",
    "something stands after the end of the root"),
    "a document that breaks off": (ENTRY[:60].encode(), "X101 2:17",
    "<id> of line 2 is not closed"),
    "a tag that breaks off": (ENTRY[:20].encode(), "X101 1:1", "a tag that does not end"),
    "an attribute twice": (ENTRY.replace("<id", "<id a='' a=''").encode(), "X101 2:12",
    "an attribute stands twice"),
    "space before the declaration": (b"\n" + stating("UTF-8").encode(), "X101 2:1",
    "the XML declaration does not stand at the beginning"),
    "a NUL": (ENTRY.replace("hedge<", "\0<").encode(), "X101 3:12",
    "a character that may not stand here"),
    "a comment that does not end": (ENTRY.replace("<id", "<!-- <id").encode(), "X101 2:3",
    "a tag that does not end"),
    "Latin-1 said to be UTF-8": (ENTRY.encode("latin-1"), "X104 5:21", "These bytes are not utf-8"),
    "a mark, and Latin-1 after CRs": (codecs.BOM_UTF8 + ENTRY.replace("\n", "\r").encode("latin-1"),
    "X104 5:21", "utf-8"),
    "a bad byte after letters of two bytes": (ENTRY.replace("Ann",
    "ÅÅ").encode().replace("Ås".encode(), b"\xff"), "X104 5:20", "utf-8"),
    "half a character of UTF-16": (stating("utf-16").encode("utf-16") + b"\n", "X104 9:1, X101 9:1",
    "is not well-formed"),
    "letters said to be ASCII": (stating("us-ascii").encode(), "X104 6:21", "us-ascii"),
    "bytes said to be UTF-16": (stating("UTF-16").encode(), "X104 1:1",
    "These bytes are not UTF-16"),
    "UTF-16 said to be UTF-8": (stating("UTF-8").encode("utf-16"), "X104 1:1",
    "These bytes are not UTF-8"),
    "a mark of UTF-8, said to be Latin-1": (codecs.BOM_UTF8 + LATIN.encode(), "X104 1:1",
    "These bytes are not ISO-8859-1"),
    "a mark and an unknown encoding": (codecs.BOM_UTF8 + stating("x-fence").encode(), "X105 1:1",
    "The encoding x-fence is not known"),
    "an unknown encoding": (stating("x-fence").encode(), "X105 1:1",
    "The encoding x-fence is not known"),
    "an unknown encoding of odd bytes": (stating("x-fence").encode("latin-1"), "X105 1:1",
    "The encoding x-fence is not known"),
    "an empty encoding": (stating("utf-7").encode(), "X105 1:1", "The encoding utf-7 is not known"),
    "escapes of Python": (stating("unicode_escape").encode(), "X105 1:1", "unicode_escape"),
    "no text encoding": (stating("base64").encode(), "X105 1:1", "base64"),
    "Latin-1": (LATIN.encode("latin-1"), "X106 1:1", "The document is in ISO-8859-1"),
    "Windows-1252": (stating("windows-1252").encode("cp1252"), "X106 1:1", "windows-1252"),
    "UTF-32": (stating("UTF-32").encode("utf-32"), "X106 1:1", "utf-32"),
    "UTF-32 the other way": (codecs.BOM_UTF32_BE + stating("UTF-32").encode("utf-32-be"),
    "X106 1:1", "utf-32"),
    "a page": (b"<!DOCTYPE html>\n<html/>", "X120 2:1", "its root is <html>"),
    "a page with entities": (b"<!DOCTYPE html SYSTEM 'x'>\n<html>&nbsp;&unknown;%x;</html>",
    "X110 1:26, X120 2:1", ""),
    "RSS in a namespace": (b"<rss xmlns='http://backend.userland.com/rss2'/>", "X122 1:1",
    "<rss> is in a namespace that is not that of its vocabulary"),
    "an old entry": (b"<entry xmlns='http://purl.org/atom/ns#'/>", "X123 1:1", "Atom 0.3"),
    "RDF in no namespace": (b"<RDF/>", "X120 1:1", "<RDF>"),
    "Atom with prefixes":     (b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'", "X101 1:1",
    "a tag that does not end"),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_bytes(name: str) -> None:
    body, expected, says = BYTES[name]
    faults = judge(body)
    assert ", ".join(f"{f.rule.code} {f.line}:{f.column}" for f in faults) == expected
    assert says in faults[-1].message


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        (ENTRY.encode("latin-1"), "iso-8859-1", ["X106"]),
        (stating("UTF-8").encode("latin-1"), "iso-8859-1", ["X106"]),
        (LATIN.encode(), "utf-8", []),
        (ENTRY.encode("utf-16-be"), "UTF-16BE", []),
        (codecs.BOM_UTF8 + ENTRY.encode(), "UTF-8", []),
        (codecs.BOM_UTF8 + ENTRY.encode(), "iso-8859-1", []),
        (ENTRY.encode("utf-16"), "utf-8", []),
        (ENTRY.encode(), "x-fence", ["X105"]),
        (ENTRY.encode(), "utf-16", ["X104"]),
        (ENTRY.encode(), "a\0b", ["X105"]),
    ],
)
def test_an_encoding_that_is_told_from_outside_counts(
    body: bytes, charset: str, expected: list[str]
) -> None:
    tree = xml.read(body, charset)
    assert [fault.rule.code for fault in tree.faults] == expected
    assert tree.root is not None


@pytest.mark.parametrize("name", sorted(set(encodings.aliases.aliases.values())))
def test_every_encoding_that_python_knows_is_read_or_refused(name: str) -> None:
    text = ENTRY.replace("Å", "A")
    said = stating(name, text)
    try:
        body = said.encode(name)
    except (LookupError, UnicodeError):
        body = said.encode()
    for rest in (b"", b"\xff\x80\\d"):
        faults = xml.read(body + rest).faults
        assert {fault.rule.code for fault in faults} <= {"X101", "X104", "X105", "X106"}


def test_python_s_own_encodings_are_not_known() -> None:
    for name in ("unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "rot13"):
        assert found(stating(name)) == ["X105"]


DTD = '<!DOCTYPE entry [<!ENTITY who "Ann &lt;b&gt;"><!ENTITY none ""><!ENTITY nbsp "\u00a0">]>\n'


def test_entities_stand_for_what_is_declared() -> None:
    dtd = DTD.replace("&lt;b&gt;", "Å")
    text = changed(ENTRY, "A hedge", "&who;&none;&nbsp;!").replace("<title", '<title type="&who;"')
    tree = xml.read((dtd + text).encode())
    assert [fault.rule.code for fault in tree.faults] == ["X111"]
    assert tree.root is not None
    title = tree.root.child("title")
    assert title is not None
    assert (title.text, title.get("type")) == ("Ann Å\u00a0!", "Ann Å")


def test_entities_of_html_are_known_where_a_document_type_is_elsewhere() -> None:
    text = "<!DOCTYPE a SYSTEM 'x'><a>&eacute;&unknown;&amp;%x;</a>"
    tree = xml.read(text.encode())
    assert tree.root is not None
    assert tree.root.text == "é&%x;"
    assert found("<!DOCTYPE a SYSTEM 'x' [%y;]><a b='&z;'/>") == ["X110", "X120"]


@pytest.mark.parametrize("where", ["<a>{}</a>", "<a b='{}'/>"])
def test_entities_that_grow_are_a_bomb(where: str) -> None:
    dtd = f"<!DOCTYPE a [<!ENTITY a '{'x' * 256}'>]>"
    few, many = "&a;" * 4096, "&a;" * 4097
    assert found(dtd + where.format(few)) == ["X111", "X120"]
    assert found(dtd + where.format(many)) == ["X111", "X112"]


def test_what_a_document_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "<a>" * 256
    assert found(deep + "</a>" * 256) == ["X120"]
    assert [fault.message for fault in judge(f"<!---->{deep}<a>")] == [
        "Elements are nested more than 256 deep.",
        "The document is no feed: its root is <a>.",
    ]
    many = "<!ATTLIST a b CDATA #IMPLIED>"
    assert found(f"<!DOCTYPE a [{many * 100}]><a/>") == ["X120"]
    assert found(f"<!DOCTYPE a [{many * 101}]><a/>") == ["X107"]
    assert found(f"<a xmlns:b='urn:b-c:{'x' * 504}'/>") == ["X120"]
    assert found(f"<a xmlns:b='urn:b-c:{'x' * 505}'/>") == ["X107"]
    monkeypatch.setattr(xml, "MAX_NODES", 5)
    assert found(ENTRY) == ["X107"]
    assert judge(ENTRY)[0].message == "The document has more than 5 elements, and was not checked."
    monkeypatch.setattr(xml, "MAX_BYTES", 2 * 1024 * 1024)
    (fault,) = judge(ENTRY.encode().ljust(2 * 1024 * 1024 + 1))
    assert (fault.rule.code, fault.line) == ("X107", 0)
    assert fault.message == "The document has more than 2 MiB, and was not checked."


def test_attributes_of_a_document_type_are_not_read() -> None:
    tree = xml.read(b"<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a d='e'/>")
    assert tree.root is not None
    assert tree.root.attributes == {"d": "e"}


def test_nothing_is_missing_where_a_document_breaks_off() -> None:
    for text in ALL.values():
        for end in range(60, len(text) - 1, 7):
            faults = judge(text[:end])
            assert {fault.rule.code for fault in faults} <= {"X101", "X103"}, text[:end]
            assert all(fault.end_line <= text[:end].count("\n") + 1 for fault in faults)


def test_atom_and_xhtml_are_written_without_prefixes() -> None:
    text = ENTRY.replace("xmlns=", "xmlns:a=").replace("</", "\0").replace("<", "<a:")
    text = text.replace("\0", "</a:").replace(
        "A hedge", "<x:div xmlns:x='http://www.w3.org/1999/xhtml'>A <x:b>hedge</x:b></x:div>"
    )
    text = text.replace("<a:title>", "<a:title type='xhtml'>")
    assert [(fault.rule.code, fault.line, fault.message) for fault in judge(text)] == [
        ("X114", 1, "<a:entry> is written with a prefix, which some readers do not understand."),
        ("X114", 3, "<x:div> is written with a prefix, which some readers do not understand."),
    ]


HERE = "https://fence.example/atom.xml"


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        (ATOM, HERE, []),
        (ATOM, f"{HERE}#top", []),
        (ATOM, "https://fence.example/feed", ["X124"]),
        (RSS, HERE, ["X124"]),
        (RSS, "https://fence.example/rss.xml", []),
        (ENTRY, HERE, []),
        ("<rss version='2.0'/>", HERE, ["S101"]),
        (changed(ATOM, f'"{HERE}"', '"/atom.xml"'), HERE, ["A113"]),
        (changed(ATOM, f'"{HERE}"', '"http://[1:2]/"'), HERE, ["V112"]),
        (changed(ATOM, f'"{HERE}"', f'" {HERE}"'), HERE, ["V111"]),
        (ATOM, "", ["X124"]),
        (ATOM, "http://[", []),
    ],
)
def test_a_feed_says_where_it_is(text: str, base: str, expected: list[str]) -> None:
    assert found(text, base) == expected


def test_the_place_of_a_self_link_elsewhere() -> None:
    (fault,) = judge(ATOM, "https://fence.example/feed")
    assert (fault.line, fault.column, fault.field) == (10, 3, "link@href")
    assert fault.message == (
        f'The link rel="self" is {HERE}, but the feed is at https://fence.example/feed.'
    )
