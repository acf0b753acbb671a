"""``feeds embed FILE``: what it writes, and what it leaves alone."""

import html
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from feeds import catalog, cli, insert, load
from feeds.insert import END, START
from feeds.model import Feed

from .conftest import NOW, Write

POSTS = {
    "config.yaml": "title: T\nurl: https://e.example\nlanguage: da\n",
    "content/2020-01-01-a.yaml": "title: Første\ntags: [x]\n",
    "content/2020-03-02-b.yaml": "title: Anden\n",
}
LIST = """\
- [Anden](https://e.example/posts/b/) – 2. marts 2020
- [Første](https://e.example/posts/a/) – 1. januar 2020
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["embed", *arguments], prog_name="feeds")


def made(write: Write, **post: str) -> Feed:
    fields = "".join(f"{name}: '{value}'\n" for name, value in post.items())
    site = load.site(write({"content/2020-01-01-a.yaml": fields}))
    return catalog.feeds(site, catalog.published(site, NOW))[0]


def test_a_readme_gets_the_newest_posts_and_only_once(write: Write) -> None:
    write({**POSTS, "README.md": f"# Before\n\n{START}\nold\n\nolder\n{END}\n\nAfter\n"})
    readme = Path("README.md")
    readme.chmod(0o640)
    first = run("README.md")
    assert (first.exit_code, first.stdout) == (0, "README.md: written\n")
    expected = f"# Before\n\n{START}\n\n{LIST}\n{END}\n\nAfter\n"
    assert readme.read_text() == expected
    assert readme.stat().st_mode & 0o777 == 0o640
    stamp = readme.stat().st_mtime_ns
    assert run("README.md").stdout == "README.md: unchanged\n"
    assert readme.stat().st_mtime_ns == stamp
    assert sorted(path.name for path in Path().iterdir()) == ["README.md", "config.yaml", "content"]


def test_a_page_gets_a_list_in_html(write: Write) -> None:
    write({**POSTS, "index.html": f"<div>\n  {START}\n  {END}\n</div>"})
    assert run("index.html", "--items", "1", "--feed", "/tags/x/").exit_code == 0
    assert Path("index.html").read_text() == (
        f"<div>\n  {START}\n  <ul>\n"
        '  <li><a href="https://e.example/posts/a/"><bdi>Første</bdi></a> '
        '<time datetime="2020-01-01T00:00:00+00:00">1. januar 2020</time></li>\n'
        f"  </ul>\n  {END}\n</div>"
    )


def test_lines_end_as_they_did_and_links_stay_links(write: Write) -> None:
    write({**POSTS, "docs/real.md": f"a\r\n {START}\r\n{END}\r\n"})
    Path("README.md").symlink_to("docs/real.md")
    assert run("README.md", "--items", "1").exit_code == 0
    assert Path("README.md").is_symlink()
    line = LIST.splitlines()[0]
    assert Path("docs/real.md").read_bytes().decode() == (
        f"a\r\n {START}\r\n\r\n {line}\r\n\r\n{END}\r\n"
    )


def test_a_feed_without_posts_says_so(write: Write) -> None:
    site = load.site(write({}))
    (feed,) = catalog.feeds(replace(site, language="da"), [])
    both = f"{START}\n{END}"
    assert insert.text(both, ".md", feed, 5).split("\n")[2] == "Der er endnu ingen indlæg."
    assert insert.text(both, ".html", feed, 5).split("\n")[1] == "<p>Der er endnu ingen indlæg.</p>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        START,
        f"{END}\n{START}",
        f"{START}\n{END}\n{START}\n{END}",
        f"{START}\n{START}\n{END}",
        f"In `{START}` and\n{END}",
    ],
)
def test_a_file_without_the_place_is_told_what_to_add(write: Write, text: str) -> None:
    write({**POSTS, "README.md": text})
    result = run("README.md")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "README.md: must have these two lines once, where the posts are to stand:\n"
        "<!-- feeds:start -->\n<!-- feeds:end -->\n"
    )
    assert Path("README.md").read_text() == text


def test_what_cannot_be(write: Write) -> None:
    write({**POSTS, "a.txt": f"{START}\n{END}", "b.md": b"\xff", "c.md": f"{START}\n{END}"})
    assert run("a.txt").stderr == "a.txt: must be Markdown (.md) or HTML (.html)\n"
    assert run("b.md").stderr == "b.md: is not UTF-8\n"
    wrong = run("c.md", "--feed", "/tags/y/")
    assert wrong.stderr == "--feed /tags/y/: there is no such feed; `feeds list` shows all\n"
    assert {run(name).exit_code for name in ("a.txt", "b.md", "nope.md", ".")} == {2}
    assert wrong.exit_code == 2
    Path("content/2020-01-01-a.yaml").write_text("titel: A\n")
    assert run("c.md").stderr.endswith("2 faults: c.md is as it was.\n")


def test_nothing_is_left_where_the_disk_says_no(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({**POSTS, "README.md": f"{START}\n{END}"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "README.md")

    monkeypatch.setattr("os.fsync", full)
    assert run("README.md").exit_code == 1
    assert Path("README.md").read_text() == f"{START}\n{END}"
    assert not list(Path().glob(".README*"))


HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert) *a* _b_ `c` ~~d~~ $e$ \\ ![i](https://x/i.png)"
    " &lt;b&gt; R&D </bdi></a> <!-- feeds:end --> ]( https://www.example.org"
)


def test_hostile_titles_stay_text_in_markdown(write: Write) -> None:
    feed = made(write, title=f"{HOSTILE}\u202egnp", link="https://e.example/a_(b)?c=1&copy;=*")
    text = insert.text(f"{START}\n{END}", ".md", feed, 5)
    assert text == insert.text(text, ".md", feed, 5)
    page = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    (line,) = [line for line in page.splitlines() if line.startswith("<li>")]
    opened = '<li><a href="https://e.example/a_(b)?c=1&amp;copy;=*">'
    assert line.startswith(opened)
    assert re.findall("<[^>]*>", line.removeprefix(opened)) == ["</a>", "</li>"]
    assert html.unescape(re.sub("<[^>]*>", "", line)) == f"{HOSTILE}gnp – January 1, 2020"


def test_hostile_titles_stay_text_in_html(write: Write) -> None:
    feed = made(write, title=f"{HOSTILE}\u202egnp", language="en")
    text = insert.text(f"{START}\n{END}", ".html", feed, 5)
    assert text == insert.text(text, ".html", feed, 5)
    assert "<script" not in text
    assert '<a href="https://e.example/posts/' in text
    assert ' lang="en"><bdi>&lt;script&gt;' in text
    assert text.count("</bdi>") == 1


def test_what_would_never_end_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    site = load.site(write({}))
    (feed,) = catalog.feeds(site, ())
    os.mkfifo("pipe.md")
    with pytest.raises(ValueError, match=r"^pipe\.md: is not a regular file$"):
        insert.write(Path("pipe.md"), feed, 1)
    monkeypatch.setattr(insert, "MAX_BYTES", 3)
    Path("large.md").write_text("long")
    with pytest.raises(ValueError, match=r"^large\.md: is larger than 3 bytes$"):
        insert.write(Path("large.md"), feed, 1)


def test_a_mark_at_the_start_does_not_hide_the_comment(write: Write) -> None:
    site = load.site(write({"content/2020-01-01-a.yaml": "title: A\n"}))
    (feed,) = catalog.feeds(site, catalog.published(site, NOW))
    Path("a.md").write_text(f"\ufeff{insert.START}\n{insert.END}\n")
    assert insert.write(Path("a.md"), feed, 1)
    assert Path("a.md").read_text().startswith(f"\ufeff{insert.START}\n")
