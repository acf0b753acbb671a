"""Frames, script and codes for other sites: what they hold, whatever the posts hold."""

import base64
import gzip
import hashlib
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import brotli
import pytest

from feeds import addresses, catalog, embed, load, publish
from feeds.app import app_of
from feeds.embed import Options
from feeds.live import Live
from feeds.model import Feed, Site

from .conftest import NOW, SHIPPED, SITE, Write

STATIC = Path(embed.__file__).parent / "static"
SCRIPT = (STATIC / addresses.SCRIPTS[-1][1:]).read_bytes()


@pytest.fixture(scope="module")
def feed(site: Site) -> Feed:
    return catalog.feeds(site, catalog.published(site, NOW))[0]


def items(page: str) -> int:
    return len(re.findall("<li[ >]", page))


@pytest.mark.parametrize(
    ("query", "options", "canonical"),
    [
        ("", Options(), ""),
        ("items=5&summary=0&image=0&theme=auto", Options(), ""),
        ("utm_source=x&%00&=", Options(), ""),
        ("theme=dark&items=20", Options(items=20, theme="dark"), "items=20&theme=dark"),
        ("image=1&summary=1", Options(summary=True, image=True), "summary=1&image=1"),
        ("items=1&items=no", Options(items=1), "items=1"),
        ("theme=light", Options(theme="light"), "theme=light"),
    ],
)
def test_options_in_a_query_and_their_one_spelling(
    query: str, options: Options, canonical: str
) -> None:
    assert embed.options(query) == options
    assert embed.canonical(options) == canonical
    assert embed.options(canonical) == options


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("items=0", "items: 1, 2, "),
        ("items=21", "items: 1, 2, "),
        ("items=05", "items: 1, 2, "),
        ("items=%D9%A3", "items: 1, 2, "),
        ("items=", "items: 1, 2, "),
        ("items=x&items=3", "items: 1, 2, "),
        ("summary=yes", "summary: 0, 1"),
        ("image=true", "image: 0, 1"),
        ("theme=Dark", "theme: auto, light, dark"),
    ],
)
def test_a_value_that_cannot_be_is_a_fault_which_says_what_can(query: str, fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}"):
        embed.options(query)


def test_a_frame_shows_the_newest_posts_with_dates_in_the_sites_language(feed: Feed) -> None:
    page = embed.page(feed, Options(items=2))
    assert items(page) == 2
    assert re.findall(r">(\d+\. \w+ \d{4})</time>", page) == ["2. maj 2021", "1. april 2021"]
    assert '<html lang="da-DK" dir="ltr" data-query="items=2">' in page
    assert "<p" not in page
    assert "<img" not in page
    # Pages stand in no frame, so every link leads out of it.
    assert page.count("<a ") == page.count(' target="_top"') == 3
    assert "<script" not in page


def test_a_frame_with_summaries_pictures_and_colours(feed: Feed) -> None:
    page = embed.page(feed, Options(items=20, summary=True, image=True, theme="dark"))
    assert '<p dir="auto">' in page
    assert re.search(r'<img src="https://\S+" alt="[^"]*" loading="lazy"', page)
    assert 'class="dark">' in page


def test_a_frame_without_posts_says_so(feed: Feed) -> None:
    assert "Der er endnu ingen indlæg." in embed.page(replace(feed, posts=()))


def test_a_frame_that_is_refused_says_why(site: Site) -> None:
    page = embed.refused(site, ValueError("items: <1>"))
    assert "Adressen beder om noget" in page
    assert "<code>items: &lt;1&gt;</code>" in page
    assert 'href="/blog/embed/new/" target="_top"' in page


def test_every_feed_and_every_page_of_a_post_has_a_frame(documents: publish.Documents) -> None:
    for path in ("/", "/tags/no/", "/authors/aase-oern/", "/posts/podcast/"):
        document = documents[addresses.embed(path)]
        assert document.shared
        assert b"noindex" in document.body
    assert "/embed/posts/elsewhere/" not in documents
    assert not any(re.match("/embed/.*archive", path) for path in documents)
    podcast = documents["/embed/posts/podcast/"].body.decode()
    assert items(podcast) == 1
    assert '<a href="/blog/" target="_top">Prøver &amp; &lt;tests&gt;</a>' in podcast


def test_a_frame_with_options_is_a_document_at_their_one_address(feed: Feed) -> None:
    made = publish.embedded(feed, Options(theme="dark", items=1))
    assert made.path == "/embed/?items=1&theme=dark"
    assert made.shared
    assert items(made.body.decode()) == 1


def test_the_height_of_a_frame_is_about_that_of_its_posts() -> None:
    assert embed.height(Options(items=1)) < embed.height(Options()) < 500
    assert embed.height(Options(summary=True)) > embed.height(Options())
    assert embed.fitting(10_000) == Options()
    assert embed.fitting(embed.height(Options(items=3))) == Options(items=3)
    assert embed.fitting(1) == Options(items=1)


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT, 9)) < 2048
    assert len(brotli.compress(SCRIPT, quality=9)) < 2048


def test_the_script_has_an_address_for_good(documents: publish.Documents) -> None:
    """If this fails: keep every file that was released, and name the new one last in SCRIPTS."""
    for path in addresses.SCRIPTS:
        document = documents[path]
        assert path == f"/embed-{hashlib.sha256(document.body).hexdigest()[:12]}.js"
        assert document.immutable
        assert document.shared
    assert documents[addresses.SCRIPTS[-1]].body == documents["/embed.js"].body == SCRIPT
    assert documents["/embed.js"].shared
    assert not documents["/embed.js"].immutable
    assert {f"/{file.name}" for file in STATIC.glob("embed-*.js")} == set(addresses.SCRIPTS)


def test_how_the_app_serves_what_other_sites_load() -> None:
    client = app_of(Live(SITE / "config.yaml")).test_client()
    for path, fresh in (
        ("/embed.js", "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=604800"),
        (addresses.SCRIPTS[-1], "public, max-age=31536000, immutable"),
    ):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == fresh
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert client.get("/embed/").headers["Content-Security-Policy"].endswith("frame-ancestors *")
    for path in ("/embed/new/", "/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'none'")
    assert "/embed/" not in client.get("/tags/ydmighed/").text


def test_the_script_makes_no_markup() -> None:
    assert not re.search(rb"innerHTML|outerHTML|insertAdjacent|document\.write|eval", SCRIPT)


def test_the_codes_that_an_editor_copies(documents: publish.Documents, feed: Feed) -> None:
    page = documents["/embed/new/"].body.decode()
    frame, script, link = map(unescape, re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S))
    base = "https://xn--prve-hra.example/blog"
    assert link == f"{base}/"
    assert f'<iframe src="{base}/embed/" title="Prøver &amp; &lt;tests&gt;" width="100%"' in frame
    digest = base64.b64encode(hashlib.sha384(SCRIPT).digest()).decode()
    assert f'src="{base}{addresses.SCRIPTS[-1]}" integrity="sha384-{digest}"' in script
    assert f'<feed-embed src="{base}/feed.json" items="5"><a href="{base}/">Pr' in script
    assert page.count("<option") == len(documents.feeds) + 3
    assert not documents["/embed/new/"].shared


def test_the_docs_say_what_there_is() -> None:
    page = (SHIPPED / "docs/embed.md").read_text("utf-8")
    blog = catalog.feeds(load.site(SHIPPED / "config.yaml"), [])[0]
    url = blog.site.url + addresses.embed(blog.path)
    assert embed.frame(url, blog.title, "100%", embed.height(Options())) in page
    assert embed.script(blog).partition("\n")[2] in page
    for name in embed._ALLOWED:
        assert f"| `{name}` |" in page
    for name in re.findall(rb"static observedAttributes = \[(.*)\]", SCRIPT)[0].split(b", "):
        assert f"`{name.decode()[1:-1]}`" in page
    script = SCRIPT.decode()
    parts = set(re.findall(r'(?:make\("\w+"|link), "(\w+)"', script))
    parts |= set(re.findall(r'link\("(\w+)"', script))
    properties = set(re.findall(r"--feed-embed-\w+", script))
    assert len(parts) == 9
    assert len(properties) == 4
    assert all(f"`{part}`" in page for part in parts)
    assert all(f"{name}:" in page for name in properties)


HOSTILE = '<script>alert(1)</script>" onload="alert(1) \u202egnp.exe &lt;b> {{ 7*7 }} --> ]]>'


def test_hostile_text_stays_text(write: Write) -> None:
    config = write(
        {
            "config.yaml": f"title: '{HOSTILE}'\nurl: https://e.example\n",
            "content/2020-01-01-a.yaml": f"title: '{HOSTILE}'\nsummary: '{HOSTILE}'\n"
            f"tags: ['{HOSTILE}']\n"
            f"image: {{url: 'https://e.example/\"><script>', alt: '{HOSTILE}'}}\n"
            "body: '<script>alert(1)</script>[x](javascript:alert(1))'\n",
        }
    )
    site = load.site(config)
    documents = publish.documents(site, NOW)
    everything = Options(summary=True, image=True)
    pages = [documents[path].body.decode() for path in documents if path.startswith("/embed/")]
    pages += [embed.page(feed, everything) for feed in documents.feeds]
    assert len(pages) == 6
    for page in pages:
        scripts = re.findall(r"<script[^>]*>", page)
        assert all(re.fullmatch(r'<script src="/\w+\.js" defer>', script) for script in scripts)
        assert "javascript:" not in page
        assert not re.search(r'<[^>]*" on\w+=', page)
        assert "{{ 7*7 }}" in page
        assert page.count("-->") == 0
