"""Under load, while editors do their worst: no error, no mixed version, no growth."""

import gc
import hashlib
import http.client
import os
import random
import shutil
import socket
import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feeds import hotpath
from feeds.app import app_of
from feeds.live import Live

from .conftest import CONFIG, SHIPPED, Write
from .test_cli import serving

POST = "title: Post {n}\ntags: [a, b{m}]\nbody: " + "ord " * 300 + "\n"


def write_post(n: int, text: str | None = None) -> None:
    Path(f"content/2020-01-01-p{n}.yaml").write_text(text or POST.format(n=n, m=n % 3))


def edit(rng: random.Random) -> None:
    """One thing that an editor or a deployment may do."""
    n = rng.randrange(10)
    match rng.randrange(8):
        case 0 | 1 | 2:
            write_post(n)
        case 3:
            write_post(n, f"title: Rettet {rng.random()}\n")
        case 4:
            write_post(n, rng.choice(["titel: [", "", "title: ''\n", "\x00"]))
        case 5:
            Path(f"content/2020-01-01-p{n}.yaml").unlink(missing_ok=True)
        case 6:
            shutil.rmtree("content", ignore_errors=True)
            Path("content").mkdir()
        case 7:
            Path("config.yaml").write_text(rng.choice([CONFIG, CONFIG.replace("T", "T2"), "x"]))


@pytest.mark.slow
def test_a_soak(write: Write) -> None:
    config = write({})
    for n in range(5):
        write_post(n)
    live = Live(config)
    app = hotpath.wrap(app_of(live), live)
    stop = threading.Event()
    wrong: list[str] = []
    counts: dict[str, int] = {}

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        tags: dict[tuple[str, str], str] = {}
        while not stop.is_set():
            path = rng.choice(["/", "/rss.xml", "/atom.xml", "/feed.json", "/tags/a/rss.xml",
                               "/posts/p1/", "/feed", "/healthz", "/nope"])  # fmt: skip
            coding = rng.choice(["", "gzip", "br", "zstd"])
            environ = EnvironBuilder(path=path, base_url="http://x/").get_environ()
            environ["HTTP_ACCEPT_ENCODING"] = coding
            if tag := tags.get((path, coding)):
                environ["HTTP_IF_NONE_MATCH"] = tag
            body, status, headers = run_wsgi_app(app, environ)
            data = b"".join(body)
            counts[status[:3]] = counts.get(status[:3], 0) + 1
            if status[0] == "5":
                wrong.append(f"{path}: {status}")
            if status[:3] == "200" and "ETag" in headers:
                tags[path, coding] = headers["ETag"]
                digest = hashlib.sha256(data).hexdigest()[:32]
                if not headers.get("Content-Encoding") and headers["ETag"] != f'"{digest}"':
                    wrong.append(f"{path}: the tag is of other bytes")
                if headers["Content-Length"] != str(len(data)):
                    wrong.append(f"{path}: the length is of other bytes")

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    rng = random.Random(0)
    now = datetime.now(UTC)
    sizes = []
    tracemalloc.start()
    for rounds in range(1, 121):
        edit(rng)
        for _ in range(2):
            now += timedelta(seconds=1)
            live.look(now)
        if rounds % 10 == 0:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert counts["200"] > 100
    assert counts["304"] > 10
    # Flat: the second half of the time has no more than the first, but for what is just cached.
    half = len(sizes) // 2
    assert max(sizes[half:]) < max(sizes[:half]) + 2_000_000

    shutil.rmtree("content")
    Path("content").mkdir()
    Path("config.yaml").write_text("title: T\nurl: https://e.example\n")
    write_post(7, "title: Til sidst\n")
    for _ in range(2):
        live.look(now + timedelta(minutes=1))
    assert [post.title for post in live.edition.documents.posts] == ["Til sidst"]


@pytest.mark.slow
def test_two_processes_on_two_copies_of_the_content_answer_the_same(tmp_path: Path) -> None:
    for copy in ("one", "two"):
        shutil.copytree(SHIPPED / "content", tmp_path / copy / "content")
        shutil.copy(SHIPPED / "config.yaml", tmp_path / copy / "config.yaml")
        for file in tmp_path.joinpath(copy, "content").iterdir():
            os.utime(file, (random.random() * 1e9,) * 2)
    url = ("--url", "https://ambassadoer.example", "--quiet")
    with (
        serving(*url, folder=tmp_path / "one") as (one, lines, _),
        serving(*url, folder=tmp_path / "two") as (two, _, _),
    ):
        paths = [
            line.removeprefix("  https://ambassadoer.example") for line in lines if "://" in line
        ]
        assert len(paths) == 36
        for path in paths:
            for coding in ("identity", "gzip", "br", "zstd"):
                answers = [fetch(server, path, coding) for server in (one, two)]
                assert answers[0] == answers[1]


def fetch(server: str, path: str, coding: str) -> tuple[str | None, str | None, bytes]:
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200
    return answer.headers["ETag"], answer.headers["Content-Encoding"], body


@pytest.mark.slow
def test_a_restart_under_load_loses_nothing_that_was_being_answered() -> None:
    """SIGTERM: what was asked for is answered whole; then the address refuses."""
    with serving("--quiet") as (url, _, process):
        results: list[str] = []
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                try:
                    _, _, body = fetch(url, "/rss.xml", "identity")
                    results.append("whole" if body.endswith(b"</rss>\n") else "cut")
                except (
                    ConnectionRefusedError,
                    ConnectionResetError,
                    http.client.RemoteDisconnected,
                ):
                    results.append("refused")
                    stop.wait(0.01)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        process.terminate()
        assert process.wait(10) == 0
        stop.set()
        for thread in threads:
            thread.join()
        assert "cut" not in results
        assert results.count("whole") > 100
        host, port = url.removeprefix("http://").split(":")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((host, int(port)), 1)
