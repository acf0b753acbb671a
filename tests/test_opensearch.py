"""The description by which a browser searches the blog."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from feeds import load, publish, search, validate
from feeds.app import app_of
from feeds.live import Live

from .conftest import CONFIG, NOW, SHIPPED, SITE, Write

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def described(config: Path) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """The texts and the template of a site's description, and what the validator says of it."""
    site = load.site(config)
    body = publish.documents(site, NOW)["/opensearch.xml"].body
    root = ElementTree.fromstring(body)
    texts = {child.tag.removeprefix(SPACE): child.text or "" for child in root}
    (url,) = root.findall(f"{SPACE}Url")
    faults, _ = validate.judge(body, "opensearch.xml", f"{site.url}/opensearch.xml", "utf-8", NOW)
    return texts, url.attrib, [str(fault) for fault in faults]


@pytest.mark.parametrize("folder", [SITE, SHIPPED])
def test_it_names_the_page_and_is_valid(folder: Path) -> None:
    site = load.site(folder / "config.yaml")
    texts, url, faults = described(folder / "config.yaml")
    assert faults == []
    assert texts["ShortName"] == site.title
    assert texts["Description"] == site.subtitle
    assert texts["Language"] == site.language
    assert url == {"type": "text/html", "template": f"{site.url}/search/?q={{searchTerms}}"}


def test_long_and_odd_titles_fit(write: Write) -> None:
    config = 'title: En titel af {mange} "ord" & tegn\nurl: https://e.example/{b}/\n'
    texts, url, faults = described(write({"config.yaml": f"{config}subtitle: {'ord ' * 500}\n"}))
    assert faults == []
    assert texts["ShortName"] == "En titel af…"
    assert len(texts["Description"]) <= 1024
    assert url["template"] == "https://e.example/%7Bb%7D/search/?q={searchTerms}"


def test_its_example_finds_something(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": 'title: Om "gåsetegn" & <b>\n'})
    live = Live(config)
    body = live.edition.documents["/opensearch.xml"].body
    (example,) = ElementTree.fromstring(body).findall(f"{SPACE}Query")
    assert example.get("role") == "example"
    assert search.Index(live.edition.documents.posts).find(example.get("searchTerms", ""))


def test_every_page_leads_to_it_and_it_to_a_page_that_answers(write: Write) -> None:
    live = Live(write({"config.yaml": CONFIG, "content/2020-01-01-a.yaml": "title: Ære\n"}))
    client = app_of(live).test_client()
    for path in ("/", "/posts/a/", "/search/", "/search/?q=a", "/nope"):
        (link,) = re.findall(r'<link rel="search"[^>]*>', client.get(path).text)
        assert 'type="application/opensearchdescription+xml"' in link
        assert 'href="/opensearch.xml"' in link
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    (url,) = ElementTree.fromstring(answer.data).findall(f"{SPACE}Url")
    template = url.get("template", "").removeprefix("https://e.example")
    found = client.get(template.replace("{searchTerms}", "%C3%A6re"))
    assert "Posts found: 1" in found.text
