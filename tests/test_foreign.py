"""Foreign parsers read every document back as what the author wrote."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import load, publish
from feeds.model import Post, Site
from feeds.slugs import slug

from .conftest import NOW, SHIPPED
from .foreign import PARSERS, Read


def check(read: list[Read], posts: tuple[Post, ...]) -> None:
    """Every field that the parser reads is the post's."""
    assert [r.id for r in read] == [post.id for post in posts]
    for r, post in zip(read, posts, strict=True):
        assert r.title == post.title
        assert r.link == post.link
        assert r.published == post.published
        if r.tags is not None:
            assert r.tags == tuple(tag.name for tag in post.tags)
        if r.authors is not None:
            assert r.authors == tuple(person.name for person in post.authors)
        if r.content is not None and post.content:
            assert r.content == post.content
        if r.summary is not None and post.summary:
            assert r.summary == post.summary


def check_site(site: Site) -> None:
    documents = publish.documents(site, NOW)
    for feed in documents.feeds:
        for file, parsers in PARSERS.items():
            body = documents[feed.path + file].body
            for parse in parsers:
                check(parse(body), feed.posts)
        items = json.loads(documents[feed.path + "feed.json"].body)["items"]
        for item, post in zip(items, feed.posts, strict=True):
            assert [a["name"] for a in item["authors"]] == [p.name for p in post.authors]
            assert item.get("tags", []) == [tag.name for tag in post.tags]


def test_the_shipped_blog() -> None:
    site = load.site(SHIPPED / "config.yaml")
    check_site(site)
    first = publish.documents(site, NOW).feeds[0]
    assert first.posts[0].title.startswith("Fællesoffentlig ledelse – et forfriskende nyt ord")
    assert len(first.posts) == 4


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_a_reader_sees_the_feed_itself(file: str) -> None:
    documents = publish.documents(load.site(SHIPPED / "config.yaml"), NOW)
    parsed = feedparser.parse(documents[f"/tags/ydmyghed/{file}"].body)
    assert parsed.feed.title == "ydmyghed – Ledelse på tværs"
    assert parsed.feed.link == "https://ambassadoer.example/tags/ydmyghed/"
    assert parsed.feed.subtitle == "Indlæg om at lede med ydmyghed og blik for det, andre kan."
    assert parsed.feed.language == "da"
    assert parsed.feed.rights == "© 2020 Jette Runchel"
    assert parsed.feed.updated_parsed[:6] == (2020, 6, 12, 6, 30, 0)
    own = [link.href for link in parsed.feed.links if link.rel == "self"]
    assert own == [f"https://ambassadoer.example/tags/ydmyghed/{file}"]


def test_the_fixture_site(site: Site) -> None:
    check_site(site)


# What YAML lets an author write on a line; the fixture site has markup in titles, which feedparser
# takes for HTML in RSS.
LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"]),
    min_size=1,
).filter(lambda text: not set(text) & set("<>&\u0085\ufeff"))


def mends_to_something_else(text: str) -> bool:
    """feedparser takes text that could be UTF-8 read as Latin-1 for just that, and mends it."""
    try:
        return text.encode("latin-1").decode("utf-8") != text
    except UnicodeError:
        return False


TITLE = (
    st.lists(LINE, min_size=1, max_size=5)
    .map(" ".join)
    .filter(lambda text: not mends_to_something_else(text))
)
TAG = st.text(st.sampled_from("abcæøåÆØÅ 123é日-"), min_size=1, max_size=12).filter(
    lambda text: any(c.isalnum() for c in text)
)
NAME = st.sampled_from(["Åse Ørn", "Bo Bæk", "王小明", "O'Neill", 'Ann "A" B'])
DATE = st.datetimes(datetime(1971, 1, 1), datetime(2021, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC).isoformat()
)
POST = st.fixed_dictionaries(
    {"title": TITLE, "date": DATE},
    optional={
        "summary": TITLE,
        "tags": st.lists(TAG, max_size=4),
        "authors": st.lists(NAME, min_size=1, max_size=3, unique=True),
        "body": st.text(st.sampled_from("abc æøå*_[]()#\n<>&`\"'/é"), max_size=60),
        "image": st.just({"url": "/b.jpg"}),
        "enclosure": st.just({"url": "/a.mp3", "type": "audio/mpeg", "length": "1"}),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(POST, max_size=4))
def test_any_valid_site(posts: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text("title: Æ & ø\nurl: https://e.example\nfeeds: {posts: 3}\n", "utf-8")
        Path(folder, "content").mkdir()
        names: dict[str, str] = {}
        for n, post in enumerate(posts):
            # One spelling for each tag: the loader refuses two for one address.
            tags = {}
            for tag in post.get("tags", []):  # type: ignore[attr-defined]
                tags[slug(tag)] = names.setdefault(slug(tag), " ".join(tag.split()))
            fields = {**post, "tags": list(tags.values())}
            # JSON is YAML.
            text = json.dumps(fields, ensure_ascii=False)
            Path(folder, "content", f"2020-01-01-{n}.yaml").write_text(text, "utf-8")
        check_site(load.site(config))
