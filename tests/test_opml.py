"""The list of all feeds, as a reader imports it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from feeds import load, opml, publish, validate
from feeds.rules import document, xml

from .conftest import NOW, SHIPPED, SITE, Write


@pytest.fixture
def outlines(documents: publish.Documents) -> list[dict[str, str]]:
    root = ElementTree.fromstring(documents["/feeds.opml"].body)
    return [outline.attrib for outline in root.iter("outline") if outline.get("type") == "rss"]


def test_it_names_every_feed_that_people_follow_the_blogs_first(
    documents: publish.Documents, outlines: list[dict[str, str]]
) -> None:
    base = "https://xn--prve-hra.example/blog"
    assert [outline["xmlUrl"] for outline in outlines] == [
        f"{base}{feed.path}rss.xml" for feed in documents.feeds
    ]
    for outline, feed in zip(outlines, documents.feeds, strict=True):
        assert outline["xmlUrl"].removeprefix(base) in documents
        assert outline["htmlUrl"] == base + feed.path
        assert outline["text"] == outline["title"] == feed.title
        assert outline["language"] == "da-DK"
    assert not any("/archive/" in outline["xmlUrl"] for outline in outlines)


def test_it_is_one_folder_of_a_known_date(documents: publish.Documents) -> None:
    document = documents["/feeds.opml"]
    root = ElementTree.fromstring(document.body)
    assert document.media_type == "text/x-opml; charset=utf-8"
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "Prøver & <tests>"
    assert root.findtext("head/dateModified") == "Sat, 01 May 2021 22:00:00 +0000"
    assert [folder.get("text") for folder in root.findall("body/outline")] == ["Prøver & <tests>"]


@pytest.mark.parametrize("folder", [SHIPPED, SITE])
def test_our_own_validator_finds_nothing_in_it(folder: Path) -> None:
    site = load.site(folder / "config.yaml")
    made = publish.documents(site, NOW)["/feeds.opml"]
    assert document.judge(xml.read(made.body, "utf-8"), f"{site.url}/feeds.opml") == []


def test_validate_sees_a_feed_in_it_that_is_not_there(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = opml.render
    monkeypatch.setattr(opml, "render", lambda feeds, file: render(feeds, "none.xml"))
    (fault,) = validate.config(write({}), NOW).findings
    assert (fault.path, fault.code, fault.field) == ("feeds.opml", "C141", "outline@xmlUrl")


def test_a_blog_without_a_post_has_a_list_too(write: Write) -> None:
    documents = publish.documents(load.site(write({})), NOW)
    root = ElementTree.fromstring(documents["/feeds.opml"].body)
    assert [o.get("xmlUrl") for o in root.iter("outline") if o.get("type")] == [
        "https://e.example/rss.xml"
    ]
