"""Documents that are made when they are asked for: searches, combinations of tags, frames' options.

A built folder has none of them, since there are as many as there are questions. Each has one
address; whoever asks in another way is told that one.
"""

import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qs, urlencode

from feeds import addresses, catalog, embed, oembed, pages, publish, search, words
from feeds.model import Document, Feed, Site

MAX_TAGS = 3  # in a combination

_SEARCHES = frozenset(addresses.SEARCH + file for file in ("", *addresses.FEEDS))
_COMBINATION = re.compile(r"/+tags/+(?P<slugs>[^/]*[+ ][^/]*)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make the document at *address*: a path under the site's url, with its query."""

    address: str
    make: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said to somebody who asked for what cannot be."""

    status: int
    media_type: str
    body: bytes


Found = Recipe | Refusal | str | None


class Asked:
    """What can be asked of a site beyond its *documents*.

    The index for searches is made once and kept; nothing else is.
    """

    def __init__(self, site: Site, documents: publish.Documents) -> None:
        # Nobody tells a hub that the answer to a question is another now.
        self._site = replace(site, hub=None)
        self._documents = documents
        self._embedded = {addresses.embed(feed.path): feed for feed in documents.feeds}
        self._tags = {feed.tag.slug: feed.tag for feed in documents.feeds if feed.tag}
        self._index: search.Index | None = None
        self._indexing = threading.Lock()

    def prepare(self) -> search.Index:
        """The index for searches, made now if it was not yet."""
        with self._indexing:  # Two threads would take twice as long each.
            if self._index is None:
                self._index = search.Index(self._documents.posts)
            return self._index

    def find(self, path: str, query: str) -> Found:
        """What *path* and *query* mean: a recipe or a refusal, or the address to ask at instead.

        None if they mean nothing here.
        """
        return (
            self._search(path, query)
            or self._combination(path)
            or self._embed(path, query)
            or self._oembed(path, query)
        )

    def _search(self, path: str, query: str) -> Found:
        place = _meant(path, _SEARCHES)
        if place is None:
            return None
        given = parse_qs(query, keep_blank_values=True).get("q")
        if given is None:
            return None
        wanted = search.canonical(given[0])
        if not wanted:
            return place if place == addresses.SEARCH else None
        # As browsers send a form, so that they are seldom told another address.
        spelled = "?" + urlencode({"q": wanted}, safe="*")
        if f"{path}?{query}" != place + spelled:
            return place + spelled
        return Recipe(path + spelled, partial(self._results, path, wanted, spelled))

    def _combination(self, path: str) -> Found:
        match = _COMBINATION.fullmatch(path)
        if match is None:
            return None
        slugs = sorted(set(re.split("[+ ]", match["slugs"])) - {""})
        if not 0 < len(slugs) <= MAX_TAGS or not self._tags.keys() >= set(slugs):
            return None
        page = addresses.page("tag", "+".join(slugs))
        known = [page + file for file in ("", *addresses.FEEDS)]
        place = _meant(page.rstrip("/") + match["rest"], known)
        if place != path or len(slugs) == 1:
            return place
        return Recipe(path, partial(self._combined, path, page, slugs))

    def _embed(self, path: str, query: str) -> Found:
        place = _meant(path, self._embedded) if query else None
        if place is None:
            return None
        try:
            options = embed.options(query)
        except ValueError as fault:
            body = embed.refused(self._site, fault).encode()
            return Refusal(400, "text/html; charset=utf-8", body)
        spelled = embed.canonical(options)
        address = f"{place}?{spelled}" if spelled else place
        if f"{path}?{query}" != address:
            return address
        return Recipe(address, partial(publish.embedded, self._embedded[place], options))

    def _oembed(self, path: str, query: str) -> Found:
        if path != addresses.OEMBED:
            return None
        documents = self._documents
        status, media_type, body = oembed.answer(
            self._site, documents.posts, documents.feeds, query
        )
        if status != 200:
            return Refusal(status, media_type, body)
        address = f"{path}?{query}"
        made = Document(path=address, media_type=media_type, body=body, shared=True)
        return Recipe(address, lambda: made)

    def _results(self, path: str, wanted: str, spelled: str) -> Document:
        site = self._site
        title = f"{words.of(site.language)['searched']}: {wanted} – {site.title}"
        posts = self.prepare().find(wanted)
        feed = catalog.newest(site, addresses.SEARCH, title, posts, spelled)
        return self._document(path, feed, partial(pages.search, site, wanted, feed))

    def _combined(self, path: str, page: str, slugs: list[str]) -> Document:
        site = self._site
        names = " + ".join(self._tags[slug].name for slug in slugs)
        posts = [
            post
            for post in self._documents.posts
            if {tag.slug for tag in post.tags}.issuperset(slugs)
        ]
        feed = catalog.newest(site, page, f"{names} – {site.title}", posts)
        return self._document(path, feed, partial(pages.feed, feed, ()))

    def _document(self, path: str, feed: Feed, page: Callable[..., str]) -> Document:
        for form in publish.FORMATS:
            if path == feed.path + form.FILE:
                return publish.feed(form, feed)
        return publish.page(feed.path + feed.query, partial(page, publish.FORMATS))


def _meant(path: str, known: Collection[str]) -> str | None:
    """Which of the *known* addresses *path* is, or must mean."""
    return path if path in known else addresses.guess(path, known)
