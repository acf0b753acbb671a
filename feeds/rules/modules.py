"""The modules: vocabularies that stand in RSS and Atom beside their own.

Each is a :class:`Vocabulary`: rows by the place at which they stand. A namespace that is not here
is no fault; what stands in it is not looked at.
"""

from collections.abc import Iterator
from typing import Any

from feeds.rules import Broken, atom, declared, media, opensearch, podcast, rss
from feeds.rules.addresses import reference, url
from feeds.rules.atom import XHTML, inline, links
from feeds.rules.dates import published_w3cdtf, w3cdtf
from feeds.rules.markup import html, plain
from feeds.rules.table import (
    Element,
    Vocabulary,
    may,
    missing_attribute,
    need,
    row,
    rows,
)
from feeds.rules.values import (
    choice,
    integer,
    integers,
    language,
    media_type,
    nonblank,
    number,
    points,
)
from feeds.rules.xml import Node

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
THREADING = "https://www.rfc-editor.org/rfc/rfc4685"
HISTORY = "https://www.rfc-editor.org/rfc/rfc5005"


# -- Feed history (RFC 5005) ---------------------------------------------------------------------


@declared("M101", "error", HISTORY + "#section-2")
def paging_in_complete_feed() -> None:
    """The feed says that it is complete, but has a link rel="{value}".

    A complete feed holds all there is; readers that keep what is in the feed and drop the rest
    would lose the other pages.
    """


@declared("M102", "error", HISTORY + "#section-2")
def current_is_elsewhere() -> None:
    """The feed says that it is complete, but its link rel="current" leads elsewhere.

    A complete feed is itself the current one.
    """


@declared("M103", "warning", HISTORY + "#section-4")
def archive_without_neighbours() -> None:
    """The archive document has neither a link rel="prev-archive" nor rel="next-archive".

    Software that rebuilds the whole history cannot go on from here.
    """


@declared("M104", "warning", HISTORY + "#section-4")
def archive_without_current() -> None:
    """The archive document has no link rel="current".

    Somebody who finds it cannot find the feed to subscribe to.
    """


def _complete(node: Node) -> Iterator[Any]:
    parent = node.parent
    if parent is None or parent.child("complete", node.space) is not node:
        return
    for link in links(parent, *(atom.PAGING - {"current"})):
        yield paging_in_complete_feed, link, {"value": atom.relation(link)}
    here = {link.get("href") for link in links(parent, "self")}
    for link in links(parent, "current"):
        if here and link.get("href") not in here:
            yield current_is_elsewhere, link, {}


def _archive(node: Node) -> Iterator[Any]:
    parent = node.parent
    if parent is None or not parent.whole or parent.child("complete", node.space):
        return
    if parent.child("archive", node.space) is not node:
        return
    if not links(parent, "prev-archive", "next-archive"):
        yield archive_without_neighbours, node, {}
    if not links(parent, "current"):
        yield archive_without_current, node, {}


HISTORY_ROWS = rows(row("complete", check=_complete), row("archive", check=_archive))

# -- Threading (RFC 4685) ------------------------------------------------------------------------


IN_REPLY_TO = row(
    "in-reply-to",
    "many",
    attributes={
        "ref": may(nonblank),
        "href": may(reference),
        "type": may(media_type),
        "source": may(reference),
        "id": may(),
    },
    free=True,
)

# -- Dublin Core ---------------------------------------------------------------------------------

DC = (
    row("title", "may", plain),
    row("creator", "many", plain, free=False),
    row("subject", "many", plain, free=True),
    row("description", "may", plain),
    row("publisher", "many", plain),
    row("contributor", "many", plain),
    row("date", "may", published_w3cdtf),
    row("type", "may"),
    row("format", "may"),
    row("identifier", "many"),
    row("source", "may"),
    row("language", "may", language),
    row("relation", "many"),
    row("coverage", "many"),
    row("rights", "may", plain),
)
_DCTERMS_DATES = "available created dateAccepted dateCopyrighted dateSubmitted issued modified"
DCTERMS = (
    *(row(name, "may", w3cdtf) for name in _DCTERMS_DATES.split(" ")),
    row("valid", "may"),
    *(
        row(name, "many", free=True)
        for name in """
abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative
audience bibliographicCitation conformsTo contributor coverage creator date
description educationLevel extent format hasFormat hasPart hasVersion identifier
instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy isRequiredBy
isVersionOf language license mediator medium provenance publisher references
relation replaces requires rights rightsHolder source spatial subject
tableOfContents temporal title type
""".split()
    ),
)

# -- Places --------------------------------------------------------------------------------------

_WHERE = {
    "attributes": {
        "srsName": may(),
        "featuretypetag": may(),
        "relationshiptag": may(),
        "featurename": may(),
        "elev": may(number()),
        "floor": may(),
        "radius": may(number(0)),
    }
}
GEORSS = (
    row("point", "many", points(1, 1), **_WHERE),
    row("line", "many", points(2), **_WHERE),
    row("polygon", "many", points(4), **_WHERE),
    row("box", "many", points(2, 2), **_WHERE),
    row("circle", "many", nonblank, **_WHERE),
    row("where", "many", free=True),
    row("featuretypetag", "may"),
    row("relationshiptag", "may"),
    row("featurename", "may"),
    row("elev", "may", number()),
    row("floor", "may", number()),
    row("radius", "may", number(0)),
)
_LATITUDE, _LONGITUDE = number(-90, 90), number(-180, 180)
GEO = (
    row("lat", "may", _LATITUDE),
    row("long", "may", _LONGITUDE),
    row("alt", "may", number()),
    row("Point", "may", free=True),
)
ICBM = (row("latitude", "may", _LATITUDE), row("longitude", "may", _LONGITUDE))

# -- The smaller ones ----------------------------------------------------------------------------


@declared(
    "M130",
    "warning",
    "https://web.archive.org/web/2010/http://wellformedweb.org/news/wfw_namespace_elements",
)
def wrong_case_of_comment_rss() -> None:
    """<wfw:commentRSS> is written commentRss.

    An early note had the wrong case, and some readers know the right one only.
    """


def _comment_rss(node: Node) -> Iterator[Any]:
    yield wrong_case_of_comment_rss, node, {}


def _resource(node: Node) -> Iterator[Any]:
    """An element that points with rdf:resource."""
    value = node.attributes.get(f"{{{RDF}}}resource")
    if value is None:
        yield missing_attribute, node, {"attribute": "rdf:resource"}
    else:
        for broken, details in url(value):
            yield broken, node, details


def _pointed(node: Node) -> Iterator[Any]:
    """The same in RDF; an address as text elsewhere (Trackback, 2.0)."""
    root = node
    while root.parent is not None:
        root = root.parent
    if root.space == RDF:
        yield from _resource(node)
    else:
        for broken, details in url(node.text.strip()):
            yield broken, node, details


def _inline(node: Node) -> Iterator[Any]:
    yield from inline(node)


_ROBOTS = choice(
    "index", "noindex", "follow", "nofollow", "all", "none", "index,follow", "noindex,follow",
    "index,nofollow", "noindex,nofollow", "noarchive", fold=True,
)  # fmt: skip


def _robots(text: str) -> Broken:
    return _ROBOTS(",".join(part.strip() for part in text.split(",")))


_PERIOD = choice("hourly", "daily", "weekly", "monthly", "yearly")
SY = rows(
    row("updatePeriod", "may", _PERIOD),
    row("updateFrequency", "may", integer(1)),
    row("updateBase", "may", w3cdtf),
)
SLASH = rows(
    row("section", "may"),
    row("department", "may"),
    row("comments", "may", integer(0)),
    row("hit_parade", "may", integers),
)
BLOG_CHANNEL = rows(
    row("blogRoll", "may", url),
    row("mySubscriptions", "may", url),
    row("blink", "may", url),
    row("changes", "may", url),
)
FEEDBURNER_FEED = rows(
    row("awareness", "may", reference),
    row("info", "may", free=True),
    row("emailServiceId", "may", nonblank, plain),
    row("feedburnerHostname", "may", reference),
    row("browserFriendly", "may", plain),
    row("feedFlare", "many", plain, attributes={"href": may(reference), "src": may(reference)}),
)
FEEDBURNER_ENTRY = rows(
    row("awareness", "may", reference),
    row("origLink", "may", reference),
    row("origEnclosureLink", "may", reference),
)


def everywhere(*elements: Element) -> dict[str, dict[str, Element]]:
    """The same rows in channels, items, feeds and entries."""
    table = rows(*elements)
    return dict.fromkeys(("channel", "item", "feed", "entry", "image", "source"), table)


def _both(feed: dict[str, Element], entry: dict[str, Element]) -> dict[str, dict[str, Element]]:
    return {"channel": feed, "feed": feed, "item": entry, "entry": entry}


_ATOM_IN_RSS = {
    "channel": {
        **{name: found for name, found in atom.FEED.items() if name != "entry"},
        **{name: atom.ENTRY[name] for name in ("published",)},
    },
    "item": {**atom.ENTRY},
    "image": {"link": atom.LINK},
}
_RDF = everywhere(row("type", "many", free=True))
_LICENSES = rows(row("license", "many", url))

_ALL = (
    Vocabulary(atom.ATOM, "atom", _ATOM_IN_RSS),
    Vocabulary(RDF, "rdf", _RDF),
    Vocabulary(
        rss.CONTENT,
        "content",
        {
            "item": rows(row("encoded", "may", nonblank, html), row("items", "may", free=True)),
            "channel": rows(row("items", "may", free=True)),
        },
    ),
    Vocabulary(rss.DC, "dc", everywhere(*DC), alien=True),
    Vocabulary("http://purl.org/dc/terms/", "dcterms", everywhere(*DCTERMS), alien=True),
    Vocabulary(
        "http://search.yahoo.com/mrss/",
        "media",
        _both(media.MEDIA_ITEM, media.MEDIA_ITEM),
        alien=True,
    ),
    Vocabulary(
        podcast.ITUNES,
        "itunes",
        {"channel": podcast.ITUNES_CHANNEL, "item": podcast.ITUNES_ITEM},
    ),
    Vocabulary(
        "https://podcastindex.org/namespace/1.0",
        "podcast",
        {"channel": podcast.PODCAST_CHANNEL, "item": podcast.PODCAST_ITEM},
        alien=True,
    ),
    Vocabulary("http://www.georss.org/georss", "georss", everywhere(*GEORSS), alien=True),
    Vocabulary("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo", everywhere(*GEO), alien=True),
    Vocabulary("http://postneo.com/icbm", "icbm", everywhere(*ICBM), alien=True),
    Vocabulary("http://postneo.com/icbm/", "icbm", everywhere(*ICBM), alien=True),
    Vocabulary("http://geourl.org/rss/module/", "geourl", everywhere(*ICBM), alien=True),
    Vocabulary(rss.SLASH, "slash", {"item": SLASH}),
    Vocabulary("http://purl.org/rss/1.0/modules/syndication/", "sy", {"channel": SY, "feed": SY}),
    Vocabulary(
        "http://wellformedweb.org/CommentAPI/",
        "wfw",
        _both(
            rows(),
            rows(
                row("comment", "may", url),
                row("commentRss", "may", url),
                row("commentRSS", "may", url, check=_comment_rss),
            ),
        ),
        alien=True,
    ),
    Vocabulary(
        rss.CREATIVE_COMMONS,
        "creativeCommons",
        _both(_LICENSES, _LICENSES),
    ),
    Vocabulary(
        rss.CC,
        "cc",
        everywhere(row("license", "many", check=_resource)),
        alien=True,
    ),
    Vocabulary(
        rss.ADMIN,
        "admin",
        {
            "channel": rows(
                row("errorReportsTo", "may", check=_resource),
                row("generatorAgent", "may", check=_resource),
            )
        },
    ),
    Vocabulary(
        "http://backend.userland.com/blogChannelModule", "blogChannel", {"channel": BLOG_CHANNEL}
    ),
    Vocabulary(
        "http://madskills.com/public/xml/rss/module/trackback/",
        "trackback",
        {
            "item": rows(row("ping", "may", check=_pointed), row("about", "many", check=_pointed)),
            "entry": rows(row("ping", "may", check=_pointed), row("about", "many", check=_pointed)),
        },
    ),
    Vocabulary(
        "http://rssnamespace.org/feedburner/ext/1.0",
        "feedburner",
        _both(FEEDBURNER_FEED, FEEDBURNER_ENTRY),
        alien=True,
    ),
    Vocabulary(
        "http://purl.org/syndication/history/1.0",
        "fh",
        {"feed": HISTORY_ROWS, "channel": HISTORY_ROWS},
    ),
    Vocabulary(
        atom.THREADING,
        "thr",
        {
            **everywhere(IN_REPLY_TO),
            "entry": rows(IN_REPLY_TO, row("total", "may", integer(0))),
            "item": rows(IN_REPLY_TO, row("total", "may", integer(0))),
        },
    ),
    Vocabulary(
        opensearch.SPACE,
        "opensearch",
        {"channel": opensearch.RESULTS, "feed": opensearch.RESULTS},
    ),
    Vocabulary(
        "http://a9.com/-/spec/opensearchrss/1.0/",
        "openSearch",
        {"channel": opensearch.RESULTS, "feed": opensearch.RESULTS},
    ),
    Vocabulary(
        XHTML,
        "xhtml",
        {
            **everywhere(
                row("body", "may", free=True, check=_inline),
                row("div", "many", free=True, check=_inline),
                row(
                    "meta",
                    "many",
                    attributes={"name": need(choice("robots")), "content": need(_robots)},
                ),
                row("link", "many", free=True),
            )
        },
        alien=True,
    ),
    Vocabulary(
        "http://purl.org/rss/modules/aggregation/",
        "ag",
        everywhere(
            row("source", "may"), row("sourceURL", "may", url), row("timestamp", "may", w3cdtf)
        ),
        alien=True,
    ),
    Vocabulary(
        "http://purl.org/rss/1.0/modules/annotate/",
        "annotate",
        everywhere(row("reference", "may", check=_resource)),
        alien=True,
    ),
    Vocabulary(
        "http://madskills.com/public/xml/rss/module/pingback/",
        "pingback",
        everywhere(row("server", "may", url), row("target", "may", url)),
        alien=True,
    ),
    Vocabulary(
        "http://www.bloglines.com/about/specs/fac-1.0",
        "access",
        {
            place: rows(
                row("restriction", attributes={"relationship": need(choice("allow", "deny"))})
            )
            for place in ("rss", "feed")
        },
    ),
    Vocabulary(
        "http://conversationsnetwork.org/rssNamespace-1.0/",
        "conversationsNetwork",
        {
            "channel": rows(row("introMilliseconds", "may", integer(0))),
            "item": rows(
                row("ratingAverage", "may", number()),
                row("ratingCount", "may", integer(0)),
                row("ratingIndividual", "may", integer(1)),
                row("ratingIndividualFull", "may", integer(1)),
                row("introMilliseconds", "may", integer(0)),
            ),
        },
        alien=True,
    ),
)
MODULES = {module.space: module for module in _ALL}
# Spellings of names in use, beside the right one.
MODULES["http://search.yahoo.com/mrss"] = MODULES["http://search.yahoo.com/mrss/"]
MODULES["http://www.itunes.com/DTDs/Podcast-1.0.dtd"] = MODULES[podcast.ITUNES]
