"""Where everything is: one function decides every page, and the feeds lie beside their page."""

import re
from collections.abc import Container
from typing import Literal

# The documents beside the page of a feed, and those that every site has.
FEEDS = ("rss.xml", "atom.xml", "feed.json")
STATIC = ("/style.css", "/feed.css", "/favicon.ico")
# Where the app says how it is.
HEALTH = "/healthz"

Kind = Literal["home", "tag", "author", "post"]


def page(kind: Kind, slug: str = "") -> str:
    """The path of a page under the site's url.

    ========  =====================  ===============================================
    kind      page                   feeds beside it
    ========  =====================  ===============================================
    home      ``/``                  ``/rss.xml``, ``/atom.xml``, ``/feed.json``
    tag       ``/tags/<slug>/``      ``/tags/<slug>/rss.xml`` and so on
    author    ``/authors/<slug>/``   ``/authors/<slug>/rss.xml`` and so on
    post      ``/posts/<slug>/``     none
    ========  =====================  ===============================================

    Besides there are ``/style.css``, ``/feed.css`` (for browsers that show a feed) and
    ``/favicon.ico``.
    """
    return {
        "home": "/",
        "tag": f"/tags/{slug}/",
        "author": f"/authors/{slug}/",
        "post": f"/posts/{slug}/",
    }[kind]


# What readers try (Miniflux and others) and people type beside a page, and what they mean.
GUESSES = {
    "feed": "rss.xml",
    "rss": "rss.xml",
    "feed.xml": "rss.xml",
    "feed.rss": "rss.xml",
    "index.xml": "rss.xml",
    "index.rss": "rss.xml",
    "rss2.xml": "rss.xml",
    "atom": "atom.xml",
    "feed.atom": "atom.xml",
    "index.atom": "atom.xml",
    "json": "feed.json",
    "index.json": "feed.json",
    "index.html": "",
}


def spellings(path: str) -> tuple[str, str]:
    """*path*, and with a slash more or less at its end."""
    bare = path.rstrip("/")
    return (path, f"{bare}/" if path == bare else bare)


def guess(path: str, known: Container[str]) -> str | None:
    """The address among *known* that somebody who asks for *path* must mean; None if unclear.

    Repeated slashes count as one, and one too many or too few at the end does not matter.
    """
    clean = re.sub("/+", "/", f"/{path}").rstrip("/")
    folder, _, name = clean.rpartition("/")
    for address in (clean, f"{clean}/", f"{folder}/{GUESSES.get(name, name)}"):
        if address != path and address in known:
            return address
    return None
