"""Documents as HTTP answers: finished bytes and headers, made when first asked for, then kept."""

import gzip
import hashlib
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import brotli
import zstandard
from werkzeug.http import http_date, parse_accept_header

from feeds import addresses, publish
from feeds.asked import Asked, Recipe
from feeds.model import Document, Site

# Each with a level that is worth its time once a document; in the order of our preference.
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9),
    "zstd": lambda body: zstandard.ZstdCompressor(level=12).compress(body),
    # Without a time, or each replica would have bytes of its own.
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
PLAIN = ""
_HEAD = 2048  # bytes; about what an answer takes beside its body
_SMALL = 512  # bytes; below, compression saves nothing that a packet would notice

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src https: http:; media-src https: http:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)
_REFERRER = ("Referrer-Policy", "strict-origin-when-cross-origin")
PAGE_HEADERS = [("Content-Security-Policy", _POLICY + "'none'"), _REFERRER]
SHARED_HEADERS = [("Content-Security-Policy", _POLICY + "*"), _REFERRER]


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200: the headers, without those that the server adds, and the body.

    ``unchanged`` are the headers of a 304 (RFC 9110, section 15.4.5). ``page`` is the path of the
    HTML page of a feed, None for other documents.
    """

    etag: str
    last_modified: datetime
    headers: list[tuple[str, str]]
    unchanged: list[tuple[str, str]]
    body: bytes
    page: str | None


@lru_cache(maxsize=1024)  # There are as many values as there are kinds of readers.
def encoding(accept: str) -> str:
    """The content encoding for an Accept-Encoding header: the best of ours, or PLAIN.

    PLAIN is always acceptable: a reader that refuses everything gets the feed all the same, since
    some switch a feed off at the first error.
    """
    wanted = parse_accept_header(accept)
    plain = wanted.quality("identity") if "identity" in wanted.values() else 0.0
    offers = [(wanted.quality(name), name) for name in _COMPRESS]
    quality, name = max(offers, key=lambda offer: offer[0])
    return name if quality > 0 and quality >= plain else PLAIN


class _Kept:
    """Answers by path and content encoding, within a bound of bytes.

    Two generations: what is asked for moves into the young one, and when that is full the old one
    is dropped. Needs no lock, and no order to keep.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound // 2
        self._size = 0
        self.young: dict[tuple[str, str], Answer] = {}
        self.old: dict[tuple[str, str], Answer] = {}

    def answer(self, path: str, coding: str, make: Callable[[], Answer]) -> Answer:
        """The answer in an encoding or PLAIN; *make* gives the plain one if it is not kept."""
        key = (path, coding)
        answer = self.young.get(key)
        if answer is None:
            answer = self.old.get(key)
            if answer is None:
                # The other encodings are made of the plain answer, so that they agree whatever
                # happens.
                answer = _encoded(self.answer(path, PLAIN, make), coding) if coding else make()
            size = len(answer.body) + len(path) + _HEAD
            self._size += size
            if self._size > self._bound:
                self.old, self.young, self._size = self.young, {}, size
            self.young[key] = answer
        return answer


class Edition:
    """The documents of a site at a moment, and the answers made of them.

    ``changed`` is when this edition replaced the one before. *history* outlives the edition: for
    each path that was served, the ETag of its bytes and since when they are so; a document that
    is the same in the new edition keeps its time. What is made when it is asked for has no history,
    since there is no end of it, and is as old as the edition.
    """

    def __init__(
        self,
        site: Site,
        documents: publish.Documents,
        changed: datetime,
        history: MutableMapping[str, tuple[str, datetime]],
        bound: int = 64 * 1024 * 1024,
    ) -> None:
        self.site = site
        self.documents = documents
        self.changed = changed
        self._history = history
        self.asked = Asked(site, documents)
        self._kept = _Kept(bound)
        # Apart, so that no flood of questions drives out what everybody reads.
        self._kept_asked = _Kept(bound // 8)

    def answer(self, path: str, coding: str = PLAIN) -> Answer:
        """The answer for a path that is in ``documents``, in a content encoding or PLAIN."""
        return self._kept.answer(path, coding, lambda: self._make(path))

    def answer_asked(self, recipe: Recipe, coding: str = PLAIN) -> Answer:
        """The same for a document that ``asked`` knows how to make."""
        return self._kept_asked.answer(recipe.address, coding, lambda: self._make_asked(recipe))

    def prepare(self) -> None:
        """Make beforehand what most will ask for: the blog's feeds in every encoding, the index."""
        for file in addresses.FEEDS:
            for coding in (PLAIN, *_COMPRESS):
                self.answer(f"/{file}", coding)
        self.asked.prepare()

    def ready(self, path: str, coding: str) -> Answer | None:
        """The answer if it was made before and is among the young, else None."""
        return self._kept.young.get((path, coding))

    def _make(self, path: str) -> Answer:
        document = self.documents[path]
        etag = _etag(document)
        before, since = self._history.get(path, (None, self.changed))
        if before != etag:
            since = self.changed
            self._history[path] = etag, since
        return self._plain(document, etag, since)

    def _make_asked(self, recipe: Recipe) -> Answer:
        document = recipe.make()
        return self._plain(document, _etag(document), self.changed)

    def _plain(self, document: Document, etag: str, since: datetime) -> Answer:
        age = self.site.max_age
        # When we are down, caches go on for a week (RFC 5861).
        fresh = f"max-age={age}, stale-while-revalidate={age}, stale-if-error=604800"
        if document.immutable:
            fresh = "max-age=31536000, immutable"
        unchanged = [("ETag", etag), ("Cache-Control", f"public, {fresh}")]
        if not document.media_type.startswith("image/"):
            unchanged.append(("Vary", "Accept-Encoding"))
        if document.page or document.shared:
            # Any site may read a feed from a script, and ask for it conditionally.
            unchanged += [
                ("Access-Control-Allow-Origin", "*"),
                ("Access-Control-Expose-Headers", "ETag, Link"),
            ]
        headers = [
            *unchanged,
            ("Last-Modified", http_date(since)),
            ("Content-Type", document.media_type),
        ]
        if document.links:
            headers.append(("Link", document.links))
        headers.append(("X-Content-Type-Options", "nosniff"))
        if document.media_type.startswith("text/html"):
            headers += SHARED_HEADERS if document.shared else PAGE_HEADERS
        headers.append(("Content-Length", str(len(document.body))))
        return Answer(etag, since, headers, unchanged, document.body, document.page)


def _etag(document: Document) -> str:
    return f'"{hashlib.sha256(document.body).hexdigest()[:32]}"'


def _encoded(plain: Answer, coding: str) -> Answer:
    if len(plain.body) < _SMALL or ("Vary", "Accept-Encoding") not in plain.headers:
        return plain
    body = _COMPRESS[coding](plain.body)
    # A strong tag says that bytes are equal, so each encoding has its own.
    etag = f'{plain.etag[:-1]}-{coding}"'
    own = {"ETag": etag, "Content-Length": str(len(body))}
    headers = [(name, own.get(name, value)) for name, value in plain.headers]
    unchanged = [(name, own.get(name, value)) for name, value in plain.unchanged]
    headers.append(("Content-Encoding", coding))
    return Answer(etag, plain.last_modified, headers, unchanged, body, plain.page)
