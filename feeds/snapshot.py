"""The feeds of a site as its documents say them: of a built folder, a live site, a git revision.

Nothing is taken from the writers: what a document says is read by ``rules.digest``, whoever made
it. So a site can be compared with what another program published before.
"""

import hashlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote, urlsplit

from feeds import addresses, fetch, load, lock, publish, urls
from feeds.diff import Shown, Snapshot, Window
from feeds.model import Site, printable
from feeds.rules import digest, http, jsontext, xml
from feeds.rules.digest import Digest, Entry
from feeds.rules.visit import Response

AS_IT_STANDS = "the site as it stands"
MAX_FEEDS = 5000  # of a live site
MAX_UNPACKED = 256 * 1024 * 1024  # bytes of a git revision

# The documents beside a page, the one that says most first: RSS does not say when a post changed.
_FILES = ("atom.xml", "rss.xml", "feed.json")
_SUFFIXES = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
_ARCHIVE = re.compile(r"(?P<feed>.*/)archive/[0-9]+/", re.DOTALL)


def pair(old: str, new: str | None, config: Path, now: datetime) -> tuple[Snapshot, Snapshot]:
    """The snapshots of two targets; a live site is asked for the feeds of the other side too.

    The targets, and what is raised, are those of :func:`take`.
    """
    if new is not None and urls.is_web(new):
        before = take(old, config, now)
        return before, take(new, config, now, before.feeds)
    after = take(new, config, now)
    return take(old, config, now, after.feeds), after


def take(target: str | None, config: Path, now: datetime, paths: Iterable[str] = ()) -> Snapshot:
    """The feeds of *target*: a built folder, the address of a live site, or a git revision.

    None is the site of the file *config*, whose folder a revision is of. A site is taken as it
    would be published at *now*. A live site is asked for its own feed, and for those at *paths* and
    in feeds.lock. Raises ValueError with a message for people, LoadError for a site with faults.
    """
    if target is None:
        return _of_site(load.site(config), now, AS_IT_STANDS)
    if urls.is_web(target):
        return _of_address(target, {*paths, *_promised(config)})
    if "://" in target:
        raise ValueError(f"{target}: is no address of a web site, which begins with https://")
    folder = Path(target)
    if target and folder.is_dir():
        # Git itself asks for more, too, where a name is both.
        if folder.name == target and _commit(target, config.parent)[0]:
            raise ValueError(
                f"{target}: is a folder and a git revision; write {os.curdir}/{target} for the "
                f"folder, refs/heads/{target} for a branch"
            )
        return _of_folder(folder)
    commit, why = _commit(target, config.parent)
    if commit:
        with _checked_out(target, commit, config) as copy:
            return _of_site(_loaded(copy, target), now, target)
    if target and folder.exists():
        raise ValueError(f"{target}: is a file; give the folder that a site was built to")
    raise ValueError(
        f"{target!r} is no folder here, no web address and no git revision of this project{why}"
    )


# --- Documents -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Read:
    """Feeds as their documents say them, by path.

    ``complete`` are those that hold all there is; ``url`` is where the site says that it lives.
    """

    feeds: dict[str, Window] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    url: str = ""

    def add(self, feed: str, documents: Iterable[str], made: Digest) -> None:
        """Take in the feed at the path *feed*, as the document *made* says it.

        *documents* are the paths of all that people subscribe to. Of a second document, only its
        path is taken.
        """
        if known := self.feeds.get(feed):
            self.feeds[feed] = replace(known, documents=(*known.documents, *documents))
            return
        own = made.self_link.address if made.self_link else ""
        base = own.removesuffix(made.name) if own.endswith(made.name) else ""
        if feed == "/" or not self.url:
            self.url = base
        if made.complete:
            self.complete.add(feed)
        posts = tuple(_shown(entry, base) for entry in made.entries)
        self.feeds[feed] = Window(
            title=made.title, documents=tuple(documents), posts=posts, older=None
        )

    def snapshot(self, name: str, leads: Mapping[str, str | None]) -> Snapshot:
        """All of it. Nobody subscribes to archives; they are put behind their feeds."""
        current = dict(self.feeds)
        older: dict[str, list[Shown]] = {feed: [] for feed in self.complete}
        for path in self.feeds:
            match = _ARCHIVE.fullmatch(path)
            if match and match["feed"] in self.feeds:
                older.setdefault(match["feed"], []).extend(current.pop(path).posts)
        for path in current.keys() & older:
            current[path] = replace(current[path], older=tuple(older[path]))
        return Snapshot(name=name, url=self.url, feeds=current, leads=leads)


def _shown(entry: Entry, base: str) -> Shown:
    # Where the site moves, addresses of its own in a text are not an edit.
    text = (entry.content or entry.summary).strip()
    text = text.replace(f"{base}/", "/") if base else text
    said = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Shown(
        id=entry.id or entry.url or said,
        title=entry.title,
        url=entry.url,
        published=entry.published,
        updated=entry.updated,
        text=said,
    )


def _meaning(body: bytes, path: str, place: str, charset: str | None = None) -> Digest | None:
    """What the document at *path* says, if it is a feed; *place* is what people call it."""
    if jsontext.first(body) == b"{":
        made = digest.of_json(jsontext.read(body, charset), path, len(body))
    else:
        made = digest.of_tree(xml.read(body, charset), path, len(body))
    if made is None or made.kind not in digest.FEEDS:
        return None
    if not made.whole:
        place = printable(place)
        raise ValueError(f"{place}: cannot be read to its end; `feeds validate` says why")
    return made


def _feed_of(document: str) -> str:
    """The path of the feed that a document is of: the page that it lies beside, or its own."""
    page, _, file = document.rpartition("/")
    return f"{page}/" if file in _FILES else document


# --- A site --------------------------------------------------------------------------------------


def _of_site(site: Site, now: datetime, name: str) -> Snapshot:
    documents = publish.documents(site, now)
    read = _Read()
    for path in documents:
        page, _, file = path.rpartition("/")
        made = _meaning(documents[path].body, path, path) if file == _FILES[0] else None
        if made:
            read.add(f"{page}/", [f"{page}/{file}" for file in addresses.FEEDS], made)
    leads: dict[str, str | None] = {}
    for old, target in site.redirects.items():
        for path in addresses.spellings(old):
            leads[path] = unquote(target) if target.startswith("/") else target
    for old in site.gone:
        leads |= dict.fromkeys(addresses.spellings(old))
    # As the app does, what the config says comes before what is guessed.
    for page in read.feeds:
        for guess, file in addresses.GUESSES.items():
            leads.setdefault(page + guess, page + file)
    return read.snapshot(name, leads)


# --- A built folder ------------------------------------------------------------------------------


def _of_folder(folder: Path) -> Snapshot:
    read = _Read()
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(where).relative_to(folder).as_posix()
        page = "/" if inside == "." else f"/{inside}/"
        beside = [name for name in _FILES if name in files]
        for name in [*beside, *sorted(set(files).difference(beside))]:
            file, path = Path(where, name), page + name
            feed = _feed_of(path)
            # Of the documents beside a page, the first says what the others say.
            if feed in read.feeds or file.suffix.lower() not in _SUFFIXES or not file.is_file():
                continue
            if made := _meaning(_bytes(file), path, str(file)):
                read.add(feed, [page + one for one in beside] if name in beside else [path], made)
    if not read.feeds:
        raise ValueError(f"{folder}: holds no feed; give the folder that a site was built to")
    return read.snapshot(str(folder), _redirects(folder / "_redirects", read.url))


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(xml.MAX_BYTES + 1)


def _redirects(file: Path, url: str) -> dict[str, str | None]:
    """What a ``_redirects`` file says, as Netlify and Cloudflare Pages read it, without patterns.

    *url* is the address of the site: what is under it is said as a path.
    """
    leads: dict[str, str | None] = {}
    for line in _bytes(file).decode("utf-8", "replace").splitlines() if file.is_file() else ():
        old, target, status, *_ = [*line.partition("#")[0].split(), "", "", ""]
        pattern = re.search(r"\*|/:", old)
        if target and not pattern and re.fullmatch("(?:200|30[1278])?!?", status):
            leads.setdefault(_inside(old, url), _inside(target, url))
    return leads


def _inside(address: str, url: str) -> str:
    """The path of an address under the site's *url*, decoded; another address as it is."""
    address = address.removeprefix(url) if address.startswith(f"{url}/") else address
    if not address.startswith("/"):
        return address
    root = urlsplit(url).path
    return unquote(address.removeprefix(root) if address.startswith(f"{root}/") else address)


# --- A live site ---------------------------------------------------------------------------------


def _promised(config: Path) -> Iterator[str]:
    """The paths of the feeds in feeds.lock."""
    promised, _ = lock.read(config.parent / lock.NAME)
    if promised:
        yield from (path for path, key in promised.pages.items() if key not in promised.posts)


def _of_address(address: str, paths: Iterable[str]) -> Snapshot:
    url = urls.absolute(address)
    if urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError(f"{address}: is not the address of a site, which has no `?` and no `#`")
    live = _Live(address, url.rstrip("/"))
    live.ask("/")
    live.ask_for_list()
    live.name(sorted(paths))
    for path in live.waiting:  # More may be named meanwhile.
        live.ask(path)
    if not live.read.feeds and not live.leads:
        raise ValueError(f"{address}: there is no feed at {live.base}/{_FILES[0]}")
    return live.read.snapshot(address, live.leads)


class _Live:
    """What a live site answers, asked as readers ask.

    ``address`` is what people call it, ``base`` where it lies; ``waiting`` are the paths of feeds
    that somebody named and that are to be asked for.
    """

    def __init__(self, address: str, base: str) -> None:
        self.address, self.base = address, base
        self.read = _Read()
        self.leads: dict[str, str | None] = {}
        self.waiting: list[str] = []
        self._named = {"/"}

    def name(self, feeds: Iterable[str]) -> None:
        """Have these asked for, too."""
        for feed in feeds:
            if feed.startswith("/") and feed not in self._named:
                self._named.add(feed)
                self.waiting.append(feed)
        if len(self.waiting) > MAX_FEEDS:
            raise ValueError(f"{self.address}: names more than {MAX_FEEDS} feeds")

    def ask(self, feed: str) -> None:
        """Ask for a feed: one request, unless it is not there."""
        if not feed.endswith("/"):
            self._document(feed, [feed])
            return
        first, *others = (feed + file for file in _FILES)
        if not self._document(first, [feed + file for file in addresses.FEEDS]):
            for document in others:
                self._document(document, [document])

    def ask_for_list(self) -> None:
        """Name the feeds that the site itself lists. Without it, nobody knows which were lost."""
        _, response = self._get(addresses.OPML)
        if response.status == 200:
            made = digest.of_tree(xml.read(response.body), addresses.OPML, len(response.body))
            links = made.links if made else ()
            self.name(_feed_of(self._inside(link.address)) for link in links)

    def _document(self, path: str, documents: list[str]) -> bool:
        """Ask for a document, and whether it is a feed that lives at this address."""
        hops, response = self._get(path)
        if response.status == 410:
            self.leads[path] = None
        if response.status in (404, 410):
            return False
        if response.status != 200:
            raise ValueError(f"{response.url}: answers {response.status}")
        charset = http.stated_charset(response) or None
        made = _meaning(response.body, path, response.url, charset)
        if made is None:  # A page that says so instead of a 404.
            return False
        end = response.url
        if hops and all(hop.status in (301, 308) for hop in hops):
            if self.read.feeds or end.startswith(f"{self.base}/") or not end.endswith(quote(path)):
                lead = self.leads[path] = self._inside(end)
                self.name([_feed_of(lead)])
                return False
            # All of the site is elsewhere: it has got https, or www.
            self.base = end.removesuffix(quote(path))
        self.read.add(_feed_of(path), documents, made)
        return True

    def _get(self, path: str) -> tuple[list[Response], Response]:
        asked = self.base + quote(path)
        try:
            return fetch.get(asked)
        except fetch.FetchError as error:
            raise ValueError(f"{asked}: {error}") from None

    def _inside(self, address: str) -> str:
        """A path of the site, which may say that it lives elsewhere: behind a proxy, say."""
        return _inside(_inside(address, self.base), self.read.url)


# --- A git revision ------------------------------------------------------------------------------


def _git(project: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(project), "--literal-pathspecs", *arguments]


def _commit(revision: str, project: Path) -> tuple[str, str]:
    """The hash of the commit that a *revision* names in the repository of *project*.

    It is empty if there is none; then, what git says about it, to be put behind a sentence.
    """
    if not revision or revision.startswith("-"):
        return "", ""
    if shutil.which("git") is None:
        return "", " (git is not installed)"
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    answer = subprocess.run(  # noqa: S603 - no shell, and a revision cannot be an option
        _git(project, *asked), capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    # It echoes what stands for several commits, or for all but one.
    found = re.fullmatch(rb"([0-9a-f]{40,64})\n", answer.stdout)
    said = printable(answer.stderr.decode("utf-8", "replace").partition("\n")[0])
    return found[1].decode() if found else "", f" (git says: {said})" if said else ""


@contextmanager
def _checked_out(revision: str, commit: str, config: Path) -> Iterator[Path]:
    """The config of a site as a *commit* has it, and its folders, in a folder for a while."""
    with TemporaryDirectory(prefix="feeds-") as folder:
        copy = Path(folder, config.name)
        _check_out(revision, commit, config.parent, [config.name], copy.parent)
        if not copy.is_file():
            raise ValueError(f"{revision}: has no {config.name}")
        # Only the config itself knows which these are.
        folders = load.folders(copy)
        for wanted in folders:
            wanted.mkdir(exist_ok=True)  # Git knows no empty folder.
        names = [wanted.relative_to(folder).as_posix() for wanted in folders]
        _check_out(revision, commit, config.parent, names, copy.parent)
        yield copy


def _check_out(revision: str, commit: str, project: Path, wanted: list[str], folder: Path) -> None:
    """Put those of the *wanted* files and folders that a *commit* has into *folder*.

    The blobs as they are: `git archive` obeys attributes, and runs filters.
    """
    listed = subprocess.run(  # noqa: S603 - as above
        _git(project, "ls-tree", "-r", "-z", "--long", commit, "--", *wanted),
        capture_output=True,
        check=False,
    )
    blobs: list[tuple[bytes, Path]] = []
    left = MAX_UNPACKED
    for line in listed.stdout.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, blob, size = about.split()
        path = PurePosixPath(os.fsdecode(name))
        if not mode.startswith(b"100") or ".." in path.parts:
            raise ValueError(f"{revision}: {str(path)!r} is a link or a submodule, and no file")
        left -= int(size)
        if left < 0:
            raise ValueError(f"{revision}: holds more than {MAX_UNPACKED // 1024**2} MiB")
        blobs.append((blob, folder / path))
    answer = subprocess.run(  # noqa: S603 - as above
        _git(project, "cat-file", "--batch"),
        input=b"".join(blob + b"\n" for blob, _ in blobs),
        capture_output=True,
        check=False,
    )
    stream = io.BytesIO(answer.stdout)
    for _, target in blobs:
        size = stream.readline().rpartition(b" ")[2].strip()
        if not size.isdigit():
            raise ValueError(f"{revision}: git cannot read it: the repository is damaged")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(stream.read(int(size)))
        stream.read(1)  # Each ends with a line end of its own.


def _loaded(copy: Path, revision: str) -> Site:
    """The site of the config *copy*; faults name files as git does, ``HEAD:config.yaml``."""
    try:
        return load.site(copy)
    except load.LoadError as error:
        raise load.LoadError(
            [
                replace(fault, path=f"{revision}:{Path(fault.path).relative_to(copy.parent)}")
                for fault in error.findings
            ]
        ) from None
