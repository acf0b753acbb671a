"""oEmbed: what is answered about which address, and how large a frame may be."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from feeds import addresses, embed, oembed, publish
from feeds.model import Site

BASE = "https://xn--prve-hra.example/blog"


@pytest.fixture(scope="module")
def ask(site: Site, documents: publish.Documents) -> Any:
    def ask(**query: str) -> tuple[int, str, bytes]:
        return oembed.answer(site, documents.posts, documents.feeds, urlencode(query))

    return ask


def test_a_post_is_a_frame(ask: Any) -> None:
    status, media_type, body = ask(url=f"{BASE}/posts/podcast/")
    assert (status, media_type) == (200, "application/json; charset=utf-8")
    about = json.loads(body)
    assert about == {
        "version": "1.0",
        "type": "rich",
        "title": about["title"],
        "author_name": "Åse Ørn, Bo Bæk",
        "provider_name": "Prøver & <tests>",
        "provider_url": f"{BASE}/",
        "cache_age": 3600,
        "width": embed.WIDTH,
        "height": 216,
        "html": embed.frame(f"{BASE}/embed/posts/podcast/", about["title"], embed.WIDTH, 216),
    }


def test_a_feed_is_a_frame(ask: Any, documents: publish.Documents) -> None:
    for feed in documents.feeds:
        about = json.loads(ask(url=BASE + feed.path)[2])
        assert f'src="{BASE}/embed{feed.path}"' in about["html"]
        assert about["title"] == feed.title
    about = json.loads(ask(url=f"{BASE}/authors/aase-oern/")[2])
    assert about["author_name"] == "Åse Ørn"
    assert about["author_url"] == "https://proeve.example/aase"


def test_xml_says_the_same(ask: Any) -> None:
    status, media_type, body = ask(url=f"{BASE}/posts/markup-in-text/", format="xml")
    assert (status, media_type) == (200, "text/xml; charset=utf-8")
    root = ElementTree.fromstring(body)
    assert root.tag == "oembed"
    about = json.loads(ask(url=f"{BASE}/posts/markup-in-text/", format="json")[2])
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in about.items()
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://xn--prve-hra.example/blog/posts/podcast/",
        "HTTPS://PRØVE.example/blog/posts/podcast",
        f"{BASE}/posts/podcast/?utm_source=x&y#z",
        f"{BASE}/posts/%70odcast/",
    ],
)
def test_an_address_may_be_written_as_people_share_it(ask: Any, url: str) -> None:
    assert b"/embed/posts/podcast/" in ask(url=url)[2]


@pytest.mark.parametrize("path", ["", "/", "/?x", "/rss.xml", "/atom.xml", "/feed.json"])
def test_a_feeds_documents_stand_for_the_feed(ask: Any, path: str) -> None:
    assert f'src=\\"{BASE}/embed/\\"'.encode() in ask(url=BASE + path)[2]


@pytest.mark.parametrize(
    "url",
    [
        f"{BASE}/nope/",
        f"{BASE}/style.css",
        f"{BASE}/archive/1/",
        f"{BASE}/posts/draft/",
        f"{BASE}/posts/podcast/../",
        f"{BASE}x/posts/podcast/",
        "https://xn--prve-hra.example/posts/podcast/",
        "https://xn--prve-hra.example.evil.example/blog/posts/podcast/",
        "https://xn--prve-hra.example@evil.example/blog/posts/podcast/",
        "https://evil.example/blog/posts/podcast/",
        "javascript:alert(1)",
        "/blog/posts/podcast/",
        "https://[",
        f"{BASE}/{'x' * 5000}",
    ],
)
def test_other_addresses_are_not_found(ask: Any, url: str) -> None:
    status, media_type, body = ask(url=url)
    assert (status, media_type) == (404, "text/plain; charset=utf-8")
    assert body.startswith(b"url: no post and no feed of https://")


def test_other_formats_are_not_implemented(ask: Any) -> None:
    assert ask(url=f"{BASE}/", format="yaml")[0] == 501


def test_a_query_without_sense(ask: Any, site: Site, documents: publish.Documents) -> None:
    assert ask()[0] == ask(url="")[0] == 400
    for limit in ("0", "-1", "1.5", "x", "1000000", "٣"):
        assert ask(url=f"{BASE}/", maxwidth=limit)[0] == 400
        assert ask(url=f"{BASE}/", maxheight=limit)[0] == 400
    twice = f"url={BASE}/&url=x&maxwidth=300&maxwidth=x"
    assert oembed.answer(site, documents.posts, documents.feeds, twice)[0] == 200


@pytest.mark.parametrize("path", ["/", "/posts/podcast/"])
@pytest.mark.parametrize(("wide", "high"), [("320", "200"), ("1", "1"), ("9999", "9999")])
def test_a_frame_is_no_larger_than_asked(ask: Any, path: str, wide: str, high: str) -> None:
    free = json.loads(ask(url=BASE + path)[2])
    about = json.loads(ask(url=BASE + path, maxwidth=wide, maxheight=high)[2])
    assert about["width"] == min(free["width"], int(wide))
    assert about["height"] <= min(free["height"], int(high))
    assert f'width="{about["width"]}" height="{about["height"]}"' in about["html"]


def test_a_low_frame_has_fewer_posts_rather_than_hidden_ones(ask: Any) -> None:
    about = json.loads(ask(url=f"{BASE}/", maxheight="250")[2])
    assert f'src="{BASE}/embed/?items=2"' in about["html"]
    assert about["height"] == embed.height(embed.Options(items=2))


def test_pages_of_posts_and_feeds_say_where_to_ask(
    site: Site, documents: publish.Documents
) -> None:
    def links(path: str) -> list[tuple[str, str]]:
        page = documents[path].body.decode()
        return re.findall(r'type="([^"]*\+oembed)" title="[^"]*" href="([^"]*)"', page)

    for path in ("/", "/tags/no/", "/authors/aase-oern/", "/posts/podcast/"):
        (json_type, json_url), (xml_type, xml_url) = links(path)
        assert (json_type, xml_type) == ("application/json+oembed", "text/xml+oembed")
        for url, media_type in ((json_url, "application/json"), (xml_url, "text/xml")):
            start, _, query = unescape(url).partition("?")
            assert start == f"{BASE}{addresses.OEMBED}"
            answer = oembed.answer(site, documents.posts, documents.feeds, query)
            assert answer[:2] == (200, f"{media_type}; charset=utf-8")
            assert f"{BASE}/embed{path}".encode() in answer[2]
    for path in ("/archive/1/", "/follow/", "/embed/"):
        assert links(path) == []
