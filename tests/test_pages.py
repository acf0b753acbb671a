"""The pages: what each holds for people, readers and search engines; a site's own templates."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import jinja2
import pytest
from click.testing import CliRunner
from justhtml import JustHTML, Node

from feeds import cli, load, pages, publish, validate, words
from feeds.app import app_of
from feeds.live import Live
from feeds.model import Site

from .conftest import CONFIG, NOW, SHIPPED, SITE, Write

BASE = "https://xn--prve-hra.example/blog"
POST = {"content/2020-01-02-b.yaml": "title: B\ntags: [x]\n"}


def parsed(page: bytes | str) -> JustHTML:
    """A page; raises where HTML would have to be guessed."""
    return JustHTML(page, strict=True, sanitize=False)


def one(page: JustHTML | Node, selector: str) -> Node:
    (found,) = page.query(selector)
    assert isinstance(found, Node)
    return found


def value(node: object, name: str) -> str | None:
    assert isinstance(node, Node)
    assert node.attrs is not None
    return node.attrs.get(name)


def texts(page: JustHTML | Node, selector: str) -> list[str]:
    return [" ".join(node.to_text("", strip=False).split()) for node in page.query(selector)]


def links(page: JustHTML | Node, selector: str) -> list[str | None]:
    return [value(node, "href") for node in page.query(selector)]


def meta(page: JustHTML) -> dict[str, str | None]:
    found = page.query("meta[property]") + page.query("meta[name]")
    return {str(value(m, "property") or value(m, "name")): value(m, "content") for m in found}


@pytest.fixture
def page(documents: publish.Documents) -> "dict[str, JustHTML]":
    class Pages(dict[str, JustHTML]):
        def __missing__(self, path: str) -> JustHTML:
            return parsed(documents[path].body)

    return Pages()


# -- Every page ------------------------------------------------------------------------------------


def every_page(folder: Path) -> Iterator[tuple[str, str]]:
    site = load.site(folder / "config.yaml")
    site = replace(site, redirects={"/old/": "/rss.xml", "/away/": "https://x.example/?a&b"})
    documents = publish.for_static_host(site, publish.documents(site, NOW))
    for path, document in documents.items():
        if document.media_type.startswith("text/html") and not document.shared:
            yield path, document.body.decode()
    for status in (404, 405, 410):
        yield str(status), pages.error(site, status, ["/", "/tags/x/"])


@pytest.mark.parametrize("folder", [SHIPPED, SITE])
def test_every_page_is_html_to_the_letter_with_the_same_frame(folder: Path) -> None:
    for path, text in every_page(folder):
        page = parsed(text)
        assert value(one(page, "html"), "lang") in ("da", "da-DK"), path
        assert value(one(page, "html"), "dir") == "ltr"
        assert one(page, "title").to_text()
        assert value(one(page, 'meta[name="viewport"]'), "content")
        assert len(page.query("h1")) == ("refresh" not in text), path
        # The first thing that a keyboard reaches.
        assert links(page, "body a")[0] == "#main"
        assert value(one(page, "main"), "id") == "main"
        ids = [value(node, "id") for node in page.query("[id]")]
        assert len(ids) == len(set(ids)), path
        for field in page.query("input[id]"):
            assert page.query(f'label[for="{value(field, "id")}"]'), path
        assert all(value(img, "alt") is not None for img in page.query("img"))


@pytest.mark.parametrize("folder", [SHIPPED, SITE])
def test_headings_leave_out_no_level(folder: Path) -> None:
    for path, text in every_page(folder):
        level = 0
        for name in re.findall(r"<h([1-6])\b", text):
            assert int(name) <= level + 1, path
            level = int(name)


def test_pages_ask_nobody_else_for_anything(documents: publish.Documents) -> None:
    for path, document in documents.items():
        if document.media_type.startswith("text/html") and not document.shared:
            page = parsed(document.body)
            for node in page.query('script[src], link[rel="stylesheet"]'):
                assert str(value(node, "src") or value(node, "href")).startswith("/blog/"), path
    css = documents["/style.css"].body.decode()
    assert not re.search(r"@import|url\(|https?:", css)


def test_the_script_is_small(documents: publish.Documents) -> None:
    assert len(documents["/page.js"].body) < 1000
    assert documents["/page.js"].media_type == "text/javascript; charset=utf-8"


# -- The head --------------------------------------------------------------------------------------


def test_a_page_announces_its_own_feeds(page: dict[str, JustHTML]) -> None:
    def announced(path: str) -> list[tuple[str | None, str | None]]:
        found = page[path].query('link[rel="alternate"]:not([type$="+oembed"])')
        return [(value(link, "type"), value(link, "href")) for link in found]

    def of(path: str) -> list[tuple[str | None, str | None]]:
        return [
            ("application/rss+xml", f"{BASE}{path}rss.xml"),
            ("application/atom+xml", f"{BASE}{path}atom.xml"),
            ("application/feed+json", f"{BASE}{path}feed.json"),
        ]

    for path in ("/", "/tags/no/", "/authors/bo-baek/", "/archive/1/"):
        assert announced(path) == of(path)
    assert announced("/follow/") == [*of("/"), ("text/x-opml", f"{BASE}/feeds.opml")]
    # Of a post's tags one format each: nobody wants to choose among dozens.
    tags = [("application/rss+xml", f"{BASE}/tags/{tag}/rss.xml") for tag in ("test", "ribenyu")]
    feeds = [link for link in announced("/posts/podcast/") if "oembed" not in str(link[0])]
    assert feeds == [*of("/"), *tags]


@pytest.mark.parametrize(
    ("path", "title", "canonical"),
    [
        ("/", "Prøver & <tests>", f"{BASE}/"),
        ("/tags/ydmyghed/", "Ydmyghed <3", f"{BASE}/tags/ydmyghed/"),
        ("/tags/no/", "no – Prøver & <tests>", f"{BASE}/tags/no/"),
        ("/authors/bo-baek/", "Bo Bæk – Prøver & <tests>", f"{BASE}/authors/bo-baek/"),
        ("/archive/1/", "Prøver & <tests> – arkiv 1", f"{BASE}/archive/1/"),
        ("/follow/", "Følg med – Prøver & <tests>", f"{BASE}/follow/"),
        ("/posts/minimal/", "Kun en titel – Prøver & <tests>", f"{BASE}/posts/minimal/"),
        # This one lives elsewhere.
        (
            "/posts/linked-with-body/",
            "Om en artikel – Prøver & <tests>",
            "https://avis.example/artikel",
        ),
    ],
)
def test_title_and_canonical_link(
    page: dict[str, JustHTML], path: str, title: str, canonical: str
) -> None:
    assert one(page[path], "title").to_text() == title
    assert links(page[path], 'link[rel="canonical"]') == [canonical]
    assert meta(page[path])["og:url"] == canonical


def test_archives_may_be_found_and_errors_not(page: dict[str, JustHTML], site: Site) -> None:
    # The way to old posts for whoever follows links.
    assert "robots" not in meta(page["/archive/1/"])
    for text in (pages.error(site, 404, []), pages.redirect(site, "/")):
        assert meta(parsed(text))["robots"] == "noindex"


def test_open_graph(page: dict[str, JustHTML]) -> None:
    post = page["/posts/podcast/"]
    assert {key: text for key, text in meta(post).items() if ":" in key} == {
        "og:type": "article",
        "og:site_name": "Prøver & <tests>",
        "og:title": "Lyd og billede",
        "og:url": f"{BASE}/posts/podcast/",
        "og:image": "https://xn--prve-hra.example/b.jpg",
        "og:image:alt": 'En "bænk"',
        "article:published_time": "2021-03-01T07:00:00+00:00",
        "article:tag": "日本語",  # The last of two.
    }
    assert meta(page["/posts/from-jekyll/"])["article:modified_time"] == "2021-01-02T08:00:00+00:00"
    home = meta(page["/"])
    assert home["og:type"] == "website"
    assert home["description"] == home["og:description"] == "Hvad der sker på kanten"
    assert home["og:image"] == "https://billeder.example/logo.png"
    assert "description" not in meta(page["/posts/minimal/"])


def test_a_post_for_search_engines(page: dict[str, JustHTML]) -> None:
    def about(path: str) -> dict[str, object]:
        found = json.loads(one(page[path], 'script[type="application/ld+json"]').to_text())
        assert isinstance(found, dict)
        return found

    assert about("/posts/from-jekyll/") == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "Fra Jekyll: ---",
        "description": "First paragraph with emphasis & an entity. Second paragraph, after a rule.",
        "url": f"{BASE}/posts/from-jekyll/",
        "mainEntityOfPage": f"{BASE}/posts/from-jekyll/",
        "datePublished": "2020-12-31T23:00:00+00:00",
        "dateModified": "2021-01-02T08:00:00+00:00",
        "inLanguage": "en",
        "author": [{"@type": "Person", "name": "Bo Bæk"}],
        "keywords": ["Ø-drift", "ydmyghed"],
        "isPartOf": {"@type": "Blog", "name": "Prøver & <tests>", "url": f"{BASE}/"},
    }
    podcast = about("/posts/podcast/")
    assert podcast["image"] == "https://xn--prve-hra.example/b.jpg"
    assert podcast["author"] == [
        {"@type": "Person", "name": "Åse Ørn", "url": "https://proeve.example/aase"},
        {"@type": "Person", "name": "Bo Bæk"},
    ]
    # Its title and summary hold markup, and end no script.
    assert about("/posts/markup-in-text/")["keywords"] == ["R&D", "<script>"]
    assert "blogPost" not in page["/"].to_html()


# -- Hostile text ----------------------------------------------------------------------------------


def test_hostile_text_stays_text(documents: publish.Documents) -> None:
    for path in ("/", "/posts/markup-in-text/", "/tags/script/", "/follow/"):
        page = documents[path].body.decode()
        assert set(re.findall("<script.*?>", page)) <= {
            '<script src="/blog/page.js" defer>',
            '<script type="application/ld+json">',
        }
        assert "<tests>" not in page
        assert "alert(1)</script>" not in page


def test_what_turns_text_round_stays_in_its_place(write: Write) -> None:
    turned = "\u202eesrever\u202e"
    config = write(
        {
            "config.yaml": f'{CONFIG}rights: "{turned}"\nauthors: ["{turned} A", "{turned} B"]\n',
            "content/2020-01-01-a.yaml": f'title: "{turned} T"\nsummary: "{turned} S"\n'
            f'authors: ["{turned} A", C]\ntags: ["{turned} G"]\n',
        }
    )
    documents = publish.documents(load.site(config), NOW)
    for path in ("/", "/posts/a/", "/tags/esrever-g/", "/authors/esrever-a/", "/follow/"):
        body = documents[path].body.decode().partition("<body>")[2]
        alone = re.findall(rf"(?<!<bdi>){turned}", body)
        assert turned in body
        assert alone == [], path


# -- Home, tags, authors, archives -----------------------------------------------------------------


def test_home(page: dict[str, JustHTML]) -> None:
    home = page["/"]
    assert texts(home, "header h1") == ["Prøver & <tests>"]
    assert texts(home, "header p")[0] == "Hvad der sker på kanten"
    assert texts(home, "main h2") == ["Nyeste indlæg"]
    assert texts(home, "article h3")[0] == "Rettes senere 𝄞 👩‍🚀"
    assert texts(home, "article time")[:2] == ["2. maj 2021", "1. april 2021"]
    assert links(home, "article h3 a")[3] == "https://avis.example/kronik"
    assert value(home.query("article h3")[4], "lang") == "en"
    form = one(home, "form")
    assert (value(form, "action"), value(form, "method")) == ("/blog/search/", "get")
    assert texts(form, "label") == ["Skriv hvad du søger"]
    assert value(one(form, "input"), "name") == "q"
    # Those with most posts first.
    assert texts(home, "aside section li")[8:10] == ["ydmyghed 3", "1.10 1"]
    assert texts(home, "aside section li")[-3:] == ["Bo Bæk 9", "Åse Ørn 8", "王小明 1"]


def test_home_offers_thirty_tags_and_the_follow_page_all(write: Write) -> None:
    tags = ", ".join(f"t{n:02}" for n in range(40))
    documents = publish.documents(
        load.site(write({"content/2020-01-01-a.yaml": f"title: A\ntags: [{tags}]\n"})), NOW
    )
    assert len(parsed(documents["/"].body).query('aside a[href^="/tags/"]')) == 30
    assert len(parsed(documents["/follow/"].body).query('td + td, a[href^="/tags/"]')) == 81


def test_an_empty_blog(write: Write) -> None:
    documents = publish.documents(load.site(write({})), NOW)
    home, follow = parsed(documents["/"].body), parsed(documents["/follow/"].body)
    assert texts(home, "main p")[-1] == "There are no posts yet."
    assert texts(home, "header p") == ["Follow"]  # There is no subtitle.
    assert texts(follow, "tbody tr") == ["T 0"]


def test_tag_and_author(page: dict[str, JustHTML]) -> None:
    tag = page["/tags/ydmyghed/"]
    assert texts(tag, "hgroup > h1, hgroup > p") == ["Emne", "ydmyghed", "Om ydmyghed & mere"]
    assert links(tag, "header a") == ["/blog/", "/blog/follow/"]
    # The blog's own description would say nothing of the tag.
    assert texts(page["/tags/no/"], "hgroup > h1, hgroup > p") == ["Emne", "no"]
    author = page["/authors/bo-baek/"]
    assert texts(author, "hgroup > h1, hgroup > p") == ["Forfatter", "Bo Bæk"]
    assert len(author.query("article")) == 9


def test_archives_lead_on_and_are_not_what_one_follows(page: dict[str, JustHTML]) -> None:
    def ways(path: str) -> list[tuple[str | None, str | None]]:
        return [(value(a, "rel"), value(a, "href")) for a in page[path].query("nav a")]

    assert ways("/") == [("next", "/blog/archive/1/")]
    assert ways("/archive/1/") == [("prev", "/blog/archive/2/")]
    assert ways("/archive/2/") == [("prev", "/blog/"), ("next", "/blog/archive/1/")]
    archive = page["/archive/1/"]
    assert texts(archive, "main h1, main h2") == ["Prøver & <tests> – arkiv 1", "Indlæg"]
    assert value(one(archive, "#address"), "value") == f"{BASE}/rss.xml"


# -- A post ----------------------------------------------------------------------------------------


def test_post(page: dict[str, JustHTML]) -> None:
    post = page["/posts/from-jekyll/"]
    assert texts(post, "article h1 + p") == ["Bo Bæk, 1. januar 2021, opdateret 2. januar 2021"]
    assert links(post, 'a[rel="author"]') == ["/blog/authors/bo-baek/"]
    assert links(post, 'a[rel="tag"]') == ["/blog/tags/oe-drift/", "/blog/tags/ydmyghed/"]
    # The words around the author's stay in the site's language.
    assert value(one(post, "h1"), "lang") == value(one(post, ".content"), "lang") == "en"
    assert value(one(post, "article"), "lang") is None
    podcast = page["/posts/podcast/"]
    assert texts(podcast, "article p")[-1] == "Vedhæftet fil (audio/mpeg)"
    assert value(podcast.query("article img")[0], "alt") == 'En "bænk"'
    elsewhere = page["/posts/linked-with-body/"]
    assert links(elsewhere, "article p a")[-1] == "https://avis.example/artikel"
    assert "0x1F" in texts(page["/posts/surprises/"], ".content")
    assert not page["/posts/minimal/"].query(".content p, main h2")


def test_the_only_author_has_no_page_to_link_to(write: Write) -> None:
    documents = publish.documents(load.site(write(POST)), NOW)
    page = parsed(documents["/posts/b/"].body)
    assert texts(page, "article h1 + p") == ["T, January 2, 2020"]
    assert not page.query('a[rel="author"]')


# -- To follow -------------------------------------------------------------------------------------


def test_how_to_follow_a_feed(page: dict[str, JustHTML]) -> None:
    tag = page["/tags/oe-drift/"]
    box = one(tag, "#follow")
    address = f"{BASE}/tags/oe-drift/rss.xml"
    field = one(box, "input")
    assert value(field, "value") == address
    assert "readonly" in (field.attrs or {})
    # Hidden until the script knows that it can copy.
    button = one(box, "button")
    assert (value(button, "data-copies"), button.to_text()) == ("address", "Kopiér")
    assert "hidden" in (button.attrs or {})
    assert links(box, "a[type]") == [
        f"/blog/tags/oe-drift/{file}" for file in ("rss.xml", "atom.xml", "feed.json")
    ]
    *readers, app = links(box, "a:not([type])")
    assert app == f"feed:{address}"
    assert len(readers) == len(pages.READERS) == 4
    assert unquote(str(readers[0])) == f"https://feedly.com/i/subscription/feed/{address}"
    for reader, parameter in zip(readers[1:], ("add_feed", "url", "url"), strict=True):
        assert parse_qs(urlsplit(str(reader)).query) == {parameter: [address]}


def test_posts_offer_the_blogs_feed(page: dict[str, JustHTML]) -> None:
    assert value(one(page["/posts/minimal/"], "#address"), "value") == f"{BASE}/rss.xml"


def test_the_follow_page_lists_all_feeds(
    page: dict[str, JustHTML], documents: publish.Documents
) -> None:
    follow = page["/follow/"]
    rows = texts(follow, "tbody tr")
    assert rows[:3] == ["Prøver & <tests> 10 2. maj 2021", "Emner", "1.10 1 2. jan. 2020"]
    assert rows[11:14] == ["ydmyghed 3 1. jan. 2021", "Forfattere", "Åse Ørn 8 1. apr. 2021"]
    assert links(follow, "tbody a") == [f"/blog{feed.path}" for feed in documents.feeds]
    assert "/blog/feeds.opml" in links(follow, "main a")
    assert value(one(follow, "#address"), "value") == f"{BASE}/rss.xml"


def test_every_page_leads_to_the_follow_page(documents: publish.Documents) -> None:
    for path, document in documents.items():
        if document.media_type.startswith("text/html") and not document.shared:
            assert '<a href="/blog/follow/">Følg med</a>' in document.body.decode(), path


# -- Words -----------------------------------------------------------------------------------------


def test_pages_speak_the_sites_language(site: Site, page: dict[str, JustHTML]) -> None:
    assert "1. januar 2021, opdateret" in texts(page["/posts/from-jekyll/"], "article p")[0]
    for language in ("tlh", "en-x-123456789"):
        english = publish.documents(replace(site, language=language), NOW)
        post = english["/posts/from-jekyll/"].body.decode()
        assert "January 1, 2021" in post
        assert "updated" in post


def test_every_language_has_every_word() -> None:
    english = words.of("en")
    for language in words._WORDS:
        assert words.of(language).keys() == english.keys()
        assert all(words.of(language).values())
    assert words.of("da-DK") is words.of("DA") is not english
    assert words.of("tlh") is english


def test_a_language_that_is_written_from_right_to_left(site: Site) -> None:
    text = pages.error(replace(site, language="ar"), 404, [])
    assert value(one(parsed(text), "html"), "dir") == "rtl"


# -- Templates of the site's own -------------------------------------------------------------------

OWN = f"{CONFIG}templates: look\n"


def built(write: Write, files: dict[str, str]) -> publish.Documents:
    named = {f"look/{name}": text for name, text in files.items()}
    return publish.documents(load.site(write({"config.yaml": OWN, **POST, **named})), NOW)


def test_a_template_takes_the_place_of_ours(write: Write) -> None:
    documents = built(
        write,
        {
            "post.html": "{% extends 'base.html' %}{% block main %}<h1>Mine: {{ post.title }}</h1>"
            "{% include 'parts/foot.html' %}{% endblock %}",
            "parts/foot.html": "<p>{{ site.title }} & more</p>",
            # What it takes the place of can be extended.
            "base.html": "{% extends 'feeds/base.html' %}{% block more_head %}"
            "<meta name=mine>{% endblock %}",
            ".#post.html": "{% an editor's",
            ".old/post.html": "{% nobody's",
            "notes.txt": "{% nothing",
        },
    )
    post = documents["/posts/b/"].body.decode()
    assert "<h1>Mine: B</h1>" in post
    assert "<p>T & more</p>" in post
    for path in ("/", "/follow/", "/posts/b/"):
        assert "<meta name=mine>" in documents[path].body.decode()
    assert "There is nothing" in pages.error(load.site(Path("config.yaml")), 404, [])


BROKEN = {
    "a tag that is not closed": ("post.html", "a\n{% if post %}", "look/post.html:2:1: Unexpected"),
    "a filter that is not there": (
        "feed.html",
        "\n\n{{ site|x }}",
        "look/feed.html:3:1: No filter",
    ),
    "a value that is not there": (
        "post.html",
        "<p>\n{{ post.titel }}",
        "look/post.html:2:1: 'feeds.model.Post object' has no attribute 'titel'",
    ),
    "a value that is not always there": (
        "post.html",
        "{{ post.image.url }}",
        "look/post.html:1:1: 'None' has no attribute 'url'",
    ),
    "a mistake": ("follow.html", "\n{{ 1 / 0 }}", "look/follow.html:2:1: division by zero"),
    "a mistake without a word": ("follow.html", "{{ [].pop(none) }}", "look/follow.html:1:1: "),
    "no parent": ("error.html", "\n{% extends 'x.html' %}", "look/error.html:2:1: x.html"),
    "itself": (
        "base.html",
        "{% extends 'base.html' %}",
        "look/base.html:1:1: never ends: what it takes the place of is called feeds/base.html",
    ),
    "in an error page": ("error.html", "{{ words[x] }}", "look/error.html:1:1: 'x' is undefined"),
    "in a redirect": ("redirect.html", "{{ x }}", "look/redirect.html:1:1: 'x' is undefined"),
    "in what is used nowhere": ("x.html", "{% x %}", "look/x.html:1:1: Encountered unknown tag"),
    "what ours needs of it": ("parts.html", "", "look/parts.html: 'jinja2.env"),
}


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_template_is_a_fault_at_its_line(write: Write, way: str) -> None:
    name, text, expected = BROKEN[way]
    with pytest.raises(load.LoadError) as error:
        built(write, {name: text})
    assert str(error.value).startswith(expected)
    # And so everywhere.
    run = CliRunner().invoke(cli.main, ["build"])
    assert run.exit_code == 2
    assert run.stderr.startswith(expected)
    assert not Path("public").exists()
    assert str(validate.config(Path("config.yaml"), NOW).findings[0]).startswith(expected)


def test_every_broken_template_is_said_at_once(write: Write) -> None:
    with pytest.raises(load.LoadError) as error:
        built(write, {"post.html": "{{ x }}", "feed.html": "{{ y }}\n{% endif %}"})
    assert [finding.path for finding in error.value.findings] == [
        "look/feed.html",
        "look/post.html",
    ]


def test_pages_of_posts_ahead_are_tried_too(write: Write) -> None:
    ahead = {"content/2199-01-01-c.yaml": "title: C\nimage: {url: /a.png}\n"}
    text = "{% if post.image %}{{ x }}{% endif %}"
    config = write({"config.yaml": OWN, **POST, **ahead, "look/post.html": text})
    with pytest.raises(load.LoadError, match=r"^look/post.html:1:1: 'x' is undefined$"):
        publish.documents(load.site(config), NOW)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("look", "config.yaml:4:12: templates: there is no folder look"),
        ("../look", "config.yaml:4:12: templates: '../look' is not the name of a folder beside"),
        (".", "config.yaml:4:12: templates: '.' is not the name of a folder beside this file"),
        ("/etc", "config.yaml:4:12: templates: '/etc' is not the name"),
    ],
)
def test_the_folder_must_be_there(write: Write, value: str, message: str) -> None:
    with pytest.raises(load.LoadError) as error:
        load.site(write({"config.yaml": f"{CONFIG}templates: {value}\n"}))
    assert str(error.value).startswith(message)


def test_a_template_must_be_text(write: Write) -> None:
    with pytest.raises(load.LoadError, match=r"^look/a.html:1:2: is not UTF-8"):
        load.site(write({"config.yaml": OWN, "look/a.html": b"a\xff"}))


def test_without_templates_of_its_own_a_mistake_is_ours(site: Site) -> None:
    with pytest.raises(jinja2.TemplateNotFound):
        pages.render("none.html", site)


def test_the_app_picks_up_templates_and_keeps_the_last_good_site(write: Write) -> None:
    now = datetime.now(UTC)
    live = Live(write({"config.yaml": CONFIG, **POST}), now=now)
    client = app_of(live).test_client()

    def look() -> str:
        live.look(now + timedelta(minutes=1))
        live.look(now + timedelta(minutes=1))
        return client.get("/posts/b/").text

    Path("look").mkdir()
    template = Path("look/post.html")
    template.write_text("One")
    assert "One" not in look()
    Path("config.yaml").write_text(OWN)
    assert look() == "One"
    template.write_text("Two {{ x }}")
    assert look() == "One"
    assert client.get("/healthz").get_json()["findings"] == ["look/post.html:1:1: 'x' is undefined"]
    template.write_text("Three")
    assert look() == "Three"
    # A folder that was broken when it was first named is looked at all the same.
    Path("config.yaml").write_text(OWN.replace("look", "other"))
    assert look() == "Three"
    Path("other").mkdir()
    Path("other/post.html").write_text("Four")
    assert look() == "Four"
    Path("other/post.html").unlink()
    assert "<h1><bdi>B</bdi></h1>" in look()


def test_our_templates_name_no_word_that_is_not_there() -> None:
    known = words.of("en")
    for file in resources.files("feeds").joinpath("templates").iterdir():
        for name in re.findall(r"words\.(\w+)", file.read_text("utf-8")):
            assert name in known, (file.name, name)
            assert not hasattr(dict, name), f"{name} is a method of every mapping"


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}",
        "{{ site.__class__.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    ],
)
def test_a_template_of_a_stranger_does_not_reach_python(write: Write, text: str) -> None:
    config = write(
        {
            "config.yaml": f"{CONFIG}templates: look\n",
            "look/base.html": f'{{% extends "feeds/base.html" %}}{{% block more_head %}}{text}'
            "{% endblock %}",
        }
    )
    with pytest.raises(load.LoadError, match=r"^look/base\.html"):
        publish.documents(load.site(config), NOW)
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.html", '{% if not feed.tag and feed.path != "/" %}{{ feed.tag.slug }}{% endif %}'),
        ("embed.html", 'x{{ 1/0 if options.theme == "dark" }}'),
        ("embed.html", "x{{ 1/0 if options.image and not options.summary }}"),
        ("search.html", "x{{ 1/0 if feed and not feed.posts }}"),
    ],
)
def test_what_is_made_when_it_is_asked_for_is_tried_too(write: Write, name: str, text: str) -> None:
    post = "title: T\ntags: [a, b]\nbody: B\n"
    config = write(
        {
            "config.yaml": f"{CONFIG}templates: look\n",
            f"look/{name}": text,
            "content/2020-01-01-a.yaml": post,
        }
    )
    with pytest.raises(load.LoadError, match=f"^look/{name}:1:"):
        publish.documents(load.site(config), NOW)


def test_a_question_that_a_template_cannot_answer_is_no_crash(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    config = write(
        {
            "config.yaml": f"{CONFIG}templates: look\n",
            "look/embed.html": "x{{ 1/0 if options.items == 7 }}",
        }
    )
    client = app_of(Live(config)).test_client()
    assert client.get("/embed/?items=6").status_code == 200
    answer = client.get("/embed/?items=7")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert answer.text == "Service Unavailable\n"
    assert "look/embed.html:1" in caplog.text
