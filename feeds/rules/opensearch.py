"""OpenSearch 1.1: description documents, and the query elements of results."""

import re
from collections.abc import Iterator
from typing import Any

from feeds.rules import Broken, declared
from feeds.rules.addresses import url
from feeds.rules.markup import plain
from feeds.rules.table import may, need, row, rows
from feeds.rules.values import (
    choice,
    email,
    encoding,
    integer,
    language,
    media_type,
    nonblank,
    text_of,
)
from feeds.rules.xml import Node

SPACE = "http://a9.com/-/spec/opensearch/1.1/"
SPEC = "https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md"


@declared("O110", "warning", SPEC)
def no_example_query() -> None:
    """The description has no <Query role="example">.

    Software tries the search out with it. Name a word that always finds something.
    """


@declared("O111", "error", SPEC)
def unknown_parameter() -> None:
    """The template asks for a parameter that does not exist: {value}.

    Browsers put nothing there. Parameters of one's own have a prefix.
    """


_PARAMETERS = frozenset(
    {"searchTerms", "count", "startIndex", "startPage", "language", "inputEncoding",
     "outputEncoding"}
)  # fmt: skip
_PARAMETER = re.compile(r"\{((?:[\w.-]+:)?[\w.-]+)\??\}")


def _template(text: str) -> Broken:
    for name in _PARAMETER.findall(text):
        if ":" not in name and name not in _PARAMETERS:
            return ((unknown_parameter, {"value": name}),)
    return url(_PARAMETER.sub("x", text))


def _language(text: str) -> Broken:
    return () if text == "*" else language(text)


def _description(node: Node) -> Iterator[Any]:
    if node.whole and not any(query.get("role") == "example" for query in node.all("Query")):
        yield no_example_query, node, {}


_ROLES = choice("request", "example", "related", "correction", "subset", "superset")


def _role(text: str) -> Broken:
    return () if ":" in text else _ROLES(text)


QUERY = row(
    "Query",
    "many",
    attributes={
        "role": need(_role),
        "title": may(plain, text_of(256)),
        "totalResults": may(integer(0)),
        "searchTerms": may(),
        "count": may(integer(0)),
        "startIndex": may(integer()),
        "startPage": may(integer()),
        "language": may(_language),
        "inputEncoding": may(encoding),
        "outputEncoding": may(encoding),
        "osd": may(),
    },
)
ROOT = row(
    "OpenSearchDescription",
    children=rows(
        row("ShortName", "must", nonblank, plain, text_of(16)),
        row("Description", "must", nonblank, plain, text_of(1024)),
        row(
            "Url",
            "some",
            attributes={
                "template": need(_template),
                "type": need(media_type),
                "rel": may(),
                "method": may(),
                "indexOffset": may(integer()),
                "pageOffset": may(integer()),
            },
        ),
        row("Contact", "may", email),
        row("Tags", "may", plain, text_of(256)),
        row("LongName", "may", plain, text_of(48)),
        row(
            "Image",
            "many",
            url,
            attributes={
                "height": may(integer(0)),
                "width": may(integer(0)),
                "type": may(media_type),
            },
        ),
        QUERY,
        row("Developer", "may", plain, text_of(64)),
        row("Attribution", "may", plain, text_of(256)),
        row("SyndicationRight", "may", choice("open", "limited", "private", "closed", fold=True)),
        row("AdultContent", "may"),
        row("Language", "many", _language),
        row("InputEncoding", "many", encoding),
        row("OutputEncoding", "many", encoding),
    ),
    check=_description,
)
RESULTS = rows(
    row("totalResults", "may", integer(0)),
    row("startIndex", "may", integer()),
    row("itemsPerPage", "may", integer(0)),
    row("link", "many", free=True),
    QUERY,
)
