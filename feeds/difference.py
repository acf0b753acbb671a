"""A diff for people on a terminal and on a pull request, and for programs.

Titles, ids and addresses come from outside and obey nobody here: none is a terminal's escape
sequence, GitHub's command, Markdown or HTML, and none calls a person or an issue by its name.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from feeds.diff import KINDS, Change, Diff
from feeds.model import printable, whole

FORMATS = ("text", "json", "markdown", "github")

MAX_TEXT = 200  # characters of a title or an address
# GitHub takes no comment of more than 65,536 characters.
MAX_MARKDOWN = 60_000
_NAMED = 3  # feeds that are named where a change is in many
_GITHUB = {"warning": "warning", "info": "notice"}


def render(diff: Diff, form: str) -> str:
    """*diff* in one of the ``FORMATS``, the last line end included."""
    lines: Iterable[str]
    match form:
        case "text":
            lines = _text(diff)
        case "json":
            lines = [json.dumps(_clean(_object(diff)), indent=2)]
        case "markdown":
            lines = _markdown(diff)
        case "github":
            lines = [*map(_command, _by_level(diff)), _sum(diff)]
        case _:
            raise ValueError(f"{form!r} is none of {', '.join(FORMATS)}")
    return "".join(f"{line}\n" for line in lines)


def _counts(diff: Diff) -> dict[str, int]:
    """How many changes there are, of the kinds that there are."""
    return {kind: number for kind, number in diff.counts().items() if number}


def _sum(diff: Diff) -> str:
    """All in a sentence: ``1 resurfaced, 2 new, in 3 of 9 feeds``."""
    feeds = "1 feed" if diff.feeds == 1 else f"{diff.feeds} feeds"
    if not diff.changes:
        return f"Subscribers will see no change, in {feeds}."
    counted = ", ".join(f"{number} {kind}" for kind, number in _counts(diff).items())
    return f"{counted}, in {diff.affected()} of {feeds}."


def _by_level(diff: Diff) -> list[Change]:
    """The changes, warnings first: services show only the first few."""
    return sorted(diff.changes, key=lambda change: KINDS[change.kind].level != "warning")


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _said(change: Change, quoted: Callable[[str], str]) -> tuple[str, str]:
    """What changed, by its name, and what is to be said of it; both may be empty."""
    name = change.title or change.id
    other = quoted(change.other) if change.other else ""
    return quoted(name) if name else "", f"{change.detail} {other}".strip()


def _feeds(change: Change) -> str:
    """``3 feeds``, with the first of them by name; empty for one."""
    if len(change.feeds) == 1:
        return ""
    named = ", ".join(map(_short, change.feeds[:_NAMED]))
    more = "" if len(change.feeds) <= _NAMED else ", …"
    return f"{len(change.feeds)} feeds: {named}{more}"


def _text(diff: Diff) -> Iterator[str]:
    yield f"From {_short(diff.old)} to {_short(diff.new)}:"
    yield _sum(diff)
    for kind, number in _counts(diff).items():
        yield f"  {number:5} {kind:10}  subscribers {KINDS[kind].see}"
    for feed, changes in groupby(diff.changes, key=_first_feed):
        yield ""
        yield _short(feed)
        for change in changes:
            feeds = _feeds(change)
            parts = (*_said(change, _short), f"({feeds})" if feeds else "")
            yield f"  {change.kind:10}  {'  '.join(part for part in parts if part)}".rstrip()


def _first_feed(change: Change) -> str:
    return change.feeds[0]


def _object(diff: Diff) -> dict[str, Any]:
    return {
        "old": diff.old,
        "new": diff.new,
        "feeds": diff.feeds,
        "affected": diff.affected(),
        "summary": diff.counts(),
        "changes": [
            {
                "kind": change.kind,
                "level": KINDS[change.kind].level,
                "feeds": list(change.feeds),
                "id": change.id,
                "title": change.title,
                "url": change.url,
                "detail": change.detail,
                "other": change.other,
            }
            for change in diff.changes
        ],
    }


def _clean(value: Any) -> Any:
    """*value* with texts that every JSON parser takes."""
    match value:
        case str():
            return whole(value)
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {key: _clean(one) for key, one in value.items()}
    return value


def _markdown(diff: Diff) -> Iterator[str]:
    yield f"**{_sum(diff)}**"
    yield ""
    yield f"What subscribers will see, from {_code(diff.old)} to {_code(diff.new)}."
    if not diff.changes:
        return
    yield ""
    yield "| change | number | subscribers |"
    yield "| --- | ---: | --- |"
    warned = False
    for kind, number in _counts(diff).items():
        warning = KINDS[kind].level == "warning"
        warned = warned or warning
        yield f"| {f'**{kind}**' if warning else kind} | {number} | {KINDS[kind].see} |"
    yield ""
    yield f"<details{' open' if warned else ''}><summary>Each change</summary>"
    yield from _items(diff)
    yield ""
    yield "</details>"


def _items(diff: Diff) -> Iterator[str]:
    """The changes as lists, a feed each, as many as a comment can hold."""
    size, feed = 0, None
    for number, change in enumerate(diff.changes):
        name, said = _said(change, _code)
        feeds = f"in {len(change.feeds)} feeds" if len(change.feeds) > 1 else ""
        told = "; ".join(part for part in (said, feeds) if part)
        item = f"- {change.kind}{name and f': {name}'}{told and f' – {told}'}"
        head = [] if change.feeds[0] == feed else ["", _code(change.feeds[0]), ""]
        feed = change.feeds[0]
        size += sum(len(line) + 1 for line in (*head, item))
        if size > MAX_MARKDOWN:
            yield ""
            yield f"{len(diff.changes) - number} more are left out; `feeds diff` tells them all."
            return
        yield from head
        yield item


def _code(text: str) -> str:
    """*text* as a code span: nothing in it is markup, a mention, a reference or a link.

    A backslash would not do: GitHub looks for @names and #1 in the text that Markdown has become.
    """
    text = _short(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if "`" in text or text != text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _command(change: Change) -> str:
    """A workflow command, which GitHub shows on the page of the run."""
    kind = KINDS[change.kind]
    feeds = _feeds(change) or _short(change.feeds[0])
    parts = (*_said(change, _short), feeds, f"subscribers {kind.see}")
    message = "; ".join(part for part in parts if part)
    # The runner turns this back; ends of lines there are none.
    escaped = message.replace("%", "%25")
    return f"::{_GITHUB[kind.level]} title={change.kind}::{escaped}"
