"""Edits of a site that was published, and which promises to its subscribers they would break."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import addresses, load, lock, promises, publish
from feeds.model import Site
from feeds.rules.promise import Change, Lock, Promise

from .conftest import NOW, Write

FILE = Path("feeds.lock")
AUTHORITY = "e.example,2020"
A, B, C, D = (
    f"content/2020-01-0{n}-{name}.yaml" for n, name in ((1, "a"), (2, "b"), (3, "c"), (4, "d"))
)
# Beside the usual: a date without an offset, one in the file's name, one with an offset; a second
# author; a post that lives elsewhere and has no page here.
BLOG = {
    "config.yaml": (
        f"title: T\nurl: https://e.example/\ntimezone: Europe/Copenhagen\nauthority: {AUTHORITY}\n"
    ),
    A: "title: A\ndate: 2020-01-01 10:00\ntags: [x]\nbody: First\n",
    B: "title: B\ntags: [x, y]\nbody: Second\n",
    C: "title: C\ndate: 2020-01-03T12:00:00+01:00\nauthor: Bo\nbody: Third\n",
    D: "title: D\nlink: https://o.example/d\n",
}
# What the lock of that says, and in which line.
PROMISED = {
    "posts/2020-01-01-a": "2020-01-01 09:00",  # 4
    "posts/2020-01-02-b": "2020-01-01 23:00",
    "posts/2020-01-03-c": "2020-01-03 11:00",
    "posts/2020-01-04-d": "2020-01-03 23:00",
    "/": "feeds",  # 9
    "/authors/bo/": "feeds/authors/bo",
    "/authors/t/": "feeds/authors/t",
    "/posts/a/": "posts/2020-01-01-a",
    "/posts/b/": "posts/2020-01-02-b",
    "/posts/c/": "posts/2020-01-03-c",
    "/tags/x/": "feeds/tags/x",
    "/tags/y/": "feeds/tags/y",  # 16
}


def state() -> promises.State:
    config = Path("config.yaml")
    return promises.state(load.site(config), config, NOW)


def brief(made: Lock) -> dict[str, str]:
    """A lock in a form to be looked at: the usual authority is left out."""

    def short(key: str) -> str:
        return key.removeprefix(f"tag:{AUTHORITY}:")

    posts = {short(key): f"{post.published:%Y-%m-%d %H:%M}" for key, post in made.posts.items()}
    return posts | {path: short(key) for path, key in made.pages.items()}


def said(found: promises.State) -> list[str]:
    """What was found: code, file, line, column, field and message."""
    return [f"{broken.finding.code} {broken.finding}" for broken in found.broken]


def about(found: promises.State, without: str | None = None) -> list[tuple[str, str]]:
    """The code of what was found, and the post's file or the page; or of what is called else."""
    return sorted(
        (finding.code, finding.path if finding.field else next(iter(broken.names)))
        for broken in found.broken
        if without not in broken.names and (finding := broken.finding)
    )


def read() -> Lock:
    known, faults = lock.read(FILE)
    assert known
    assert not faults
    return known


def publish_first(write: Write, *edits: "Edit") -> None:
    """The blog, after some *edits*, with a lock."""
    write(BLOG)
    for edit in edits:
        edit()
    lock.write(state().accepted(), FILE)


# --- the table -----------------------------------------------------------------------------------

Edit = Callable[[], object]


def move(old: str, new: str) -> Edit:
    return lambda: Path(old).rename(new)


def change(file: str, old: str, new: str) -> Edit:
    def edit() -> None:
        text = Path(file).read_text("utf-8")
        assert text.count(old) == 1
        Path(file).write_text(text.replace(old, new), "utf-8")

    return edit


def delete(file: str) -> Edit:
    return Path(file).unlink


def new(file: str, text: str) -> Edit:
    def edit() -> None:
        assert not Path(file).exists()
        Path(file).write_text(text, "utf-8")

    return edit


def add(file: str, line: str) -> Edit:
    def edit() -> None:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")

    return edit


def redirects(**targets: str) -> Edit:
    """Redirects of posts by their slugs."""
    pairs = ", ".join(f"/posts/{old}/: '{target}'" for old, target in targets.items())
    return add("config.yaml", f"redirects: {{{pairs}}}")


def leads(old: str, new: str) -> Edit:
    """A redirect of a feed's page, which leads the documents beside it on too."""
    return add("config.yaml", f"redirects: {{{old}: {new}}}")


def gone(*paths: str) -> Edit:
    return add("config.yaml", f"gone: [{', '.join(paths)}]")


def id_changed(file: str, old: str, place: str = "") -> str:
    key = old if ":" in old else f"tag:{AUTHORITY}:posts/{old}"
    return (
        f"L103 {file}{place}: id: The post had the id {key}, "
        f"and readers will show it again as new: write `id: {key}`."
    )


def vanished(line: int, path: str) -> str:
    return (
        f"L104 feeds.lock:{line}:1: The post at {path} is no more: write that under `gone`, "
        "or where it went under `redirects`."
    )


def redated(file: str, old: str, new: str, place: str = "") -> str:
    return f"L105 {file}{place}: date: The post was published at {old} UTC, and now says {new} UTC."


def moved(line: int, path: str, new: str) -> str:
    return (
        f"L106 feeds.lock:{line}:1: What was at {path} is now at {new}: "
        f"write `{path}: {new}` under `redirects`."
    )


def lost(line: int, *paths: str) -> str:
    return (
        f"L107 feeds.lock:{line}:1: The feed at {', '.join(paths)} is no more: "
        "write where it went under `redirects`, or `gone`."
    )


def reused(line: int, path: str, old: str) -> str:
    return (
        f"L108 feeds.lock:{line}:1: The address {path} was that of tag:{AUTHORITY}:posts/{old}, "
        "and is now that of another."
    )


def authority(place: str, old: str, new: str) -> str:
    return (
        f"L102 config.yaml{place}: authority: The authority was {old} and is {new}: "
        "every post would be shown again as new."
    )


@dataclass
class Case:
    """Edits; what is found; what an accepted lock says otherwise, None where it says no more.

    ``before`` are edits made before the blog was published.
    """

    edits: list[Edit]
    found: list[str] = field(default_factory=list)
    accepted: Mapping[str, str | None] = field(default_factory=dict)
    before: list[Edit] = field(default_factory=list)


E = "content/2020-01-01-e.yaml"
RENAMED = {
    "posts/2020-01-01-a": None,
    "posts/2020-01-01-e": "2020-01-01 09:00",
    "/posts/a/": None,
    "/posts/e/": "posts/2020-01-01-e",
}
NO_AUTHORITY = change("config.yaml", f"authority: {AUTHORITY}\n", "")
TAG = f"tag:{AUTHORITY}:posts/2020-01-01-a"
X_FILES = tuple(f"/tags/x/{file}" for file in addresses.FEEDS)
Y_FILES = tuple(f"/tags/y/{file}" for file in addresses.FEEDS)


def under(authority: str, *names: str) -> dict[str, str | None]:
    """What a lock says otherwise after the authority changed, but for what has these names."""
    found: dict[str, str | None] = {}
    for key, value in PROMISED.items():
        post = key.startswith("posts/")
        name = key if post else value
        if name not in names:
            found[f"tag:{authority}:{name}" if post else key] = (
                value if post else f"tag:{authority}:{name}"
            )
            if post:
                found[key] = None
    return found


CASES = {
    # -- posts and their ids
    "a file renamed": Case(
        [move(A, E)],
        [id_changed(E, "2020-01-01-a"), moved(12, "/posts/a/", "/posts/e/")],
        RENAMED,
    ),
    "a file renamed, with a redirect": Case(
        [move(A, E), redirects(a="/posts/e/")],
        [id_changed(E, "2020-01-01-a")],
        {**RENAMED, "/posts/a/": "posts/2020-01-01-e"},
    ),
    "a file renamed, with the old id": Case(
        [move(A, E), add(E, f"id: {TAG}")],
        [moved(12, "/posts/a/", "/posts/e/")],
        {"/posts/a/": None, "/posts/e/": "posts/2020-01-01-a"},
    ),
    "a file renamed, with the old id and a redirect": Case(
        [move(A, E), add(E, f"id: {TAG}"), redirects(a="/posts/e/")],
        [],
        {"/posts/e/": "posts/2020-01-01-a"},
    ),
    "a file renamed, with the old id and slug": Case(
        [move(A, E), add(E, f"id: {TAG}"), add(E, "slug: a")],
    ),
    "a file renamed, with the old slug": Case(
        [move(A, E), add(E, "slug: a")],
        [id_changed(E, "2020-01-01-a")],
        {k: v for k, v in RENAMED.items() if k.startswith("posts/")}
        | {"/posts/a/": "posts/2020-01-01-e"},
    ),
    "a file renamed and its text changed: told by the time": Case(
        [move(A, E), change(E, "First", "Other"), change(E, "title: A", "title: Other")],
        [id_changed(E, "2020-01-01-a"), moved(12, "/posts/a/", "/posts/e/")],
        RENAMED,
    ),
    "a file renamed and all of it changed: told by where it leads": Case(
        [
            move(A, E),
            change(E, "First", "Other"),
            change(E, "title: A", "title: Other"),
            change(E, "10:00", "11:00"),
            redirects(a="/posts/e/"),
        ],
        [
            id_changed(E, "2020-01-01-a"),
            redated(E, "2020-01-01 09:00:00", "2020-01-01 10:00:00", ":2:7"),
        ],
        {**RENAMED, "/posts/a/": "posts/2020-01-01-e", "posts/2020-01-01-e": "2020-01-01 10:00"},
    ),
    "a file renamed and all of it changed, without a word": Case(
        [
            move(A, E),
            change(E, "First", "Other"),
            change(E, "title: A", "title: Other"),
            change(E, "10:00", "11:00"),
        ],
        [vanished(12, "/posts/a/")],
        {**RENAMED, "posts/2020-01-01-e": "2020-01-01 10:00"},
    ),
    "the date in a file's name": Case(
        [move(B, "content/2020-02-02-b.yaml")],
        [
            id_changed("content/2020-02-02-b.yaml", "2020-01-02-b"),
            redated("content/2020-02-02-b.yaml", "2020-01-01 23:00:00", "2020-02-01 23:00:00"),
        ],
        {
            "posts/2020-01-02-b": None,
            "posts/2020-02-02-b": "2020-02-01 23:00",
            "/posts/b/": "posts/2020-02-02-b",
        },
    ),
    "a file in another folder": Case(
        [lambda: Path("content/2020").mkdir(), move(A, "content/2020/2020-01-01-a.yaml")],
    ),
    "the file of a post without a page renamed: told by where it lives": Case(
        [move(D, "content/2020-02-04-dd.yaml"), change("content/2020-02-04-dd.yaml", "D", "DD")],
        [
            id_changed("content/2020-02-04-dd.yaml", "2020-01-04-d"),
            redated("content/2020-02-04-dd.yaml", "2020-01-03 23:00:00", "2020-02-03 23:00:00"),
        ],
        {"posts/2020-01-04-d": None, "posts/2020-02-04-dd": "2020-02-03 23:00"},
    ),
    "an id given": Case(
        [add(A, "id: urn:x:1")],
        [id_changed(A, "2020-01-01-a", ":5:5")],
        {"posts/2020-01-01-a": None, "urn:x:1": "2020-01-01 09:00", "/posts/a/": "urn:x:1"},
    ),
    "the id given that it had": Case([add(A, f"id: {TAG}")]),
    "an id taken away": Case(
        [change(A, "id: urn:x:1\n", "")],
        [id_changed(A, "urn:x:1")],
        {
            "urn:x:1": None,
            "posts/2020-01-01-a": "2020-01-01 09:00",
            "/posts/a/": "posts/2020-01-01-a",
        },
        before=[add(A, "id: urn:x:1")],
    ),
    "an id of another authority taken away": Case(
        [change(A, "id: tag:old.example,2010:posts/2020-01-01-a\n", "")],
        [id_changed(A, "tag:old.example,2010:posts/2020-01-01-a")],
        {
            "tag:old.example,2010:posts/2020-01-01-a": None,
            "posts/2020-01-01-a": "2020-01-01 09:00",
            "/posts/a/": "posts/2020-01-01-a",
        },
        before=[add(A, "id: tag:old.example,2010:posts/2020-01-01-a")],
    ),
    "two posts exchange their ids": Case(
        [add(A, f"id: tag:{AUTHORITY}:posts/2020-01-02-b"), add(B, f"id: {TAG}")],
        [
            redated(A, "2020-01-01 23:00:00", "2020-01-01 09:00:00", ":2:7"),
            redated(B, "2020-01-01 09:00:00", "2020-01-01 23:00:00"),
            reused(12, "/posts/a/", "2020-01-01-a"),
            reused(13, "/posts/b/", "2020-01-02-b"),
        ],
        {
            "posts/2020-01-01-a": "2020-01-01 23:00",
            "posts/2020-01-02-b": "2020-01-01 09:00",
            "/posts/a/": "posts/2020-01-02-b",
            "/posts/b/": "posts/2020-01-01-a",
        },
    ),
    # -- what may change
    "the title, the text, a summary, an update": Case(
        [
            change(A, "title: A", "title: Other\nupdated: 2020-05-05\nsummary: S"),
            change(A, "First", "Other"),
        ],
    ),
    "what it is called, who writes, in which language": Case(
        [
            change("config.yaml", "title: T", "title: Other\nauthor: T\nlanguage: da\nrights: R"),
            change(A, "First", "First\nlanguage: en"),
        ],
    ),
    "a post more, and one ahead, and a draft": Case(
        [
            new("content/2020-05-05-n.yaml", "title: N\ntags: [x, z]\n"),
            new("content/2199-05-05-o.yaml", "title: O\ntags: [o]\n"),
            new("content/2020-05-05-p.yaml", "title: P\ndraft: true\n"),
        ],
        [],
        {
            "posts/2020-05-05-n": "2020-05-04 22:00",
            "/posts/n/": "posts/2020-05-05-n",
            "/tags/z/": "feeds/tags/z",
        },
    ),
    # -- dates
    "a date": Case(
        [change(A, "10:00", "10:01")],
        [redated(A, "2020-01-01 09:00:00", "2020-01-01 09:01:00", ":2:7")],
        {"posts/2020-01-01-a": "2020-01-01 09:01"},
    ),
    "a date added to one in the name": Case(
        [add(B, "date: 2020-01-02 08:00")],
        [redated(B, "2020-01-01 23:00:00", "2020-01-02 07:00:00", ":4:7")],
        {"posts/2020-01-02-b": "2020-01-02 07:00"},
    ),
    "a date written in another way": Case(
        [change(A, "2020-01-01 10:00", "2020-01-01T03:00:00-06:00")],
    ),
    "a date ahead": Case(
        [change(C, "2020-01-03", "2199-01-03")],
        [lost(10, "/authors/bo/"), lost(11, "/authors/t/"), vanished(14, "/posts/c/")],
        {"posts/2020-01-03-c": None}
        | dict.fromkeys(("/posts/c/", "/authors/bo/", "/authors/t/"), None),
    ),
    "the time zone": Case(
        [change("config.yaml", "Europe/Copenhagen", "UTC")],
        [
            redated(A, "2020-01-01 09:00:00", "2020-01-01 10:00:00", ":2:7"),
            redated(B, "2020-01-01 23:00:00", "2020-01-02 00:00:00"),
            redated(D, "2020-01-03 23:00:00", "2020-01-04 00:00:00"),
        ],
        {
            "posts/2020-01-01-a": "2020-01-01 10:00",
            "posts/2020-01-02-b": "2020-01-02 00:00",
            "posts/2020-01-04-d": "2020-01-04 00:00",
        },
    ),
    # -- addresses
    "a slug": Case(
        [add(A, "slug: aa")],
        [moved(12, "/posts/a/", "/posts/aa/")],
        {"/posts/a/": None, "/posts/aa/": "posts/2020-01-01-a"},
    ),
    "a slug, with a redirect": Case(
        [add(A, "slug: aa"), redirects(a="/posts/aa/")],
        [],
        {"/posts/aa/": "posts/2020-01-01-a"},
    ),
    "a slug, with a redirect that lacks a slash": Case(
        [add(A, "slug: aa"), add("config.yaml", "redirects: {/posts/a: /posts/aa/}")],
        [],
        {"/posts/aa/": "posts/2020-01-01-a"},
    ),
    "two slugs, one after the other, with redirects": Case(
        [change(A, "slug: aa", "slug: aaa"), redirects(a="/posts/aa/", aa="/posts/aaa/")],
        [],
        {"/posts/aaa/": "posts/2020-01-01-a"},
        before=[add(A, "slug: aa")],
    ),
    "two posts swap slugs": Case(
        [add(A, "slug: b"), add(B, "slug: a")],
        [reused(12, "/posts/a/", "2020-01-01-a"), reused(13, "/posts/b/", "2020-01-02-b")],
        {"/posts/a/": "posts/2020-01-02-b", "/posts/b/": "posts/2020-01-01-a"},
    ),
    "the address of a deleted post reused by another that was there": Case(
        [delete(A), add(B, "slug: a"), redirects(b="/posts/a/")],
        [reused(12, "/posts/a/", "2020-01-01-a")],
        {"posts/2020-01-01-a": None, "/posts/a/": "posts/2020-01-02-b"},
    ),
    "the address of a deleted post reused by a new one: it may be the same": Case(
        [delete(A), new("content/2021-01-01-a.yaml", "title: N\ntags: [x]\n")],
        [
            id_changed("content/2021-01-01-a.yaml", "2020-01-01-a"),
            redated("content/2021-01-01-a.yaml", "2020-01-01 09:00:00", "2020-12-31 23:00:00"),
        ],
        {
            "posts/2020-01-01-a": None,
            "posts/2021-01-01-a": "2020-12-31 23:00",
            "/posts/a/": "posts/2021-01-01-a",
        },
    ),
    "a post renamed, and a new one at its address": Case(
        [move(A, E), new("content/2021-01-01-a.yaml", "title: N\n")],
        [id_changed(E, "2020-01-01-a"), reused(12, "/posts/a/", "2020-01-01-a")],
        {
            **RENAMED,
            "posts/2021-01-01-a": "2020-12-31 23:00",
            "/posts/a/": "posts/2021-01-01-a",
        },
    ),
    "a post moved elsewhere": Case(
        [change(A, "body: First", "link: https://o.example/a")],
        [moved(12, "/posts/a/", "https://o.example/a")],
        {"/posts/a/": None},
    ),
    "a post moved elsewhere, with a redirect": Case(
        [
            change(A, "body: First", "link: https://o.example/a"),
            redirects(a="https://o.example/a"),
        ],
    ),
    "a post moved elsewhere, with its text left here": Case(
        [add(A, "link: https://o.example/a")],
    ),
    "a post moved elsewhere under another name: told by where it leads": Case(
        [
            move(A, "content/2020-05-05-e.yaml"),
            change(
                "content/2020-05-05-e.yaml",
                "title: A\ndate: 2020-01-01 10:00\ntags: [x]\nbody: First\n",
                "title: E\nlink: https://o.example/a\n",
            ),
            redirects(a="https://o.example/a"),
        ],
        [
            id_changed("content/2020-05-05-e.yaml", "2020-01-01-a"),
            redated("content/2020-05-05-e.yaml", "2020-01-01 09:00:00", "2020-05-04 22:00:00"),
        ],
        {
            "posts/2020-01-01-a": None,
            "posts/2020-05-05-e": "2020-05-04 22:00",
            "/posts/a/": "posts/2020-05-05-e",
        },
    ),
    "a post without a page gets one": Case(
        [add(D, "body: Fourth")], [], {"/posts/d/": "posts/2020-01-04-d"}
    ),
    # -- withdrawn
    "a post deleted": Case(
        [delete(A)],
        [vanished(12, "/posts/a/")],
        {"posts/2020-01-01-a": None, "/posts/a/": None},
    ),
    "a post deleted, and gone": Case([delete(A), gone("/posts/a/")]),
    "a post deleted, and gone without a slash": Case([delete(A), gone("/posts/a")]),
    "a post deleted, with a redirect to another": Case([delete(A), redirects(a="/posts/b/")]),
    "a post without a page deleted": Case([delete(D)]),
    "a post that had two addresses deleted": Case(
        [delete(A), change("config.yaml", "redirects: {/posts/a/: '/posts/aa/'}\n", "")],
        [vanished(12, "/posts/a/"), vanished(13, "/posts/aa/")],
        {"posts/2020-01-01-a": None, "/posts/a/": None, "/posts/aa/": None},
        before=[
            lambda: lock.write(state().accepted(), FILE),
            add(A, "slug: aa"),
            redirects(a="/posts/aa/"),
        ],
    ),
    "a post a draft again": Case(
        [add(A, "draft: true")],
        [vanished(12, "/posts/a/")],
        {"posts/2020-01-01-a": None, "/posts/a/": None},
    ),
    "a post withdrawn, and later another of the same moment": Case(
        [new("content/2020-05-05-n.yaml", "title: N\ndate: 2020-01-01 10:00\n")],
        [],
        {"posts/2020-05-05-n": "2020-01-01 09:00", "/posts/n/": "posts/2020-05-05-n"},
        before=[
            lambda: lock.write(state().accepted(), FILE),
            delete(A),
            gone("/posts/a/"),
        ],
    ),
    "a post withdrawn, and later the same under another name": Case(
        [new("content/2020-05-05-n.yaml", "title: A\nbody: First\n")],
        [
            id_changed("content/2020-05-05-n.yaml", "2020-01-01-a"),
            redated("content/2020-05-05-n.yaml", "2020-01-01 09:00:00", "2020-05-04 22:00:00"),
        ],
        {
            "posts/2020-01-01-a": None,
            "posts/2020-05-05-n": "2020-05-04 22:00",
            "/posts/a/": "posts/2020-05-05-n",
            "/posts/n/": "posts/2020-05-05-n",
        },
        before=[
            lambda: lock.write(state().accepted(), FILE),
            delete(A),
            gone("/posts/a/"),
        ],
    ),
    "two of one moment deleted, and one of that moment added: it is neither": Case(
        [
            delete(A),
            delete(B),
            new("content/2020-05-05-n.yaml", "title: N\ndate: 2020-01-02\ntags: [x, y]\n"),
        ],
        [vanished(12, "/posts/a/"), vanished(13, "/posts/b/")],
        {
            **dict.fromkeys(
                ("posts/2020-01-01-a", "posts/2020-01-02-b", "/posts/a/", "/posts/b/"), None
            ),
            "posts/2020-05-05-n": "2020-01-01 23:00",
            "/posts/n/": "posts/2020-05-05-n",
        },
        before=[change(A, "2020-01-01 10:00", "2020-01-02")],
    ),
    "two become one": Case(
        [
            delete(A),
            delete(B),
            new("content/2020-05-05-n.yaml", "title: N\ntags: [x, y]\n"),
            redirects(a="/posts/n/", b="/posts/n/"),
        ],
        [
            id_changed("content/2020-05-05-n.yaml", "2020-01-01-a"),
            redated("content/2020-05-05-n.yaml", "2020-01-01 09:00:00", "2020-05-04 22:00:00"),
        ],
        {
            "posts/2020-01-01-a": None,
            "posts/2020-05-05-n": "2020-05-04 22:00",
            "/posts/a/": "posts/2020-05-05-n",
            "/posts/n/": "posts/2020-05-05-n",
        },
    ),
    # -- feeds
    "a tag renamed": Case(
        [change(B, "x, y", "x, z")],
        [lost(16, "/tags/y/")],
        {"/tags/y/": None, "/tags/z/": "feeds/tags/z"},
    ),
    "a tag renamed, with a redirect": Case(
        [change(B, "x, y", "x, z"), leads("/tags/y/", "/tags/z/")],
        [],
        {"/tags/z/": "feeds/tags/z"},
    ),
    "a tag renamed, with a redirect to what is no feed": Case(
        [change(B, "x, y", "x, z"), leads("/tags/y/", "/posts/b/")],
        [lost(16, *Y_FILES)],
        {"/tags/y/": None, "/tags/z/": "feeds/tags/z"},
    ),
    "a tag written in another way": Case([change(B, "x, y", "x, Y")]),
    "a tag removed": Case([change(B, "x, y", "x")], [lost(16, "/tags/y/")], {"/tags/y/": None}),
    "a tag removed, and gone": Case([change(B, "x, y", "x"), gone("/tags/y/")]),
    "a tag that leads to the blog": Case([change(B, "x, y", "x"), leads("/tags/y/", "/")]),
    "an author renamed": Case(
        [change(C, "Bo", "Bo Bæk")],
        [lost(10, "/authors/bo/")],
        {"/authors/bo/": None, "/authors/bo-baek/": "feeds/authors/bo-baek"},
    ),
    "an author renamed, with redirects": Case(
        [change(C, "Bo", "Bo Bæk"), leads("/authors/bo/", "/authors/bo-baek/")],
        [],
        {"/authors/bo-baek/": "feeds/authors/bo-baek"},
    ),
    "one author left": Case(
        [delete(C), gone("/posts/c/")],
        [lost(10, "/authors/bo/"), lost(11, "/authors/t/")],
        {"/authors/bo/": None, "/authors/t/": None},
    ),
    # -- the site
    "another domain": Case([change("config.yaml", "https://e.e", "https://www.e")]),
    "another domain, and no authority": Case(
        [change("config.yaml", "https://e.e", "https://www.e")],
        [authority("", "e.example,2000", "www.example,2000")],
        {
            **under("www.example,2000"),
            **{f"tag:e.example,2000:{key}": None for key in PROMISED if key.startswith("posts/")},
        },
        before=[NO_AUTHORITY],
    ),
    "another domain, and the old authority said": Case(
        [
            change("config.yaml", "https://e.e", "https://www.e"),
            add("config.yaml", "authority: e.example,2000"),
        ],
        before=[NO_AUTHORITY],
    ),
    "another authority": Case(
        [change("config.yaml", AUTHORITY, "e.example,2021")],
        [authority(":4:12", AUTHORITY, "e.example,2021")],
        under("e.example,2021"),
    ),
    "another authority, and posts that keep their ids": Case(
        [change("config.yaml", AUTHORITY, "e.example,2021"), add(A, f"id: {TAG}")],
        [authority(":4:12", AUTHORITY, "e.example,2021")],
        under("e.example,2021", "posts/2020-01-01-a"),
    ),
    "another authority, and a post deleted of the same moment as another": Case(
        [change("config.yaml", AUTHORITY, "e.example,2021"), delete(D)],
        [
            authority(":4:12", AUTHORITY, "e.example,2021"),
            vanished(15, "/posts/d/"),
        ],
        {
            **under("e.example,2021", "posts/2020-01-04-d"),
            "posts/2020-01-02-b": None,
            "tag:e.example,2021:posts/2020-01-02-b": "2020-01-03 23:00",
            "posts/2020-01-04-d": None,
            "/posts/d/": None,
        },
        before=[add(D, "body: Fourth"), add(B, "date: 2020-01-04")],
    ),
    "another authority, and a copy of a post": Case(
        [
            change("config.yaml", AUTHORITY, "e.example,2021"),
            new("content/2020-05-05-n.yaml", "title: A\nbody: First\n"),
        ],
        [authority(":4:12", AUTHORITY, "e.example,2021")],
        {
            **under("e.example,2021"),
            "tag:e.example,2021:posts/2020-05-05-n": "2020-05-04 22:00",
            "/posts/n/": "tag:e.example,2021:posts/2020-05-05-n",
        },
    ),
    "another authority, and a new post with the file of one that keeps its id": Case(
        [
            change("config.yaml", AUTHORITY, "e.example,2021"),
            move(A, E),
            add(E, f"id: {TAG}\nslug: a"),
            new(A, "title: N\nslug: n\n"),
        ],
        [authority(":4:12", AUTHORITY, "e.example,2021")],
        {
            **under("e.example,2021", "posts/2020-01-01-a"),
            "tag:e.example,2021:posts/2020-01-01-a": "2019-12-31 23:00",
            "/posts/n/": "tag:e.example,2021:posts/2020-01-01-a",
        },
    ),
    "another authority, under which an id was given to a post before": Case(
        [change("config.yaml", AUTHORITY, "e.example,2021")],
        [authority(":4:12", AUTHORITY, "e.example,2021")],
        {
            **under("e.example,2021", "posts/2020-01-01-a"),
            "tag:e.example,2021:posts/2020-01-01-a": "2020-05-04 22:00",
            "/posts/n/": "tag:e.example,2021:posts/2020-01-01-a",
        },
        before=[
            lambda: lock.write(state().accepted(), FILE),
            delete(A),
            gone("/posts/a/"),
            new("content/2020-05-05-n.yaml", "title: N\n"),
            add("content/2020-05-05-n.yaml", "id: tag:e.example,2021:posts/2020-01-01-a"),
        ],
    ),
    "another authority, and all else at once": Case(
        [
            change("config.yaml", AUTHORITY, "e.example,2021"),
            move(A, E),
            change(B, "x, y", "x"),
            change(C, "12:00", "13:00"),
            delete(D),
        ],
        [
            authority(":4:12", AUTHORITY, "e.example,2021"),
            id_changed(E, "2020-01-01-a"),
            redated(C, "2020-01-03 11:00:00", "2020-01-03 12:00:00", ":2:7"),
            moved(12, "/posts/a/", "/posts/e/"),
            lost(16, "/tags/y/"),
        ],
        {
            **under("e.example,2021", "posts/2020-01-01-a", "posts/2020-01-04-d", "feeds/tags/y"),
            "tag:e.example,2021:posts/2020-01-03-c": "2020-01-03 12:00",
            "posts/2020-01-01-a": None,
            "tag:e.example,2021:posts/2020-01-01-e": "2020-01-01 09:00",
            "/posts/a/": None,
            "/posts/e/": "tag:e.example,2021:posts/2020-01-01-e",
            "/tags/y/": None,
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_edit_breaks_and_what_follows_when_it_is_accepted(write: Write, name: str) -> None:
    case = CASES[name]
    publish_first(write, *case.before)
    before = read()
    for edit in case.edits:
        edit()
    found = state()
    assert said(found) == case.found
    expected = {**brief(before), **case.accepted}
    accepted = found.accepted()
    assert brief(accepted) == {key: value for key, value in expected.items() if value is not None}
    for key in accepted.posts.keys() & before.posts:
        assert replace(accepted.posts[key], published=NOW) == replace(
            before.posts[key], published=NOW
        )
    # A build without --locked adds, and mends nothing by the way.
    built = found.accepted(())
    assert set(lock.text(before).splitlines()) <= set(lock.text(built).splitlines())
    assert found.new == lock.text(built).count("\n") - lock.text(before).count("\n")
    lock.write(built, FILE)
    assert about(state()) == about(found)
    # What is accepted by one of its names is no more found, and all else is.
    for one in sorted(frozenset[str]().union(*(broken.names for broken in found.broken))):
        lock.write(before, FILE)
        lock.write(found.accepted([one]), FILE)
        assert about(state()) == about(found, without=one), one
    lock.write(accepted, FILE)
    assert said(state()) == []


def test_a_site_without_a_lock_promises_nothing_yet(write: Write) -> None:
    write(BLOG)
    found = state()
    assert (found.old, found.broken, found.new) == (None, (), len(PROMISED))
    assert brief(found.accepted(())) == PROMISED


def test_where_the_lock_knows_nothing_of_the_blogs_own_feed_ids_are_compared(write: Write) -> None:
    publish_first(write)
    FILE.write_text(FILE.read_text().replace(f'  "/": "tag:{AUTHORITY}:feeds"\n', ""))
    change("config.yaml", AUTHORITY, "e.example,2021")()
    assert said(state()) == [
        id_changed(file, f"2020-01-0{n}-{file[-6]}") for n, file in enumerate((A, B, C, D), 1)
    ]


def test_a_lock_that_cannot_be_read_breaks_no_other_promise_and_loses_none(write: Write) -> None:
    publish_first(write)
    FILE.write_text(FILE.read_text().replace("pages:", "<<<<<<< HEAD\npages:\n  odd"))
    move(A, E)()
    found = state()
    assert said(found) == [
        f"L101 feeds.lock:{line}:1: The lock cannot be read here: {what}."
        for line, what in (
            (8, "a merge left this line; keep those of both sides, without it"),
            (10, "this is no line of a lock; take it from git again"),
        )
    ]
    assert {broken.names for broken in found.broken} == {frozenset()}
    # What can be read is kept, and the post that has another id now is not taken for new.
    assert brief(found.accepted()) == PROMISED
    lock.write(found.accepted(), FILE)
    assert [broken.finding.code for broken in state().broken] == ["L103", "L106"]


def test_many_posts_are_compared_without_comparing_each_with_each() -> None:
    count = 20_000
    posts = [Promise(published=NOW, slug=f"p{n}", text=f"{n:016x}") for n in range(count)]
    old, now = (
        Lock(
            posts={f"tag:{who}:{n}": post for n, post in enumerate(posts)},
            pages={f"/posts/{who}-{n}/": f"tag:{who}:{n}" for n in range(count)},
        )
        for who in ("a", "b")
    )
    places = {key: path for path, key in now.pages.items()}
    found = Change(old=old, now=now, places=places, led={}, files=addresses.FEEDS)
    assert found.authority is None
    assert found.twins == {f"tag:a:{n}": f"tag:b:{n}" for n in range(count)}
    both = replace(
        found,
        old=replace(old, pages={**old.pages, "/": "tag:a:feeds"}),
        now=replace(now, pages={**now.pages, "/": "tag:b:feeds"}),
        places={**places, "tag:b:feeds": "/"},
    )
    assert both.authority == ("a", "b")
    assert len(both.moved) == count + 1
    assert both.twins == {}


# --- any edits -----------------------------------------------------------------------------------


@dataclass
class Draft:
    """A post as its author thinks of it: the same one, whatever becomes of its file."""

    uid: int
    day: int
    name: str
    title: str
    body: str
    tags: list[str]
    author: str = ""
    date: str = ""
    slug: str = ""
    id: str = ""
    link: str = ""
    draft: bool = False

    @property
    def file(self) -> str:
        return f"content/2020-02-{self.day:02}-{self.name}.yaml"

    @property
    def place(self) -> str:
        return self.link or f"/posts/{self.slug or self.name}/"

    def text(self) -> str:
        fields = {
            "title": self.title,
            "date": self.date,
            "tags": f"[{', '.join(self.tags)}]",
            "author": self.author,
            "slug": self.slug,
            "id": self.id,
            "link": self.link,
            "draft": "true" if self.draft else "",
            "body": "" if self.link else self.body,
        }
        return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


@dataclass
class Blog:
    """A blog that is edited; numbers choose what and how.

    ``words`` counts those that were used; ``before`` are the posts that were there before the step.
    """

    posts: list[Draft] = field(default_factory=list)
    host: str = "e.example"
    authority: str = ""
    zone: str = "UTC"
    redirects: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    words: int = 0
    before: set[int] = field(default_factory=set)

    def word(self) -> str:
        self.words += 1
        return f"w{self.words}"

    def write(self, folder: Path) -> Path:
        config = folder / "config.yaml"
        redirects = "".join(f"  {old}: {to}\n" for old, to in self.redirects.items())
        config.write_text(
            f"title: T\nurl: https://{self.host}/\ntimezone: {self.zone}\n"
            f"authority: {self.authority}\nredirects:\n{redirects}"
            f"gone: [{', '.join(sorted(self.gone))}]\n"
        )
        (folder / "content").mkdir(exist_ok=True)
        texts = {folder / post.file: post.text() for post in self.posts}
        for file in (folder / "content").iterdir():
            if file not in texts:
                file.unlink()
        for file, text in texts.items():
            file.write_text(text)
        return config


def add_post(blog: Blog, n: int) -> None:
    tags = [f"t{k}" for k in range(4) if n >> k & 1]
    author = ("", "", "Bo")[n % 3]
    uid, word, title, body = (blog.words, *(blog.word() for _ in range(3)))
    blog.posts.append(Draft(uid, 1 + n % 3, word, title, body, tags, author))


def set_(name: str, values: Callable[[Blog, int], object]) -> Callable[[Blog, int], None]:
    """An edit that gives a field of some post another value."""

    def edit(blog: Blog, n: int) -> None:
        if blog.posts:
            setattr(blog.posts[n % len(blog.posts)], name, values(blog, n))

    return edit


def swap(name: str) -> Callable[[Blog, int], None]:
    """An edit that exchanges what two posts have that were there before."""

    def edit(blog: Blog, n: int) -> None:
        posts = [post for post in blog.posts if post.uid in blog.before]
        if posts:
            one, other = posts[n % len(posts)], posts[n // 7 % len(posts)]
            first, second = getattr(other, name), getattr(one, name)
            setattr(one, name, first)
            setattr(other, name, second)

    return edit


def drop_post(blog: Blog, n: int) -> None:
    if blog.posts:
        del blog.posts[n % len(blog.posts)]


def rename_tag(blog: Blog, n: int) -> None:
    old, new = f"t{n % 4}", blog.word()
    for post in blog.posts:
        post.tags = [new if tag == old else tag for tag in post.tags]


def forget_a_redirect(blog: Blog, n: int) -> None:
    if blog.redirects:
        del blog.redirects[sorted(blog.redirects)[n % len(blog.redirects)]]


EDITS: dict[str, Callable[[Blog, int], None]] = {
    "add": add_post,
    "rename": set_("name", lambda blog, n: blog.word()),
    "another day": set_("day", lambda blog, n: 1 + n % 5),
    "title": set_("title", lambda blog, n: blog.word()),
    "body": set_("body", lambda blog, n: blog.word()),
    "date": set_("date", lambda blog, n: f"2020-03-0{1 + n % 2} 12:30"),
    "slug": set_("slug", lambda blog, n: blog.word()),
    "no slug": set_("slug", lambda blog, n: ""),
    "swap slugs": swap("slug"),
    "swap names": swap("name"),
    "id": set_("id", lambda blog, n: f"urn:x:{blog.word()}"),
    "no id": set_("id", lambda blog, n: ""),
    "tags": set_("tags", lambda blog, n: [f"t{k}" for k in range(4) if n >> k & 1]),
    "rename a tag": rename_tag,
    "author": set_("author", lambda blog, n: ("", "Bo", "Ib")[n % 3]),
    "elsewhere": set_("link", lambda blog, n: f"https://o.example/{blog.word()}"),
    "draft": set_("draft", lambda blog, n: n % 2 == 0),
    "delete": drop_post,
    "domain": lambda blog, n: setattr(blog, "host", f"{'ab'[n % 2]}.example"),
    "authority": lambda blog, n: setattr(blog, "authority", ("", "c.example,2020")[n % 2]),
    "zone": lambda blog, n: setattr(blog, "zone", ("UTC", "Europe/Copenhagen")[n % 2]),
    "forget a redirect": forget_a_redirect,
}
ADD = st.tuples(st.just("add"), st.integers(0, 1000))
STEP = st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 1000)) | ADD, max_size=3)


def edited(blog: Blog, step: list[tuple[str, int]]) -> Blog:
    """The blog after some edits. What lives elsewhere stays where it is."""
    blog = deepcopy(blog)
    links = {post.uid: post.link for post in blog.posts}
    blog.before = set(links)
    for name, n in step:
        EDITS[name](blog, n)
    for post in blog.posts:
        post.link = links.get(post.uid) or post.link
    return blog


def loaded(blog: Blog, folder: Path) -> Site | None:
    """The blog as it is loaded; None if it has a fault, for which nothing would be published."""
    try:
        return load.site(blog.write(folder))
    except load.LoadError:
        return None


@contextmanager
def folder_of(*posts: int) -> Iterator[tuple[Path, Blog]]:
    """A blog with some posts that was published and has a lock, in a folder of its own."""
    with TemporaryDirectory() as name:
        blog = Blog()
        for n in posts:
            add_post(blog, n)
        site = loaded(blog, Path(name))
        assert site
        found = promises.state(site, Path(name, "config.yaml"), NOW)
        lock.write(found.accepted(), Path(name, lock.NAME))
        yield Path(name), blog


def broken_by(site: Site, folder: Path) -> promises.State:
    return promises.state(site, folder / "config.yaml", NOW)


POSTS = st.lists(st.integers(0, 1000), max_size=4)


@settings(max_examples=40, deadline=None)
@given(POSTS, st.lists(st.tuples(STEP, st.booleans(), st.data()), max_size=5))
def test_whatever_is_edited_all_of_it_can_be_accepted(
    posts: list[int], steps: list[tuple[list[tuple[str, int]], bool, st.DataObject]]
) -> None:
    with folder_of(*posts) as (folder, blog):
        file = folder / lock.NAME
        for step, build, data in steps:
            after = edited(blog, step)
            if (site := loaded(after, folder)) is None:
                continue
            blog = after
            found = broken_by(site, folder)
            if build:
                # What a build without --locked adds changes nothing in what is broken.
                before = set(file.read_text().splitlines())
                lock.write(found.accepted(()), file)
                assert before <= set(file.read_text().splitlines())
                assert about(broken_by(site, folder)) == about(found)
            names = sorted(frozenset[str]().union(*(one.names for one in found.broken)))
            taken = data.draw(st.sets(st.sampled_from(names))) if names else set()
            lock.write(broken_by(site, folder).accepted(taken), file)
            rest = [one for one in found.broken if not one.names & taken]
            assert about(broken_by(site, folder)) == about(replace(found, broken=tuple(rest)))
            lock.write(broken_by(site, folder).accepted(), file)
            assert said(broken_by(site, folder)) == []
            assert broken_by(site, folder).new == 0


@settings(max_examples=25, deadline=None)
@given(POSTS, st.lists(STEP, max_size=3), st.lists(POSTS, max_size=3))
def test_posts_that_are_added_break_nothing_and_change_no_line(
    posts: list[int], steps: list[list[tuple[str, int]]], more: list[list[int]]
) -> None:
    with folder_of(*posts) as (folder, blog):
        file = folder / lock.NAME
        for step in steps:  # Whatever was accepted before.
            after = edited(blog, step)
            if site := loaded(after, folder):
                blog = after
                lock.write(broken_by(site, folder).accepted(), file)
        for numbers in more:
            for n in numbers:
                add_post(blog, n)
            site = loaded(blog, folder)
            assert site
            found = broken_by(site, folder)
            assert said(found) == []
            before = file.read_text().splitlines()
            lock.write(found.accepted(()), file)
            lines = file.read_text().splitlines()
            assert set(before) <= set(lines)
            assert len(lines) == len(before) + found.new


def mended(blog: Blog, folder: Path, places: Mapping[str, int]) -> Site | None:
    """The blog after its editor did what was said; None if it is not to be had.

    *places* are the posts, by what was their address.
    """
    for _ in range(8):
        if (site := loaded(blog, folder)) is None:
            return None
        broken = broken_by(site, folder).broken
        if not broken:
            return site
        now = {post.uid: post for post in blog.posts if not post.draft}
        files = {str(folder / post.file): post for post in blog.posts}
        for one in broken:
            finding = one.finding
            words = re.findall(r"`(.+?)`", finding.message)
            match finding.code:
                case "L102":
                    blog.authority = finding.message.split()[3]
                case "L103":
                    files[finding.path].id = words[-1].removeprefix("id: ")
                case "L104":
                    (path,) = one.names
                    if post := now.get(places[path]):
                        blog.redirects[path] = post.place
                    else:
                        blog.gone.add(path)
                case "L105":
                    old = re.search(r"at (.+) UTC, and", finding.message)
                    assert old
                    files[finding.path].date = f"{old[1]}Z"
                case "L106":
                    path, new = words[0].split(": ", 1)
                    blog.redirects[path] = new
                case "L107":
                    paths = finding.message.partition(" at ")[2].partition(" is ")[0]
                    blog.gone.update(paths.split(", "))
                case _:
                    return None
    raise AssertionError(f"what is said mends nothing: {broken}")


class Reader:
    """Somebody who follows every feed from the first day, in a reader that goes by ids."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.follows: set[str] = set()

    def poll(self, site: Site) -> set[str]:
        """The ids of what is unread. Every feed that is followed answers, leads on or says 410."""
        documents = publish.documents(site, NOW)
        names = {"/": "atom.xml"}
        self.follows |= {feed.path + names.get(feed.path, "rss.xml") for feed in documents.feeds}
        unread = set()
        for path in sorted(self.follows):
            if path not in documents:
                assert path in site.gone or site.redirects[path] in documents
                self.follows.remove(path)
                continue
            for entry in feedparser.parse(documents[path].body).entries:
                unread.add(entry.id)
        unread -= self.seen
        self.seen |= unread
        return unread


@settings(max_examples=40, deadline=None)
@given(POSTS, st.lists(STEP, max_size=6))
def test_no_reader_sees_a_known_post_again_while_every_promise_is_kept(
    posts: list[int], steps: list[list[tuple[str, int]]]
) -> None:
    reader = Reader()
    known: set[int] = set()
    places: dict[str, int] = {}
    with folder_of(*posts) as (folder, blog):
        for step in [[], *steps]:
            after = edited(blog, step)
            site = mended(after, folder, places)
            if site is None:
                continue
            blog = after
            found = broken_by(site, folder)
            lock.write(found.accepted(()), folder / lock.NAME)
            files = {str(folder / post.file): post for post in blog.posts}
            uids = {post.id: files[post.source].uid for post in site.posts}
            unread = reader.poll(site)
            assert unread <= uids.keys()
            assert not {uids[key] for key in unread} & known
            # What was withdrawn, and came back as something else, may be news.
            known = {post.uid for post in blog.posts if not post.draft}
            places |= {post.place: post.uid for post in blog.posts if not post.draft}
