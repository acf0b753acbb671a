"""Which feeds a site has at a moment, and which posts each shows. The clock is an argument."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from feeds import addresses, identity, words
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
    return [subscribed(whole) for whole in selections(site, posts)]


def archives(whole: Feed) -> Iterator[Feed]:
    """The archives of a feed that is given with all its posts (RFC 5005, section 4), oldest first.

    After those that a feed leads back to comes one more, the latest, which fills up: what the last
    full one names as the next must be there, and must not change its bytes when it is full.
    """
    site, size = whole.site, whole.site.posts_per_feed
    oldest = whole.posts[::-1]
    numbers = addresses.archive_numbers(whole.total, size)
    for number in numbers:
        within = oldest[(number - 1) * size : number * size][::-1]
        path = addresses.archive(whole.path, number)
        yield replace(
            whole,
            id=identity.of_feed(site.authority, path),
            path=path,
            title=f"{whole.title} – {words.of(site.language)['archive']} {number}",
            updated=_updated(within, site),
            posts=within,
            current=whole.path,
            older=addresses.archive(whole.path, number - 1) if number > 1 else None,
            newer=addresses.archive(whole.path, number + 1) if number < len(numbers) else None,
        )


def newest(site: Site, path: str, title: str, posts: Sequence[Post], query: str = "") -> Feed:
    """A feed of the newest of *posts* (newest first) for which there are no archives."""
    shown = posts[: site.posts_per_feed]
    return replace(
        _feed(site, path, title, site.subtitle, shown),
        id=identity.of_feed(site.authority, path + query),
        updated=_updated(shown, site),
        total=len(posts),
        query=query,
    )


def selections(site: Site, posts: Iterable[Post]) -> list[Feed]:
    """The same, each with all its posts."""
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

    wholes = [_feed(site, addresses.page("home"), site.title, site.subtitle, posts)]
    for slug in sorted(by_tag):
        tag = tags[slug]
        texts = site.tags.get(slug)
        feed = _feed(
            site,
            addresses.page("tag", slug),
            (texts and texts.title) or f"{tag.name} – {site.title}",
            (texts and texts.description) or site.subtitle,
            by_tag[slug],
        )
        wholes.append(replace(feed, tag=tag))
    for slug in sorted(by_author) if len(by_author) > 1 else ():
        person = people[slug]
        feed = _feed(
            site,
            addresses.page("author", slug),
            f"{person.name} – {site.title}",
            site.subtitle,
            by_author[slug],
        )
        wholes.append(replace(feed, author=person))
    return wholes


def _feed(site: Site, path: str, title: str, description: str, posts: Sequence[Post]) -> Feed:
    return Feed(
        site=site,
        id=identity.of_feed(site.authority, path),
        path=path,
        title=title,
        description=description,
        updated=site.since,
        posts=tuple(posts),
        total=len(posts),
    )


def subscribed(whole: Feed) -> Feed:
    """The feed that people subscribe to, of one with all its posts: what is in no archive."""
    site = whole.site
    number = addresses.archives(whole.total, site.posts_per_feed)
    shown = whole.posts[: whole.total - number * site.posts_per_feed]
    return replace(
        whole,
        updated=_updated(shown, site),
        posts=shown,
        older=addresses.archive(whole.path, number) if number else None,
    )


def _updated(posts: Iterable[Post], site: Site) -> datetime:
    # Never the time of the build: that would make every feed new with every build.
    return max((post.updated or post.published for post in posts), default=site.since)
