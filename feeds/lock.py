"""``feeds.lock``: what subscribers were promised, kept beside the config and committed with it.

For each post ever published its permanent id, when that was and a digest of its text; for each page
ever published the id of what is there. ``feeds build`` adds what is new and changes nothing that is
there. The file is YAML with a line for each promise, sorted, so that git merges it; it is read by
those lines, because it grows with the blog, and because a merge can leave anything in it.
"""

import codecs
import hashlib
import io
import json
import re
import stat
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feeds import atomic
from feeds.model import Feed, Finding, Post
from feeds.rules import shown
from feeds.rules.promise import Lock, Promise

NAME = "feeds.lock"
MAX_BYTES = 64 * 1024 * 1024
MAX_FAULTS = 100  # Somebody put another file in its place.

_HEAD = """\
# What subscribers of this site were promised. `feeds build` adds to it and changes nothing: commit
# it, and edit it only by `feeds lock --accept`.
"""
# What YAML does not print, or breaks lines at, beyond what JSON escapes.
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# JSON's strings as they are written here; nothing in them is looked at twice.
_STRING = (
    r'("(?:[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]++'
    r'|\\(?:["\\bfnrt]|u(?!d[89a-f])[0-9a-f]{4}))*+")'
)
_POST = re.compile(
    rf"  {_STRING}: \{{published: (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ), slug: {_STRING}, "
    r'text: "([0-9a-f]{16})"\}',
    re.ASCII,
)
_PAGE = re.compile(rf"  {_STRING}: {_STRING}")
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def of(posts: Iterable[Post], feeds: Iterable[Feed]) -> Lock:
    """What is promised by publishing *posts* and *feeds*."""
    lock = Lock()
    for post in posts:
        lock.posts[post.id] = Promise(published=post.published, slug=post.slug, text=_digest(post))
        if post.path:
            lock.pages[post.path] = post.id
    for feed in feeds:
        lock.pages[feed.path] = feed.id
    return lock


def _digest(post: Post) -> str:
    """What tells a post that has another id from others: for one without a page, where it lives."""
    said = f"{post.title}\0{post.content}" if post.path else post.link
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def read(file: Path) -> tuple[Lock | None, list[Finding]]:
    """The lock in *file*, None if there is none, and what is wrong with the file."""
    lock = Lock()
    findings: list[Finding] = []

    def fault(message: str, line: int = 0) -> None:
        column = 1 if line else 0
        findings.append(Finding(path=str(file), message=message, line=line, column=column))

    try:
        # A pipe would never end.
        if not stat.S_ISREG(file.stat().st_mode):
            fault("it is not a regular file")
            return lock, findings
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, []
    except OSError as error:
        fault(str(error.strerror))
        return lock, findings
    if len(data) > MAX_BYTES:
        fault(f"it is larger than {MAX_BYTES:,} bytes")
        return lock, findings
    heads = {"posts:", "pages:"}
    for number, raw in enumerate(io.BytesIO(data.removeprefix(codecs.BOM_UTF8)), 1):
        line = raw.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
        heads.discard(line)
        if line.startswith("#") or line in ("", "posts:", "pages:"):
            continue
        if line.startswith(_CONFLICT):
            fault("a merge left this line; keep those of both sides, without it", number)
        elif wrong := _take(line, number, lock):
            fault(wrong, number)
        if len(findings) == MAX_FAULTS:
            break
    if heads and not findings:
        # Emptied by a full disk, or cut off: nobody took all promises back.
        fault(f"it has no line `{min(heads)}`; take it from git again")
    return lock, findings


def _take(line: str, number: int, lock: Lock) -> str | None:
    """Add what a *line* promises to *lock*; or what is wrong with it."""
    unknown = "this is no line of a lock; take it from git again"
    if match := _POST.fullmatch(line):
        key = json.loads(match[1])
        try:
            published = datetime.fromisoformat(match[2])
        except ValueError:
            return unknown
        slug = json.loads(match[3])
        promise = Promise(published=published, slug=slug, text=match[4], line=number)
        known = lock.posts.setdefault(key, promise)
        if known != promise:
            return f"{shown(key)} has another promise in line {known.line}; keep one of them"
    elif match := _PAGE.fullmatch(line):
        path, key = json.loads(match[1]), json.loads(match[2])
        first = lock.lines.setdefault(path, number)
        if lock.pages.setdefault(path, key) != key:
            return f"{shown(path)} has another id in line {first}; keep one of them"
    else:
        return unknown
    return None


def write(lock: Lock, file: Path) -> bool:
    """Make *file* hold *lock*, whole or not at all; whether that changed anything."""
    return atomic.write(file, text(lock).encode())


def text(lock: Lock) -> str:
    """The lock as it stands in the file."""
    lines = [_HEAD, "posts:\n"]
    for key, post in sorted(lock.posts.items()):
        moment = post.published.astimezone(UTC).replace(tzinfo=None).isoformat()
        lines.append(
            f"  {_quoted(key)}: {{published: {moment}Z, slug: {_quoted(post.slug)}, "
            f'text: "{post.text}"}}\n'
        )
    lines.append("pages:\n")
    lines += [f"  {_quoted(path)}: {_quoted(key)}\n" for path, key in sorted(lock.pages.items())]
    return "".join(lines)


def renamed(lock: Lock, ids: Mapping[str, str]) -> Lock:
    """*lock* with other ids: what was promised of the old is promised of the new."""
    return Lock(
        posts={ids.get(key, key): post for key, post in lock.posts.items()},
        pages={path: ids.get(key, key) for path, key in lock.pages.items()},
    )


def redated(lock: Lock, dates: Mapping[str, datetime]) -> Lock:
    """*lock* with other dates of publication, by the posts' ids."""
    posts = {
        key: replace(post, published=dates.get(key, post.published))
        for key, post in lock.posts.items()
    }
    return Lock(posts=posts, pages=lock.pages)


def without(lock: Lock, pages: Container[str], posts: Container[str]) -> Lock:
    """*lock* without *pages*, and without those *posts* that have no page left in it."""
    kept = {path: key for path, key in lock.pages.items() if path not in pages}
    homes = set(kept.values())
    return Lock(
        posts={k: post for k, post in lock.posts.items() if k not in posts or k in homes},
        pages=kept,
    )


def added(lock: Lock, now: Lock, but: Container[str]) -> Lock:
    """*lock* with what is new in *now*, *but* for some ids."""
    return Lock(
        posts={key: post for key, post in now.posts.items() if key not in but} | lock.posts,
        pages={path: key for path, key in now.pages.items() if key not in but} | lock.pages,
    )


def _quoted(text: str) -> str:
    return _HIDDEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))
