"""The only import of feedgen, with its traps (1.0.0) mended: RSS and Atom elements in and out.

The mending is one extension: feedgen hands it each finished element, and it adds what feedgen
cannot say and restores what it lost. Every trap has a test in ``tests/test_feedgen.py``.
"""

import html
import threading
from collections.abc import Callable
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.model import Feed, Person, Post

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_MEDIA = "http://search.yahoo.com/mrss/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# feedgen's formatRFC2822 sets the locale of the whole process for each date.
_rendering = threading.Lock()


def generator(feed: Feed, file: str, media_type: str) -> FeedGenerator:
    """A feedgen feed, filled, whose document is *file* beside the feed's page.

    Make one for each format: feedgen's methods write to both at once, and its RSS link is the last
    link given, whatever that one is for.
    """
    site = feed.site
    fg = FeedGenerator()
    fg.register_extension("mending", _FeedMending, _EntryMending)
    if any(post.image for post in feed.posts):
        fg.mending.namespaces["media"] = _MEDIA
    fg.id(feed.id)
    fg.title(feed.title)
    fg.subtitle(feed.description)
    fg.link(href=feed.url(file), rel="self", type=media_type)
    if site.hub:
        fg.link(href=site.hub, rel="hub")
        fg.mending.hub = site.hub
    fg.mending.state = "complete" if feed.complete else "archive" if feed.current else ""
    if fg.mending.state:
        fg.mending.namespaces["fh"] = _HISTORY
    fg.mending.history = [
        {"rel": rel, "href": site.url + path + file, "type": media_type}
        for rel, path in (
            ("current", feed.current),
            ("prev-archive", feed.older),
            ("next-archive", feed.newer),
        )
        if path
    ]
    fg.link(href=feed.url(), rel="alternate", type="text/html")
    # Static hosts send .xml as application/xml, and browsers then show it with this style.
    fg.mending.style = f"{site.root}/feed.css"
    fg.language(site.language)
    fg.updated(feed.updated)  # The default is now.
    fg.author([_person(person) for person in ((feed.author,) if feed.author else site.authors)])
    if feed.tag:
        fg.category(term=feed.tag.name)
    if site.rights:
        fg.rights(site.rights)
    fg.icon(site.favicon)
    if picture := site.logo or site.icon:
        fg.logo(picture)
    # Without a version: an upgrade must not change the bytes of every feed.
    fg.generator("feeds")
    fg.docs("https://www.rssboard.org/rss-specification")
    for post in feed.posts:
        entry = _entry(post, full=site.full_content)
        fg.add_entry(entry, order="append")  # The default turns the order round.
        entry.mending.post = post
        entry.mending.language = post.language if post.language != site.language else None
    return fg


def render(write: Callable[..., bytes]) -> bytes:
    """The bytes that ``fg.rss_str`` or ``fg.atom_str`` write."""
    with _rendering:
        return write(pretty=True)


def _entry(post: Post, *, full: bool) -> FeedEntry:
    fe = FeedEntry()
    fe.id(post.id)  # Says isPermaLink="false" in RSS.
    fe.title(post.title)
    fe.link(_links(post))
    fe.published(post.published)
    fe.updated(post.updated or post.published)  # The default is now.
    fe.author([_person(person) for person in post.authors])
    fe.category([{"term": tag.name} for tag in post.tags])
    # Readers take a description in RSS for HTML, so plain text is escaped once more, and the same
    # string is declared as html in Atom.
    if post.summary:
        fe.summary(html.escape(post.summary, quote=False), type="html")
    if full and post.content:
        fe.content(post.content, type="html")
    return fe


def _links(post: Post) -> list[dict[str, str]]:
    """The links of an entry, as feedgen takes them and Atom writes them."""
    alternate = {"href": post.link, "rel": "alternate"}
    if not post.elsewhere:  # There it may be of any type.
        alternate["type"] = "text/html"
    if not post.enclosure:
        return [alternate]
    url, length = post.enclosure.url, str(post.enclosure.length)
    return [
        alternate,
        {"href": url, "rel": "enclosure", "type": post.enclosure.type, "length": length},
    ]


def _person(person: Person) -> dict[str, str]:
    fields = {"name": person.name, "email": person.email, "uri": person.url}
    return {name: value for name, value in fields.items() if value}


class _FeedMending:
    """Declares the namespaces that the entries use, at the root and once; names the style."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self.style = ""
        self.hub: str | None = None
        self.state = ""
        self.history: list[dict[str, str]] = []

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces

    def extend_rss(self, rss: Any) -> None:
        # feedgen writes the self link into RSS and no other.
        if self.hub:
            etree.SubElement(rss[0], f"{{{_ATOM}}}link", href=self.hub, rel="hub")
        self._add_history(rss[0], f"{{{_ATOM}}}link")
        self._add_style(rss)

    def extend_atom(self, feed: Any) -> None:
        self._add_history(feed, "link")
        self._add_style(feed)

    def _add_history(self, channel: Any, name: str) -> None:
        """RFC 5005; feedgen knows none of these relations."""
        for attributes in self.history:
            etree.SubElement(channel, name, attributes)
        if self.state:
            etree.SubElement(channel, f"{{{_HISTORY}}}{self.state}")

    def _add_style(self, root: Any) -> None:
        text = f'type="text/css" href="{html.escape(self.style)}"'
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", text))


class _EntryMending:
    """Mends each finished item and entry of ``post``."""

    post: Post
    language: str | None  # where it is not the feed's

    def extend_rss(self, item: Any) -> None:
        # RSS authors must be e-mail addresses; readers disagree on which of the two comes first.
        for author in item.findall("author"):
            item.remove(author)
        # Without a summary feedgen puts the content into the description.
        if not self.post.summary and (description := item.find("description")) is not None:
            description.tag = f"{{{_CONTENT}}}encoded"
        for person in self.post.authors:
            etree.SubElement(item, f"{{{DC}}}creator").text = person.name
        if self.language:
            etree.SubElement(item, f"{{{DC}}}language").text = self.language
        self._thumbnail(item)

    def extend_atom(self, entry: Any) -> None:
        # feedgen keeps the href alone, and an enclosure becomes a second alternate link. Its
        # elements have no namespace before they are written: "link", not "{…/Atom}link".
        for element, attributes in zip(entry.findall("link"), _links(self.post), strict=True):
            element.attrib.update(attributes)
        if self.language:
            entry.set(_LANG, self.language)
        self._thumbnail(entry)

    def _thumbnail(self, element: Any) -> None:
        if self.post.image:
            etree.SubElement(element, f"{{{_MEDIA}}}thumbnail", url=self.post.image.url)
