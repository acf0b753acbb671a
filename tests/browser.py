"""A visitor's browser: Chromium, driven by Playwright. ``python -m tests.browser`` renews pictures.

Playwright comes with ``feeds[lint]``, so only what is run imports it.
"""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from werkzeug.serving import make_server

from feeds.app import app_of
from feeds.live import Live

from .conftest import SHIPPED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
IMAGES = SHIPPED / "docs/images"
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

Theme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser of this machine; a test without one fails, for it would prove nothing."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "there is no browser here (Debian: chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@contextmanager
def served(config: Path, url: str | None = None) -> Iterator[str]:
    """The address at which the site of *config* is served; links point there, or to *url*."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = make_server("127.0.0.1", port, app_of(Live(config, url or address)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Window:
    """A window of the browser, and what happened in it.

    ``faults`` are errors in the console, of scripts, and against the Content-Security-Policy;
    ``origins`` are those of all requests.
    """

    def __init__(self, page: "Page", base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self.origins: set[str] = set()
        page.on("console", lambda said: self._fault(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._fault(str(error)))
        page.on("request", lambda request: self.origins.add(_origin(request.url)))
        page.expose_function("violated", lambda what: self._fault(what))
        page.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => violated(event.violatedDirective + ' ' + event.blockedURI))"
        )

    def _fault(self, what: str) -> None:
        self.faults.append(what)

    def open(self, path: str) -> "Page":
        """Open a path of the site, and wait until all of it is there."""
        self.page.goto(self.base + path, wait_until="networkidle")
        return self.page

    def axe(self) -> list[str]:
        """What axe-core finds wrong with the page, a line each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options=AXE).response["violations"]
        return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

    def wider(self) -> bool:
        """Whether the page has to be scrolled sideways."""
        wider: bool = self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return wider


@contextmanager
def window(
    browser: "Browser",
    base: str,
    width: int = 1280,
    theme: Theme = "light",
    script: bool = True,
    density: int = 1,
) -> Iterator[Window]:
    """A new window, of a visitor who never was here."""
    with browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        java_script_enabled=script,
        device_scale_factor=density,
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        yield Window(context.new_page(), base)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def renew_pictures() -> None:
    """Make the pictures in the README anew, from the blog in this folder."""
    IMAGES.mkdir(exist_ok=True)
    config = SHIPPED / "config.yaml"
    # Links point to where the blog lives, as in the built folder; nothing there is asked for.
    with chromium() as browser, served(config, "https://ambassadoer.example") as base:
        for name, path, width, theme, density in (
            ("home.png", "/", 1280, "light", 1),
            ("follow.png", "/follow/", 320, "dark", 2),
            ("home-dark.png", "/", 1280, "dark", 1),
            ("post.png", "/posts/at-lede-med-ydmyghed/", 320, "light", 2),
            ("embed.png", "/embed/?items=3&summary=1", 480, "light", 2),
            ("embed-new.png", "/embed/new/", 1280, "light", 1),
        ):
            with window(browser, base, width, theme, density=density) as one:  # type: ignore[arg-type]
                page = one.open(path)
                # A frame is as high as what is in it; a page is seen through a window.
                part = page.locator("body") if name == "embed.png" else page
                part.screenshot(path=IMAGES / name)


if __name__ == "__main__":
    renew_pictures()
