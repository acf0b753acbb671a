"""Atom 1.0: RFC 4287, feed and entry documents."""

import re
from collections.abc import Iterator
from typing import Any

from feeds.rules import Broken, Rule, declared, rule
from feeds.rules.addresses import iri_id, reference
from feeds.rules.dates import read_rfc3339, rfc3339
from feeds.rules.markup import Seen, html, markup_in_plain_text, plain
from feeds.rules.table import (
    RFC4287,
    empty_attribute,
    filled,
    markup_not_escaped,
    may,
    missing_element,
    need,
    row,
    rows,
    text_between_elements,
)
from feeds.rules.values import base64, email, empty_element, integer, language, media_type, nonblank
from feeds.rules.xml import Node

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"
IANA = "http://www.iana.org/assignments/relation/"

# https://www.iana.org/assignments/link-relations, and "replies" of RFC 4685.
RELATIONS = frozenset(
    """
    about acl alternate amphtml api-catalog appendix apple-touch-icon apple-touch-startup-image
    archives author blocked-by bookmark c2pa-manifest canonical chapter cite-as collection
    compression-dictionary contents convertedfrom copyright create-form current deprecation
    describedby describes disclosure dns-prefetch duplicate edit edit-form edit-media enclosure
    external first geofeed glossary help hosts hub ice-server icon index intervalafter
    intervalbefore intervalcontains intervaldisjoint intervalduring intervalequals
    intervalfinishedby intervalfinishes intervalin intervalmeets intervalmetby
    intervaloverlappedby intervaloverlaps intervalstartedby intervalstarts item last
    latest-version license linkset lrdd manifest mask-icon me media-feed memento micropub
    modulepreload monitor monitor-group next next-archive nofollow noopener noreferrer opener
    openid2.local_id openid2.provider original p3pv1 payment pingback preconnect
    predecessor-version prefetch preload prerender prev prev-archive preview previous
    privacy-policy profile publication related replies restconf ruleinput search section self
    service service-desc service-doc service-meta sip-trunking-capability sponsored start status
    stylesheet subsection successor-version sunset tag terms-of-service timegate timemap type ugc
    up version-history via webmention working-copy working-copy-of
    """.split()
)
PAGING = frozenset(
    ["first", "last", "next", "prev", "previous", "current", "prev-archive", "next-archive"]
)


@declared("A101", "error", RFC4287 + "#section-3.1.1")
def bad_text_type() -> None:
    """The type of <{element}> must be text, html or xhtml, not {value}.

    Readers that do not know the type show the source, or nothing. Media types belong on <content>.
    """


@declared("A102", "error", RFC4287 + "#section-4.1.3.1")
def bad_content_type() -> None:
    """The type of <content> must be text, html, xhtml or a media type, not {value}.

    Readers that do not know the type show the source, or nothing.
    """


@declared("A103", "error", RFC4287 + "#section-3.1.1.3")
def xhtml_without_div() -> None:
    """<{element}> is of type xhtml and must hold one <div> of XHTML.

    Readers take out what stands in that div. Check that it declares
    ``xmlns="http://www.w3.org/1999/xhtml"``, and that nothing stands beside it.
    """


@declared("A104", "warning", RFC4287 + "#section-3.1.1.3")
def escaped_markup_in_xhtml() -> None:
    """<{element}> is of type xhtml, but holds escaped markup: {found}.

    Readers show the tags as text. Say ``type="html"``, or write the markup as elements.
    """


@declared("A105", "error", RFC4287 + "#section-3.1.1.3")
def xhtml_without_namespace() -> None:
    """<{tag}> in <{element}> is in no namespace.

    Readers see no HTML in it. Put ``xmlns="http://www.w3.org/1999/xhtml"`` on the div around it.
    """


@declared("A106", "error", RFC4287 + "#section-4.1.3.2")
def content_beside_source() -> None:
    """<content> points elsewhere with “src”, but is not empty.

    Readers cannot tell which of the two is the content. Keep one.
    """


@declared("A107", "warning", RFC4287 + "#section-4.1.3.2")
def source_without_type() -> None:
    """<content> points elsewhere with “src”, but does not say of what type that is.

    Readers that can show pictures, but no films, must fetch it to find out.
    """


@declared("A108", "error", RFC4287 + "#section-4.1.1")
def content_without_summary() -> None:
    """<entry> has content that readers may not be able to show, and no summary.

    Content that stands elsewhere or is in Base64 needs a summary for readers that show text.
    """


@declared("A109", "error", RFC4287 + "#section-4.1.1")
def neither_content_nor_link() -> None:
    """<entry> has neither content nor a link rel="alternate".

    There is nothing to read, and nowhere to go. Atom asks for one of the two.
    """


@declared("A110", "error", RFC4287 + "#section-4.1.1")
def duplicate_alternate() -> None:
    """Two links rel="alternate" of the same type and language stand in <{parent}>.

    Readers open one of them, and nobody can tell which.
    """


@declared("A111", "warning", RFC4287 + "#section-4.2.7.2")
def unregistered_relation() -> None:
    """The relation “{value}” is not registered.

    Readers ignore links whose relation they do not know. It may be misspelt; relations of one's own
    are addresses.
    """


@declared("A112", "warning", RFC4287 + "#section-4.2.7")
def link_not_empty() -> None:
    """<link> holds text: {text}.

    The address of a link in Atom stands in “href”; readers do not look at what is inside.
    """


@declared("A113", "warning", RFC4287 + "#section-4.2.7.2")
def relative_self_link() -> None:
    """The link rel="self" is relative: {value}.

    It says where the feed lives to somebody who holds a copy of it, so it must be whole.
    """


@declared("A114", "warning", RFC4287 + "#section-4.2.7.2")
def self_link_of_another_type() -> None:
    """The link rel="self" says that the feed is of type {value}.

    A feed that is its own equivalent is application/atom+xml.
    """


@declared("A115", "warning", RFC4287 + "#section-3.2.1")
def email_in_name() -> None:
    """<name> holds an e-mail address: {value}.

    Readers show it in public. An address stands in <email>, if anywhere.
    """


@declared("A116", "error", RFC4287 + "#section-4.1.1")
def metadata_after_entries() -> None:
    """<{element}> stands after an entry.

    Readers that read a feed as a stream know the feed before its first entry. Put entries last.
    """


@declared("A117", "warning", RFC4287 + "#section-4.2.11")
def source_element_missing() -> None:
    """<source> should have <{element}>.

    It preserves what was said of the feed that the entry came from; without it readers cannot show
    where that was.
    """


@declared("A118", "warning", "https://www.rfc-editor.org/rfc/rfc5005#section-3")
def paging_link_in_entry() -> None:
    """The relation “{value}” belongs to the feed, not to an entry.

    Readers that page through a feed look for it there.
    """


@declared("A119", "error", "https://www.rfc-editor.org/rfc/rfc5005#section-3")
def link_past_the_end() -> None:
    """The {edge} page of the feed has a link rel="{value}".

    Software that follows it never comes to an end.
    """


@declared("A120", "error", RFC4287 + "#section-4.1.3.3")
def content_does_not_fit_type() -> None:
    """<content> of type {value} must hold {wanted}.

    Readers cannot show it as what it says it is.
    """


@declared("A121", "error", "https://www.rfc-editor.org/rfc/rfc4685#section-4")
def when_instead_of_updated() -> None:
    """The attribute is thr:updated; thr:when was its name in a draft.

    Readers ignore the old name.
    """


def relation(link: Node) -> str:
    """What a link is, by its short name."""
    return link.get("rel", "alternate").removeprefix(IANA)


def links(node: Node, *relations: str) -> list[Node]:
    """The Atom links of an element with one of these relations."""
    return [link for link in node.all("link", ATOM) if relation(link) in relations]


def _link(node: Node) -> Iterator[Any]:
    rel, href = node.get("rel", "alternate"), node.attributes.get("href")
    if node.text.strip():
        yield link_not_empty, node, {"text": node.text}
    if not rel.strip():
        yield empty_attribute, node, {"element": f"{node.name} rel"}
    short = relation(node)
    if rel.strip() and short.lower() not in RELATIONS and ":" not in rel:
        yield unregistered_relation, node, {"value": rel}
    if short == "self":
        if href is not None and ":" not in href.partition("/")[0]:
            yield relative_self_link, node, {"value": href or "empty"}
        kind = node.get("type")
        atom = node.parent is not None and node.parent.space == ATOM
        if kind and atom and not kind.startswith("application/atom+xml"):
            yield self_link_of_another_type, node, {"value": kind}
    yield from _replies(node)
    inside = node.parent.local if node.parent else ""
    if inside in ("entry", "item") and short in PAGING - {"prev", "previous"}:
        yield paging_link_in_entry, node, {"value": short}


THREADING = "http://purl.org/syndication/thread/1.0"


def _replies(node: Node) -> Iterator[Any]:
    """The attributes of RFC 4685, section 4, on a link to the replies."""
    for name, kind in (("count", integer(0)), ("updated", rfc3339)):
        value = node.attributes.get(f"{{{THREADING}}}{name}")
        if value is not None:
            for broken, details in kind(value):
                yield broken, node, {**details, "element": f"{node.name} thr:{name}"}
    if f"{{{THREADING}}}when" in node.attributes:
        yield when_instead_of_updated, node, {}


# From the beginning of a word on, or a name of one long word would take for ever.
_EMAIL = re.compile(r"(?<![^\s<>()@])[^\s<>()@]++@[^\s<>()@]+\.[a-z]{2,}")


def _name(node: Node) -> Iterator[Any]:
    found = _EMAIL.search(node.text)
    if found:
        yield email_in_name, node, {"value": found[0]}


def text_construct(node: Node) -> Iterator[Any]:
    """A text construct (RFC 4287, section 3.1)."""
    kind = node.attributes.get("type")
    if kind is not None and not kind.strip():
        yield empty_attribute, node, {"element": f"{node.name} type"}
        kind = "text"
    if kind not in (None, "text", "html", "xhtml"):
        yield bad_text_type, node, {"value": f"“{kind}”"}
    yield from _text(node, kind or "text")


def _text(node: Node, kind: str) -> Iterator[Any]:
    text = node.text
    if kind == "xhtml":
        yield from _xhtml(node)
    elif node.children:
        yield markup_not_escaped, node, {"tag": node.children[0].name}
    elif not text.strip():
        yield empty_element, node, {}
    elif kind in ("html", "text/html"):
        yield from _said(node, html(text))
    elif kind in ("text", "text/plain"):
        yield from _said(node, plain(text))


def _said(node: Node, broken: Broken) -> Iterator[tuple[Rule, Node, dict[str, object]]]:
    for found, details in broken:
        yield found, node, details


def _xhtml(node: Node) -> Iterator[Any]:
    child = node.children[0] if node.children else None
    if child is None or len(node.children) > 1 or node.text.strip() or child.local != "div":
        yield xhtml_without_div, node, {}
        for broken, _, details in _said(node, plain(node.text)):
            if broken is markup_in_plain_text:
                yield escaped_markup_in_xhtml, node, details
    elif child.space != XHTML:
        yield xhtml_without_div, node, {}
    if child is not None:
        yield from inline(node)


def inline(node: Node) -> Iterator[Any]:
    """What is wrong with the markup that stands in *node* as elements."""
    seen = Seen()
    bare: Node | None = None
    waiting = list(node.children)
    while waiting:
        element = waiting.pop()
        waiting.extend(element.children)
        attributes = [
            (name.lower(), value) for name, value in element.attributes.items() if name[0] != "{"
        ]
        if element.space == XHTML:
            seen.element(element.local, attributes)
        elif element.space in (SVG, MATHML):
            seen.element(element.local, attributes, foreign=True)
        elif not element.space:
            bare = bare or element
        elif element.space == ATOM:
            seen.element(element.local, attributes, lambda _: False)
    if bare is not None:
        yield xhtml_without_namespace, bare, {"element": node.name, "tag": bare.local}
    yield from _said(node, tuple(seen.broken))
    for broken, details in plain(_all_text(node)):
        if broken is markup_in_plain_text and str(details["found"]).startswith("<"):
            yield escaped_markup_in_xhtml, node, details


def _all_text(node: Node) -> str:
    parts, waiting = [], [node]
    while waiting:
        element = waiting.pop()
        if element.local not in ("code", "pre", "script", "style"):
            # Markup that is shown on purpose stands in code.
            parts.append(element.text)
            waiting.extend(element.children)
    return "\n".join(parts)


def _content(node: Node) -> Iterator[Any]:
    kind, source = node.attributes.get("type"), node.attributes.get("src")
    blank = kind is not None and not kind.strip()
    if blank:
        yield empty_attribute, node, {"element": f"{node.name} type"}
        kind = None
    simple = kind in (None, "text", "html", "xhtml")
    if source is not None:
        if kind is None and not blank:
            yield source_without_type, node, {}
        elif kind and (simple or media_type(kind)):
            yield bad_content_type, node, {"value": f"“{kind}”"}
        if node.children or node.text.strip():
            yield content_beside_source, node, {}
        return
    if simple:
        yield from _text(node, kind or "text")
        return
    kind = str(kind)
    if media_type(kind) or kind.lower().startswith(("multipart/", "message/")):
        yield bad_content_type, node, {"value": f"“{kind}”"}
        return
    plain_kind = kind.partition(";")[0].strip().lower()
    if plain_kind.endswith(("+xml", "/xml", "/xml-dtd")):
        if node.text.strip():
            yield text_between_elements, node, {"text": node.text}
        elif len(node.children) != 1:
            yield content_does_not_fit_type, node, {"value": kind, "wanted": "one element"}
        elif plain_kind == "application/xhtml+xml":
            yield from inline(node)
    elif plain_kind.startswith("text/"):
        if node.children:
            yield markup_not_escaped, node, {"tag": node.children[0].name}
        else:
            yield from _text(node, plain_kind)
    elif node.children:
        yield content_does_not_fit_type, node, {"value": kind, "wanted": "Base64"}
    else:
        yield from _said(node, base64(node.text))


def _alternates(node: Node) -> Iterator[Any]:
    seen = set()
    for link in links(node, "alternate"):
        key = link.attributes.get("type"), link.attributes.get("hreflang")
        if key in seen:
            yield duplicate_alternate, link, {"parent": node.name}
        seen.add(key)


def _entry(node: Node) -> Iterator[Any]:
    yield from _alternates(node)
    if not node.whole:
        return
    content, source = node.child("content"), node.child("source")
    if content is None and not links(node, "alternate"):
        yield neither_content_nor_link, node, {}
    if content is not None and not node.child("summary"):
        kind = content.get("type", "text").partition(";")[0].strip().lower()
        textual = "/" not in kind or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
        if "src" in content.attributes or not textual:
            yield content_without_summary, node, {}
    authors = node.child("author") or (source and source.child("author"))
    if not authors and not (node.parent and node.parent.child("author", ATOM)):
        yield missing_element, node, {"parent": "entry", "element": "author", "field": "entry"}


def paging(node: Node) -> Iterator[Any]:
    """Links of a feed or channel that lead on from the last page, or back from the first."""
    here = {link.get("href") for link in links(node, "self")} - {""}
    for edge, relations in (("last", ["next"]), ("first", ["prev", "previous"])):
        if here & {link.get("href") for link in links(node, edge)}:
            for link in links(node, *relations):
                yield link_past_the_end, link, {"edge": edge, "value": relation(link)}


def _feed(node: Node) -> Iterator[Any]:
    yield from _alternates(node)
    yield from paging(node)
    entry = False
    for child in node.children:
        if child.space == ATOM and child.local == "entry":
            entry = True
        elif entry and child.space == ATOM and child.local in FEED:
            yield metadata_after_entries, child, {}


def _source(node: Node) -> Iterator[Any]:
    yield from _alternates(node)
    for name in ("id", "title", "updated"):
        if node.whole and not node.child(name):
            yield source_element_missing, node, {"element": name}


TEXT = {"type": may()}
CONSTRUCT: dict[str, Any] = {"attributes": TEXT, "free": True, "check": text_construct}
PERSON = rows(
    row("name", "must", nonblank, plain, check=_name),
    row("uri", "may", reference, exact=True),
    row("email", "may", email, exact=True),
)
CATEGORY = row(
    "category",
    "many",
    attributes={"term": need(filled), "scheme": may(reference), "label": may(filled, plain)},
    free=True,
)
LINK = row(
    "link",
    "many",
    attributes={
        "href": need(reference),
        "rel": may(),
        "type": may(media_type),
        "hreflang": may(language),
        "title": may(filled, plain),
        "length": may(integer(0)),
    },
    free=True,
    check=_link,
    kind="link",
)
_COMMON = (
    row("author", "many", children=PERSON, kind="person"),
    CATEGORY,
    row("contributor", "many", children=PERSON, kind="person"),
    LINK,
    row("rights", "may", **CONSTRUCT),
)
_META = (
    *_COMMON,
    row(
        "generator",
        "may",
        nonblank,
        plain,
        attributes={"uri": may(reference), "version": may()},
    ),
    row("icon", "may", reference, exact=True),
    row("logo", "may", reference, exact=True),
    row("subtitle", "may", **CONSTRUCT),
)
SOURCE = rows(
    *_META,
    row("id", "may", iri_id, exact=True),
    row("title", "may", **CONSTRUCT),
    row("updated", "may", rfc3339, exact=True),
)
ENTRY = rows(
    *_COMMON,
    row("id", "must", iri_id, exact=True),
    row("title", "must", **CONSTRUCT),
    row("updated", "must", rfc3339, exact=True),
    row("published", "may", rfc3339, exact=True),
    row("summary", "may", **CONSTRUCT),
    row(
        "content",
        "may",
        attributes={"type": may(), "src": may(reference)},
        free=True,
        check=_content,
    ),
    row("source", "may", children=SOURCE, kind="source", check=_source),
)
ENTRY_ROOT = row("entry", "many", children=ENTRY, kind="entry", check=_entry)
FEED = rows(
    *_META,
    row("id", "must", iri_id, exact=True),
    row("title", "must", **CONSTRUCT),
    row("updated", "must", rfc3339, exact=True),
    ENTRY_ROOT,
)
ROOT = row("feed", "must", children=FEED, kind="feed", check=_feed)


@rule("A130", "warning", RFC4287 + "#section-4.1.1")
def feed_without_self_link(feed: Node) -> Iterator[Any]:
    """The feed does not say where it lives: it has no link rel="self".

    Readers find the feed again after a move by it, and WebSub subscribers the topic.
    """
    if feed.whole and not links(feed, "self"):
        yield feed


@rule("A131", "warning", RFC4287 + "#section-4.1.1")
def duplicate_entry(feed: Node) -> Iterator[Any]:
    """Two entries have the same id: {value}.

    Readers take them for one post and show the newer, or the first.
    """
    seen = set()
    for entry in feed.all("entry"):
        for found in entry.all("id"):
            value = found.text.strip()
            if value in seen:
                yield found, {"value": value}
            seen.add(value)


@rule("A132", "info", RFC4287 + "#section-4.2.15")
def same_moment(feed: Node) -> Iterator[Any]:
    """Two entries were updated at the same moment: {value}.

    Readers sort by it, so these come in any order.
    """
    seen = set()
    for entry in feed.all("entry"):
        updated = entry.child("updated")
        value = updated.text if updated else ""
        if updated and value in seen:
            yield updated, {"value": value}
        seen.add(value)


@rule("A133", "warning", RFC4287 + "#section-4.2.15")
def updated_before_published(entry: Node) -> Iterator[Any]:
    """<updated> is before <published>: {value}.

    Readers that sort by one and show the other put the post at the wrong place.
    """
    updated, published = entry.child("updated"), entry.child("published")
    if updated and published:
        first, last = read_rfc3339(published.text), read_rfc3339(updated.text)
        if first and last and last < first:
            yield updated, {"value": updated.text}
