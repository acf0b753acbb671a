"""What is made when it is asked for: searches, combinations of tags, options of frames."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from feeds import load, publish, search, validate
from feeds.answers import Edition
from feeds.app import app_of, create_app
from feeds.asked import Asked, Recipe
from feeds.live import Live
from feeds.model import Document, Post
from feeds.rules import site as rules

from .conftest import NOW, SITE, Write

FILES = ("rss.xml", "atom.xml", "feed.json")
BASE = "https://xn--prve-hra.example/blog"


@pytest.fixture(scope="module")
def live() -> Live:
    return Live(SITE / "config.yaml")


@pytest.fixture(scope="module")
def client(live: Live) -> FlaskClient:
    return app_of(live).test_client()


def location(answer: TestResponse) -> str:
    assert answer.status_code == 301
    return answer.headers["Location"]


def titles(answer: TestResponse) -> list[str]:
    """The titles of a feed's posts, or of those on a page."""
    assert answer.status_code == 200
    if answer.mimetype == "text/html":
        return re.findall(r"<h3.*?<bdi>(.*?)</bdi>", answer.text)
    if answer.mimetype == "application/feed+json":
        return [item["title"] for item in json.loads(answer.data)["items"]]
    return [entry.title for entry in feedparser.parse(answer.data).entries]


# --- searches ------------------------------------------------------------------------------------


def test_a_search_is_a_page_and_a_feed_in_every_format(client: FlaskClient) -> None:
    expected = ["Fra Jekyll: ---"]
    for file in ("", *FILES):
        assert titles(client.get(f"/search/{file}?q=jekyll")) == expected, file
    page = client.get("/search/?q=jekyll").text
    assert "<title>Søgning: jekyll – Prøver &amp; &lt;tests&gt;</title>" in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'value="jekyll"' in page
    assert "Fundne indlæg: 1" in page
    assert "search.js" not in page
    for file in FILES:
        assert f'href="{BASE}/search/{file}?q=jekyll"' in page
        assert f'href="/blog/search/{file}?q=jekyll"' in page


def test_a_search_says_its_own_address_and_its_page(client: FlaskClient) -> None:
    query = "?q=r%C3%B8d+gr%C3%B8d%2Fb%3D%231"
    page = f"{BASE}/search/{query}"
    for file in ("rss.xml", "atom.xml"):
        answer = client.get(f"/search/{file}{query}")
        links = {link.rel: link.href for link in feedparser.parse(answer.data).feed.links}
        assert links["self"] == f"{BASE}/search/{file}{query}"
        assert links["alternate"] == page
        assert answer.headers["Link"] == f'<{BASE}/search/{file}{query}>; rel="self"'
    feed = json.loads(client.get(f"/search/feed.json{query}").data)
    assert (feed["feed_url"], feed["home_page_url"]) == (f"{BASE}/search/feed.json{query}", page)
    feed = feedparser.parse(client.get(f"/search/atom.xml{query}").data).feed
    assert feed.id == f"tag:proeve.example,2020-06:feeds/search/{query}"
    assert feed.title == "Søgning: rød grød/b=#1 – Prøver & <tests>"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        *(("/search?q=a", "/search/?q=a"), ("/search/?q=+a++b+", "/search/?q=a+b")),
        *(("/search/?q=a%20b", "/search/?q=a+b"), ("//search//?q=a", "/search/?q=a")),
        *(("/search/?q=%61", "/search/?q=a"), ("/search/?q=a&utm=x", "/search/?q=a")),
        *(("/search/?x=y&q=a&q=b", "/search/?q=a"), ("/search/?q=%c3%a6", "/search/?q=%C3%A6")),
        *(("/search/rss.xml/?q=a", "/search/rss.xml?q=a"), ("/search/index.html?q=", "/search/")),
        *(("/search/feed?q=a%00", "/search/rss.xml?q=a"), ("/search?q=", "/search/")),
        *(("/search/?q=%20", "/search/"), ("/search/?q=%00", "/search/"), ("/search", "/search/")),
        *(("/search/?q=%F8", "/search/?q=%EF%BF%BD"), ("/search/?q=a;q=b", "/search/?q=a%3Bq%3Db")),
        ("/search/?q=" + "a+" * 20, "/search/?q=a+a+a+a+a+a+a+a"),
        ("/search/?q=" + "a" * 5000, "/search/?q=" + "a" * 100),
        ("/search/?q=%3Cb%3E+%26amp%3B", "/search/?q=b+amp%3B"),
    ],
)
def test_other_spellings_lead_to_the_one(client: FlaskClient, asked: str, meant: str) -> None:
    path, _, query = asked.partition("?")
    environ = EnvironBuilder(base_url="http://x/").get_environ()
    environ |= {"PATH_INFO": path, "QUERY_STRING": query}
    _, status, headers = run_wsgi_app(client.application, environ)
    assert (status, headers["Location"]) == ("301 MOVED PERMANENTLY", f"/blog{meant}")
    assert client.get(meant).status_code == 200


def test_letters_that_no_browser_encodes_are_understood(client: FlaskClient) -> None:
    environ = EnvironBuilder(base_url="http://x/").get_environ() | {
        "PATH_INFO": "/search/",
        "QUERY_STRING": "q=ø".encode().decode("latin-1"),
    }
    _, _, headers = run_wsgi_app(client.application, environ)
    assert headers["Location"] == "/blog/search/?q=%C3%B8"


def test_what_browsers_send_is_the_one_spelling(client: FlaskClient) -> None:
    # application/x-www-form-urlencoded, as the WHATWG's URL standard serializes it.
    assert client.get("/search/?q=sm%C3%A5+*-._+%C3%A6%2B").status_code == 200


def test_the_page_without_a_query_is_a_document_of_the_built_folder(client: FlaskClient) -> None:
    page = client.get("/search/")
    assert page.status_code == 200
    assert client.get("/search/?utm_source=x").data == page.data
    assert '<script src="/blog/search.js" defer></script>' in page.text
    assert "<noscript><p>Uden JavaScript" in page.text
    assert "noindex" not in page.text


@pytest.mark.parametrize("query", ["", "?q=", "?q=+", "?q=%00", "?x=y"])
def test_a_feed_of_no_query_does_not_exist(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search/rss.xml{query}").status_code == 404


@pytest.mark.parametrize("query", ["%21%21%21", "findesikke", "ledelse+findesikke", "%EF%BF%BD"])
def test_nothing_found_is_said_kindly_and_can_be_followed(client: FlaskClient, query: str) -> None:
    assert "Prøv med færre" in client.get(f"/search/?q={query}").text
    for file in FILES:
        assert titles(client.get(f"/search/{file}?q={query}")) == []


def test_a_search_with_many_posts_gives_the_newest(write: Write) -> None:
    posts = {f"content/2020-01-{n:02}-p{n}.yaml": f"title: Post {n}\n" for n in range(1, 10)}
    config = "title: T\nurl: https://e.example\nfeeds: {posts: 3}\n"
    client = create_app(write({"config.yaml": config, **posts})).test_client()
    newest = ["Post 9", "Post 8", "Post 7"]
    for file in ("", *FILES):
        assert titles(client.get(f"/search/{file}?q=post")) == newest
    assert "Posts found: 9" in client.get("/search/?q=post").text
    assert "Only the newest are shown" in client.get("/search/?q=post").text
    assert "Only the newest" not in client.get("/search/?q=post+9").text
    # A reader may drop what a complete feed does not hold.
    assert b"fh:complete" not in client.get("/search/atom.xml?q=post").data
    assert b"fh:complete" in client.get("/search/atom.xml?q=post+9").data


def test_no_hub_is_promised_to_tell_of_it(write: Write) -> None:
    config = "title: T\nurl: https://e.example\nfeeds: {hub: 'https://hub.example/'}\n"
    post = "title: A\ntags: [a, b]\n"
    client = create_app(
        write({"config.yaml": config, "content/2020-01-01-a.yaml": post})
    ).test_client()
    for path in ("/rss.xml", "/search/rss.xml?q=a", "/tags/a+b/feed.json"):
        answer = client.get(path)
        assert ("hub.example" in answer.text) == (path == "/rss.xml")
        assert ("hub.example" in answer.headers["Link"]) == (path == "/rss.xml")


def test_drafts_and_posts_ahead_are_not_found(write: Write) -> None:
    client = create_app(
        write(
            {
                "content/2020-01-01-a.yaml": "title: Fundet\n",
                "content/2020-01-02-b.yaml": "title: Kladde\ndraft: true\nbody: fundet\n",
                "content/2999-01-01-c.yaml": "title: Fremtid\nbody: fundet\n",
            }
        )
    ).test_client()
    assert titles(client.get("/search/?q=fundet")) == ["Fundet"]


def test_an_edit_is_found(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: Gammel\n"})
    live = Live(config)
    client = app_of(live).test_client()
    first = client.get("/search/rss.xml?q=ny")
    assert titles(first) == []
    Path("content/2020-01-01-a.yaml").write_text("title: Ny\n")
    now = datetime.now(UTC)
    live.look(now)
    live.look(now)
    second = client.get("/search/rss.xml?q=ny")
    assert titles(second) == ["Ny"]
    assert second.headers["ETag"] != first.headers["ETag"]


# --- combinations --------------------------------------------------------------------------------


@pytest.fixture
def tagged(write: Write) -> FlaskClient:
    tags = ("Ledelse", "Ydmyghed", "Ledelse, Ydmyghed", "Ledelse, Ydmyghed, Ø", "Ø, å")
    posts = {
        f"content/2020-01-0{n}-p{n}.yaml": f"title: P{n}\ntags: [{some}]\n"
        for n, some in enumerate(tags, 1)
    }
    return app_of(Live(write(posts))).test_client()


def test_a_combination_holds_the_posts_that_have_all_its_tags(tagged: FlaskClient) -> None:
    for file in ("", *FILES):
        assert titles(tagged.get(f"/tags/ledelse+ydmyghed/{file}")) == ["P4", "P3"], file
        assert titles(tagged.get(f"/tags/ledelse+oe+ydmyghed/{file}")) == ["P4"], file
        # It may have some tomorrow.
        assert titles(tagged.get(f"/tags/aa+ledelse/{file}")) == [], file
    feed = feedparser.parse(tagged.get("/tags/ledelse+ydmyghed/atom.xml").data).feed
    assert feed.title == "Ledelse + Ydmyghed – T"
    assert feed.id == "tag:e.example,2000:feeds/tags/ledelse+ydmyghed"
    assert {link.rel: link.href for link in feed.links} == {
        "self": "https://e.example/tags/ledelse+ydmyghed/atom.xml",
        "alternate": "https://e.example/tags/ledelse+ydmyghed/",
    }
    page = tagged.get("/tags/ledelse+ydmyghed/").text
    assert 'href="https://e.example/tags/ledelse+ydmyghed/atom.xml"' in page


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/tags/ydmyghed+ledelse/atom.xml", "/tags/ledelse+ydmyghed/atom.xml"),
        ("/tags/ydmyghed%2Bledelse/atom.xml", "/tags/ledelse+ydmyghed/atom.xml"),
        ("/tags/ledelse ydmyghed/feed.json", "/tags/ledelse+ydmyghed/feed.json"),
        ("/tags/ledelse%20ydmyghed", "/tags/ledelse+ydmyghed/"),
        ("/tags/ledelse+ledelse+ydmyghed/", "/tags/ledelse+ydmyghed/"),
        ("/tags/ydmyghed++ledelse+/feed", "/tags/ledelse+ydmyghed/rss.xml"),
        ("/tags//ydmyghed+ledelse//rss.xml/", "/tags/ledelse+ydmyghed/rss.xml"),
        ("/tags/ledelse+ledelse/rss.xml", "/tags/ledelse/rss.xml"),
        ("/tags/ledelse+/", "/tags/ledelse/"),
        ("/tags/ledelse+ydmyghed", "/tags/ledelse+ydmyghed/"),
    ],
)
def test_other_orders_lead_to_the_one(tagged: FlaskClient, asked: str, meant: str) -> None:
    assert location(tagged.get(asked)) == meant
    assert tagged.get(meant).status_code == 200
    assert tagged.get(meant.replace("+", "%2B")).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/tags/ledelse+nope/", "/tags/+/", "/tags/+/rss.xml", "/tags/a+b+c+d/rss.xml"),
        *("/tags/aa+ledelse+oe+ydmyghed/", "/tags/ledelse+ydmyghed/archive/1/rss.xml"),
        *("/tags/ledelse+ydmyghed/x", "/authors/a+b/", "/tags/" + "ledelse+" * 100_000 + "x/"),
        *("/tags/ledelse+../", "/tags/ledelse+%2e%2e/rss.xml", "/tags/a\n+b/"),
    ],
)
def test_other_combinations_do_not_exist(tagged: FlaskClient, path: str) -> None:
    environ = EnvironBuilder(base_url="http://x/").get_environ() | {"PATH_INFO": path}
    _, status, _ = run_wsgi_app(tagged.application, environ)
    assert status == "404 NOT FOUND"


def test_a_query_changes_nothing_in_a_combination(tagged: FlaskClient) -> None:
    plain = tagged.get("/tags/ledelse+ydmyghed/rss.xml")
    assert tagged.get("/tags/ledelse+ydmyghed/rss.xml?utm=x&q=y").data == plain.data


def test_what_the_config_says_of_an_address_comes_first(write: Write) -> None:
    config = (
        "title: T\nurl: https://e.example\n"
        "redirects: {/tags/a+b/: /rss.xml}\ngone: [/tags/a+c/, /tags/c+b]\n"
    )
    post = "title: A\ntags: [a, b, c]\n"
    client = create_app(
        write({"config.yaml": config, "content/2020-01-01-a.yaml": post})
    ).test_client()
    assert location(client.get("/tags/a+b/")) == "/rss.xml"
    assert client.get("/tags/a+c/").status_code == 410
    assert client.get("/tags/c+b/").status_code == 410
    assert client.get("/tags/b+c/").status_code == 200


# --- as all documents ----------------------------------------------------------------------------

ASKED = ["/search/rss.xml?q=post", "/tags/no+test/atom.xml", "/search/?q=en", "/tags/no+test/"]


def ask(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("address", ASKED)
def test_the_contract_is_that_of_documents(live: Live, client: FlaskClient, address: str) -> None:
    answer = ask(client, address)
    headers = answer.headers
    kind = "page" if answer.mimetype == "text/html" else "feed"
    document = client.get("/" if kind == "page" else "/rss.xml").headers
    assert set(headers.keys()) == set(document.keys())
    for name in ("Cache-Control", "Vary", "X-Content-Type-Options", "Referrer-Policy"):
        assert headers.get(name) == document.get(name)
    assert headers["ETag"].startswith('"')
    assert answer.last_modified == live.edition.changed
    unchanged = ask(client, address, If_None_Match=f"W/{headers['ETag']}")
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert ask(client, address, If_Match='"x"').status_code == 412
    head = client.head(address)
    assert (head.data, head.headers["ETag"]) == (b"", headers["ETag"])
    packed = ask(client, address, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == f'{headers["ETag"][:-1]}-gzip"'
    options = client.options(address, headers={"Origin": "https://other.example"})
    assert options.status_code == 204
    assert ("Access-Control-Allow-Origin" in options.headers) == (kind == "feed")
    assert client.post(address).status_code == 405
    path, _, query = address.partition("?")
    if kind == "feed":
        opened = ask(client, address, Sec_Fetch_Dest="document")
        page = path.rpartition("/")[0] + "/" + ("?" + query if query else "")
        assert opened.status_code == 303
        assert opened.headers["Location"].partition("#")[0] == f"/blog{page}"
    other = ask(client, address, Host="evil.example", X_Forwarded_Host="evil")
    assert other.data == answer.data
    assert client.get(f"/blog{address}").data == answer.data


def test_a_question_mark_in_a_path_is_no_query(live: Live, client: FlaskClient) -> None:
    from feeds import hotpath

    client.get("/search/?q=en")
    environ = EnvironBuilder(base_url="http://x/").get_environ()
    environ |= {"PATH_INFO": "/search/?q=en", "QUERY_STRING": ""}
    for app in (client.application, hotpath.wrap(client.application, live)):
        assert run_wsgi_app(app, environ)[1] == "404 NOT FOUND"


def documents(asked: Asked, query: str) -> Iterator[tuple[str, bytes]]:
    """What a search gives: an address and a body for each format."""
    for file in FILES:
        found = asked.find(f"/search/{file}", query)
        if isinstance(found, str):
            path, _, spelled = found.partition("?")
            found = asked.find(path, spelled)
        assert isinstance(found, Recipe)
        yield found.address, found.make().body


@pytest.fixture(scope="module")
def asked(live: Live) -> Asked:
    return Asked(live.edition.site, live.edition.documents)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """What can be asked of a blog in which nothing is odd."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "content").mkdir()
    (folder / "config.yaml").write_text(
        "title: T\nsubtitle: Om meget\nurl: https://e.example\nfeeds: {posts: 2}\nauthor: A\n"
    )
    for n in range(1, 9):
        (folder / f"content/2020-01-0{n}-p{n}.yaml").write_text(
            f"title: Indlæg {n}\ntags: [a, b, c]\nbody: Om noget.\n", "utf-8"
        )
    site = load.site(folder / "config.yaml")
    return Asked(site, publish.documents(site, NOW))


QUERIES = st.text(st.characters(), max_size=120) | st.lists(
    st.sampled_from("en et podcast jekyll 2020 <b> &amp; é å \0 + % ?".split(" "))
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(text=QUERIES.filter(search.canonical))
def test_the_validator_finds_nothing_in_a_search(plain: Asked, text: str) -> None:
    for address, body in documents(plain, "q=" + quote(text, errors="replace")):
        faults, digest = validate.judge(body, address, "https://e.example" + address, "utf-8", NOW)
        assert [str(fault) for fault in faults] == []
        assert digest


def test_the_validator_finds_nothing_in_all_together(plain: Asked) -> None:
    made = plain._documents
    bodies = {path: document.body for path, document in made.items() if document.page}
    for query in ("q=indl%C3%A6g", "q=om+noget", "q=2", "q=findes+ikke"):
        bodies |= documents(plain, query)
    for page in ("/tags/a+b/", "/tags/a+b+c/"):
        for file in FILES:
            recipe = plain.find(page + file, "")
            assert isinstance(recipe, Recipe)
            bodies[recipe.address] = recipe.make().body
    digests = []
    for address, body in bodies.items():
        faults, digest = validate.judge(body, address, "https://e.example" + address, "utf-8", NOW)
        assert [str(fault) for fault in faults] == [], address
        assert digest
        digests.append(digest)
    assert list(rules.judge_all(digests, whole=True)) == []


PATHS = st.sampled_from(
    ["/search", "/search/", "/search/rss.xml", "/search/feed", "//search//atom.xml/", "/search/x",
     "/tags/no+test/", "/tags/test+no/feed", "/tags/no+no", "/tags/+no/rss.xml", "/tags/no test/x"]
) | st.text("/+ .abcnotes", max_size=30).map("/tags/".__add__)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    path=PATHS,
    query=QUERIES.map(lambda text: "q=" + quote(text, errors="replace"))
    | st.text(st.characters(), max_size=60),
)
def test_whatever_is_asked_leads_to_an_answer_in_one_step(
    asked: Asked, path: str, query: str
) -> None:
    found = asked.find(path, query)
    if isinstance(found, str):
        path, _, query = found.partition("?")
        found = asked.find(path, query)
        if found is None:
            assert path in asked._documents
    if isinstance(found, Recipe):
        assert found.address == f"{path}?{query}".removesuffix("?") or path.startswith("/tags/")
        assert found.make().path == found.address
        again = asked.find(*found.address.partition("?")[::2])
        assert isinstance(again, Recipe)
        assert again.address == found.address


# --- for other sites -----------------------------------------------------------------------------


def test_the_options_of_a_frame(client: FlaskClient) -> None:
    plain, two = client.get("/embed/tags/no/"), client.get("/embed/tags/no/?items=1&theme=dark")
    assert (plain.status_code, two.status_code) == (200, 200)
    assert two.data != plain.data
    for header in ("Content-Security-Policy", "Access-Control-Allow-Origin"):
        assert two.headers[header] == plain.headers[header]
    assert "frame-ancestors *" in two.headers["Content-Security-Policy"]
    for asked, meant in (
        ("/embed/tags/no/?theme=dark&items=1", "/embed/tags/no/?items=1&theme=dark"),
        ("/embed/tags/no?items=1&utm=x", "/embed/tags/no/?items=1"),
        ("/embed/?items=5&theme=auto", "/embed/"),
    ):
        assert location(client.get(asked)) == f"/blog{meant}"
        assert client.get(meant).status_code == 200


def test_options_that_cannot_be_are_refused_in_the_frame(client: FlaskClient) -> None:
    answer = client.get("/embed/?items=1000")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "items: 1, 2" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert client.options("/embed/?items=1000").status_code == 204


def test_programs_that_ask_for_a_frame(client: FlaskClient) -> None:
    address = f"/oembed?url={quote(BASE + '/tags/no/', safe='')}"
    answer = client.get(address)
    assert json.loads(answer.data)["type"] == "rich"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{address}&format=xml").mimetype == "text/xml"
    assert client.get("/oembed?url=https://other.example/").status_code == 404
    assert client.get("/oembed").status_code == 400


# --- bounds --------------------------------------------------------------------------------------


def test_ten_thousand_questions_leave_what_everybody_reads(live: Live) -> None:
    edition = Edition(live.edition.site, live.edition.documents, live.edition.changed, {}, 2**20)
    for path in edition.documents:
        edition.answer(path)
    read, history = dict(edition._kept.young), dict(edition._history)
    for number in range(10_000):
        recipe = edition.asked.find("/search/", f"q={'x' * 80}+{number}")
        assert isinstance(recipe, Recipe)
        body = bytes(number % 1000)
        document = Document(path=recipe.address, media_type="text/html", body=body)
        small = replace(recipe, make=partial(replace, document))
        assert edition.answer_asked(small).body == body
        assert edition.answer_asked(small, "gzip") is edition.answer_asked(small, "gzip")
        if number % 1000 == 0:
            kept = edition._kept_asked
            bodies = [answer.body for answer in (*kept.young.values(), *kept.old.values())]
            assert sum(map(len, bodies)) + 2048 * len(bodies) <= 2**20 // 8
    assert edition._kept.young == read
    assert edition._history == history


def test_what_is_asked_for_again_is_kept(live: Live) -> None:
    documents = publish.Documents([], [], {})
    edition = Edition(live.edition.site, documents, live.edition.changed, {}, 8 * 10_000)
    recipes = [
        Recipe(path, partial(Document, path=path, media_type="text/html", body=b""))
        for path in ("/a", "/b", "/c")
    ]
    often = edition.answer_asked(recipes[0])
    for recipe in recipes * 3:
        edition.answer_asked(recipe)
        assert edition.answer_asked(recipes[0]) is often


def test_the_index_is_made_once_by_however_many(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    index = search.Index

    def slow(posts: list[Post]) -> search.Index:
        made.append(len(posts))
        time.sleep(0.05)
        return index(posts)

    monkeypatch.setattr(search, "Index", slow)
    asked = Asked(live.edition.site, live.edition.documents)
    assert asked.find("/tags/no+test/", "")
    assert made == []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda word: list(documents(asked, f"q={word}")), "abcdefgh"))
    assert made == [len(live.edition.documents.posts)]
