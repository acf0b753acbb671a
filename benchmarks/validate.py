"""How fast feeds are validated, beside feedparser's parse of the same file; prints a table.

    python benchmarks/validate.py [--smoke]

Ratios count, not times: both run in turn, in one process, several times. A site of 600 documents
is generated and validated as a whole, in a process of its own, as is one small file, for what a
person waits. With --smoke, few runs of a small site: only that they work.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from feeds import load, publish
from feeds.rules import document, markup, xml

WORDS = ["ledelse", "samarbejde", "borger", "kommune", "møde", "spørgsmål", "tillid", "læring"]


def site(folder: Path, posts: int, tags: int) -> Path:
    """Write a blog of full posts; return its config."""
    (folder / "content").mkdir(parents=True)
    for n in range(posts):
        paragraphs = "\n\n".join(
            f"{' '.join(WORDS[(n + p + i) % 8] for i in range(60))} **{p}**, "
            f"[læs mere](https://example.org/{n}/{p})."
            for p in range(8)
        )
        body = "".join(f"  {line}\n" for line in paragraphs.splitlines())
        (folder / f"content/20{10 + n % 10}-0{1 + n % 9}-1{n % 10}-post-{n}.yaml").write_text(
            f"title: Indlæg {n} om {WORDS[n % 8]}\n"
            f"tags: [emne {n % tags}, emne {(n + 1) % tags}]\nbody: |\n{body}",
            "utf-8",
        )
    config = folder / "config.yaml"
    config.write_text(
        "title: Blog\nurl: https://blog.example\nlanguage: da\ntimezone: Europe/Copenhagen\n"
        "author: Jane Doe\nfeeds: {posts: 50}\n"
    )
    return config


def pairs(one: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians in seconds of both, run in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, found in zip((one, other), times, strict=True):
            start = time.perf_counter()
            work()
            found.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def wall(command: list[str], runs: int) -> float:
    """The median in seconds of a whole process."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true")
    smoke = parser.parse_args().smoke
    runs = 1 if smoke else 7
    with tempfile.TemporaryDirectory() as temporary:
        config = site(Path(temporary), 60 if smoke else 1000, 5 if smoke else 130)
        now = datetime(2022, 1, 1, tzinfo=UTC)
        documents = publish.documents(load.site(config), now)
        print("| what | takes | beside | ratio |\n| --- | --- | --- | --- |")
        for name in ("rss.xml", "atom.xml"):
            body = documents[f"/{name}"].body

            def ours(body: bytes = body) -> None:
                markup.html.cache_clear()
                document.judge(xml.read(body))

            def theirs(body: bytes = body) -> None:
                feedparser.parse(body)

            mine, other = pairs(ours, theirs, runs)
            print(
                f"| {name}, 50 full posts, {len(body) // 1000} kB | {mine * 1000:.1f} ms "
                f"| feedparser {other * 1000:.1f} ms | {mine / other:.2f} |"
            )
        feed = Path(temporary) / "small.xml"
        feed.write_bytes(publish.documents(load.site(config), now)["/tags/emne-1/rss.xml"].body)
        python = wall([sys.executable, "-c", "pass"], runs)
        small = wall([sys.executable, "-m", "feeds", "validate", str(feed)], runs)
        print(
            f"| `feeds validate FILE`, one small feed | {small * 1000:.0f} ms "
            f"| python -c pass {python * 1000:.0f} ms | {small / python:.1f} |"
        )
        feeds = sum(path.endswith(("xml", "json")) for path in documents)
        command = [sys.executable, "-m", "feeds", "--config", str(config)]
        whole = wall([*command, "validate"], 1 if smoke else 3)
        build = wall([*command, "build", "--output", f"{temporary}/out"], 1)
        print(
            f"| `feeds validate`, a site of {feeds} feeds, {len(documents)} documents "
            f"| {whole:.1f} s | `feeds build`, cold {build:.1f} s | {whole / build:.2f} |"
        )


if __name__ == "__main__":
    main()
