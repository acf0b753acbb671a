import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from filelock import FileLock

from feeds import build
from feeds.model import Document


def make(**bodies: str) -> dict[str, Document]:
    """Documents by their names: ``a`` is /a.xml, ``page`` is /page/."""
    paths = {"page": "/page/", "deep": "/deep/er/"}
    return {
        path: Document(path=path, media_type="text/plain", body=body.encode())
        for name, body in bodies.items()
        for path in [paths.get(name, f"/{name}.xml")]
    }


def files(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and ".feeds" not in file.parts
    }


def test_a_first_build_writes_everything(tmp_path: Path) -> None:
    report = build.write(make(a="1", page="2"), tmp_path / "out" / "side")
    assert report == build.Report(written=["/a.xml", "/page/"])
    assert files(tmp_path / "out" / "side") == {"a.xml": "1", "page/index.html": "2"}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    build.write(make(a="1", b="1"), tmp_path)
    os.utime(tmp_path / "a.xml", (1, 1))
    os.utime(tmp_path / ".feeds/written", (1, 1))
    report = build.write(make(a="1", b="2"), tmp_path)
    assert report == build.Report(written=["/b.xml"], unchanged=["/a.xml"])
    assert (tmp_path / "a.xml").stat().st_mtime == 1
    assert files(tmp_path) == {"a.xml": "1", "b.xml": "2"}


def test_a_build_without_change_writes_nothing(tmp_path: Path) -> None:
    build.write(make(a="1"), tmp_path)
    os.utime(tmp_path / ".feeds/written", (1, 1))
    assert build.write(make(a="1"), tmp_path) == build.Report(unchanged=["/a.xml"])
    assert (tmp_path / ".feeds/written").stat().st_mtime == 1
    assert not (tmp_path / ".feeds/new").exists()


def test_what_is_gone_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    build.write(make(a="1", deep="2", page="3"), tmp_path)
    (tmp_path / "page" / "mine.txt").write_text("kept")
    assert build.write(make(a="1"), tmp_path).removed == ["/deep/er/", "/page/"]
    assert files(tmp_path) == {"a.xml": "1", "page/mine.txt": "kept"}
    assert not (tmp_path / "deep").exists()


def test_foreign_files_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "robots.txt").write_text("foreign")
    build.write(make(a="1", b="1"), tmp_path)
    build.write(make(a="1"), tmp_path)
    assert files(tmp_path) == {"a.xml": "1", "robots.txt": "foreign"}


def test_a_foreign_file_in_the_way_stops_the_build(tmp_path: Path) -> None:
    build.write(make(a="1"), tmp_path)
    (tmp_path / "b.xml").write_text("foreign")
    (tmp_path / "c.xml").mkdir()
    (tmp_path / "page").write_text("a file where a folder should be")
    with pytest.raises(build.BuildError) as error:
        build.write(make(a="2", b="2", c="2", page="2"), tmp_path)
    assert str(error.value).split("\n") == [
        f"{tmp_path / name}: was not written by `feeds build` and is in the way"
        for name in ("b.xml", "c.xml", "page/index.html")
    ]
    assert files(tmp_path)["a.xml"] == "1"
    assert files(tmp_path)["b.xml"] == "foreign"
    assert not (tmp_path / ".feeds/new").exists()


def test_links_and_pipes_in_the_way_are_not_followed(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    other.mkdir()
    build.write(make(a="1", deep="1"), out)
    (out / "page").symlink_to(other)
    (out / "b.xml").symlink_to(tmp_path / "nowhere")
    os.mkfifo(out / "c.xml")
    with pytest.raises(build.BuildError) as error:
        build.write(make(a="2", b="2", c="2", page="2"), out)
    assert [line.split(":")[0] for line in str(error.value).split("\n")] == [
        str(out / name) for name in ("b.xml", "c.xml", "page/index.html")
    ]
    assert list(other.iterdir()) == []


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    build.write(make(a="1", page="1"), out)
    (out / "page").rename(other)
    (out / "page").symlink_to(other)
    build.write(make(a="1"), out)
    assert (other / "index.html").exists()


def test_a_folder_in_the_place_of_our_file_stops_the_build(tmp_path: Path) -> None:
    build.write(make(a="1", b="1"), tmp_path)
    (tmp_path / "b.xml").unlink()
    (tmp_path / "b.xml").mkdir()
    (tmp_path / "b.xml" / "mine").write_text("kept")
    with pytest.raises(build.BuildError, match=r"b\.xml: was not written by"):
        build.write(make(a="2", b="2"), tmp_path)
    assert (tmp_path / "a.xml").read_text() == "1"


def test_a_pipe_for_a_list_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / ".feeds").mkdir()
    os.mkfifo(tmp_path / ".feeds/written")
    assert build.write(make(a="1"), tmp_path).written == ["/a.xml"]


def test_a_foreign_file_with_the_right_bytes_is_adopted(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("1")
    assert build.write(make(a="1"), tmp_path).unchanged == ["/a.xml"]
    assert build.write(make(b="1"), tmp_path).removed == ["/a.xml"]


def test_a_file_that_somebody_removed_is_written_again(tmp_path: Path) -> None:
    build.write(make(a="1"), tmp_path)
    (tmp_path / "a.xml").unlink()
    assert build.write(make(a="1"), tmp_path).written == ["/a.xml"]
    (tmp_path / "a.xml").unlink()
    assert build.write({}, tmp_path).removed == ["/a.xml"]


def test_a_forged_list_removes_nothing_outside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build.write(make(a="1"), out)
    (tmp_path / "precious").write_text("1")
    (out / ".feeds/written").write_text("/../precious\n/a.xml\nprecious\n/x/../../precious\n")
    build.write({}, out)
    assert (tmp_path / "precious").exists()
    assert files(out) == {}


def test_a_damaged_list_counts_as_none(tmp_path: Path) -> None:
    build.write(make(a="1"), tmp_path)
    (tmp_path / ".feeds/written").write_bytes(b"/a.xml\n\xff\n")
    with pytest.raises(build.BuildError, match="was not written by"):
        build.write(make(a="2"), tmp_path)
    assert build.write(make(a="1"), tmp_path).unchanged == ["/a.xml"]


def test_a_fault_while_rendering_leaves_the_old_feeds(tmp_path: Path) -> None:
    build.write(make(a="1", b="1"), tmp_path)

    class Broken(Mapping[str, Document]):
        def __getitem__(self, path: str) -> Document:
            if path == "/b.xml":
                raise RuntimeError("boom")
            return make(a="2")["/a.xml"]

        def __iter__(self) -> Iterator[str]:
            return iter(["/a.xml", "/b.xml"])

        def __len__(self) -> int:
            return 2

    with pytest.raises(RuntimeError, match="boom"):
        build.write(Broken(), tmp_path)
    assert files(tmp_path) == {"a.xml": "1", "b.xml": "1"}
    assert not (tmp_path / ".feeds/new").exists()


def test_progress_sees_every_path(tmp_path: Path) -> None:
    seen: list[str] = []

    def progress(paths: Mapping[str, Document] | list[str]) -> list[str]:
        seen.extend(paths)
        return list(paths)

    build.write(make(a="1", b="2"), tmp_path, progress)  # type: ignore[arg-type]
    assert seen == ["/a.xml", "/b.xml"]


def test_two_builds_at_once_do_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / ".feeds").mkdir()
    with FileLock(tmp_path / ".feeds/lock"):
        worker = threading.Thread(target=build.write, args=(make(a="1"), tmp_path))
        worker.start()
        time.sleep(0.2)
        assert not (tmp_path / "a.xml").exists()
    worker.join()
    assert files(tmp_path) == {"a.xml": "1"}


def test_a_build_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_WAIT", 0.1)
    (tmp_path / ".feeds").mkdir()
    with (
        FileLock(tmp_path / ".feeds/lock"),
        pytest.raises(build.BuildError, match="another build is writing here"),
    ):
        build.write(make(a="1"), tmp_path)


KILLED = """
import sys
from pathlib import Path
from feeds import build
from feeds.model import Document
bodies = [sys.argv[2].encode() * 100_000] * 30
documents = {f"/{n}.xml": Document(path=f"/{n}.xml", media_type="", body=b)
             for n, b in enumerate(bodies)}
print("ready", flush=True)
build.write(documents, Path(sys.argv[1]))
"""


def test_a_build_killed_at_any_moment_leaves_whole_files(tmp_path: Path) -> None:
    def start(letter: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", KILLED, str(tmp_path), letter]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        return process

    first = start("a")
    first.communicate()
    mixed = 0
    for n, letter in enumerate("bcdefghijklm"):
        process = start(letter)
        time.sleep(0.004 * n)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = files(tmp_path)
        assert len(found) == 30
        letters = {body[0] for body in found.values()}
        assert all(len(body) == 100_000 and body == body[0] * 100_000 for body in found.values())
        mixed += len(letters) > 1
    last = start("z")
    last.communicate()
    assert {body[0] for body in files(tmp_path).values()} == {"z"}
    assert sorted(file.name for file in (tmp_path / ".feeds").iterdir()) == ["lock", "written"]
    shutil.rmtree(tmp_path)
