"""A site is the same site, whether it is built, served, committed or as it stands."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from feeds import build, diff, load, lock, promises, publish, snapshot
from feeds.app import app_of
from feeds.diff import Snapshot
from feeds.live import Live

from .conftest import NOW, Write
from .test_fetch import free_port, server

CONFIG = """\
title: T
url: https://e.example/blog/
authority: e.example,2020
feeds: {posts: 2}
"""
BEFORE = {
    "config.yaml": CONFIG,
    **{
        f"content/2020-0{n}-01-{name}.yaml": (
            f"title: {name.upper()}\ntags: [{tags}]\nbody: {name}\n"
        )
        for n, name, tags in (
            (1, "a", "x"),
            (2, "b", "x, y"),
            (3, "c", "y"),
            (4, "d", "y, æ"),
            (5, "e", "old"),
        )
    },
}
AFTER = {
    **BEFORE,
    "config.yaml": CONFIG
    + "redirects:\n"
    + "".join(f"  /tags/old/{f}: /tags/new/{f}\n" for f in ("rss.xml", "atom.xml", "feed.json")),
    "content/2020-03-01-c.yaml": "title: C\ntags: [y]\nupdated: 2020-08-01\nbody: changed\n",
    "content/2020-04-01-d.yaml": "title: D\ntags: [y, æ]\nbody: silent\n",
    "content/2020-05-01-e.yaml": "title: E\ntags: [new]\nslug: ee\nbody: e\n",
    "content/2020-06-01-f.yaml": "title: F\ntags: [x]\n",
}
CHANGES = [
    ("new", "F", ("/", "/tags/x/")),
    ("moved", "E", ("/", "/tags/old/")),
    ("aged", "C", ("/",)),
    ("aged", "D", ("/",)),
    ("silent", "D", ("/tags/ae/", "/tags/y/")),
    ("feed-moved", "old – T", ("/tags/old/",)),
    ("edited", "C", ("/tags/y/",)),
]


def git(*arguments: str) -> str:
    command = ("git", "-c", "user.name=T", "-c", "user.email=t@e.example", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """The app on a port of its own."""
    web = make_server("127.0.0.1", 0, app_of(Live(config, now=NOW)))
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/blog"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def built(config: Path, folder: str) -> str:
    site = load.site(config)
    build.write(publish.for_static_host(site, publish.documents(site, NOW)), Path(folder))
    return folder


def committed(message: str) -> None:
    git("add", "-A", "config.yaml", "content")
    git("commit", "-q", "-m", message)
    git("tag", message)


def test_every_kind_of_target_tells_the_same(write: Write) -> None:
    config = write(BEFORE)
    git("init", "-q")
    committed("before")
    copies = {}
    for name, files in (("before", BEFORE), ("after", AFTER)):
        write(files)
        copies[name] = Path(f"copies/{name}/config.yaml")
        shutil.copytree("content", copies[name].parent / "content")
        shutil.copy(config, copies[name])
        built(config, f"built/{name}")
    committed("after")
    expected = diff.compare(*snapshot.pair("before", None, config, NOW)).changes
    assert [(change.kind, change.title, change.feeds) for change in expected] == CHANGES
    with serving(copies["before"]) as old, serving(copies["after"]) as new:
        for before in ("before", "built/before", f"{old}/"):
            for after in (None, "after", "./built/after", new):
                found = diff.compare(*snapshot.pair(before, after, config, NOW))
                assert found.changes == expected, (before, after)
                assert (found.old, found.new) == (
                    before,
                    snapshot.AS_IT_STANDS if after is None else after.removeprefix("./"),
                )
        # Behind a proxy that takes the path off; redirects name it all the same.
        bare = new.removesuffix("/blog")
        assert diff.compare(*snapshot.pair("before", bare, config, NOW)).changes == expected
        for same in (("before", "built/before"), ("built/after", new), (old, "before")):
            assert diff.compare(*snapshot.pair(*same, config, NOW)).changes == ()


def page(title: str, *names: str, url: str = "https://e.example", file: str = "/atom.xml") -> str:
    """An Atom feed that holds what was there before, and nothing more."""
    entries = "".join(
        f"<entry><id>urn:{name}</id><title>{name}</title><link href='{url}/{name}'/>"
        "<updated>2020-01-01T00:00:00Z</updated></entry>"
        for name in names
    )
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{title}</title>"
        f"<link rel='self' href='{url}{file}'/>{entries}</feed>"
    )


RSS = "<rss version='2.0'><channel><title>R</title><item><title>I</title></item></channel></rss>"
JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1"}]}'
OPML = "<opml version='2.0'><body><outline xmlUrl='https://e.example/'/></body></opml>"


def taken(target: str, paths: tuple[str, ...] = ()) -> Snapshot:
    return snapshot.take(target, Path("config.yaml"), NOW, paths)


def documents(made: Snapshot) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {path: (window.title, window.documents) for path, window in made.feeds.items()}


# --- Folders -------------------------------------------------------------------------------------


def test_a_folder_that_others_built(write: Write) -> None:
    write(
        {
            "www/index.xml": "\n" + RSS,
            "www/feeds.opml": OPML,
            "www/list.xml": OPML,
            "www/sitemap.xml": "<urlset/>",
            "www/data.json": "[1]",
            "www/.well-known/atom.xml": page("hidden"),
            "www/a/feed.json": JSON,
            "www/a/rss.xml": RSS,
            "www/a/index.html": "<p>",
            "www/b/atom.xml": "<html/>",
            "www/b/rss.xml": RSS,
            "www/b/c/news.atom": page("N", file="/b/c/news.atom"),
            "www/b/c/more.json": "\ufeff" + JSON,
            "www/folder.xml/x": "",
        }
    )
    made = taken("www")
    assert documents(made) == {
        "/index.xml": ("R", ("/index.xml",)),
        "/a/": ("R", ("/a/rss.xml", "/a/feed.json")),
        "/b/": ("R", ("/b/atom.xml", "/b/rss.xml")),
        "/b/c/news.atom": ("N", ("/b/c/news.atom",)),
        "/b/c/more.json": ("J", ("/b/c/more.json",)),
    }
    assert (made.name, made.url) == ("www", "https://e.example")
    (item,) = made.feeds["/index.xml"].posts
    assert item.id == item.text
    assert made.feeds["/index.xml"].older is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_json_feed_is_known_in_whatever_encoding(write: Write, encoding: str) -> None:
    write({"www/news.json": ("\r\n" + " " * 500 + JSON).encode(encoding)})
    assert documents(taken("www")) == {"/news.json": ("J", ("/news.json",))}


def test_where_the_blogs_own_feed_says_that_it_lives_counts(write: Write) -> None:
    write(
        {
            "www/a.xml": page("A", url="https://a.example", file="/a.xml"),
            "www/atom.xml": page("T", "p"),
            "www/b/atom.xml": page("B", url="https://b.example", file="/b/atom.xml"),
        }
    )
    assert taken("./www").url == "https://e.example"


def test_the_name_of_a_broken_file_obeys_nobody(write: Write) -> None:
    write({"www/\x1b[2J.xml": page("T")[:-9]})
    with pytest.raises(ValueError, match=r"^www/\\x1b\[2J\.xml: cannot be read to its end"):
        taken("www")


def test_redirects_of_a_static_host(write: Write) -> None:
    write(
        {
            "www/atom.xml": page("T", url="https://e.example/blog"),
            "www/_redirects": """\
# A comment
/blog/old/atom.xml /blog/atom.xml 301  # another
/blog/%C3%A6/atom.xml https://e.example/blog/atom.xml
/blog/old/atom.xml /later 301
/blog/away https://o.example/atom.xml 302!
/elsewhere /atom.xml 308
/blog/served /blog/atom.xml 200
/blog/all/* /blog/atom.xml 301
/blog/by/:month /blog/atom.xml 301
/blog/lost /blog/atom.xml 404
/blog/alone
\xff /x 301
""".encode("latin-1"),
        }
    )
    assert taken("www").leads == {
        "/old/atom.xml": "/atom.xml",
        "/æ/atom.xml": "/atom.xml",
        "/away": "https://o.example/atom.xml",
        "/elsewhere": "/atom.xml",
        "/served": "/atom.xml",
        "\ufffd": "/x",
    }


def test_what_stands_in_a_config_counts_before_what_is_guessed(write: Write) -> None:
    config = write(
        {
            "config.yaml": CONFIG
            + "redirects: {/feed: https://o.example/, /old/: /}\ngone: [/x]\n",
            "content/2020-01-01-a.yaml": "title: A\n",
        }
    )
    leads = snapshot.take(None, config, NOW).leads
    assert {path: leads[path] for path in ("/feed", "/feed/", "/old", "/x", "/x/", "/rss")} == {
        "/feed": "https://o.example/",
        "/feed/": "https://o.example/",
        "/old": "/",
        "/x": None,
        "/x/": None,
        "/rss": "/rss.xml",
    }


# --- What is no target ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("", "'' is no folder here, no web address and no git revision of this project"),
        ("nope", "'nope' is no folder here, no web address and no git revision of this project"),
        ("-x", "'-x' is no folder here"),
        ("one..one", "'one..one' is no folder here"),
        ("^one", "'^one' is no folder here"),
        ("one@{1970-01-01}x", "'one@{1970-01-01}x' is no folder here"),
        ("ftp://e.example/", "ftp://e.example/: is no address of a web site, which begins with"),
        ("https://u:p@e.example/", "'https://u:p@e.example/' is not an address"),
        ("http://e.example/?x", "http://e.example/?x: is not the address of a site, which has no"),
        ("http://e.example/#x", "http://e.example/#x: is not the address of a site, which has no"),
        ("config.yaml", "config.yaml: is a file; give the folder that a site was built to"),
        ("content", "content: holds no feed; give the folder that a site was built to"),
        ("one", "one: is a folder and a git revision; write ./one for the folder, refs/heads/one"),
        ("broken", "broken/atom.xml: cannot be read to its end; `feeds validate` says why"),
        ("bare", "bare: has no config.yaml"),
        (
            "leads-away",
            "leads-away: 'content/away.yaml' is a link or a submodule, and no file",
        ),
    ],
)
def test_what_is_no_target(write: Write, target: str, message: str) -> None:
    write({"one/atom.xml": page("T"), "broken/atom.xml": page("T")[:-9]})
    git("init", "-q")
    committed("one")
    Path("content/away.yaml").symlink_to("/etc/hostname")
    committed("leads-away")
    git("rm", "-q", "config.yaml", "--cached")
    git("commit", "-q", "-m", "bare")
    git("tag", "bare")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is looked at
        taken(target)
    assert str(caught.value).startswith(message)


def test_a_folder_that_has_the_name_of_a_revision_can_be_meant(write: Write) -> None:
    write({"one/atom.xml": page("T"), "content/2020-01-01-a.yaml": "title: A\n"})
    git("init", "-q")
    committed("one")
    assert [*documents(taken("./one"))] == [*documents(taken("one/"))] == ["/"]
    assert [post.title for post in taken("refs/tags/one").feeds["/"].posts] == ["A"]


def test_without_git_or_a_repository(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"one/atom.xml": page("T")})
    with pytest.raises(ValueError, match=r"this project \(git says: fatal: not a git repository"):
        taken("main")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match=r"of this project \(git is not installed\)$"):
        taken("main")
    assert documents(taken("one"))


# --- Revisions -----------------------------------------------------------------------------------


def test_a_project_deep_in_a_repository_with_templates(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        {
            "deep/my.yaml": CONFIG + "templates: look\n",
            "deep/content/2020-01-01-a.yaml": "title: A\n",
            "deep/look/README": "",
            "content/2020-01-01-b.yaml": "title: B\n",
        }
    )
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    for where, config in (
        (".", "deep/my.yaml"),
        ("deep", "my.yaml"),
        ("deep/content", "../my.yaml"),
    ):
        with monkeypatch.context() as patch:
            patch.chdir(where)
            made = snapshot.take("HEAD", Path(config), NOW)
        assert [post.title for post in made.feeds["/"].posts] == ["A"]


def test_a_revision_without_posts(write: Write) -> None:
    write({})
    git("init", "-q")
    committed("one")
    assert taken("one").feeds["/"].posts == ()


def test_the_faults_of_a_revision_are_told_as_git_names_files(write: Write) -> None:
    write({"content/2020-01-01-a.yaml": "titel: A\n"})
    git("init", "-q")
    committed("one")
    with pytest.raises(load.LoadError, match=r"^one:content/2020-01-01-a.yaml:1:1: titel: is not"):
        taken("one")


def test_a_revision_that_is_too_large(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"content/2020-01-01-a.yaml": "title: A\n"})
    git("init", "-q")
    committed("one")
    monkeypatch.setattr(snapshot, "MAX_UNPACKED", 8)
    with pytest.raises(ValueError, match="one: holds more than 0 MiB"):
        taken("one")


def test_a_repository_that_is_damaged(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"content/2020-01-01-a.yaml": "title: A\n"})
    git("init", "-q")
    committed("one")
    command = snapshot._git

    def failing(project: Path, *arguments: str) -> list[str]:
        said = command(project, *arguments)
        return ["sh", "-c", '"$@" | head -c 5', "sh", *said] if "cat-file" in arguments else said

    monkeypatch.setattr(snapshot, "_git", failing)
    with pytest.raises(ValueError, match=r"^one: git cannot read it"):
        taken("one")


# --- Live sites ----------------------------------------------------------------------------------

# By path: the status, a Location or nothing, and the body.
Routes = Mapping[str, tuple[int, str, str]]


@contextmanager
def answering(routes: Routes) -> Iterator[tuple[str, list[str]]]:
    """A server of these answers, all else 404; its address, and what it was asked for."""
    asked: list[str] = []

    def play(sock: socket.socket, head: str) -> None:
        path = head.split()[1]
        asked.append(path)
        status, location, body = routes.get(path, (404, "", ""))
        lines = [f"HTTP/1.1 {status} X", *([f"Location: {location}"] if location else [])]
        sock.sendall("\r\n".join([*lines, "", body]).encode())

    with server(play) as url:
        yield url, asked


def test_one_request_for_a_feed_that_is_there(write: Write) -> None:
    write({})
    routes = {f"{path}atom.xml": (200, "", page("T", "p")) for path in ("/", "/tags/x/")}
    with answering(routes) as (url, asked):
        made = taken(url, ("/", "/tags/x/"))
    assert asked == ["/atom.xml", "/feeds.opml", "/tags/x/atom.xml"]
    files = ("rss.xml", "atom.xml", "feed.json")
    assert documents(made) == {
        "/": ("T", tuple(f"/{file}" for file in files)),
        "/tags/x/": ("T", tuple(f"/tags/x/{file}" for file in files)),
    }
    assert (made.name, made.url) == (url, "https://e.example")
    assert made.feeds["/"].older is None


def test_the_feeds_of_the_lock_are_asked_for(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: A\ntags: [x]\n"})
    promised = promises.state(load.site(config), config, NOW)
    lock.write(promised.accepted(()), Path(lock.NAME))
    with answering({"/blog/atom.xml": (200, "", page("T"))}) as (url, asked):
        made = taken(f"{url}/blog/")
    assert [*documents(made)] == ["/"]
    assert [path for path in asked if path.endswith("atom.xml")] == [
        "/blog/atom.xml",
        "/blog/tags/x/atom.xml",
    ]


def test_where_old_addresses_lead(write: Write) -> None:
    write({})
    feed = (200, "", page("T", "p"))
    routes = {
        "/atom.xml": feed,
        "/moved/atom.xml": (301, "/tags/new/atom.xml", ""),
        "/tags/new/atom.xml": feed,
        "/moved/rss.xml": (308, "/%C3%A6.xml", ""),
        "/%C3%A6.xml": feed,
        "/for-now/atom.xml": (302, "/atom.xml", ""),
        "/chain/atom.xml": (301, "/for-now/atom.xml", ""),
        "/gone/atom.xml": (410, "", ""),
        "/page/atom.xml": (301, "/page/", ""),
        "/page/": (200, "", "<!doctype html><p>Not here any more."),
        "/led-to-nothing/atom.xml": (301, "/nothing", ""),
        "/others/rss.xml": (200, "", RSS),
        "/others/feed.json": (200, "", JSON),
    }
    names = ("moved", "for-now", "chain", "gone", "page", "led-to-nothing", "others")
    with answering(routes) as (url, asked), answering({"/b": feed}) as (other, _):
        routes["/away/atom.xml"] = (301, f"{other}/b", "")
        made = taken(url, (*(f"/{name}/" for name in names), "/away/", "/one.xml"))
    assert made.leads == {
        "/moved/atom.xml": "/tags/new/atom.xml",
        "/moved/rss.xml": "/æ.xml",
        "/gone/atom.xml": None,
        "/away/atom.xml": f"{other}/b",
    }
    assert set(made.feeds) == {"/", "/for-now/", "/chain/", "/others/", "/tags/new/", "/æ.xml"}
    assert made.feeds["/others/"].documents == ("/others/rss.xml", "/others/feed.json")
    assert made.feeds["/others/"].title == "R"
    assert asked.count("/tags/new/atom.xml") == 2


def test_a_site_that_has_got_another_address(write: Write) -> None:
    write({})
    feed = (200, "", page("T", "p"))
    with answering({"/b/atom.xml": feed, "/b/x/atom.xml": feed}) as (new, asked):
        routes = {path: (301, f"{new}/b{path}", "") for path in ("/atom.xml", "/x/atom.xml")}
        with answering(routes) as (old, asked_old):
            made = taken(old, ("/x/",))
    assert set(made.feeds) == {"/", "/x/"}
    assert asked_old == ["/atom.xml"]
    assert asked == ["/b/atom.xml", "/b/feeds.opml", "/b/x/atom.xml"]


def test_the_site_itself_lists_its_feeds(write: Write) -> None:
    write({})
    listed = ("https://e.example/tags/x/rss.xml", "/one.xml", "https://o.example/atom.xml")
    outlines = "".join(f"<outline xmlUrl='{address}'/>" for address in listed)
    routes = {
        "/atom.xml": (200, "", page("T")),
        "/tags/x/atom.xml": (200, "", page("X")),
        "/one.xml": (200, "", page("1")),
        "/feeds.opml": (200, "", f"<opml version='2.0'><body>{outlines}</body></opml>"),
    }
    with answering(routes) as (url, asked):
        assert set(taken(url).feeds) == {"/", "/tags/x/", "/one.xml"}
    assert asked == ["/atom.xml", "/feeds.opml", "/tags/x/atom.xml", "/one.xml"]


@pytest.mark.parametrize("answer", [(503, ""), (200, "<p>"), (200, "{}"), (200, RSS)])
def test_a_site_without_a_list_is_a_site(write: Write, answer: tuple[int, str]) -> None:
    write({})
    status, body = answer
    routes = {"/atom.xml": (200, "", page("T")), "/feeds.opml": (status, "", body)}
    with answering(routes) as (url, _):
        assert set(taken(url).feeds) == {"/"}


def test_a_site_that_lists_feeds_without_end(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({})
    monkeypatch.setattr(snapshot, "MAX_FEEDS", 1)
    outlines = "<outline xmlUrl='/1'/><outline xmlUrl='/2'/>"
    routes = {"/feeds.opml": (200, "", f"<opml version='2.0'><body>{outlines}</body></opml>")}
    with answering(routes) as (url, _), pytest.raises(ValueError, match="more than 1 feeds"):
        taken(url)


def test_a_live_site_that_is_none(write: Write) -> None:
    write({})
    with answering({"/atom.xml": (503, "", "")}) as (url, _):
        with pytest.raises(ValueError, match=r"/atom.xml: answers 503$"):
            taken(url)
        with pytest.raises(ValueError, match=f"^{url}/x: there is no feed at {url}/x/atom.xml$"):
            taken(f"{url}/x")
    with pytest.raises(ValueError, match=r"/atom.xml: refuses the connection"):
        taken(f"http://127.0.0.1:{free_port()}")
    with (
        answering({"/atom.xml": (200, "", page("T")[:-9])}) as (url, _),
        pytest.raises(ValueError, match=r"/atom.xml: cannot be read to its end"),
    ):
        taken(url)


def test_a_site_that_is_gone_altogether(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: A\n"})
    files = ("/atom.xml", "/rss.xml", "/feed.json")
    with answering(dict.fromkeys(files, (410, "", ""))) as (url, _):
        found = diff.compare(*snapshot.pair(built(config, "out"), url, config, NOW))
    assert [(change.kind, change.feeds) for change in found.changes] == [("feed-gone", ("/",))]
