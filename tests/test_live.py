"""Edits and due posts are picked up; whatever an editor does, the last good site is served."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import live as live_module
from feeds import load, publish
from feeds.answers import Edition
from feeds.app import app_of, create_app
from feeds.live import Live
from feeds.model import Site

from .conftest import Write

A = "content/2020-01-01-a.yaml"
B = "content/2020-01-02-b.yaml"
NOW = datetime.now(UTC).replace(microsecond=0)


def later(minutes: float = 1) -> datetime:
    return NOW + timedelta(minutes=minutes)


def titles(live: Live) -> list[str]:
    return [post.title for post in live.edition.documents.posts]


def settle(live: Live, now: datetime | None = None) -> None:
    """Look often enough for a change to count: it is seen, and then it is at rest."""
    live.look(now or later())
    live.look(now or later())


@pytest.fixture
def live(write: Write) -> Live:
    return Live(write({A: "title: A\ntags: [x]\n"}), now=NOW)


def test_nothing_happens_while_nothing_changes(live: Live) -> None:
    edition = live.edition
    settle(live)
    live.stop()  # Nothing was started; it does no harm.
    assert live.edition is edition


def test_an_edit_an_addition_a_deletion_and_the_config_are_picked_up(live: Live) -> None:
    Path(A).write_text("title: A2\n")
    settle(live)
    assert titles(live) == ["A2"]
    Path(B).write_text("title: B\n")
    settle(live)
    assert titles(live) == ["B", "A2"]
    Path(A).unlink()
    settle(live)
    assert titles(live) == ["B"]
    Path("config.yaml").write_text("title: Ny\nurl: https://ny.example\n")
    settle(live)
    assert b"<title>Ny</title>" in live.edition.answer("/rss.xml").body


def test_a_change_counts_when_it_is_at_rest(live: Live) -> None:
    Path(A).write_text("title: Halv\n")
    live.look(later())
    assert titles(live) == ["A"]
    Path(A).write_text("title: Hele titlen\n")
    live.look(later())
    assert titles(live) == ["A"]
    live.look(later())
    assert titles(live) == ["Hele titlen"]


def test_what_changes_while_it_is_read_is_read_again(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = load.site

    def slow(config: Path, url: str | None = None) -> Site:
        site = original(config, url)
        Path(B).write_text("title: B\n")
        return site

    Path(A).write_text("title: A2\n")
    live.look(later())
    monkeypatch.setattr(load, "site", slow)
    live.look(later())
    assert titles(live) == ["A"]
    monkeypatch.setattr(load, "site", original)
    settle(live)
    assert titles(live) == ["B", "A2"]


BREAK: dict[str, Callable[[], object]] = {
    "a broken post": lambda: Path(A).write_text("titel: [\n"),
    "half a post": lambda: Path(A).write_text('title: "A'),
    "an empty file": lambda: Path(A).write_text(""),
    "a broken config": lambda: Path("config.yaml").write_text("title: T\nurl: x\n"),
    "no config": lambda: Path("config.yaml").unlink(),
    "no content folder": lambda: shutil.rmtree("content"),
    "bytes": lambda: Path(A).write_bytes(os.urandom(1000)),
}


@pytest.mark.parametrize("way", BREAK)
def test_a_broken_edit_leaves_the_last_good_site(
    live: Live, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = app_of(live).test_client()
    config, post = Path("config.yaml").read_bytes(), Path(A).read_bytes()
    before = {path: client.get(path) for path in live.edition.documents}
    BREAK[way]()
    settle(live)
    for path, answer in before.items():
        again = client.get(path)
        assert (again.status_code, again.data) == (200, answer.data)
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert again.headers["Last-Modified"] == answer.headers["Last-Modified"]
    health = client.get("/healthz").get_json()
    assert health["status"] == "stale"
    assert health["findings"] == [str(finding) for finding in live.findings] != []
    logged = [record.getMessage() for record in caplog.records]
    assert logged == [*health["findings"], "The last good site is served until this is mended."]
    settle(live)
    assert len(caplog.records) == len(logged)

    Path("content").mkdir(exist_ok=True)
    Path("config.yaml").write_bytes(config)
    Path(A).write_bytes(post)
    Path(B).write_text("title: B\n")
    settle(live)
    assert titles(live) == ["B", "A"]
    assert client.get("/healthz").get_json()["status"] == "ok"


def test_a_post_appears_when_it_falls_due(write: Write) -> None:
    due = later(5)
    config = write({A: "title: A\n", B: f"title: B\ndate: {due.isoformat()}\n"})
    live = Live(config, now=NOW)
    live.look(due - timedelta(seconds=1))
    assert titles(live) == ["A"]
    live.look(due)
    assert titles(live) == ["B", "A"]
    assert live.edition.answer("/rss.xml").last_modified == due
    edition = live.edition
    live.look(later(50))
    assert live.edition is edition


def test_what_is_gone_is_forgotten(live: Live) -> None:
    for path in live.edition.documents:
        live.edition.answer(path)
    Path(A).write_text("title: A\n")
    settle(live)
    assert "/tags/x/" not in live._history
    assert "/posts/a/" in live._history


def test_what_did_not_change_keeps_its_time(live: Live) -> None:
    paths = ("/rss.xml", "/posts/a/", "/tags/x/rss.xml")
    before = {path: live.edition.answer(path) for path in paths}
    Path(B).write_text("title: B\n")
    settle(live, later(7))
    after = {path: live.edition.answer(path) for path in paths}
    assert after["/rss.xml"].last_modified == later(7)
    assert after["/rss.xml"].etag != before["/rss.xml"].etag
    for path in paths[1:]:
        assert after[path] == before[path]


def test_a_restart_makes_nothing_new(write: Write) -> None:
    config = write({A: "title: A\n"})
    first = Live(config, now=later(1)).edition.answer("/rss.xml")
    second = Live(config, now=later(99)).edition.answer("/rss.xml")
    assert first == second
    Path(B).write_text("title: B\n")
    os.utime(B, (1, 1))  # As cp -p and tar do.
    third = Live(config, now=later(99)).edition.answer("/rss.xml")
    assert third.last_modified >= first.last_modified


def test_what_fell_due_while_nothing_ran_is_new(write: Write) -> None:
    posts = {f"content/2020-02-{n:02}-p.yaml": f"title: {n}\nslug: p{n}\n" for n in range(1, 29)}
    config = write({A: f"title: A\nupdated: {later(5).isoformat()}\n", **posts})
    page = "/posts/a/"
    before = Live(config, now=later(1)).edition.answer(page)
    after = Live(config, now=later(9)).edition.answer(page)
    assert before.etag != after.etag
    assert after.last_modified == later(5) > before.last_modified


def test_no_time_lies_ahead(write: Write) -> None:
    config = write({A: "title: A\n"})
    os.utime(A, (4e9, 4e9))
    assert Live(config, now=NOW).edition.changed == NOW


def test_answers_are_kept_within_a_bound(live: Live) -> None:
    edition = live.edition
    size = len(edition.answer("/rss.xml").body)
    small = Edition(edition.site, edition.documents, NOW, {}, bound=6 * size)
    made = []
    original = small.documents

    class Watched(dict):  # type: ignore[type-arg]
        def __getitem__(self, path: str) -> object:
            made.append(path)
            return original[path]

    small.documents = Watched()  # type: ignore[assignment]
    for _ in range(50):
        assert small.answer("/rss.xml") is small.answer("/rss.xml")
    assert made == ["/rss.xml"]
    for _ in range(3):
        for path in original:
            small.answer(path)
            held = {**small._kept.young, **small._kept.old}.values()
            assert sum(len(a.body) for a in held) <= 6 * size + max(len(a.body) for a in held)
    assert len(made) > len(original) + 1


def test_the_thread_goes_on_after_a_bug(
    live: Live, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = threading.Semaphore(0)

    def look(self: Live, now: datetime) -> None:
        looks.release()
        raise RuntimeError("a bug")

    monkeypatch.setattr(Live, "look", look)
    monkeypatch.setattr(live_module, "_INTERVAL", 0.001)
    live.start()
    assert looks.acquire(timeout=10)
    assert looks.acquire(timeout=10)
    live.stop()
    assert "The last good site is served." in caplog.text
    assert "feeds-live" not in [thread.name for thread in threading.enumerate()]


def test_an_edition_is_prepared_once(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = threading.Semaphore(0)
    prepared: list[Edition] = []
    monkeypatch.setattr(Live, "look", lambda self, now: looks.release())
    monkeypatch.setattr(Edition, "prepare", lambda self: prepared.append(self))
    monkeypatch.setattr(live_module, "_INTERVAL", 0.001)
    monkeypatch.setattr(live_module, "_SHARE", 0)
    live.start()
    for _ in range(3):  # When the third begins, the second has been gone through.
        assert looks.acquire(timeout=10)
    live.stop()
    assert prepared == [live.edition]


def test_a_forked_worker_looks_for_itself(write: Write) -> None:
    write({A: "title: A\n"})
    names = subprocess.run(
        [sys.executable, "-c", FORK], capture_output=True, text=True, check=True, timeout=60
    )
    assert names.stdout == "feeds-live\n"


FORK = """
import os, threading
from feeds.app import create_app
create_app()
pid = os.fork()
if pid == 0:
    print(*(t.name for t in threading.enumerate() if t.name.startswith("feeds")), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
"""


def test_an_app_picks_up_edits_by_itself(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_INTERVAL", 0.02)
    monkeypatch.setattr(live_module, "_SHARE", 0)
    client = create_app(write({A: "title: A\n"})).test_client()
    Path(A).write_text("title: Rettet\n")
    end = time.monotonic() + 20
    while b"Rettet" not in client.get("/rss.xml").data:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_processes_on_two_copies_answer_the_same(write: Write, tmp_path: Path) -> None:
    config = write({A: "title: A\ntags: [x]\nbody: " + "ord " * 500 + "\n"})
    shutil.copytree("content", tmp_path / "copy/content")
    shutil.copy("config.yaml", tmp_path / "copy/config.yaml")
    here, there = Live(config), Live(tmp_path / "copy/config.yaml")
    for path in here.edition.documents:
        for coding in ("", "gzip", "br", "zstd"):
            ours, theirs = here.edition.answer(path, coding), there.edition.answer(path, coding)
            assert (ours.etag, ours.body) == (theirs.etag, theirs.body)


def test_what_nobody_foresaw_is_said_once_and_at_healthz(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: A\n"})
    live = Live(config)

    def broken(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(publish, "documents", broken)
    Path("content/2020-01-02-b.yaml").write_text("title: B\n")
    for _ in range(4):
        live.look(later())
    assert [str(finding) for finding in live.findings] == [
        "config.yaml: UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in "
        "position 0: surrogates not allowed"
    ]
    assert len(live.edition.documents.posts) == 1
    monkeypatch.undo()
