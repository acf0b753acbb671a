"""The same input gives the same bytes; goldens show what changed, to be reviewed."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from feeds import addresses, build, load, publish
from feeds.model import Site

from .conftest import NOW, SHIPPED, SITE

GOLDEN = Path(__file__).parent / "golden"


def test_the_documents_are_the_goldens(documents: publish.Documents) -> None:
    """To renew the goldens, empty the folder and run the tests twice; then read the diff."""
    if not any(GOLDEN.iterdir()):
        build.write(documents, GOLDEN)
        shutil.rmtree(GOLDEN / ".feeds")
        pytest.fail("the goldens were renewed: read their diff")
    present = {
        file.relative_to(GOLDEN).as_posix(): file.read_bytes()
        for file in GOLDEN.rglob("*")
        if file.is_file()
    }
    made = {build.file_of(path): document.body for path, document in documents.items()}
    assert sorted(present) == sorted(made)
    for name, body in made.items():
        assert body == present[name], name


SCRIPT = """
import hashlib, locale, sys
from datetime import UTC, datetime
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
from feeds import load, publish
documents = publish.documents(load.site(Path(sys.argv[1])), datetime(2022, 1, 1, tzinfo=UTC))
for path, document in documents.items():
    print(path, document.media_type, hashlib.sha256(document.body).hexdigest())
print(locale.setlocale(locale.LC_TIME), file=sys.stderr)
"""
DANISH = "da_DK.UTF-8" in subprocess.run(
    ["locale", "-a"], capture_output=True, text=True, check=False
).stdout.replace("utf8", "UTF-8")


@pytest.mark.parametrize("config", [SITE / "config.yaml", SHIPPED / "config.yaml"])
def test_the_same_bytes_in_any_time_zone_locale_and_hash_seed(config: Path) -> None:
    seen = set()
    languages = ("C", "da_DK.UTF-8" if DANISH else "C.UTF-8")
    for zone, language, seed in (
        ("UTC", languages[0], "1"),
        ("Asia/Tokyo", languages[1], "2"),
        ("America/St_Johns", languages[1], "3"),
    ):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(config)],
            env={**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stderr.strip().replace("utf8", "UTF-8") == language
        seen.add(run.stdout)
    assert len(seen) == 1


@pytest.mark.skipif(
    not (DANISH or os.environ.get("CI")), reason="needs the locale da_DK.UTF-8 (Debian: locales)"
)
def test_ci_has_the_danish_locale() -> None:
    assert DANISH


def test_documents_are_a_mapping(documents: publish.Documents) -> None:
    assert len(documents) == len(list(documents)) == len(set(documents))
    assert "/rss.xml" in documents
    assert "/rss" not in documents
    assert all(document.path == path for path, document in documents.items())
    with pytest.raises(KeyError):
        documents["/rss"]


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/favicon.ico", "image/x-icon"),
    ],
)
def test_media_types(documents: publish.Documents, path: str, media_type: str) -> None:
    assert documents[path].media_type == media_type


class Links(HTMLParser):
    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("a", "link"):
            self.found.append(dict(attrs))


@pytest.mark.parametrize("folder", [SITE, SHIPPED])
def test_every_link_to_the_site_leads_to_a_document(folder: Path) -> None:
    site = load.site(folder / "config.yaml")
    documents = publish.documents(site, NOW)
    root = urlsplit(site.url).path
    seen = set()
    for path, document in documents.items():
        urls: list[str] = []
        if document.media_type.startswith("text/html"):
            urls = [str(link["href"]) for link in Links(document.body).found]
        elif not document.media_type.startswith(("text/css", "image/")):
            urls = re.findall(r'https?://[^\s"<>&\\\]]+', document.body.decode())
        for url in urls:
            full = urlsplit(urljoin(site.url + path, url))
            if full.netloc == urlsplit(site.url).netloc and full.path.startswith(root + "/"):
                seen.add(full.path[len(root) :])
    # What the authors of the fixture site linked to and never wrote.
    dangling = {"/posts/andet/", "/posts/markup-in-text/b.png", "/posts/podcast/x.png"}
    # The app alone answers this.
    assert seen - dangling - {addresses.OEMBED} <= set(documents)


def test_a_built_folder_carries_redirects(site: Site) -> None:
    moved = replace(
        site,
        redirects={"/gl/æ": "/rss.xml", "/old/": "https://x.example/", "/feed.php.xml": "/"},
    )
    plain = publish.documents(moved, NOW)
    documents = publish.for_static_host(moved, plain)
    assert set(documents) - set(plain) == {"/gl/æ/", "/old/", "/_redirects"}
    page = documents["/gl/æ/"].body.decode()
    assert 'content="0; url=https://xn--prve-hra.example/blog/rss.xml"' in page
    assert 'href="https://x.example/"' in documents["/old/"].body.decode()
    lines = documents["/_redirects"].body.decode().splitlines()
    assert "/blog/feed /blog/rss.xml 301" in lines
    assert "/blog/gl/%C3%A6 /blog/rss.xml 301" in lines
    assert "/blog/old/ https://x.example/ 301" in lines
    assert "/blog/feed.php.xml /blog/ 301" in lines
