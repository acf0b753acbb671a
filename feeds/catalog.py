"""Which feeds a site has at a moment, and which posts each shows. The clock is an argument."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from feeds import addresses, identity
from feeds.model import Feed, Person, Post, Site, Tag


def published(site: Site, now: datetime) -> list[Post]:
    """The posts that the public sees at *now*, newest first; ties in the order of their ids.

    Drafts and posts dated ahead are left out. A change dated ahead counts when it falls due, so
    that nothing in a feed ever lies in the future.
    """
    posts = [
        post if post.updated is None or post.updated <= now else replace(post, updated=None)
        for post in site.posts
        if not post.draft and post.published <= now
    ]
    posts.sort(key=lambda post: post.id)
    posts.sort(key=lambda post: post.published, reverse=True)
    return posts


def due(site: Site, now: datetime) -> datetime | None:
    """The next moment after *now* at which the public sees something else, if there is one."""
    moments = (
        moment
        for post in site.posts
        if not post.draft
        for moment in (post.published, post.updated)
        if moment is not None and moment > now
    )
    return min(moments, default=None)


def feeds(site: Site, posts: Iterable[Post]) -> list[Feed]:
    """The feeds of *posts* (newest first): the whole blog, each tag, and each author if several.

    The blog's feed comes first, then tags and authors in the order of their slugs. A tag or an
    author without a post has no feed.
    """
    posts = list(posts)
    tags: dict[str, Tag] = {}
    people: dict[str, Person] = {}
    by_tag: dict[str, list[Post]] = {}
    by_author: dict[str, list[Post]] = {}
    for post in posts:
        for tag in post.tags:
            tags[tag.slug] = tag
            by_tag.setdefault(tag.slug, []).append(post)
        for person in post.authors:
            people.setdefault(person.slug, person)
            by_author.setdefault(person.slug, []).append(post)

    whole = _feed(site, addresses.page("home"), site.title, site.subtitle, posts)
    selections = [whole]
    for slug in sorted(by_tag):
        tag = tags[slug]
        words = site.tags.get(slug)
        feed = _feed(
            site,
            addresses.page("tag", slug),
            (words and words.title) or f"{tag.name} – {site.title}",
            (words and words.description) or site.subtitle,
            by_tag[slug],
        )
        selections.append(replace(feed, tag=tag))
    for slug in sorted(by_author) if len(by_author) > 1 else ():
        person = people[slug]
        feed = _feed(
            site,
            addresses.page("author", slug),
            f"{person.name} – {site.title}",
            site.subtitle,
            by_author[slug],
        )
        selections.append(replace(feed, author=person))
    return selections


def _feed(site: Site, path: str, title: str, description: str, posts: list[Post]) -> Feed:
    shown = tuple(posts[: site.posts_per_feed])
    return Feed(
        site=site,
        id=identity.of_feed(site.authority, path),
        path=path,
        title=title,
        description=description,
        # Never the time of the build: that would make every feed new with every build.
        updated=max((post.updated or post.published for post in shown), default=site.since),
        posts=shown,
        total=len(posts),
    )
