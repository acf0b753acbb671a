"""Read feeds wherever they are, run the rules on them, and say what was found.

Without a target it is the site: its sources, then every document that would be published, in
memory, then all of them against each other. Else files, folders and patterns of files, standard
input (``-``) and addresses. The network is asked only for addresses that were given.
"""

import glob
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urljoin

from feeds import urls
from feeds.model import Finding
from feeds.rules import Fault, checks, digest, document, jsonfeed, jsontext, site, source, xml
from feeds.rules.digest import Digest

# What a folder is searched for; what turns out to be no feed there is passed over.
SUFFIXES = frozenset({".xml", ".rss", ".atom", ".rdf", ".json", ".opml"})
PAGES = frozenset({".html", ".htm"})
# Findings of one rule in one document; who made a hundred mistakes alike made one.
MAX_ALIKE = 100
MAX_PAGE = 4 * 1024 * 1024

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)

Tell = Callable[[str, Fault], Finding]
Wanted = Callable[[Finding], bool]


def everything(_: Finding) -> bool:
    """Every finding is wanted."""
    return True


class Unreadable(Exception):
    """A target is not there, or cannot be read; the message says which and why."""


@dataclass(slots=True)
class Report:
    """What was found, sorted by place, and in how many documents it was looked for.

    ``more`` counts findings that are left out, because their document has many of the same rule.
    """

    findings: list[Finding] = field(default_factory=list)
    documents: int = 0
    more: int = 0


def config(file: Path, now: datetime, wanted: Wanted = everything) -> Report:
    """The site whose config is *file*: its sources, its documents at *now*, and all together."""
    from feeds import load, promises, publish, trace

    try:
        loaded = load.site(file)
        documents = publish.documents(loaded, now)
    except load.LoadError as error:
        found = [_source_fault(finding) for finding in error.findings]
        return Report([one for one in found if wanted(one)], len({one.path for one in found}))
    tracer = trace.Tracer(loaded, file)
    judged = _Judged(now, tracer.finding, wanted, whole=True)
    for path in documents:
        made = documents[path]
        name, address = path.removeprefix("/"), loaded.url + path
        kind, _, charset = made.media_type.partition("; charset=")
        if kind == "text/html":
            judged.page(made.body, name or "index.html", address)
        elif kind.endswith(("xml", "json", "opml")):
            judged.feed(made.body, name, address, charset or None)
    broken = [one.finding for one in promises.state(loaded, file, now).broken]
    judged.findings += filter(wanted, broken)
    return judged.report()


def targets(
    names: Sequence[str], base: str | None, now: datetime, wanted: Wanted = everything
) -> Report:
    """Files, folders, patterns, ``-`` and addresses, judged together.

    *base* is where they will live: an address for a single file, or one that ends with ``/``,
    under which files lie by their names. Raises Unreadable. Findings that are not *wanted* are
    left out.
    """
    # Of a folder it can be said what is not there; a file may have its neighbours elsewhere.
    judged = _Judged(
        now,
        lambda name, fault: fault.finding(name),
        wanted,
        whole=all(Path(name).is_dir() for name in names),
    )
    for name in names:
        if name == "-":
            if base is not None and base.endswith("/"):
                raise Unreadable("-: has no name to live by; give its whole address as --base-url")
            body = sys.stdin.buffer.read(xml.MAX_BYTES + 1)
            judged.feed(body, "-", base, None)
        elif urls.is_web(name):
            judged.visit(name)
        else:
            for path, within, given in _files(name):
                address = _address(base, path, within, given)
                if path.suffix.lower() in PAGES and not given:
                    judged.page(_read(path, MAX_PAGE), str(path), address)
                else:
                    judged.feed(_read(path, xml.MAX_BYTES), str(path), address, None, given=given)
    return judged.report()


class _Judged:
    """Collects what the rules say of documents, one by one and then together.

    *whole* if they are all there is of a site.
    """

    def __init__(self, now: datetime, tell: Tell, wanted: Wanted, *, whole: bool) -> None:
        self.now, self.tell, self.wanted, self.whole = now, tell, wanted, whole
        self.findings: list[Finding] = []
        # By place and rule, the document in which that was found first.
        self.first: dict[tuple[object, ...], str] = {}
        self.digests: list[Digest] = []
        self.count = 0
        self.more = 0

    def feed(
        self, body: bytes, name: str, address: str | None, charset: str | None, given: bool = True
    ) -> None:
        """Judge a document. One that was not *given* by name is passed over if it is no feed."""
        faults, made = judge(body, name, address, charset, self.now)
        if not given and made is None and any(not _is_feed(fault) for fault in faults):
            return
        self.count += 1
        self.say(name, faults)
        if made is not None:
            self.digests.append(made)

    def page(self, body: bytes, name: str, address: str | None) -> None:
        """Take note of the feeds that a page names."""
        made = digest.of_page(body, name, address)
        if made.links:
            self.count += 1
            self.digests.append(made)

    def visit(self, address: str) -> None:
        """Judge a feed at an address, and how it is served. Raises Unreadable."""
        from feeds import fetch
        from feeds.rules import http

        try:
            visit = fetch.visit(address)
        except fetch.FetchError as error:
            raise Unreadable(f"{address}: {error}") from None
        for rule, check in checks("visit"):
            self.say(address, [rule.at(**details) for details in check(visit)])
        response = visit.response
        if response.status == 200:
            self.feed(response.body, address, response.url, http.stated_charset(response) or None)

    def say(self, name: str, faults: Iterable[Fault]) -> None:
        """Note what was found in a document: of each rule the first, and how many there are."""
        count: Counter[str] = Counter()
        for fault in faults:
            finding = self.tell(name, fault)
            if self.wanted(finding) and self.first.setdefault(_place(finding), name) == name:
                count[finding.code] += 1
                if count[finding.code] <= MAX_ALIKE:
                    self.findings.append(finding)
        self.more += sum(found - MAX_ALIKE for found in count.values() if found > MAX_ALIKE)

    def report(self) -> Report:
        """All that was found. What several formats say of one place in a source is said once."""
        for made, fault in site.judge_all(self.digests, self.whole):
            self.say(made.name, [fault])
        once = dict.fromkeys(self.findings)
        order = sorted(once, key=lambda f: (f.path, f.line, f.column, f.code, f.message))
        return Report(order, self.count, self.more)


def judge(
    body: bytes, name: str, address: str | None, charset: str | None, now: datetime
) -> tuple[list[Fault], Digest | None]:
    """What is wrong with one document, and its meaning if it is a feed."""
    if _PAGE.match(body[:1024]):
        page = digest.of_page(body, name, address)
        feed = page.links[0].address if page.links else "none"
        return [document.web_page.at(1, 1, feed=feed)], None
    if _is_json(body, name):
        read = jsontext.read(body, charset)
        faults = [*read.faults, *jsonfeed.judge(read, address)]
        made = digest.of_json(read, name, len(body), address, now)
    else:
        tree = xml.read(body, charset)
        faults = document.judge(tree, address)
        made = digest.of_tree(tree, name, len(body), address, now)
    if made is not None:
        faults += site.judge_one(made)
    return faults, made


def _place(finding: Finding) -> tuple[object, ...]:
    """What is the same for all documents that were made of one thing in a source."""
    return finding.path, finding.line, finding.column, finding.field, finding.code


def _is_json(body: bytes, name: str) -> bool:
    start = jsontext.first(body)
    return start in (b"{", b"[") or (not start and name.lower().endswith(".json"))


def _is_feed(fault: Fault) -> bool:
    return fault.rule.name not in ("not-a-feed", "not-a-json-feed", "web-page")


def _source_fault(finding: Finding) -> Finding:
    """A fault that was found while the site was read, as a finding of a rule."""
    rule = source.bad_source
    return replace(finding, code=rule.code, name=rule.name, level=rule.level)


def _files(name: str) -> Iterator[tuple[Path, Path, bool]]:
    """Files that a target names, what their names are taken from, and whether it names each."""
    path = Path(name)
    if path.is_dir():
        for where, folders, files in os.walk(path):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            for file in sorted(files):
                found = Path(where, file)
                seen = found.suffix.lower() in SUFFIXES | PAGES and not file.startswith(".")
                if seen and found.is_file():
                    yield found, path, False
    elif path.exists():
        yield path, path.parent, True
    elif glob.has_magic(name):
        found_any = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not found_any:
            raise Unreadable(f"{name}: no file has such a name")
        for one in found_any:
            if not Path(one).exists():
                raise Unreadable(f"{one}: leads nowhere")
            yield from _files(one)
    else:
        raise Unreadable(f"{name}: there is no such file")


def _address(base: str | None, path: Path, within: Path, given: bool) -> str | None:
    if base is None or (given and not base.endswith("/")):
        return base
    base = base if base.endswith("/") else base + "/"
    return urljoin(base, quote(os.fsencode(path.relative_to(within).as_posix())))


def _read(path: Path, most: int) -> bytes:
    try:
        if not path.is_file():
            raise Unreadable(f"{path}: is not a regular file")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
