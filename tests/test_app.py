"""What the web app answers; each fact is a sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from feeds import build, load, publish
from feeds.app import create_app

from .conftest import SITE, Write


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(SITE / "config.yaml").test_client()


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
    assert "Cache-Control" in again.headers


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
    assert headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("path", ["/nope", "/tags/", "/../config.yaml", "/%2e%2e/config.yaml"])
def test_other_addresses_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_other_methods_are_refused(client: FlaskClient) -> None:
    assert client.post("/rss.xml").status_code == 405


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
