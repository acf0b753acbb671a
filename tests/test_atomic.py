"""A file is whole or not there."""

import os
from pathlib import Path

import pytest

from feeds import atomic


def test_it_is_written_once_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert atomic.write(file, b"1")
    assert not atomic.write(file, b"1")
    file.chmod(0o640)
    assert atomic.write(file, b"2")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"2", 0o640)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "a"
    link.symlink_to("there/b")
    assert atomic.write(link, b"1")
    assert link.is_symlink()
    assert (tmp_path / "there/b").read_bytes() == b"1"


def test_what_fails_leaves_the_old_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic.write(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
