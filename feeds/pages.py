"""HTML pages, so that every link in every feed leads somewhere."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from types import ModuleType

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feeds import addresses, words
from feeds.model import Feed, Post, Site


def feed(feed: Feed, feeds: Sequence[Feed], formats: Sequence[ModuleType]) -> str:
    """The page of a feed: what it is, its addresses, its posts, and from the blog's the others."""
    return _render("feed.html", feed.site, feed=feed, feeds=feeds, formats=formats)


def post(site: Site, post: Post, formats: Sequence[ModuleType]) -> str:
    """The page of a post."""
    content = Markup(post.content)  # noqa: S704 - sanitized by markup.render
    return _render("post.html", site, post=post, content=content, formats=formats)


def redirect(site: Site, target: str) -> str:
    """A page that leads on to *target*, a path of the site or a url."""
    url = target if "://" in target else site.url + target
    return _render("redirect.html", site, url=url)


def error(site: Site, status: int, near: Sequence[str]) -> str:
    """The page of an HTTP error, which offers the pages at the paths *near* and the home page."""
    return _render("error.html", site, status=status, near=near)


def _render(template: str, site: Site, **values: object) -> str:
    def date(moment: datetime) -> str:
        return format_date(moment.astimezone(site.timezone), "long", locale=_locale(site.language))

    return (
        _environment()
        .get_template(template)
        .render(
            site=site,
            words=words.of(site.language),
            root=site.root,
            page=addresses.page,
            date=date,
            **values,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feeds"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _locale(language: str) -> Locale:
    """How *language* writes dates; as English does, where that is not known."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
