import re
from datetime import datetime, timedelta, timezone

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feeds import accesslog
from feeds.app import create_app

from .conftest import SITE

MOMENT = datetime(2026, 3, 5, 9, 8, 7, tzinfo=timezone(timedelta(hours=1)))


def log(**environ: str) -> str:
    lines: list[str] = []
    app = accesslog.wrap(create_app(SITE / "config.yaml"), lines.append, lambda: MOMENT)
    base = EnvironBuilder(base_url="http://x/").get_environ()
    base["REMOTE_ADDR"] = "192.0.2.1"
    body, _, _ = run_wsgi_app(app, base | environ)
    (line,) = lines
    match = re.search(r'" \d{3} (\d+|-) "', line)
    assert match
    assert match[1] in (str(len(b"".join(body))), "-")
    return line


def test_a_line_in_the_combined_format() -> None:
    line = log(PATH_INFO="/favicon.ico", HTTP_USER_AGENT="Feedly/1.0 (12 subscribers)")
    assert line == (
        '192.0.2.1 - - [05/Mar/2026:09:08:07 +0100] "GET /favicon.ico HTTP/1.1" 200 467 "-" '
        '"Feedly/1.0 (12 subscribers)"'
    )


@pytest.mark.parametrize(
    ("environ", "part"),
    [
        ({"PATH_INFO": "/rss.xml", "HTTP_IF_NONE_MATCH": "*"}, '" 304 - "'),
        ({"PATH_INFO": "/rss.xml", "REQUEST_METHOD": "HEAD"}, '"HEAD /rss.xml HTTP/1.1" 200 - "'),
        ({"PATH_INFO": "/feed", "QUERY_STRING": "a=b"}, '"GET /feed?a=b HTTP/1.1" 301 0 "'),
    ],
)
def test_status_and_size_are_what_was_sent(environ: dict[str, str], part: str) -> None:
    assert part in log(**environ)


def test_nobody_writes_lines_of_their_own() -> None:
    line = log(PATH_INFO='/\n" 200 1\\', HTTP_USER_AGENT='a\r\nb\x1b[31mæ"', HTTP_REFERER="\x00")
    assert line.isascii()
    assert line.isprintable()
    assert r'"GET /\n\" 200 1\\ HTTP/1.1" 404' in line
    assert line.endswith(r'"\x00" "a\r\nb\x1b[31m\xe6\""')
