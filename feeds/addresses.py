"""Where everything is: one function decides every page, and the feeds lie beside their page."""

import re
from collections.abc import Container
from typing import Literal

# The documents beside the page of a feed, and those that every site has.
FEEDS = ("rss.xml", "atom.xml", "feed.json")
STATIC = ("/style.css", "/page.js", "/search.js", "/feed.css", "/favicon.ico")
# What shows posts on other sites, and where an editor gets the code for it.
EMBEDDED = ("/embed.css", "/picker.css", "/picker.js")
EMBED_NEW = "/embed/new/"
OEMBED = "/oembed"
# The script that shows posts on other sites, and every form that it ever had, at addresses that
# hold a part of its hash; the newest stands last. Pages there name these with the whole hash: what
# was released stays for good.
SCRIPT = "/embed.js"
SCRIPTS = ("/embed-fb9ae0799122.js",)
# All feeds, as a page for people and as a list that readers import.
FOLLOW = "/follow/"
OPML = "/feeds.opml"
# Where one searches, and what tells browsers so.
SEARCH = "/search/"
OPENSEARCH = "/opensearch.xml"
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

    Archives lie under the page of their feed, at ``archive/1/`` and so on, with feeds beside them.

    In the app, ``/search/?q=…`` and ``/tags/<slug>+<slug>/`` are such pages too.

    Besides there are ``/follow/`` and ``/feeds.opml``, which list the feeds, ``/search/`` and
    ``/opensearch.xml``, which tells browsers of it, ``/search.js``, ``/style.css`` and
    ``/page.js``, ``/feed.css`` (for browsers that show a feed) and ``/favicon.ico``.
    """
    return {
        "home": "/",
        "tag": f"/tags/{slug}/",
        "author": f"/authors/{slug}/",
        "post": f"/posts/{slug}/",
    }[kind]


def archive(page: str, number: int) -> str:
    """The path of an archive of the feed at *page*; the oldest posts are in number 1."""
    return f"{page}archive/{number}/"


def embed(page: str) -> str:
    """The path of the small page that shows the feed or the post of a *page* on other sites."""
    return f"/embed{page}"


def archives(total: int, size: int) -> int:
    """How many archives a feed of *total* posts links to, if *size* are to be in the feed itself.

    Each holds *size* posts for ever; the feed holds the rest, *size* or more and less than twice
    as many. So no archive changes when a post is added, and no post is in two of them.
    """
    return max(0, total // size - 1)


def archive_numbers(total: int, size: int) -> range:
    """The numbers of all archives of such a feed: those that it links to, and one that fills up."""
    full = archives(total, size)
    return range(1, full + 2 if full else 1)


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
