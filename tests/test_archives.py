"""Archives (RFC 5005): the first post of ten years can be reached, and nothing full changes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import load, publish

from .conftest import CONFIG, Write

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
START = datetime(2020, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=1000)


def documents(posts: int, size: int) -> publish.Documents:
    """A site of so many posts, a day apart."""
    with TemporaryDirectory() as folder:
        content = Path(folder, "content")
        content.mkdir()
        Path(folder, "config.yaml").write_text(f"{CONFIG}feeds: {{posts: {size}}}\n")
        for n in range(posts):
            day = f"{START + timedelta(days=n):%Y-%m-%d}"
            tag = "tags: [x]\n" if n % 2 else ""
            Path(content, f"{day}-p{n}.yaml").write_text(f"title: P{n}\n{tag}body: B\n")
        return publish.documents(load.site(Path(folder, "config.yaml")), NOW)


def path_of(href: str) -> str:
    return href.removeprefix("https://e.example")


def atom(documents: publish.Documents, path: str) -> tuple[list[str], dict[str, str]]:
    """The titles of a feed, and its links by relation."""
    root = ElementTree.fromstring(documents[path].body)
    titles = [e.findtext(f"{ATOM}title", "") for e in root.iter(f"{ATOM}entry")]
    return titles, {e.get("rel", ""): e.get("href", "") for e in root.findall(f"{ATOM}link")}


def rss(documents: publish.Documents, path: str) -> tuple[list[str], dict[str, str]]:
    channel = ElementTree.fromstring(documents[path].body)[0]
    titles = [item.findtext("title", "") for item in channel.iter("item")]
    return titles, {e.get("rel", ""): e.get("href", "") for e in channel.findall(f"{ATOM}link")}


def jsonfeed(documents: publish.Documents, path: str) -> tuple[list[str], dict[str, str]]:
    feed = json.loads(documents[path].body)
    links = {"self": feed["feed_url"]}
    if "next_url" in feed:
        links["prev-archive"] = feed["next_url"]
    return [item["title"] for item in feed["items"]], links


FORMATS = {"atom.xml": atom, "rss.xml": rss, "feed.json": jsonfeed}


def visited(documents: publish.Documents, file: str, folder: str = "/") -> Iterator[str]:
    """The titles that one sees who goes from the feed to its archives."""
    path = folder + file
    while path:
        titles, links = FORMATS[file](documents, path)
        yield from titles
        path = path_of(links.get("prev-archive", ""))


@settings(max_examples=25, deadline=None)
@given(posts=st.integers(0, 25), size=st.integers(1, 7))
def test_whoever_goes_back_sees_every_post_once_newest_first(posts: int, size: int) -> None:
    site = documents(posts, size)
    expected = [f"P{n}" for n in reversed(range(posts))]
    for file, read in FORMATS.items():
        assert list(visited(site, file)) == expected
        newest, _ = read(site, "/" + file)
        assert min(posts, size) <= len(newest) < 2 * size or posts == 0
    if posts > 1:
        tagged = [f"P{n}" for n in reversed(range(posts)) if n % 2]
        assert list(visited(site, "atom.xml", "/tags/x/")) == tagged


@settings(max_examples=15, deadline=None)
@given(posts=st.integers(0, 16), more=st.integers(1, 9), size=st.integers(1, 4))
def test_no_full_archive_changes_when_posts_are_added(posts: int, more: int, size: int) -> None:
    before, after = documents(posts, size), documents(posts + more, size)
    full = max(0, posts // size - 1)
    names = [f"/archive/{n}/{file}" for n in range(1, full + 1) for file in FORMATS]
    assert (names != []) == (posts >= 2 * size)
    for name in names:
        assert before[name].body == after[name].body


@settings(max_examples=15, deadline=None)
@given(posts=st.integers(0, 20), size=st.integers(1, 4))
def test_the_chain_is_whole_both_ways(posts: int, size: int) -> None:
    site = documents(posts, size)
    for file, read in (("atom.xml", atom), ("rss.xml", rss)):
        _, links = read(site, "/" + file)
        path = path_of(links.get("prev-archive", ""))
        while path:
            titles, links = read(site, path)
            assert len(titles) == size
            assert links["self"] == f"https://e.example{path}"
            assert links["current"] == f"https://e.example/{file}"
            _, newer = read(site, path_of(links["next-archive"]))
            assert newer["prev-archive"] == links["self"]
            path = path_of(links.get("prev-archive", ""))


def test_a_feed_says_whether_it_is_complete_or_an_archive() -> None:
    small, large = documents(3, 2), documents(4, 2)
    assert b"<fh:complete/>" in small["/atom.xml"].body
    assert b"<fh:complete/>" in small["/rss.xml"].body
    for file in ("atom.xml", "rss.xml"):
        assert b"fh:" not in large[f"/{file}"].body
        assert b"<fh:archive/>" in large[f"/archive/1/{file}"].body
    assert "/archive/1/" not in small
    assert "/archive/3/" not in large


def test_people_page_back_too() -> None:
    site = documents(7, 2)
    assert 'href="/archive/2/" rel="next">Older posts' in site["/"].body.decode()
    page = site["/archive/2/"].body.decode()
    assert "<title>T – archive 2</title>" in page
    assert 'href="/archive/1/" rel="next">Older posts' in page
    assert 'href="/archive/3/" rel="prev">Newer posts' in page
    assert 'href="/" rel="prev">Newer posts' in site["/archive/3/"].body.decode()


@pytest.mark.parametrize("target", ["/archive/3/rss.xml", "/tags/x/archive/9/"])
def test_a_redirect_leads_to_archives_that_are_there(target: str, write: Write) -> None:
    posts = {f"content/2020-01-0{n}-p{n}.yaml": "title: P\nbody: B\n" for n in range(1, 7)}
    config = f"{CONFIG}feeds: {{posts: 2}}\nredirects:\n  /old/: {target}\n"
    path = write({"config.yaml": config, **posts})
    if target.startswith("/archive"):
        assert load.site(path).redirects == {"/old/": target}
    else:
        with pytest.raises(load.LoadError, match="there is nothing at"):
            load.site(path)
