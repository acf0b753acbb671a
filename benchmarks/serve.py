"""How fast polls are answered, beside other servers in the same run; prints a Markdown table.

    python benchmarks/serve.py [--seconds 3] [--smoke]

The server runs on one core and wrk on the other, on a feed of 30 kB. Needs wrk; nginx and caddy are
measured where they are installed, Django in an environment of its own, installed by name. What
cannot be had is said to be missing. With --smoke, tiny runs of what is there: only that they work.
"""

import argparse
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

CONNECTIONS = (1, 16, 64)
WORDS = ["ledelse", "samarbejde", "borger", "kommune", "møde", "spørgsmål", "tillid", "læring"]

CONSTANT = """
from pathlib import Path
body = Path({feed!r}).read_bytes()
plain = [("Content-Type", "application/rss+xml"), ("ETag", '"1"')]
plain.append(("Content-Length", str(len(body))))
def app(environ, start_response):
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 Not Modified", plain[1:2])
        return ()
    start_response("200 OK", plain)
    return (body,)
"""
# How much memory an app takes that has answered a request for every feed, in each encoding.
MEMORY = """
import resource, sys, time
start = time.perf_counter()
from feeds.app import create_app
app = create_app()
ready = time.perf_counter() - start
client = app.test_client()
paths = [p for p in app.extensions["feeds"].edition.documents if p.endswith((".xml", ".json"))]
for coding in ("identity", "gzip", "br"):
    for path in paths:
        assert client.get(path, headers={"Accept-Encoding": coding}).status_code == 200
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{len(paths)} feeds: ready after {ready:.1f} s, {peak:.0f} MiB at the most")
"""
FLASK = """
from pathlib import Path
from flask import Flask, Response
body = Path({feed!r}).read_bytes()
app = Flask("bare")
@app.get("/rss.xml")
def rss():
    return Response(body, content_type="application/rss+xml; charset=utf-8")
"""
DJANGO = """
from datetime import datetime, timezone
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True,
    MIDDLEWARE=["django.middleware.http.ConditionalGetMiddleware"])
import django
django.setup()
from django.contrib.syndication.views import Feed
from django.contrib.sites.requests import RequestSite
from django.core.wsgi import get_wsgi_application
from django.urls import path
class Rss(Feed):
    title, link, description = "Stor", "/", "Stor"
    def items(self): return range(20)
    def item_title(self, n): return f"Indlæg {{n}}"
    def item_description(self, n): return {text!r}
    def item_link(self, n): return f"/posts/{{n}}/"
    def item_pubdate(self, n): return datetime(2020, 1, 1, tzinfo=timezone.utc)
urlpatterns = [path("rss.xml", Rss())]
app = get_wsgi_application()
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000; types {{ application/rss+xml xml; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {public}; gzip_static on; }} }}
"""
CADDY = """
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  root * {public}
  file_server {{
    precompressed gzip
  }}
}}
"""


def make_site(folder: Path, posts: int = 20, tags: int = 2) -> str:
    """A blog whose feed of 20 posts is about 30 kB; returns the text of a post."""
    text = " ".join(WORDS[n % len(WORDS)] for n in range(140))
    (folder / "content").mkdir(parents=True)
    (folder / "config.yaml").write_text("title: Stor\nurl: https://stor.example\nlanguage: da\n")
    for n in range(posts):
        mine = sorted({f"emne {(n * step) % tags}" for step in (1, 7, 13)})
        body = f"title: Indlæg {n}\nsummary: {' '.join(WORDS)}\ntags: {mine}\nbody: {text}\n"
        (folder / "content" / f"2020-01-{n % 28 + 1:02}-post-{n}.yaml").write_text(body)
    return text


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, folder: Path) -> Iterator[str]:
    """A server on the first core, until the block ends."""
    log = (folder / "server.log").open("wb")
    pinned = ["taskset", "-c", "0", *command] if shutil.which("taskset") else command
    process = subprocess.Popen(pinned, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(200):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.05)
        else:
            raise RuntimeError((folder / "server.log").read_text())
        yield f"http://127.0.0.1:{port}/rss.xml"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(20)
        log.close()


def granian(app: str, port: int, python: str = sys.executable, factory: bool = False) -> list[str]:
    """The command that serves *app* as `feeds serve` serves its own."""
    command = [python, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--blocking-threads", "1", "--log-level", "error"]
    return [*command, *(["--factory"] if factory else []), app]


def wrk(url: str, connections: int, seconds: int, headers: dict[str, str]) -> float:
    """Requests a second; raises if one of them failed."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if shutil.which("taskset"):
        command = ["taskset", "-c", "1", *command]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in shown and "If-None-Match" not in headers:
        raise RuntimeError(shown)
    found = re.search(r"Requests/sec:\s+([\d.]+)", shown)
    assert found, shown
    return float(found[1])


def measure(url: str, seconds: int, kinds: tuple[str, ...]) -> dict[tuple[str, int], float]:
    """Requests a second for each kind of poll and number of connections."""
    rates = {}
    for kind in kinds:
        headers = {"Accept-Encoding": "gzip"} if kind == "gzip" else {}
        if kind == "304":
            with urllib.request.urlopen(url) as answer:
                headers = {"If-None-Match": answer.headers["ETag"]}
        for connections in CONNECTIONS:
            wrk(url, connections, 1, headers)  # Warm.
            rates[kind, connections] = wrk(url, connections, seconds, headers)
    return rates


def with_django(folder: Path) -> str | None:
    """A Python that has Django and granian, or None."""
    venv.create(folder / "peers", with_pip=True)
    python = str(folder / "peers/bin/python")
    install = [python, "-m", "pip", "install", "-q", "django", "granian"]
    return python if subprocess.run(install, capture_output=True).returncode == 0 else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    seconds = 1 if options.smoke else options.seconds
    results: dict[str, dict[tuple[str, int], float]] = {}
    missing: list[str] = []
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing (Debian: wrk)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        text = make_site(folder)
        feeds = [sys.executable, "-m", "feeds", "build"]
        subprocess.run(feeds, cwd=folder, check=True, capture_output=True)
        feed = folder / "public/rss.xml"
        subprocess.run(["gzip", "-9k", str(feed)], check=True)
        every = ("200", "304", "gzip")

        port = free_port()
        with server(granian("feeds.app:create_app", port, factory=True), port, folder) as url:
            results["feeds"] = measure(url, seconds, every)

        (folder / "constant.py").write_text(CONSTANT.format(feed=str(feed)))
        port = free_port()
        with server(granian("constant:app", port), port, folder) as url:
            ceiling = "granian, a WSGI function of constant bytes"
            results[ceiling] = measure(url, seconds, ("200", "304"))

        (folder / "bare.py").write_text(FLASK.format(feed=str(feed)))
        port = free_port()
        with server(granian("bare:app", port), port, folder) as url:
            results["granian, bare Flask view of constant bytes"] = measure(url, seconds, ("200",))

        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if nginx:
            port = free_port()
            user = "user root;" if os.geteuid() == 0 else ""
            values = {"folder": folder, "port": port, "public": folder / "public", "user": user}
            (folder / "nginx.conf").write_text(NGINX.format(**values))
            command = [nginx, "-p", name, "-c", str(folder / "nginx.conf")]
            with server(command, port, folder) as url:
                results["nginx static"] = measure(url, seconds, every)
        else:
            missing.append("nginx (Debian: nginx-light)")

        if caddy := shutil.which("caddy"):
            port = free_port()
            (folder / "Caddyfile").write_text(CADDY.format(port=port, public=folder / "public"))
            command = [caddy, "run", "--config", str(folder / "Caddyfile")]
            os.environ["GOMAXPROCS"] = "1"
            with server(command, port, folder) as url:
                results["Caddy static"] = measure(url, seconds, every)
        else:
            missing.append("Caddy (Debian: caddy)")

        python = None if options.smoke else with_django(folder)
        if python:
            (folder / "djangofeed.py").write_text(DJANGO.format(text=text))
            port = free_port()
            with server(granian("djangofeed:app", port, python), port, folder) as url:
                results["granian, Django's syndication view"] = measure(
                    url, seconds, ("200", "304")
                )
        else:
            missing.append("Django (not asked for)" if options.smoke else "Django")
        report(results, missing, feed.stat().st_size)
        make_site(folder / "big", *((100, 10) if options.smoke else (10_000, 200)))
        memory = [sys.executable, "-c", MEMORY]
        shown = subprocess.run(
            memory, cwd=folder / "big", check=True, capture_output=True, text=True
        )
        print("\nMemory with", "100" if options.smoke else "10,000", "posts,", shown.stdout.strip())


def report(results: dict[str, dict[tuple[str, int], float]], missing: list[str], size: int) -> None:
    """Print the table."""
    print(
        f"A feed of {size:,} bytes; Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{datetime.now(UTC):%Y-%m-%d}. Requests a second, by kind of poll and connections; "
        "in brackets, how many times as many feeds answers.\n"
    )
    columns = [(kind, c) for kind in ("200", "304", "gzip") for c in CONNECTIONS]
    print("| server | " + " | ".join(f"{kind}, {c}" for kind, c in columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    ours = results["feeds"]
    for name, rates in results.items():
        cells = []
        for column in columns:
            if column not in rates:
                cells.append("")
            elif name == "feeds":
                cells.append(f"{rates[column]:,.0f}")
            else:
                cells.append(f"{rates[column]:,.0f} ({ours[column] / rates[column]:.2g})")
        print(f"| {name} | " + " | ".join(cells) + " |")
    for name in missing:
        print(f"\nMissing: {name}.")


if __name__ == "__main__":
    main()
