"""How fast searches are, beside SQLite's FTS5 in the same run; prints Markdown tables.

    python benchmarks/search.py [--smoke]

Ratios count, not times: both get the same 10,000 posts and the same queries, in turn, in one
process, and find the same posts. With --smoke, few posts: only that it works.
"""

import argparse
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from feeds import load, markup, publish, search
from feeds.answers import Edition
from feeds.asked import Recipe
from feeds.model import Post, Site, Tag

FIND = "SELECT rowid FROM posts WHERE posts MATCH ? ORDER BY rowid"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = (
    "le del se sam ar bej de bor ger kom mu ne mø spørgs mål til lid læ ring på tværs af det of "
    "fent li ge er en ån æg øst ud ind for an op ny tid men sker ka"
).split()


def vocabulary(rng: random.Random, size: int) -> list[str]:
    """Words as long as Danish ones."""
    ends = ["", "en", "ne", "s", "r"]
    made = (
        "".join(rng.choices(PARTS, k=rng.randint(1, 4))) + rng.choice(ends) for _ in range(size)
    )
    words = sorted({word for word in made if len(word) >= search.MIN_BEGINNING})
    rng.shuffle(words)
    return words


def make_site(rng: random.Random, words: list[str], posts: int) -> Site:
    """A blog of so many posts of 400 words, which occur as often as words do (Zipf)."""
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "content").mkdir()
        config = Path(folder, "config.yaml")
        config.write_text("title: Stor\nurl: https://stor.example\nlanguage: da\n")
        site = load.site(config)

    def text(length: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=length))

    def post(n: int) -> Post:
        return Post(
            id=f"tag:stor.example,2000:posts/{n:05}",
            slug=f"p{n}",
            title=text(7).capitalize(),
            link=f"https://stor.example/posts/p{n}/",
            elsewhere=False,
            path=f"/posts/p{n}/",
            published=NOW - timedelta(hours=n),
            updated=None,
            draft=False,
            summary=text(25),
            content="".join(f"<p>{text(60)}, <em>{text(1)}</em>.</p>\n" for _ in range(6)),
            tags=(Tag(name=f"emne {n % 50}", slug=f"emne-{n % 50}"),),
            authors=site.authors,
            image=None,
            enclosure=None,
            language=None,
            source="",
        )

    return replace(site, posts=tuple(post(n) for n in range(posts)))


def fts5(posts: list[Post]) -> sqlite3.Connection:
    """The same posts in SQLite, without what it could do more: positions, and the texts."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE posts USING fts5(title, summary, tags, body, content='', "
        "detail=none, tokenize='unicode61 remove_diacritics 0')"
    )
    base.executemany(
        "INSERT INTO posts (rowid, title, summary, tags, body) VALUES (?, ?, ?, ?, ?)",
        (
            (n, post.title, post.summary, post.tags[0].name, markup.text(post.content))
            for n, post in enumerate(posts)
        ),
    )
    base.execute("INSERT INTO posts (posts) VALUES ('optimize')")
    base.commit()
    return base


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--smoke", action="store_true")
    smoke = parser.parse_args().smoke
    rng = random.Random(1)
    words = vocabulary(rng, 2000 if smoke else 60_000)
    site = make_site(rng, words, 200 if smoke else 10_000)
    documents = publish.documents(site, NOW)
    posts = documents.posts
    runs = 1 if smoke else 3
    print(
        f"{len(posts):,} posts of 400 words, {len(words):,} different ones; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}.\n"
    )

    times = [
        (seconds(lambda: search.Index(posts)), seconds(lambda: fts5(posts))) for _ in range(runs)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    tracemalloc.start()
    index = search.Index(posts)
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    base = fts5(posts)
    (pages,) = base.execute("PRAGMA page_count").fetchone()
    (page,) = base.execute("PRAGMA page_size").fetchone()
    print("| index | feeds | FTS5 | feeds / FTS5 |\n| --- | --- | --- | --- |")
    print(f"| made in | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2g} |")
    print(
        f"| takes | {size / 2**20:.1f} MiB | {pages * page / 2**20:.1f} MiB "
        f"| {size / (pages * page):.2g} |"
    )
    print(f"| at the most, while it is made | {peak / 2**20:.1f} MiB | | |\n")

    common = words[: len(words) // 100]
    kinds = {
        "a common word": [rng.choice(common) for _ in range(50)],
        "two common words": [" ".join(rng.sample(common, 2)) for _ in range(50)],
        "two words": [" ".join(rng.sample(words, 2)) for _ in range(50)],
        "the beginning of a word": [rng.choice(words)[:3] for _ in range(50)],
        "25 beginnings, as many as fit (hostile)": [
            "-".join(word[:3] for word in rng.choices(common, k=25)) for _ in range(50)
        ],
    }
    print("| queries a second | feeds | FTS5 | feeds / FTS5 | worst of feeds |")
    print("| --- | --- | --- | --- | --- |")
    for kind, queries in kinds.items():
        spent = ([], [])
        for query in queries:
            match = " ".join(f'"{word}" *' for word in query.replace("-", " ").split())
            rows = [row for (row,) in base.execute(FIND, (match,))]
            numbers = [int(post.slug[1:]) for post in index.find(query)]
            # Ours also finds "sø…" by "so", as "soe…".
            assert numbers == rows or set(numbers) > set(rows), query
            spent[0].append(seconds(lambda query=query: index.find(query)))
            spent[1].append(seconds(lambda m=match: base.execute(FIND, (m,)).fetchall()))
        ours, theirs = (len(queries) / sum(column) for column in spent)
        worst = max(spent[0]) * 1000
        print(f"| {kind} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2g} | {worst:.1f} ms |")

    edition = Edition(site, documents, NOW, {})
    find = edition.asked.find
    first = find("/search/", "q=ord")
    assert isinstance(first, Recipe)
    print(f"\nThe first search, index and page: {seconds(first.make):.2f} s.", end=" ")
    for path in ("/search/", "/search/rss.xml", "/search/feed.json"):
        recipes = [find(path, f"q={rng.choice(common)[:3]}") for _ in range(50)]
        made = [seconds(recipe.make) for recipe in recipes if isinstance(recipe, Recipe)]
        print(f"One not asked before, {path}: {statistics.median(made) * 1000:.1f} ms.", end=" ")
    print()


if __name__ == "__main__":
    main()
