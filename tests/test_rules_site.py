"""One valid site, one change, exactly that finding."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feeds import load, publish
from feeds.model import Site
from feeds.rules import RULES, Fault, digest, jsontext, xml
from feeds.rules import site as rules_site
from feeds.rules.digest import Digest

from .conftest import NOW, SHIPPED

TODAY = datetime(2020, 9, 20, tzinfo=UTC)
AT = "https://example.org/blog/"

RSS = """\
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
<channel>
<title>Over the fence</title>
<link>https://example.org/blog/</link>
<atom:link rel="self" href="https://example.org/blog/rss.xml"/>
<item>
  <guid isPermaLink="false">tag:example.org,2020:4</guid>
  <title>Four &amp; more</title>
  <link>https://example.org/blog/4</link>
  <description>In short</description>
  <content:encoded>&lt;p&gt;At length&lt;/p&gt;</content:encoded>
  <pubDate>Fri, 18 Sep 2020 08:00:30 +0200</pubDate>
  <dc:creator>Åse</dc:creator>
  <category>fences</category>
  <category>gates</category>
</item>
<item>
  <guid isPermaLink="false">tag:example.org,2020:3</guid>
  <title>Three</title>
  <link>https://example.net/found</link>
  <description>Found elsewhere</description>
  <pubDate>Thu, 17 Sep 2020 08:00 +0200</pubDate>
  <author>bo@example.org (Bo)</author>
</item>
</channel>
</rss>
"""
ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Over the fence</title>
<id>tag:example.org,2020:feed</id>
<link href="https://example.org/blog/"/>
<link rel="self" href="https://example.org/blog/atom.xml"/>
<link rel="prev-archive" href="https://example.org/blog/archive/2.xml"/>
<author><name>Åse</name></author>
<entry>
  <id>tag:example.org,2020:4</id>
  <title type="html">Four &amp;amp; more</title>
  <link href="https://example.org/blog/4"/>
  <published>2020-09-18T06:00:30Z</published>
  <updated>2020-09-19T06:00:00Z</updated>
  <category term="fences"/>
  <category term="gates"/>
  <content type="html">&lt;p&gt;At length&lt;/p&gt;</content>
</entry>
<entry>
  <id>tag:example.org,2020:3</id>
  <title>Three</title>
  <link href="https://example.net/found"/>
  <link rel="related" href="https://example.org/blog/3"/>
  <author><name>Bo</name></author>
  <published>2020-09-17T06:00:00Z</published>
  <updated>2020-09-17T06:00:00Z</updated>
</entry>
</feed>
"""
JSON = """\
{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Over the fence",
  "home_page_url": "https://example.org/blog/",
  "feed_url": "https://example.org/blog/feed.json",
  "next_url": "https://example.org/blog/older/feed.json",
  "authors": [{"name": "Åse"}],
  "items": [
    {
      "id": "tag:example.org,2020:4",
      "url": "https://example.org/blog/4",
      "title": "Four & more",
      "content_html": "<p>At length</p>",
      "summary": "In short",
      "date_published": "2020-09-18T06:00:30Z",
      "tags": ["gates", "fences"]
    },
    {
      "id": "tag:example.org,2020:3",
      "url": "https://example.org/blog/3",
      "external_url": "https://example.net/found",
      "title": "Three",
      "content_text": "Found elsewhere",
      "date_published": "2020-09-17T06:00:00Z",
      "authors": [{"name": "Bo"}]
    }
  ]
}
"""
OLDER = """\
{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Over the fence",
  "home_page_url": "https://example.org/blog/",
  "feed_url": "https://example.org/blog/older/feed.json",
  "items": [
    {"id": "2", "content_text": "Two"}
  ]
}
"""
TAGGED = """\
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">
<channel>
<title>Gates</title>
<link>https://example.org/blog/tags/gates.html</link>
<atom:link rel="self" href="https://example.org/blog/tags/gates/"/>
<item>
  <guid isPermaLink="false">tag:example.org,2020:4</guid>
  <title>Four &amp;#38; more</title>
  <link>https://EXAMPLE.org:443/blog/%34</link>
</item>
<item>
  <guid isPermaLink="false">7</guid>
  <title>Seven, by a comment</title>
</item>
</channel>
</rss>
"""


def archive(number: int, post: int, links: str) -> str:
    return f"""\
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0">
<fh:archive/>
<title>Archive {number}</title>
<link href="https://example.org/blog/archive/{number}/"/>
<link rel="self" href="https://example.org/blog/archive/{number}.xml"/>
<link rel="current" href="https://example.org/blog/atom.xml"/>
{links}
<entry>
  <id>tag:example.org,2020:{post}</id>
  <title>As it was called then</title>
  <link href="https://example.org/blog/{post}"/>
  <updated>2020-01-0{post}T00:00:00Z</updated>
</entry>
</feed>
"""


def leads(way: str, number: int) -> str:
    return f'<link rel="{way}-archive" href="https://example.org/blog/archive/{number}.xml"/>'


PAGE = """\
<!doctype html>
<html>
<head>
<link rel="alternate" type="application/rss+xml" href="rss.xml">
<link rel="alternate" type="application/atom+xml" href="https://example.org/blog/atom.xml">
<link rel="alternate" type="application/feed+json" href="/blog/feed.json">
<link rel="alternate" type="application/rss+xml" href="/blog/tags/gates/">
<link rel="alternate" type="application/rss+xml" href="/blog/?feed=comments">
<link rel="alternate" type="application/rss+xml" href="/elsewhere/rss.xml">
</head>
"""
LIST = """\
<opml version="2.0">
<head><title>Feeds</title></head>
<body>
<outline text="Over the fence">
<outline text="RSS" type="rss" xmlUrl="https://example.org/blog/rss.xml"/>
<outline text="Others" type="rss" xmlUrl="https://example.net/rss.xml"/>
</outline>
</body>
</opml>
"""
VALID = {
    "rss.xml": RSS,
    "atom.xml": ATOM,
    "feed.json": JSON,
    "older/feed.json": OLDER,
    "tags/gates/index.xml": TAGGED,
    "archive/1.xml": archive(1, 1, leads("next", 2)),
    "archive/2.xml": archive(2, 2, leads("prev", 1) + "\n" + leads("next", 3)),
    # It has no posts but those that the feed has.
    "archive/3.xml": archive(3, 4, leads("prev", 2)),
    "index.html": PAGE,
    "posts/4/index.html": PAGE.replace('"rss.xml"', '"../../rss.xml"'),
    "feeds.opml": LIST,
}


def taken(name: str, text: str, address: str | None = None) -> Digest:
    """What a document says."""
    body = text.encode()
    made: Digest | None
    if name.endswith("html"):
        made = digest.of_page(body, name, address)
    elif name.endswith("json"):
        made = digest.of_json(jsontext.read(body), name, len(body), address, TODAY)
    else:
        made = digest.of_tree(xml.read(body), name, len(body), address, TODAY)
    assert made is not None
    return made


def judged(
    texts: Mapping[str, str], whole: bool = True, addresses: bool = False
) -> list[tuple[Digest, Fault]]:
    """What is found in documents, one by one and together."""
    made = [taken(name, text, AT + name if addresses else None) for name, text in texts.items()]
    found = [(one, fault) for one in made for fault in rules_site.judge_one(one)]
    return found + rules_site.judge_all(made, whole)


def told(found: Iterable[tuple[Digest, Fault]]) -> list[tuple[str, str, int]]:
    return [(fault.rule.code, one.name, fault.line) for one, fault in found]


def changed(name: str, *changes: str) -> dict[str, str]:
    """The valid site with one document changed: the one text becomes the other, and so on."""
    text = VALID[name]
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return {**VALID, name: text}


def test_a_valid_site_has_no_faults() -> None:
    assert told(judged(VALID)) == []
    assert told(judged(VALID, whole=False)) == []
    assert told(judged(VALID, addresses=True)) == []
    assert told(judged(dict(reversed(VALID.items())))) == []


ARCHIVES = "https://example.org/blog/archive/"
# The code, the document that is changed, how, and the document and line of the finding.
Row = tuple[str, str, tuple[str, ...], str, int]
ROWS: list[Row] = [
    ("C101", "tags/gates/index.xml",
     ("<link>https://EXAMPLE", "<pubDate>Fri, 18 Sep 2020 06:00 GMT</pubDate><link>https://EXAMPLE",
      "<title>Seven", "<pubDate>Sat, 19 Sep 2020 06:00 GMT</pubDate><title>Seven"),
     "tags/gates/index.xml", 11),
    ("C102", "older/feed.json",
     ('"content_text"', '"date_published": "2020-09-21T00:00:01Z", "content_text"'),
     "older/feed.json", 7),
    ("C102", "atom.xml", ("<updated>2020-09-19", "<updated>2021-09-19"), "atom.xml", 8),
    ("C103", "older/feed.json", ('"Two"', f'"{"Two " * 262144}"'), "older/feed.json", 0),
    ("C104", "tags/gates/index.xml", ("Seven, by a comment", "Four &#38; more"),
     "tags/gates/index.xml", 11),
    ("C105", "rss.xml", ("In short", "In short, at great length"), "rss.xml", 7),
    ("C105", "feed.json", ("In short", "In short, at great length"), "feed.json", 9),
    ("C106", "tags/gates/index.xml",
     ("<link>https://example", "<link>http://example"), "tags/gates/index.xml", 4),
    ("C106", "tags/gates/index.xml",
     ("<title>Seven", "<link>HTTP://Example.org:80/7</link><title>Seven"),
     "tags/gates/index.xml", 11),
    ("C106", "older/feed.json", ('"feed_url": "https', '"feed_url": "http'), "older/feed.json", 5),
    ("C107", "older/feed.json", ('"https://example.org/blog/"', '"feed.json"'),
     "older/feed.json", 4),
    ("C107", "tags/gates/index.xml",
     ("https://example.org/blog/tags/gates.html", "https://Example.org:443/blog/tags/gates/?"),
     "tags/gates/index.xml", 4),
    ("C121", "tags/gates/index.xml",
     ("Four &amp;#38; more", "Another", "EXAMPLE.org", "example.net"),
     "tags/gates/index.xml", 6),
    # The first is wrong here, since the others agree.
    ("C121", "rss.xml", ("Four &amp; more", "Five", "blog/4<", "blog/5<"), "rss.xml", 7),
    ("C122", "rss.xml", ("Three", "Tree"), "rss.xml", 18),
    ("C122", "atom.xml", ("Four &amp;amp; more", "Four &amp; less"), "atom.xml", 8),
    ("C122", "tags/gates/index.xml", ("/blog/%34", "/blog/4/"), "tags/gates/index.xml", 6),
    ("C122", "atom.xml", ("net/found", "net/lost", "blog/3", "blog/lost"), "atom.xml", 18),
    ("C122", "rss.xml", ("17 Sep 2020 08:00", "17 Sep 2020 08:01"), "rss.xml", 18),
    ("C122", "feed.json", ('"authors": [{"name": "Bo"}]', '"authors": [{"name": "Bob"}]'),
     "feed.json", 18),
    ("C122", "feed.json", ('"authors": [{"name": "Bo"}]', '"authors": [{"url": "https://b.o/"}]'),
     "feed.json", 18),
    ("C122", "rss.xml", ("<category>gates</category>", ""), "rss.xml", 7),
    ("C123", "feed.json", ("2020:3", "2020:33", "blog/3", "blog/33"), "feed.json", 18),
    ("C123", "rss.xml", ("2020:4", "2020:44", "blog/4", "blog/44"), "rss.xml", 7),
    ("C124", "feed.json", ("2020:4", "2020:44"), "feed.json", 9),
    ("C131", "atom.xml", (ARCHIVES + "2.xml", ARCHIVES + "4.xml"), "atom.xml", 6),
    ("C131", "archive/1.xml", (ARCHIVES + "2.xml", ARCHIVES + "2"), "archive/1.xml", 7),
    ("C131", "feed.json", ("older/feed.json", "older/"), "feed.json", 6),
    # It leads past an archive whose posts are nowhere else.
    ("C132", "atom.xml", (ARCHIVES + "2.xml", ARCHIVES + "1.xml"), "atom.xml", 6),
    ("C132", "archive/3.xml", (ARCHIVES + "2.xml", ARCHIVES + "1.xml"), "archive/3.xml", 7),
    ("C132", "archive/1.xml", (ARCHIVES + "2.xml", ARCHIVES + "3.xml"), "archive/1.xml", 7),
    ("C132", "archive/1.xml", (leads("next", 2), ""), "archive/2.xml", 7),
    ("C132", "archive/2.xml", (leads("prev", 1), ""), "archive/1.xml", 7),
    ("C132", "archive/3.xml", (leads("prev", 2), ""), "archive/2.xml", 8),
    ("C132", "archive/3.xml", (ARCHIVES + "2.xml", "https://example.net/"), "archive/2.xml", 8),
    ("C133", "archive/1.xml", (leads("next", 2), leads("next", 2) + leads("prev", 3)),
     "archive/1.xml", 7),
    ("C133", "archive/3.xml", (leads("prev", 2), leads("prev", 2) + leads("next", 2)),
     "archive/3.xml", 7),
    ("C133", "archive/3.xml", (leads("prev", 2), leads("prev", 2) + leads("next", 3)),
     "archive/3.xml", 7),
    ("C133", "older/feed.json",
     ('"items"', '"next_url": "https://example.org/blog/feed.json", "items"'),
     "feed.json", 6),
    ("C141", "posts/4/index.html", ("../../rss.xml", "rss.xml"), "posts/4/index.html", 4),
    ("C141", "index.html", ("/blog/tags/gates/", "/blog/tags/"), "index.html", 7),
    ("C141", "index.html", ("/blog/tags/gates/", "/blog/"), "index.html", 7),
    ("C141", "feeds.opml", ("blog/rss.xml", "blog/gone.xml"), "feeds.opml", 5),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "changes", "found_in", "line"), ROWS)
def test_one_change_one_finding(
    code: str, name: str, changes: tuple[str, ...], found_in: str, line: int
) -> None:
    found = judged(changed(name, *changes))
    assert told(found) == [(code, found_in, line)], [fault.message for _, fault in found]
    ((_, fault),) = found
    assert fault.message.endswith(".")
    assert "{" not in fault.message


def test_every_rule_has_its_row() -> None:
    rows = {code for code, *_ in ROWS}
    assert {code for code in RULES if code.startswith("C1")} == rows


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("tags/gates/index.xml", ("Seven, by a comment", "Four &#38; more"),
         "Two posts have the same title: Four & more."),
        ("older/feed.json", ('"content_text"', '"date_published": "2021-01-01T00:00:00Z", "x"'),
         "The post is dated in the future: 2021-01-01 00:00 UTC."),
        ("rss.xml", ("<category>gates</category>", ""),
         "The tags of the post: “fences” here, “fences, gates” in atom.xml."),
        ("atom.xml", ("<published>2020-09-17", "<published>2020-09-16"),
         "The date of the post: “2020-09-16 06:00 UTC” here, “2020-09-17 06:00 UTC” in rss.xml."),
        ("tags/gates/index.xml", ("Four &amp;#38; more", "Another", "EXAMPLE.org", "example.net"),
         "The id tag:example.org,2020:4 stands for “Another”, but in rss.xml for “Four & more”."),
        ("feed.json", ("2020:3", "2020:33", "blog/3", "blog/33", "Three", "Four"),
         "The feed differs from rss.xml, its sibling in another format: “Four” is missing there."),
        ("archive/3.xml", (leads("prev", 2), ""),
         f"The rel=next-archive leads to {ARCHIVES}3.xml, whose rel=prev-archive leads to"
         " nothing."),
        ("archive/3.xml", (ARCHIVES + "2.xml", ARCHIVES + "1.xml"),
         f"The rel=prev-archive leads to {ARCHIVES}1.xml, whose rel=next-archive leads to"
         f" {ARCHIVES}2.xml."),
        ("feed.json", ("older/feed.json", "older/"),
         "The next_url leads to https://example.org/blog/older/, where there is no feed."),
    ],
)  # fmt: skip
def test_messages(name: str, changes: tuple[str, ...], message: str) -> None:
    assert [fault.message for _, fault in judged(changed(name, *changes))] == [message]


def test_a_finding_in_a_post_names_it() -> None:
    ((_, fault),) = judged(changed("feed.json", '"Three"', '"Tree"'))
    assert (fault.field, fault.entry) == ("items[1]", "tag:example.org,2020:3")
    assert (fault.line, fault.column, fault.end_line) == (18, 5, 26)
    ((_, fault),) = judged(changed("atom.xml", ARCHIVES + "2.xml", ARCHIVES + "4.xml"))
    assert (fault.field, fault.entry) == ("link@href", "")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        # Newest first by the last change, not by publication.
        ("tags/gates/index.xml",
         ("<link>https://EXAMPLE", "<atom:updated>2020-09-20T00:00:00Z</atom:updated>"
          "<atom:published>2020-09-18T06:00:00Z</atom:published><link>https://EXAMPLE",
          "<title>Seven", "<pubDate>Sat, 19 Sep 2020 06:00 GMT</pubDate><title>Seven")),
        # A date that only one of them has.
        ("feed.json", ('"date_published": "2020-09-17T06:00:00Z",', "")),
        # An archive in the order in which it was written.
        ("archive/2.xml",
         ("<entry>", "<entry><updated>2010-01-01T00:00:00Z</updated></entry><entry>")),
        # A day ahead is a matter of time zones.
        ("older/feed.json", ('"content_text"', '"date_published": "2020-09-21T00:00:00Z", "x"')),
        # What is empty is not longer, and not repeated.
        ("rss.xml", ("&lt;p&gt;At length&lt;/p&gt;", "&lt;img src=x&gt;")),
        ("tags/gates/index.xml", ("Seven, by a comment", "", "Four &amp;#38; more", "")),
        # Another site may be on http.
        ("tags/gates/index.xml", ("<title>Seven", "<link>http://example.net</link><title>Seven")),
        # An id that is no address is unique in its feed alone.
        ("older/feed.json", ('"2"', '"7", "title": "Another", "url": "https://e.example/"')),
        # A feed that ends earlier than its siblings.
        ("feed.json", (JSON[JSON.index(',\n    {\n      "id": "tag:example.org,2020:3') :], "]}")),
        # The same post by its address; a post that cannot be known.
        ("feed.json", ('"id": "tag:example.org,2020:3"', '"id": ""',
                       '"url": "https://example.org/blog/3",', "",
                       '"external_url": "https://example.net/found",', "")),
        # A document that could not be read to its end.
        ("rss.xml", (RSS[RSS.index("<item>") :], "")),
        # What a program answers, and what lies on other sites or above this one.
        ("atom.xml", (ARCHIVES + "2.xml", ARCHIVES + "?n=2")),
        ("atom.xml", (ARCHIVES + "2.xml", "https://example.net/2.xml")),
        ("feeds.opml", ("https://example.org/blog/rss.xml", "https://example.org/rss.xml")),
        # The address of JSON Feed itself is the business of its own rules.
        ("feed.json", ("older/feed.json", "feed.json#")),
    ],
)  # fmt: skip
def test_no_noise(name: str, changes: tuple[str, ...]) -> None:
    assert told(judged(changed(name, *changes))) == []


@pytest.mark.parametrize(
    ("names", "items", "how", "line"),
    [
        (["atom.xml", "rss.xml"], "", "“Four & more” is missing here.", 0),
        (["atom.xml", "rss.xml"], "3", "“Four & more” is missing here.", 0),
        (["atom.xml", "rss.xml"], "34", "“Three” has another place.", 7),
        (["atom.xml", "rss.xml"], "544", "“Five” is missing there.", 7),
        (["rss.xml", "atom.xml"], "", "“Four & more” is missing there.", 8),
        (["rss.xml", "atom.xml"], "3", "“Four & more” is missing there.", 8),
    ],
)
def test_how_siblings_differ(names: list[str], items: str, how: str, line: int) -> None:
    head, four, three = RSS.split("<item>")
    three, _, end = three.partition("</channel>")
    five = four.replace(":4<", ":5<").replace("/4<", "/5<").replace("Four &amp; more", "Five")
    parts = {"3": three, "4": four, "5": five}
    rss = "<item>".join([head, *(parts[item] for item in items)]) + "</channel>" + end
    texts = {"rss.xml": rss, "atom.xml": ATOM}
    found = judged({name: texts[name] for name in names}, whole=False)
    ((one, fault),) = [found for found in found if found[1].rule.code == "C123"]
    assert one.name == names[1]
    assert fault.message.endswith(how)
    assert fault.line == line


def test_of_two_feeds_in_one_format_none_is_taken_for_a_sibling() -> None:
    texts = {"rss.xml": RSS, "atom.xml": ATOM, "feed.json": JSON}
    texts["feed2.json"] = OLDER.replace("older/feed", "feed2")
    assert told(judged(texts, whole=False)) == []


def test_of_three_siblings_the_odd_one_is_at_fault() -> None:
    for name in ("rss.xml", "atom.xml"):
        old = {"rss.xml": RSS, "atom.xml": ATOM}[name]
        new = old.replace(":4<", ":5<").replace("blog/4", "blog/5")
        texts = {"rss.xml": RSS, "atom.xml": ATOM, "feed.json": JSON} | {name: new}
        assert [one[:2] for one in told(judged(texts, whole=False))] == [("C123", name)]


def chain(*links: str) -> list[Digest]:
    """Archives; ``12`` leads to archive 1 before it and archive 2 after it, ``-`` to none."""
    texts = {
        f"archive/{number}.xml": archive(
            number,
            number,
            "\n".join(
                leads(way, int(to))
                for way, to in zip(("prev", "next"), pair, strict=True)
                if to != "-"
            ),
        )
        for number, pair in enumerate(links)
    }
    return [taken(name, text) for name, text in texts.items()]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        (["-1", "02", "1-"], []),
        # Round both ways is told once.
        (["11", "00"], [("C133", "archive/0.xml", 7)]),
        (["21", "02", "10"], [("C133", "archive/0.xml", 7)]),
        (["0-"], [("C133", "archive/0.xml", 7)]),
        # The end of a chain leads into a circle.
        (["1-", "20", "11"], [("C133", "archive/2.xml", 7)]),
        # Each is wrong because of the next.
        (["1-", "-2", "3-", "-0"], [("C132", f"archive/{n}.xml", 7) for n in range(4)]),
    ],
)
def test_chains_of_archives(links: list[str], found: list[tuple[str, str, int]]) -> None:
    assert told(rules_site.judge_all(chain(*links))) == found


def test_a_feed_may_pass_over_archives_in_a_circle() -> None:
    one, two, three = chain("-1", "-2", "-1")
    feed = replace(one, archive=False, prev_archive=one.next_archive, next_archive=None)
    both = replace(feed, entries=(*feed.entries, *two.entries, *three.entries))
    for first in (feed, both):
        assert [code for code, *_ in told(rules_site.judge_all([first, two, three]))] == ["C133"]


def feed(name: str, address: str | None) -> Digest:
    return Digest(name=name, address=address, kind="atom")


@pytest.mark.parametrize(
    ("feeds", "folder", "root"),
    [
        ({"rss.xml": "https://e.example/rss.xml"}, "", "https://e.example/"),
        ({"rss.xml": "https://e.example/blog/rss.xml"}, "", "https://e.example/blog/"),
        ({"./rss.xml": "https://E.example:443/%72ss.xml"}, "", "https://e.example/"),
        ({"public/rss.xml": "https://e.example/rss.xml"}, "public/", "https://e.example/"),
        ({"/srv/a/rss.xml": "https://e.example/rss.xml"}, "/srv/a/", "https://e.example/"),
        ({"rss.xml": "http://e.example:8000/rss.xml"}, "", "http://e.example:8000/"),
        ({"æ/rss.xml": "https://e.example/%C3%A6/rss.xml"}, "%C3%A6/", "https://e.example/%C3%A6/"),
        # Nothing is known of what lies above the documents.
        ({"a/b/rss.xml": "https://e.example/b/rss.xml"}, "a/b/", "https://e.example/b/"),
        (
            {"a/b/1.xml": "https://e.example/b/1.xml", "a/c/1.xml": "https://e.example/c/1.xml"},
            "a/",
            "https://e.example/",
        ),
        # The file of a folder.
        ({"feed/index.xml": "https://e.example/feed/"}, "feed/", "https://e.example/feed/"),
        ({"index.xml": "https://e.example/"}, "", "https://e.example/"),
        # One that copied its link from another feed does not count, unless it is one of two.
        (
            {
                "rss.xml": "https://e.example/rss.xml",
                "atom.xml": "https://e.example/rss.xml",
                "x/rss.xml": "https://e.example/rss.xml",
                "y/rss.xml": "https://e.example/y/rss.xml",
            },
            "",
            "https://e.example/",
        ),
        ({"1.xml": "https://e.example/1.xml", "2.xml": "https://f.example/2.xml"}, "", ""),
        # No name fits.
        ({"rss.xml": "https://e.example/feed/"}, "", ""),
        ({"rss.xml": "https://e.example/rss.xml?all"}, "", ""),
        ({"rss.xml": None, "-": "https://e.example/"}, "", ""),
        ({"https://e.example/rss.xml": "https://e.example/rss.xml"}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_root_of_a_site(feeds: dict[str, str | None], folder: str, root: str) -> None:
    together = rules_site.Together([feed(*one) for one in feeds.items()], whole=True)
    assert (together.folder, together.root) == (folder, root)


def test_nothing_is_missing_where_not_all_is_known() -> None:
    texts = {name: text for name, text in VALID.items() if name != "rss.xml"}
    assert [code for code, *_ in told(judged(texts))] == ["C141"]
    assert told(judged(texts, whole=False)) == []
    # An address that was asked says nothing of others.
    one = replace(taken("atom.xml", ATOM), name="https://example.org/blog/atom.xml")
    assert rules_site.judge_all([one]) == []
    assert rules_site.judge_all([]) == []


def test_a_file_is_found_by_its_name_whatever_it_says() -> None:
    other = changed("rss.xml", f'rel="self" href="{AT}rss.xml"', f'rel="self" href="{AT}atom.xml"')
    assert told(judged(other)) == []


def test_a_large_site_is_judged_in_time_that_grows_with_it() -> None:
    def made(count: int) -> list[Digest]:
        head = RSS[: RSS.index("<item>")]
        item = "<item><guid>tag:e.example,2020:{n}</guid><title>{n}</title></item>"
        return [
            taken(
                f"tags/{tag}/rss.xml",
                head + "".join(item.format(n=n) for n in range(tag, tag + 40)) + "</channel></rss>",
                f"{AT}tags/{tag}/rss.xml",
            )
            for tag in range(count)
        ]

    def seconds(digests: list[Digest]) -> float:
        start = time.perf_counter()
        assert rules_site.judge_all(digests) == []
        return time.perf_counter() - start

    small, large = made(20), made(200)
    seconds(small)
    assert seconds(large) < 40 * min(seconds(small) for _ in range(3)) + 0.5


def of_site(loaded: Site, documents: publish.Documents, now: datetime) -> list[Digest]:
    made = []
    for path, document in documents.items():
        body, name, address = document.body, path.removeprefix("/"), loaded.url + path
        one: Digest | None = None
        if document.media_type.startswith("text/html"):
            one = digest.of_page(body, name or "index.html", address)
        elif "json" in document.media_type:
            one = digest.of_json(jsontext.read(body), name, len(body), address, now)
        elif "xml" in document.media_type:
            one = digest.of_tree(xml.read(body), name, len(body), address, now)
        made += [one] if one else []
    return made


def test_what_we_publish_has_no_finding(site: Site, documents: publish.Documents) -> None:
    shipped = load.site(SHIPPED / "config.yaml")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for made in (
        of_site(site, documents, NOW),
        of_site(shipped, publish.documents(shipped, now), now),
    ):
        assert {one.kind for one in made} == {"rss", "atom", "jsonfeed", "page"}
        assert rules_site.Together(made, whole=True).root
        assert [fault for one in made for fault in rules_site.judge_one(one)] == []
        assert rules_site.judge_all(made) == []
