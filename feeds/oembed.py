"""What programs ask that make a frame of a link to a post or to a feed (https://oembed.com)."""

import json
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import parse_qsl, unquote, urlsplit

from feeds import addresses, embed, urls
from feeds.model import Feed, Person, Post, Site

_PIXELS = re.compile(r"[1-9][0-9]{0,4}")
_NO_LIMIT = "99999"
_LONG = 2000  # characters; nothing here has such an address


def answer(
    site: Site, posts: Sequence[Post], feeds: Sequence[Feed], query: str
) -> tuple[int, str, bytes]:
    """The status, media type and body for a *query* about one of *posts* or *feeds*.

    404 if its url is none of theirs; 501 if its format is neither JSON nor XML; 400 if it makes no
    sense. Of several values the first counts.
    """
    given = dict(reversed(parse_qsl(query)))
    form = given.get("format", "json")
    if form not in ("json", "xml"):
        return _refusal(501, "format: json, xml")
    if "url" not in given:
        return _refusal(400, "url: the address of a post or of a feed")
    limits = [given.get(name, _NO_LIMIT) for name in ("maxwidth", "maxheight")]
    if not all(map(_PIXELS.fullmatch, limits)):
        return _refusal(400, "maxwidth, maxheight: pixels")
    about = _about(site, posts, feeds, _paths(site, given["url"]), *map(int, limits))
    if about is None:
        return _refusal(404, f"url: no post and no feed of {site.url}/")
    if form == "json":
        body = json.dumps(about, ensure_ascii=False)
        return 200, "application/json; charset=utf-8", f"{body}\n".encode()
    lines = [f"<{name}>{escape(str(value))}</{name}>" for name, value in about.items()]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<oembed>", *lines, "</oembed>", ""]
    return 200, "text/xml; charset=utf-8", "\n".join(lines).encode()


def _refusal(status: int, text: str) -> tuple[int, str, bytes]:
    return status, "text/plain; charset=utf-8", f"{text}\n".encode()


def _paths(site: Site, url: str) -> tuple[str, ...]:
    """The paths of the site's documents that *url* can mean, none if it leads elsewhere.

    It may begin with http or https, and have a query, since those who share links add some. A
    feed's documents stand for the feed.
    """
    try:
        parts, own = urlsplit(urls.absolute(url[:_LONG])), urlsplit(site.url)
    except ValueError:
        return ()
    path = unquote(parts.path) or "/"
    if parts.netloc != own.netloc or not f"{path}/".startswith(f"{own.path}/"):
        return ()
    folder, _, name = path.removeprefix(own.path).rpartition("/")
    return addresses.spellings(f"{folder}/{'' if name in addresses.FEEDS else name}")


def _about(
    site: Site,
    posts: Sequence[Post],
    feeds: Sequence[Feed],
    paths: tuple[str, ...],
    wide: int,
    high: int,
) -> dict[str, str | int] | None:
    width = min(embed.WIDTH, wide)
    for feed in feeds:
        if feed.path in paths:
            options = embed.fitting(high)
            query = embed.canonical(options)
            src = site.url + addresses.embed(feed.path) + (f"?{query}" if query else "")
            authors = (feed.author,) if feed.author else site.authors
            height = min(embed.height(options), high)
            return _frame(site, feed.title, authors, src, width, height)
    for post in posts:
        if post.path and post.path in paths:
            src = site.url + addresses.embed(post.path)
            height = min(embed.height(embed.CARD), high)
            return _frame(site, post.title, post.authors, src, width, height)
    return None


def _frame(
    site: Site, title: str, authors: Sequence[Person], src: str, width: int, height: int
) -> dict[str, str | int]:
    first = authors[0]
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": ", ".join(person.name for person in authors),
        **({"author_url": first.url} if first.url and len(authors) == 1 else {}),
        "provider_name": site.title,
        "provider_url": f"{site.url}/",
        "cache_age": site.max_age,
        "width": width,
        "height": height,
        "html": embed.frame(src, title, width, height),
    }
