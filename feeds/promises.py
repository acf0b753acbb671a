"""What was promised to subscribers held against what would be published now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from feeds import addresses, catalog, lock
from feeds.model import Finding, Site
from feeds.rules import Fault, Rule, checks
from feeds.rules.promise import Change, Lock, bad_lock
from feeds.trace import Tracer

# The rules about the config and about a post, and the field that each is about.
_FIELDS = {"authority-changed": "authority", "id-changed": "id", "publication-moved": "date"}


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that would not be kept.

    ``names`` are what to call it by, when it is to be accepted: a path, an id, a file. Then the
    lock has other ``ids`` and ``dates``, and forgets ``pages``, and ``posts`` that have no other.
    """

    finding: Finding
    names: frozenset[str] = frozenset()
    ids: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, datetime] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """The lock as it is, None if there is none; what would be published; what does not fit.

    ``heirs`` are the ids that something which was promised would have instead of its own.
    """

    old: Lock | None
    now: Lock
    broken: tuple[Broken, ...] = ()
    heirs: frozenset[str] = frozenset()

    @property
    def readable(self) -> bool:
        """Whether the lock could be read, so that it may be written."""
        return not any(one.finding.code == bad_lock.code for one in self.broken)

    @property
    def new(self) -> int:
        """How many posts and pages are not in the lock yet."""
        old, full = self.old or Lock(), self.accepted(())
        return len(full.posts) - len(old.posts) + len(full.pages) - len(old.pages)

    def accepted(self, names: Iterable[str] | None = None) -> Lock:
        """The lock to be written: with what is new, and without the *names*, or all, broken.

        What has an id in the place of its own is not new, until that is accepted.
        """
        wanted = None if names is None else set(names)
        ids: dict[str, str] = {}
        dates: dict[str, datetime] = {}
        pages: set[str] = set()
        posts: set[str] = set()
        for one in self.broken:
            if wanted is None or wanted & one.names:
                ids |= one.ids
                dates |= one.dates
                pages |= one.pages
                posts |= one.posts
        kept = lock.without(lock.redated(self.old or Lock(), dates), pages, posts)
        return lock.added(lock.renamed(kept, ids), self.now, self.heirs.difference(ids.values()))


def state(site: Site, config: Path, now: datetime) -> State:
    """How things stand at *now* with the promises in ``feeds.lock`` beside *config*."""
    file = config.parent / lock.NAME
    posts = catalog.published(site, now)
    feeds = catalog.feeds(site, posts)
    current = lock.of(posts, feeds)
    old, faults = lock.read(file)
    if old is None:
        return State(None, current)
    change = Change(
        old=old,
        now=current,
        places={p.id: p.path or p.link for p in posts} | {feed.id: feed.path for feed in feeds},
        led={path: to for old, to in _led(site) for path in addresses.spellings(old)},
        files=addresses.FEEDS,
    )
    heirs = frozenset(change.heirs.values())
    if faults:
        return State(old, current, tuple(Broken(_of_lock(fault)) for fault in faults), heirs)
    tracer = Tracer(site, config)
    broken = [
        _broken(change, rule, place, details, tracer, file)
        for rule, check in checks("change")
        for place, details in check(change)
    ]
    broken.sort(key=lambda one: (one.finding.path, one.finding.line, one.finding.code))
    return State(old, current, tuple(broken), heirs)


def _led(site: Site) -> list[tuple[str, str]]:
    """The paths that the config says something of, and where they lead; nowhere if gone."""
    return [*dict.fromkeys(site.gone, "").items(), *site.redirects.items()]


def _broken(
    change: Change,
    rule: Rule,
    place: str,
    details: dict[str, object],
    tracer: Tracer,
    file: Path,
) -> Broken:
    about = _FIELDS.get(rule.name, "")
    if about:
        path, line, column = tracer.place(about, place or None)
    else:
        path, line, column = str(file), change.old.lines[place], 1
    # Not Rule.at, which cuts what is long: an id is to be copied from here.
    message = rule.message.format_map(details)
    fault = Fault(rule=rule, message=message, line=line, column=column, end_line=line, field=about)
    finding = fault.finding(path)
    before = change.before.get(place, place)
    if about == "authority":
        return Broken(finding, frozenset({about}), ids=change.moved)
    if about == "id":
        # A page that leads nowhere may be all that tells what the post was.
        names = {place, before, path, *change.unled.get(before, ())}
        return Broken(finding, frozenset(names), ids={before: place})
    if about == "date":
        dates = {before: change.now.posts[place].published}
        return Broken(finding, frozenset({place, before, path}), dates=dates)
    key = change.old.pages[place]
    lost = key not in change.now.posts and key not in change.heirs
    posts = frozenset({key}) if lost else frozenset[str]()
    return Broken(finding, frozenset({place}), pages=frozenset({place}), posts=posts)


def _of_lock(fault: Finding) -> Finding:
    message = bad_lock.message.format(what=fault.message)
    return Fault(
        rule=bad_lock,
        message=message,
        line=fault.line,
        column=fault.column,
        end_line=fault.line,
    ).finding(fault.path)
