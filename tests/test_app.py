"""What the web app answers; each fact is a sentence."""

import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import brotli
import feedparser
import pytest
import zstandard
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feeds import build, load, publish
from feeds.app import app_of, create_app
from feeds.live import Live

from .conftest import SITE, Write


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return app_of(Live(SITE / "config.yaml")).test_client()


def test_app_and_built_folder_hold_the_same_bytes_at_every_address(
    client: FlaskClient, tmp_path: Path
) -> None:
    documents = publish.documents(load.site(SITE / "config.yaml"), datetime.now(UTC))
    build.write(documents, tmp_path)
    for path, document in documents.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.data == (tmp_path / build.file_of(path)).read_bytes(), path
        assert answer.headers["Content-Type"] == document.media_type
    served = sum(1 for file in tmp_path.rglob("*") if file.is_file() and ".feeds" not in file.parts)
    assert served == len(documents)


def test_an_unchanged_feed_costs_no_body(client: FlaskClient) -> None:
    first = client.get("/rss.xml")
    again = client.get("/rss.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    kept = ("Cache-Control", "Vary", "ETag", "Access-Control-Allow-Origin")
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert not {"Content-Type", "Content-Length", "Last-Modified"} & set(again.headers.keys())


@pytest.mark.parametrize("condition", ["W/{}", '"x", {}', "*"])
def test_lists_weak_tags_and_stars_count(client: FlaskClient, condition: str) -> None:
    etag = client.get("/rss.xml").headers["ETag"]
    headers = {"If-None-Match": condition.format(etag)}
    assert client.get("/rss.xml", headers=headers).status_code == 304


def test_an_etag_is_strong_and_of_the_bytes(client: FlaskClient) -> None:
    tags = {client.get(path).headers["ETag"] for path in ("/rss.xml", "/atom.xml", "/rss.xml")}
    assert len(tags) == 2
    assert all(tag.startswith('"') for tag in tags)


def test_head_answers_as_get_without_a_body(client: FlaskClient) -> None:
    get, head = client.get("/atom.xml"), client.head("/atom.xml")
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["ETag"] == get.headers["ETag"]


def test_headers_of_every_document(client: FlaskClient) -> None:
    headers = client.get("/feed.json").headers
    assert headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == (
        "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=604800"
    )
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Link"] == '<https://xn--prve-hra.example/blog/feed.json>; rel="self"'
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path",
    [
        *("/nope", "/tags/", "/../config.yaml", "/%2e%2e/config.yaml", "/%00", "/a%2Fb", "/\udcff"),
        *("/" + "a" * 100_000, "/tags/%c3%28/", "/..%5cx", "/?x=/rss.xml&y"[:1] + "x?y"),
    ],
)
def test_other_addresses_are_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path.encode("utf-8", "surrogateescape").decode("latin-1"))
    assert answer.status_code == 404
    assert "Der er ikke noget på denne adresse" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_is_not_found_offers_the_nearest(client: FlaskClient) -> None:
    assert 'href="/blog/tags/ydmyghed/"' in client.get("/tags/ydmighed/").text
    assert 'href="/blog/posts/podcast/"' in client.get("/post/podcast").text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods_are_refused_with_those_that_are_allowed(
    client: FlaskClient, method: str
) -> None:
    answer = client.open("/rss.xml", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "Det kan man ikke her" in answer.text


def test_host_and_query_change_nothing(client: FlaskClient) -> None:
    plain = client.get("/rss.xml")
    for headers in ({"Host": "evil.example"}, {"Host": "a b<>"}, {"X-Forwarded-Host": "evil"}):
        answer = client.get("/rss.xml?utm_source=x&%00", headers=headers)
        assert answer.data == plain.data
        assert answer.headers["ETag"] == plain.headers["ETag"]


def test_last_modified_is_when_the_bytes_changed_and_never_ahead(client: FlaskClient) -> None:
    answer = client.get("/rss.xml")
    changed = answer.last_modified
    assert changed is not None
    newest = max(file.stat().st_ctime for file in SITE.rglob("*"))
    assert newest - 1 < changed.timestamp() <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("Thu, 31 Dec 2099 00:00:00 GMT", 304),
        ("yesterday", 200),
    ],
)
def test_the_date_alone_is_a_condition_too(client: FlaskClient, since: str, status: int) -> None:
    assert client.get("/rss.xml", headers={"If-Modified-Since": since}).status_code == status


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("If-Match", '"other"', 412),
        ("If-Match", "*", 200),
        ("If-Match", "{}", 200),
        ("If-Match", '"other", {}', 200),
        ("If-Match", "W/{}", 412),
        ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 412),
        ("If-Unmodified-Since", "Thu, 31 Dec 2099 00:00:00 GMT", 200),
        ("If-Unmodified-Since", "yesterday", 200),
    ],
)
def test_preconditions_come_first(client: FlaskClient, name: str, value: str, status: int) -> None:
    etag = client.get("/rss.xml").headers["ETag"]
    assert client.get("/rss.xml", headers={name: value.format(etag)}).status_code == status
    both = {name: value.format(etag), "If-None-Match": etag}
    assert client.get("/rss.xml", headers=both).status_code == (412 if status == 412 else 304)


def test_the_tag_comes_before_the_date(client: FlaskClient) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Thu, 31 Dec 2099 00:00:00 GMT"}
    assert client.get("/rss.xml", headers=headers).status_code == 200


DECODE = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": gzip.decompress,
}


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("br,gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd;q=1, br;q=0.5", "zstd"),
        ("gzip;q=0", ""),
        ("br;q=0, *", "zstd"),
        ("*", "br"),
        ("identity", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("identity;q=0, *;q=0", ""),
        ("deflate", ""),
        ("gzip;q=x", ""),
        (";;;,,,", ""),
    ],
)
def test_the_encoding_that_is_asked_for(client: FlaskClient, accept: str, coding: str) -> None:
    plain = client.get("/rss.xml")
    answer = client.get("/rss.xml", headers={"Accept-Encoding": accept})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding", "") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    if coding:
        assert DECODE[coding](answer.data) == plain.data
        assert len(answer.data) < len(plain.data)
        assert answer.headers["ETag"] != plain.headers["ETag"]
        own = {"Accept-Encoding": accept, "If-None-Match": answer.headers["ETag"]}
        assert client.get("/rss.xml", headers=own).status_code == 304
    else:
        assert answer.headers["ETag"] == plain.headers["ETag"]


def test_small_documents_and_pictures_go_plain(write: Write) -> None:
    client = create_app(write({})).test_client()
    for path in ("/feed.json", "/favicon.ico"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        *(("/feed", "/rss.xml"), ("/feed/", "/rss.xml"), ("/rss", "/rss.xml")),
        *(("/rss/", "/rss.xml"), ("/atom", "/atom.xml"), ("/feed.xml", "/rss.xml")),
        *(("/index.xml", "/rss.xml"), ("/feed.rss", "/rss.xml"), ("/json", "/feed.json")),
        *(("/rss.xml/", "/rss.xml"), ("//rss.xml", "/rss.xml"), ("/index.html", "/")),
        *(("/tags/no", "/tags/no/"), ("/tags/no//", "/tags/no/"), ("//", "/")),
        *(("/tags/no/feed", "/tags/no/rss.xml"), ("/tags/no/atom/", "/tags/no/atom.xml")),
        ("/posts/podcast", "/posts/podcast/"),
    ],
)
def test_an_address_that_is_guessed_leads_on_for_good(
    client: FlaskClient, asked: str, found: str
) -> None:
    environ = EnvironBuilder(base_url="http://x/").get_environ() | {"PATH_INFO": asked}
    _, status, headers = run_wsgi_app(client.application, environ)
    assert status == "301 MOVED PERMANENTLY"
    assert headers["Location"] == f"/blog{found}"


def test_what_moved_and_what_is_gone(write: Write) -> None:
    client = create_app(
        write(
            {
                "config.yaml": "title: T\nurl: https://e.example/b\nlanguage: da\n"
                "redirects: {/gl/ærø/: /rss.xml, /feed: https://x.example/,"
                " /to: /atom.xml, /to/: /feed.json}\ngone: [/væk, /rss/]\n"
            }
        )
    ).test_client()
    for path in ("/gl/ærø/", "/gl/ærø", "/b/gl/%C3%A6r%C3%B8/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/b/rss.xml")
    # What the config says comes before what is guessed.
    assert client.get("/feed").headers["Location"] == "https://x.example/"
    assert client.get("/to").headers["Location"] == "/b/atom.xml"
    assert client.get("/to/").headers["Location"] == "/b/feed.json"
    for path in ("/væk", "/væk/", "/rss"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "er trukket tilbage" in answer.text


def test_the_path_that_the_site_lies_under_may_be_there_or_not(client: FlaskClient) -> None:
    assert client.get("/blog/rss.xml").data == client.get("/rss.xml").data
    assert client.get("/blog/").status_code == 200
    answer = client.get("/blog")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/blog/")
    assert client.get("/blogs/").status_code == 404


def test_a_site_under_a_path_that_its_own_pages_have_too(write: Write) -> None:
    config = write(
        {
            "config.yaml": "title: T\nurl: https://e.example/posts\n",
            "content/2020-01-01-a.yaml": "title: A\n",
        }
    )
    client = create_app(config).test_client()
    page = client.get("/posts/a/")
    assert page.status_code == 200
    assert client.get("/posts/posts/a/").data == page.data
    assert client.get("/posts/rss.xml").status_code == 200


def test_a_browser_that_opens_a_feed_is_led_to_its_page(client: FlaskClient) -> None:
    answer = client.get("/tags/no/rss.xml", headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/blog/tags/no/#follow"
    assert answer.headers["Cache-Control"] == "no-store"
    for other in ("empty", "iframe", ""):
        headers = {"Sec-Fetch-Dest": other, "Accept": "text/html"}
        assert client.get("/tags/no/rss.xml", headers=headers).status_code == 200
    assert client.get("/", headers={"Sec-Fetch-Dest": "document"}).status_code == 200


def test_a_script_of_any_site_may_read_feeds(client: FlaskClient) -> None:
    answer = client.options("/feed.json", headers={"Origin": "https://other.example"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    for path in ("/", "/nope"):
        answer = client.options(path)
        assert answer.status_code == 204
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_pages_run_no_script_but_the_sites_own_and_stand_in_no_frame(client: FlaskClient) -> None:
    for path in ("/", "/posts/podcast/", "/follow/", "/nope"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert policy.endswith("frame-ancestors 'none'")
        assert "unsafe" not in policy
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Content-Security-Policy" not in client.get("/rss.xml").headers
    for path in ("/", "/posts/markup-in-text/", "/posts/podcast/", "/follow/", "/nope"):
        page = client.get(path).text
        assert set(re.findall("<script.*?>", page)) <= {
            '<script src="/blog/page.js" defer>',
            '<script type="application/ld+json">',
        }
        assert not re.search(r"<style| style=| on[a-z]+=", page)


def test_a_hub_is_named_in_every_format_and_header(write: Write) -> None:
    hub = "https://hub.example/"
    config = write(
        {
            "config.yaml": "title: T\nurl: https://e.example\n"
            f"feeds: {{hub: '{hub}', max_age: 0}}\n",
            "content/2020-01-01-a.yaml": "title: A\n",
        }
    )
    client = create_app(config).test_client()
    for path in ("/rss.xml", "/atom.xml"):
        links = feedparser.parse(client.get(path).data).feed.links
        assert {"rel": "hub", "href": hub}.items() <= dict(links[-1]).items() or any(
            link.rel == "hub" and link.href == hub for link in links
        )
    assert json.loads(client.get("/feed.json").data)["hubs"] == [{"type": "WebSub", "url": hub}]
    for path in ("/rss.xml", "/atom.xml", "/feed.json"):
        headers = client.get(path).headers
        assert headers["Link"] == f'<https://e.example{path}>; rel="self", <{hub}>; rel="hub"'
        assert "max-age=0," in headers["Cache-Control"]
    assert b"<ttl>" not in client.get("/rss.xml").data


def test_health(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    health = json.loads(answer.data)
    assert answer.headers["Cache-Control"] == "no-store"
    assert health["age"] >= 0
    assert datetime.fromisoformat(health["loaded"]) <= datetime.now(UTC)
    assert {name: health[name] for name in ("status", "posts", "feeds", "updated", "findings")} == {
        "status": "ok",
        "posts": 10,
        "feeds": 14,
        "updated": "2021-05-01T22:00:00+00:00",
        "findings": [],
    }


def test_a_preview_address_stands_in_every_link(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: A\n"})
    preview = create_app(config, "http://127.0.0.1:8000").test_client()
    plain = create_app(str(config)).test_client()
    assert b"https://e.example" in plain.get("/atom.xml").data
    assert b"https://e.example" not in preview.get("/atom.xml").data
    assert b"http://127.0.0.1:8000/posts/a/" in preview.get("/atom.xml").data


def test_a_broken_site_does_not_start(write: Write) -> None:
    with pytest.raises(load.LoadError, match=r"content/2020-01-01-a.yaml:1:1: title: is missing"):
        create_app(write({"content/2020-01-01-a.yaml": ""}))


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("If-None-Match", "If-Modified-Since", "Accept-Encoding", "Host", "Range", "If-Range"),
            *("If-Match", "If-Unmodified-Since"),
            *("Sec-Fetch-Dest", "Origin", "Accept", "X-Forwarded-Prefix", "Content-Length"),
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
    | st.sampled_from(["*", "gzip;q=0.1,*;q=0", 'W/"a", "b"', "bytes=0-1", "document"]),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "TRACE", "X"]),
    path=st.sampled_from(["/", "/rss.xml", "/tags/no/", "/healthz", "/feed", "/blog"])
    | st.text(max_size=40).map(lambda text: "/" + text),
    query=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=10),
    headers=HEADERS,
)
def test_no_request_is_an_error_of_ours(
    client: FlaskClient, method: str, path: str, query: str, headers: dict[str, str]
) -> None:
    environ = EnvironBuilder(method=method, base_url="http://x/").get_environ()
    environ["PATH_INFO"] = path.encode("utf-8", "surrogatepass").decode("latin-1")
    environ["QUERY_STRING"] = query
    for name, value in headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    body, status, _ = run_wsgi_app(client.application, environ)
    assert status[:3] in {"200", "204", "301", "303", "304", "404", "405", "412"}
    if method == "HEAD" or status[:3] in {"204", "304"}:
        assert b"".join(body) == b""
