"""What foreign parsers read from our documents, brought to one shape.

Three families: feedparser (SAX, liberal), atoma (ElementTree, typed) and fastfeedparser (lxml).
"""

import calendar
import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import atoma
import fastfeedparser
import feedparser


@dataclass(frozen=True, kw_only=True)
class Read:
    """An entry as a reader sees it; None where that parser does not read the field."""

    id: str
    title: str
    link: str
    published: datetime
    tags: tuple[str, ...] | None
    authors: tuple[str, ...] | None
    summary: str | None
    content: str | None


def by_feedparser(body: bytes) -> list[Read]:
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        Read(
            id=e.id,
            title=html.unescape(e.title),
            link=e.link,
            published=datetime.fromtimestamp(calendar.timegm(e.published_parsed), UTC),
            tags=tuple(tag.term for tag in e.get("tags", ())),
            authors=tuple(a.name for a in e.get("authors", ())),
            summary=html.unescape(e.get("summary", "")),
            content=e.content[0].value if "content" in e else "",
        )
        for e in parsed.entries
    ]


def by_fastfeedparser(body: bytes) -> list[Read]:
    # It stands for every parser that takes the first author and the content alone.
    return [
        Read(
            id=e.id,
            title=e.title,
            link=e.link,
            published=datetime.fromisoformat(e.published),
            tags=tuple(tag["term"] for tag in e.get("tags") or ()),
            authors=None,
            summary=None,
            content=e.content[0]["value"] if e.get("content") else "",
        )
        for e in fastfeedparser.parse(body).entries
    ]


def by_atoma_rss(body: bytes) -> list[Read]:
    # It reads no dc:creator; ElementTree does, which it is built on.
    creators = [
        tuple(c.text or "" for c in item.iter("{http://purl.org/dc/elements/1.1/}creator"))
        for item in ElementTree.fromstring(body).iter("item")
    ]
    return [
        Read(
            id=item.guid or "",
            title=item.title or "",
            link=item.link or "",
            published=_present(item.pub_date),
            tags=tuple(item.categories),
            authors=authors,
            summary=html.unescape(item.description or ""),
            content=item.content_encoded or "",
        )
        for item, authors in zip(atoma.parse_rss_bytes(body).items, creators, strict=True)
    ]


def by_atoma_atom(body: bytes) -> list[Read]:
    return [
        Read(
            id=e.id_,
            title=e.title.value,
            link=next(link.href for link in e.links if link.rel == "alternate"),
            published=_present(e.published),
            tags=tuple(category.term for category in e.categories),
            authors=tuple(person.name for person in e.authors),
            summary=html.unescape(e.summary.value) if e.summary else "",
            content=e.content.value if e.content else "",
        )
        for e in atoma.parse_atom_bytes(body).entries
    ]


def by_atoma_json(body: bytes) -> list[Read]:
    # It knows version 1.0, so a single author.
    return [
        Read(
            id=item.id_,
            title=item.title or "",
            link=item.url or "",
            published=_present(item.date_published),
            tags=tuple(item.tags),
            authors=None,
            summary=item.summary or "",
            content=item.content_html or "",
        )
        for item in atoma.parse_json_feed_bytes(body).items
    ]


def by_fastfeedparser_json(body: bytes) -> list[Read]:
    return [
        Read(
            id=e.id,
            title=e.title,
            link=e.link,
            published=datetime.fromisoformat(e.published),
            tags=None,
            authors=None,
            summary=None,
            content=None,
        )
        for e in fastfeedparser.parse(body).entries
    ]


PARSERS: dict[str, tuple[Callable[[bytes], list[Read]], ...]] = {
    "rss.xml": (by_feedparser, by_atoma_rss, by_fastfeedparser),
    "atom.xml": (by_feedparser, by_atoma_atom, by_fastfeedparser),
    "feed.json": (by_atoma_json, by_fastfeedparser_json),
}


def _present(moment: Any) -> datetime:
    assert isinstance(moment, datetime)
    return moment
