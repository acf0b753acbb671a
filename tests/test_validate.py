"""`feeds validate`: what it reads, what it says, and where it says it."""

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from feeds import ignores, load, publish, validate
from feeds.build import write as build
from feeds.model import Finding

from .conftest import CONFIG, NOW, SHIPPED, SITE, Write

GOOD = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Blog</title>
<link>https://e.example/</link>
<description>About</description>
<atom:link rel="self" href="https://e.example/rss.xml" type="application/rss+xml"/>
<item>
<title>One</title>
<link>https://e.example/1</link>
<guid isPermaLink="false">tag:e.example,2020:1</guid>
<pubDate>Thu, 17 Sep 2020 08:00:00 GMT</pubDate>
<description>Text</description>
</item>
</channel>
</rss>
"""
BAD = GOOD.replace("Thu, 17", "Thu, 37")
POST = "title: T\ndate: 2020-09-17\nbody: |\n  A [link](https://e.example/x).\n"


def found(report: validate.Report) -> list[str]:
    return [f"{f.path}:{f.line}:{f.column} {f.code} {f.field}" for f in report.findings]


def check(*names: str, base: str | None = None) -> validate.Report:
    return validate.targets(names, base, NOW)


# -- files, folders, patterns ----------------------------------------------------------------------


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rss.xml").write_text(BAD)
    report = check("rss.xml")
    assert report.documents == 1
    assert report.findings == [
        Finding(
            path="rss.xml",
            line=12,
            column=1,
            end_line=12,
            field="pubDate",
            code="V101",
            name="bad-rfc822-date",
            level="error",
            message="<pubDate> is not a date as RFC 822 writes it: Thu, 37 Sep 2020 08:00:00 GMT.",
        )
    ]


def test_a_folder_is_searched_for_feeds_and_passes_over_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "out/rss.xml": BAD,
        "out/sitemap.xml": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
        "out/data.json": '{"a": 1}',
        "out/.hidden/rss.xml": BAD,
        "out/.rss.xml": BAD,
        "out/notes.txt": "<rss>",
        "out/deep/er/broken.atom": "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "out/picture.html": "<p>no feeds here",
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    report = check("out")
    assert [line.split()[0] for line in found(report) if "X101" in line or "V101" in line] == [
        "out/deep/er/broken.atom:1:43",
        "out/rss.xml:12:1",
    ]
    assert report.documents == 2


def test_a_file_that_is_named_must_be_a_feed(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_text("<urlset/>")
    assert [f.code for f in check(str(file)).findings] == ["X120"]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("<!DOCTYPE html><title>T</title>", "none"),
        (
            '<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml">',
            "https://e.example/rss.xml",
        ),
    ],
)
def test_a_page_in_place_of_a_feed(tmp_path: Path, page: str, feed: str) -> None:
    file = tmp_path / "index.xml"
    file.write_text(page)
    (fault,) = check(str(file), base="https://e.example/").findings
    assert fault.code == "X125"
    assert fault.message == f"The document is a web page and no feed; it names {feed}."
    assert check(str(tmp_path)).findings == []


def test_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.rss", "b/x.rss", "b/[1].rss"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(GOOD)
    assert check("*/x.rss").documents == 2
    assert check("**/*.rss").documents == 3
    assert check("b/[1].rss").documents == 1  # a file's own name comes before what it may mean


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.xml", "none.xml: there is no such file"),
        ("*.none", "*.none: no file has such a name"),
        ("pipe", "pipe: is not a regular file"),
        ("locked.xml", "locked.xml: Permission denied"),
    ],
)
def test_what_cannot_be_read(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("locked.xml").write_text(GOOD)

    def refuse(self: Path, *args: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(validate.Unreadable, match="^" + message.replace("*", r"\*") + "$"):
        check(name)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert found(check("-")) == ["-:12:1 V101 pubDate"]


def test_where_a_file_will_live(tmp_path: Path) -> None:
    file = tmp_path / "rss.xml"
    file.write_text(GOOD)
    assert found(check(str(file), base="https://e.example/rss.xml")) == []
    assert found(check(str(file), base="https://e.example/")) == []
    assert found(check(str(tmp_path), base="https://e.example/")) == []
    (fault,) = check(str(file), base="https://e.example/blog/").findings
    assert (fault.code, fault.line) == ("X124", 7)


def test_of_many_faults_alike_a_hundred_are_said(tmp_path: Path) -> None:
    file = tmp_path / "rss.xml"
    file.write_text(GOOD.replace("</channel>", "<foo/>\n" * 250 + "</channel>"))
    report = check(str(file))
    assert [f.code for f in report.findings].count("S103") == 100
    assert report.more == 150


# -- addresses -------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[str]:
    """A server that knows nothing of conditions."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = f"http://127.0.0.1:{self.server.server_port}/rss.xml"  # type: ignore[attr-defined]
            body = BAD.replace("https://e.example/rss.xml", here).encode()
            self.send_response(200 if self.path == "/rss.xml" else 404)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_is_judged_for_what_it_holds_and_how_it_is_served(server: str) -> None:
    codes = [f.code for f in check(f"{server}/rss.xml").findings]
    assert "V101" in codes
    assert "H121" in codes
    assert "X124" not in codes


def test_an_address_without_a_feed(server: str) -> None:
    report = check(f"{server}/none.xml")
    assert [f.code for f in report.findings if f.level == "error"] == ["H101"]
    assert report.documents == 0


def test_an_address_that_does_not_answer() -> None:
    with pytest.raises(validate.Unreadable, match=r"^http://127\.0\.0\.1:1/x: refuses"):
        check("http://127.0.0.1:1/x")


# -- the site --------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [SHIPPED, SITE])
def test_the_projects_own_feeds_and_those_of_the_fixture_site_have_no_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    report = validate.config(Path("config.yaml"), NOW)
    ignored = ignores.read(Path("config.yaml"))
    assert [str(f) for f in report.findings if ignores.wanted(f, ignored, Path())] == []
    assert report.documents > 20


def test_a_built_folder_has_none_either(tmp_path: Path) -> None:
    site = load.site(SHIPPED / "config.yaml")
    documents = publish.documents(site, NOW)
    build(publish.for_static_host(site, documents), tmp_path)
    assert found(check(str(tmp_path), base=site.url + "/")) == []


def test_a_fault_in_a_source_is_said_at_its_line(write: Write) -> None:
    config = write({"content/2020-09-17-x.yaml": POST.replace("2020-09-17", "2020-09-37")})
    report = validate.config(config, NOW)
    (fault,) = report.findings
    assert str(fault).startswith("content/2020-09-17-x.yaml:2:7: date: ")
    assert (fault.code, fault.name, fault.level) == ("Y101", "bad-source", "error")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # In the body, though it is in three formats and two feeds.
        (
            "content/2020-09-17-x.yaml",
            POST.replace("tags", "x") + "  ![](https://e.example/p.png)\n"
            "  <img src='https://e.example/q.png'>\n",
            [("content/2020-09-17-x.yaml:3:7", "T117", "body")],
        ),
        (
            "content/2020-09-17-x.md",
            "---\ntitle: T\ndate: 2020-09-17\n---\nText <img src='https://e.example/q.png'>\n",
            [("content/2020-09-17-x.md:5:1", "T117", "body")],
        ),
        (
            "content/2020-09-17-x.yaml",
            POST.replace("title: T", "title: How <b>bold</b> is it"),
            [("content/2020-09-17-x.yaml:1:8", "T101", "title")],
        ),
        (
            "content/2020-09-17-x.yaml",
            POST + "tags: ['a <b> c']\n",
            [("content/2020-09-17-x.yaml:5:7", "T101", "tags")],
        ),
        # Older than any feed.
        (
            "content/1980-09-17-x.yaml",
            POST.replace("2020-09-17", "1980-09-17"),
            [("content/1980-09-17-x.yaml:2:7", "V104", "date")],
        ),
    ],
)
def test_a_fault_in_a_feed_is_said_at_the_posts_field(
    name: str, text: str, expected: list[tuple[str, str, str]], write: Write
) -> None:
    report = validate.config(write({name: text}), NOW)
    places = [(f"{f.path}:{f.line}:{f.column}", f.code, f.field) for f in report.findings]
    assert [place for place in places if place[0].startswith(name)] == expected


def test_a_fault_in_the_feed_itself_is_said_in_the_config(write: Write) -> None:
    config = CONFIG.replace("title: T", "title: The <b>bold</b> blog")
    report = validate.config(write({"config.yaml": config, "content/2020-09-17-x.yaml": POST}), NOW)
    assert ("config.yaml", 1, "T101") in {(f.path, f.line, f.code) for f in report.findings}


def test_the_moment_is_an_argument(write: Write) -> None:
    config = write({"content/2020-09-17-x.yaml": POST})
    before = validate.config(config, datetime(2020, 1, 1, tzinfo=UTC))
    assert before.documents < validate.config(config, NOW).documents
    assert len(load.site(config).posts) == 1


def test_two_faults_at_one_place_are_both_said(write: Write) -> None:
    body = "body: |\n  <img src='https://e.example/p.png'> <img src='https://e.example/q.png'>\n"
    report = validate.config(write({"content/2020-09-17-x.yaml": f"title: T\n{body}"}), NOW)
    found = [f.message for f in report.findings if f.code == "T117"]
    assert [message[-6:] for message in found] == ["p.png.", "q.png."]


def test_faults_in_one_file_are_faults_in_one_document(write: Write) -> None:
    report = validate.config(write({"config.yaml": "titel: T\nulr: x\n"}), NOW)
    assert len(report.findings) > 1
    assert report.documents == 1


def test_what_is_not_wanted_does_not_count_as_alike(tmp_path: Path) -> None:
    file = tmp_path / "rss.xml"
    file.write_text(GOOD.replace("</channel>", "<foo/>\n" * 250 + "</channel>"))
    report = validate.targets([str(file)], None, NOW, lambda finding: finding.code != "S103")
    assert (report.findings, report.more) == ([], 0)


def test_a_folder_lives_under_its_address_with_or_without_a_slash(tmp_path: Path) -> None:
    (tmp_path / "rss.xml").write_text(GOOD)
    assert found(check(str(tmp_path), base="https://e.example")) == []


def test_standard_input_has_no_name_to_live_by() -> None:
    with pytest.raises(validate.Unreadable, match=r"^-: has no name to live by"):
        check("-", base="https://e.example/")


def test_a_pattern_that_finds_a_link_to_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a[1].xml").symlink_to("nowhere")
    with pytest.raises(validate.Unreadable, match=r"^a\[1\]\.xml: leads nowhere$"):
        check("*.xml")


def test_a_name_that_is_no_text_and_a_link_to_nowhere_in_a_folder(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.xml")).write_text(GOOD)
    (tmp_path / "gone.xml").symlink_to("nowhere")
    report = check(str(tmp_path), base="https://e.example/")
    assert report.documents == 1
