"""The newest posts between two comments in a file that is somebody’s own: a README, a page."""

import re
import stat
from collections.abc import Iterator
from html import escape
from pathlib import Path

from feeds import atomic, pages, words
from feeds.model import Feed, Post

MAX_BYTES = 16 * 1024 * 1024
START, END = "<!-- feeds:start -->", "<!-- feeds:end -->"
_MARKDOWN = {".md", ".markdown"}
_HTML = {".html", ".htm"}

# What has a meaning within the words of a link, in CommonMark and on GitHub; besides < > and &.
_MARKED = re.compile(r"[\\`*_\[\]~$]")
# They turn the rest of their line around, the date too. In HTML each title stands alone.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def write(file: Path, feed: Feed, items: int) -> bool:
    """Put the newest *items* posts of *feed* into *file*, whole or not at all; whether it changed.

    Raises ValueError if the file is neither Markdown nor HTML, or has no place for them.
    """
    before = _read(file)
    try:
        after = text(before.decode(), file.suffix.lower(), feed, items).encode()
    except ValueError as error:
        reason = "is not UTF-8" if isinstance(error, UnicodeError) else error
        raise ValueError(f"{file}: {reason}") from error
    return atomic.write(file, after)


def _read(file: Path) -> bytes:
    # A pipe or device that somebody named like a page would never end.
    if not stat.S_ISREG(file.stat().st_mode):
        raise ValueError(f"{file}: is not a regular file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{file}: is larger than {MAX_BYTES:,} bytes")
    return data


def text(before: str, suffix: str, feed: Feed, items: int) -> str:
    """The text of a file whose name ends with *suffix*, with the posts in their place."""
    if suffix not in _MARKDOWN | _HTML:
        raise ValueError("must be Markdown (.md) or HTML (.html)")
    lines = before.split("\n")
    starts = [number for number, line in enumerate(lines) if line.strip("\ufeff \t\r") == START]
    ends = [number for number, line in enumerate(lines) if line.strip() == END]
    if len(starts) != 1 or len(ends) != 1 or starts > ends:
        raise ValueError(
            f"must have these two lines once, where the posts are to stand:\n{START}\n{END}"
        )
    first = lines[starts[0]]
    indent = first[: first.index("<")]
    end = "\r" if first.endswith("\r") else ""
    made = _markdown(feed, items) if suffix in _MARKDOWN else _html(feed, items)
    between = [f"{indent}{line}".rstrip() + end for line in made]
    return "\n".join([*lines[: starts[0] + 1], *between, *lines[ends[0] :]])


def _markdown(feed: Feed, items: int) -> Iterator[str]:
    # Empty lines as Prettier puts them, or it would undo what this does.
    yield ""
    for post in feed.posts[:items]:
        title = _MARKED.sub(r"\\\g<0>", escape(_TURNING.sub("", post.title), quote=False))
        link = re.sub("[()]", r"\\\g<0>", escape(post.link))
        yield f"- [{title}]({link}) – {_day(feed, post)}"
    if not feed.posts:
        yield _none(feed)
    yield ""


def _html(feed: Feed, items: int) -> Iterator[str]:
    if not feed.posts:
        yield f"<p>{_none(feed)}</p>"
        return
    yield "<ul>"
    for post in feed.posts[:items]:
        language = f' lang="{post.language}"' if post.language else ""
        yield (
            f'<li><a href="{escape(post.link)}"{language}><bdi>{escape(post.title)}</bdi></a> '
            f'<time datetime="{post.published.isoformat()}">{_day(feed, post)}</time></li>'
        )
    yield "</ul>"


def _day(feed: Feed, post: Post) -> str:
    return pages.date(feed.site, post.published)


def _none(feed: Feed) -> str:
    return words.of(feed.site.language)["none"]
