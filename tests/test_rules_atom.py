"""Atom 1.0, feeds and entries: one change, one finding."""

import pytest

from .specimens import ATOM, ENTRY, Row, changed, codes, judge

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'
PICTURE = '<content src="/gate.png" type="image/png"/>'
HERE = "https://fence.example/atom.xml"
SELF = f'<link rel="self" href="{HERE}" type="application/atom+xml"/>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
DOT = '<content type="image/gif">R0lG ODlh</content>'
HTML = "&lt;p&gt;The gate is &lt;b&gt;shut&lt;/b&gt;.&lt;/p&gt;"
LOCKED = f"{DIV}<p>Lukket, <code>"

ROWS = [
    # What must be there, and what may be there once.
    Row("S101", "<id>tag:fence.example,2020:feed</id>", "", "<feed> has no <id>", "<feed"),
    Row("S101", "<updated>2020-09-17T08:00:00+02:00</updated>", "", "<feed> has no <updated>",
        "<feed"),
    Row("S101", "<title>Shut again</title>", "", "<entry> has no <title>",
        "<entry>\n    <id>https"),
    Row("S101", "<name>Bo</name>", "", "<contributor> has no <name>", "<contributor>"),
    Row("S102", "<icon>/icon.png</icon>", "<icon>/a.png</icon>\n<icon>/b.png</icon>", "<icon>",
        "<icon>/b"),
    Row("S103", "<icon>/icon.png</icon>", "<tagline>x</tagline>",
        "<tagline> may not stand in <feed>"),
    Row("S103", "<published>2020-09-17T06:00:00.125Z</published>", "<issued>2020</issued>",
        "<issued> may not stand in <entry>"),
    Row("S103", "<thr:total>3</thr:total>", "<thr:sum>3</thr:sum>",
        "<thr:sum> may not stand in <entry>"),
    Row("S104", '<link href="gate"/>', '<link rel="edit"/><link href="gate"/>', "“href”",
        '<link rel="edit"/>'),
    Row("S104", 'category term="fence" ', "category ", "<category> has no attribute “term”",
        "<category"),
    Row("S105", '<link href="gate"/>', '<link href="gate" herf="x"/>', "<link> has an attribute",
        "<link href=\"gate\" "),
    Row("S106", "<contributor>", "<contributor>Bo",
        "<contributor> holds text where only elements may stand: Bo"),
    Row("S106", f">{SVG}", f">See: {SVG}", "<content> holds text",
        '<content type="image/svg+xml">'),
    Row("S107", 'category term="fence"', 'category term=" "', "<category term> has no value",
        "<category"),
    Row("S107", 'rel="hub"', 'rel=" "', "<link rel> has no value", '<link rel=" "'),
    Row("S107", '<rights type="text">', '<rights type="">', "<rights type> has no value"),
    Row("S107", f'<content type="html">{HTML}', '<content type=" ">Shut',
        "<content type> has no value"),
    Row("S107", 'src="/gate.png" type="image/png"', 'src="/gate.png" type=""', "<content type>",
        "<content src"),
    Row("S109", "<summary>A gate &amp; a lock", f"<summary>{DIV}a</div>",
        "<summary> holds tags where text is wanted: <div>"),
    Row("S109", "<icon>/icon.png", "<icon>/icon.png<url/>", "<icon> holds tags"),
    Row("S109", f'<content type="html">{HTML}', '<content type="text/csv"><ours:wood/>',
        "<content> holds tags where text is wanted: <wood>"),
    Row("S110", "<ours:height", '<height xmlns="">2</height><ours:height',
        "<height> in <feed> is in no namespace", "<height"),
    Row("V148", "<title>Shut again", "<title> ", "<title> is empty"),
    Row("V148", "<name>Bo", "<name>", "<name> is empty"),
    # The rules of Atom.
    Row("A101", '<rights type="text">', '<rights type="text/plain">',
        "<rights> must be text, html or xhtml, not “text/plain”"),
    Row("A101", '<subtitle type="html">', '<subtitle type="HTML">', "<subtitle>"),
    Row("A102", '<content type="html">', '<content type="HTML">', "<content>"),
    Row("A102", '<content type="html">', '<content type="message/rfc822">', "message/rfc822"),
    Row("A102", 'src="/gate.png" type="image/png"', 'src="/gate.html" type="html"', "<content>",
        '<content src="/gate.html"'),
    Row("A102", 'src="/gate.png" type="image/png"', 'src="/gate.png" type="png"', "<content>",
        "<content src"),
    Row("A103", f"{DIV}A <i>gate</i></div>", f"{DIV}a</div>\n{DIV}b</div>", "<title>",
        '<title type="xhtml">'),
    Row("A103", f"{DIV}A <i>gate</i></div>", "A gate",
        "<title> is of type xhtml and must hold one <div>", '<title type="xhtml">'),
    Row("A103", f"{DIV}A <i>gate</i></div>", f"A gate {DIV}b</div>", "<title>",
        '<title type="xhtml">'),
    Row("A103", f"{DIV}A <i>gate</i></div>", '<p xmlns="http://www.w3.org/1999/xhtml">A</p>',
        "<title>", '<title type="xhtml">'),
    Row("A104", LOCKED, f"{DIV}<p>&lt;b>Lukket&lt;/b>, <code>",
        "<content> is of type xhtml, but holds escaped markup: <b>",
        '<content type="xhtml"'),
    Row("A105", LOCKED, f'{DIV}<p xmlns="">a</p><p>Lukket, <code>',
        "<p> in <content> is in no namespace", '<p xmlns=""'),
    Row("A106", PICTURE, f"{PICTURE[:-2]}>A picture</content>", "<content> points elsewhere"),
    Row("A106", PICTURE, f"{PICTURE[:-2]}><ours:wood/></content>", "<content> points elsewhere"),
    Row("A107", PICTURE, '<content src="/gate.png"/>', "<content> points elsewhere"),
    Row("A108", "<summary>A picture of the gate</summary>", "", "<entry> has content",
        "<entry>\n    <id>tag:fence.example,2020:3"),
    Row("A108", "<summary>One dot</summary>", "", "<entry> has content",
        "<entry>\n    <id>tag:fence.example,2020:4"),
    Row("A109", f'<content type="image/svg+xml">{SVG}</content>', "", "<entry> has neither",
        "<entry>\n    <id>tag:fence.example,2020:5"),
    Row("A110", '<link href="/da/" hreflang="da"/>', '<link href="/da/" hreflang="en"/>',
        "stand in <feed>"),
    Row("A110", '<link href="gate"/>', '<link href="gate"/>\n<link rel="alternate" href="b"/>',
        "<entry>", '<link rel="alternate"'),
    Row("A110", "<title>Other people", '<link href="/a"/><link href="/b"/><title>Other people',
        "<source>", '<link href="/b"'),
    Row("A111", 'rel="hub"', 'rel="hubb"', "“hubb”", '<link rel="hubb"'),
    Row("A112", '<link href="gate"/>', '<link href="gate">gate</link>', "<link> holds text: gate"),
    Row("A113", 'href="https://fence.example/atom.xml"', 'href="/atom.xml"', "/atom.xml",
        '<link rel="self"'),
    Row("A114", 'type="application/atom+xml"', 'type="text/html"', "text/html", '<link rel="self"'),
    Row("A115", "<name>Bo", "<name>Bo bo@fence.example",
        "<name> holds an e-mail address: bo@fence.example"),
    Row("A116", "<rights>© 2020", f"{ENTRY}<rights>© 2020", "<rights> stands after an entry",
        "<rights>©"),
    Row("A117", "<id>https://other.example/</id>", "", "<source> should have <id>", "<source>"),
    Row("A117", "<updated>2020-09-16T08:00:00Z</updated>\n      <author>", "<author>", "<updated>",
        "<source>"),
    Row("A118", 'rel="enclosure"', 'rel="next"', "“next”", '<link rel="next"'),
    Row("A119", SELF,
        f'{SELF}<link rel="last" href="{HERE}"/>\n<link rel="next" href="2"/>',
        "The last page of the feed", '<link rel="next"'),
    Row("A119", SELF,
        f'{SELF}<link rel="first" href="{HERE}"/>\n<link rel="previous" href="2"/>',
        "The first page of the feed", '<link rel="previous"'),
    Row("A120", SVG, SVG * 2, "<content> of type image/svg+xml must hold one element",
        '<content type="image/svg+xml">'),
    Row("A120", f">{SVG}", ">", "one element", '<content type="image/svg+xml">'),
    Row("A120", "R0lG ODlh", "<ours:dot/>", "<content> of type image/gif must hold Base64",
        '<content type="image/gif">'),
    Row("A121", "thr:updated", "thr:when", "thr:when", '<link rel="replies"'),
    Row("A130", SELF, "", 'no link rel="self"', "<feed"),
    Row("A131", "<id>tag:fence.example,2020:4", "<id>tag:fence.example,2020:3",
        "tag:fence.example,2020:3"),
    Row("A132", "<updated>2020-09-14T", "<updated>2020-09-15T", "2020-09-15T08:00:00Z"),
    Row("A133", "<updated>2020-09-17T06:00:00.25Z", "<updated>2020-09-17T07:59:59+02:00",
        "<updated> is before <published>"),
    # What may stand in a value.
    Row("V105", "<published>2020-09-17T06:00:00.125Z", "<published>2020-09-17",
        "<published> is not a date as RFC 3339"),
    Row("V105", 'thr:updated="2020-09-17T06:00:00Z"', 'thr:updated="now"', "<link thr:updated>",
        '<link rel="replies"'),
    Row("V130", 'thr:count="3"', 'thr:count="many"', "<link thr:count>", '<link rel="replies"'),
    Row("V107", "<icon>/icon.png", "<icon>\n/icon.png", "<icon> has white space around its value"),
    Row("V107", "<id>tag:fence.example,2020:feed", "<id>tag:fence.example,2020:feed ", "<id>"),
    Row("V110", "<id>https://fence.example/again", "<id>again", "<id> must be a whole address"),
    Row("V111", "<uri>/ann", "<uri>/an n",
        "<uri> has a character that no address may hold: a space"),
    Row("V111", 'xml:base="https://fence.example/"', 'xml:base="a b"', "<feed xml:base>", "<feed"),
    Row("V112", "<logo>logo.png", "<logo>http:///logo.png", "<logo> is not an address"),
    Row("V113", "<id>https://fence.example/again", "<id>https://Fence.example/again",
        "<id> can be written more plainly"),
    Row("V114", "<id>tag:fence.example,2020:feed", "<id>tag:fence.example:feed",
        "<id> is not a tag URI"),
    Row("V115", "<id>tag:fence.example,2020:feed", "<id>urn:feed", "<id> is not a URN"),
    Row("V116", "1225c695-cfb8-4ebb-aaaa-80da344efa6a", "1225c695", "<id> is not a UUID",
        "<id>urn"),
    Row("V120", 'xml:lang="en-GB"', 'xml:lang="English"',
        "<feed xml:lang> is not the tag of a language: English", "<feed"),
    Row("V120", 'hreflang="da"', 'hreflang="dansk"', "<link hreflang>", '<link href="/da/"'),
    Row("V121", 'type="audio/mpeg"', 'type="audio"', "<link type> is not a media type: audio",
        '<link rel="enclosure"'),
    Row("V125", "<email>ann@fence.example", "<email>ann", "<email> is not an e-mail address: ann"),
    Row("V143", "R0lG ODlh", "R0lG ODl", "<content> is not Base64", '<content type="image/gif">'),
    Row("T101", "<rights>© 2020 Ann Ås", "<rights>&amp;copy; 2020", "<rights> is plain text"),
    Row("T101", 'label="Fences"', 'label="&lt;b>Fences&lt;/b>"', "<category label> is plain text",
        "<category"),
    Row("T113", HTML, "&lt;p>&lt;i>a&lt;/p>", "</p> closes <i>", '<content type="html">'),
    Row("T110", LOCKED, f"{DIV}<script/><p>Lukket, <code>", "<content> holds <script>",
        '<content type="xhtml"'),
    Row("T111", 'data-wood="oak"', 'onclick="x"', "onclick", '<content type="xhtml"'),
    Row("T112", 'style="width: 50%"', 'style="width: 50000px"', "width", '<content type="xhtml"'),
    Row("T115", 'src="https://fence.example/1.png"', 'src="1.png"', "1.png",
        '<content type="xhtml"'),
    Row("T117", 'alt="gate"', "", "https://fence.example/1.png", '<content type="xhtml"'),
    Row("T118", "<br/>", "<break/>", "<break>", '<content type="xhtml"'),
    Row("T118", LOCKED, f'{DIV}<entry xmlns="http://www.w3.org/2005/Atom"/><p>Lukket, <code>',
        "<entry>", '<content type="xhtml"'),
    Row("X109", "<name>Bo", "<name>BjÃ¸rn",
        "<name> holds characters that come from a wrong encoding"),
]  # fmt: skip

# Nothing is wrong with these.
RIGHT = [
    ("<feed ", '<?xml-stylesheet href="x"?><feed ours:wood="oak" '),
    ("<feed ", '<!DOCTYPE feed><feed '),
    # Links.
    (SELF, SELF.replace('rel="self"', 'rel="http://www.iana.org/assignments/relation/self"')),
    (SELF,
        f'{SELF}<link rel="next" href="2"/><link rel="prev" href="0"/><link rel="last" href="9"/>'),
    (SELF, f'<link rel="last" href=""/><link rel="next" href=""/>{SELF}'),
    ('rel="hub"', 'rel="NEXT-archive"'),
    ('<link href="gate"/>',
        '<link href="gate" title="Gate" length="07" type="text/html; charset=utf-8"/>'),
    ('<link href="gate"/>', '<link href="gate"><ours:wood>oak</ours:wood></link>'),
    ('<link href="gate"/>', '<link href=""/>'),
    ('<link href="gate"/>', '<link href="//fence.example:8080/a;b,c?d=%20#é"/>'),
    ('<link href="gate"/>', '<link href="mailto:ann@fence.example?subject=a%20b"/>'),
    ('<link href="gate"/>',
        '<link href="gate"/><link rel="related" href="x"/><link rel="related" href="y"/>'),
    ('thr:count="3"', ""),
    # Ids and dates.
    ("<id>https://fence.example/again", "<id>http://[2001:db8::1]/æ?b#c"),
    ("<id>https://fence.example/again", "<id>urn:isbn:0451450523"),
    ("<id>https://fence.example/again", "<id>tag:ann@fence.example,2020-09-17:~ann/ø?a#b"),
    ("<published>2020-09-17T06:00:00.125Z", "<published>2016-12-31T23:59:60Z"),
    ("<published>2020-09-17T06:00:00.125Z", "<published>2020-02-29T23:59:59.999999-11:30"),
    # Text.
    ("<summary>A gate &amp; a lock", "<summary><![CDATA[1 < 2 & 3]]>"),
    ("<summary>A gate &amp; a lock", "<summary type='text'>\n AT&amp;T\n"),
    ("<summary>A gate &amp; a lock", "<summary type='html'>&lt;p&gt;A<!-- --> &lt;BR&gt;B"),
    ("<rights>© 2020 Ann Ås", "<rights xml:lang='da' xml:base='/x'>© 2020"),
    ("<name>Bo", "<name>Bo @ the gate, b@c"),
    ('<category term="fence"', '<category ours:wood="oak" term="a b"'),
    # Content.
    ("&lt;b&gt;shut", "<![CDATA[<b>shut]]>"),
    (f'<content type="html">{HTML}', '<content>Shut'),
    (f'<content type="html">{HTML}', '<content type="text/plain; charset=utf-8">Shut'),
    (f'<content type="html">{HTML}', '<content type="text/html">&lt;p>Shut'),
    (f'<content type="html">{HTML}', '<content type="text/css">p > a { content: "&lt;b>" }'),
    (f'<content type="html">{HTML}', '<content type="text/xml"><ours:wood/>'),
    (f'<content type="html">{HTML}', f'<content type="application/xhtml+xml">{DIV}a</div>'),
    (f'<content type="html">{HTML}', '<content type="application/xml" src="/x.xml">'),
    (PICTURE, '<content src="/gate.png" type="image/png" xml:lang="da"></content>'),
    (LOCKED,
        f'{DIV}<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math><p>L, <code>'),
    (LOCKED, f'{DIV}<ours:wood><ours:oak/></ours:wood><p>&amp;amp; R&amp;D <code>'),
    ('<path d="M0 0"/>', "<title>A gate</title><a href='#b'><g/></a>"),
    (LOCKED, f'{DIV}<pre>&lt;p></pre><p>L, <code>'),
    ('style="width: 50%"', 'style="inset: 0; display: grid; color: #1234" aria-hidden="true"'),
    ("<source>", '<source><link href="/a" hreflang="en"/><link href="/b" hreflang="da"/>'),
    # Elements.
    ("<contributor>", '<contributor xml:lang="da"><ours:wood>oak</ours:wood>'),
    ("<ours:height", '<wood xmlns="tag:a.example,2020:"/><ours:height'),
    ("<thr:total>3", "<thr:total>0"),
    ("<author><name>Cleo</name></author>", ""),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_one_finding(row: Row) -> None:
    row.check(ATOM)


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_one_change_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(ATOM, old, new)) == []


LINK = '<link href="https://fence.example/hedge"/>'
ROWS_ENTRY = [
    Row("S101", "<author><name>Ann Ås</name></author>", "", "<entry> has no <author>", "<entry"),
    Row("A109", LINK, "", "<entry> has neither content nor a link", "<entry"),
    Row("A118", LINK, f'{LINK}<link rel="current" href="x"/>', "“current”", '<link rel="current"'),
]
RIGHT_ENTRY = [
    ("<author><name>Ann Ås</name></author>", "<source><id>tag:a.example,2020:</id><title>A</title>"
     "<updated>2020-01-01T00:00:00Z</updated><author><name>B</name></author></source>"),
    (LINK, '<link rel="prev" href="x"/><content>A</content>'),
    (LINK, '<link rel="self" href="https://fence.example/x"/><content>A</content>'),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS_ENTRY, ids=str)
def test_one_change_to_an_entry(row: Row) -> None:
    row.check(ENTRY)


@pytest.mark.parametrize(("old", "new"), RIGHT_ENTRY)
def test_an_entry_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(ENTRY, old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        # Each entry is by nobody.
        ("  <author>\n    <name>Ann Ås</name>\n    <uri>/ann</uri>\n    <email>ann@fence.example"
         "</email>\n  </author>", "", "S101 S101 S101 S101"),
            (f"{DIV}A <i>gate</i></div>", '<div xmlns="">A gate</div>', "A103 A105"),
        (f"{DIV}A <i>gate</i></div>", "&lt;b>A&lt;/b>", "A103 A104"),
        (f"{DIV}A <i>gate</i></div>", "A &lt;/ b", "A103"),
        ("<icon>/icon.png</icon>", f"{ENTRY}<icon>/icon.png</icon>", "A116 A116 A116"),
    ],
)  # fmt: skip
def test_one_change_several_findings(old: str, new: str, found: str) -> None:
    assert codes(changed(ATOM, old, new)) == found.split()


def test_a_fault_in_an_entry_names_it() -> None:
    text = changed(ATOM, "<summary>One dot", "<summary>").replace("R0lG", "?")
    assert [(fault.rule.code, fault.entry, fault.field) for fault in judge(text)] == [
        ("V148", "tag:fence.example,2020:4", "summary"),
        ("V143", "tag:fence.example,2020:4", "content"),
    ]


def test_a_fault_has_a_beginning_and_an_end() -> None:
    again = "<updated>2020-09-16T08:00:00Z</updated>\n    <content"
    (fault,) = judge(changed(ATOM, again, "<content"))
    assert (fault.line, fault.column, fault.end_line) == (47, 3, 55)
    assert (fault.field, fault.entry) == ("entry", "https://fence.example/again")
