"""The site as it is now: edits and due posts are picked up, and the last good site is kept.

A thread looks at the files once a second, loads what changed when it has come to rest, and puts
the new edition in the place of the old with one assignment. No request waits for it, and there is
no lock on the way of a request.
"""

import logging
import os
import sysconfig
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from feeds import catalog, load, publish
from feeds.answers import Edition
from feeds.model import Finding, Site

_INTERVAL = 1.0  # seconds between two looks
_SHARE = 20  # a look may take a twentieth of the time, on sites of many posts

log = logging.getLogger("feeds")

# What tells one state of a file from another; ctime cannot be set back as mtime can.
Stamp = tuple[int, int, int, int]


class Live:
    """The current edition of the site of a config file. Raises LoadError if there is none yet."""

    def __init__(self, config: Path, url: str | None = None, now: datetime | None = None) -> None:
        self._config = config
        self._url = url
        self._history: dict[str, tuple[str, datetime]] = {}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = self._loaded = _scan(config)
        now = now or datetime.now(UTC)
        self.loaded = now
        self.findings: list[Finding] = []
        site = load.site(config, url)
        self._due = catalog.due(site, now)
        # The bytes are as old as the newest of what they are made of: files, folders (which
        # remember deletions), posts that fell due, the installed packages. So a restart makes
        # nothing new.
        packages = Path(sysconfig.get_paths()["purelib"])
        stamps = [*self._loaded.values(), _stamp(packages), _stamp(Path(__file__))]
        newest = max(max(stamp[:2]) for stamp in stamps) / 1e9
        moments = [datetime.fromtimestamp(newest, UTC)]
        documents = publish.documents(site, now)
        moments += [post.updated or post.published for post in documents.posts]
        self.edition = Edition(
            site, documents, min(max(moments), now).replace(microsecond=0), self._history
        )

    def start(self) -> None:
        """Begin to look at the files, in a thread of this process."""
        self._thread = threading.Thread(target=self._run, name="feeds-live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; the edition stays. Returns when a look that is under way has ended."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def look(self, now: datetime) -> None:
        """Look once at the files and the clock; take what is new and without fault."""
        scan = _scan(self._config)
        at_rest = scan == self._seen
        self._seen = scan
        if scan != self._loaded and at_rest:
            self._reload(scan, now)
        elif self._due is not None and now >= self._due:
            self._publish(self.edition.site, publish.documents(self.edition.site, now), now)

    def _reload(self, scan: dict[str, Stamp], now: datetime) -> None:
        try:
            site = load.site(self._config, self._url)
            documents = publish.documents(site, now)
        except Exception as error:
            # Whatever it is, it is said once and at /healthz, and not tried again each second.
            if isinstance(error, load.LoadError):
                self.findings = error.findings
            else:
                self.findings = [_unforeseen(self._config, error)]
            self._loaded = scan
            for finding in self.findings:
                log.error("%s", finding)
            log.error("The last good site is served until this is mended.")
            return
        if _scan(self._config) != scan:
            return  # It changed while it was read: half of it may be older than the rest.
        self._loaded = scan
        self.findings = []
        self.loaded = now
        self._publish(site, documents, now)
        log.info("The new site is served: %d posts.", len(self.edition.documents.posts))

    def _publish(self, site: Site, documents: publish.Documents, now: datetime) -> None:
        self._due = catalog.due(site, now)
        for path in list(self._history):
            if path not in documents:
                del self._history[path]  # Or it would grow with every tag that ever was.
        self.edition = Edition(site, documents, now.replace(microsecond=0), self._history)

    def _run(self) -> None:
        pause = 0.0
        prepared = None
        while not self._stopped.wait(pause):
            start = time.monotonic()
            try:
                self.look(datetime.now(UTC))
                if prepared is not self.edition:
                    prepared = self.edition
                    prepared.prepare()
            except Exception:  # The site must be served whatever happens here.
                log.exception("The last good site is served.")
            pause = max(_INTERVAL, _SHARE * (time.monotonic() - start))


def _unforeseen(config: Path, error: Exception) -> Finding:
    return Finding(path=str(config), message=f"{type(error).__name__}: {error}")


def _scan(config: Path) -> dict[str, Stamp]:
    """The state of every file and folder that the site is made of."""
    return {path: _stamp(Path(path)) for path in _sources(config)}


def _sources(config: Path) -> Iterator[str]:
    yield str(config)
    for top in _folders(config, _stamp(config)):
        for where, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield where
            for name in files:
                yield os.path.join(where, name)  # noqa: PTH118 - a Path for each is slow


@lru_cache(maxsize=1)  # A look is cheap; to read the config is not.
def _folders(config: Path, _stamp: Stamp) -> list[Path]:
    return load.folders(config)


def _stamp(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
