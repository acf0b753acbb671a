"""OPML 2.0: lists of feeds, which readers import."""

from collections.abc import Iterator
from typing import Any

from feeds.rules import Broken, declared
from feeds.rules.addresses import reference, url
from feeds.rules.dates import rfc822
from feeds.rules.table import Element, may, need, row, rows
from feeds.rules.values import email, integer, true_false
from feeds.rules.xml import Node

SPEC = "https://opml.org/spec2.opml"
TYPES = frozenset({"rss", "link", "include", "text", "atom", "feed", "directory"})


@declared("O101", "warning", SPEC + "#subscriptionLists")
def outline_without_address() -> None:
    """An outline of type rss has no xmlUrl.

    Readers that import the list have nothing to subscribe to.
    """


@declared("O102", "warning", SPEC + "#subscriptionLists")
def outline_without_title() -> None:
    """An outline of type rss has no title.

    Some readers show the title only, not the text.
    """


@declared("O103", "warning", SPEC + "#outlineElements")
def unknown_outline_type() -> None:
    """The type of an outline is not known: {value}.

    Readers treat it as plain text. Feeds are of type rss, Atom feeds too.
    """


@declared("O104", "warning", SPEC + "#subscriptionLists")
def unknown_outline_version() -> None:
    """The version of an outline is not known: {value}.

    It is RSS, RSS1, RSS2 or scriptingNews; readers find out by themselves.
    """


def _outline(node: Node) -> Iterator[Any]:
    kind = node.get("type")
    if kind and kind.lower() not in TYPES:
        yield unknown_outline_type, node, {"value": kind}
    if kind == "rss":
        if not node.get("xmlUrl").strip():
            yield outline_without_address, node, {}
        if "title" not in node.attributes:
            yield outline_without_title, node, {}
    version = node.get("version")
    if version and version not in ("RSS", "RSS1", "RSS2", "scriptingNews", "ATOM", "ATOM1"):
        yield unknown_outline_version, node, {"value": version}


def _date(text: str) -> Broken:
    return rfc822(text) if text else ()


_CHILDREN: dict[str, Element] = {}
OUTLINE = row(
    "outline",
    "many",
    attributes={
        "text": need(),
        "type": may(),
        "isComment": may(true_false),
        "isBreakpoint": may(true_false),
        "created": may(rfc822),
        "category": may(),
        "xmlUrl": may(url),
        "htmlUrl": may(reference),
        "url": may(reference),
        "title": may(),
        "description": may(),
        "language": may(),
        "version": may(),
    },
    children=_CHILDREN,
    check=_outline,
)
_CHILDREN["outline"] = OUTLINE
_NUMBER = integer()
HEAD = rows(
    row("title", "may"),
    row("dateCreated", "may", _date),
    row("dateModified", "may", _date),
    row("ownerName", "may"),
    row("ownerEmail", "may", lambda text: email(text) if text else ()),
    row("ownerId", "may", lambda text: url(text) if text else ()),
    row("docs", "may", lambda text: url(text) if text else ()),
    row("expansionState", "may"),
    *(
        row(name, "may", lambda text: _NUMBER(text) if text else ())
        for name in ("vertScrollState", "windowTop", "windowLeft", "windowBottom", "windowRight")
    ),
)
ROOT = row(
    "opml",
    attributes={"version": need()},
    children=rows(
        row("head", "must", children=HEAD),
        row(
            "body",
            "must",
            children=rows(
                Element("outline", "some", (), OUTLINE.attributes, _CHILDREN, check=_outline)
            ),
        ),
    ),
)
