"""The modules that stand in feeds, Media RSS and podcasts among them: one change, one finding."""

import pytest

from .specimens import ATOM, PODCAST, RSS, Row, changed, codes, judge

SELF = '<link rel="self" href="https://fence.example/atom.xml" type="application/atom+xml"/>'
HASH = '<media:hash algo="sha-1">0123456789abcdef0123456789abcdef01234567'
CREDIT = '<media:credit role="photographer" scheme="urn:ebu">'
SMALL = '<media:content url="https://fence.example/s.png" width="80" medium="image"/>'
DENIED = '<media:restriction relationship="deny" type="country">dk se'
POINT = "<georss:point>55.6 12.5</georss:point>"
RATED = "<media:rating>nonadult"
ROBOTS = '<xhtml:meta name="robots" content="noindex, follow"/>'
LICENSE = '<web:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>'
TOLD = '<media:text type="html" start="0" end="10.5">&lt;i&gt;Creak&lt;/i&gt;'

AG = '<ag:timestamp xmlns:ag="http://purl.org/rss/modules/aggregation/">'
PINGBACK = '<p:server xmlns:p="http://madskills.com/public/xml/rss/module/pingback/">'
ANNOTATE = '<n:reference xmlns:n="http://purl.org/rss/1.0/modules/annotate/"/>'

ROWS = [
    # Dublin Core, GeoRSS and other places.
    Row("V106", "<dcterms:modified>2020-09-17T08:00Z", "<dcterms:modified>17 Sep 2020",
        "<dcterms:modified>"),
    Row("V106", "<sy:updateBase>2020-01-01T00:00+00:00", "<sy:updateBase>2020-01-01T00:00",
        "<sy:updateBase>"),
    Row("T101", "<dc:creator>Ann Ås", "<dc:creator>&lt;b>Ann&lt;/b>", "<dc:creator>"),
    Row("V144", POINT, "<georss:point>55.6</georss:point>",
        "<georss:point> is not one latitude and longitude: 55.6"),
    Row("V144", POINT, "<georss:point>91 0</georss:point>", "<georss:point>"),
    Row("V144", POINT, "<georss:line>1 2</georss:line>",
        "<georss:line> is not 2 or more pairs of latitude and longitude: 1 2") ,
    Row("V144", POINT, "<georss:polygon>1 2 3 4 1 2</georss:polygon>", "<georss:polygon>"),
    Row("V144", POINT, "<georss:box>1 2 3 4 5 6</georss:box>", "<georss:box>"),
    Row("V145", POINT, "<georss:point>55.6, 12.5</georss:point>",
        "<georss:point> separates coordinates by commas"),
    Row("S105", "<georss:point>", '<georss:point lat="1">', "“lat”"),
    Row("V131", "<geo:lat>55.6", "<geo:lat>155.6",
        "<geo:lat> must be a number from -90 to 90, not “155.6”"),
    Row("V131", "<geo:lat>55.6", "<geo:long>12,5</geo:long><geo:lat>55.6", "<geo:long>",
        "<geo:long>"),
    # Syndication, Slash, CommentAPI.
    Row("V132", "<sy:updatePeriod>daily", "<sy:updatePeriod>Daily",
        "<sy:updatePeriod> must be hourly, daily, "),
    Row("V130", "<sy:updateFrequency>2", "<sy:updateFrequency>0", "<sy:updateFrequency>"),
    Row("V146", "<slash:hit_parade>3,2,1", "<slash:hit_parade>3 2 1", "<slash:hit_parade>"),
    Row("V130", "<slash:comments>3", "<slash:comments>three", "<slash:comments>"),
    Row("V110", "<wfw:commentRss>https://fence.example/gate/replies.xml", "<wfw:commentRss>gate",
        "<wfw:commentRss>"),
    Row("M130", "<wfw:commentRss>https://fence.example/gate/replies.xml</wfw:commentRss>",
        "<wfw:commentRSS>https://fence.example/gate/replies.xml</wfw:commentRSS>",
        "<wfw:commentRSS>"),
    # Licences, Trackback, what points with rdf:resource.
    Row("S104", LICENSE, "<web:license/>", "<cc:license> has no attribute “rdf:resource”"),
    Row("V110", LICENSE, '<web:license rdf:resource="by"/>', "<cc:license>"),
    Row("V110", "<cc:license>https://creativecommons.org/licenses/by/4.0/", "<cc:license>by",
        "<creativeCommons:license>"),
    Row("S104", 'rdf:resource="mailto:ann@fence.example"', "", "<admin:errorReportsTo>", "<admin:"),
    Row("V112", 'rdf:resource="mailto:ann@fence.example"', 'rdf:resource="mailto:ann"',
        "<admin:errorReportsTo>", "<admin:"),
    Row("V110", "<trackback:ping>https://fence.example/gate/ping", "<trackback:ping>ping",
        "<trackback:ping>"),
    Row("V110", "<blog:blogRoll>https://fence.example/roll.opml", "<blog:blogRoll>roll",
        "<blogChannel:blogRoll>"),
    Row("V111", "<feedburner:origLink>https://fence.example/gate", "<feedburner:origLink>a b",
        "<feedburner:origLink>"),
    Row("V148", 'thr:in-reply-to ref="tag:fence.example,2020:1"', 'thr:in-reply-to ref=""',
        "<thr:in-reply-to ref>", "<thr:in"),
    Row("V130", "<thr:total>3", "<thr:total>3.0", "<thr:total>"),
    Row("V130", "<os:totalResults>2", "<os:totalResults>-2", "<opensearch:totalResults>"),
    Row("V132", '<os:Query role="request"', '<os:Query role="asked"',
        "<opensearch:Query role> must be request, example"),
    Row("V132", ROBOTS, '<xhtml:meta name="robot" content="noindex"/>',
        "<xhtml:meta name> must be robots, not “robot”"),
    Row("V132", ROBOTS, '<xhtml:meta name="robots" content="noindex, stay"/>',
        "<xhtml:meta content>"),
    Row("S104", ROBOTS, '<xhtml:meta name="robots"/>', "“content”"),
    Row("V132", 'relationship="allow"', 'relationship="Allow"', "<access:restriction relationship>",
        "<access:"),
    Row("V130", "<talk:introMilliseconds>900", "<talk:introMilliseconds>0.9",
        "<conversationsNetwork:intro"),
    # Feed history in RSS.
    Row("M103", '<atom:link rel="prev-archive" href="https://fence.example/2019.xml"/>', "",
        "The archive document", "<fh:archive/>"),
    Row("M104", '<atom:link rel="current" href="https://fence.example/now.xml"/>', "",
        "The archive document", "<fh:archive/>"),
    # Media RSS.
    Row("M110", SMALL, "", "<media:group> has fewer than two <media:content>", "<media:group>"),
    Row("M111", RATED, f"<media:adult>true</media:adult>{RATED}", "<media:adult>"),
    Row("M112", HASH, HASH[:-1], "<media:hash> is not the sha-1 of anything", "<media:hash"),
    Row("M112", HASH, HASH.replace(' algo="sha-1"', ""), "<media:hash> is not the md5 of anything",
        "<media:hash"),
    Row("M112", HASH, HASH.replace("sha-1", "sha-256"), "sha-256", "<media:hash"),
    Row("M113", RATED, "<media:rating>PG", "<media:rating> is not a rating of its scheme: PG"),
    Row("M113", RATED, '<media:rating scheme="urn:mpaa">U', "U"),
    Row("M113", RATED, '<media:rating scheme="urn:icra">r (cz 2)', "r (cz 2)"),
    Row("M113", RATED, '<media:rating scheme="urn:v-chip">tv-18', "tv-18"),
    Row("V110", RATED, '<media:rating scheme="mpaa">PG',
        "<media:rating scheme> must be a whole address"),
    Row("V148", RATED, "<media:rating scheme='urn:x'>", "<media:rating> is empty"),
    Row("V132", CREDIT, '<media:credit role="painter">',
        "<media:credit role> must be a role of the EBU's list, not “painter”"),
    Row("V142", 'end="10.5"', 'end="10:5"', "<media:text end> is not a normal play time: 10:5",
        "<media:text"),
    Row("V132", "<media:title>Gate", '<media:title type="HTML">Gate',
        "<media:title type> must be plain or html"),
    Row("T101", TOLD, TOLD.replace('"html"', '"plain"'), "<media:text> is plain text"),
    Row("T113", TOLD, TOLD[:-12], "<i> is not closed"),
    Row("V132", DENIED, DENIED.replace("se", "norway mars"),
        "<media:restriction> must be codes of countries, not “norway”"),
    Row("V132", DENIED, DENIED.replace(' type="country"', ""),
        "<media:restriction> must be all or none, not “dk se”"),
    Row("V132", DENIED, DENIED.replace("country", "planet"),
        "<media:restriction type> must be country, uri or sharing"),
    Row("V110", DENIED, DENIED.replace("country", "uri"),
        "<media:restriction> must be a whole address, with its scheme: dk"),
    Row("V132", 'medium="image"', 'medium="picture"', "<media:content medium>",
        '<media:content url="https://fence.example/s'),
    Row("V130", 'fileSize="9"', 'fileSize="9 kB"', "<media:content fileSize>",
        '<media:content url="https://fence.example/l'),
    Row("S104", '<media:thumbnail url="https://fence.example/t.png"', "<media:thumbnail", "“url”"),
    Row("S102", "<media:title>Gate", "<media:title>A</media:title>\n<media:title>Gate",
        "<media:title>", "<media:title>Gate"),
    # Those that are hardly in use, declared where they stand.
    Row("V106", RATED, f"{AG}soon</ag:timestamp>{RATED}", "<ag:timestamp>", "<ag:"),
    Row("V110", RATED, f"{PINGBACK}here</p:server>{RATED}", "<pingback:server>", "<p:"),
    Row("S104", RATED, f"{ANNOTATE}{RATED}", "rdf:resource", "<n:"),
    Row("S103", SMALL, f"{SMALL}<media:image/>", "<media:image> may not stand in <media:group>",
        "<media:image/>"),
]  # fmt: skip
RIGHT = [
    ("<dcterms:modified>2020-09-17T08:00Z", "<dcterms:modified>2020"),
    (POINT, "<georss:line> 45.256 -110.45\n 46 .5 </georss:line>"),
    (POINT, "<georss:polygon>1 2 3 4 5 6 1 2</georss:polygon><georss:box>1 2 3 4</georss:box>"),
    (POINT, '<georss:where><gml:Point xmlns:gml="http://www.opengis.net/gml"/></georss:where>'),
    (POINT, '<georss:circle radius="3" elev="-4.5">1 2 3</georss:circle>'),
    ("<geo:lat>55.6", "<geo:Point><geo:lat>x</geo:lat></geo:Point><geo:lat>-90."),
    ("<slash:hit_parade>3,2,1", "<slash:hit_parade>0"),
    ("<trackback:ping>", "<trackback:about>https://a.example/</trackback:about><trackback:ping>"),
    (ROBOTS, '<xhtml:meta name="robots" content="NoIndex ,NOFOLLOW"/>'),
    (ROBOTS, '<xhtml:link rel="x"/><xhtml:div>A<xhtml:b>b</xhtml:b></xhtml:div>'),
    (RATED, '<media:rating scheme="urn:icra">r (cz 1 lz 0 nz 1)'),
    (RATED, '<media:rating scheme="urn:v-chip">TV-PG-DL'),
    (RATED, '<media:rating scheme="https://rate.example/">7'),
    (RATED, '<media:rating scheme="urn:other">7'),
    (CREDIT, '<media:credit role="painter" scheme="urn:ours">'),
    (DENIED, '<media:restriction relationship="allow">all'),
    (DENIED,
        '<media:restriction relationship="allow" type="uri">https://a.example/ https://b.example/'),
    (DENIED, '<media:restriction relationship="deny" type="sharing">'),
    (TOLD, '<media:text>'),
    (TOLD, '<media:text type="plain" lang="en" start="now" end="00:10:00.5">AT&amp;T'),
    (HASH, '<media:hash>0123456789abcdef0123456789abcdef'),
    (SMALL, f"{SMALL}<media:scenes><media:scene/></media:scenes><dc:title>A</dc:title>"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_one_finding(row: Row) -> None:
    row.check(RSS)


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_one_change_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(RSS, old, new)) == []


ROWS_PODCAST = [
    Row("M120", 'text="True Crime"', 'text="Fences"', "Apple has no category “Fences”",
        '<itunes:category text="F'),
    Row("M120", 'text="True Crime"', 'text="true crime"', "“true crime”",
        '<itunes:category text="t'),
    Row("S107", 'text="True Crime"', 'text=""', "<itunes:category text> has no value",
        '<itunes:category text=""'),
    Row("M120", 'text="Home &amp; Garden"', 'text="Sheds"', "“Sheds”", '<itunes:category text="S'),
    Row("M121", 'text="True Crime"', 'text="Podcasting"', "Apple retired the category “Podcasting”",
        '<itunes:category text="P'),
    Row("M121", 'text="True Crime"', 'text="Books"', "“Books”", '<itunes:category text="B'),
    Row("M121", 'text="Home &amp; Garden"', 'text="Arts"', "“Arts”", '<itunes:category text="A'),
    Row("M123", "<itunes:explicit>false</itunes:explicit>", "", "<itunes:explicit>", "<channel>"),
    Row("M123", '<itunes:image href="https://fence.example/ear.png"/>', "", "<itunes:image>",
        "<channel>"),
    Row("S104", ' text="True Crime"', "", "<itunes:category> has no attribute “text”",
        "<itunes:category/>"),
    Row("S102", "<itunes:type>", "<itunes:type>serial</itunes:type>\n<itunes:type>",
        "<itunes:type>", "<itunes:type>Serial"),
    Row("S103", "<itunes:type>Serial</itunes:type>", "<itunes:link>x</itunes:link>",
        "<itunes:link>"),
    Row("V107", "<itunes:block>No", "<itunes:block> No",
        "<itunes:block> has white space around its value"),
    Row("V132", "<itunes:block>No", "<itunes:block>maybe",
        "<itunes:block> must be yes or no, not “maybe”"),
    Row("V132", "<itunes:explicit>false", "<itunes:explicit>FALSE", "<itunes:explicit>"),
    Row("V132", "<itunes:type>Serial", "<itunes:type>Series",
        "<itunes:type> must be episodic or serial"),
    Row("V125", "<itunes:email>bo@fence.example", "<itunes:email>Bo",
        "<itunes:email> is not an e-mail address: Bo"),
    Row("V148", "<itunes:name>Bo", "<itunes:name>", "<itunes:name>"),
    Row("V140", "<itunes:summary>Eleven creaks", f"<itunes:summary>{'x' * 4001}",
        "<itunes:summary> has 4001 characters; 4000"),
    Row("V141", "<itunes:duration>1:02:03", "<itunes:duration>1 hour",
        "<itunes:duration> is not a length of time: 1 hour"),
    Row("V141", "<itunes:duration>1:02:03", "<itunes:duration>62:03", "<itunes:duration>"),
    Row("V130", "<itunes:episode>1", "<itunes:episode>0", "<itunes:episode>"),
    Row("V132", "<itunes:episodeType>full", "<itunes:episodeType>Full", "<itunes:episodeType>"),
    Row("V132", '"bo@fence.example">yes', '"bo@fence.example">true',
        "<podcast:locked> must be yes or no", "<podcast:locked"),
    Row("V125", 'owner="bo@fence.example"', 'owner="bo"', "<podcast:locked owner>",
        "<podcast:locked"),
    Row("S104", ' url="https://fence.example/pay"', "", "<podcast:funding> has no attribute “url”",
        "<podcast:funding"),
    Row("V110", 'href="https://fence.example/ann"', 'href="ann"', "<podcast:person href>",
        "<podcast:person"),
    Row("S104", ' type="text/vtt"', "", "<podcast:transcript> has no attribute “type”",
        "<podcast:transcript"),
    Row("V120", ' language="en"', ' language="english"', "<podcast:transcript language>",
        "<podcast:transcript"),
    Row("V131", 'startTime="1.5"', 'startTime="1:5"', "<podcast:soundbite startTime>",
        "<podcast:soundbite"),
    Row("V131", '"One">1.5', '"One">one',
        "<podcast:episode> must be a number of at least 0, not “one”", "<podcast:episode"),
    Row("V148", "<podcast:medium>podcast", "<podcast:medium>", "<podcast:medium>"),
]  # fmt: skip
RIGHT_PODCAST = [
    ("<itunes:duration>1:02:03", "<itunes:duration>3723"),
    ("<itunes:duration>1:02:03", "<itunes:duration>2:03"),
    ("<itunes:explicit>false", "<itunes:explicit>clean"),
    ("<itunes:block>No", "<itunes:block>YES"),
    ("<podcast:medium>podcast", "<podcast:new-one/><podcast:medium>podcast"),
    ('<itunes:category text="True Crime"/>', ""),
    ('encoding="UTF-8"', 'encoding="us-ascii"'),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS_PODCAST, ids=str)
def test_one_change_to_a_podcast(row: Row) -> None:
    row.check(PODCAST)


@pytest.mark.parametrize(("old", "new"), RIGHT_PODCAST)
def test_a_podcast_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(PODCAST, old, new)) == []


def test_a_podcast_is_in_utf_8() -> None:
    latin = changed(PODCAST, "UTF-8", "ISO-8859-1").encode("latin-1")
    assert [(f.rule.code, f.line, f.message) for f in judge(latin)] == [
        ("X106", 1, "The document is in ISO-8859-1."),
        ("M122", 6, "A podcast feed should be in UTF-8, not iso8859-1."),
    ]


def test_a_podcast_that_breaks_off_lacks_nothing() -> None:
    assert codes(PODCAST[: PODCAST.index("<itunes:explicit>")]) == ["X101"]


THREE = '<link rel="next" href="2"/><link rel="self" href="1"/>'
ROWS_HISTORY = [
    Row("M101", "<icon>", '<fh:complete/><link rel="next-archive" href="x"/><icon>', "next-archive",
        '<link rel="next'),
    Row("M102", "<icon>", '<fh:complete/><link rel="current" href="x"/><icon>', "leads elsewhere",
        '<link rel="current'),
    Row("M103", "<icon>", '<fh:archive/><link rel="current" href="x"/><icon>', "rel=",
        "<fh:archive"),
    Row("M104", "<icon>", '<fh:archive/><link rel="next-archive" href="x"/><icon>', "rel=",
        "<fh:archive"),
    Row("S102", "<icon>", "<fh:complete/>\n<fh:complete/><icon>", "<fh:complete>",
        "<fh:complete/><icon>"),
    Row("S102", "<icon>", '<link rel="current" href="a"/><link rel="next-archive" href="b"/>'
        "<fh:archive/>\n<fh:archive/><icon>", "<fh:archive>", "<fh:archive/><icon>"),
]  # fmt: skip
RIGHT_HISTORY = [
    ("<icon>", '<fh:complete/><link rel="current" href="https://fence.example/atom.xml"/><icon>'),
    ("<icon>",
        '<fh:archive/><link rel="current" href="x"/><link rel="prev-archive" href="y"/><icon>'),
    ("<icon>", "<fh:complete/><fh:archive/><icon>"),
    ("<icon>", '<link rel="next" href="2"/><icon>'),
    (SELF, '<link rel="self" href="https://fence.example/atom.xml"/>'),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS_HISTORY, ids=str)
def test_one_change_to_history(row: Row) -> None:
    row.check(ATOM)


@pytest.mark.parametrize(("old", "new"), RIGHT_HISTORY)
def test_history_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(ATOM, old, new)) == []
