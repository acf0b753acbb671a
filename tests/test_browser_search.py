"""Search as people do it: in the app, and in a built folder, where the browser itself looks."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from feeds import answers, build, publish, search

from .browser import chromium, served, window
from .conftest import SHIPPED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

# In the feed, in its archive, in a tag, in titles; nowhere; and what is no word.
QUERIES = ["jekyll", "SAMME SEKUND", "OE-drift", "ø", "b", "日本", "findesikke", "!"]


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        for name, value in answers.PAGE_HEADERS:
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def static(documents: publish.Documents, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built folder on a server that knows nothing."""
    folder: Path = tmp_path_factory.mktemp("static")
    build.write(documents, folder / "blog")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/blog"
    server.shutdown()
    thread.join()
    server.server_close()


def shown(page: "Page") -> list[tuple[str | None, str]]:
    """Where the posts on a page lead, and their titles."""
    links = page.locator("main h3 a").all()
    return [(link.get_attribute("href"), link.inner_text()) for link in links]


def test_a_built_folder_is_searched_as_the_app_is(
    browser: "Browser", static: str, documents: publish.Documents
) -> None:
    index = search.Index(documents.posts)
    with window(browser, static) as one:
        for query in QUERIES:
            page = one.open(f"/search?q={quote(query)}")
            expected = [
                (f"/blog{post.path}" if post.path else post.link, post.title)
                for post in index.find(query)
            ]
            assert shown(page) == expected, query
            status = page.locator("[role=status]").inner_text()
            assert status.startswith(f"Fundne indlæg: {len(expected)}")
            assert ("Prøv med færre" in status) == (not expected)
            assert page.locator("#q").input_value() == query
            assert one.axe() == []
        # The icon is on a site that does not exist.
        assert [fault for fault in one.faults if "NAME_NOT_RESOLVED" not in fault] == []


def test_what_cannot_be_read_is_said(browser: "Browser", static: str) -> None:
    with window(browser, static) as one:
        one.page.route("**/feed.json", lambda route: route.abort())
        page = one.open("/search/?q=jekyll")
        assert (
            page.locator("[role=status]").inner_text() == "Indlæggene kan ikke gennemsøges lige nu."
        )


def test_a_long_chain_is_not_read_to_its_end(browser: "Browser", static: str) -> None:
    with window(browser, static) as one:
        asked = []
        feed = {"home_page_url": "https://e.example/", "next_url": "https://e.example/feed.json"}
        item = {"title": "Uendelig", "url": "https://e.example/x/", "date_published": "2020-01-01"}

        def answer(route):  # type: ignore[no-untyped-def]
            asked.append(route.request.url)
            route.fulfill(json={**feed, "items": [item]})

        one.page.route("**/feed.json", answer)
        page = one.open("/search/?q=uendelig")
        assert len(asked) == len(shown(page)) == 50
        assert page.get_by_text("Ældre indlæg blev ikke gennemsøgt.").is_visible()


def test_the_box_on_the_home_page_leads_to_what_is_found(browser: "Browser") -> None:
    with served(SHIPPED / "config.yaml") as base, window(browser, base, width=320) as one:
        page = one.open("/")
        page.locator("#q").fill("Ydmyghed  idé")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=Ydmyghed+id%C3%A9")
        assert page.get_by_text("Intet indlæg rummer").is_visible()
        page.locator("#q").fill("spørgsmål stille")
        page.get_by_role("button", name="Søg").click()
        page.wait_for_url("**/search/?q=sp%C3%B8rgsm%C3%A5l+stille")
        assert [title for _, title in shown(page)] == ["Vi skal give plads til at stille spørgsmål"]
        assert page.get_by_role("heading", name="Følg denne søgning").is_visible()
        assert one.axe() == []
        assert not one.wider()
        assert one.faults == []
