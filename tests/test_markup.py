import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import markup

BASE = "https://e.example/posts/x/"


def render(body: str) -> str:
    return markup.render(body, BASE)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hej **du**", "<p>Hej <strong>du</strong></p>"),
        ("<p>HTML <em>er</em> med</p>", "<p>HTML <em>er</em> med</p>"),
        ("[a](b)", '<p><a href="https://e.example/posts/x/b">a</a></p>'),
        ("[a](/b)", '<p><a href="https://e.example/b">a</a></p>'),
        ("[a](#b)", '<p><a href="https://e.example/posts/x/#b">a</a></p>'),
        ("[a](//c.example/d)", '<p><a href="https://c.example/d">a</a></p>'),
        ("[a](mailto:a@b.dk)", '<p><a href="mailto:a@b.dk">a</a></p>'),
        ("![æ](b.png)", '<p><img src="https://e.example/posts/x/b.png" alt="æ"></p>'),
        ("<blockquote cite='b'>q</blockquote>",
         '<blockquote cite="https://e.example/posts/x/b">q</blockquote>'),
        ('<img srcset="a.png, b.png 2x,c.png 3x">',
         '<img srcset="https://e.example/posts/x/a.png, https://e.example/posts/x/b.png 2x, '
         'https://e.example/posts/x/c.png 3x">'),
        ('<img srcset="data:x 1x, javascript:y 2x">', "<img>"),
        ('<img srcset=" , ">', "<img>"),
        ('<img srcset="https://[::1 1x">', "<img>"),
        ("<q cite='https://[::1'>q</q>", "<p><q>q</q></p>"),
        ('<video src=v.mp4 poster=p.png controls>\n</video>',
         '<video src="https://e.example/posts/x/v.mp4" poster="https://e.example/posts/x/p.png" '
         'controls="">\n</video>'),
        ("", ""),
    ],
)  # fmt: skip
def test_body_to_html(body: str, expected: str) -> None:
    assert render(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='java\nscript:alert(1)'>x</a>",
        "<a href=' javascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<a href='https://[::1'>x</a>",
        "<iframe src=https://evil.example></iframe>",
        "<svg onload=alert(1)>",
        "<math><mtext><style><img src=x onerror=alert(1)>",
        "<p style='position:fixed'>x</p>",
        "<form action=/x><input name=y></form>",
        "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content=0>",
        "<object data=x></object><embed src=x>",
    ],
)
def test_nothing_that_runs_survives(body: str) -> None:
    html = render(body)
    assert not re.search(
        r"script|onerror|onload|iframe|style|form|<base|<meta|object|embed|data:", html
    ), html


class Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [v or "" for n, v in attrs if n in ("href", "src", "cite", "poster")]


@given(st.text(st.sampled_from("[]()<>/#?:.=\"' \nabhrefs![]*_`&;!\\%é")))
def test_every_address_is_absolute(body: str) -> None:
    parser = Addresses()
    parser.feed(render(body))
    assert all(urlsplit(url).scheme in ("https", "http", "mailto", "tel") for url in parser.found)


FORMATTING = "".join(f'<b lang="{n}">' for n in range(190))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<div </div>" * 40_000,
        '<div title="</div>">' * 20_000,
        "<!--><div>-->" * 20_000,
        "<div><style></div></style>" * 15_000,
        "<table><tr><td></div>" * 15_000,
        f"<div><p>{FORMATTING}</p>{'<p>x</p>' * 20_000}",
        f"<p>{FORMATTING}<div>x</div>{'<div>x</div>' * 20_000}{'</b>' * 190}</p>",
        "<svg><div></svg>" * 20_000,
        "<div\n>" * 20_000,
    ],
)
def test_html_that_would_cost_too_much_is_refused_before_it_does(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean(*_: object, **__: object) -> str:
        pytest.fail("the sanitizer takes minutes for some of these")

    monkeypatch.setattr("nh3.clean", clean)
    with pytest.raises(ValueError, match="HTML of over 500 tags"):
        render(body)


def test_a_long_article_of_many_tags_is_fine() -> None:
    body = (
        '## Overskrift\n\nEt **fed** ord, et [link](/a?b=1&c=2 "titel") og `kode <b>`.\n\n'
        "- et\n- to\n\n> citat\n\n<table><tr><td>1</td></tr></table>\n<!-- note -->\n\n"
        "![billede](x.png)\n\n```html\n<div>\n```\n\n"
    ) * 300
    assert render(body).count("<strong>") == 300


def test_many_elements_beside_each_other_are_not_deep() -> None:
    body = "<div>a</div></b><p>b<br>" * 500
    assert render(body).count("<div>") == 500
    assert render("<div>" * 400).count("<div>") == 400


def test_a_picture_has_so_many_sizes_at_the_most() -> None:
    candidates = ", ".join(f"{n}.png {n}w" for n in range(1, 10_000))
    assert render(f'<img srcset="{candidates}">').count("https://") == markup.MAX_CANDIDATES


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>b</p>", "a b"),
        ("<p>a<em>b</em>c</p>", "abc"),
        ("<p>a &amp; &lt;b&gt; &#39;</p>", "a & <b> '"),
        ('<p title="a>b">x</p>', "x"),
        ("a<br>b", "a b"),
        ('<img src="x" alt="">', ""),
    ],
)
def test_html_to_text(html: str, expected: str) -> None:
    assert markup.text(html) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kort", "kort"),
        ("et to tre", "et to tre"),
        ("et to tre fire", "et to tre…"),
        ("et to, tre fire", "et to…"),
        ("enmegetlangordforbindelse", "enmegetla…"),
    ],
)
def test_cut_at_a_words_end(line: str, expected: str) -> None:
    assert markup.cut(line, 10) == expected


@given(st.text(), st.integers(2, 50))
def test_a_cut_line_is_never_too_long(line: str, length: int) -> None:
    assert len(markup.cut(line, length)) <= length or line == markup.cut(line, length)
    assert len(markup.cut(line, length)) <= max(length, 1)
