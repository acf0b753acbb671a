"""The fixtures: a site in a folder, and the fixture site of odd cases."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import load, publish
from feeds.live import Live
from feeds.model import Site

SITE = Path(__file__).parent / "site"
SHIPPED = Path(__file__).parent.parent
NOW = datetime(2022, 1, 1, tzinfo=UTC)
CONFIG = "title: T\nurl: https://e.example/\ntimezone: Europe/Copenhagen\n"

Write = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files into an empty current folder that has a small config; return the config."""
    monkeypatch.chdir(tmp_path)

    def write(files: Mapping[str, str | bytes]) -> Path:
        Path("content").mkdir(exist_ok=True)
        for name, content in {"config.yaml": CONFIG, **files}.items():
            file = Path(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return Path("config.yaml")

    return write


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app looks at its files for ever; the next test has others, and another current folder."""
    started: list[Live] = []
    start = Live.start

    def watched(self: Live) -> None:
        started.append(self)
        start(self)

    monkeypatch.setattr(Live, "start", watched)
    yield
    for live in started:
        live.stop()


@pytest.fixture(scope="session")
def site() -> Site:
    """The fixture site."""
    return load.site(SITE / "config.yaml")


@pytest.fixture(scope="session")
def documents(site: Site) -> publish.Documents:
    """The fixture site's documents at the start of 2022."""
    return publish.documents(site, NOW)
