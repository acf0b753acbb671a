"""Promises to subscribers: what was published and what is now, compared.

A post is known to readers by its id, a feed by its address. Whoever changes one of them, or takes
it away without a word, disturbs everybody who subscribed.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from feeds.rules import declared, rule

T = TypeVar("T")

RFC4151 = "https://www.rfc-editor.org/rfc/rfc4151#section-1.3"
ATOM_ID = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.6"
PUBLISHED = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.9"
GONE = "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.11"
MOVED = "https://www.rfc-editor.org/rfc/rfc9110#section-15.4.2"

_TAG = re.compile("tag:([^:]+):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised of a post: ``published`` is in UTC, ``text`` a digest of title and text.

    ``line`` is where it stands in the lock, from 1; 0 if it is not there yet.
    """

    published: datetime
    slug: str
    text: str
    line: int = field(default=0, compare=False)


@dataclass(slots=True, kw_only=True)
class Lock:
    """Promises by the posts' ids; by the paths of pages, the ids of what is there.

    ``lines`` says where each page stands in the lock.
    """

    posts: dict[str, Promise] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was promised (``old``), and what would be published (``now``).

    ``places`` says by id where what is published lives: its path, or an address elsewhere. ``led``
    are the paths that redirect by the config, and where to; those that are gone lead to nothing.
    ``files`` are the documents beside the page of each feed.
    """

    old: Lock
    now: Lock
    places: Mapping[str, str]
    led: Mapping[str, str]
    files: tuple[str, ...]

    @cached_property
    def authority(self) -> tuple[str, str] | None:
        """The old and the new authority, if it changed: the blog's own feed bears it too."""
        old, new = (_TAG.match(lock.pages.get("/", "")) for lock in (self.old, self.now))
        return (old[1], new[1]) if old and new and old[1] != new[1] else None

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """The ids that changed with the authority and in nothing else, and what they are now."""
        if self.authority is None:
            return {}
        old, new = (f"tag:{name}:" for name in self.authority)
        found = {}
        for key in (*self.old.posts, *self.old.pages.values()):
            other = new + key.removeprefix(old)
            living = key.startswith(old) and other in self.places and key not in self.places
            if living and other not in self.old.posts:
                found[key] = other
        return found

    @cached_property
    def lost(self) -> list[str]:
        """The ids of posts that are no more, in the order of the lock."""
        known = self.now.posts.keys() | self.moved
        return [key for key in self.old.posts if key not in known]

    @cached_property
    def twins(self) -> Mapping[str, str]:
        """The lost ids of posts that are there under a new one, and that.

        They are told by the text; by the address, or where it leads; and by the time, but only
        where the page went without a word: two posts of one day are no rarity.
        """
        lost = dict.fromkeys(self.lost)
        moved = set(self.moved.values())
        fresh = dict.fromkeys(self.now.posts.keys() - self.old.posts - moved)
        found: dict[str, str] = {}

        def pair(old: str, new: str) -> None:
            if old in lost and new in fresh:
                del lost[old], fresh[new]
                found[old] = new

        def pair_by(mark: Callable[[Promise], object], among: Container[str]) -> None:
            olds = alone(lambda key: mark(self.old.posts[key]), (k for k in lost if k in among))
            news = alone(lambda key: mark(self.now.posts[key]), fresh)
            for one, old in olds.items():
                if one in news:
                    pair(old, news[one])

        pair_by(lambda post: post.text, lost)
        for path, key in self.old.pages.items():
            pair(key, self.now.pages.get(path, ""))
        there = {place: key for key, place in self.places.items()}
        for path, key in self.old.pages.items():
            pair(key, there.get(self.led.get(path, ""), ""))
        pair_by(lambda post: post.published, self.unled)
        return found

    @cached_property
    def heirs(self) -> Mapping[str, str]:
        """The ids under which posts and feeds are no more, and those under which they are now."""
        return {**self.moved, **self.twins}

    @cached_property
    def before(self) -> Mapping[str, str]:
        """The same the other way round."""
        return {new: old for old, new in self.heirs.items()}

    @cached_property
    def unled(self) -> Mapping[str, list[str]]:
        """By id, the pages that were published and now lead nowhere."""
        found: dict[str, list[str]] = {}
        for path, key in self.old.pages.items():
            if path not in self.now.pages and path not in self.led:
                found.setdefault(key, []).append(path)
        return found


def alone(mark: Callable[[T], object], several: Iterable[T]) -> dict[object, T]:
    """Those of *several* by a mark that no other of them has; those without one left out."""
    found: dict[object, list[T]] = {}
    for one in several:
        if key := mark(one):
            found.setdefault(key, []).append(one)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


# What a rule yields: an id or a path that is at fault, and details.
Found = Iterator[tuple[str, dict[str, object]]]


@declared("L101", "error", "https://yaml.org/spec/1.1/")
def bad_lock() -> None:
    """The lock cannot be read here: {what}.

    Without it nobody can tell what subscribers were promised. Git has the last good one; after a
    merge keep the lines of both sides. ``feeds lock --accept`` keeps what can be read.
    """


@rule("L102", "error", RFC4151)
def authority_changed(change: Change) -> Found:
    """The authority was {old} and is {new}: every post would be shown again as new.

    Ids are made of it. Where the config states none, it is the host of ``url``, and changes with
    it. Write the old one into the config, as ``authority: {old}``; it need not be the address of
    the site, only a name that was yours.
    """
    if change.authority:
        old, new = change.authority
        yield "", {"old": old, "new": new}


@rule("L103", "error", ATOM_ID)
def id_changed(change: Change) -> Found:
    """The post had the id {old}, and readers will show it again as new: write `id: {old}`.

    Readers know a post by its id alone; six of seven that were tried show it twice. An id comes
    from the name of the file, so this happens when a file is renamed; with the field ``id`` the
    file may be called as it likes.
    """
    for old, new in change.twins.items():
        yield new, {"old": old}


@rule("L104", "error", GONE)
def post_vanished(change: Change) -> Found:
    """The post at {path} is no more: write that under `gone`, or where it went under `redirects`.

    Whoever follows a link to it sees an error, and cannot tell whether it was withdrawn or the site
    is broken. ``gone`` answers 410: readers and search engines forget it.
    """
    for key in change.lost:
        for path in change.unled.get(key, ()) if key not in change.twins else ():
            yield path, {"path": path}


@rule("L105", "error", PUBLISHED)
def publication_moved(change: Change) -> Found:
    """The post was published at {old}, and now says {new}.

    Readers that have it keep it as read. But a post that comes back into the feed after it was
    forgotten is shown again, and new subscribers see it at another place. Write the old date; what
    changed later is said by ``updated``.
    """
    for key, promise in change.old.posts.items():
        place = change.heirs.get(key, key)
        now = change.now.posts.get(place)
        if now is not None and now.published != promise.published:
            yield place, {"old": _said(promise.published), "new": _said(now.published)}


@rule("L106", "error", MOVED)
def page_moved(change: Change) -> Found:
    """What was at {path} is now at {new}: write `{path}: {new}` under `redirects`.

    Links that people saved, and readers that open the post, lead to an error.
    """
    for key, paths in change.unled.items():
        new = change.places.get(change.heirs.get(key, key))
        for path in paths if new else ():
            yield path, {"path": path, "new": new}


@rule("L107", "error", GONE)
def feed_vanished(change: Change) -> Found:
    """The feed at {path} is no more: write where it went under `redirects`, or `gone`.

    Its subscribers get an error at each poll, and Thunderbird switches the feed off at the first.
    They ask for the documents beside the page, which go where the page goes if that is a feed. A
    tag that was renamed leads to the new one; what has no successor is gone.
    """
    for path, key in change.old.pages.items():
        if path in change.now.pages or key in change.old.posts:
            continue
        lost = [path + file for file in change.files if path + file not in change.led]
        if path not in change.led:
            lost = [path]
        if lost:
            yield path, {"path": ", ".join(lost)}


@rule("L108", "error", ATOM_ID)
def address_reused(change: Change) -> Found:
    """The address {path} was that of {old}, and is now that of another.

    Links to the one lead to the other, and readers that go by the address take the two for one.
    Give the new post another ``slug``.
    """
    for path, key in change.old.pages.items():
        now = change.now.pages.get(path)
        post = key in change.old.posts or now in change.now.posts
        if post and now not in (None, key, change.heirs.get(key)):
            yield path, {"path": path, "old": key}


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
