"""The nouns: frozen values that the other modules hand to each other. No I/O, no clock.

Every ``datetime`` here is aware and in UTC; every address is absolute and ASCII unless its
name says ``path``; a *path* is the part of an address under the site's own url, starting with
``/``.
"""

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
class Site:
    """``config.yaml`` with its posts: all of them, drafts and those dated ahead included.

    ``url`` ends without a slash. ``authority`` is an RFC 4151 tagging entity
    (``example.org,2020``); ``since`` is its date, the earliest that anything here can claim.
    ``redirects`` leads from paths that once existed to paths that do, or to other sites; ``gone``
    are paths that nothing takes the place of. ``max_age`` is how many seconds a cache may keep a
    document; ``hub`` is a WebSub hub's address. ``icon`` is a square picture, ``logo`` a wide one.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is built, served and validated: the bytes at one address.

    ``page`` is the HTML page of a feed, ``links`` its web links (RFC 8288); other documents have
    neither.
    """

    path: str
    media_type: str
    body: bytes
    page: str | None = None
    links: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault in a source file. ``line`` and ``column`` count from 1; 0 means the whole file."""

    path: str
    message: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        """One line: ``content/x.yaml:4:7: tags[1]: message``."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        line = ": ".join(part for part in (place, self.field, self.message) if part)
        # Names of files and fields can hold line ends, and what turns a terminal's text round.
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
