"""The config files under deploy/, with the programs that they are for."""

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest
from granian.cli import cli as granian

from feeds import build, load, publish
from feeds.answers import PAGE_HEADERS, SHARED_HEADERS

from .conftest import NOW, SHIPPED
from .test_cli import serving

DEPLOY = SHIPPED / "deploy"
# Debian puts it where only root looks.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        opener = urllib.request.build_opener(NoRedirect)
        with opener.open(urllib.request.Request(url, headers=names), timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(200):
            assert process.poll() is None, (folder / "log").read_text()
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


@contextmanager
def nginx(config: str, folder: Path, **replaced: tuple[str, str]) -> Iterator[str]:
    """nginx with a config of ours; *replaced* are its values that cannot be had in a test."""
    assert NGINX, "nginx is not installed (Debian: nginx-light)"
    port = free_port()
    text = (DEPLOY / config).read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""  # The test's folders are its user's alone.
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; include {folder}/types.conf;"
        f" client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;"
        f" fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
        f" include {folder}/site.conf; }}\n"
    )
    (folder / "types.conf").write_text(
        "types { text/html html; text/css css; image/x-icon ico; }\n"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(command, port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
def test_nginx_serves_the_built_folder_as_the_app_would(tmp_path: Path) -> None:
    site = load.site(SHIPPED / "config.yaml")
    documents = publish.documents(site, NOW)
    build.write(publish.for_static_host(site, documents), tmp_path / "public")
    tmp_path.chmod(0o755)
    root = ("/srv/feeds/public", str(tmp_path / "public"))
    with nginx("nginx-static.conf", tmp_path, root=root) as url:
        for path, document in documents.items():
            status, headers, body = get(url + path)
            assert (status, body) == (200, document.body), path
            assert headers["Content-Type"] == document.media_type, path
            assert headers["X-Content-Type-Options"] == "nosniff"
            fresh = "max-age=31536000, immutable" if document.immutable else "max-age=3600"
            assert fresh in headers["Cache-Control"]
            if document.media_type.startswith("text/html"):
                policy = dict(SHARED_HEADERS if document.shared else PAGE_HEADERS)
                assert policy.items() <= dict(headers).items()
            shared = document.shared or document.page
            assert headers["Access-Control-Allow-Origin"] == ("*" if shared else None)
            assert get(url + path, If_None_Match=headers["ETag"])[0] == 304
        status, headers, body = get(f"{url}/rss.xml", Accept_Encoding="gzip")
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Link"] == '<http://127.0.0.1/rss.xml>; rel="self"'
        for guessed, found in (
            ("/feed", "/rss.xml"),
            ("/tags/tillid/atom/", "/tags/tillid/atom.xml"),
            ("/json", "/feed.json"),
        ):
            status, headers, _ = get(url + guessed)
            assert status == 301
            assert headers["Location"].endswith(found)
        assert get(f"{url}/tags/tillid")[0] == 301
        # A tag may be called as what is guessed.
        (tmp_path / "public/tags/rss").mkdir()
        (tmp_path / "public/tags/rss/index.html").write_text("a tag")
        assert get(f"{url}/tags/rss/")[::2] == (200, b"a tag")
        assert get(f"{url}/.feeds/written")[0] == 404


@pytest.mark.slow
def test_nginx_before_the_app_goes_on_when_the_app_is_down(tmp_path: Path) -> None:
    with serving("--quiet") as (app, _, process):
        replaced = {
            "app": ("http://127.0.0.1:8000", app),
            "cache": ("/var/cache/nginx/feeds", str(tmp_path / "cache")),
        }
        with nginx("nginx-proxy.conf", tmp_path, **replaced) as url:
            direct = get(f"{app}/rss.xml", Accept_Encoding="gzip")
            for _ in range(2):
                status, headers, body = get(f"{url}/rss.xml", Accept_Encoding="gzip")
                assert (status, body) == (200, direct[2])
                for name in ("ETag", "Content-Type", "Content-Encoding", "Vary", "Link"):
                    assert headers[name] == direct[1][name]
            tag = direct[1]["ETag"]
            assert get(f"{url}/rss.xml", Accept_Encoding="gzip", If_None_Match=tag)[0] == 304
            assert get(f"{url}/feed")[1]["Location"] == "/rss.xml"
            plain = get(f"{url}/rss.xml")[2]
            process.kill()
            process.wait()
            subprocess.run(["pkill", "-KILL", "-g", str(process.pid)], check=False)
            assert get(f"{url}/rss.xml")[::2] == (200, plain)
            assert get(f"{url}/rss.xml", Accept_Encoding="gzip")[::2] == (200, body)


@pytest.mark.slow
def test_gunicorn_serves_the_app(tmp_path: Path) -> None:
    port = free_port()
    text = (DEPLOY / "gunicorn.conf.py").read_text("utf-8")
    assert 'bind = "127.0.0.1:8000"' in text
    (tmp_path / "gunicorn.conf.py").write_text(text.replace(":8000", f":{port}"))
    for name in ("config.yaml", "content"):
        (tmp_path / name).symlink_to(SHIPPED / name)
    # The command in the file's own docstring.
    (command,) = re.findall(r"gunicorn -c .*'(?=\.)", text)
    words = shlex.split(command.replace("deploy/", ""))
    with running([sys.executable, "-m", *words], port, tmp_path):
        status, headers, body = get(f"http://127.0.0.1:{port}/rss.xml")
        assert status == 200
        assert b"<link>https://ambassadoer.example/</link>" in body
        tag = headers["ETag"]
        assert get(f"http://127.0.0.1:{port}/rss.xml", If_None_Match=tag)[0] == 304
        assert json.loads(get(f"http://127.0.0.1:{port}/healthz")[2])["status"] == "ok"


def granian_commands() -> list[list[str]]:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(DEPLOY / "feeds.service")
    (container,) = re.findall(r"^CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    return [shlex.split(unit["Service"]["ExecStart"]), json.loads(container)]


@pytest.mark.parametrize("command", granian_commands())
def test_the_unit_and_the_container_start_granian_as_it_can_be_started(command: list[str]) -> None:
    assert command[0].rpartition("/")[2] == "granian"
    context = granian.make_context("granian", command[1:])
    assert context.params["app"] == "feeds.app:create_app"
    assert context.params["factory"] is True


@pytest.mark.slow
def test_granian_starts_with_the_containers_command(tmp_path: Path) -> None:
    port = free_port()
    command = granian_commands()[1]
    command = ["127.0.0.1" if word == "0.0.0.0" else word for word in command]
    command[command.index("8000")] = str(port)
    for name in ("config.yaml", "content"):
        (tmp_path / name).symlink_to(SHIPPED / name)
    with running([sys.executable, "-m", *command], port, tmp_path):
        assert get(f"http://127.0.0.1:{port}/atom.xml")[0] == 200
        assert get(f"http://127.0.0.1:{port}/healthz")[0] == 200


def test_the_container_is_not_root_and_has_a_health_check() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER 65534:65534" in lines
    assert any(line.startswith("HEALTHCHECK") and "/healthz" in line for line in lines)
