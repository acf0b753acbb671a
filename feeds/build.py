"""Documents to a folder: whole or not at all, only what changed, and nobody else's files touched.

New bytes are first written apart, in ``.feeds/`` inside the folder, then renamed into place one
after the other; so a build that is killed at any moment leaves each file either old or new. The
list of what was written is kept in ``.feeds/written``: it is what may be replaced or removed.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from feeds.model import Document

_OWN = ".feeds"
# No document is like it.
_IN_THE_WAY = b"\0in the way"
_WAIT = 60  # seconds for another build to end


class BuildError(Exception):
    """The folder cannot take the documents; nothing was changed. A line a reason."""


@dataclass(slots=True)
class Report:
    """What a build did, as paths of documents (``/tags/ydmyghed/``)."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def write(
    documents: Mapping[str, Document],
    folder: Path,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Report:
    """Make *folder* hold *documents*, and remove what an earlier build wrote that is gone.

    A path that ends with a slash becomes an ``index.html``. A file that is already right keeps its
    modification time. *progress* may watch the paths go by as they are rendered. Raises BuildError
    if a file that no build wrote is in the way, or another build takes too long; OSError where the
    disk says no.
    """
    own = folder / _OWN
    own.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(own / "lock", timeout=_WAIT):
            return _write(documents, folder, own, progress)
    except Timeout as error:
        raise BuildError(f"{folder}: another build is writing here") from error


def _write(
    documents: Mapping[str, Document],
    folder: Path,
    own: Path,
    progress: Callable[[Iterable[str]], Iterable[str]],
) -> Report:
    before = _read_list(own / "written")
    report = Report()
    stage = own / "new"
    shutil.rmtree(stage, ignore_errors=True)  # What a killed build left.
    stage.mkdir()
    try:
        leads_away = _leads_away(folder)
        staged: list[tuple[Path, Path]] = []
        foreign: list[str] = []
        for path in progress(documents):
            target = folder / file_of(path)
            body = documents[path].body
            present = _present(target)
            if present == body:
                report.unchanged.append(path)
            elif (
                present is _IN_THE_WAY
                or leads_away(target.parent)
                or (present is not None and path not in before)
            ):
                foreign.append(f"{target}: was not written by `feeds build` and is in the way")
            else:
                fresh = stage / str(len(staged))
                fresh.write_bytes(body)
                staged.append((fresh, target))
                report.written.append(path)
        if foreign:
            raise BuildError("\n".join(foreign))
        report.removed = sorted(before - documents.keys())
        if staged or report.removed or before != documents.keys():
            _put(staged, before, documents.keys(), folder, own, stage)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return report


def _put(
    staged: list[tuple[Path, Path]],
    before: set[str],
    after: Iterable[str],
    folder: Path,
    own: Path,
    stage: Path,
) -> None:
    for fresh, _ in staged:
        _flush(fresh)
    # Until all is in place, both the old and the new are ours: a killed build can be mended.
    after = set(after)
    _write_list(own / "written", before | after, stage)
    for fresh, target in staged:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.replace(target)
    leads_away = _leads_away(folder)
    for path in before - after:
        target = folder / file_of(path)
        if _present(target) not in (None, _IN_THE_WAY) and not leads_away(target.parent):
            target.unlink()
            _remove_empty(target.parent, folder)
    _write_list(own / "written", after, stage)


def file_of(path: str) -> str:
    """The name inside the folder of the document at *path*."""
    return (path + "index.html" if path.endswith("/") else path).lstrip("/")


def _present(target: Path) -> bytes | None:
    """The bytes of the file at *target*; None for nothing, _IN_THE_WAY for what is no file."""
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError:
        return _IN_THE_WAY
    # A pipe would never end; a link is somebody's, and leads who knows where.
    return target.read_bytes() if stat.S_ISREG(mode) else _IN_THE_WAY


def _leads_away(folder: Path) -> Callable[[Path], bool]:
    """Whether a folder lies, through a link, outside of the one that is written."""
    top = os.path.realpath(folder)

    @cache
    def leads_away(path: Path) -> bool:
        real = os.path.realpath(path)
        return real != top and not real.startswith(top + os.sep)

    return leads_away


def _read_list(file: Path) -> set[str]:
    present = _present(file)
    try:
        paths = set((present or b"").decode("utf-8").split("\n")[:-1])
    except UnicodeDecodeError:
        return set()
    # The list decides what is deleted, and anybody can have edited it.
    return {p for p in paths if p.startswith("/") and ".." not in PurePosixPath(p).parts}


def _write_list(file: Path, paths: Iterable[str], stage: Path) -> None:
    fresh = stage / "written"
    fresh.write_text("".join(f"{path}\n" for path in sorted(paths)), "utf-8")
    _flush(fresh)
    fresh.replace(file)


def _flush(file: Path) -> None:
    """Bytes to the disk before a name points to them, or a power cut leaves empty feeds."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top:
        try:
            folder.rmdir()
        except OSError:  # Not empty: somebody else's files are in it.
            return
        folder = folder.parent
