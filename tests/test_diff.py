"""What subscribers see of each edit, how it is told, and that nobody's title takes over."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import markdown_it
import pytest
from click.testing import CliRunner, Result

from feeds import cli, diff, difference, snapshot
from feeds.diff import KINDS, Change, Diff, Shown, Snapshot, Window

from .conftest import NOW, SHIPPED, Write

CONFIG = """\
title: T
url: https://e.example/
authority: e.example,2020
timezone: Europe/Copenhagen
"""
A, B, C = (f"content/2020-0{n}-01-{name}.yaml" for n, name in ((1, "a"), (2, "b"), (3, "c")))
POSTS = {
    A: "title: A\ndate: 2020-01-01 10:00\ntags: [x]\nbody: Aaa\n",
    B: "title: B\ndate: 2020-02-01 10:00\ntags: [x, y]\nbody: Bbb, see [a](/posts/a/).\n",
    C: "title: C\ndate: 2020-03-01 10:00\ntags: [y]\nbody: Ccc\n",
}
SITE = {"config.yaml": CONFIG, **POSTS}

Files = Mapping[str, str | None]
# What changed, in short: its kind, the title, the feeds, and what more is said.
Seen = tuple[str, str, str, str]


def changed(name: str, old: str, new: str) -> Files:
    """A file of the site with another text in it."""
    assert old in SITE[name]
    return {name: SITE[name].replace(old, new)}


def led(line: str) -> str:
    """A line of the config for each document of a feed."""
    return "".join(
        f"  {line.replace('*', file)}\n" for file in ("rss.xml", "atom.xml", "feed.json")
    )


def seen(found: Diff) -> list[Seen]:
    return [
        (c.kind, c.title, " ".join(c.feeds), f"{c.detail} {c.other}".strip()) for c in found.changes
    ]


def after(write: Write, files: Files, before: Mapping[str, str] = SITE) -> Diff:
    """What subscribers see of an edit: files written, or deleted where they are None."""
    config = write(dict(before))
    old = snapshot.take(None, config, NOW)
    write({name: text for name, text in {**before, **files}.items() if text is not None})
    for name, text in files.items():
        if text is None:
            Path(name).unlink()
    return diff.compare(old, snapshot.take(None, config, NOW))


ID = "has another id; it was tag:e.example,2020:posts/2020-0"
NO_NEWS = "is no newer than what this feed showed"
MOVED = "is from now on at https://f.example"
EDITS: list[tuple[str, Files, list[Seen]]] = [
    ("nothing", {}, []),
    (
        "new post",
        {"content/2020-04-01-d.yaml": "title: D\ntags: [x]\n"},
        [("new", "D", "/ /tags/x/", "")],
    ),
    (
        "new post, dated back",
        {"content/2020-01-15-d.yaml": "title: D\n"},
        [("new", "D", "/", "")],
    ),
    (
        "new tag",
        changed(C, "[y]", "[y, z]"),
        [("added", "z – T", "/tags/z/", "")],
    ),
    (
        "file renamed",
        {A: None, A.replace("-a", "-q"): POSTS[A]},
        [("resurfaced", "A", "/ /tags/x/", f"{ID}1-01-a")],
    ),
    (
        "file renamed and edited, same address",
        {A: None, A.replace("-a", "-q"): "title: Q\ndate: 2020-01-02\ntags: [x]\nslug: a\n"},
        [("resurfaced", "Q", "/ /tags/x/", f"{ID}1-01-a")],
    ),
    (
        "file renamed and edited, redirected",
        {
            A: None,
            A.replace("-a", "-q"): "title: Q\ndate: 2020-01-02\ntags: [x]\n",
            "config.yaml": f"{CONFIG}redirects: {{/posts/a/: /posts/q/}}\n",
        },
        [("resurfaced", "Q", "/ /tags/x/", f"{ID}1-01-a")],
    ),
    (
        "file renamed and edited, same moment",
        {A: None, A.replace("-a", "-q"): "title: Q\ndate: 2020-01-01 10:00\ntags: [x]\n"},
        [("resurfaced", "Q", "/ /tags/x/", f"{ID}1-01-a")],
    ),
    (
        "gone, and another of the same moment",
        {
            A: None,
            A.replace("-a", "-q"): "title: Q\ndate: 2020-01-01 10:00\ntags: [x]\n",
            "config.yaml": f"{CONFIG}gone: [/posts/a/]\n",
        },
        [("new", "Q", "/ /tags/x/", ""), ("withdrawn", "A", "/ /tags/x/", "")],
    ),
    ("title", changed(A, "title: A", "title: AA"), [("silent", "AA", "/ /tags/x/", "title")]),
    (
        "title, said",
        changed(A, "title: A", "updated: 2020-05-01\ntitle: AA"),
        [("edited", "AA", "/ /tags/x/", "title")],
    ),
    (
        "updated alone",
        changed(A, "tags", "updated: 2020-05-01\ntags"),
        [
            ("edited", "A", "/ /tags/x/", ""),
        ],
    ),
    ("body", changed(A, "Aaa", "aaa"), [("silent", "A", "/ /tags/x/", "text")]),
    (
        "date, later",
        changed(A, "2020-01-01", "2020-02-15"),
        [
            ("edited", "A", "/ /tags/x/", "date"),
            ("reordered", "", "/ /tags/x/", ""),
        ],
    ),
    (
        "date, earlier",
        changed(C, "2020-03-01", "2020-01-15"),
        [
            ("silent", "C", "/ /tags/y/", "date"),
            ("reordered", "", "/ /tags/y/", ""),
        ],
    ),
    (
        "tag added to an old post",
        changed(A, "[x]", "[x, y]"),
        [("resurfaced", "A", "/tags/y/", NO_NEWS)],
    ),
    ("tag added to a new post", changed(C, "[y]", "[x, y]"), [("new", "C", "/tags/x/", "")]),
    ("tag removed", changed(B, "[x, y]", "[y]"), [("left", "B", "/tags/x/", "")]),
    (
        "tag removed from all",
        {**changed(A, "[x]", "[y]"), **changed(B, "[x, y]", "[y]")},
        [("feed-lost", "x – T", "/tags/x/", ""), ("resurfaced", "A", "/tags/y/", NO_NEWS)],
    ),
    (
        "tag renamed and redirected",
        {
            **changed(A, "x", "z"),
            **changed(B, "x,", "z,"),
            "config.yaml": f"{CONFIG}redirects:\n{led('/tags/x/*: /tags/z/*')}",
        },
        [("feed-moved", "x – T", "/tags/x/", "leads to /tags/z/")],
    ),
    (
        "tag merged into another",
        {
            **changed(A, "x", "y"),
            **changed(B, "x, ", ""),
            "config.yaml": f"{CONFIG}redirects:\n{led('/tags/x/*: /tags/y/*')}",
        },
        [
            ("feed-moved", "x – T", "/tags/x/", "leads to /tags/y/"),
            ("new", "C", "/tags/x/", ""),
            ("resurfaced", "A", "/tags/y/", NO_NEWS),
        ],
    ),
    (
        "tag led to a page, which is no feed",
        {
            **changed(A, "[x]", "[]"),
            **changed(B, "x, ", ""),
            "config.yaml": f"{CONFIG}redirects:\n{led('/tags/x/*: /tags/y/')}",
        },
        [("feed-lost", "x – T", "/tags/x/", "")],
    ),
    (
        "tag that leads elsewhere in one format only",
        {
            **changed(A, "[x]", "[]"),
            **changed(B, "x, ", ""),
            "config.yaml": f"{CONFIG}redirects: {{/tags/x/rss.xml: https://o.example/rss}}\n",
        },
        [
            (
                "feed-lost",
                "x – T",
                "/tags/x/",
                "at 2 of its 3 addresses, such as /tags/x/atom.xml",
            )
        ],
    ),
    (
        "tag that leads elsewhere",
        {
            **changed(A, "[x]", "[]"),
            **changed(B, "x, ", ""),
            "config.yaml": f"{CONFIG}redirects:\n{led('/tags/x/*: https://o.example/*')}",
        },
        [("feed-moved", "x – T", "/tags/x/", "leads to https://o.example/rss.xml")],
    ),
    (
        "tag gone",
        {
            **changed(A, "[x]", "[]"),
            **changed(B, "x, ", ""),
            "config.yaml": f"{CONFIG}gone:\n{led('- /tags/x/*')}",
        },
        [("feed-gone", "x – T", "/tags/x/", "")],
    ),
    (
        "slug",
        changed(A, "tags", "slug: aa\ntags"),
        [("moved", "A", "/ /tags/x/", "was at https://e.example/posts/a/")],
    ),
    (
        "url",
        {"config.yaml": CONFIG.replace("e.example/", "f.example/")},
        [("site-moved", "", "/ /tags/x/ /tags/y/", MOVED)],
    ),
    (
        "authority",
        {"config.yaml": CONFIG.replace("e.example,2020", "f.example,2020")},
        [
            ("resurfaced", "C", "/ /tags/y/", f"{ID}3-01-c"),
            ("resurfaced", "B", "/ /tags/x/ /tags/y/", f"{ID}2-01-b"),
            ("resurfaced", "A", "/ /tags/x/", f"{ID}1-01-a"),
        ],
    ),
    (
        "authority, and every post edited",
        {
            "config.yaml": CONFIG.replace("e.example,2020", "f.example,2020"),
            A: "title: Q\ndate: 2019-01-01\nslug: q\n",
            B: None,
            C: None,
        },
        [
            ("resurfaced", "Q", "/", f"{ID}1-01-a"),
            ("withdrawn", "B", "/", ""),
            ("withdrawn", "C", "/", ""),
            ("feed-lost", "x – T", "/tags/x/", ""),
            ("feed-lost", "y – T", "/tags/y/", ""),
        ],
    ),
    (
        "time zone, further west",
        {"config.yaml": CONFIG.replace("Europe/Copenhagen", "UTC")},
        [
            ("edited", "C", "/ /tags/y/", "date"),
            ("edited", "B", "/ /tags/x/ /tags/y/", "date"),
            ("edited", "A", "/ /tags/x/", "date"),
        ],
    ),
    (
        "time zone, further east",
        {"config.yaml": CONFIG.replace("Europe/Copenhagen", "Asia/Tokyo")},
        [
            ("silent", "C", "/ /tags/y/", "date"),
            ("silent", "B", "/ /tags/x/ /tags/y/", "date"),
            ("silent", "A", "/ /tags/x/", "date"),
        ],
    ),
    ("deleted", {A: None}, [("withdrawn", "A", "/ /tags/x/", "")]),
    (
        "deleted in the middle",
        {B: None},
        [("withdrawn", "B", "/ /tags/x/ /tags/y/", "")],
    ),
    (
        "back to a draft",
        changed(A, "tags", "draft: true\ntags"),
        [
            ("withdrawn", "A", "/ /tags/x/", ""),
        ],
    ),
    (
        "window smaller",
        {"config.yaml": f"{CONFIG}feeds: {{posts: 1}}\n"},
        [
            ("aged", "A", "/ /tags/x/", ""),
            ("aged", "B", "/ /tags/y/", ""),
        ],
    ),
    (
        "summaries only",
        {"config.yaml": f"{CONFIG}feeds: {{content: summary}}\n"},
        [
            ("silent", "C", "/ /tags/y/", "text"),
            ("silent", "B", "/ /tags/x/ /tags/y/", "text"),
            ("silent", "A", "/ /tags/x/", "text"),
        ],
    ),
    (
        "another author",
        changed(A, "tags", "author: Jo\ntags"),
        [("added", "Jo – T", "/authors/jo/", ""), ("added", "T – T", "/authors/t/", "")],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [pytest.param(*e[1:], id=e[0]) for e in EDITS])
def test_what_subscribers_see_of_an_edit(write: Write, files: Files, expected: list[Seen]) -> None:
    assert seen(after(write, files)) == expected


SMALL = {**SITE, "config.yaml": f"{CONFIG}feeds: {{posts: 2}}\n"}
D = {"content/2020-04-01-d.yaml": "title: D\n"}


def test_newer_posts_push_old_ones_into_the_archives(write: Write) -> None:
    assert seen(after(write, D, SMALL)) == [
        ("new", "D", "/", ""),
        ("aged", "A", "/", ""),
        ("aged", "B", "/", ""),
    ]


def test_a_larger_window_brings_old_posts_back(write: Write) -> None:
    raised = {"config.yaml": CONFIG}
    assert seen(after(write, raised, {**SMALL, **D})) == [
        ("resurfaced", "B", "/", NO_NEWS),
        ("resurfaced", "A", "/", NO_NEWS),
    ]


def test_a_deletion_brings_old_posts_back(write: Write) -> None:
    assert seen(after(write, {C: None}, {**SMALL, **D})) == [
        ("resurfaced", "B", "/", NO_NEWS),
        ("resurfaced", "A", "/", NO_NEWS),
        ("withdrawn", "C", "/ /tags/y/", ""),
    ]


def test_without_an_authority_another_host_makes_every_post_new(write: Write) -> None:
    before = {"config.yaml": "title: T\nurl: http://e.example\n", A: POSTS[A]}
    url = {"config.yaml": "title: T\nurl: https://f.example/blog/\n"}
    moved = "is from now on at https://f.example/blog"
    was = "has another id; it was tag:e.example,2000:posts/2020-01-01-a"
    assert seen(after(write, url, before)) == [
        ("site-moved", "", "/ /tags/x/", moved),
        ("resurfaced", "A", "/ /tags/x/", was),
    ]


# --- Sites of others -----------------------------------------------------------------------------

START = datetime(2020, 1, 1, tzinfo=UTC)


def post(name: str, day: int | None = 0, **fields: object) -> Shown:
    shown = Shown(
        id=name,
        title=name.upper(),
        url=f"https://e.example/{name}",
        published=None if day is None else START + timedelta(days=day),
        updated=None,
        text=name,
    )
    return replace(shown, **fields)  # type: ignore[arg-type]


def site(*posts: Shown, older: tuple[Shown, ...] | None = (), **more: object) -> Snapshot:
    window = Window(title="T", documents=("/feed.xml",), posts=posts, older=older)
    snapshot = Snapshot(name="s", url="", feeds={"/feed.xml": window}, leads={})
    return replace(snapshot, **more)  # type: ignore[arg-type]


def kinds(old: Snapshot, new: Snapshot) -> list[str]:
    return [f"{change.kind} {change.title}".strip() for change in diff.compare(old, new).changes]


def test_where_archives_are_not_known_what_is_pushed_out_below_has_aged() -> None:
    a, b, c, d = post("a", 1), post("b", 2), post("c", 3), post("d", 4)
    old = site(c, b, a, older=None)
    assert kinds(old, site(d, c, b, older=None)) == ["new D", "aged A"]
    assert kinds(old, site(d, c, a, older=None)) == ["new D", "withdrawn B"]
    assert kinds(old, site(c, b, older=None)) == ["withdrawn A"]
    assert kinds(old, site(d, older=None)) == ["new D", "aged A", "aged B", "aged C"]


def test_where_archives_are_not_known_what_comes_in_below_was_in_them() -> None:
    a, b, c = post("a", 1), post("b", 2), post("c", 3)
    assert kinds(site(c, b, older=None), site(c, b, a, older=None)) == ["resurfaced A"]
    assert kinds(site(c, b), site(c, b, a)) == ["new A"]
    assert kinds(site(c, a, older=None), site(c, b, a, older=None)) == ["new B"]


def test_without_dates_a_post_that_comes_in_is_new() -> None:
    old = site(post("a", None))
    assert kinds(old, site(post("b", None), post("a", None))) == ["new B"]
    assert kinds(old, site(post("a", None), post("b", 1))) == ["new B"]


def test_a_date_that_only_one_side_says_is_no_edit() -> None:
    assert kinds(site(post("a", None)), site(post("a", 1))) == []
    later = START + timedelta(days=9)
    assert kinds(site(post("a", 1)), site(post("a", 1, updated=later))) == []
    assert kinds(site(post("a", 1, updated=START)), site(post("a", 1, updated=later))) == [
        "edited A"
    ]


def test_a_link_that_came_or_went_is_no_move() -> None:
    assert kinds(site(post("a", url="")), site(post("a"))) == []


def test_several_posts_alike_are_not_taken_for_each_other() -> None:
    def alike(name: str) -> Shown:
        return post(name, title="Note", text="", url="https://e.example/")

    assert kinds(site(alike("a"), alike("b")), site(alike("c"), alike("d"))) == [
        "new Note",
        "new Note",
        "withdrawn Note",
        "withdrawn Note",
    ]


def test_an_id_given_twice_is_one_post() -> None:
    old = site(post("a"))
    assert kinds(old, site(post("a"), post("a"), post("b", 1), post("b", 1))) == ["new B"]


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ({}, ["feed-lost T"]),
        ({"/feed.xml": "/atom.xml"}, ["feed-moved T"]),
        ({"/feed.xml": "/a", "/a": "/b", "/b": "/atom.xml"}, ["feed-moved T"]),
        ({"/feed.xml": "/a", "/a": "/b", "/b": "/a"}, ["added U", "feed-lost T"]),
        ({"/feed.xml": "/a", "/a": None}, ["added U", "feed-gone T"]),
        ({"/feed.xml": "/feed.json"}, ["added U", "feed-lost T"]),
    ],
)
def test_redirects_are_followed_to_a_feed(
    leads: dict[str, str | None], expected: list[str]
) -> None:
    window = Window(title="U", documents=("/atom.xml",), posts=(post("a"),), older=())
    new = site(feeds={"/": window} if leads else {}, leads=leads)
    assert kinds(site(post("a")), new) == expected


# --- How it is told ------------------------------------------------------------------------------


def test_text(write: Write) -> None:
    edit = {
        **changed(A, "[x]", "[x, y]"),
        "content/2020-04-01-d.yaml": "title: D\ntags: [x, y, z, w]\n",
        **changed(B, "tags: [x, y]", "tags: [x, y, z, w]\nupdated: 2020-05-01"),
    }
    assert (
        difference.render(after(write, edit), "text")
        == """\
From the site as it stands to the site as it stands:
1 resurfaced, 1 new, 1 edited, 2 added, in 5 of 5 feeds.
      1 resurfaced  subscribers see an old post as unread
      1 new         subscribers see a new post
      1 edited      subscribers see the edit, where readers show edits
      2 added       subscribers can subscribe from now on

/
  new         D  (3 feeds: /, /tags/x/, /tags/y/)
  edited      B  (3 feeds: /, /tags/x/, /tags/y/)

/tags/w/
  added       w – T

/tags/y/
  resurfaced  A  is no newer than what this feed showed

/tags/z/
  added       z – T
"""
    )


def many(*changes: Change, feeds: int = 4) -> Diff:
    return Diff(old="a", new="b", feeds=feeds, changes=changes)


def test_of_many_feeds_the_first_are_named() -> None:
    change = Change(kind="new", feeds=tuple(f"/{n}/" for n in range(12)), id="i")
    text = difference.render(many(change), "text")
    assert "\n  new         i  (12 feeds: /0/, /1/, /2/, …)\n" in text
    assert "\n- new: `i` – in 12 feeds\n" in difference.render(many(change), "markdown")


@pytest.mark.parametrize("form", difference.FORMATS)
def test_no_change_is_said_to_be_none(form: str) -> None:
    told = difference.render(many(feeds=1), form)
    assert "no change, in 1 feed." in told or json.loads(told)["changes"] == []


def test_json(write: Write) -> None:
    told = json.loads(difference.render(after(write, changed(C, "[y]", "[x, y]")), "json"))
    assert (told["feeds"], told["affected"]) == (3, 1)
    assert list(told["summary"]) == list(KINDS)
    assert told["summary"]["new"] == 1
    assert told["changes"] == [
        {
            "kind": "new",
            "level": "info",
            "feeds": ["/tags/x/"],
            "id": "tag:e.example,2020:posts/2020-03-01-c",
            "title": "C",
            "url": "https://e.example/posts/c/",
            "detail": "",
            "other": "",
        }
    ]


def test_markdown(write: Write) -> None:
    edit = {
        **changed(A, "[x]", "[x, y]"),
        "content/2020-04-01-d.yaml": "title: D\ntags: [x]\n",
        "config.yaml": CONFIG.replace("e.example/", "f.example/"),
    }
    assert (
        difference.render(after(write, edit), "markdown")
        == """\
**1 site-moved, 1 resurfaced, 1 new, in 3 of 3 feeds.**

What subscribers will see, from `the site as it stands` to `the site as it stands`.

| change | number | subscribers |
| --- | ---: | --- |
| **site-moved** | 1 | stay behind, unless the old address redirects; nobody can tell from here |
| **resurfaced** | 1 | see an old post as unread |
| new | 1 | see a new post |

<details open><summary>Each change</summary>

`/`

- site-moved – is from now on at `https://f.example`; in 3 feeds
- new: `D` – in 2 feeds

`/tags/y/`

- resurfaced: `A` – is no newer than what this feed showed

</details>
"""
    )


def test_markdown_fits_into_a_comment() -> None:
    changes = [Change(kind="new", feeds=("/",), id=f"{n}", title="t" * 999) for n in range(999)]
    told = difference.render(many(*changes), "markdown")
    assert len(told) < 65_536
    match = re.search(
        r"^(\d+) more are left out; `feeds diff` tells them all\.$", told, re.MULTILINE
    )
    assert match
    assert int(match[1]) + told.count("\n- new: ") == 999
    assert told.endswith("\n\n</details>\n")
    assert "<details><summary>" in told


def test_github_shows_warnings_first(write: Write) -> None:
    found = after(write, {**changed(A, "[x]", "[x, y]"), **D})
    assert difference.render(found, "github").splitlines() == [
        "::warning title=resurfaced::A; is no newer than what this feed showed; /tags/y/; "
        "subscribers see an old post as unread",
        "::notice title=new::D; /; subscribers see a new post",
        "1 resurfaced, 1 new, in 2 of 3 feeds.",
    ]


def test_an_unknown_form() -> None:
    with pytest.raises(ValueError, match="'html' is none of text, json, markdown, github"):
        difference.render(many(), "html")


HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07 \N{RIGHT-TO-LEFT OVERRIDE}txt",
    "a\n::error::b\r\n::stop-commands::x",
    "100%0A::error::b",
    "<img src=x onerror=alert(1)><script>alert(1)</script></details>",
    "`` ` ``` <b>x</b> `",
    "`",
    "@everyone and #1, GH-1, octo/repo#2, :tada: https://github.com/o/r/issues/1",
    "[x](javascript:alert(1)) ![x](https://t.example/p.png) **b** | c | \\",
    "- a\n\n# b\n\n| c |\n| - |",
    "\ud800 lone",
    "  ",
    "t" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nobodys_title_takes_over(text: str) -> None:
    change = Change(
        kind="resurfaced", feeds=(text, "/"), id=text, title=text, detail="was", other=text
    )
    found = Diff(old=text, new=text, feeds=2, changes=(change,))
    told = {form: difference.render(found, form) for form in difference.FORMATS}
    for form in ("text", "markdown", "github"):
        assert all(line.isprintable() for line in told[form].split("\n")), form
    assert len(told["text"].splitlines()) == 6
    command, rest = told["github"].splitlines()
    assert command.startswith("::warning title=resurfaced::")
    assert rest == "1 resurfaced, in 2 of 2 feeds."
    assert not re.search("%(?!25)", command)
    told["json"].encode("ascii")
    assert json.loads(told["json"])["changes"][0]["title"] == text.replace("\ud800", "\ufffd")
    # All that is theirs is in code spans, where GitHub looks for no name, number or address.
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse(told["markdown"])
    blocks = [token for token in tokens if token.type == "html_block"]
    assert [block.content for block in blocks] == [
        "<details open><summary>Each change</summary>\n",
        "</details>\n",
    ]
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {
        "text",
        "code_inline",
        "strong_open",
        "strong_close",
    }
    ours = " ".join(child.content for child in inline if child.type == "text")
    assert re.fullmatch(r"[A-Za-z0-9 ,.;:–-]*", ours), ours
    theirs = [child.content for child in inline if child.type == "code_inline"]
    assert len(theirs) == 5
    assert {theirs[0].strip()} == {one.strip() for one in theirs}


# --- The command ---------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ("diff", *arguments), prog_name="feeds")


def test_the_command(write: Write) -> None:
    write({"before/config.yaml": CONFIG, "before/content/2020-01-01-a.yaml": POSTS[A], **SITE})
    built = CliRunner().invoke(cli.main, ("--config", "before/config.yaml", "build"))
    assert built.exit_code == 0, built.output
    result = run("before/public")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == [
        "From before/public to the site as it stands:",
        "2 new, 1 added, in 3 of 3 feeds.",
    ]
    assert run("before/public", "--format", "json").stdout.startswith("{")
    assert run("before/public", "before/public").stdout.endswith("no change, in 2 feeds.\n")
    assert run("before/public", "--fail-on", "resurfaced,feed-lost").exit_code == 0
    assert run("before/public", "--fail-on", "resurfaced, new").exit_code == 1
    assert run("before/public", "--fail-on", "edited", "--fail-on", "new").exit_code == 1
    assert run("before/public", "--format", "github", "--fail-on", "added").exit_code == 1


def test_the_command_says_what_is_wrong(write: Write) -> None:
    write(SITE)
    result = run("nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("'nope' is no folder here, no web address and no git revision")
    result = run(".", "--fail-on", "unread,resurfaced,lost")
    assert result.exit_code == 2
    message = f"--fail-on: lost, unread: the kinds are {', '.join(KINDS)}"
    assert message in " ".join(result.stderr.split())
    assert run().exit_code == 2
    Path(A).write_text("titel: A\n")
    result = run(".")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "2 faults: nothing was compared."


# --- The table -----------------------------------------------------------------------------------


def test_the_docs_say_what_the_table_says() -> None:
    page = (SHIPPED / "docs/diff.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    expected = []
    for name, kind in KINDS.items():
        reactions = [
            f"{reaction.does} | {reaction.who} | {reaction.evidence} |"
            for reaction in kind.reactions
        ]
        first = f"| `{name}` | {kind.level} | {kind.means} Subscribers {kind.see}. |"
        expected += [f"{first} {reactions[0]}", *(f"| `{name}` | | | {r}" for r in reactions[1:])]
    assert rows == expected


def test_every_kind_can_be_met(write: Write) -> None:
    met = {kind for _, _, expected in EDITS for kind, *_ in expected}
    assert met == set(KINDS)
