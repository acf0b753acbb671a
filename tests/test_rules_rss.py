"""RSS 2.0 and its forerunners, RSS 1.0: one change, one finding."""

import pytest

from .specimens import RDF, RSS, Row, changed, codes

ENCLOSURE = '<enclosure url="https://fence.example/gate.mp3" length="0" type="audio/mpeg"/>'
CLOUD = '<cloud domain="rpc.example" port="80"'
SELF = '<atom:link rel="self" href="https://fence.example/rss.xml" type="application/rss+xml"/>'
BUILT = "<lastBuildDate>Thu, 17 Sep 2020 06:30:00 GMT</lastBuildDate>"
HTML = "&lt;p&gt;Shut again.&lt;/p&gt;"

ROWS = [
    # What must be there, and what may be there once.
    Row("S101", "<channel>\n    <title>Over the fence</title>", "<channel>",
        "<channel> has no <title>"),
    Row("S101",
        "<description>Notes &amp;amp; &lt;em&gt;queries&lt;/em&gt; of neighbours</description>", "",
        "<channel> has no <description>", "<channel>"),
    Row("S101", "<hour>0</hour><hour>23</hour>", "", "<skipHours> has no <hour>", "<skipHours>"),
    Row("S101", "<url>https://fence.example/fence.png</url>", "", "<image> has no <url>",
        "<image>"),
    Row("S102", "<ttl>60</ttl>", "<ttl>60</ttl>\n<ttl>61</ttl>\n<ttl>62</ttl>", "<ttl>", "<ttl>61"),
    Row("S102", '<guid isPermaLink="false">gate',
        '<guid isPermaLink="false">g</guid>\n<guid isPermaLink="false">gate',
        "<guid> stands more than once in <item>", '<guid isPermaLink="false">gate'),
    Row("S102", "<geo:lat>55.6</geo:lat>", "<geo:lat>1</geo:lat>\n<geo:lat>2</geo:lat>",
        "<geo:lat>", "<geo:lat>2"),
    Row("S103", "<docs>https://www.rssboard.org/rss-specification</docs>",
        "<doc>https://a.example/</doc>",
        "<doc> may not stand in <channel>"),
    Row("S103", "<ttl>60</ttl>", "<TTL>60</TTL>", "<TTL> may not stand in <channel>"),
    Row("S103", "<day>Sunday</day>", "<hour>7</hour>", "<hour> may not stand in <skipDays>"),
    Row("S103", "<ttl>60</ttl>", "<slash:comments>3</slash:comments>",
        "<slash:comments> may not stand in <channel>"),
    Row("S103", "<ttl>60</ttl>", "<atom:entry/>", "<atom:entry> may not stand in <channel>"),
    Row("S104", 'rss version="2.0"', "rss", "<rss> has no attribute “version”", "<rss"),
    Row("S104", ENCLOSURE, ENCLOSURE.replace(' length="0"', ""),
        "<enclosure> has no attribute “length”"),
    Row("S104", '<source url="https://other.example/rss.xml">', "<source>", "“url”"),
    Row("S105", "<ttl>60", '<ttl unit="minutes">60',
        "<ttl> has an attribute that is not defined: “unit”"),
    Row("S105", '<category domain="', '<category Domain="', "“Domain”"),
    Row("S106", "<skipDays>", "<skipDays>at weekends",
        "<skipDays> holds text where only elements may stand: at weekends"),
    Row("S109", f"<description>{HTML}", "<description><p>Shut again.</p>",
        "<description> holds tags where text is wanted: <p>"),
    Row("S109", "<category>Gates", "<category>Gates<xhtml:br/>",
        "<category> holds tags where text is wanted"),
    Row("V148", "<category>Gates", "<category>", "<category> is empty"),
    Row("V148", "<generator>A pencil", "<generator> \n ", "<generator> is empty"),
    # The rules of RSS.
    Row("R101", "<hour>23", "<hour>24", "<hour>"),
    Row("R102", "<hour>23", "<hour> 0", "<hour> says the same twice: 0"),
    Row("R102", "<day>Sunday", "<day>Saturday", "<day> says the same twice: saturday",
        "<day>Saturday</day>\n    </skip"),
    Row("R103", "<guid>https://fence.example/again", "<guid>again",
        "<guid> is a permalink by default, but is no address: again"),
    Row("R103", "<guid>https://fence.example/again",
        "<guid>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "<guid>"),
    Row("R103", "<guid>https://fence.example/again", "<guid>https://fence.example/a gain",
        "<guid>"),
    Row("R103", 'isPermaLink="false"', 'isPermaLink="true"', "<guid>", '<guid isPermaLink="true">'),
    Row("V132", 'isPermaLink="false"', 'isPermaLink="False"',
        "<guid isPermaLink> must be true or false", "<guid isP"),
    Row("R110", 'version="2.0"', 'version="2.1"', "2.1", "<rss"),
    Row("R110", 'version="2.0"', 'version=""', "nothing", "<rss"),
    Row("R111", f"<description>{HTML}</description>", "",
        "<item> has neither a title nor a description", "<item>\n      \n"),
    Row("R112", "<guid>https://fence.example/again</guid>", "", "<item> has no guid",
        "<item>\n      <description>"),
    Row("R113", "<guid>https://fence.example/again", '<guid isPermaLink="false">gate',
        "Two items share a guid: gate",
        '<guid isPermaLink="false">gate</guid>\n    </item>'),
    Row("R114", ENCLOSURE, f"{ENCLOSURE}\n{ENCLOSURE}", "<item> has several enclosures",
        f"{ENCLOSURE}\n      <guid"),
    Row("R115",
        '<description>&lt;p&gt;The gate is &lt;a href="https://fence.example/"&gt;shut&lt;/a&gt;.</description>',
        "", "<content:encoded>", "<content:encoded>"),
    Row("R115", f"<description>{HTML}",
        f"<content:encoded>x</content:encoded>\n<description>{HTML}",
        "<content:encoded>"),
    Row("R116", "<ttl>60</ttl>",
        "<textInput><title>a</title><description>b</description><name>c</name>"
        "<link>https://a.example/</link></textInput>", "<textInput>"),
    Row("R117", BUILT, "", "<slash:comments>", "<slash:comments>"),
    Row("R118", "<title>Over the fence</title>\n      <link>",
        "<title>Under it</title>\n      <link>", "Under it"),
    Row("R119", "<link>https://fence.example/</link>\n      <width>",
        "<link>https://fence.example/a</link>\n      <width>",
        "https://fence.example/a"),
    Row("R120", "<ttl>60</ttl>", "<dc:rights>mine</dc:rights>",
        "<dc:rights> says what <copyright> says already"),
    Row("R120", "<ttl>60</ttl>", "<dc:language>en</dc:language>", "<dc:language>"),
    Row("R120", "<ttl>60</ttl>", '<web:license rdf:resource="https://a.example/"/>',
        "<cc:license> says what <creativeCommons:license> says"),
    Row("R121", "<category>Gates</category>",
        "<category>Gates</category>\n<dc:subject>Gates</dc:subject>",
        "In an item, <dc:subject> says what <category> says already", "<dc:subject>"),
    Row("R121", "<dc:creator>", "<dc:date>2020-09-17</dc:date><dc:creator>", "<dc:date>"),
    Row("R121", "<author>", "<dc:creator>Bo</dc:creator><author>",
        "<dc:creator> says what <author>"),
    Row("R122", f"<description>{HTML}</description>",
        f"<description>{HTML}</description>\n<xhtml:div>x</xhtml:div>",
        "<xhtml:div> is a second text of the post", "<xhtml:div>"),
    Row("R123", SELF, "", "no <atom:link rel=", "<channel>"),
    Row("R123", 'rel="self"', 'rel="alternate"', "no <atom:link rel=", "<channel>"),
    Row("A119", SELF, f'{SELF}<atom:link rel="last" href="https://fence.example/rss.xml"/>\n'
        '<atom:link rel="next" href="https://fence.example/2.xml"/>', "last",
        '<atom:link rel="next"'),
    # What may stand in a value; the forms of values are in test_rules_values.py.
    Row("V132", 'protocol="soap"', 'protocol="SOAP"',
        "<cloud protocol> must be xml-rpc, soap or http-post", "<cloud"),
    Row("V132", "<day>Sunday", "<day>sunday", "<day> must be Monday, Tuesday"),
    Row("V130", 'port="80"', 'port="65536"', "<cloud port> must be a whole number from 1 to 65535",
        "<cloud"),
    Row("V130", "<hour>23", "<hour>25", "<hour> must be a whole number from 0 to 23, not “25”"),
    Row("V130", "<ttl>60", "<ttl>0", "<ttl> must be a whole number of at least 1, not “0”"),
    Row("V130", "<ttl>60", "<ttl>", "<ttl> must be a whole number of at least 1, not nothing"),
    Row("V130", "<width>144", "<width>145", "<width> must be a whole number from 1 to 144"),
    Row("V130", "<height>400", "<height>40.0",
        "<height> must be a whole number from 1 to 400, not “40.0”"),
    Row("V130", 'length="0"', 'length="-1"', "<enclosure length>", "<enclosure"),
    Row("V121", 'type="audio/mpeg"', 'type="mp3"', "<enclosure type> is not a media type: mp3",
        "<enclosure"),
    Row("V110", "<docs>https://www.rssboard.org/rss-specification", "<docs>/docs",
        "<docs> must be a whole address"),
    Row("V110", "<link>https://fence.example/gate?a=1&amp;b=2#top", "<link>gate", "<link>"),
    Row("V110", "<comments>https://fence.example/gate/replies", "<comments>", "<comments>"),
    Row("V111", "<docs>https://www.rssboard.org/rss-specification", "<docs>https://a.example/a b",
        "a space"),
    Row("V112", "<docs>https://www.rssboard.org/rss-specification", "<docs>https:///",
        "<docs> is not an address"),
    Row("V101", BUILT, "<lastBuildDate>2020-09-17</lastBuildDate>",
        "<lastBuildDate> is not a date as RFC 822"),
    Row("V102", BUILT, "<lastBuildDate>Wed, 17 Sep 2020 06:30:00 GMT</lastBuildDate>",
        "<lastBuildDate>"),
    Row("V103", BUILT, "<lastBuildDate>17 Sep 20 06:30 EST (a)</lastBuildDate>", "<lastBuildDate>"),
    Row("V104", BUILT, "<lastBuildDate>Thu, 01 Jan 1970 00:00:00 GMT</lastBuildDate>",
        "<lastBuildDate>"),
    Row("V120", "<language>en-GB", "<language>en_GB",
        "<language> is not the tag of a language: en_GB"),
    Row("V126", "<author>bo@fence.example (Bo)", "<author>Bo",
        "<author> holds no e-mail address: Bo"),
    Row("V127", "<author>bo@fence.example (Bo)", "<author>bo@fence.example", "<author>"),
    Row("V128", "<author>bo@fence.example (Bo)", "<author>Bo &lt;bo@fence.example&gt;", "<author>"),
    # Text and HTML.
    Row("T101", "<category>Gates", "<category>Gates &amp;amp; &lt;b&gt;",
        "<category> is plain text, but seems to hold markup: <b>"),
    Row("T101", "<title>A gate &#x26;", "<title>A gate &amp;amp;", "<title>"),
    Row("T102", "<category>Gates", "<category>Gates &lt;/", "<category> has </ in plain text"),
    Row("T110", HTML, "&lt;script>a &lt; b&lt;/script>", "<description> holds <script>",
        "<description>&lt;script"),
    Row("T111", HTML, "&lt;p onclick='x'>a&lt;/p>", "onclick", "<description>&lt;p onc"),
    Row("T112", HTML, "&lt;p style='position: fixed'>a&lt;/p>", "position: fixed",
        "<description>&lt;p sty"),
    Row("T113", HTML, "&lt;p>&lt;b>a&lt;/p>", "</p> closes <b>", "<description>&lt;p>&lt;b"),
    Row("T114", HTML, "&lt;body>a&lt;/body>", "<body>", "<description>&lt;body"),
    Row("T115", HTML, "&lt;a href='/x'>a&lt;/a>", "/x", "<description>&lt;a"),
    Row("T116", HTML, "&lt;a href='javascript:x'>a&lt;/a>", "javascript:x", "<description>&lt;a"),
    Row("T117", HTML, "&lt;img src='https://a.example/1.png'>", "https://a.example/1.png",
        "<description>&lt;i"),
    Row("T118", HTML, "&lt;post>a&lt;/post>", "<post>", "<description>&lt;post"),
    Row("T119", HTML, "&lt;p style='mso-x: y'>a&lt;/p>", "mso-x", "<description>&lt;p s"),
    Row("X109", "<category>Gates", "<category>LÃ¥ger", "<category> holds characters",
        "<category>L"),
    Row("X109", 'domain="rpc.example"', 'domain="rpc\ufffdexample"', "domain of <cloud> holds",
        "<cloud"),
]  # fmt: skip

# Nothing is wrong with these.
RIGHT = [
    ('rss version="2.0"', 'rss version="2.00"'),
    ('rss version="2.0"', 'rss version="0.92"'),
    ('rss version="2.0"', 'rss version="2.0" xml:base="/a" xml:lang="da"'),
    ("<channel>", '<channel xml:base="https://fence.example/a/" xml:lang="" ours:wood="oak">'),
    # Text.
    ("<category>Gates", "<category><![CDATA[Gates & fences < hedges]]>"),
    ("<category>Gates", "<category>Ga<!-- <b> -->tes &#38; &#x26;amp; <?wood oak?>"),
    ("<category>Gates", "<category>Gates &#x026; &#x3c;b>"),
    ("<category>Gates", "<category>Gates<ours:wood>oak</ours:wood> &amp; fences"),
    ("<category>Gates", "<category>AT&amp;T, a&lt;b, 3&lt;4, R&amp;D; &amp;c."),
    ("<generator>A pencil", "<generator>\n  A pencil\n "),
    ("<category>Gates", "<category>Mûr « à » Ähre, Ärger, naïve ÃO"),
    # Addresses.
    ("<docs>https://www.rssboard.org/rss-specification", "<docs>\n https://a.example/\n"),
    ("<docs>https://www.rssboard.org/rss-specification", "<docs>https://blåbær.example/æ?ø=å#ö"),
    ("<docs>https://www.rssboard.org/rss-specification", "<docs>http://[2001:db8::1]:8080/"),
    ("<docs>https://www.rssboard.org/rss-specification", "<docs>mailto:ann@fence.example"),
    ("<guid>https://fence.example/again", "<guid>HTTP://fence.example/again"),
    ('<guid isPermaLink="false">gate', '<guid isPermaLink="false">Gate: 7 (b)'),
    ("<guid>https://fence.example/again</guid>", "<atom:id>tag:a.example,2020:again</atom:id>"),
    # Numbers, people, dates.
    ("<ttl>60", "<ttl><![CDATA[60]]>"),
    ("<ttl>60", "<ttl>6<!-- -->0"),
    ("<hour>23", "<hour>07"),
    ("<author>bo@fence.example (Bo)", "<author>mailto:bo@fence.example (Bo (the other))"),
    (BUILT, "<lastBuildDate>7 Sep 2020 06:30 -0330</lastBuildDate>"),
    ("<language>en-GB", "<language>zh-Hant-TW"),
    # Elements.
    ("<skipDays>", "<skipDays><!-- at weekends -->"),
    ("<ttl>60</ttl>", "<ttl>60</ttl><ours:title><title>x</title></ours:title>"),
    ("<ttl>60</ttl>", "<ttl>60</ttl><dc:title>Over the fence</dc:title><dc:unheard-of/>"),
    ("<item>\n      <description>", "<item xml:lang='da'>\n      <description xml:lang='da-DK'>"),
    (f"<description>{HTML}</description>", "<title>Again</title>"),
    (f"<description>{HTML}</description>", "<title>Again</title><description/>"),
    # HTML.
    (HTML, "&lt;details>&lt;summary>A&lt;/summary>&lt;p data-a='1' aria-label=x>B&lt;/details>"),
    (HTML, "&lt;a href='mailto:a@b.example'>A&lt;/a> &lt;a href='#b'>B&lt;/a> &lt;a id=b>&lt;/a>"),
    (HTML, "&lt;p style='display: grid; gap: 1rem; color: rgb(0 0 0 / 50%)'>A&lt;/p>"),
    (HTML, "1 &lt; 2 &amp;amp; 3 > 2 &amp; AT&amp;T &lt;3"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_one_finding(row: Row) -> None:
    row.check(RSS)


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_one_change_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(RSS, old, new)) == []


ROWS_RDF = [
    Row("S101", "<title>The gate</title>", "", "<item> has no <title>", "<item rdf"),
    Row("S101", "<name>q</name>", "", "<textinput> has no <name>", '<textinput rdf:about'),
    Row("S102", "<title>The gate</title>", "<title>A</title>\n<title>B</title>", "<title>",
        "<title>B"),
    Row("S103", "<title>The gate</title>", "<title>A</title><guid>x</guid>", "<guid>", "<guid>"),
    Row("S104", ' rdf:about="https://fence.example/gate"', "",
        "<item> has no attribute “rdf:about”", "<item>"),
    Row("S104", '<image rdf:resource="https://fence.example/fence.png"/>', "<image/>",
        "<image> has no attribute “rdf:resource”"),
    Row("S110", "<title>The gate</title>", '<title>A</title><title xmlns="">A</title>', "<title>",
        '<title xmlns'),
    Row("V106", "<dc:date>2020-09", "<dc:date>2020-9",
        "<dc:date> is not a date as the W3C writes it: 2020-9"),
    Row("V104", "<dc:date>2020-09", "<dc:date>1970", "<dc:date>"),
    Row("V110", "<link>https://fence.example/gate", "<link>/gate", "<link>"),
    Row("V111", ' rdf:about="https://fence.example/gate"', ' rdf:about="a gate"',
        "<item rdf:about>", "<item rdf"),
    Row("V147", "<name>q", "<name>2 q", "<name> cannot be the name of a field in a form: 2 q"),
    Row("T113", "&lt;/b&gt;", "", "<b> is not closed", "<description>It is"),
]  # fmt: skip
RIGHT_RDF = [
    (' rdf:about="https://fence.example/gate"', ' rdf:about="gate"'),
    ("<dc:date>2020-09", "<dc:date>2020-09-17T08:00+02:00"),
    ("<name>q", "<name>q_2.a-b:c"),
    ("<dc:creator>", "<dc:creator/><dc:creator>"),
    ("<item rdf", "<rdf:Description/><item rdf"),
    ('"http://purl.org/rss/1.0/"', '"http://purl.org/rss/1.0/" xmlns:a="tag:a.example,2020:"'),
]


@pytest.mark.parametrize("row", ROWS_RDF, ids=str)
def test_one_change_to_rss_1_0(row: Row) -> None:
    row.check(RDF)


@pytest.mark.parametrize(("old", "new"), RIGHT_RDF)
def test_rss_1_0_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(RDF, old, new)) == []


def test_rdf_that_is_no_feed_lacks_a_channel() -> None:
    rdf = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description/></r:RDF>'
    assert codes(rdf) == ["S101"]
    assert codes(changed(rdf, "</r:RDF>", "")) == ["X101"]


def test_rss_0_90_names_no_addresses() -> None:
    old = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://my.netscape.com/rdf/simple/0.9/">
  <channel><title>A</title><link>https://a.example/</link><description>B</description></channel>
  <item><title>C</title><link>https://a.example/c</link></item>
</rdf:RDF>
"""
    assert codes(old) == []
    assert codes(changed(old, "<title>C</title>", "")) == ["S101"]
    assert codes(changed(old, "</link></item>", "</link><description>D</description></item>")) == [
        "S103"
    ]
