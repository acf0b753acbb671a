"""Each command as its user runs it: what it prints, where, and with which exit code."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from feeds import __version__, cli, load, publish, server

from .conftest import NOW, SHIPPED, Write

POST = {"content/2020-01-01-a.yaml": "title: A\ntags: [æ]\n"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, prog_name="feeds")


def test_help_names_every_command_and_exit_code() -> None:
    text = run("--help").stdout
    for name in cli.main.commands:
        assert re.search(rf"^  {name} ", text, re.MULTILINE)
        assert run(name, "--help").exit_code == 0
    assert re.search(r"^    2  wrong usage", text, re.MULTILINE)
    assert run("--version").stdout == f"feeds, version {__version__}\n"


def test_build_says_what_it_did(write: Write) -> None:
    write(POST)
    first = run("build")
    assert first.exit_code == 0
    *added, total = first.stdout.splitlines()
    assert added[0] == "+ /style.css"
    assert total == f"public: {len(added)} written, 0 unchanged, 0 removed"
    assert run("build").stdout == f"public: 0 written, {len(added)} unchanged, 0 removed\n"
    Path("content/2020-01-01-a.yaml").write_text("title: A\n")
    *changed, total = run("build").stdout.splitlines()
    gone = [line for line in changed if line.startswith("- ")]
    assert {"+ /posts/a/", "+ /", "+ /rss.xml", "+ /follow/", "+ /feeds.opml"} <= set(changed)
    assert {"- /tags/ae/", "- /tags/ae/atom.xml", "- /tags/ae/rss.xml"} <= set(gone)
    assert "+ /style.css" not in changed
    written = len(changed) - len(gone)
    same = len(added) - len(changed)
    assert total == f"public: {written} written, {same} unchanged, {len(gone)} removed"


def test_build_from_elsewhere_to_elsewhere(write: Write, tmp_path: Path) -> None:
    config = write(POST).resolve()
    (tmp_path / "other").mkdir()
    os.chdir(tmp_path / "other")
    assert run("--config", str(config), "build").exit_code == 0
    assert (tmp_path / "public/rss.xml").exists()
    assert run("--config", "../config.yaml", "build", "--output", "out").exit_code == 0
    assert (tmp_path / "other/out/rss.xml").exists()
    Path("../content/2020-01-02-b.yaml").write_text("titel: A\n")
    faulty = run("--config", "../config.yaml", "build")
    assert faulty.stderr.startswith("../content/2020-01-02-b.yaml:1:1: titel: is not a field")


@pytest.mark.parametrize("command", [("build",), ("serve",), ("list",), ("new", "B")])
def test_a_fault_is_a_line_on_stderr_and_code_2(write: Write, command: tuple[str, ...]) -> None:
    write({"config.yaml": "title: T\nurl: e.example\n"})
    result = run(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == (
        "config.yaml:2:6: url: 'e.example' must begin with https:// or http://; "
        "did you mean https://e.example?"
    )
    assert result.stderr.splitlines()[-1].startswith("1 fault: no")
    assert not Path("public").exists()


def test_many_faults_are_counted(write: Write) -> None:
    write({"content/2020-01-01-a.yaml": "titel: A\n"})
    assert run("build").stderr.splitlines()[-1] == "2 faults: nothing was written."


def test_output_into_a_loop_of_links_or_the_folder_that_content_links_to(write: Write) -> None:
    write(POST)
    Path("loop").symlink_to("loop")
    result = run("build", "--output", "loop")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    Path("content").rename("posts")
    Path("content").symlink_to("posts")
    assert run("build", "--output", "posts").exit_code == 2


def test_serve_at_a_name() -> None:
    with serving("--host", "localhost", "--quiet") as (url, lines, _):
        assert lines[1].strip() == url.replace("127.0.0.1", "localhost") + "/"
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            assert answer.status == 200


@pytest.mark.parametrize("output", [".", "..", "content", "content/x"])
def test_build_does_not_write_over_the_sources(write: Write, output: str) -> None:
    write(POST)
    result = run("build", "--output", output)
    assert result.exit_code == 2
    assert result.stderr == f"{output}: holds the sources of the site; give another --output\n"


def test_build_with_a_foreign_file_in_the_way(write: Write) -> None:
    write({**POST, "public/index.html": "mine"})
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr == (
        "public/index.html: was not written by `feeds build` and is in the way\n"
    )
    assert Path("public/index.html").read_text() == "mine"


def test_build_where_the_disk_says_no(write: Write) -> None:
    write({**POST, "public": "a file"})
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr == "public/.feeds: Not a directory\n"


def test_long_work_shows_progress_only_to_somebody(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(n) for n in range(1000)]
    assert list(cli._progress(paths)) == paths
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(cli._progress(paths[:10])) == paths[:10]
    assert list(cli._progress(paths)) == paths


def test_new_begins_a_draft(write: Write) -> None:
    config = write({})
    result = run("new", "Om at spørge")
    assert result.exit_code == 0
    file = Path(result.stdout.strip())
    assert re.fullmatch(r"content/\d{4}-\d\d-\d\d-om-at-spoerge\.yaml", str(file))
    assert load.site(config).posts[0].draft
    again = run("new", "Om at spørge!")
    assert again.exit_code == 2
    assert again.stderr == f"a post of that name is there already: {file}\n"


def test_list_shows_posts_and_feeds(write: Write) -> None:
    write(
        {
            **POST,
            "content/2199-01-01-b.yaml": "title: Siden\n",
            "content/2020-01-02-c.yaml": "title: C\ndraft: true\n",
        }
    )
    assert run("list").stdout.splitlines() == [
        "Posts",
        "2199-01-01 00:00  ahead  Siden",
        "                         content/2199-01-01-b.yaml",
        "2020-01-02 00:00  draft  C",
        "                         content/2020-01-02-c.yaml",
        "2020-01-01 00:00         A  [æ]",
        "                         content/2020-01-01-a.yaml",
        "Feeds",
        "     1  T",
        "        https://e.example/",
        "     1  æ – T",
        "        https://e.example/tags/ae/",
    ]


def test_colours_only_on_a_terminal(write: Write) -> None:
    write(POST)
    assert "\x1b" not in run("list").stdout
    coloured = CliRunner().invoke(cli.main, ["list"], color=True)
    assert "\x1b[1mPosts" in coloured.stdout


def test_init_makes_a_blog_that_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "blog").stdout == "blog is ready. Now: cd blog && feeds serve\n"
    assert run("--config", "blog/config.yaml", "build").exit_code == 0
    again = run("init", "blog")
    assert (again.exit_code, again.stderr) == (2, "blog/config.yaml is there already\n")
    wrong = run("init", "other", "--timezone", "Mars", "--url", "other.example")
    assert wrong.exit_code == 2
    assert wrong.stderr.splitlines() == [
        "other/config.yaml:3:6: url: 'other.example' must begin with https:// or http://; "
        "did you mean https://other.example?",
        "other/config.yaml:5:11: timezone: no time zone is called 'Mars'; "
        "write it like Europe/Copenhagen",
        "2 faults: no blog was made.",
    ]


def test_serve_where_somebody_listens_already(write: Write) -> None:
    write(POST)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"127.0.0.1:{port}: Address already in use\n"
    nowhere = run("serve", "--host", "nowhere.invalid")
    assert nowhere.exit_code == 1
    assert len(nowhere.stderr.splitlines()) == 1


def test_serve_with_a_url_that_is_none(write: Write) -> None:
    write(POST)
    result = run("serve", "--url", "localhost")
    assert result.exit_code == 2
    assert "must begin with https:// or http://" in result.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://localhost:80"),
        ("::", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_preview_address(host: str, url: str) -> None:
    assert server.address(host, 80) == url


@contextmanager
def serving(
    *arguments: str, folder: Path = SHIPPED
) -> Iterator[tuple[str, list[str], "subprocess.Popen[str]"]]:
    """A real server: its address, the lines it has printed, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "feeds", "serve", "--port", str(port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        start_new_session=True,
    )
    assert process.stdout
    lines = []

    def kill() -> None:
        # The worker too: it would keep the pipe open.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    alarm = threading.Timer(30, kill)
    alarm.start()
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Press"):
                break
        _wait_for(port)
        yield f"http://127.0.0.1:{port}", lines, process
    finally:
        alarm.cancel()
        kill()
        process.communicate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")


def test_serve_announces_every_feed_and_answers_and_stops_gracefully() -> None:
    with serving() as (url, lines, process):
        site = load.site(SHIPPED / "config.yaml", url)
        documents = publish.documents(site, NOW)
        announced = [line.strip() for line in lines if line.startswith("  http")]
        assert announced == [
            f"{url}{feed.path}{file}"
            for feed in documents.feeds
            for file in ("", "rss.xml", "atom.xml", "feed.json")
        ]
        for address in announced:
            with urllib.request.urlopen(address) as answer:
                assert answer.read() == documents[address.removeprefix(url)].body
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_serve_links_to_the_url_that_is_given() -> None:
    with serving("--url", "https://preview.example/") as (url, lines, process):
        assert "  https://preview.example/rss.xml" in lines
        with urllib.request.urlopen(f"{url}/atom.xml") as answer:
            body = answer.read()
        assert b'href="https://preview.example/atom.xml"' in body
        assert process.stdout
        line = process.stdout.readline()
        assert re.fullmatch(
            r'127\.0\.0\.1 - - \[\S+ [+-]\d{4}\] "GET /atom\.xml HTTP/1\.1" 200 (\d+) "-" '
            r'"Python-urllib/[\d.]+"\n',
            line,
        ), line
        assert f" 200 {len(body)} " in line


def test_the_sessions_in_the_docs_are_what_curl_shows() -> None:
    text = (SHIPPED / "docs/http.md").read_text("utf-8")
    sessions = re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(sessions) == 11
    with serving() as (url, _, _):
        for session in sessions:
            lines = session.splitlines()
            commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            script = "\n".join(commands).replace("http://127.0.0.1:8000", url)
            shown = subprocess.run(
                ["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60
            ).stdout.replace(url, "http://127.0.0.1:8000")
            # The order of headers is the server's own affair.
            expected = sorted(lines[len(commands) :])
            found = sorted(line for line in shown.replace("\r", "").splitlines() if line)
            assert len(found) == len(expected), shown
            for pattern, line in zip(expected, found, strict=True):
                assert re.fullmatch(re.escape(pattern).replace("…", ".+"), line), (pattern, line)


def test_serve_picks_up_edits_and_tells_the_terminal_of_faults(write: Write) -> None:
    write(POST)
    with serving("--quiet", folder=Path()) as (url, _, process):
        Path("content/2020-01-01-a.yaml").write_text("titel: A\n")
        assert process.stdout
        log = [process.stdout.readline().rstrip() for _ in range(3)]
        assert log[0].startswith("content/2020-01-01-a.yaml:1:1: titel: is not a field")
        assert log[2] == "The last good site is served until this is mended."
        with urllib.request.urlopen(f"{url}/rss.xml") as answer:
            assert b"<title>A</title>" in answer.read()
        Path("content/2020-01-01-a.yaml").write_text("title: B\n")
        assert process.stdout.readline().rstrip() == "The new site is served: 1 posts."
        with urllib.request.urlopen(f"{url}/rss.xml") as answer:
            assert b"<title>B</title>" in answer.read()


def test_commands_are_in_one_group() -> None:
    assert isinstance(cli.main, click.Group)
    assert sorted(cli.main.commands) == [
        *("build", "diff", "embed", "init", "list", "lock", "new", "rules", "serve", "validate")
    ]
