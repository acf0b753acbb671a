"""The file of promises: its format, what it survives, and how git merges it."""

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds import catalog, load, lock
from feeds.rules.promise import Lock, Promise

from .conftest import NOW, Write

FILE = Path("feeds.lock")
HEAD = """\
# What subscribers of this site were promised. `feeds build` adds to it and changes nothing: commit
# it, and edit it only by `feeds lock --accept`.
"""
GARBAGE = "this is no line of a lock; take it from git again"
MERGE = "a merge left this line; keep those of both sides, without it"


def promise(day: int = 1, slug: str = "a", text: str = "0123456789abcdef") -> Promise:
    return Promise(published=datetime(2020, 1, day, 8, 30, tzinfo=UTC), slug=slug, text=text)


def faults(file: Path = FILE) -> list[str]:
    """What is wrong with a lock, a line each, the place first."""
    return [str(finding) for finding in lock.read(file)[1]]


# --- the format ----------------------------------------------------------------------------------


def test_a_line_for_each_post_and_page_sorted(write: Write) -> None:
    config = write(
        {
            "content/2020-01-02-b.yaml": "title: B\ntags: [æ]\nbody: B\n",
            "content/2020-01-01-a.yaml": "title: A\nid: 'urn:x:1'\nslug: aa\nbody: A\n",
            "content/2020-01-03-c.yaml": "title: C\nlink: https://o.example/c\n",
            "content/2020-01-04-d.yaml": "title: D\ndraft: true\n",
            "content/2199-01-01-e.yaml": "title: E\n",
        }
    )
    site = load.site(config)
    posts = catalog.published(site, NOW)
    made = lock.of(posts, catalog.feeds(site, posts))
    assert lock.text(made) == (
        HEAD + "posts:\n"
        '  "tag:e.example,2000:posts/2020-01-02-b": '
        '{published: 2020-01-01T23:00:00Z, slug: "b", text: "badf8bc666adec92"}\n'
        '  "tag:e.example,2000:posts/2020-01-03-c": '
        '{published: 2020-01-02T23:00:00Z, slug: "c", text: "50f2874de8c6f38d"}\n'
        '  "urn:x:1": {published: 2019-12-31T23:00:00Z, slug: "aa", text: "4ba5b4cbfccf426e"}\n'
        "pages:\n"
        '  "/": "tag:e.example,2000:feeds"\n'
        '  "/posts/aa/": "urn:x:1"\n'
        '  "/posts/b/": "tag:e.example,2000:posts/2020-01-02-b"\n'
        '  "/tags/ae/": "tag:e.example,2000:feeds/tags/ae"\n'
    )


def test_the_digest_is_of_what_the_post_is(write: Write) -> None:
    def digest(text: str) -> str:
        site = load.site(write({"content/2020-01-01-a.yaml": text}))
        return next(iter(lock.of(catalog.published(site, NOW), ()).posts.values())).text

    here = digest("title: A\nbody: B\n")
    assert here == hashlib.sha256(b"A\0<p>B</p>").hexdigest()[:16]
    assert here == digest("title: A\nbody: B\nsummary: S\ntags: [x]\nslug: s\ndate: 2021-01-01\n")
    assert here == digest("title: A\nbody: B\nlink: https://o.example/a\n")
    there = digest("title: A\nlink: https://o.example/a\n")
    assert there == hashlib.sha256(b"https://o.example/a").hexdigest()[:16]


def test_an_empty_lock() -> None:
    assert lock.text(Lock()) == f"{HEAD}posts:\npages:\n"


def test_moments_are_in_utc_and_years_have_four_digits() -> None:
    east = timezone(timedelta(hours=1))
    for moment, said in (
        (datetime(1066, 10, 14, 0, 30, tzinfo=east), "1066-10-13T23:30:00Z"),
        (datetime(900, 1, 2, tzinfo=UTC), "0900-01-02T00:00:00Z"),
    ):
        made = Lock(posts={"a": Promise(published=moment, slug="", text="0" * 16)})
        assert f"published: {said}," in lock.text(made)


MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
ODD = st.sampled_from(
    [
        *'"\\\n\r\t\0\x0b\x1c\x7f\x85\xa0\u2028\u2029\ufeff\ufffe\ufffd𝄞\U0010ffff',
        *("\\u0041", "æøå", "a: b", " #", "{", "<<"),
    ]
)
# No lone surrogates; and no key of more than 1024 characters, which YAML does not take.
TEXTS = st.lists(st.characters(exclude_categories=["Cs"]) | ODD, max_size=12).map("".join)
LOCKS = st.builds(
    Lock,
    posts=st.dictionaries(
        TEXTS,
        st.builds(
            Promise,
            published=MOMENTS,
            slug=TEXTS,
            text=st.text("0123456789abcdef", min_size=16, max_size=16),
        ),
        max_size=4,
    ),
    pages=st.dictionaries(TEXTS, TEXTS, max_size=4),
)


@settings(deadline=None)
@given(LOCKS)
@example(Lock(posts={"1": promise(text="1234567890123456")}, pages={"~": "null", "<<": "="}))
def test_any_lock_is_read_as_it_was_written_and_yaml_says_the_same(made: Lock) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, lock.NAME)
        assert lock.write(made, file)
        assert lock.read(file) == (made, [])
        written = file.read_bytes()
        known = lock.read(file)[0]
        assert known
        assert not lock.write(known, file)
        assert file.read_bytes() == written
    # Each promise is a line, to whatever counts lines.
    assert len(written.decode().splitlines()) == 4 + len(made.posts) + len(made.pages)
    assert yaml.safe_load(written) == {
        "posts": {
            key: {"published": post.published, "slug": post.slug, "text": post.text}
            for key, post in made.posts.items()
        }
        or None,
        "pages": made.pages or None,
    }


def test_each_promise_knows_its_line(write: Write) -> None:
    write({})
    lock.write(Lock(posts={"b": promise(), "a": promise()}, pages={"/": "c", "/a/": "a"}), FILE)
    known, _ = lock.read(FILE)
    assert known
    assert {key: post.line for key, post in known.posts.items()} == {"a": 4, "b": 5}
    assert known.lines == {"/": 7, "/a/": 8}


@pytest.mark.parametrize("made", [Lock(pages={"\ud800": "a"}), Lock(pages={"/": "\udfff"})])
def test_a_lone_surrogate_is_not_written(write: Write, made: Lock) -> None:
    write({"feeds.lock": "old"})
    with pytest.raises(UnicodeEncodeError):
        lock.write(made, FILE)
    assert FILE.read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == [
        "config.yaml",
        "content",
        "feeds.lock",
    ]


# --- reading -------------------------------------------------------------------------------------


def test_no_file_is_no_lock(write: Write) -> None:
    write({})
    assert lock.read(FILE) == (None, [])
    FILE.symlink_to("nowhere")
    assert lock.read(FILE) == (None, [])


def test_what_cannot_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"full": "x" * 11})
    Path("folder").mkdir()
    os.mkfifo("pipe")
    Path("loop").symlink_to("loop")
    assert faults(Path("folder")) == ["folder: it is not a regular file"]
    assert faults(Path("pipe")) == ["pipe: it is not a regular file"]
    assert faults(Path("/dev/zero")) == ["/dev/zero: it is not a regular file"]
    assert faults(Path("loop")) == ["loop: Too many levels of symbolic links"]
    monkeypatch.setattr(lock, "MAX_BYTES", 10)
    assert faults(Path("full")) == ["full: it is larger than 10 bytes"]
    for name in ("folder", "loop", "full"):
        assert lock.read(Path(name))[0] == Lock()


def test_windows_line_ends_a_byte_order_mark_comments_and_blank_lines(write: Write) -> None:
    made = Lock(posts={"a": promise()}, pages={"/å/": "æ"})
    text = "# mine\n\n" + lock.text(made) + "\n# more\n"
    write({"feeds.lock": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()})
    assert lock.read(FILE) == (made, [])
    # As the next build writes it.
    assert lock.write(made, FILE)
    assert FILE.read_text("utf-8") == lock.text(made)


LINE = '  "a": {published: 2020-01-01T08:30:00Z, slug: "a", text: "0123456789abcdef"}'


@pytest.mark.parametrize(
    "line",
    [
        LINE[1:],
        LINE + " ",
        LINE.replace('"a":', "a:"),
        LINE.replace("2020-01-01", "2020-13-01"),
        LINE.replace("2020-01-01", "2021-02-29"),
        LINE.replace("2020-01-01", "0000-01-01"),
        LINE.replace("08:30:00", "25:30:00"),
        LINE.replace("2020", "２０２０"),
        LINE.replace("Z", "+01:00"),
        LINE.replace('text: "0', "text: 0"),
        LINE.replace('"0123', '"G123'),
        LINE.replace('"a"', '"\\x41"'),
        LINE.replace('"a"', '"\\/"'),
        LINE.replace('"a"', '"\\u12"'),
        LINE.replace('"a"', '"\t"'),
        LINE.replace('"a"', '"\x85"'),
        LINE.replace('"a"', '"\u2028"'),
        LINE.replace('"a"', '"\\ud800"'),
        LINE.replace('"a"', '"\\ud83d\\ude00"'),
        LINE.replace('"a"', '"a\\"'),
        LINE.replace('"a"', '"""'),
        '  "/": "a" "b"',
        '  "/": "a',
        '  "/": a',
        "  - x",
        "post:",
        " posts:",
        "{}",
        "\0",
        "\ufeff",
    ],
)
def test_a_line_that_is_none(write: Write, line: str) -> None:
    write({"feeds.lock": f'{HEAD}posts:\n{line}\npages:\n  "/": "x"\n'})
    assert lock.read(FILE)[0] == Lock(pages={"/": "x"})
    assert faults() == [f"feeds.lock:4:1: {GARBAGE}"]


@pytest.mark.parametrize("spoilt", [b'  "\xff": "x"', b'  "\xed\xa0\x80": "x"', b"\xff\xfe\x00"])
def test_bytes_that_are_no_utf_8(write: Write, spoilt: bytes) -> None:
    write({"feeds.lock": HEAD.encode() + spoilt + b'\n  "/": "x"\n'})
    assert lock.read(FILE)[0] == Lock(pages={"/": "x"})
    assert faults() == [f"feeds.lock:3:1: {GARBAGE}"]


def test_what_is_promised_twice(write: Write) -> None:
    text = lock.text(Lock(posts={"a": promise()}, pages={"/": "x"}))
    other = lock.text(Lock(posts={"a": promise(day=2)}, pages={"/": "y"})).removeprefix(HEAD)
    write({"feeds.lock": text + text + other})
    assert lock.read(FILE)[0] == Lock(posts={"a": promise()}, pages={"/": "x"})
    assert faults() == [
        "feeds.lock:14:1: a has another promise in line 4; keep one of them",
        "feeds.lock:16:1: / has another id in line 6; keep one of them",
    ]


def test_a_fault_is_on_one_line_of_a_bounded_length(write: Write) -> None:
    key = "\\n" * 500
    write({"feeds.lock": f'  "{key}": "x"\n  "{key}": "y"\n  "{"k" * 500}": "x"\n'
           f'  "{"k" * 500}": "y"\n'})  # fmt: skip
    assert faults() == [
        "feeds.lock:2:1: nothing has another id in line 1; keep one of them",
        f"feeds.lock:4:1: {'k' * 79}… has another id in line 3; keep one of them",
    ]


MEGA = 1024 * 1024
HUGE: dict[str, Callable[[], bytes]] = {
    "random bytes": lambda: random.Random(1).randbytes(16 * MEGA),
    "a letter a line": lambda: b"x\n" * (8 * MEGA),
    "an open string": lambda: b'  "' + b"a" * (16 * MEGA),
    "quotes": lambda: b'  "' + b'"' * (16 * MEGA),
    "backslashes": lambda: b'  "' + b"\\" * (16 * MEGA - 1),
    "escapes": lambda: b'  "' + b'\\"' * (4 * MEGA),
    "letters and escapes": lambda: b'  "' + b"a\\n" * (4 * MEGA) + b'": "',
    "half a post": lambda: LINE.encode()[:54] + b'a\\"' * (4 * MEGA),
    "blanks": lambda: b" " * (16 * MEGA),
}


@pytest.mark.parametrize("kind", HUGE)
def test_a_huge_file_is_read_once_and_its_faults_are_few(write: Write, kind: str) -> None:
    write({"feeds.lock": HUGE[kind]()})
    known, found = lock.read(FILE)
    assert known == Lock()
    assert len(found) == (100 if kind in ("random bytes", "a letter a line") else 1)
    assert {finding.message for finding in found} == {GARBAGE}


def test_a_huge_file_may_hold_nothing_or_much(write: Write) -> None:
    write({"feeds.lock": b"\n" * (4 * MEGA) + f"posts:\n{LINE}\npages:\n".encode()})
    known, found = lock.read(FILE)
    assert (known, found) == (Lock(posts={"a": promise()}), [])
    key = "k" * (16 * MEGA)
    write({"feeds.lock": f'posts:\npages:\n  "{key}": "x"\n'})
    assert lock.read(FILE) == (Lock(pages={key: "x"}), [])


@pytest.mark.parametrize("text", ["", "posts:\n", f"posts:\n{LINE}\n", "# A comment.\n"])
def test_an_emptied_or_broken_off_lock_is_no_lock(write: Write, text: str) -> None:
    write({"feeds.lock": text})
    (fault,) = lock.read(FILE)[1]
    assert fault.message == "it has no line `pages:`; take it from git again"


# --- writing -------------------------------------------------------------------------------------


def test_a_file_that_is_right_is_left_alone(write: Write) -> None:
    write({})
    assert lock.write(Lock(pages={"/": "x"}), FILE)
    os.utime(FILE, (1, 1))
    assert not lock.write(Lock(pages={"/": "x"}), FILE)
    assert FILE.stat().st_mtime == 1
    assert lock.write(Lock(pages={"/": "y"}), FILE)


def test_whoever_is_killed_leaves_the_old_or_the_new(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({})
    old, new = Lock(pages={"/": "old"}), Lock(pages={"/": "new"})
    lock.write(old, FILE)
    ready = []

    def killed(source: Path, target: Path) -> None:
        # All of the new is there before its name is.
        ready.append((Path(source).read_text("utf-8"), Path(target).read_text("utf-8")))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(OSError, match="No space left"):
            lock.write(new, FILE)
    assert ready == [(lock.text(new), lock.text(old))]
    assert lock.read(FILE) == (old, [])
    # What was left behind is in nobody's way.
    assert lock.write(new, FILE)
    assert lock.read(FILE) == (new, [])
    assert sorted(path.name for path in Path().iterdir()) == [
        "config.yaml",
        "content",
        "feeds.lock",
    ]


def test_whoever_is_killed_while_writing_leaves_the_old(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({})
    old = Lock(pages={"/": "old"})
    lock.write(old, FILE)

    def killed(number: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(OSError, match="Input/output"):
            lock.write(Lock(pages={"/": "new"}), FILE)
    assert lock.read(FILE) == (old, [])


# --- merging -------------------------------------------------------------------------------------

git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def blog(*days: int) -> Lock:
    """The lock of a blog with a post of each day."""
    posts = {f"tag:e.example,2020:posts/2020-01-{day:02}-p{day}": day for day in days}
    return Lock(
        posts={key: promise(day, f"p{day}") for key, day in posts.items()},
        pages={"/": "tag:e.example,2020:feeds"}
        | {f"/posts/p{day:02}/": key for key, day in posts.items()},
    )


def merged(base: Lock, ours: Lock, theirs: Lock, *options: str) -> tuple[int, str]:
    """How many conflicts git finds, and the file it leaves."""
    with TemporaryDirectory() as folder:
        for name, made in (("base", base), ("ours", ours), ("theirs", theirs)):
            Path(folder, name).write_text(lock.text(made), "utf-8")
        git = subprocess.run(
            ["git", "merge-file", "-p", *options, "ours", "base", "theirs"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    return git.returncode, git.stdout.decode()


@git
def test_branches_whose_posts_are_not_neighbours_merge_by_themselves() -> None:
    base = blog(3, 6)
    conflicts, text = merged(base, blog(1, 3, 6), blog(3, 6, 9))
    assert conflicts == 0
    assert text == lock.text(blog(1, 3, 6, 9))


@git
def test_branches_that_both_add_the_newest_post_conflict_and_both_sides_are_kept(
    write: Write,
) -> None:
    conflicts, text = merged(blog(1), blog(1, 2), blog(1, 3))
    assert conflicts == 1
    write({"feeds.lock": text})
    known, found = lock.read(FILE)
    assert known == blog(1, 2, 3)
    # Git takes what stands between two conflicts into both sides, so some lines are there twice.
    places = [n for n, line in enumerate(text.splitlines(), 1) if line[:1] in ("<", "=", ">")]
    assert len(places) == 3
    assert [str(finding) for finding in found] == [f"feeds.lock:{n}:1: {MERGE}" for n in places]
    write({"feeds.lock": "".join(line for line in text.splitlines(True) if line[0] not in "<=>")})
    assert FILE.read_text().count("\npages:\n") == 2
    assert lock.read(FILE) == (blog(1, 2, 3), [])


@git
def test_a_conflict_that_shows_the_base_too(write: Write) -> None:
    base, ours = blog(1), blog(1)
    key = next(iter(base.posts))
    ours.posts[key] = promise(day=2, slug="p1")
    theirs = Lock(posts={key: promise(day=3, slug="p1")}, pages=base.pages)
    conflicts, text = merged(base, ours, theirs, "--diff3")
    assert conflicts == 1
    write({"feeds.lock": text})
    assert faults() == [
        f"feeds.lock:4:1: {MERGE}",
        f"feeds.lock:6:1: {MERGE}",
        f"feeds.lock:7:1: {key} has another promise in line 5; keep one of them",
        f"feeds.lock:8:1: {MERGE}",
        f"feeds.lock:9:1: {key} has another promise in line 5; keep one of them",
        f"feeds.lock:10:1: {MERGE}",
    ]


DAYS = st.sets(st.integers(1, 12), max_size=5)


@git
@settings(max_examples=40, deadline=None)
@given(base=DAYS, ours=DAYS, theirs=DAYS)
@example(base=set(), ours={1, 2}, theirs={2, 3})
@example(base={1}, ours={2, 3}, theirs={3, 4})
def test_a_union_merge_of_additions_reads_fine(
    base: set[int], ours: set[int], theirs: set[int]
) -> None:
    conflicts, text = merged(blog(*base), blog(*base | ours), blog(*base | theirs), "--union")
    assert conflicts == 0
    with TemporaryDirectory() as folder:
        file = Path(folder, lock.NAME)
        file.write_text(text, "utf-8")
        assert lock.read(file) == (blog(*base | ours | theirs), [])


@git
def test_a_union_merge_of_what_two_accepted_differently_is_told(write: Write) -> None:
    base, ours, theirs = blog(1, 2), blog(1, 2), blog(1, 2)
    key = next(iter(base.posts))
    ours.posts[key], theirs.posts[key] = promise(2, "p1"), promise(3, "p1")
    theirs.pages["/posts/p02/"] = key
    conflicts, text = merged(base, ours, theirs, "--union")
    assert conflicts == 0
    write({"feeds.lock": text})
    assert faults() == [f"feeds.lock:5:1: {key} has another promise in line 4; keep one of them"]


@git
def test_what_one_branch_accepted_does_not_come_back_with_the_other() -> None:
    base, theirs = blog(1, 3, 5, 7, 9), blog(1, 3, 5, 7, 9, 11)
    _, text = merged(base, blog(1, 5, 7, 9), theirs, "--union")
    assert text == lock.text(blog(1, 5, 7, 9, 11))


# --- changing ------------------------------------------------------------------------------------


def test_what_is_new_is_added_and_what_is_there_stays() -> None:
    old = Lock(posts={"a": promise()}, pages={"/": "f", "/a/": "a"})
    now = Lock(
        posts={"a": promise(day=2), "b": promise(), "c": promise()},
        pages={"/": "g", "/b/": "b", "/c/": "c"},
    )
    assert lock.added(old, now, {"c"}) == Lock(
        posts={"a": promise(), "b": promise()}, pages={"/": "f", "/a/": "a", "/b/": "b"}
    )


def test_ids_and_dates_are_changed_in_their_place() -> None:
    old = Lock(posts={"a": promise(), "b": promise(2)}, pages={"/a/": "a", "/b/": "b"})
    assert lock.renamed(old, {"a": "c"}) == Lock(
        posts={"c": promise(), "b": promise(2)}, pages={"/a/": "c", "/b/": "b"}
    )
    later = promise(3).published
    assert lock.redated(old, {"a": later, "z": later}) == Lock(
        posts={"a": promise(3), "b": promise(2)}, pages=old.pages
    )


def test_a_post_is_forgotten_with_the_last_of_its_pages() -> None:
    old = Lock(posts={"a": promise()}, pages={"/a/": "a", "/b/": "a"})
    one = lock.without(old, {"/a/"}, {"a"})
    assert one == Lock(posts={"a": promise()}, pages={"/b/": "a"})
    assert lock.without(one, {"/b/"}, {"a"}) == Lock()
    assert lock.without(one, {"/b/"}, ()) == Lock(posts={"a": promise()})
