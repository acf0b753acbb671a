"""What a subscriber of each feed sees when one state of a site takes the place of another. Pure.

The table ``KINDS`` says what kinds of change there are and what readers do with each;
docs/diff.md shows it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from feeds.rules.digest import plain_address
from feeds.rules.promise import alone

Level = Literal["warning", "info"]
# What tells a post that has another id.
Mark = Callable[["Shown"], object]

_TAG = re.compile("tag:[^:]+:(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What some readers do with a change: ``does`` is short, ``who`` and ``evidence`` say more.

    In evidence, T stands for what was tried in the reader itself, S for what its source says.
    """

    does: Literal["unread", "in place", "ignored", "kept", "followed", "error", "stopped"]
    who: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of change: what it ``means``, and what subscribers ``see`` of it.

    The latter is the rest of a sentence that begins with them.

    A warning disturbs subscribers, or loses them; an info is what publishing is for.
    """

    level: Level
    means: str
    see: str
    reactions: tuple[Reaction, ...]


_IN_PLACE = Reaction(
    does="in place",
    who="newsboat, elfeed, FreshRSS, Miniflux; what was read stays read",
    evidence=(
        "T. S: Miniflux `updateEntry` and newsboat `Cache::update_rssitem_unlocked` write title, "
        "text and link, elfeed `elfeed-entry-merge` also the date"
    ),
)
_UNREAD_BY_SETTING = Reaction(
    does="unread",
    who="FreshRSS, newsboat and RSS Guard, where their user asks for it",
    evidence=(
        "S: FreshRSS `mark_updated_article_unread`, newsboat `reset-unread-on-update`; "
        "martinrotter/rssguard#494"
    ),
)
_EDIT_IGNORED = Reaction(
    does="ignored",
    who="Thunderbird, Liferea, rss2email",
    evidence="T; lwindolf/liferea#1365",
)
_KEPT = Reaction(
    does="kept",
    who="all: what a reader has fetched it keeps, until it cleans up by its own rules",
    evidence="S: Miniflux `RefreshFeedEntries`; FreshRSS can mark as read what is gone",
)
_ERROR = Reaction(
    does="error",
    who="all; Thunderbird switches the feed off at the first",
    evidence="T",
)

# In the order in which changes are told.
KINDS: Mapping[str, Kind] = {
    "feed-lost": Kind(
        level="warning",
        means="The feed's address leads nowhere any more.",
        see="get errors",
        reactions=(_ERROR,),
    ),
    "site-moved": Kind(
        level="warning",
        means="The site has another address, and every feed with it.",
        see="stay behind, unless the old address redirects; nobody can tell from here",
        reactions=(
            Reaction(
                does="followed",
                who="all, where the old host answers 301",
                evidence="T",
            ),
            replace(_ERROR, who=f"{_ERROR.who}, where it does not"),
        ),
    ),
    "resurfaced": Kind(
        level="warning",
        means=(
            "An old post has another id; or it comes into a feed that did not show it, below what "
            "was news there."
        ),
        see="see an old post as unread",
        reactions=(
            Reaction(
                does="unread",
                who="six of the seven apps that were tried, when its id is another",
                evidence="T; people tell of it in FreshRSS/FreshRSS#3571, miniflux/v2#843",
            ),
            Reaction(
                does="unread",
                who="all that never had it, or have forgotten it since, when it comes in",
                evidence=(
                    "S: an id that a feed has not is created as unread, Miniflux `createEntry`, "
                    "and forgotten once it has left the feed, `cleanupEntries`; miniflux/v2#1510"
                ),
            ),
        ),
    ),
    "feed-gone": Kind(
        level="info",
        means="The feed was withdrawn: its address answers 410.",
        see="get 410, which ends the subscription in some readers",
        reactions=(
            Reaction(does="stopped", who="Liferea", evidence="S"),
            Reaction(does="error", who="others, Thunderbird among them", evidence="T"),
        ),
    ),
    "feed-moved": Kind(
        level="info",
        means="The feed's old address leads to a living feed.",
        see="are led on",
        reactions=(
            Reaction(
                does="followed",
                who="all; FreshRSS and Liferea store the new address, Java clients not for a 308",
                evidence="T, S",
            ),
        ),
    ),
    "new": Kind(
        level="info",
        means="A post that was not there before, or that is newer than all the feed had.",
        see="see a new post",
        reactions=(Reaction(does="unread", who="all", evidence="T"),),
    ),
    "edited": Kind(
        level="info",
        means="A post says that it changed: `updated` is newer.",
        see="see the edit, where readers show edits",
        reactions=(_IN_PLACE, _UNREAD_BY_SETTING, _EDIT_IGNORED),
    ),
    "silent": Kind(
        level="info",
        means="A post changed in title, text or date, and `updated` did not.",
        see="may never see the edit",
        reactions=(
            replace(_IN_PLACE, who=f"{_IN_PLACE.who}; none of them asks for `updated`"),
            _UNREAD_BY_SETTING,
            replace(
                _EDIT_IGNORED,
                who=(
                    f"{_EDIT_IGNORED.who}; the library reader goes by `updated` and takes 24 such "
                    "edits of a post"
                ),
                evidence=f"{_EDIT_IGNORED.evidence}; S: reader `should_update_entry`",
            ),
        ),
    ),
    "moved": Kind(
        level="info",
        means="A post has another address and the same id.",
        see="open it at the new address; some at the old one, which must lead on",
        reactions=(
            _IN_PLACE,
            Reaction(
                does="unread",
                who="Zotero, which marks a post whose link changed",
                evidence="zotero/zotero#2213",
            ),
            replace(_EDIT_IGNORED, who=f"{_EDIT_IGNORED.who}: these keep the old link"),
        ),
    ),
    "reordered": Kind(
        level="info",
        means="Posts that were there stand in another order.",
        see="see no difference, where posts are sorted by date",
        reactions=(
            Reaction(
                does="ignored",
                who="Miniflux and newsboat, which keep the date that they saw first",
                evidence="S: `updateEntry` and `update_rssitem_unlocked` leave the date alone",
            ),
            Reaction(
                does="in place",
                who="elfeed, which sorts by the date as it is now",
                evidence="S: `elfeed-entry-merge`, `elfeed-db-compare`",
            ),
        ),
    ),
    "aged": Kind(
        level="info",
        means="Newer posts took the place of an old one, which is in the archives.",
        see="keep it if they have it",
        reactions=(_KEPT,),
    ),
    "left": Kind(
        level="info",
        means="A post left this feed and is in others: it lost the tag or the author.",
        see="keep it if they have it",
        reactions=(_KEPT,),
    ),
    "withdrawn": Kind(
        level="info",
        means="A post is in no feed of the site any more.",
        see="keep it if they have it; its link must not lead to an error",
        reactions=(_KEPT,),
    ),
    "added": Kind(
        level="info",
        means="A feed that was not there before.",
        see="can subscribe from now on",
        reactions=(Reaction(does="ignored", who="all: nobody polls it yet", evidence="–"),),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A post as a feed shows it: ``id`` is never empty, ``text`` a digest of what it says.

    ``url`` is the address that readers open, empty if there is none.
    """

    id: str
    title: str
    url: str
    published: datetime | None
    updated: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a feed shows, in its order.

    ``documents`` are the paths that people subscribe to. ``older`` are the posts in its archives;
    None if nobody can tell which these are.
    """

    title: str
    documents: tuple[str, ...]
    posts: tuple[Shown, ...]
    older: tuple[Shown, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The feeds of a site, as its documents said them.

    ``url`` is where the site says that it lives, without a slash at the end; empty if it does not
    say. ``feeds`` are by the path of their page, or of their document where that is not one of a
    page's. ``leads`` says of paths of documents that are not there where they lead: to a path, to
    an address elsewhere, or None for what is gone for good.
    """

    name: str
    url: str
    feeds: Mapping[str, Window]
    leads: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed for the subscribers of ``feeds``: paths, as they were when people subscribed.

    ``kind`` is in ``KINDS``. ``id``, ``title`` and ``url`` are those of the post, empty where the
    change is of a whole feed; then ``title`` is that of the feed, if there is one feed only.
    ``detail`` says more in our own words, and may end with ``other``, an id or an address.
    """

    kind: str
    feeds: tuple[str, ...] = ()
    id: str = ""
    title: str = ""
    url: str = ""
    detail: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All changes between two snapshots, by their names; those of the blog's feed come first.

    What is the same in several feeds is one change. ``feeds`` is how many there are, or were.
    """

    old: str
    new: str
    feeds: int
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind, in the order of ``KINDS``."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS}

    def affected(self) -> int:
        """How many feeds have a change."""
        return len({path for change in self.changes for path in change.feeds})


def compare(old: Snapshot, new: Snapshot) -> Diff:
    """What subscribers see when *new* takes the place of *old*."""
    found: dict[Change, list[str]] = {}
    for path, change in _Comparison(old, new).changes():
        found.setdefault(change, []).append(path)
    order = list(KINDS)
    changes = [replace(change, feeds=tuple(paths)) for change, paths in found.items()]
    changes.sort(key=lambda change: (_first(change.feeds[0]), order.index(change.kind)))
    return Diff(
        old=old.name, new=new.name, feeds=len({*old.feeds, *new.feeds}), changes=tuple(changes)
    )


def _first(path: str) -> tuple[bool, str]:
    """Paths in order: the blog's own feed before all others."""
    return path != "/", path


class _Comparison:
    """Two snapshots, and what is known of both together."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new

    @cached_property
    def was(self) -> dict[str, Shown]:
        """All posts that the old site showed, archives included, by id."""
        return _by_id(_everything(self.old))

    @cached_property
    def now(self) -> dict[str, Shown]:
        """All posts that the new site shows, likewise."""
        return _by_id(_everything(self.new))

    @cached_property
    def successors(self) -> dict[str, str]:
        """By old id, the new one of posts that have another now.

        They are told by the id without the authority, by the text, by the address or where that
        leads, and by the time, but only where nothing is said of the old address: two posts of one
        day are no rarity.
        """
        lost = [post for key, post in self.was.items() if key not in self.now]
        fresh = [post for key, post in self.now.items() if key not in self.was]
        marks: tuple[tuple[Mark, Mark], ...] = (
            (_name, _name),
            (_said, _said),
            (self._led, lambda post: _place(self.new, post)),
            (lambda post: None if self._lead(post) else post.published, _moment),
        )
        found: dict[str, str] = {}
        for of_old, of_new in marks:
            before, after = alone(of_old, lost), alone(of_new, fresh)
            for key in before.keys() & after.keys():
                found[before[key].id] = after[key].id
            taken = set(found.values())
            lost = [post for post in lost if post.id not in found]
            fresh = [post for post in fresh if post.id not in taken]
        return found

    def _lead(self, post: Shown) -> tuple[str | None, ...]:
        """Where the old address of a post leads, if anything is said of it."""
        path = f"/{_place(self.old, post)}"
        return (self.new.leads[path],) if path in self.new.leads else ()

    def _led(self, post: Shown) -> str:
        lead = self._lead(post)
        return (lead[0] or "").removeprefix("/") if lead else _place(self.old, post)

    @cached_property
    def former(self) -> dict[str, str]:
        """By new id, the old one of these."""
        return {new: old for old, new in self.successors.items()}

    def changes(self) -> Iterator[tuple[str, Change]]:
        """Each change of each feed, with the path of the feed."""
        old, new = self.old, self.new
        site_moved = old.url and new.url and old.url != new.url
        targets = set()
        for path in sorted(old.feeds, key=_first):
            target = path
            if path not in new.feeds:
                change, target = self._fate(path)
                yield path, change
            elif site_moved:
                yield path, Change(kind="site-moved", detail="is from now on at", other=new.url)
            targets.add(target)
            if target in new.feeds:
                for change in self._of_feed(path, new.feeds[target]):
                    yield path, change
        for path in sorted(new.feeds.keys() - old.feeds.keys() - targets, key=_first):
            yield path, Change(kind="added", title=new.feeds[path].title)

    def _fate(self, path: str) -> tuple[Change, str]:
        """What became of a feed that is not there; which its subscribers see now, or empty."""
        was = self.old.feeds[path]
        ends = {document: self._end(document) for document in was.documents}
        lost = [document for document, end in ends.items() if end == ""]
        moved = [end for end in ends.values() if end]
        if lost:
            change = Change(kind="feed-lost", title=was.title)
            if len(lost) < len(ends):
                detail = f"at {len(lost)} of its {len(ends)} addresses, such as"
                change = replace(change, detail=detail, other=lost[0])
            return change, ""
        if moved:
            change = Change(kind="feed-moved", title=was.title, detail="leads to", other=moved[0])
            return change, moved[0]
        return Change(kind="feed-gone", title=was.title), ""

    def _end(self, document: str) -> str | None:
        """The feed, or the address elsewhere, that a document's path ends at.

        None if it is gone; empty if it leads to nothing that a reader can use.
        """
        seen = set()
        while document not in seen:
            seen.add(document)
            page = document.removesuffix(document.rpartition("/")[2])
            for feed in (page, document):
                if feed in self.new.feeds and document in self.new.feeds[feed].documents:
                    return feed
            target = self.new.leads.get(document, "")
            if target is None or "://" in target:
                return target
            document = target
        return ""

    def _of_feed(self, path: str, now: Window) -> Iterator[Change]:
        """What those who subscribed to *path* see, if *now* is what they get."""
        was = self.old.feeds[path]
        had, has = _by_id(was.posts), _by_id(now.posts)
        for post in has.values():
            if before := had.get(post.id):
                yield from self._same(before, post)
            elif (other := self.former.get(post.id)) in had:
                yield _of(post, "resurfaced", "has another id; it was", other or "")
            elif self._is_old(post, was):
                yield _of(post, "resurfaced", "is no newer than what this feed showed")
            else:
                yield _of(post, "new")
        kept = [key for key in has if key in had]
        entered = [key for key in has if key not in had]
        order = list(has)
        # Something came in above a post that stayed: it may have pushed others out below.
        pushed = entered and (not kept or order.index(entered[0]) < order.index(kept[-1]))
        archived = _by_id(now.older or ())
        tail = True
        for post in reversed(had.values()):
            key = self.successors.get(post.id, post.id)
            if key in has:
                tail = False
            elif key in archived or (now.older is None and pushed and tail):
                yield _of(post, "aged")
            elif key in self.now:
                yield _of(post, "left")
            else:
                yield _of(post, "withdrawn")
        if kept != [key for key in had if key in has]:
            yield Change(kind="reordered")

    def _is_old(self, post: Shown, was: Window) -> bool:
        """Whether a post that came into a feed is no news: it was published, below what was there.

        Archives that nobody looked into are taken to hold what is older than their feed.
        """
        published = post.published
        if published is None:
            return False
        home = self.old.feeds.get("/", was)
        known = self.former.get(post.id, post.id) in self.was or any(
            window.older is None and all(published < date for date in _dates(window.posts))
            for window in (was, home)
        )
        return known and any(published <= date for date in _dates(was.posts))

    def _same(self, before: Shown, after: Shown) -> Iterator[Change]:
        """What became of a post that a feed shows under the same id as before."""
        differ = [
            name for name in ("title", "text") if getattr(before, name) != getattr(after, name)
        ]
        if before.published and after.published and before.published != after.published:
            differ.append("date")
        if _newer(before, after):
            yield _of(after, "edited", ", ".join(differ))
        elif differ:
            yield _of(after, "silent", ", ".join(differ))
        places = _place(self.old, before), _place(self.new, after)
        if all(places) and places[0] != places[1]:
            yield _of(after, "moved", "was at", before.url)


def _of(post: Shown, kind: str, detail: str = "", other: str = "") -> Change:
    return Change(
        kind=kind,
        id=post.id,
        title=post.title,
        url=post.url,
        detail=detail,
        other=other,
    )


def _by_id(posts: Iterable[Shown]) -> dict[str, Shown]:
    return {post.id: post for post in posts}


def _everything(snapshot: Snapshot) -> Iterator[Shown]:
    for window in snapshot.feeds.values():
        yield from window.older or ()
        yield from window.posts


def _name(post: Shown) -> str:
    """What a tag URI names, whoever is its authority (RFC 4151, section 2.1)."""
    match = _TAG.fullmatch(post.id)
    return match[1] if match else ""


def _said(post: Shown) -> object:
    return post.title, post.text


def _moment(post: Shown) -> object:
    return post.published


def _place(snapshot: Snapshot, post: Shown) -> str:
    """The address of a post, as it is on every host that the site may lie on."""
    return plain_address(post.url).removeprefix(plain_address(f"{snapshot.url}/"))


def _dates(posts: Iterable[Shown]) -> list[datetime]:
    return [post.published for post in posts if post.published]


def _newer(before: Shown, after: Shown) -> bool:
    """Whether a post says that it changed; by its publication, where only one of them says when."""
    one, other = before.updated, after.updated
    if not one or not other:
        one, other = before.published, after.published
    return bool(one and other and other > one)
