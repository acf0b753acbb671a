"""The walk in docs/continuity.md, step by step in a copy of the blog, and what its readers see."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds import addresses, load, promises, publish

from .conftest import NOW, SHIPPED
from .test_cli import run
from .test_promises import Reader

TEXT = (SHIPPED / "docs/continuity.md").read_text("utf-8")
# An edit stands under the name of its file.
STEP = re.compile(
    r"^```console\n(?P<console>.*?)^```$|"
    r"\bIn\s`(?P<file>[^`]+)`:\n\n```diff\n(?P<diff>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
CONFIG = Path("config.yaml")


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the blog, as the current folder."""
    for name in ("config.yaml", "feeds.lock"):
        shutil.copy(SHIPPED / name, tmp_path)
    shutil.copytree(SHIPPED / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(console: str) -> Iterator[tuple[str, str]]:
    """The commands in a block, and what follows each."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def executed(command: str) -> str:
    """What is shown when a command is run."""
    words = shlex.split(command)
    if words[0] == "feeds":
        return run(*words[1:]).output
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def edit(file: str, diff: str) -> None:
    """Take out of a file what a block takes out, and put in what it puts in."""
    lines = diff.splitlines(keepends=True)
    assert {line[0] for line in lines} <= {" ", "-", "+"}
    old, new = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
    text = Path(file).read_text("utf-8")
    assert text.count(old) == 1, old
    Path(file).write_text(text.replace(old, new), "utf-8")


def test_every_block_is_a_step() -> None:
    assert len(re.findall("^```", TEXT, re.MULTILINE)) == 2 * len(STEP.findall(TEXT))


def test_the_walk_shows_what_it_says_and_disturbs_nobody(blog: Path) -> None:
    reader = Reader()
    assert len(reader.poll(load.site(CONFIG))) == 4
    polls = 0
    for step in STEP.finditer(TEXT):
        if step["file"]:
            edit(step["file"], step["diff"])
            continue
        for command, expected in commands(step["console"]):
            shown = executed(command)
            if expected == "…\n":
                assert "written" in shown
            else:
                assert shown == expected
            if not promises.state(load.site(CONFIG), CONFIG, NOW).broken:
                # Whoever publishes now shows nobody a post again, and leads everybody on.
                assert reader.poll(load.site(CONFIG)) == set()
                polls += 1
    assert polls > 10
    assert {path for path in reader.follows if "tags" not in path} == {"/atom.xml"}
    assert "/tags/nysgerrighed/rss.xml" in reader.follows


def promised(documents: publish.Documents) -> set[str]:
    """The addresses of posts, feeds and their pages."""
    files = ("", *addresses.FEEDS)
    feeds = {feed.path + file for feed in documents.feeds for file in files}
    return feeds | {post.path for post in documents.posts if post.path}


def test_the_walk_ends_where_every_old_address_answers(blog: Path) -> None:
    before = promised(publish.documents(load.site(CONFIG), NOW))
    for step in STEP.finditer(TEXT):
        if step["file"]:
            edit(step["file"], step["diff"])
        else:
            for command, _ in commands(step["console"]):
                executed(command)
    site = load.site(CONFIG)
    after = promised(publish.documents(site, NOW))
    assert site.url == "https://ledelse.example"
    left = before - after - site.gone
    assert left == {
        "/posts/at-lede-med-ydmyghed/",
        "/posts/faellesoffentlig-ledelse/",
        *(f"/tags/laering/{file}" for file in ("", *addresses.FEEDS)),
    }
    assert {site.redirects[path] for path in left} <= after


def test_the_shipped_blog_keeps_every_promise_and_its_lock_is_current(blog: Path) -> None:
    before = Path("feeds.lock").read_bytes()
    result = run("build", "--locked")
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("feeds.lock").read_bytes() == before
    assert run("build").exit_code == 0
    assert Path("feeds.lock").read_bytes() == before
    assert run("lock").stdout == "Every promise is kept. Not in the lock yet: 0.\n"
