"""The nouns: frozen values that the other modules hand to each other. No I/O, no clock.

Every ``datetime`` here is aware and in UTC; every address is absolute and ASCII unless its
name says ``path``; a *path* is the part of an address under the site's own url, starting with
``/``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author: Atom's Person construct (RFC 4287, section 3.2)."""

    name: str
    slug: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A category. Tags are the same if their slugs are; ``load`` refuses two names for one slug."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagText:
    """What the config says about a tag's feed, where the default is not good enough."""

    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that stands for a post; ``alt`` is empty where the author gave none."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that comes with a post (RSS 2.0, ``<enclosure>``); ``length`` in bytes."""

    url: str
    type: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One file under ``content/``.

    ``link`` is the address that feeds name: the post's page, or the place where the post lives
    if that is ``elsewhere``. ``path`` is the page here, None where there is none. ``summary`` is
    plain text; ``content`` is sanitized HTML in which every address is absolute, empty for a
    post without a body. ``updated`` is None until the author states a change.
    """

    id: str
    slug: str
    title: str
    link: str
    elsewhere: bool
    path: str | None
    published: datetime
    updated: datetime | None
    draft: bool
    summary: str
    content: str
    tags: tuple[Tag, ...]
    authors: tuple[Person, ...]
    image: Image | None
    enclosure: Enclosure | None
    language: str | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template of the site's own; ``source`` is its file as people know it."""

    name: str
    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """``config.yaml`` with its posts: all of them, drafts and those dated ahead included.

    ``url`` ends without a slash. ``authority`` is an RFC 4151 tagging entity
    (``example.org,2020``); ``since`` is its date, the earliest that anything here can claim.
    ``redirects`` leads from paths that once existed to paths that do, or to other sites; ``gone``
    are paths that nothing takes the place of. ``max_age`` is how many seconds a cache may keep a
    document; ``hub`` is a WebSub hub's address. ``icon`` is a square picture, ``logo`` a wide one.
    ``templates`` take the place of those that come with ``feeds``.
    """

    title: str
    subtitle: str
    url: str
    language: str
    timezone: ZoneInfo
    authors: tuple[Person, ...]
    rights: str | None
    icon: str | None
    logo: str | None
    authority: str
    since: datetime
    posts_per_feed: int
    full_content: bool
    max_age: int
    hub: str | None
    tags: dict[str, TagText]
    redirects: dict[str, str]
    gone: frozenset[str]
    ignores: Mapping[str, tuple[str, ...]]
    templates: tuple[Template, ...] = ()
    posts: tuple[Post, ...] = ()

    @property
    def root(self) -> str:
        """The path that the site lies under: empty, or ``/blog``."""
        return urlsplit(self.url).path

    def location(self, target: str) -> str:
        """Where a redirect leads, for a *target* that is a path of the site or a url."""
        return target if "://" in target else self.root + target

    @property
    def favicon(self) -> str:
        """The address of a small picture: the icon, or the one that comes with every site."""
        return self.icon or f"{self.url}/favicon.ico"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A selection of posts under one address, newest first. Knows no format.

    ``path`` is the feed's HTML page (``/tags/ydmyghed/``); the documents in each format lie
    under it. ``tag`` and ``author`` say what selected the posts. ``posts`` are those the
    documents show, ``total`` counts the whole selection.

    What does not fit is in archives (RFC 5005, section 4), which are feeds too: ``current`` is the
    page of the feed that an archive belongs to, ``older`` and ``newer`` those of its neighbours.

    ``query`` ends every address of a feed that is the answer to one (``?q=ord``); else it is empty.
    """

    site: Site
    id: str
    path: str
    title: str
    description: str
    updated: datetime
    posts: tuple[Post, ...]
    total: int
    tag: Tag | None = None
    author: Person | None = None
    current: str | None = None
    older: str | None = None
    newer: str | None = None
    query: str = ""

    @property
    def complete(self) -> bool:
        """Whether the feed holds all there is (RFC 5005, section 2)."""
        return self.current is None and len(self.posts) == self.total

    def url(self, file: str = "") -> str:
        """The address of the document *file*, or of the page beside which the documents lie."""
        return self.site.url + self.path + file + self.query


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is built, served and validated: the bytes at one address.

    ``page`` is where the HTML page of a feed says how to follow it, ``links`` its web links (RFC
    8288); other documents have neither. ``shared`` documents are made for pages of other sites:
    they may be framed, and read by scripts there. An ``immutable`` document never has other bytes
    at its address.
    """

    path: str
    media_type: str
    body: bytes
    page: str | None = None
    links: str | None = None
    shared: bool = False
    immutable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a file, or at an address.

    ``path`` is a file as people know it, an address, or ``-`` for standard input. ``line`` and
    ``column`` count from 1; 0 means the whole file. ``code`` and ``name`` are those of the rule
    that found it (``feeds rules CODE`` explains it); ``level`` is ``error``, ``warning`` or
    ``info``.
    """

    path: str
    message: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    field: str = ""
    code: str = ""
    name: str = ""
    level: str = "error"

    def __str__(self) -> str:
        """One line: ``content/x.yaml:4:7: tags[1]: message``."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        line = ": ".join(part for part in (place, self.field, self.message) if part)
        return printable(line)


def whole(text: str) -> str:
    """*text* without lone surrogates, which JSON parsers refuse; U+FFFD stands for them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def printable(text: str) -> str:
    """*text* without what a terminal obeys.

    Names of files and fields can hold line ends, escape sequences, and what turns text round.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
