"""What a document says, whatever its format: so that documents can be compared with each other.

Taken from what was parsed, never from our writers. What cannot be read is left out, since the rules
of its format have said so already.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import quote, unquote, urljoin, urlsplit

from feeds.rules import jsontext
from feeds.rules.atom import ATOM, links
from feeds.rules.dates import read_rfc822, read_rfc3339
from feeds.rules.markup import unescaped
from feeds.rules.modules import RDF
from feeds.rules.podcast import ITUNES
from feeds.rules.rss import CONTENT, DC
from feeds.rules.table import XML_SPACE
from feeds.rules.xml import Node, Tree

Kind = Literal["rss", "atom", "jsonfeed", "opml", "page"]
FEEDS = frozenset({"rss", "atom", "jsonfeed"})

# What is read of a page: a head is not longer.
MAX_HEAD = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a document names, whole if that could be told, and where it stands."""

    address: str
    line: int
    column: int
    end_line: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post, as one document shows it. What it does not say is empty, or None for a date.

    ``title``, ``authors`` and ``tags`` are plain text on one line, ready to be compared;
    ``summary`` and ``content`` are HTML or text. ``url`` is absolute, as are ``others``, which
    stand for the same post: a link blog has the page that it points to, and its own.
    """

    id: str
    url: str
    others: frozenset[str]
    title: str
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...]
    tags: frozenset[str]
    summary: str
    content: str
    line: int
    column: int
    end_line: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A document's meaning.

    ``name`` is what the document is called, a path or an address; ``address`` where it lives, as
    given or as it says itself. ``home`` is the page that it is a feed of. ``prev_archive`` leads to
    older posts, in JSON Feed as ``next_url``. ``links`` are the feeds that a page or an OPML list
    names, relative ones too if ``address`` is not known. ``whole`` is false for a document that
    ends in a fault. ``size`` is in bytes; ``now`` the time of judging.
    """

    name: str
    address: str | None
    kind: Kind
    title: str = ""
    home: Link | None = None
    self_link: Link | None = None
    complete: bool = False
    archive: bool = False
    prev_archive: Link | None = None
    next_archive: Link | None = None
    current: Link | None = None
    entries: tuple[Entry, ...] = ()
    links: tuple[Link, ...] = ()
    whole: bool = True
    size: int = 0
    now: datetime | None = None


# -- Texts and addresses -------------------------------------------------------------------------

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]*>", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CONTACT = re.compile(r"(?:mailto:)?[^\s()<>]+@[^\s()<>]+(?:\s*\((?P<name>[^()]*)\))?")
_MAILBOX = re.compile(r"(?P<name>[^<>]*)<[^\s<>]*@[^\s<>]*>")
_PORTS = {"http": 80, "https": 443}
# What stands in an address as it is.
KEPT = "/:@!$&'()*+,;=~"


def plain(markup: str) -> str:
    """A text as it is seen: without tags, entities undone, on one line."""
    return _one_line(unescaped(_TAG.sub(" ", markup)))


def title_of(text: str) -> str:
    """A title as it can be compared.

    Formats disagree whether it is text or HTML, so it is read as if it had been escaped twice: all
    ways to write the same title come out the same.
    """
    text = unescaped(unescaped(text)) if "&" in text else text
    return _one_line(_TAG.sub("", text) if "<" in text else text)


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=65536)
def plain_address(address: str) -> str:
    """An address as it can be compared: the ways to write the same one are the same."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
        if not host.isascii() and len(host) < 256:
            host = host.encode("idna").decode("ascii")
    except ValueError:
        return address
    if not host:
        return address
    host = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS.get(parts.scheme)):
        host = f"{host}:{port}"
    path, query = (quote(unquote(part), safe=KEPT) for part in (parts.path or "/", parts.query))
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")


def join(base: str, address: str) -> str:
    """*address* as seen from *base*; as it is, if it cannot be an address."""
    with suppress(ValueError):
        return urljoin(base, address.strip())
    return address


def _web(address: str) -> str:
    """An address that a reader can open; empty if it is none."""
    return address if re.match("https?://[^/?#]", address, re.IGNORECASE) else ""


# -- RSS, Atom, OPML -----------------------------------------------------------------------------

_DCTERMS = "http://purl.org/dc/terms/"
_HISTORY = "http://purl.org/syndication/history/1.0"


def of_tree(
    tree: Tree, name: str, size: int, address: str | None = None, now: datetime | None = None
) -> Digest | None:
    """The meaning of RSS, an Atom feed or OPML; None for what is none of them."""
    root = tree.root
    if root is None:
        return None
    kind: Kind
    if (root.space, root.local) == ("", "opml"):
        return _opml(root, name, size, address, now)
    if (root.space, root.local) == (ATOM, "feed"):
        kind, head, items = "atom", root, root.all("entry")
    elif (root.space, root.local) == ("", "rss"):
        channel = root.child("channel")
        if channel is None:
            return None
        kind, head, items = "rss", channel, channel.all("item")
    elif (root.space, root.local) == (RDF, "RDF"):
        found = next((child for child in root if child.local == "channel"), None)
        if found is None:
            return None
        kind, head, items = "rss", found, root.all("item", found.space)
    else:
        return None

    own = _named(head, "self", address or "")
    address = address or (own.address if own else None)
    base = address or ""
    entry = _atom_entry if kind == "atom" else _rss_item
    return Digest(
        name=name,
        address=address,
        kind=kind,
        title=_title(head),
        home=_alternate(head, base) if kind == "atom" else _rss_home(head, base),
        self_link=own,
        complete=head.child("complete", _HISTORY) is not None,
        archive=head.child("archive", _HISTORY) is not None,
        prev_archive=_named(head, "prev-archive", base),
        next_archive=_named(head, "next-archive", base),
        current=_named(head, "current", base),
        # One whose end was not reached may lack anything.
        entries=tuple(entry(item, head, base) for item in items if item.whole),
        whole=root.whole,
        size=size,
        now=now,
    )


def _opml(root: Node, name: str, size: int, address: str | None, now: datetime | None) -> Digest:
    found = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(reversed(node.children))
        value = node.get("xmlUrl").strip()
        if node.local == "outline" and value:
            found.append(_link(node, join(address or "", value), "outline@xmlUrl"))
    head = root.child("head")
    return Digest(
        name=name,
        address=address,
        kind="opml",
        title=_title(head) if head else "",
        links=tuple(found),
        whole=root.whole,
        size=size,
        now=now,
    )


def _rss_item(item: Node, _head: Node, base: str) -> Entry:
    guid, link = _text(item, "guid"), item.child("link")
    about = item.attributes.get(f"{{{RDF}}}about", "").strip()
    written = link.text if link else ""
    permalink = (item.child("guid") or item).get("isPermaLink", "true") == "true"
    addresses = [
        _absolute(item, written, base),
        *(found.address for found in [_alternate(item, base)] if found),
        _web(guid) if permalink else "",
    ]
    addresses = [one for one in addresses if one]
    encoded = item.child("encoded", CONTENT)
    description = _text(item, "description")
    date = read_rfc822(_text(item, "pubDate")) or read_rfc3339(_text(item, "date", DC))
    return _entry(
        item,
        id=guid or about or written.strip(),
        url=addresses[0] if addresses else "",
        others=frozenset(addresses[1:]),
        published=date or read_rfc3339(_text(item, "published", ATOM)),
        updated=read_rfc3339(_text(item, "updated", ATOM) or _text(item, "modified", _DCTERMS)),
        authors=_first_said(
            (node.text for node in item.all("creator", DC)),
            (_person(node.text) for node in item.all("author")),
            (_person(node.text) for node in item.all("author", ITUNES)),
        ),
        tags=_tags(node.text for node in (*item.all("category"), *item.all("subject", DC))),
        summary=description if encoded else "",
        content=_markup(encoded) if encoded else description,
    )


def _rss_home(channel: Node, base: str) -> Link | None:
    node = channel.child("link")
    address = _absolute(node, node.text, base) if node else ""
    return _link(node, address, "link") if node and address else None


def _atom_entry(entry: Node, feed: Node, base: str) -> Entry:
    url = _alternate(entry, base)
    related = (_absolute(link, link.get("href"), base) for link in links(entry, "related"))
    content, summary, source = (entry.child(name) for name in ("content", "summary", "source"))
    return _entry(
        entry,
        id=_text(entry, "id"),
        url=url.address if url else "",
        others=frozenset(one for one in related if one),
        published=read_rfc3339(_text(entry, "published")),
        updated=read_rfc3339(_text(entry, "updated")),
        # RFC 4287, section 4.2.1: those of the source, else of the feed.
        authors=_first_said(
            *(
                (_text(person, "name") for person in node.all("author"))
                for node in (entry, source, feed)
                if node
            )
        ),
        tags=_tags(node.get("label") or node.get("term") for node in entry.all("category")),
        summary=_markup(summary) if summary else "",
        content=_markup(content) if content else "",
    )


def _entry(node: Node, **said: Any) -> Entry:
    return Entry(
        title=_title(node),
        line=node.line,
        column=node.column,
        end_line=node.end_line,
        field=node.local,
        **said,
    )


def _title(node: Node) -> str:
    found = node.child("title")
    return title_of(_markup(found)) if found else ""


def _text(node: Node, local: str, space: str | None = None) -> str:
    found = node.child(local, space)
    return found.text.strip() if found else ""


def _markup(node: Node) -> str:
    """What a text construct holds: HTML or text; elements as they are written."""
    if not node.children:
        return node.text
    inside = node.source[node.start : node.end].decode()
    return _CDATA.sub(lambda match: match[1].replace("&", "&amp;").replace("<", "&lt;"), inside)


def _tags(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in map(title_of, names) if name)


def _first_said(*people: Iterable[str]) -> tuple[str, ...]:
    """The first of several lists of names that has any."""
    for names in people:
        said = tuple(name for name in map(title_of, names) if name)
        if said:
            return said
    return ()


def _person(text: str) -> str:
    """The name in ``jane@example.org (Jane)`` or ``Jane <jane@example.org>``, or all of the text.

    An e-mail address alone is no name.
    """
    text = text.strip()[:500]
    match = _CONTACT.fullmatch(text) or _MAILBOX.fullmatch(text)
    return (match["name"] or "") if match else text


def _link(node: Node, address: str, field: str) -> Link:
    return Link(
        address=address,
        line=node.line,
        column=node.column,
        end_line=node.end_line or node.line,
        field=field,
    )


def _absolute(node: Node, address: str, base: str) -> str:
    """An address in *node*, seen from its xml:base and the address of the document."""
    if not address.strip():
        return ""
    bases = []
    above: Node | None = node
    while above is not None:
        bases.append(above.attributes.get(f"{{{XML_SPACE}}}base", ""))
        above = above.parent
    for one in reversed(bases):
        base = join(base, one) if one else base
    return _web(join(base, address))


def _named(head: Node, relation: str, base: str) -> Link | None:
    """The first link of a relation that leads somewhere."""
    for node in links(head, relation):
        if address := _absolute(node, node.get("href"), base):
            return _link(node, address, "link@href")
    return None


def _alternate(node: Node, base: str) -> Link | None:
    """The link to the page of a feed or an entry: of HTML if there is a choice, or of no type."""
    found = sorted(links(node, "alternate"), key=_rank)
    for link in found:
        if address := _absolute(link, link.get("href"), base):
            return _link(link, address, "link@href")
    return None


def _rank(link: Node) -> int:
    kind = link.get("type").strip().lower()
    return 0 if kind.startswith(("text/html", "application/xhtml+xml")) else 2 if kind else 1


# -- JSON Feed -----------------------------------------------------------------------------------


def of_json(
    document: jsontext.Document,
    name: str,
    size: int,
    address: str | None = None,
    now: datetime | None = None,
) -> Digest | None:
    """The meaning of a JSON Feed; None for other JSON."""
    top = document.value
    if not isinstance(top, dict) or "jsonfeed.org/version/" not in _string(top, "version"):
        return None
    own = _member(document, "feed_url", address or "")
    address = address or (own.address if own else None)
    items = top.get("items")
    return Digest(
        name=name,
        address=address,
        kind="jsonfeed",
        title=title_of(_string(top, "title")),
        home=_member(document, "home_page_url", address or ""),
        self_link=own,
        prev_archive=_member(document, "next_url", address or ""),
        entries=tuple(_items(document, items, address or "")) if isinstance(items, list) else (),
        size=size,
        now=now,
    )


def _items(document: jsontext.Document, items: list[Any], base: str) -> Iterator[Entry]:
    for index, item in enumerate(items):
        if isinstance(item, dict):
            line, column, end_line = document.place(("items", index))
            written = (_string(item, "url"), _string(item, "external_url"))
            addresses = [_web(join(base, one)) for one in written if one]
            addresses = [one for one in (*addresses, _web(_string(item, "id"))) if one]
            tags = item.get("tags")
            yield Entry(
                id=_id(item.get("id")),
                url=addresses[0] if addresses else "",
                others=frozenset(addresses[1:]),
                title=title_of(_string(item, "title")),
                published=read_rfc3339(_string(item, "date_published")),
                updated=read_rfc3339(_string(item, "date_modified")),
                authors=_first_said(*_named_in(item), *_named_in(document.value)),
                tags=_tags(_strings(tags if isinstance(tags, list) else ())),
                summary=_string(item, "summary"),
                content=_string(item, "content_html") or _string(item, "content_text"),
                line=line,
                column=column,
                end_line=end_line,
                field=f"items[{index}]",
            )


def _named_in(value: dict[str, Any]) -> Iterator[list[str]]:
    """The names of a feed's or an item's authors, as of version 1.1 and as of version 1."""
    authors = value.get("authors")
    for people in (authors if isinstance(authors, list) else (), (value.get("author"),)):
        yield [_string(person, "name") for person in people if isinstance(person, dict)]


def _member(document: jsontext.Document, name: str, base: str) -> Link | None:
    written = _string(document.value, name)
    address = _web(join(base, written))
    if not written or not address:
        return None
    line, column, end_line = document.place((name,))
    return Link(address=address, line=line, column=column, end_line=end_line, field=name)


def _string(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found.strip() if isinstance(found, str) else ""


def _strings(values: Iterable[Any]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))


def _id(value: Any) -> str:
    """An id as readers know it: a number is the same as its digits."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value).strip() if number or isinstance(value, str) else ""


# -- Pages ---------------------------------------------------------------------------------------

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


def of_page(body: bytes, name: str, address: str | None) -> Digest:
    """The feeds that a page of HTML names in its head (https://www.rssboard.org/rss-autodiscovery)."""
    found: list[Link] = []
    if b"alternate" in (head := body[:MAX_HEAD]).lower():
        parser = _Head(address or "", found.append)
        # Python's parser raises on what HTML gives a meaning: <![x[, and endless numbers.
        with suppress(_Enough, AssertionError, ValueError):
            parser.feed(head.decode("utf-8", "replace"))
    return Digest(name=name, address=address, kind="page", links=tuple(found), size=len(body))


class _Enough(Exception):
    """The head is read."""


class _Head(HTMLParser):
    def __init__(self, base: str, found: Callable[[Link], None]) -> None:
        super().__init__()
        self.base, self.found = base, found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            raise _Enough
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "base" and given.get("href"):
            self.base = join(self.base, given["href"])
        elif tag == "link" and "alternate" in given.get("rel", "").lower().split():
            address = join(self.base, given.get("href", ""))
            if given.get("href", "").strip() and _names_feed(given.get("type", ""), address):
                line, column = self.getpos()
                self.found(
                    Link(
                        address=address,
                        line=line,
                        column=column + 1,
                        end_line=line + (self.get_starttag_text() or "").count("\n"),
                        field="link@href",
                    )
                )

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            raise _Enough


def _names_feed(kind: str, address: str) -> bool:
    kind = kind.partition(";")[0].strip().lower()
    # JSON Feed 1.0 had this type; so has what every page of WordPress links to, which is no feed.
    return kind in _TYPES or (kind == "application/json" and "/wp-json/" not in address)
