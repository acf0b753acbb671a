"""The funnel: a site at a moment becomes documents, each rendered when it is first asked for.

The command line and the web app share this and nothing else, so that both give the same bytes at
the same address.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources

from feeds import atom, catalog, jsonfeed, pages, rss
from feeds.model import Document, Feed, Post, Site

FORMATS = (rss, atom, jsonfeed)

_STATIC = {
    "/style.css": "text/css; charset=utf-8",
    "/feed.css": "text/css; charset=utf-8",
    "/favicon.ico": "image/x-icon",
}


class Documents(Mapping[str, Document]):
    """The documents of a site, by path, and the posts and feeds they show.

    Nothing is kept: each look-up renders.
    """

    def __init__(
        self, posts: list[Post], feeds: list[Feed], makers: dict[str, Callable[[], Document]]
    ) -> None:
        self.posts = posts
        self.feeds = feeds
        self._makers = makers

    def __getitem__(self, path: str) -> Document:
        return self._makers[path]()

    def __contains__(self, path: object) -> bool:
        return path in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def documents(site: Site, now: datetime) -> Documents:
    """All documents of *site* at *now* (aware). Pages come before the feeds that link to them."""
    posts = catalog.published(site, now)
    feeds = catalog.feeds(site, posts)
    makers: dict[str, Callable[[], Document]] = {}
    for path, media_type in _STATIC.items():
        makers[path] = partial(_static, path, media_type)
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
