"""The blog on other sites: small pages for their frames, and a page that makes the code for it."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Literal, get_args
from urllib.parse import parse_qs, urlencode

from feeds import addresses, pages
from feeds.model import Feed, Post, Site

MAX_ITEMS = 20
WIDTH = 600  # CSS pixels; what frames are made for, though they fit any width

# CSS pixels: the heading and the edge, a title of two lines with its date, a summary of three.
_HEAD, _ITEM, _SUMMARY = 70, 80, 66

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a feed is shown in a frame. ``auto`` follows the visitor's device."""

    items: int = 5
    summary: bool = False
    image: bool = False
    theme: Theme = "auto"


DEFAULT = Options()
# How one post is shown.
CARD = Options(items=1, summary=True, image=True)

_SWITCH = {"0": False, "1": True}
_ALLOWED: dict[str, dict[str, Any]] = {
    "items": {str(number): number for number in range(1, MAX_ITEMS + 1)},
    "summary": _SWITCH,
    "image": _SWITCH,
    "theme": {theme: theme for theme in THEMES},
}


def options(query: str) -> Options:
    """The options that a query string asks for.

    Of several values the first counts; what is no option is ignored, since sites add parameters of
    their own to every address. Raises ValueError, which names the parameter and what it may be.
    """
    given = parse_qs(query, keep_blank_values=True)
    wanted = {}
    for name, allowed in _ALLOWED.items():
        if name in given:
            try:
                wanted[name] = allowed[given[name][0]]
            except KeyError:
                raise ValueError(f"{name}: {', '.join(allowed)}") from None
    return Options(**wanted)


def canonical(options: Options) -> str:
    """The one query string for *options*, empty for the default ones; so caches stay small."""
    given = {field.name: getattr(options, field.name) for field in fields(Options)}
    return urlencode(
        {
            name: int(value) if isinstance(value, bool) else value
            for name, value in given.items()
            if value != getattr(DEFAULT, name)
        }
    )


def page(feed: Feed, options: Options = DEFAULT) -> str:
    """The page that shows *feed* in a frame of another site."""
    return pages.render(
        "embed.html",
        feed.site,
        title=feed.title,
        path=feed.path,
        heading=feed.title,
        heading_path=feed.path,
        posts=feed.posts[: options.items],
        options=options,
        query=canonical(options),
    )


def post(site: Site, post: Post) -> str:
    """The page that shows one post, which has a page, in a frame of another site."""
    return pages.render(
        "embed.html",
        site,
        title=post.title,
        path=post.path,
        heading=site.title,
        heading_path=addresses.page("home"),
        posts=(post,),
        options=CARD,
        query="",
    )


def refused(site: Site, fault: ValueError) -> str:
    """The page of a frame whose address has a value that cannot be, as ``options`` says."""
    return pages.render("embed_refused.html", site, fault=str(fault))


def height(options: Options) -> int:
    """About how many CSS pixels a frame needs; it can be scrolled if titles are long."""
    return _HEAD + options.items * (_ITEM + (_SUMMARY if options.summary else 0))


def fitting(high: int) -> Options:
    """The default options with as many posts as fit into *high* CSS pixels, but with one."""
    choices = [Options(items=items) for items in range(DEFAULT.items, 0, -1)]
    return next((options for options in choices if height(options) <= high), choices[-1])


def frame(src: str, title: str, width: int | str, height: int) -> str:
    """The HTML of a frame.

    ``frameborder`` is old, and the one way to say so that neither a strict Content-Security-Policy
    nor the filters of WordPress and others take away.
    """
    return (
        f'<iframe src="{escape(src)}" title="{escape(title)}" width="{width}" height="{height}" '
        'loading="lazy" frameborder="0"></iframe>'
    )


def script(feed: Feed) -> str:
    """The HTML that shows *feed* by script, with a link for visitors without."""
    url = feed.site.url
    page = escape(url + feed.path)
    return (
        f'<script src="{escape(url + addresses.SCRIPTS[-1])}" integrity="{integrity()}" '
        'crossorigin="anonymous" async></script>\n'
        f'<feed-embed src="{page}feed.json" items="{DEFAULT.items}">'
        f'<a href="{page}">{escape(feed.title)}</a></feed-embed>'
    )


@cache
def integrity() -> str:
    """The hash of the script that browsers hold it against (W3C Subresource Integrity)."""
    body = resources.files("feeds").joinpath("static", addresses.SCRIPTS[-1][1:]).read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


def picker(feeds: Sequence[Feed]) -> str:
    """The page where an editor picks feed, number and look, and copies the code.

    It comes with the codes for the first feed, the blog's; its script changes them.
    """
    blog = feeds[0]
    url = blog.site.url
    return pages.render(
        "embed_picker.html",
        blog.site,
        feeds=feeds,
        options=DEFAULT,
        most=MAX_ITEMS,
        height=height(DEFAULT),
        frame=frame(url + addresses.embed(blog.path), blog.title, "100%", height(DEFAULT)),
        script=script(blog),
        link=url + blog.path,
    )
