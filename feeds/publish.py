"""The funnel: a site at a moment becomes documents, each rendered when it is first asked for.

The command line and the web app share this and nothing else, so that both give the same bytes at
the same address.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from itertools import chain
from pathlib import PurePosixPath
from types import ModuleType
from urllib.parse import quote

from feeds import addresses, atom, catalog, embed, jsonfeed, load, opensearch, opml, pages, rss
from feeds.model import Document, Feed, Post, Site

FORMATS = (rss, atom, jsonfeed)

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
}
_END = datetime.max.replace(tzinfo=UTC)


class Documents(Mapping[str, Document]):
    """The documents of a site, by path, and the posts and feeds they show.

    Nothing is kept: each look-up renders.
    """

    def __init__(
        self, posts: list[Post], feeds: list[Feed], makers: dict[str, Callable[[], Document]]
    ) -> None:
        self.posts = posts
        self.feeds = feeds
        self.makers = makers

    def __getitem__(self, path: str) -> Document:
        return self.makers[path]()

    def __contains__(self, path: object) -> bool:
        return path in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def documents(site: Site, now: datetime) -> Documents:
    """All documents of *site* at *now* (aware). Pages come before the feeds that link to them.

    Raises LoadError if a template of the site's own cannot make one of its pages.
    """
    if site.templates:
        _try_pages(site)
    return _documents(site, now)


def _documents(site: Site, now: datetime) -> Documents:
    posts = catalog.published(site, now)
    wholes = catalog.selections(site, posts)
    feeds = [catalog.subscribed(whole) for whole in wholes]
    by_path = {feed.path: feed for feed in feeds}
    makers: dict[str, Callable[[], Document]] = {}
    for path in (*addresses.STATIC, *addresses.EMBEDDED, addresses.SCRIPT, *addresses.SCRIPTS):
        makers[path] = partial(_static, path, _TYPES[PurePosixPath(path).suffix])
    for post in posts:
        if post.path:
            render = partial(pages.post, site, post, by_path, FORMATS)
            makers[post.path] = partial(page, post.path, render)
    makers[addresses.FOLLOW] = partial(
        page, addresses.FOLLOW, partial(pages.follow, site, feeds, FORMATS)
    )
    makers[addresses.SEARCH] = partial(
        page, addresses.SEARCH, partial(pages.search, site, "", None, FORMATS)
    )
    # Archives first: what names a document comes after it.
    everything = [*chain.from_iterable(map(catalog.archives, wholes)), *feeds]
    for shown in everything:
        makers[shown.path] = partial(page, shown.path, partial(pages.feed, shown, feeds, FORMATS))
    for shown in everything:
        for form in FORMATS:
            makers[shown.path + form.FILE] = partial(feed, form, shown)
    makers[addresses.OPML] = partial(_opml, feeds)
    makers[addresses.OPENSEARCH] = partial(_opensearch, site, posts)
    for shown in feeds:
        makers[addresses.embed(shown.path)] = partial(embedded, shown)
    for post in posts:
        if post.path:
            makers[addresses.embed(post.path)] = partial(_embedded_post, site, post, post.path)
    makers[addresses.EMBED_NEW] = partial(page, addresses.EMBED_NEW, partial(embed.picker, feeds))
    return Documents(posts, feeds, makers)


def _try_pages(site: Site) -> None:
    """Make every page that there will ever be, with the posts ahead: none may fail when asked for.

    Feeds are made without templates.
    """
    made = _documents(site, _END)
    files = {form.FILE for form in FORMATS}
    makers: list[Callable[[], object]] = [
        *(partial(pages.check, site, template.name) for template in site.templates),
        *(make for path, make in made.makers.items() if path.rpartition("/")[2] not in files),
        *(partial(pages.error, site, status, ["/"]) for status in (404, 405, 410)),
        partial(pages.redirect, site, "/"),
        partial(pages.search, site, "?", made.feeds[0], FORMATS),
        partial(embed.refused, site, ValueError()),
        # What is made when it is asked for: results, combinations, frames of every kind.
        partial(pages.search, site, "?", catalog.newest(site, addresses.SEARCH, "?", ()), FORMATS),
        partial(pages.feed, catalog.newest(site, "/tags/a+b/", "?", made.posts), (), FORMATS),
        *(
            partial(
                embedded, made.feeds[0], embed.Options(summary=summary, image=image, theme=theme)
            )
            for summary, image in ((False, True), (True, False), (True, True))
            for theme in embed.THEMES
        ),
    ]
    findings = []
    for make in makers:
        try:
            make()
        except pages.TemplateError as error:
            findings.append(error.finding)
    if findings:
        raise load.LoadError(list(dict.fromkeys(findings)))


def for_static_host(site: Site, documents: Documents) -> Documents:
    """*documents*, and what stands in for the app's redirects in a built folder.

    That is a page that leads on, for each old path that a static host can serve as a page, and
    ``/_redirects`` for the hosts that read it (Netlify, Cloudflare Pages).
    """
    makers: dict[str, Callable[[], Document]] = {}
    for old, target in site.redirects.items():
        if "." not in old.rpartition("/")[2]:
            path = old.rstrip("/") + "/"
            makers[path] = partial(page, path, partial(pages.redirect, site, target))
    makers["/_redirects"] = partial(_redirects, site)
    return Documents(documents.posts, documents.feeds, documents.makers | makers)


def _redirects(site: Site) -> Document:
    root = site.root
    lines = [
        f"{root}{quote(old)} {site.location(target)} 301" for old, target in site.redirects.items()
    ]
    # The first line that fits is taken, so what the config says comes before what is guessed.
    lines += [f"{root}/{name} {root}/{file} 301" for name, file in addresses.GUESSES.items()]
    body = "".join(f"{line}\n" for line in lines).encode()
    return Document(path="/_redirects", media_type="text/plain; charset=utf-8", body=body)


def _static(path: str, media_type: str) -> Document:
    newest = path == addresses.SCRIPT
    released = path in addresses.SCRIPTS
    name = addresses.SCRIPTS[-1] if newest else path
    body = resources.files("feeds").joinpath("static", name[1:]).read_bytes()
    return Document(
        path=path,
        media_type=media_type,
        body=body,
        shared=released or newest,
        immutable=released,
    )


def page(path: str, render: Callable[[], str]) -> Document:
    """An HTML page."""
    return Document(path=path, media_type="text/html; charset=utf-8", body=render().encode())


def embedded(feed: Feed, options: embed.Options = embed.DEFAULT) -> Document:
    """The page that shows a feed on other sites, with *options*."""
    query = embed.canonical(options)
    path = addresses.embed(feed.path) + (f"?{query}" if query else "")
    return replace(page(path, partial(embed.page, feed, options)), shared=True)


def _embedded_post(site: Site, post: Post, path: str) -> Document:
    made = page(addresses.embed(path), partial(embed.post, site, post))
    return replace(made, shared=True)


def _opml(feeds: list[Feed]) -> Document:
    media_type = f"{opml.MEDIA_TYPE}; charset=utf-8"
    body = opml.render(feeds, FORMATS[0].FILE)
    return Document(path=addresses.OPML, media_type=media_type, body=body)


def _opensearch(site: Site, posts: list[Post]) -> Document:
    media_type = f"{opensearch.MEDIA_TYPE}; charset=utf-8"
    body = opensearch.render(site, posts[0].title if posts else site.title)
    return Document(path=addresses.OPENSEARCH, media_type=media_type, body=body)


def feed(form: ModuleType, feed: Feed) -> Document:
    """A feed in one format."""
    # WebSub subscribers look here first (W3C WebSub, section 4).
    links = f'<{feed.url(form.FILE)}>; rel="self"'
    if feed.site.hub:
        links += f', <{feed.site.hub}>; rel="hub"'
    return Document(
        path=feed.path + form.FILE + feed.query,
        media_type=f"{form.MEDIA_TYPE}; charset=utf-8",
        body=form.render(feed),
        # Who opens a feed in a browser wants to know what to do with it.
        page=f"{feed.path}{feed.query}#follow",
        links=links,
    )
