"""The lock as its users meet it: what each command writes, says and returns."""

import json
import os
from pathlib import Path

import pytest

from feeds import atomic, lock

from .conftest import Write
from .test_cli import run

FILE = Path("feeds.lock")
PAGE = Path("public/posts/a/index.html")
BLOG = {
    "content/2020-01-01-a.yaml": "title: A\ntags: [x]\nbody: A\n",
    "content/2020-01-02-b.yaml": "title: B\nbody: B\n",
}
ID = "tag:e.example,2000:posts/2020-01-01-a"
MOVED = (
    "feeds.lock:8:1: What was at /posts/a/ is now at /posts/aa/: "
    "write `/posts/a/: /posts/aa/` under `redirects`."
)
LOST = (
    "feeds.lock:10:1: The feed at /tags/x/ is no more: "
    "write where it went under `redirects`, or `gone`."
)
CHANGED = (
    f"content/2020-01-02-b.yaml:2:5: id: The post had the id {ID[:-12]}2020-01-02-b, and readers "
    f"will show it again as new: write `id: {ID[:-12]}2020-01-02-b`."
)
MEND = "Mend them, or take them with `feeds lock --accept` and what is named."
NOTICE = "Subscribers would notice; `feeds lock` says more."
MARKER = (
    "feeds.lock:4:1: The lock cannot be read here: "
    "a merge left this line; keep those of both sides, without it."
)


@pytest.fixture
def built(write: Write) -> Write:
    """The blog, built, with its lock."""
    write(BLOG)
    assert run("build").exit_code == 0
    return write


def break_three(write: Write) -> None:
    """Another address, a tag that is no more, another id."""
    write(
        {
            "content/2020-01-01-a.yaml": "title: A\nslug: aa\nbody: A\n",
            "content/2020-01-02-b.yaml": "title: B\nid: urn:x:b\nbody: B\n",
        }
    )


# --- feeds build ---------------------------------------------------------------------------------


def test_build_writes_the_lock_and_then_leaves_it_alone(write: Write) -> None:
    write(BLOG)
    result = run("build")
    assert (result.exit_code, result.stderr) == (0, "feeds.lock: 6 more; commit it.\n")
    assert "feeds.lock" not in result.stdout
    text = FILE.read_text()
    assert text.splitlines()[5:] == [
        "pages:",
        '  "/": "tag:e.example,2000:feeds"',
        f'  "/posts/a/": "{ID}"',
        '  "/posts/b/": "tag:e.example,2000:posts/2020-01-02-b"',
        '  "/tags/x/": "tag:e.example,2000:feeds/tags/x"',
    ]
    os.utime(FILE, (1, 1))
    assert run("build").exit_code == 0
    assert FILE.stat().st_mtime == 1
    write({"content/2020-01-03-c.yaml": "title: C\n"})
    assert run("build").exit_code == 0
    assert set(text.splitlines()) < set(FILE.read_text().splitlines())


def test_build_writes_the_lock_after_the_documents(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({**BLOG, "public/index.html": "mine"})
    assert run("build").exit_code == 1
    assert not FILE.exists()
    Path("public/index.html").unlink()

    def full(file: Path, data: bytes) -> bool:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(atomic, "write", full)
    result = run("build")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "feeds.lock: No space left on device\n"
    assert PAGE.exists()
    assert not FILE.exists()


def test_the_lock_lies_beside_the_config_wherever_the_documents_go(write: Write) -> None:
    write({f"blog/{name}": text for name, text in BLOG.items()})
    Path("config.yaml").rename("blog/config.yaml")
    assert run("--config", "blog/config.yaml", "build", "--output", "out").exit_code == 0
    assert [path.name for path in Path().rglob("feeds.lock")] == ["feeds.lock"]
    Path("blog/content/2020-01-01-a.yaml").unlink()
    result = run("--config", "blog/config.yaml", "lock")
    assert result.stdout.startswith("blog/feeds.lock:8:1: The post at /posts/a/ is no more:")


def test_build_says_what_subscribers_would_notice_and_builds(built: Write) -> None:
    before = FILE.read_text()
    break_three(built)
    result = run("build")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [CHANGED, MOVED, LOST, NOTICE]
    assert Path("public/posts/aa/index.html").exists()
    # The new page is promised too; the post with another id is not taken for a new one.
    assert set(FILE.read_text().splitlines()) - set(before.splitlines()) == {
        f'  "/posts/aa/": "{ID}"'
    }
    # And it is said again, where the line is now.
    assert run("build").stderr == result.stderr.replace("feeds.lock:10:", "feeds.lock:11:")


def test_build_locked_writes_nothing_if_a_promise_would_be_broken(built: Write) -> None:
    before = FILE.read_bytes(), PAGE.stat().st_mtime_ns
    break_three(built)
    result = run("build", "--locked")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [CHANGED, MOVED, LOST, "3 faults: nothing was written."]
    assert (FILE.read_bytes(), PAGE.stat().st_mtime_ns) == before
    assert not Path("public/posts/aa").exists()


def test_build_locked_adds_what_is_new(built: Write) -> None:
    before = FILE.read_bytes()
    built({"content/2020-01-03-c.yaml": "title: C\n"})
    result = run("build", "--locked")
    assert result.exit_code == 0
    assert result.stderr == "feeds.lock: 2 more; commit it.\n"
    assert Path("public/posts/c/index.html").exists()
    assert set(FILE.read_bytes().splitlines()) > set(before.splitlines())


def test_build_locked_without_a_lock(write: Write) -> None:
    write(BLOG)
    result = run("build", "--locked")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "feeds.lock: is not there; `feeds build` makes it\n"
    assert not Path("public").exists()
    assert not FILE.exists()


@pytest.mark.parametrize("spoilt", ["<<<<<<< HEAD\n", "\0"])
def test_build_never_writes_over_a_lock_that_it_cannot_read(built: Write, spoilt: str) -> None:
    FILE.write_text(FILE.read_text().replace("posts:\n", f"posts:\n{spoilt}"))
    before = FILE.read_bytes()
    built({"content/2020-01-03-c.yaml": "title: C\n"})
    result = run("build")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        MARKER
        if spoilt.startswith("<")
        else "feeds.lock:4:1: The lock cannot be read here: "
        "this is no line of a lock; take it from git again.",
        "The lock was left as it is.",
    ]
    assert Path("public/posts/c/index.html").exists()
    assert FILE.read_bytes() == before
    locked = run("build", "--locked")
    assert locked.exit_code == 2
    assert locked.stderr.splitlines()[1:] == ["1 fault: nothing was written."]
    assert FILE.read_bytes() == before


def test_build_never_puts_a_lock_in_the_place_of_what_is_no_file(built: Write) -> None:
    FILE.unlink()
    FILE.mkdir()
    result = run("build")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "feeds.lock: The lock cannot be read here: it is not a regular file.",
        "The lock was left as it is.",
    ]
    assert FILE.is_dir()


# --- feeds lock ----------------------------------------------------------------------------------


def test_lock_says_that_all_is_well(built: Write) -> None:
    result = run("lock")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Every promise is kept. Not in the lock yet: 0.\n"
    built({"content/2020-01-03-c.yaml": "title: C\ntags: [x, y]\n"})
    assert run("lock").stdout == ("Every promise is kept. Not in the lock yet: 3.\n")


def test_lock_before_the_first_build(write: Write) -> None:
    write(BLOG)
    result = run("lock")
    assert result.exit_code == 0
    assert result.stdout == "Every promise is kept. Not in the lock yet: 6.\n"
    assert not FILE.exists()
    accepted = run("lock", "--accept")
    assert (accepted.exit_code, accepted.stdout) == (0, "feeds.lock is written.\n")
    assert run("lock").stdout == "Every promise is kept. Not in the lock yet: 0.\n"


def test_lock_shows_and_writes_nothing(built: Write) -> None:
    before = FILE.read_bytes()
    break_three(built)
    result = run("lock")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [CHANGED, MOVED, LOST, MEND]
    assert FILE.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/posts/a/", [CHANGED, LOST]),
        ("/tags/x/", [CHANGED, MOVED]),
        ("content/2020-01-02-b.yaml", [MOVED, LOST]),
        ("urn:x:b", [MOVED, LOST]),
        ("tag:e.example,2000:posts/2020-01-02-b", [MOVED, LOST]),
    ],
)
def test_lock_accepts_what_is_named(built: Write, name: str, kept: list[str]) -> None:
    break_three(built)
    result = run("lock", "--accept", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [CHANGED, MOVED, LOST, "feeds.lock is written."]
    # Lines of the lock may have come and gone above.
    rest = [line.partition(": ")[2] for line in run("lock").stdout.splitlines()[:-1]]
    assert rest == [line.partition(": ")[2] for line in kept]


def test_lock_accepts_several_names_and_all(built: Write) -> None:
    before = FILE.read_bytes()
    break_three(built)
    assert run("lock", "--accept", "/posts/a/", "urn:x:b").exit_code == 0
    assert run("lock").stdout.splitlines() == [LOST, MEND]
    FILE.write_bytes(before)
    assert run("lock", "--accept").exit_code == 0
    result = run("lock")
    assert (result.exit_code, result.stdout.splitlines()[0][:22]) == (0, "Every promise is kept.")
    assert run("build", "--locked").exit_code == 0


def test_lock_accepts_another_authority(built: Write) -> None:
    built({"config.yaml": "title: T\nurl: https://f.example/\ntimezone: Europe/Copenhagen\n"})
    assert run("lock").stdout.splitlines() == [
        "config.yaml: authority: The authority was e.example,2000 and is f.example,2000: "
        "every post would be shown again as new.",
        MEND,
    ]
    assert run("lock", "--accept", "authority").exit_code == 0
    assert "e.example" not in FILE.read_text()
    assert run("lock").exit_code == 0


@pytest.mark.parametrize("names", [("/posts/b/",), ("/posts/a/", "nobody")])
def test_lock_refuses_names_that_mean_nothing(built: Write, names: tuple[str, ...]) -> None:
    before = FILE.read_bytes()
    break_three(built)
    result = run("lock", "--accept", *names)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{names[-1]}: no broken promise is called so\n"
    assert FILE.read_bytes() == before


def test_lock_takes_names_only_to_accept_them(built: Write) -> None:
    result = run("lock", "/posts/a/")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "Error: NAME goes with --accept"


def test_lock_of_a_site_with_a_fault(built: Write) -> None:
    before = FILE.read_bytes()
    built({"content/2020-01-03-c.yaml": "titel: C\n"})
    result = run("lock", "--accept")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == "2 faults: nothing was accepted."
    assert FILE.read_bytes() == before


def test_lock_shows_a_merge_and_keeps_both_sides_when_that_is_accepted(built: Write) -> None:
    FILE.write_text(FILE.read_text().replace("posts:\n", "posts:\n<<<<<<< HEAD\n"))
    Path("content/2020-01-02-b.yaml").unlink()
    result = run("lock")
    assert (result.exit_code, result.stdout.splitlines()) == (1, [MARKER, MEND])
    assert run("lock", "--accept").stdout.splitlines() == [MARKER, "feeds.lock is written."]
    assert lock.read(FILE)[1] == []
    # What was hidden by it is said now, and was not accepted.
    assert run("lock").stdout.splitlines() == [
        "feeds.lock:9:1: The post at /posts/b/ is no more: write that under `gone`, "
        "or where it went under `redirects`.",
        MEND,
    ]


# --- feeds validate ------------------------------------------------------------------------------


def test_validate_tells_of_broken_promises(built: Write) -> None:
    break_three(built)
    result = run("validate", "--select", "L")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:-1] == [
        CHANGED.replace("5: id", "5: error L103 id") + " [id-changed]",
        MOVED.replace("1: What", "1: error L106 What") + " [page-moved]",
        LOST.replace("1: The", "1: error L107 The") + " [feed-vanished]",
    ]
    assert result.stdout.splitlines()[-1].startswith("3 errors in ")
    found = json.loads(run("validate", "--select", "L", "--format", "json").stdout)["findings"]
    places = [(f["code"], f["path"], f["line"], f["end_line"], f["field"]) for f in found]
    assert places == [
        ("L103", "content/2020-01-02-b.yaml", 2, 2, "id"),
        ("L106", "feeds.lock", 8, 8, ""),
        ("L107", "feeds.lock", 10, 10, ""),
    ]
    assert run("validate", "--select", "L", "--ignore", "L103,L106,feed-vanished").exit_code == 0


def test_validate_asks_for_no_lock(write: Write) -> None:
    write(BLOG)
    assert run("validate", "--select", "L").exit_code == 0
    assert not FILE.exists()


def test_validate_tells_of_a_lock_that_cannot_be_read(built: Write) -> None:
    FILE.write_text("<<<<<<< HEAD\n" * 500)
    result = run("validate", "--select", "L")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 101
