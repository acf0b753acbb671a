"""The funnel: a site at a moment becomes documents, each rendered when it is first asked for.

The command line and the web app share this and nothing else, so that both give the same bytes at
the same address.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from pathlib import PurePosixPath
from urllib.parse import quote

from feeds import addresses, atom, catalog, jsonfeed, pages, rss
from feeds.model import Document, Feed, Post, Site

FORMATS = (rss, atom, jsonfeed)

_TYPES = {".css": "text/css; charset=utf-8", ".ico": "image/x-icon"}


class Documents(Mapping[str, Document]):
    """The documents of a site, by path, and the posts and feeds they show.

    Nothing is kept: each look-up renders.
    """

    def __init__(
        self, posts: list[Post], feeds: list[Feed], makers: dict[str, Callable[[], Document]]
    ) -> None:
        self.posts = posts
        self.feeds = feeds
        self.makers = makers

    def __getitem__(self, path: str) -> Document:
        return self.makers[path]()

    def __contains__(self, path: object) -> bool:
        return path in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def documents(site: Site, now: datetime) -> Documents:
    """All documents of *site* at *now* (aware). Pages come before the feeds that link to them."""
    posts = catalog.published(site, now)
    feeds = catalog.feeds(site, posts)
    makers: dict[str, Callable[[], Document]] = {}
    for path in addresses.STATIC:
        makers[path] = partial(_static, path, _TYPES[PurePosixPath(path).suffix])
    for post in posts:
        if post.path:
            makers[post.path] = partial(_page, post.path, partial(pages.post, site, post, FORMATS))
    for feed in feeds:
        makers[feed.path] = partial(_page, feed.path, partial(pages.feed, feed, feeds, FORMATS))
    for feed in feeds:
        for form in FORMATS:
            path = feed.path + form.FILE
            makers[path] = partial(_feed, path, form.MEDIA_TYPE, form.render, feed)
    return Documents(posts, feeds, makers)


def for_static_host(site: Site, documents: Documents) -> Documents:
    """*documents*, and what stands in for the app's redirects in a built folder.

    That is a page that leads on, for each old path that a static host can serve as a page, and
    ``/_redirects`` for the hosts that read it (Netlify, Cloudflare Pages).
    """
    makers: dict[str, Callable[[], Document]] = {}
    for old, target in site.redirects.items():
        if "." not in old.rpartition("/")[2]:
            path = old.rstrip("/") + "/"
            makers[path] = partial(_page, path, partial(pages.redirect, site, target))
    makers["/_redirects"] = partial(_redirects, site)
    return Documents(documents.posts, documents.feeds, documents.makers | makers)


def _redirects(site: Site) -> Document:
    root = site.root
    lines = [
        f"{root}{quote(old)} {site.location(target)} 301" for old, target in site.redirects.items()
    ]
    # The first line that fits is taken, so what the config says comes before what is guessed.
    lines += [f"{root}/{name} {root}/{file} 301" for name, file in addresses.GUESSES.items()]
    body = "".join(f"{line}\n" for line in lines).encode()
    return Document(path="/_redirects", media_type="text/plain; charset=utf-8", body=body)


def _static(path: str, media_type: str) -> Document:
    body = resources.files("feeds").joinpath("static", path[1:]).read_bytes()
    return Document(path=path, media_type=media_type, body=body)


def _page(path: str, render: Callable[[], str]) -> Document:
    return Document(path=path, media_type="text/html; charset=utf-8", body=render().encode())


def _feed(path: str, media_type: str, render: Callable[[Feed], bytes], feed: Feed) -> Document:
    # WebSub subscribers look here first (W3C WebSub, section 4).
    links = f'<{feed.site.url}{path}>; rel="self"'
    if feed.site.hub:
        links += f', <{feed.site.hub}>; rel="hub"'
    return Document(
        path=path,
        media_type=f"{media_type}; charset=utf-8",
        body=render(feed),
        page=feed.path,
        links=links,
    )
