"""What shows in the meaning of a feed, whatever its format, and in documents side by side.

A rule about one ``digest`` yields the entry or link at fault, None for the whole document, and what
its message tells; a rule about all ``digests`` yields the document at fault before these.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import PurePath
from typing import Literal
from urllib.parse import quote

from feeds.rules import Fault, Rule, checks, rule
from feeds.rules.digest import FEEDS, KEPT, Digest, Entry, Link, join, plain, plain_address

RFC4287 = "https://www.rfc-editor.org/rfc/rfc4287#section-"
RFC5005 = "https://www.rfc-editor.org/rfc/rfc5005#section-4"
PROFILE = "https://www.rssboard.org/rss-profile#element-channel-"

MAX_SIZE = 1024 * 1024
_DAY = timedelta(days=1)

Place = Entry | Link | None
Found = Iterator[tuple[Place, Mapping[str, object]]]
FoundIn = Iterator[tuple[Digest, Place, Mapping[str, object]]]


def judge_one(digest: Digest) -> list[Fault]:
    """What is wrong with the meaning of one document."""
    return [
        _fault(made, place, details)
        for made, check in checks("digest")
        for place, details in check(digest)
    ]


def judge_all(digests: Sequence[Digest], whole: bool = True) -> list[tuple[Digest, Fault]]:
    """What is wrong with documents taken together, and with which.

    *whole* says that they are all that there is of a site, so that what is not among them does not
    exist.
    """
    together = Together(digests, whole)
    return [
        (digest, _fault(made, place, details))
        for made, check in checks("digests")
        for digest, place, details in check(together)
    ]


def _fault(made: Rule, place: Place, details: Mapping[str, object]) -> Fault:
    if place is None:
        return made.at(0, 0, 0, **details)
    if isinstance(place, Entry):
        details = {"entry": place.id, **details}
    return made.at(place.line, place.column, place.end_line, field=place.field, **details)


# -- One document --------------------------------------------------------------------------------


@rule("C101", "info", "https://github.com/darthmeme/gridsome-plugin-rss/issues/6")
def not_newest_first(digest: Digest) -> Found:
    """The posts are not in order, newest first: “{title}” is newer than the one before it.

    Most readers sort by date, but what takes only the beginning of a feed gets old posts: widgets,
    mailing services, and sites such as dev.to, which import the first five. Sort by the date of
    publication or of the last change.
    """
    by_published = _too_late(digest, [entry.published or entry.updated for entry in digest.entries])
    by_updated = _too_late(digest, [entry.updated or entry.published for entry in digest.entries])
    # Nobody reads an archive from its top (RFC 5005, section 4).
    if by_published and by_updated and not digest.archive:
        yield by_published, {"title": _called(by_published)}


def _too_late(digest: Digest, moments: list[datetime | None]) -> Entry | None:
    """The first entry that is newer than the one before it."""
    last: datetime | None = None
    for entry, moment in zip(digest.entries, moments, strict=True):
        if moment and last and moment > last:
            return entry
        last = moment or last
    return None


@rule("C102", "warning", "https://validator.w3.org/feed/docs/warning/ImplausibleDate.html")
def date_in_future(digest: Digest) -> Found:
    """The post is dated in the future: {value}.

    It stands above all newer posts in most readers until that day, and some hide it till then. It
    is a slip of the pen, a wrong time zone, or a post that was published too early.
    """
    for entry in digest.entries:
        for moment in (entry.published, entry.updated):
            if moment and digest.now and moment - digest.now > _DAY:
                yield entry, {"value": f"{moment:%Y-%m-%d %H:%M} UTC"}
                break


@rule("C103", "warning", "https://github.com/Athou/commafeed/issues/1580")
def large_feed(digest: Digest) -> Found:
    """The feed has {size} KiB, and every subscriber fetches them again and again.

    FeedBurner refuses feeds of more than 1 MB, CommaFeed of 5 MB, The Old Reader and Miniflux at
    bounds of their own; on a phone they cost time and money. Keep the newest posts in the feed, and
    older ones in archives (RFC 5005).
    """
    if digest.kind in FEEDS and not digest.archive and digest.size > MAX_SIZE:
        yield None, {"size": digest.size // 1024}


@rule("C104", "info", PROFILE + "item-title")
def repeated_title(digest: Digest) -> Found:
    """Two posts have the same title: {title}.

    In a list of titles nobody can tell them apart, and takes one for a copy of the other. Give each
    a title of its own, with the date or the number of the part if there is nothing else.
    """
    seen: Counter[str] = Counter()
    for entry in digest.entries:
        seen[entry.title] += 1
        # Once for each title, however often it comes.
        if entry.title and seen[entry.title] == 2:
            yield entry, {"title": entry.title}


@rule("C105", "info", RFC4287 + "4.2.13")
def summary_longer_than_content(digest: Digest) -> Found:
    """The summary is longer than the content.

    Readers show the summary in a list and the content when the post is opened: here the reader
    opens the post and finds less. The two may have been mixed up.
    """
    for entry in digest.entries:
        if entry.summary and entry.content:
            content = plain(entry.content)
            if content and len(plain(entry.summary)) > len(content):
                yield entry, {}


@rule("C106", "warning", "https://www.w3.org/TR/mixed-content/")
def plain_http_link(digest: Digest) -> Found:
    """An address of the site itself begins with http://, though the site is on https: {value}.

    Every click goes over an open line first, and a page on https may not load what comes from http.
    Such addresses are left over from before the move; write https. The ids of posts stay as they
    are, whatever they look like.
    """
    links = [link for link in (digest.home, digest.self_link) if link]
    hosts = {
        host
        for scheme, host in map(_origin, [digest.address or "", *(link.address for link in links)])
        if scheme == "https"
    }
    places: list[tuple[Place, str]] = [(link, link.address) for link in links]
    for place, address in (*places, *((entry, entry.url) for entry in digest.entries)):
        scheme, host = _origin(address)
        if scheme == "http" and host in hosts:
            yield place, {"value": address}


def _origin(address: str) -> tuple[str, str]:
    scheme, _, rest = plain_address(address).partition("://")
    return scheme, rest.partition("/")[0]


@rule("C107", "warning", PROFILE + "link")
def feed_is_its_own_home(digest: Digest) -> Found:
    """The link to the site leads to the feed itself: {value}.

    Readers make the name of the feed a link to its site; who follows this one sees the source of
    the feed. Give the address of the page whose posts these are.
    """
    home = digest.home
    if home and digest.address and plain_address(home.address) == plain_address(digest.address):
        yield home, {"value": home.address}


def _called(entry: Entry) -> str:
    return entry.title or entry.url or entry.id


# -- All documents -------------------------------------------------------------------------------

Way = Literal["prev", "next"]
# A link of a document to an archive: the document's number, and which way it leads.
Step = tuple[int, Way]
_BACK: dict[Way, Way] = {"prev": "next", "next": "prev"}


class Together:
    """Documents judged together, and where each of them lies.

    ``folder`` is what the names of the files begin with, ``root`` the address that stands for it;
    both are empty where that is not known. ``feeds`` finds a feed's number by its address;
    ``archives`` are the links to archives.
    """

    def __init__(self, digests: Sequence[Digest], whole: bool) -> None:
        self.digests = digests
        self.folder, self.root = _root(digests) if whole else ("", "")
        self.feeds: dict[str, int] = {}
        feeds = [(n, digest) for n, digest in enumerate(digests) if digest.kind in FEEDS]
        # The place of a file is beyond doubt; what a file says of its address may be copied.
        for n, digest in feeds:
            place = self.place(digest)
            if place:
                self.feeds.setdefault(place, n)
                folder, _, file = place.rpartition("/")
                if file.startswith("index."):
                    self.feeds.setdefault(f"{folder}/", n)
        for n, digest in feeds:
            if digest.address:
                self.feeds.setdefault(plain_address(digest.address), n)
        self.archives: dict[Step, Link] = {}
        for n, digest in feeds:
            if digest.prev_archive:
                self.archives[n, "prev"] = digest.prev_archive
            if digest.next_archive:
                self.archives[n, "next"] = digest.next_archive

    def place(self, digest: Digest) -> str:
        """The address at which a file lies under the root; empty if it does not."""
        name = _path(digest.name)
        inside = bool(self.root and name) and name.startswith(self.folder)
        return self.root + name.removeprefix(self.folder) if inside else ""

    def missing(self, address: str) -> bool:
        """Whether *address* is one of the site's own, and no feed is there."""
        plainly = plain_address(address)
        # What follows a question mark is for a program, and a program is in no folder.
        own = bool(self.root) and plainly.startswith(self.root) and "?" not in plainly
        return own and plainly not in self.feeds

    def leads_to(self, step: Step) -> int | None:
        """The number of the feed that a link to an archive leads to, if there is such a link."""
        link = self.archives.get(step)
        return self.feeds.get(plain_address(link.address)) if link else None


def _path(name: str) -> str:
    """A file's name as it would stand in an address; empty for what is an address itself."""
    return "" if "://" in name else quote(os.fsencode(PurePath(name).as_posix()), safe=KEPT)


def _root(digests: Sequence[Digest]) -> tuple[str, str]:
    """What the names of files begin with, and the address that stands for it; or nothing.

    A feed that is called ``public/tags/x/rss.xml`` and lives at ``https://e.example/tags/x/rss.xml``
    says that ``public/`` is ``https://e.example/``. Most of the feeds must agree.
    """
    names = [_path(digest.name) for digest in digests]
    votes = Counter(
        vote
        for name, digest in zip(names, digests, strict=True)
        if name and digest.kind in FEEDS and (vote := _vote(name, digest.address or ""))
    )
    best = votes.most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return "", ""
    folder, root = best[0][0]
    # Nothing is known of what lies above all of the documents.
    inside = [name for name in names if name and name.startswith(folder)]
    lowest, highest = min(inside).split("/")[:-1], max(inside).split("/")[:-1]
    same = takewhile(lambda pair: pair[0] == pair[1], zip(lowest, highest, strict=False))
    common = "".join(f"{one}/" for one, _ in same)
    return common, root + common.removeprefix(folder)


def _vote(file: str, address: str) -> tuple[str, str] | None:
    """The folder and the root that a feed's name and its address speak for."""
    name, path = file.split("/"), plain_address(address).split("/")
    if path[-1] == "" and name[-1].startswith("index."):
        name[-1] = ""
    alike = 0
    # The first three parts of an address are scheme and host.
    for one, other in zip(reversed(name), reversed(path[3:]), strict=False):
        if one != other:
            break
        alike += 1
    if not alike:
        return None
    return "".join(f"{one}/" for one in name[:-alike]), "".join(f"{one}/" for one in path[:-alike])


# A post in several documents

Said = dict[str, str]


def _posts(digests: Together) -> Iterator[list[tuple[Digest, Entry]]]:
    """Each id that stands in several documents: where, the first of each document."""
    found: dict[str, list[tuple[Digest, Entry]]] = {}
    for digest in digests.digests:
        # An archive keeps what a post said then (RFC 5005, section 4).
        entries = () if digest.archive else reversed(digest.entries)
        for name, entry in {entry.id: entry for entry in entries if entry.id}.items():
            found.setdefault(name, []).append((digest, entry))
    return (several for several in found.values() if len(several) > 1)


def _said(entry: Entry) -> Said:
    """What an entry says, as it can be compared and shown; without what it does not say."""
    # To the minute, since some writers leave out the seconds.
    moment = entry.published
    said = {
        "title": entry.title,
        "address": plain_address(entry.url),
        "date": f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "",
        "authors": ", ".join(sorted(set(entry.authors))),
        "tags": ", ".join(sorted(entry.tags)),
    }
    return {what: value for what, value in said.items() if value}


class _Post:
    """What several documents say of a post, and what most of them say, or the first if none."""

    def __init__(self, several: list[tuple[Digest, Entry]]) -> None:
        self.several = several
        self.said = [_said(entry) for _, entry in several]
        self.usual: Said = {}
        for what in ("title", "address", "date", "authors", "tags"):
            values = Counter(said[what] for said in self.said if what in said)
            if values:
                self.usual[what] = values.most_common(1)[0][0]

        # A link blog has two addresses for a post, and formats differ on which comes first.
        self.pages = [
            {plain_address(address) for address in (entry.url, *entry.others)}
            for _, entry in several
        ]
        usual = self.usual.get("address", "")
        self.usual_pages = {usual}.union(*(pages for pages in self.pages if usual in pages))

    def odd(self, number: int) -> list[str]:
        """In what an entry disagrees with most others."""
        said = self.said[number]
        return [
            what
            for what, usual in self.usual.items()
            if said.get(what, usual) != usual
            and (what != "address" or self.pages[number].isdisjoint(self.usual_pages))
        ]

    def another(self, number: int) -> bool:
        """Whether an entry is another post than most that have its id."""
        marks, odd = {"title", "address"}, self.odd(number)
        if ":" in self.several[number][1].id:
            return marks.issubset(odd)
        # An id that is no address, such as 7, is unique within a feed and no further.
        return marks.isdisjoint(self.said[number].keys() - odd)

    def source(self, what: str) -> Digest:
        """The first document that says what most of them say."""
        return next(
            digest
            for (digest, _), said in zip(self.several, self.said, strict=True)
            if said.get(what) == self.usual[what]
        )


@rule("C121", "error", RFC4287 + "4.2.6")
def id_of_two_posts(digests: Together) -> FoundIn:
    """The id {id} stands for “{here}”, but in {other} for “{there}”.

    Readers and services that know posts by their ids take the one for an edit of the other, and one
    of them is lost. Give every post an id of its own that never changes.
    """
    for several in _posts(digests):
        post = _Post(several)
        for number, (digest, entry) in enumerate(several):
            if ":" in entry.id and post.another(number):
                details = {"id": entry.id, "here": entry.title, "there": post.usual["title"]}
                yield digest, entry, {**details, "other": post.source("title").name}


@rule("C122", "warning", RFC4287 + "4.2.6")
def documents_disagree(digests: Together) -> FoundIn:
    """The {what} of the post: “{here}” here, “{there}” in {other}.

    The same id says that it is the same post, so one of the two is wrong. Two templates may write
    them, or one of the files is old; a service that gets both changes the post back and forth.
    """
    for several in _posts(digests):
        post = _Post(several)
        for number, (digest, entry) in enumerate(several):
            for what in [] if post.another(number) else post.odd(number):
                details = {"what": what, "here": post.said[number][what]}
                other = {"there": post.usual[what], "other": post.source(what).name}
                yield digest, entry, details | other


@rule("C123", "warning", "https://html.spec.whatwg.org/multipage/links.html#rel-alternate")
def formats_differ(digests: Together) -> FoundIn:
    """The feed differs from {other}, its sibling in another format: “{title}” {how}.

    Readers are offered a choice of formats and take them to be equal; who chose the one misses what
    is in the other. Make all formats of the same posts, at the same time. One may hold more of the
    older posts than the other.
    """
    for group in _siblings(digests):
        differences = [[_difference(mine, other) for other in group] for mine in group]
        # Most are right, and of two the first.
        agreeing = [row.count(None) for row in differences]
        right = agreeing.index(max(agreeing, default=0)) if group else 0
        for mine, row in zip(group, differences, strict=True):
            found = row[right]
            if found:
                entry, title, how = found
                yield mine, entry, {"other": group[right].name, "title": title, "how": how}


@rule("C124", "info", RFC4287 + "4.2.6")
def post_with_several_ids(digests: Together) -> FoundIn:
    """The post “{title}” has the id {here}, but in {other} the id {there}.

    Who changes from one format or feed to another sees every post again as unread, and services
    that take both have each post twice. Write the same id everywhere. Said once for a document.
    """
    ids = {id(digest): {entry.id for entry in digest.entries} for digest in digests.digests}
    first: dict[str, tuple[Digest, Entry]] = {}
    for digest in digests.digests:
        for entry in digest.entries if digest.kind in FEEDS and not digest.archive else ():
            if not entry.url or not entry.id:
                continue
            other, same = first.setdefault(plain_address(entry.url), (digest, entry))
            # Two posts of a link blog may point to one address.
            own = same.id in ids[id(digest)] or entry.id in ids[id(other)]
            if not own:
                details = {"title": entry.title, "here": entry.id, "there": same.id}
                yield digest, entry, {**details, "other": other.name}
                break


def _siblings(digests: Together) -> Iterator[list[Digest]]:
    """Feeds of one site and title in one folder, each in a format of its own."""
    groups: dict[tuple[object, ...], list[Digest]] = {}
    for digest in digests.digests:
        if digest.kind in FEEDS and digest.whole and digest.title:
            place = digests.place(digest) or plain_address(digest.address or digest.name)
            home = plain_address(digest.home.address) if digest.home else ""
            key = place.rpartition("/")[0], digest.title, home, digest.archive
            groups.setdefault(key, []).append(digest)
    for group in groups.values():
        # Of two feeds in one format nobody can say which is the sibling of a third.
        count = Counter(digest.kind for digest in group)
        single = [digest for digest in group if count[digest.kind] == 1]
        if len(single) > 1:
            yield single


def _difference(mine: Digest, other: Digest) -> tuple[Entry | None, str, str] | None:
    """Where *mine* first differs from *other*: at which entry, which title, and how.

    A feed that only ends earlier is the same, unless it has no posts at all.
    """
    if mine.entries and not other.entries:
        return mine.entries[0], _called(mine.entries[0]), "is missing there"
    if other.entries and not mine.entries:
        return None, _called(other.entries[0]), "is missing here"
    for entry, opposite in zip(mine.entries, other.entries, strict=False):
        names, wanted = _names(entry), _names(opposite)
        if not (names and wanted) or not names.isdisjoint(wanted):
            continue
        if names.isdisjoint(_names_of(other.entries)):
            return entry, _called(entry), "is missing there"
        if wanted.isdisjoint(_names_of(mine.entries)):
            return None, _called(opposite), "is missing here"
        return entry, _called(entry), "has another place"
    return None


def _names(entry: Entry) -> frozenset[tuple[str, str]]:
    """What a post can be known by."""
    names = (("id", entry.id), ("address", plain_address(entry.url)))
    return frozenset(name for name in names if name[1])


def _names_of(entries: Sequence[Entry]) -> set[tuple[str, str]]:
    return {name for entry in entries for name in _names(entry)}


# Archives


def _answer(digests: Together, step: Step) -> Step | None:
    """The link that should lead back."""
    there = digests.leads_to(step)
    return None if there is None else (there, _BACK[step[1]])


def _answered(digests: Together, step: Step) -> bool:
    answer = _answer(digests, step)
    return answer is not None and digests.leads_to(answer) == step[0]


def _named(step: Step, link: Link) -> str:
    """What the link is called in its document."""
    return link.field if link.field == "next_url" else f"rel={step[1]}-archive"


@rule("C131", "error", RFC5005)
def archive_missing(digests: Together) -> FoundIn:
    """The {link} leads to {value}, where there is no feed.

    Software that reads the whole history of a feed stops here, and never sees what lies behind.
    """
    for step, link in digests.archives.items():
        if digests.missing(link.address):
            details = {"link": _named(step, link), "value": link.address}
            yield digests.digests[step[0]], link, details


@rule("C132", "warning", RFC5005)
def archive_does_not_lead_back(digests: Together) -> FoundIn:
    """The {link} leads to {value}, whose rel={back}-archive leads to {where}.

    Archives are a chain, in which each knows its neighbours. Software that goes the other way, or
    starts in the middle, misses a part of the history. Only the feed that people subscribe to may
    pass over archives, if it holds all of their posts itself.
    """
    circling = {step for circle in _circles(digests) for step in circle}
    broken: dict[Step, Step] = {}
    for step in digests.archives:
        answer = _answer(digests, step)
        if answer is None or _answered(digests, step) or _passes_over(digests, step, answer):
            continue
        back = digests.archives.get(answer)
        # What leads nowhere, or round in a circle, is for the other rules.
        if circling.isdisjoint((step, answer)) and not (back and digests.missing(back.address)):
            broken[step] = answer
    # A wrong link is told once: not at the one that it should have answered.
    wrong = [step for step, answer in broken.items() if answer not in broken] or list(broken)
    for step in wrong:
        link, back = digests.archives[step], digests.archives.get(broken[step])
        yield (
            digests.digests[step[0]],
            link,
            {
                "link": _named(step, link),
                "value": link.address,
                "back": _BACK[step[1]],
                "where": back.address if back else "nothing",
            },
        )


def _passes_over(digests: Together, step: Step, answer: Step) -> bool:
    """Whether a feed that is no archive leads behind none but archives whose posts it has."""
    feed = digests.digests[step[0]]
    if step[1] == "next" or feed.archive:
        return False
    known = _names_of(feed.entries)
    seen = {step[0]}
    number = digests.leads_to(answer)
    while number is not None and number not in seen:
        seen.add(number)
        if any(_names(entry).isdisjoint(known) for entry in digests.digests[number].entries):
            return False
        number = digests.leads_to((number, "next"))
    return True


@rule("C133", "error", RFC5005)
def archives_in_a_circle(digests: Together) -> FoundIn:
    """The {link} leads to {value}, and from there back here in the end.

    Software that follows the archives never comes to an end, or gives up and drops them all. The
    oldest archive leads to none before it, the newest to none after it.
    """
    told: set[int] = set()
    for circle in _circles(digests):
        numbers = {number for number, _ in circle}
        if numbers.isdisjoint(told):
            told |= numbers
            # The link that closes the circle is the one that no other answers.
            step = next((step for step in circle if not _answered(digests, step)), circle[0])
            link = digests.archives[step]
            details = {"link": _named(step, link), "value": link.address}
            yield digests.digests[step[0]], link, details


def _circles(digests: Together) -> Iterator[list[Step]]:
    """The circles that links of one kind make; a next_url that leads to itself is J125's."""
    for way in _BACK:
        done: set[int] = set()
        for start in range(len(digests.digests)):
            trail: list[int] = []
            number: int | None = start
            while number is not None and number not in done:
                done.add(number)
                trail.append(number)
                number = digests.leads_to((number, way))
            circle = trail[trail.index(number) :] if number in trail else []
            if len(circle) > 1 or (circle and digests.digests[circle[0]].kind != "jsonfeed"):
                yield [(one, way) for one in circle]


# Lists of feeds


@rule("C141", "error", "https://www.rssboard.org/rss-autodiscovery")
def named_feed_missing(digests: Together) -> FoundIn:
    """A feed is named at {value}, where there is none.

    Readers find the feeds of a page by the links in its head, and those of a list by its xmlUrl:
    who subscribes gets an error. Of the documents that name it the first is told.
    """
    told = set()
    for digest in digests.digests:
        base = digest.address or digests.place(digest)
        for link in digest.links:
            address = join(base, link.address)
            if address not in told and digests.missing(address):
                told.add(address)
                yield digest, link, {"value": address}
