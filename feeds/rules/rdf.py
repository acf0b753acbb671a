"""RSS 1.0 and 0.90: RSS written in RDF."""

from collections.abc import Iterator, Mapping
from typing import Any

from feeds.rules.addresses import reference, url
from feeds.rules.markup import html, plain
from feeds.rules.modules import MODULES, RDF
from feeds.rules.table import (
    Element,
    Vocabulary,
    missing_attribute,
    missing_element,
    row,
    rows,
)
from feeds.rules.values import form_name, nonblank
from feeds.rules.xml import Node

RSS1 = "http://purl.org/rss/1.0/"
RSS090 = ("http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/")


def _about(node: Node) -> Iterator[Any]:
    value = node.attributes.get(f"{{{RDF}}}about")
    if value is None:
        yield missing_attribute, node, {"attribute": "rdf:about"}
    else:
        for broken, details in reference(value):
            yield broken, node, {**details, "element": f"{node.name} rdf:about"}


def _resource(node: Node) -> Iterator[Any]:
    if f"{{{RDF}}}resource" not in node.attributes:
        yield missing_attribute, node, {"attribute": "rdf:resource"}


_TITLE = row("title", "must", nonblank, plain)
_LINK = row("link", "must", url)


def _table(items: bool) -> Mapping[str, Element]:
    """The elements under rdf:RDF; only RSS 1.0 has *items* and names what it describes."""
    check = _about if items else None
    pointer = _resource if items else None
    channel = [_TITLE, _LINK, row("description", "must", nonblank, html)]
    item = [_TITLE, _LINK]
    if items:
        channel += [
            row("items", "must", free=True),
            row("image", free=True, check=pointer),
            row("textinput", free=True, check=pointer),
        ]
        item.append(row("description", "may", html))
    return rows(
        row("channel", "must", children=rows(*channel), kind="channel", about="", check=check),
        row("item", "many", children=rows(*item), kind="item", about="", check=check),
        row("image", children=rows(_TITLE, row("url", "must", url), _LINK), check=check),
        row(
            "textinput",
            children=rows(
                _TITLE,
                row("description", "must", nonblank, plain),
                row("name", "must", form_name),
                _LINK,
            ),
            check=check,
        ),
    )


VOCABULARIES = {
    **{space: module for space, module in MODULES.items() if space != RDF},
    RSS1: Vocabulary(RSS1, "", {"rdf": _table(items=True)}),
    **{space: Vocabulary(space, "", {"rdf": _table(items=False)}) for space in RSS090},
}


def _channel(node: Node) -> Iterator[Any]:
    """The channel is in a namespace of its own, so no table of RDF can ask for it."""
    if node.whole and not any(node.child("channel", space) for space in (RSS1, *RSS090)):
        yield missing_element, node, {"element": "channel", "parent": "RDF"}


ROOT = row("RDF", children={}, kind="rdf", open=True, check=_channel)
