"""Text that holds markup, and HTML: what readers will make of it."""

from typing import Any

import pytest

from feeds.rules import Rule, Type
from feeds.rules.markup import html, plain

IMG = "<img src='https://a.example/1.png' alt=''>"

# A type, the rules that are broken, and texts that break them.
MARKUP: list[tuple[Type, str, list[str]]] = [
    (plain, "", [
        "", "a", "a < b > c", "<3", "a <- b", "<ann@example.org>", "<https://a.example/>",
        "if (a<b) c", "List<String>", "AT&T", "R&D;", "&", "& amp;", "a &b; c", "<b", "<post/>",
        "<b:c/>", "a<b c", "<<b", "< b>",
    ]),
    (plain, "T101", [
        "<b>a</b>", "a<br/>", "<br>", "</p>", "<P CLASS='x'>", "<script>", "<html>", "&amp;",
        "&#38;", "&#x26;", "&eacute;a", "&lt;b&gt;", "&#", "&#x", "&copy;", "&AMP;", "&amp",
        "a &nbsp b", "a &int b", "<a href='x'>y", "<h1>",
    ]),
    (plain, "T102", ["</", "a </ b", "</post>", "</a"]),
    (html, "", [
        "", "a", "a & b", "a &amp; b &copy; &#233; &unknown;", "1 < 2", "<", "< b", "<>", "<3",
        "a <- b", "</>", "</ b>", "<1>", "<!-- a -->b", "<!-- <b>", "<!DOCTYPE html>",
        "<![CDATA[a]]>", "<?xml ?>", "<p>a<p>b", "<P>A</p>", "<ul><li>a<li><p>b<p>c</ul>",
        "<dl><dt>a<dd>b<dt>c</dl>", "<table><tr><td>a<td>b<tr><th>c</table>",
        "<table><thead><tr><th>a<tbody><tr><td>b<tfoot><tr><td>c</table>", "<p>a</p >",
        "<br/><br /><hr>", "<b/>",
        "<p\n class = 'a'\tid=b hidden data-x='>' aria-label=\"<b>\">a</p>", IMG,
        "<img alt src=https://a.example/b.png>", "<IMG SRC='https://a.example/' ALT='a'>",
        "<a href=mailto:a@b.example>c</a>", "<a href='#a'>b</a>", "<a href=' #a'>b</a>",
        "<a id=a></a>", "<a href='tel:+45'>a</a>", "<img alt='' src='data:image/png;base64,AA=='>",
        "<a href='&#104;ttps://a.example/'>b</a>", "<details open><summary>a</summary>b</details>",
        "<figure><picture><source srcset='a.png'>" + IMG + "</picture></figure>",
        "<svg viewBox='0 0 1 1'><title>a</title><path d='M0 0'/><g><use href='#a'/></g></svg>",
        "<!-->a", "<!--->a", "<math><mi>x</mi><mo>=</mo></math>",
        "<video controls poster='https://a.example/'></video>", "<p style=''>a</p>",
        "<p style='color: red; margin: 0 auto; width: 640px'>a</p>",
        "<p style='line-height: 1.33333; color: #123456'>a</p>",
        "<p style='display: grid; inset: 0; gap: 1rem'>a</p>",
        "<p style='background-position: 0 0; text-position: fixed'>a</p>", "<p on=2 on1=3>a</p>",
        "<p title='a &amp; b &lt;'>c</p>", "<b><i>a</i></b>", "<option>a<option>b",
        "<p title='" + "&#9" + "9" * 5000 + ";'>a</p>", "<ruby>a<rt>b</ruby>", "İ<b>a</b>",
    ]),
    (html, "T110", [
        "<svg><script>a</script></svg>", "<script>a < b</script>",
        "<script src='https://a.example/'></script>", "<style>p > a { b: c }</style>",
        "<iframe src='https://a.example/'></iframe>", "<FORM></FORM>", "<input>",
        "<button>a</button>", "<object></object>", "<embed>", "<link>", "<meta>", "<base>",
        "<textarea></p></textarea>", "<script>document.write('<b>')</script>",
        "<script></scripty><b></SCRIPT>", "İİ<script>'<b>'</script>", "<xmp><b></xmp >",
        "<select></select>",
    ]),
    (html, "T111", [
        "<p onclick='a'>b</p>", "<P ONLOAD=a>b</P>", "<p onclick>b</p>", "<a formaction=b>c</a>",
        "<p srcdoc='a'>b</p>",
    ]),
    (html, "T112", [
        "<p style='position:fixed'>a</p>", "<p style='color: red; POSITION : absolute'>a</p>",
        "<p style='width: expression(a)'>b</p>", "<p style='behavior: url(a)'>b</p>",
        "<p style='-moz-binding: url(a)'>b</p>", "<p style='background: url(javascript:a)'>b</p>",
        "<p style='@import a'>b</p>", "<p style='margin-left: -10000px'>a</p>",
        "<p style='font-size: 1e4; font-size: 99999px'>a</p>",
        "<p style='&#112;osition: fixed'>a</p>",
    ]),
    (html, "T113", [
        "<b>a", "<b>a</i></b>", "a</b>", "<p><b>a</p>", "<div><span>a</div>", "</br>", "<br></br>",
        "<p>a</p></p>", "a &#151; b", "&#x80;", "a <b", "<b", "</b", "<b <i>a</i>",
        "<" + "b" * 5000, "<li>a</b>", "<table><tr><td><b>a</td></tr></table>",
    ]),
    (html, "T113 T113", [
        "<b>a</b", "<b><i>a</b></i>", "<a href='https://a.example/>b</a>", "<p title=\"a'>b</p>",
    ]),
    (html, "T110 T113", [
        "<script>a", "<style>a</script>", "<textarea><b></b>", "<script>a</script",
        "<script></scripty>",
    ]),
    (html, "T114", [
        "<body>a</body>", "<html><p>a", "<head></head>", "<title>a</title>", "<TITLE><b></TITLE>",
    ]),
    (html, "T115", [
        "<a href='/a'>b</a>", "<a href='a.html'>b</a>", "<a href=''>b</a>", "<a href>b</a>",
        "<a href='//a.example/'>b</a>", "<img alt='' src=a.png>",
        "<blockquote cite='a'>b</blockquote>", "<video poster='a'></video>", "<a href='?a'>b</a>",
        "<a href='1:2'>b</a>",
    ]),
    (html, "T116", [
        "<a href='javascript:a'>b</a>", "<a href=' JavaScript:a'>b</a>",
        "<a href='vbscript:a'>b</a>", "<a href='&#106;avascript:a'>b</a>",
    ]),
    (html, "T117", [
        "<img src='https://a.example/1.png'>", "<IMG>",
        "<img src='https://a.example/1.png' title='a'/>",
    ]),
    (html, "T118", [
        "<post>a</post>", "<b-c>d</b-c>", "<o:p>a</o:p>", "<string>a</string>", "<a:b/>",
    ]),
    (html, "T119", ["<p style='mso-bidi-x: y'>a</p>", "<p style='color: red; MSO-a: b'>c</p>"]),
    (html, "T115 T117", ["<img src='a.png'>"]),
    (html, "T118 T113", ["List<String>", "<string>"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expected", "text"),
    [(kind, expected, text) for kind, expected, texts in MARKUP for text in texts],
    ids=lambda part: part[:40] if isinstance(part, str) else part.__name__,
)
def test_a_text(kind: Type, expected: str, text: str) -> None:
    broken: list[tuple[Rule, dict[str, Any]]] = list(kind(text))
    assert [rule.code for rule, _ in broken] == expected.split()
    for rule, details in broken:
        message = rule.at(element="el", **details).message
        assert message.startswith("<el>")
        assert message.endswith(".")


def test_each_thing_is_said_once_and_not_more_than_twenty_of_them() -> None:
    assert len(list(html("<embed>" * 3 + "<link>"))) == 2
    assert len(list(html("".join(f"<x{n}></x{n}>" for n in range(30))))) == 20


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<b>a", "<b> is not closed"),
        ("<i>a</b></i>", "</b> closes nothing"),
        ("<p><i><b>a</p>", "</p> closes <b>"),
        ("a</BR>", "</br> ends what has no end"),
        ("<b", "<b begins a tag that does not end"),
        ("a <p b", "<p begins a tag that does not end"),
        ("&#x85;", "&#x85; is no character"),
    ],
)
def test_what_is_wrong_with_html_is_said(text: str, fault: str) -> None:
    assert next(iter(html(text)))[1] == {"fault": fault}
