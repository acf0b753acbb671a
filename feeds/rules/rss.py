"""RSS 2.0 with the RSS Board's profile, and its forerunners 0.91 to 0.94."""

from collections.abc import Iterator
from typing import Any

from feeds.rules import declared, rule
from feeds.rules.addresses import url
from feeds.rules.atom import ATOM, XHTML, paging
from feeds.rules.dates import rfc822
from feeds.rules.markup import html, plain
from feeds.rules.table import Element, may, need, row, rows
from feeds.rules.values import (
    choice,
    contact,
    form_name,
    integer,
    language,
    media_type,
    nonblank,
    true_false,
)
from feeds.rules.xml import Node

PROFILE = "https://www.rssboard.org/rss-profile"
CHANNEL = PROFILE + "#element-channel"
ITEM = CHANNEL + "-item"

DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
SLASH = "http://purl.org/rss/1.0/modules/slash/"
ADMIN = "http://webns.net/mvcb/"
CC = "http://web.resource.org/cc/"
CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"

VERSIONS = frozenset({"0.91", "0.92", "0.93", "0.94", "2.0", "2.00"})


@declared("R101", "warning", CHANNEL + "-skiphours-hour")
def hour_twenty_four() -> None:
    """<hour> says 24; midnight is 0.

    RSS 2.0 counts hours from 0 to 23, and readers that look for 0 poll in the hour that was to be
    skipped.
    """


@declared("R102", "error", CHANNEL + "-skiphours")
def repeated_value() -> None:
    """<{element}> says the same twice: {value}.

    The values of skipHours and skipDays are a set. Leave the second out.
    """


@declared("R103", "error", ITEM + "-guid")
def guid_not_an_address() -> None:
    """<guid> is a permalink by default, but is no address: {value}.

    Thunderbird and others use a guid as the link of the post unless it says isPermaLink="false".
    Say so, or give the address of the post.
    """


def _hour(text: str) -> Any:
    if text.strip() == "24":
        return ((hour_twenty_four, {}),)
    return _HOURS(text)


_HOURS = integer(0, 23)


def _once(name: str) -> Any:
    def check(node: Node) -> Iterator[Any]:
        seen = set()
        for child in node.all(name):
            value = child.text.strip().lower()
            if value in seen:
                yield repeated_value, child, {"value": value}
            seen.add(value)

    return check


def _guid(node: Node) -> Iterator[Any]:
    value = node.text.strip()
    permalink = node.get("isPermaLink", "true")
    if value and permalink == "true":
        for _ in url(value):
            yield guid_not_an_address, node, {"value": value}
            return
        if not value.lower().startswith(("http:", "https:", "ftp:")):
            yield guid_not_an_address, node, {"value": value}


TEXT = (nonblank, plain)
CATEGORY = row("category", "many", *TEXT, attributes={"domain": may(nonblank)}, literal=True)

IMAGE = rows(
    row("url", "must", url),
    row("title", "must", *TEXT, literal=True),
    row("link", "must", url),
    row("width", "may", integer(1, 144)),
    row("height", "may", integer(1, 400)),
    row("description", "may", *TEXT, literal=True),
)
TEXT_INPUT = rows(
    row("title", "must", *TEXT, literal=True),
    row("description", "must", *TEXT, literal=True),
    row("name", "must", form_name),
    row("link", "must", url),
)
CLOUD = {
    "domain": need(nonblank),
    "port": need(integer(1, 65535)),
    "path": need(nonblank),
    "registerProcedure": need(),
    "protocol": need(choice("xml-rpc", "soap", "http-post")),
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ITEMS = rows(
    row("title", "may", *TEXT, literal=True),
    row("link", "may", url),
    row("description", "may", html),
    row("author", "may", contact),
    CATEGORY,
    row("comments", "may", url),
    row(
        "enclosure",
        "many",
        attributes={
            "url": need(url),
            "length": need(integer(0)),
            "type": need(media_type),
        },
    ),
    row("guid", "may", nonblank, attributes={"isPermaLink": may(true_false)}, check=_guid),
    row("pubDate", "may", rfc822),
    row("source", "may", *TEXT, attributes={"url": need(url)}, literal=True),
)
CHANNELS = rows(
    row("title", "must", *TEXT, literal=True),
    row("link", "must", url),
    row("description", "must", nonblank, html),
    row("language", "may", language),
    row("copyright", "may", *TEXT, literal=True),
    row("managingEditor", "may", contact),
    row("webMaster", "may", contact),
    row("pubDate", "may", rfc822),
    row("lastBuildDate", "may", rfc822),
    CATEGORY,
    row("generator", "may", *TEXT, literal=True),
    row("docs", "may", url),
    row("cloud", "may", attributes=CLOUD),
    row("ttl", "may", integer(1)),
    row("image", "may", children=IMAGE, kind="image"),
    row("rating", "may", nonblank),
    row("textInput", "may", children=TEXT_INPUT, kind="text_input"),
    row("skipHours", children=rows(row("hour", "some", _hour)), check=_once("hour")),
    row("skipDays", children=rows(row("day", "some", choice(*_DAYS))), check=_once("day")),
    row("item", "many", children=ITEMS, kind="item"),
)
ROOT = Element(
    "rss",
    attributes={"version": need()},
    children=rows(row("channel", "must", children=CHANNELS, kind="channel", check=paging)),
    kind="rss",
)


@rule("R110", "error", "https://www.rssboard.org/rss-specification")
def unknown_version(rss: Node) -> Iterator[Any]:
    """<rss> is of a version that does not exist: {value}.

    Readers that look at the version refuse the feed. Write ``2.0``.
    """
    if "version" in rss.attributes and rss.get("version") not in VERSIONS:
        yield rss, {"value": rss.get("version")}


@rule("R111", "error", ITEM)
def item_without_title_or_description(item: Node) -> Iterator[Any]:
    """<item> has neither a title nor a description.

    Readers have nothing to show, and drop the item or list it as untitled. RSS 2.0 asks for at
    least one of the two.
    """
    if item.whole and not item.child("title") and not item.child("description"):
        yield item


@rule("R112", "warning", ITEM + "-guid")
def item_without_guid(item: Node) -> Iterator[Any]:
    """<item> has no guid.

    Without one, readers tell posts apart by link, title or text, and show a post as new whenever
    that changes. Give each item an id that never changes, with isPermaLink="false".
    """
    if item.whole and not item.child("guid") and not item.child("id", ATOM):
        yield item


@rule("R113", "error", ITEM + "-guid")
def duplicate_guid(channel: Node) -> Iterator[Any]:
    """Two items share a guid: {value}.

    Readers take them for one post and drop one of them, or show one as an edit of the other.
    """
    seen = set()
    for item in channel.all("item"):
        guid = item.child("guid")
        value = guid.text.strip() if guid else ""
        if guid and value:
            if value in seen:
                yield guid, {"value": value}
            seen.add(value)


@rule("R114", "warning", ITEM + "-enclosure")
def several_enclosures(item: Node) -> Iterator[Any]:
    """<item> has several enclosures.

    The specification is silent, and readers and podcast players take the first or the last. Keep
    one; Media RSS can list others.
    """
    enclosures = item.all("enclosure")
    if len(enclosures) > 1:
        yield enclosures[1]


@rule("R115", "warning", PROFILE + "#namespace-elements-content-encoded")
def content_before_description(item: Node) -> Iterator[Any]:
    """<content:encoded> stands before <description>, or without one.

    Some readers take whichever comes last for the text of the post. Put a summary into the
    description, and the whole text after it.
    """
    content = item.child("encoded", CONTENT)
    if content and item.whole:
        description = item.child("description")
        if description is None or description.start > content.start:
            yield content


@rule("R116", "warning", CHANNEL + "-textinput")
def text_input_used(text_input: Node) -> Iterator[Any]:
    """<textInput> is shown by no reader.

    It was for a search box and was never taken up. Leave it out.
    """
    yield text_input


@rule("R117", "warning", PROFILE + "#namespace-elements-slash-comments")
def comments_without_build_date(channel: Node) -> Iterator[Any]:
    """<slash:comments> is used, but the channel has no lastBuildDate.

    A count of comments is as old as the feed; readers cannot tell how old that is.
    """
    if channel.whole and not channel.child("lastBuildDate"):
        for item in channel.all("item"):
            comments = item.child("comments", SLASH)
            if comments:
                yield comments
                return


@rule("R118", "warning", CHANNEL + "-image-title")
def image_title_differs(channel: Node) -> Iterator[Any]:
    """The title of the image is not that of the channel: {value}.

    Readers show it in place of the image, as the name of the feed.
    """
    image, title = channel.child("image"), channel.child("title")
    name = image.child("title") if image else None
    if title and name and name.text.strip() and name.text.strip() != title.text.strip():
        yield name, {"value": name.text}


@rule("R119", "warning", CHANNEL + "-image-link")
def image_link_differs(channel: Node) -> Iterator[Any]:
    """The link of the image is not that of the channel: {value}.

    Readers make the image a link to the site.
    """
    image, link = channel.child("image"), channel.child("link")
    target = image.child("link") if image else None
    if link and target and target.text.strip() and target.text.strip() != link.text.strip():
        yield target, {"value": target.text}


_SAME_IN_CHANNEL = (
    ("pubDate", DC, "date"),
    ("language", DC, "language"),
    ("copyright", DC, "rights"),
    ("managingEditor", DC, "creator"),
    ("webMaster", DC, "publisher"),
    ("generator", ADMIN, "generatorAgent"),
)
_SAME_IN_ITEM = (
    ("pubDate", DC, "date"),
    ("author", DC, "creator"),
    ("category", DC, "subject"),
    ("source", DC, "source"),
    ("title", DC, "title"),
    ("description", DC, "description"),
    ("guid", ATOM, "id"),
    ("title", ATOM, "title"),
    ("pubDate", ATOM, "published"),
    ("author", ATOM, "author"),
    ("enclosure", ATOM, "content"),
)


@rule("R120", "warning", PROFILE + "#namespace-elements-dublin")
def said_twice(channel: Node) -> Iterator[Any]:
    """<{element}> says what <{core}> says already.

    Readers prefer one or the other: Miniflux takes dc:date before pubDate. Keep the element of RSS
    itself.
    """
    yield from _both(channel, _SAME_IN_CHANNEL)


@rule("R121", "warning", PROFILE + "#namespace-elements-dublin")
def said_twice_in_item(item: Node) -> Iterator[Any]:
    """In an item, <{element}> says what <{core}> says already.

    Readers prefer one or the other: Miniflux takes dc:date before pubDate. Keep the element of RSS
    itself.
    """
    yield from _both(item, _SAME_IN_ITEM)


def _both(node: Node, pairs: Any) -> Iterator[Any]:
    for core, space, local in pairs:
        other = node.child(local, space)
        if other and node.child(core):
            yield other, {"core": core}
    other, licence = node.child("license", CC), node.child("license", CREATIVE_COMMONS)
    if other and licence:
        yield other, {"core": licence.name}


@rule("R122", "warning", PROFILE + "#namespace-elements-content-encoded")
def second_description(item: Node) -> Iterator[Any]:
    """<{element}> is a second text of the post, which few readers look at.

    Put the whole text into <content:encoded>, which all of them know.
    """
    for space, local in ((XHTML, "body"), (XHTML, "div"), (ATOM, "content")):
        other = item.child(local, space)
        if other and "src" not in other.attributes and item.child("description"):
            yield other


@rule("R123", "warning", PROFILE + "#namespace-elements-atom-link")
def channel_without_self_link(channel: Node) -> Iterator[Any]:
    """The channel does not say where it lives: it has no <atom:link rel="self">.

    Readers find the feed again after a move by it, and WebSub subscribers the topic.
    """
    links = channel.all("link", ATOM)
    version = channel.parent.get("version") if channel.parent else ""
    if (
        channel.whole
        and version.startswith("2")
        and not any(link.get("rel") == "self" for link in links)
    ):
        yield channel
