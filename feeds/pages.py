"""HTML pages: readable without script, and each names the feeds that belong to it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache, partial
from traceback import walk_tb
from types import ModuleType
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import (
    ChoiceLoader,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from feeds import addresses, words
from feeds.model import Feed, Finding, Post, Site, Template

# Readers on the web, and where each is told of a feed, by the addresses that they give out
# themselves; the feed's own stands at the end.
READERS = {
    "Feedly": "https://feedly.com/i/subscription/feed%2F",
    "Inoreader": "https://www.inoreader.com/?add_feed=",
    "NewsBlur": "https://www.newsblur.com/?url=",
    "The Old Reader": "https://theoldreader.com/feeds/subscribe?url=",
}


class TemplateError(Exception):
    """A template of the site's own cannot be used; ``finding`` says where and why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def feed(feed: Feed, feeds: Sequence[Feed], formats: Sequence[ModuleType]) -> str:
    """The page of a feed: its posts, how to follow it, and from the blog's the other *feeds*."""
    return render("feed.html", feed.site, feed=feed, feeds=feeds, formats=formats)


def post(site: Site, post: Post, feeds: Mapping[str, Feed], formats: Sequence[ModuleType]) -> str:
    """The page of a post. *feeds* are the site's, by path."""
    tags = [feeds[addresses.page("tag", tag.slug)] for tag in post.tags]
    paths = [addresses.page("author", person.slug) for person in post.authors]
    return render(
        "post.html",
        site,
        post=post,
        content=Markup(post.content),  # noqa: S704 - sanitized by markup.render
        feed=feeds[addresses.page("home")],
        tags=tags,
        authors=[
            (person, path if path in feeds else None)
            for person, path in zip(post.authors, paths, strict=True)
        ],
        formats=formats,
        about=_about(site, post),
    )


def follow(site: Site, feeds: Sequence[Feed], formats: Sequence[ModuleType]) -> str:
    """The page of all feeds; the blog's comes first."""
    return render("follow.html", site, feed=feeds[0], feeds=feeds, formats=formats)


def search(site: Site, query: str, found: Feed | None, formats: Sequence[ModuleType]) -> str:
    """The page where one searches, or with what was *found*, as a feed, the page of that."""
    return render("search.html", site, query=query, feed=found, formats=formats)


def redirect(site: Site, target: str) -> str:
    """A page that leads on to *target*, a path of the site or a url."""
    url = target if "://" in target else site.url + target
    return render("redirect.html", site, url=url)


def error(site: Site, status: int, near: Sequence[str]) -> str:
    """The page of an HTTP error, which offers the pages at the paths *near* and the home page."""
    return render("error.html", site, status=status, near=near)


def date(site: Site, moment: datetime, form: str = "long") -> str:
    """The day of a moment on the site's clock, as its language writes it."""
    return format_date(moment.astimezone(site.timezone), form, locale=_locale(site.language))


def render(template: str, site: Site, **values: object) -> str:
    """A page of *site* made by a template, which gets *values* and what every page needs.

    Raises TemplateError where a template of the site's own is at fault.
    """
    with _faults(site):
        return (
            _environment(site.templates)
            .get_template(template)
            .render(
                site=site,
                words=words.of(site.language),
                direction=_locale(site.language).text_direction,
                root=site.root,
                page=addresses.page,
                addresses=addresses,
                date=partial(date, site),
                readers=_readers,
                **values,
            )
        )


def check(site: Site, template: str) -> None:
    """Raise TemplateError if a template of the site's own cannot be understood."""
    with _faults(site):
        _environment(site.templates).get_template(template)


def _about(site: Site, post: Post) -> dict[str, Any]:
    """A post for search engines (https://schema.org/BlogPosting)."""
    about = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.summary,
        "url": post.link,
        "mainEntityOfPage": post.link,
        "datePublished": post.published.isoformat(),
        "dateModified": (post.updated or post.published).isoformat(),
        "inLanguage": post.language or site.language,
        "author": [
            {"@type": "Person", "name": person.name} | ({"url": person.url} if person.url else {})
            for person in post.authors
        ],
        "image": post.image and post.image.url,
        "keywords": [tag.name for tag in post.tags],
        "isPartOf": {"@type": "Blog", "name": site.title, "url": f"{site.url}/"},
    }
    return {name: value for name, value in about.items() if value}


def _readers(address: str) -> dict[str, str]:
    """Where each reader is told of the feed at *address*."""
    return {name: start + quote(address, safe="") for name, start in READERS.items()}


@lru_cache(maxsize=4)  # A site has one; while its templates change there are two.
def _environment(templates: tuple[Template, ...]) -> ImmutableSandboxedEnvironment:
    own = {template.name: (template.text, template.source, None) for template in templates}
    package = PackageLoader("feeds")
    # A site may come from a stranger, as a pull request does: no template reaches Python.
    environment = ImmutableSandboxedEnvironment(
        # What a template takes the place of, it can extend: {% extends "feeds/base.html" %}.
        loader=ChoiceLoader([FunctionLoader(own.get), package, PrefixLoader({"feeds": package})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["json.dumps_function"] = partial(json.dumps, ensure_ascii=False)
    environment.policies["json.dumps_kwargs"] = {}
    return environment


@contextmanager
def _faults(site: Site) -> Iterator[None]:
    try:
        yield
    except Exception as wrong:
        if site.templates:
            raise TemplateError(_finding(site.templates, wrong)) from wrong
        raise


def _finding(templates: Sequence[Template], wrong: Exception) -> Finding:
    """What is *wrong* with the making of a page, at the line of the site's own template."""
    own = {template.source: template.name for template in templates}
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(wrong.__traceback__)]
    if isinstance(wrong, TemplateSyntaxError):
        frames.append((wrong.filename or "", wrong.lineno))
    places = [place for place in frames if place[0] in own]
    # What one of ours misses in one of theirs has no line there.
    source, line = places[-1] if places else (templates[0].source, 0)
    if isinstance(wrong, RecursionError):
        message = f"never ends: what it takes the place of is called feeds/{own[source]}"
    else:
        message = str(wrong) or type(wrong).__name__
    return Finding(path=source, line=line, column=1 if line else 0, message=message)


@cache
def _locale(language: str) -> Locale:
    """How *language* writes dates; as English does, where that is not known."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
