"""The same meaning, whatever the format; what cannot be read is left out, and breaks nothing."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.model import Site
from feeds.publish import Documents
from feeds.rules import jsontext, xml
from feeds.rules.digest import (
    MAX_HEAD,
    Digest,
    Entry,
    Link,
    join,
    of_json,
    of_page,
    of_tree,
    plain,
    plain_address,
    title_of,
)

NAMESPACES = """\
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
xmlns:fh="http://purl.org/syndication/history/1.0"
xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#\""""


def tree(text: str, address: str | None = None) -> Digest | None:
    return of_tree(xml.read(text.encode()), "name", len(text), address)


def rss(item: str, head: str = "", address: str | None = None) -> Digest:
    made = tree(
        f'<rss version="2.0" {NAMESPACES}><channel>{head}<item>{item}</item></channel></rss>',
        address,
    )
    assert made is not None
    return made


def atom(entry: str, head: str = "", address: str | None = None) -> Digest:
    made = tree(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}>'
        f"{head}<entry>{entry}</entry></feed>",
        address,
    )
    assert made is not None
    return made


def feed(item: dict[str, Any], address: str | None = None, **head: Any) -> Digest:
    text = {"version": "https://jsonfeed.org/version/1", **head, "items": [item]}
    made = of_json(jsontext.read(json.dumps(text).encode()), "name", 0, address)
    assert made is not None
    return made


def only(digest: Digest) -> Entry:
    (entry,) = digest.entries
    return entry


def test_all_formats_say_the_same(site: Site, documents: Documents) -> None:
    made = []
    for path in ("/rss.xml", "/atom.xml", "/feed.json"):
        body = documents[path].body
        if path.endswith("json"):
            made.append(of_json(jsontext.read(body), path, len(body)))
        else:
            made.append(of_tree(xml.read(body), path, len(body)))
    rss_, atom_, json_ = (one for one in made if one)
    assert [one.kind for one in (rss_, atom_, json_)] == ["rss", "atom", "jsonfeed"]
    assert {one.title for one in (rss_, atom_, json_)} == {"Prøver &"}
    assert {one.home.address for one in (rss_, atom_, json_) if one.home} == {f"{site.url}/"}
    for path, one in (("rss.xml", rss_), ("atom.xml", atom_), ("feed.json", json_)):
        assert one.address == f"{site.url}/{path}"
        assert one.self_link
        assert one.self_link.address == one.address
        assert one.entries
    # RSS has no place for a change, JSON Feed needs some content, and texts are HTML or not.
    said = [
        [
            (entry.id, entry.url, entry.title, entry.published, entry.authors, entry.tags)
            for entry in one.entries
        ]
        for one in (rss_, atom_, json_)
    ]
    assert said[0] == said[1] == said[2]
    for in_atom, in_json in zip(atom_.entries, json_.entries, strict=True):
        assert plain(in_atom.summary) == in_json.summary
        assert in_atom.content in (in_json.content, "")
    for in_atom, in_rss in zip(atom_.entries, rss_.entries, strict=True):
        assert in_rss.content == (in_atom.content or in_atom.summary)


def test_where_things_stand() -> None:
    text = f"""<rss version="2.0" {NAMESPACES}>
<channel><link>https://e.example/</link>
<atom:link rel="self"
  href="https://e.example/rss.xml"/>
<atom:link rel="current" href="https://e.example/now.xml"/><fh:complete/>
  <item>
  </item>
</channel></rss>"""
    made = tree(text)
    assert made is not None
    first = text[: text.index("<channel>")].count("\n") + 1
    assert made.home == Link(
        address="https://e.example/", line=first, column=10, end_line=first, field="link"
    )
    assert made.self_link == Link(
        address="https://e.example/rss.xml",
        line=first + 1,
        column=1,
        end_line=first + 2,
        field="link@href",
    )
    assert made.current
    assert made.current.address == "https://e.example/now.xml"
    assert (made.complete, made.archive, made.size) == (True, False, len(text))
    entry = only(made)
    assert (entry.line, entry.column, entry.end_line, entry.field) == (
        first + 4,
        3,
        first + 5,
        "item",
    )
    found = of_json(
        jsontext.read(
            b'{"version": "https://jsonfeed.org/version/1",\n "feed_url": "https://e.example/",'
            b'\n"items": [7,\n {\n}]}'
        ),
        "name",
        0,
    )
    assert found is not None
    assert found.address == "https://e.example/"
    assert found.self_link == Link(
        address="https://e.example/", line=2, column=14, end_line=2, field="feed_url"
    )
    entry = only(found)
    assert (entry.line, entry.column, entry.end_line, entry.field) == (4, 2, 5, "items[1]")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html/>",
        "<rss/>",
        '<rss xmlns="https://e.example/"><channel/></rss>',
        "<feed/>",
        '<entry xmlns="http://www.w3.org/2005/Atom"/>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    ],
)
def test_other_documents_have_no_digest(text: str) -> None:
    assert tree(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "{}", '{"version": 1}', '{"version": "https://e.example/", "items": []}'],
)
def test_other_json_has_no_digest(text: str) -> None:
    assert of_json(jsontext.read(text.encode()), "name", 0) is None


@pytest.mark.parametrize("items", ["", ', "items": null', ', "items": {}', ', "items": [null]'])
def test_a_json_feed_may_have_no_items(items: str) -> None:
    text = f'{{"version": "https://jsonfeed.org/version/1.1"{items}}}'
    made = of_json(jsontext.read(text.encode()), "name", 0)
    assert made is not None
    assert made.entries == ()
    assert (made.home, made.self_link, made.address, made.prev_archive) == (None,) * 4


def test_rss_1() -> None:
    made = tree(
        f"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>
<channel rdf:about="https://e.example/rss.rdf"><title>T</title><link>https://e.example/</link>
</channel>
<item rdf:about="https://e.example/1"><title>One</title><link>https://e.example/1.html</link>
<dc:date>2020-09-17T08:00:00+02:00</dc:date><dc:creator>Bo</dc:creator>
<dc:subject>x</dc:subject><description>d</description></item></rdf:RDF>"""
    )
    assert made is not None
    assert (made.kind, made.title, made.whole) == ("rss", "T", True)
    entry = only(made)
    assert (entry.id, entry.url) == ("https://e.example/1", "https://e.example/1.html")
    assert entry.published == datetime(2020, 9, 17, 6, tzinfo=UTC)
    assert (entry.authors, entry.tags, entry.content) == (("Bo",), frozenset({"x"}), "d")


def test_a_document_that_ends_in_a_fault_is_taken_as_far_as_it_goes() -> None:
    made = tree("<rss><channel><title>T</title><item><title>One</title></item><item><title>Tw")
    assert made is not None
    assert not made.whole
    assert (made.title, only(made).title) == ("T", "One")
    made = tree('<feed xmlns="http://www.w3.org/2005/Atom"><title type="xhtml"><div>T</div>')
    assert made is not None
    assert (made.title, made.entries, made.home) == ("", (), None)


@pytest.mark.parametrize(
    ("item", "name", "url", "others"),
    [
        ("", "", "", ""),
        ("<guid> a </guid>", "a", "", ""),
        ("<guid>https://e.example/1</guid>", "https://e.example/1", "https://e.example/1", ""),
        (
            '<guid isPermaLink="false">https://e.example/1</guid><link>https://e.example/2</link>',
            "https://e.example/1",
            "https://e.example/2",
            "",
        ),
        (
            "<guid>https://e.example/1</guid><link>https://e.example/2</link>",
            "https://e.example/1",
            "https://e.example/2",
            "https://e.example/1",
        ),
        ("<link> https://e.example/2 </link>", "https://e.example/2", "https://e.example/2", ""),
        ("<link>/2</link>", "/2", "https://f.example/2", ""),
        ("<link>mailto:a@e.example</link>", "mailto:a@e.example", "", ""),
        ("<link>http://[</link>", "http://[", "http://[", ""),
        ('<link></link><atom:link href="/3"/>', "", "https://f.example/3", ""),
    ],
)
def test_ids_and_addresses_of_rss(item: str, name: str, url: str, others: str) -> None:
    entry = only(rss(item, address="https://f.example/rss.xml"))
    assert (entry.id, entry.url, " ".join(entry.others)) == (name, url, others)


@pytest.mark.parametrize(
    ("links", "url", "others"),
    [
        ("", "", ""),
        ('<link href=""/>', "", ""),
        ('<link href="/a"/>', "https://f.example/a", ""),
        ('<link rel="enclosure" href="/a"/>', "", ""),
        ('<link type="application/pdf" href="/a"/>', "https://f.example/a", ""),
        ('<link type="application/pdf" href="/a"/><link href="/b"/>', "https://f.example/b", ""),
        ('<link href="/a"/><link type="text/html" href="/b"/>', "https://f.example/b", ""),
        ('<link href="urn:x"/><link rel="alternate" href="/b"/>', "https://f.example/b", ""),
        ('<link rel="related" href="a"/>', "", "https://f.example/x/a"),
    ],
)
def test_addresses_of_atom(links: str, url: str, others: str) -> None:
    entry = only(atom(links, address="https://f.example/x/atom.xml"))
    assert (entry.url, " ".join(entry.others)) == (url, others)


def test_a_base_in_xml() -> None:
    text = '<link xml:base="b/" href="c"/>'
    head = '<link rel="self" href=""/><link rel="self" href="https://e.example/atom.xml"/>'
    assert only(atom(text, head)).url == "https://e.example/b/c"
    made = tree(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/a/">'
        '<link rel="self" href="atom.xml"/><entry><link href="../1"/></entry></feed>'
    )
    assert made is not None
    assert made.address == "https://e.example/a/atom.xml"
    assert only(made).url == "https://e.example/1"


@pytest.mark.parametrize(
    ("item", "url", "others"),
    [
        ({}, "", ""),
        ({"id": "1"}, "", ""),
        ({"id": "https://e.example/1"}, "https://e.example/1", ""),
        ({"url": "/1"}, "https://f.example/1", ""),
        ({"url": "/1", "external_url": "/2"}, "https://f.example/1", "https://f.example/2"),
        ({"url": 1, "external_url": ""}, "", ""),
    ],
)
def test_addresses_of_json(item: dict[str, Any], url: str, others: str) -> None:
    entry = only(feed(item, address="https://f.example/feed.json"))
    assert (entry.url, " ".join(entry.others)) == (url, others)


@pytest.mark.parametrize(
    ("value", "name"),
    [("a", "a"), (" a ", "a"), (7, "7"), (7.5, "7.5"), (True, ""), (None, ""), ([1], "")],
)
def test_ids_of_json(value: object, name: str) -> None:
    assert only(feed({"id": value})).id == name


@pytest.mark.parametrize(
    ("item", "authors"),
    [
        ("", ()),
        ("<author>jane@e.example (Jane  Doe)</author>", ("Jane Doe",)),
        ("<author>mailto:jane@e.example(Jane)</author>", ("Jane",)),
        ("<author>Jane &lt;jane@e.example&gt;</author>", ("Jane",)),
        ("<author>Jane</author>", ("Jane",)),
        ("<author>jane@e.example</author>", ()),
        ("<author/>", ()),
        ("<author>jane@e.example</author><itunes:author>Jane</itunes:author>", ("Jane",)),
        ("<author>Jane</author><dc:creator>A</dc:creator><dc:creator>B</dc:creator>", ("A", "B")),
    ],
)
def test_authors_of_rss(item: str, authors: tuple[str, ...]) -> None:
    assert only(rss(item)).authors == authors


PERSON = "<author><name>{}</name></author>"


@pytest.mark.parametrize(
    ("entry", "head", "authors"),
    [
        ("", "", ()),
        (PERSON.format("A") + PERSON.format("B"), PERSON.format("C"), ("A", "B")),
        ("", PERSON.format("C"), ("C",)),
        ("<author/>", PERSON.format("C"), ("C",)),
        (f"<source>{PERSON.format('S')}</source>", PERSON.format("C"), ("S",)),
        ("<source/>", PERSON.format("C"), ("C",)),
    ],
)
def test_authors_of_atom(entry: str, head: str, authors: tuple[str, ...]) -> None:
    assert only(atom(entry, head)).authors == authors


@pytest.mark.parametrize(
    ("item", "head", "authors"),
    [
        ({}, {}, ()),
        ({"authors": [{"name": "A"}, {"name": "B"}], "author": {"name": "C"}}, {}, ("A", "B")),
        ({"author": {"name": "C"}}, {"authors": [{"name": "D"}]}, ("C",)),
        ({}, {"authors": [{"name": "D"}], "author": {"name": "E"}}, ("D",)),
        ({"authors": []}, {"author": {"name": "E"}}, ("E",)),
        ({"authors": "A", "author": "B"}, {"authors": [None, {"name": 1}]}, ()),
    ],
)
def test_authors_of_json(
    item: dict[str, Any], head: dict[str, Any], authors: tuple[str, ...]
) -> None:
    assert only(feed(item, **head)).authors == authors


def test_tags() -> None:
    text = "<category>a &amp; b</category><category> </category><dc:subject>c</dc:subject>"
    assert only(rss(text)).tags == {"a & b", "c"}
    text = '<category term="a"/><category term="b" label="B"/><category/>'
    assert only(atom(text)).tags == {"a", "B"}
    assert only(feed({"tags": ["a", "a", "", 1]})).tags == {"a"}
    assert only(feed({"tags": "a"})).tags == frozenset()


SEPTEMBER = datetime(2020, 9, 17, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "published", "updated"),
    [
        (only(rss("")), None, None),
        (only(rss("<pubDate> Thu, 17 Sep 2020 08:00 +0200 </pubDate>")), SEPTEMBER, None),
        (only(rss("<pubDate>yesterday</pubDate>")), None, None),
        (only(rss("<dc:date>2020-09-17T06:00:00Z</dc:date>")), SEPTEMBER, None),
        (only(rss("<atom:published>2020-09-17T06:00:00Z</atom:published>")), SEPTEMBER, None),
        (only(rss("<atom:updated>2020-09-17T06:00:00Z</atom:updated>")), None, SEPTEMBER),
        (only(rss("<dcterms:modified>2020-09-17T06:00:00Z</dcterms:modified>")), None, SEPTEMBER),
        (only(atom("<published>2020-09-17T06:00:00Z</published>")), SEPTEMBER, None),
        (only(atom("<updated>2020-09-17T06:00:00Z</updated>")), None, SEPTEMBER),
        (only(feed({"date_published": "2020-09-17T06:00:00Z"})), SEPTEMBER, None),
        (only(feed({"date_modified": "2020-09-17T06:00:00Z"})), None, SEPTEMBER),
        (only(feed({"date_published": 2020, "date_modified": "2020"})), None, None),
    ],
)
def test_dates(entry: Entry, published: datetime | None, updated: datetime | None) -> None:
    assert (entry.published, entry.updated) == (published, updated)


@pytest.mark.parametrize(
    ("entry", "summary", "content"),
    [
        (only(rss("")), "", ""),
        (only(rss("<description> d </description>")), "", "d"),
        (only(rss("<description>d</description><content:encoded>c</content:encoded>")), "d", "c"),
        (only(rss("<content:encoded>c</content:encoded>")), "", "c"),
        (only(atom("")), "", ""),
        (only(atom("<summary>s</summary>")), "s", ""),
        (only(atom('<summary>s</summary><content type="html">&lt;b></content>')), "s", "<b>"),
        (only(feed({"content_text": "t"})), "", "t"),
        (only(feed({"content_text": "t", "content_html": "h", "summary": "s"})), "s", "h"),
    ],
)
def test_texts(entry: Entry, summary: str, content: str) -> None:
    assert (entry.summary, entry.content) == (summary, content)


def test_xhtml_is_taken_as_it_is_written() -> None:
    text = (
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Less <em>is</em> '
        "&#60;b&#62; <![CDATA[& <more>]]></div></title>"
    )
    made = atom(text)
    # What stands in angles is taken for a tag, in every format.
    assert only(made).title == "Less is &"
    text = text.replace("title", "content")
    assert plain(only(atom(text)).content) == "Less is <b> & <more>"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        (" A\n  b\u00a0c ", "A b c"),
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("A & B", "A & B"),
        ("1 < 2", "1 < 2"),
        ("1 &lt; 2", "1 < 2"),
        ("A <b>b</b>", "A b"),
        ("A &lt;b&gt;b&lt;/b&gt;", "A b"),
        ("A &amp;lt;b&amp;gt;b", "A b"),
        ("H<sub>2</sub>O", "H2O"),
        ("a<!-- no -->b", "ab"),
        ("a<!-- no", "a"),
        ("A\u030ase", "Åse"),
        ("&#8217;", "’"),
        ("&#99999999999999999999;", "�"),
        ("&#x110000;", "�"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://e.example", "https://e.example/"),
        ("HTTPS://E.example:443/", "https://e.example/"),
        ("http://e.example:80/#top", "http://e.example/"),
        ("http://e.example:443/", "http://e.example:443/"),
        (" https://e.example/a?b=c&d ", "https://e.example/a?b=c&d"),
        ("https://blåbær.example/æ", "https://xn--blbr-roah.example/%C3%A6"),
        ("https://e.example/%7e%c3%a6", "https://e.example/~%C3%A6"),
        ("https://[::1]:8000/", "https://[::1]:8000/"),
        ("tag:e.example,2020:X", "tag:e.example,2020:X"),
        ("a/b", "a/b"),
        ("", ""),
        ("http://[", "http://["),
        ("http://e.example:x/", "http://e.example:x/"),
        ("http://ø..example/", "http://ø..example/"),
    ],
)
def test_addresses_to_be_compared(address: str, same: str) -> None:
    assert plain_address(address) == same


def test_joining_never_fails() -> None:
    assert join("https://e.example/a/", " b ") == "https://e.example/a/b"
    assert join("", "b") == "b"
    assert join("https://e.example/", "http://[") == "http://["


def test_opml() -> None:
    made = tree(
        """<opml><head><title>Feeds</title></head><body>
<outline text="a"><outline xmlUrl="/a.xml"/>
 <outline xmlUrl=" https://f.example/b.xml "/></outline>
<outline xmlUrl=""/><other xmlUrl="c"/></body></opml>""",
        "https://e.example/x.opml",
    )
    assert made is not None
    assert (made.kind, made.title, made.address) == ("opml", "Feeds", "https://e.example/x.opml")
    assert [(link.address, link.line, link.column) for link in made.links] == [
        ("https://e.example/a.xml", 2, 19),
        ("https://f.example/b.xml", 3, 2),
    ]
    assert made.links[0].field == "outline@xmlUrl"
    made = tree('<opml><body><outline xmlUrl="/a.xml"/></body></opml>')
    assert made is not None
    assert (made.title, made.address) == ("", None)
    assert [link.address for link in made.links] == ["/a.xml"]


LINK = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (LINK, ["/rss.xml"]),
        (f"<HTML><head>{LINK.upper().replace('/RSS.XML', '/x')}", ["/x"]),
        (LINK.replace("rss+xml", "atom+xml; charset=utf-8"), ["/rss.xml"]),
        (LINK.replace("rss+xml", "feed+json"), ["/rss.xml"]),
        (LINK.replace("rss+xml", "json"), ["/rss.xml"]),
        (LINK.replace("rss+xml", "json").replace("/rss", "/wp-json/wp/v2/posts/1"), []),
        (LINK.replace("application/rss+xml", "text/html"), []),
        (LINK.replace('type="application/rss+xml"', "type"), []),
        (LINK.replace("alternate", "home ALTERNATE x"), ["/rss.xml"]),
        (LINK.replace("alternate", "alternates"), []),
        (LINK.replace("<link", "<a"), []),
        (LINK.replace('href="/rss.xml"', "") + LINK.replace("/rss.xml", " "), []),
        ("<base>" + LINK, ["/rss.xml"]),
        ('<base href="https://e.example/a/">' + LINK.replace('"/', '"'), 1),
        (LINK + "</title></head>" + LINK, ["/rss.xml"]),
        (LINK + "<body>" + LINK, ["/rss.xml"]),
        (f"<!-- {LINK} --><script>'{LINK}'</script>" + LINK, ["/rss.xml"]),
        (" " * MAX_HEAD + LINK, []),
        # What Python's parser cannot bear.
        (LINK + "<![x[", ["/rss.xml"]),
        (LINK + f"<a title='&#{'9' * 5000};'>", ["/rss.xml"]),
        ("", []),
    ],
)
def test_feeds_that_a_page_names(page: str, found: Any) -> None:
    made = of_page(page.encode(), "name", None)
    assert (made.kind, made.size) == ("page", len(page.encode()))
    wanted = found if isinstance(found, list) else ["https://e.example/a/rss.xml"]
    assert [link.address for link in made.links] == wanted


def test_where_a_page_names_a_feed() -> None:
    page = f"<html>\n <head>\n  {LINK.replace(' type', chr(10) + ' type')}".encode("latin-1")
    made = of_page(page + b"\xff", "name", "https://e.example/posts/1/")
    assert made.links == (
        Link(address="https://e.example/rss.xml", line=3, column=3, end_line=4, field="link@href"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "<a" * 40_000,
        "<!--" * 40_000,
        "&amp;" * 40_000,
        "&#" * 40_000,
        "&#" + "9" * 40_000,
        "<" * 40_000,
        "a@" * 40_000,
        "a <" * 40_000,
        "\u0300" * 40_000,
    ],
)
def test_a_text_made_to_waste_time(text: str) -> None:
    start = time.perf_counter()
    title_of(text)
    plain(text)
    plain_address("https://" + text)
    of_page(f"<link rel=alternate {text}".encode(), "name", None)
    only(feed({"title": text, "url": "https://" + text}))
    item = text.replace("&", "&amp;").replace("<", "&lt;")
    only(rss(f"<title>{item}</title><author>{item}</author><link>https://{item}</link>"))
    assert time.perf_counter() - start < 5
