"""JSON Feed 1.0 and 1.1: what a feed that is well-formed JSON can get wrong.

What one member may hold stands in a table, a line each; what several members have to do with each
other is a rule, a generator. Both yield paths, and a path becomes line, column, field and entry in
one place.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from urllib.parse import quote, urlsplit

from feeds.rules import Broken, Fault, Rule, Type, checks, declared, rule
from feeds.rules.addresses import url
from feeds.rules.dates import read_rfc3339, rfc3339
from feeds.rules.jsontext import Document, Path, named
from feeds.rules.markup import html, plain
from feeds.rules.values import language, media_type, nonblank

SPEC = "https://www.jsonfeed.org/version/1.1/"
TOP = SPEC + "#top-level"
ITEMS = SPEC + "#items"
ATTACHMENTS = SPEC + "#attachments"
EXTENSIONS = SPEC + "#extensions"
READERS = SPEC + "#suggestions-for-feed-readers"

VERSION_1 = "https://jsonfeed.org/version/1"
VERSION_1_1 = "https://jsonfeed.org/version/1.1"

# A rule yields where it is broken, and what its message tells beyond the name of the member.
Found = Iterator[tuple[Path, dict[str, object]]]

# -- What is in the table ------------------------------------------------------------------------


@declared("J101", "error", TOP)
def not_a_json_feed() -> None:
    """The document is JSON, but not a JSON Feed: it is {found}.

    Readers look for ``version`` and ``items`` in an object. If this is the list of items, put it
    under ``items``.
    """


@declared("J102", "error", TOP)
def no_version() -> None:
    """The feed has no “{element}”.

    Readers tell a feed from other JSON by it. Write ``"version":
    "https://jsonfeed.org/version/1.1"``, best as the first member.
    """


@declared("J103", "error", TOP)
def no_feed_title() -> None:
    """The feed has no “{element}”.

    It is the name that readers list the feed under; without it they show the address, or fail. The
    name of the website will do.
    """


@declared("J104", "error", TOP)
def no_items() -> None:
    """The feed has no “{element}”.

    It must be there even if there is nothing to show yet: ``"items": []``.
    """


@declared("J105", "warning", TOP)
def no_feed_address() -> None:
    """The feed has no “{element}”.

    For a feed on the web it should be there: ``home_page_url`` is the page that readers link the
    feed's name to, ``feed_url`` the feed's own address, by which readers know it when it moves and
    hubs when it changes.
    """


@declared("J106", "error", READERS)
def item_without_id() -> None:
    """The item has no “{element}”.

    “There is one thing we insist on: any item without an id must be discarded.” Give it an id that
    never changes, such as the address at which the post first appeared.
    """


@declared("J107", "warning", ITEMS)
def item_without_url() -> None:
    """The item has no “{element}”.

    It is the page that a reader opens; it should be there even if it is the same as the id. A page
    elsewhere that the post is about goes into ``external_url``.
    """


@declared("J108", "error", ATTACHMENTS)
def incomplete_object() -> None:
    """“{element}” is required here, and missing.

    An attachment has ``url`` and ``mime_type``, a hub ``type`` and ``url``. Readers skip an
    incomplete one, and some fail on it (atoma).
    """


@declared("J109", "error", TOP)
def wrong_json_type() -> None:
    """“{element}” must be {wanted}, but is {found}.

    Readers written in languages with types refuse the whole feed for one value of another type;
    gofeed and Miniflux do. Write what is asked for: text in quotes, the others without.
    """


@declared("J110", "warning", TOP)
def null_member() -> None:
    """“{element}” is null.

    No member may be: what is not there is left out. Some readers fail on it (atoma, at ``tags`` and
    ``attachments``), others show “null”.
    """


@declared("J111", "warning", EXTENSIONS)
def unknown_member() -> None:
    """“{element}” is not defined; {instead}.

    What it says is lost, and a later version of JSON Feed may give it another meaning. Use the
    member that is defined, or an extension of your own: an object whose name begins with ``_``.
    """


@declared("J112", "warning", EXTENSIONS)
def bad_extension_name() -> None:
    """“{element}” cannot be a name in an extension: {why}.

    An extension is called ``_`` and then a letter, the members in it begin with anything but
    ``_``, and none of the names holds a full stop.
    """


@declared("J113", "warning", EXTENSIONS)
def extension_not_an_object() -> None:
    """The extension “{element}” must be an object, but is {found}.

    Software that knows the extension expects an object. Put the value into one, with an ``about``
    that links to an explanation.
    """


@declared("J114", "error", TOP)
def author_without_anything() -> None:
    """The author has neither name, url nor avatar.

    One of them must be there; readers show a blank author. Give a ``name``, or leave the author
    out.
    """


@declared("J115", "error", ATTACHMENTS)
def negative_amount() -> None:
    """“{element}” is less than nothing: {value}.

    Readers show it, or compute with it. Leave it out where it is not known.
    """


@declared("J116", "warning", ATTACHMENTS)
def fractional_amount() -> None:
    """“{element}” is written with a fraction or an exponent: {value}.

    JSON Feed allows any number, but gofeed and Miniflux read whole ones, written in digits alone,
    and refuse the whole feed for another. Round it.
    """


_KINDS = {
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Member:
    """What may stand in a member.

    The first of the ``kinds`` of value is the one asked for; the ``checks`` end with the first
    that finds something. ``missing`` is the rule that is broken if the member is not there. The
    members of an object are those ``inside``; what an array holds is ``each``.
    """

    kinds: tuple[str, ...]
    checks: tuple[Callable[[Any], Broken], ...] = ()
    missing: Rule | None = None
    inside: dict[str, "Member"] = field(default_factory=dict)
    each: "Member | None" = None


def _text(*types: Type, missing: Rule | None = None) -> Member:
    return Member(("text",), types, missing)


def _array(each: Member | None, missing: Rule | None = None) -> Member:
    return Member(("an array",), missing=missing, each=each)


def _object(inside: dict[str, Member], *asked: Callable[[Any], Broken]) -> Member:
    return Member(("an object",), asked, inside=inside)


def _somebody(author: dict[str, Any]) -> Broken:
    known = any(author.get(name) is not None for name in ("name", "url", "avatar"))
    return () if known else ((author_without_anything, {}),)


def _amount(number: float) -> Broken:
    if not isfinite(number):
        return ()  # The text is at fault, and said so.
    if number < 0:
        return ((negative_amount, {"value": number}),)
    return ((fractional_amount, {"value": number}),) if isinstance(number, float) else ()


# Only content_html may hold markup; a url that is blank is called blank, and no more.
_PHRASE = _text(nonblank, plain)
_URL = _text(nonblank, url)
_DATE = _text(nonblank, rfc3339)
_LANGUAGE = _text(nonblank, language)
_AMOUNT = Member(("a number",), (_amount,))
_AUTHOR = _object({"name": _PHRASE, "url": _URL, "avatar": _URL}, _somebody)
_HUB = _object(
    {
        "type": _text(nonblank, missing=incomplete_object),
        "url": _text(nonblank, url, missing=incomplete_object),
    }
)
_ATTACHMENT = _object(
    {
        "url": _text(nonblank, url, missing=incomplete_object),
        "mime_type": _text(nonblank, media_type, missing=incomplete_object),
        "title": _PHRASE,
        "size_in_bytes": _AMOUNT,
        "duration_in_seconds": _AMOUNT,
    }
)
_ITEM = _object(
    {
        "id": Member(("text", "a number"), missing=item_without_id),
        "url": _text(nonblank, url, missing=item_without_url),
        "external_url": _URL,
        "title": _PHRASE,
        # Blank content is not wrong in itself: one of the two must be there.
        "content_html": _text(html),
        "content_text": _text(plain),
        "summary": _PHRASE,
        "image": _URL,
        "banner_image": _URL,
        "date_published": _DATE,
        "date_modified": _DATE,
        "authors": _array(_AUTHOR),
        "author": _AUTHOR,
        "tags": _array(_PHRASE),
        "language": _LANGUAGE,
        "attachments": _array(_ATTACHMENT),
    }
)
_FEED = _object(
    {
        "version": _text(missing=no_version),
        "title": _text(nonblank, plain, missing=no_feed_title),
        "home_page_url": _text(nonblank, url, missing=no_feed_address),
        "feed_url": _text(nonblank, url, missing=no_feed_address),
        "description": _PHRASE,
        "user_comment": _PHRASE,
        "next_url": _URL,
        "icon": _URL,
        "favicon": _URL,
        "authors": _array(_AUTHOR),
        "author": _AUTHOR,
        "language": _LANGUAGE,
        "expired": Member(("true or false",)),
        "hubs": _array(_HUB),
        # The items are judged one by one.
        "items": _array(None, missing=no_items),
    }
)
# What other formats and other software call a member, in small letters alone.
_ALIKE = {
    "body": "content_html",
    "categories": "tags",
    "category": "tags",
    "content": "content_html",
    "contenttype": "mime_type",
    "created": "date_published",
    "date": "date_published",
    "duration": "duration_in_seconds",
    "enclosure": "attachments",
    "enclosures": "attachments",
    "entries": "items",
    "guid": "id",
    "homepage": "home_page_url",
    "html": "content_html",
    "lang": "language",
    "length": "size_in_bytes",
    "link": "url",
    "logo": "icon",
    "modified": "date_modified",
    "pubdate": "date_published",
    "published": "date_published",
    "size": "size_in_bytes",
    "tag": "tags",
    "text": "content_text",
    "type": "mime_type",
    "updated": "date_modified",
}


# -- What members have to do with each other -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed's object, and the address at which the feed lives, if it is known."""

    value: dict[str, Any]
    base: str | None

    def authored(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The objects that may name authors and a language: the feed, and its items."""
        yield (), self.value
        items = self.value.get("items")
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield ("items", index), item


@dataclass(frozen=True, slots=True)
class Item:
    """An item's object, and where it stands."""

    value: dict[str, Any]
    path: Path


@rule("J121", "error", TOP)
def unknown_jsonfeed_version(jsonfeed: Feed) -> Found:
    """“version” is not the address of a version of JSON Feed: {value}.

    Readers compare it letter by letter, with ``https``, without ``www`` and without a slash at the
    end, and may not take the feed for one. Write ``https://jsonfeed.org/version/1.1``.
    """
    version = jsonfeed.value.get("version")
    if isinstance(version, str) and version not in (VERSION_1, VERSION_1_1):
        yield ("version",), {"value": version}


@rule("J122", "info", TOP)
def version_not_first(jsonfeed: Feed) -> Found:
    """“version” does not stand first.

    It should, so that software that looks at the beginning of a file knows a feed. Put it at the
    top if your library lets you.
    """
    if next(iter(jsonfeed.value), "version") != "version" and "version" in jsonfeed.value:
        yield ("version",), {}


@rule("J123", "info", SPEC + "#changes")
def member_of_later_version(jsonfeed: Feed) -> Found:
    """“{element}” came with version 1.1, and the feed says that it is version 1.

    Readers ignore it in a feed of version 1, or take it, each as they like. Write
    ``https://jsonfeed.org/version/1.1``: nothing else changes.
    """
    later = {"authors", "language"} if jsonfeed.value.get("version") == VERSION_1 else set()
    for path, value in jsonfeed.authored():
        # Once each, since one change mends them all.
        for name in sorted(later & {name for name in value if value[name] is not None}):
            later.remove(name)
            yield (*path, name), {"element": name}


@rule("J124", "info", SPEC + "#deprecations")
def deprecated_author(jsonfeed: Feed) -> Found:
    """The author stands in “author” alone, as in version 1, and not in “authors”.

    Version 1.1 has ``authors``, an array. Give both: newer readers prefer ``authors``, older ones
    such as atoma know only ``author``.
    """
    if jsonfeed.value.get("version") != VERSION_1:
        for path, value in jsonfeed.authored():
            if value.get("author") is not None and value.get("authors") is None:
                yield (*path, "author"), {}


@rule("J125", "error", TOP)
def next_url_loops(jsonfeed: Feed) -> Found:
    """“next_url” is the address of this feed itself.

    It must be another: software that reads on to the last page never comes to an end. Leave it out
    on the last page.
    """
    following = _text_in(jsonfeed.value, "next_url")
    here = (_text_in(jsonfeed.value, "feed_url"), jsonfeed.base)
    if following and _plain(following) in [_plain(one) for one in here if one]:
        yield ("next_url",), {}


@rule("J126", "warning", TOP)
def feed_url_elsewhere(jsonfeed: Feed) -> Found:
    """“feed_url” is not where the feed was found: {value}.

    It identifies the feed: readers may take it for another feed than the one subscribed to, and
    hubs announce changes of that address alone. If the feed has moved, redirect the old address
    there.
    """
    own = _text_in(jsonfeed.value, "feed_url")
    if own and jsonfeed.base and not url(own) and _plain(own) != _plain(jsonfeed.base):
        yield ("feed_url",), {"value": own}


@rule("J127", "error", ITEMS)
def repeated_item_id(jsonfeed: Feed) -> Found:
    """The id is that of {first} already: {id}.

    Readers take both for the same post, and show one of them. Give every post an id of its own that
    never changes.
    """
    first: dict[str, Path] = {}
    for path, item in jsonfeed.authored():
        name = _id(item) if path else ""
        if name.strip():
            if name in first:
                yield (*path, "id"), {"first": named(first[name]), "id": name}
            first.setdefault(name, path)


@rule("J131", "error", READERS)
def blank_id(jsonitem: Item) -> Found:
    """The id is blank.

    Readers must discard such an item. Give it an id that never changes.
    """
    found = jsonitem.value.get("id")
    if isinstance(found, str) and not found.strip():
        yield (*jsonitem.path, "id"), {}


@rule("J132", "warning", READERS)
def id_not_text(jsonitem: Item) -> Found:
    """The id is a number, and should be text: {id}.

    Some readers make text of it, gofeed refuses the whole feed, and JavaScript rounds long numbers,
    so that two posts become one. Put it in quotes.
    """
    if _KINDS[type(jsonitem.value.get("id"))] == "a number":
        yield (*jsonitem.path, "id"), {"id": jsonitem.value["id"]}


@rule("J133", "error", ITEMS)
def item_without_content(jsonitem: Item) -> Found:
    """The item has neither content_html nor content_text.

    One of them must be there. If there is no more than a summary, put that into ``content_text``.
    """
    if all(jsonitem.value.get(name) is None for name in ("content_html", "content_text")):
        yield jsonitem.path, {}


@rule("J134", "warning", ITEMS)
def item_without_anything(jsonitem: Item) -> Found:
    """The item has nothing to show: no title, no text, no picture.

    Readers list it as “untitled”, and it opens on a blank page. Give it a title or content, or
    leave it out.
    """
    item = jsonitem.value
    has_content = any(item.get(name) is not None for name in ("content_html", "content_text"))
    shown = any(_text_in(item, name) for name in _VISIBLE) or item.get("attachments")
    markup = _text_in(item, "content_html")
    if has_content and not shown and not (_MEDIA.search(markup) or _TAG.sub("", markup).strip()):
        yield jsonitem.path, {}


@rule("J135", "warning", ITEMS)
def modified_before_published(jsonitem: Item) -> Found:
    """“date_modified” is before “date_published”: {value}.

    Readers sort by one or the other, and the post moves about. The two are often mixed up; leave
    ``date_modified`` out where there was no change.
    """
    published, modified = (
        read_rfc3339(_text_in(jsonitem.value, name)) for name in ("date_published", "date_modified")
    )
    if published and modified and modified < published:
        yield (*jsonitem.path, "date_modified"), {"value": jsonitem.value["date_modified"]}


@rule("J136", "warning", ITEMS)
def repeated_tag(jsonitem: Item) -> Found:
    """The tag is given twice: {tag}.

    Readers show it twice. Keep one.
    """
    seen = set()
    tags = jsonitem.value.get("tags")
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        if isinstance(tag, str) and tag.strip():
            if tag in seen:
                yield (*jsonitem.path, "tags", index), {"tag": tag}
            seen.add(tag)


_VISIBLE = ("title", "content_text", "summary", "image", "banner_image")
_MEDIA = re.compile(r"<(?:img|picture|video|audio|svg|iframe|object|embed)\b", re.IGNORECASE)
# Not past the next tag, or a text of nothing but "<" would take for ever.
_TAG = re.compile("<[^<>]*+>")
_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:@!$&'()*+,;=?"


def judge(document: Document, base: str | None) -> Iterator[Fault]:
    """What is wrong with the JSON Feed in *document*, which lives at *base* if that is known.

    The faults of the text are the document's own; one that is ill-formed has no others.
    """
    if not document.well_formed:
        return
    top = document.value
    kind = _KINDS[type(top)]
    if kind == "an object" and "items" not in top and "jsonfeed" not in str(top.get("version")):
        kind = "an object with neither version nor items"
    if kind != "an object":
        yield not_a_json_feed.at(*document.place(()), found=kind)
        return
    for broken, path, details in _broken(Feed(top, base)):
        item = top["items"][path[1]] if path[:1] == ("items",) and len(path) > 1 else {}
        entry = _id(item) if isinstance(item, dict) else ""
        line, column, end = document.place(path)
        yield broken.at(line, column, end, field=named(path), entry=entry, **details)


def _broken(feed: Feed) -> Iterator[tuple[Rule, Path, dict[str, object]]]:
    """Every rule that is broken, and where."""
    yield from _value(feed.value, _FEED, ())
    for made, check in checks("jsonfeed"):
        for path, details in check(feed):
            yield made, path, details
    items = feed.value.get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        at = ("items", index)
        yield from _value(item, _ITEM, at)
        if isinstance(item, dict):
            for made, check in checks("jsonitem"):
                for path, details in check(Item(item, at)):
                    yield made, path, details


def _value(
    value: Any, member: Member, path: Path
) -> Iterator[tuple[Rule, Path, dict[str, object]]]:
    """What the table has against a value and all that is in it."""
    element = next((step for step in reversed(path) if isinstance(step, str)), "")
    kind = _KINDS[type(value)]
    if kind not in member.kinds:
        if value is not None:
            yield (
                wrong_json_type,
                path,
                {"element": element, "wanted": member.kinds[0], "found": kind},
            )
        elif not member.missing:
            yield null_member, path, {"element": element}
        return
    for check in member.checks:
        broken = tuple(check(value))
        for made, details in broken:
            yield made, path, {"element": element, **details}
        if broken:
            break
    for name, inner in member.inside.items():
        if inner.missing and value.get(name) is None:
            yield inner.missing, path, {"element": name}
    if member.inside:
        for name, one in value.items():
            if name in member.inside:
                yield from _value(one, member.inside[name], (*path, name))
            elif name.startswith("_"):
                yield from _extension(name, one, (*path, name))
            else:
                yield (
                    unknown_member,
                    (*path, name),
                    {"element": name, "instead": _instead(name, member.inside)},
                )
    if member.each:
        for index, one in enumerate(value):
            yield from _value(one, member.each, (*path, index))


def _extension(name: str, value: Any, path: Path) -> Iterator[tuple[Rule, Path, dict[str, object]]]:
    if not name[1:2].isalpha():
        why = "a letter must follow the _"
        yield bad_extension_name, path, {"element": name, "why": why}
    elif "." in name:
        yield bad_extension_name, path, {"element": name, "why": "it holds a full stop"}
    if not isinstance(value, dict):
        yield extension_not_an_object, path, {"element": name, "found": _KINDS[type(value)]}
        return
    for key in value:
        if "." in key:
            yield bad_extension_name, (*path, key), {"element": key, "why": "it holds a full stop"}
        elif key.startswith("_"):
            why = "only the extension itself begins with _"
            yield bad_extension_name, (*path, key), {"element": key, "why": why}


def _instead(name: str, known: dict[str, Member]) -> str:
    squeezed = re.sub("[^a-z]", "", name[:40].lower())
    meant = {one.replace("_", ""): one for one in known}.get(squeezed, _ALIKE.get(squeezed))
    return f"“{meant}” is" if meant in known else "readers ignore it"


def _text_in(value: dict[str, Any], name: str) -> str:
    """The member *name*, if it is text that is not blank; else nothing."""
    text = value.get(name)
    return text if isinstance(text, str) and text.strip() else ""


def _id(item: dict[str, Any]) -> str:
    """An item's id as readers know it; empty if it is none."""
    found = item.get("id")
    return str(found) if _KINDS[type(found)] in ("text", "a number") else ""


def _plain(address: str) -> object:
    """An address as it can be compared: the ways to write the same one are the same."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna")
        port = parts.port or _PORTS.get(parts.scheme)
        path, query = quote(parts.path or "/", safe=_KEPT), quote(parts.query, safe=_KEPT)
    except ValueError:
        return address
    return parts.scheme, host, port, path, query
