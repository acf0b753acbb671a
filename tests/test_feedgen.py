"""feedgen's traps: each is shown to be one, or was seen as one, and shown to be mended."""

import locale
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds import atom, catalog, load, rss
from feeds.model import Site
from feeds.publish import Documents

from .conftest import NOW, Write

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://search.yahoo.com/mrss/",
}


def rss_item(documents: Documents, slug: str, path: str = "/rss.xml") -> Any:
    channel = etree.fromstring(documents[path].body).find("channel")
    (item,) = channel.xpath(f"item[contains(guid, '{slug}')]")
    return item


def atom_entry(documents: Documents, slug: str, path: str = "/atom.xml") -> Any:
    feed = etree.fromstring(documents[path].body)
    (entry,) = feed.xpath(f"a:entry[contains(a:id, '{slug}')]", namespaces=NS)
    return entry


def test_entry_links_keep_their_attributes_in_atom(documents: Documents) -> None:
    entry = atom_entry(documents, "podcast")
    assert [dict(link.attrib) for link in entry.findall("a:link", NS)] == [
        {
            "href": "https://xn--prve-hra.example/blog/posts/podcast/",
            "rel": "alternate",
            "type": "text/html",
        },
        {
            "href": "https://xn--prve-hra.example/lyd/f%C3%B8rste%20afsnit.mp3",
            "rel": "enclosure",
            "type": "audio/mpeg",
            "length": "123456",
        },
    ]
    elsewhere = atom_entry(documents, "linked-with-body")
    assert [dict(link.attrib) for link in elsewhere.findall("a:link", NS)] == [
        {"href": "https://avis.example/artikel", "rel": "alternate"}
    ]


def test_no_date_is_the_clocks(documents: Documents) -> None:
    for path in ("/rss.xml", "/atom.xml"):
        assert f"{datetime.now(UTC):%Y-%m}".encode() not in documents[path].body
        assert f"{datetime.now(UTC):%b %Y}".encode() not in documents[path].body
        assert documents[path] == documents[path]


def test_entries_keep_their_order(site: Site, documents: Documents) -> None:
    shown = [post.id for post in catalog.published(site, NOW)[:5]]
    for path, query in (("/rss.xml", "//guid"), ("/atom.xml", "//a:entry/a:id")):
        found = etree.fromstring(documents[path].body).xpath(query, namespaces=NS)
        assert [element.text for element in found] == shown


def test_the_rss_link_is_the_page(documents: Documents) -> None:
    channel = etree.fromstring(documents["/tags/no/rss.xml"].body)[0]
    assert channel.findtext("link") == "https://xn--prve-hra.example/blog/tags/no/"
    (self_link,) = channel.findall("a:link", NS)
    assert dict(self_link.attrib) == {
        "href": "https://xn--prve-hra.example/blog/tags/no/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }


def test_rss_authors_are_dc_creators(documents: Documents) -> None:
    item = rss_item(documents, "podcast")  # One of its authors has an e-mail address.
    assert [e.text for e in item.findall("dc:creator", NS)] == ["Åse Ørn", "Bo Bæk"]
    assert item.find("author") is None


def test_content_is_html_and_never_cdata(documents: Documents) -> None:
    entry = atom_entry(documents, "linked-with-body")
    assert entry.find("a:content", NS).get("type") == "html"
    assert entry.find("a:summary", NS).get("type") == "html"
    assert b"CDATA" not in documents["/atom.xml"].body


def test_description_is_the_summary_and_content_encoded_the_content(documents: Documents) -> None:
    item = rss_item(documents, "linked-with-body")
    assert item.findtext("description") == "Læs her."
    assert item.findtext("c:encoded", namespaces=NS).startswith("<p>Læs <a href=")


def test_content_without_summary_does_not_slip_into_the_description(documents: Documents) -> None:
    item = rss_item(documents, "podcast")
    assert item.find("description") is None
    assert item.findtext("c:encoded", namespaces=NS).startswith("<img ")


def test_plain_text_is_escaped_for_readers_that_take_it_for_html(documents: Documents) -> None:
    item = rss_item(documents, "markup-in-text", "/tags/script/rss.xml")
    escaped = "Hvis a &lt; b &amp; b &gt; c, så &lt;script&gt;alert(1)&lt;/script&gt;"
    assert item.findtext("description") == escaped
    entry = atom_entry(documents, "markup-in-text", "/tags/script/atom.xml")
    assert entry.findtext("a:summary", namespaces=NS) == escaped


def test_an_item_without_text_is_valid(documents: Documents) -> None:
    item = rss_item(documents, "update-ahead")
    assert [child.tag for child in item if child.tag == "description"] == []
    entry = atom_entry(documents, "update-ahead")
    assert entry.find("a:content", NS) is None


def test_guid_is_no_permalink(documents: Documents) -> None:
    assert rss_item(documents, "podcast").find("guid").get("isPermaLink") == "false"


def test_generator_has_no_version(documents: Documents) -> None:
    feed = etree.fromstring(documents["/atom.xml"].body)
    (generator,) = feed.findall("a:generator", NS)
    assert (generator.text, dict(generator.attrib)) == ("feeds", {})
    assert b"python-feedgen" not in documents["/rss.xml"].body


def test_languages_and_thumbnails(documents: Documents) -> None:
    assert rss_item(documents, "jekyll").findtext("dc:language", namespaces=NS) == "en"
    assert rss_item(documents, "podcast").find("dc:language", NS) is None
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert atom_entry(documents, "jekyll").get(lang) == "en"
    assert atom_entry(documents, "podcast").get(lang) is None
    for element in (rss_item(documents, "podcast"), atom_entry(documents, "podcast")):
        assert element.find("m:thumbnail", NS).get("url") == "https://xn--prve-hra.example/b.jpg"


def test_only_namespaces_that_are_used_are_declared(documents: Documents) -> None:
    assert b"xmlns:media" not in documents["/tags/no/rss.xml"].body
    assert b"xmlns:media" not in documents["/tags/no/atom.xml"].body
    assert b"xmlns:dc" not in documents["/atom.xml"].body


def test_a_tag_feed_names_its_category_and_an_author_feed_its_author(documents: Documents) -> None:
    channel = etree.fromstring(documents["/tags/oe-drift/rss.xml"].body)[0]
    assert channel.findtext("category") == "Ø-drift"
    feed = etree.fromstring(documents["/tags/oe-drift/atom.xml"].body)
    assert feed.find("a:category", NS).get("term") == "Ø-drift"
    feed = etree.fromstring(documents["/authors/bo-baek/atom.xml"].body)
    assert [e.text for e in feed.findall("a:author/a:name", NS)] == ["Bo Bæk"]


def test_summary_feeds_hold_no_content(write: Write) -> None:
    site = load.site(
        write(
            {
                "config.yaml": "title: T\nurl: https://e.example\nfeeds: {content: summary}\n",
                "content/2020-01-01-a.yaml": "title: A\nsummary: S\nbody: B\n",
            }
        )
    )
    (feed,) = catalog.feeds(site, catalog.published(site, NOW))
    assert b"B&lt;" not in rss.render(feed)
    assert b"<content" not in atom.render(feed)
    assert b"<description>S</description>" in rss.render(feed)


def test_rendering_in_threads_leaves_locale_and_bytes_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = catalog.feeds(site, catalog.published(site, NOW))[0]
    expected = rss.render(feed)
    before = locale.setlocale(locale.LC_ALL)
    busy: list[str] = []
    overlaps: list[str] = []
    original = FeedGenerator.rss_str

    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        overlaps.extend(busy)
        busy.append("rendering")
        try:
            return original(self, *args, **kwargs)
        finally:
            busy.pop()

    monkeypatch.setattr(FeedGenerator, "rss_str", watched)
    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.extend(rss.render(feed) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == []
    assert results == [expected] * 80
    assert locale.setlocale(locale.LC_ALL) == before


def test_the_channel_has_a_picture_the_logo_or_else_the_icon(write: Write) -> None:
    def picture(more: str) -> tuple[str | None, str | None]:
        config = write({"config.yaml": "title: T\nurl: https://e.example\n" + more})
        site = load.site(config)
        (feed,) = catalog.feeds(site, [])
        channel = etree.fromstring(rss.render(feed))[0]
        logo = etree.fromstring(atom.render(feed)).findtext("a:logo", namespaces=NS)
        return channel.findtext("image/url"), logo

    icon, logo = "https://e.example/i.png", "https://e.example/l.png"
    assert picture("") == (None, None)
    assert picture("icon: /i.png\n") == (icon, icon)
    assert picture("icon: /i.png\nlogo: /l.png\n") == (logo, logo)


def test_an_empty_blog_has_valid_feeds(write: Write) -> None:
    site = load.site(write({}))
    (feed,) = catalog.feeds(site, catalog.published(site, NOW))
    assert etree.fromstring(rss.render(feed)).findall("channel/item") == []
    parsed = etree.fromstring(atom.render(feed))
    assert parsed.findtext("a:updated", namespaces=NS) == "2000-01-01T00:00:00+00:00"
