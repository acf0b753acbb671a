"""Values of every type: which are right, and which rules the others break."""

from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.rules import Rule, Type, addresses, dates, values

DATE = "Thu, 17 Sep 2020 08:00:00 GMT"

# A type, the rules that are broken, and values that break them.
VALUES: list[tuple[Type, str, list[str]]] = [
    # Dates of RSS.
    (dates.rfc822, "", [
        DATE, "Thu, 17 Sep 2020 08:00:00 +0200", "17 Sep 2020 08:00 UT", "Thu, 7 May 2020 08:00 Z",
        "Tue, 01 Sep 2020 00:00:00 PST", "Sat, 29 Feb 2020 23:59:60 -0330", f" {DATE}\n",
        "Fri, 18 Sep 2020 00:30:00 +1400", "Thu, 17 Sep 2020 23:30:00 -1200",
        "1 Jan 2020 00:00 +0545", "Mon, 01 Jan 1990 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
    ]),
    (dates.rfc822, "V101", [
        "", "2020-09-17", "2020-09-17T08:00:00Z", "Thu, 17 Sep 2020", "Thu, 17 Sep 2020 08:00:00",
        "Thu, 31 Sep 2020 08:00:00 GMT", "Sat, 29 Feb 2021 08:00:00 GMT",
        "Thursday, 17 Sep 2020 08:00 GMT", "tor, 17. sep. 2020 08:00:00 GMT",
        "17 Okt 2020 08:00:00 GMT", "Thu, 17 Sep 2020 24:00:00 GMT",
        "Thu, 17 Sep 2020 08:60:00 GMT", "Thu, 17 Sep 2020 08:00:61 GMT",
        "Thu, 17 Sep 2020 8:00:00 GMT", "Thu, 17 Sep 2020 08:00:00 CET",
        "Thu, 17 Sep 2020 08:00:00 J", "Thu, 17 Sep 2020 08:00:00 +02:00",
        "Thu, 17 Sep 2020 08:00:00 +2400", "Thu, 17 Sep 2020 08:00:00 +0260",
        "Thu, 17 Sep 0000 08:00 GMT", "Thu, 17 Sep 2020 08:00:00 AM GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100", "١٧ Sep 2020 08:00:00 GMT", "Sep 17 2020 08:00:00 GMT",
        f"{DATE} (", f"({DATE}",
    ]),
    (dates.rfc822, "V102", [
        "Wed, 17 Sep 2020 08:00:00 GMT", "Xyz, 17 Sep 2020 08:00:00 GMT",
        "Fri, 17 Sep 2020 23:30:00 -1200", "Thu, 18 Sep 2020 00:30:00 +1400",
        "Wed, 17 Sep 2020 23:00:00 EST",
    ]),
    (dates.rfc822, "V103", [
        "Thu, 17 Sep 20 08:00:00 GMT", "17 Sep 49 08:00 GMT", f"{DATE} (noon (or so))",
        "Thu, 17 Sep 2020 08:00 A", "Thu, 17 Sep 2020 08:00 N", "Thu, 17 Sep 2020 08:00:00 +0207",
        "Thu, 17 Sep 2020 08:00:00 +1500", "Thu,  17 Sep 2020 08:00 GMT",
        "Thu,17 Sep 2020 08:00 GMT", "Thu , 17 Sep 2020 08:00 GMT", "Thu,\n17 Sep 2020 08:00 GMT",
        "thu, 17 Sep 2020 08:00 GMT", "THU, 17 Sep 2020 08:00 GMT", "Thu, 17 SEP 2020 08:00 GMT",
        "Thu, 17 Sep 2020 08:00 gmt", r"(a \) b) 17 Sep 2020 08:00 GMT",
    ]),
    (dates.rfc822, "V104", [
        "Thu, 01 Jan 1970 00:00:00 GMT", "1 Jan 0001 00:00 GMT", "Sun, 31 Dec 1989 23:59 GMT",
    ]),
    (dates.rfc822, "V103 V104", ["17 Sep 50 08:00 GMT"]),
    (dates.rfc822, "V102 V103", ["wed, 17 Sep 20 08:00:00 GMT"]),
    # Dates of Atom.
    (dates.rfc3339, "", [
        "2020-09-17T06:00:00Z", "2020-09-17T06:00:00+02:00", "2020-09-17T06:00:00.123456789-23:59",
        "2020-02-29T00:00:00Z", "2016-12-31T23:59:60Z", "1990-01-01T00:00:00Z",
    ]),
    (dates.rfc3339, "V105", [
        "", "2020", "2020-09-17", "2020-09-17T06:00:00", "2020-09-17T06:00Z",
        "2020-09-17 06:00:00Z", "2020-09-17t06:00:00z", "2020-09-17T06:00:00+0200",
        "2020-09-17T06:00:00+24:00", "2020-09-17T06:00:00+02:60", "2021-02-29T00:00:00Z",
        "2020-13-01T00:00:00Z", "2020-09-17T24:00:00Z", "2020-09-17T06:00:61Z",
        "2020-09-17T06:00:00.Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
        " 2020-09-17T06:00:00Z", "٢٠٢٠-09-17T06:00:00Z", "Thu, 17 Sep 2020 08:00:00 GMT",
    ]),
    (dates.rfc3339, "V104", ["1970-01-01T00:00:00Z", "1990-01-01T00:00:00+01:00"]),
    # Dates of Dublin Core.
    (dates.w3cdtf, "", [
        "1066", "2020-09", "2020-09-17", "2020-09-17T08:00Z", "2020-09-17T08:00:00+02:00",
        " 2020\n", "2020-09-17T08:00:00.5-11:00",
    ]),
    (dates.w3cdtf, "V106", [
        "", "20", "2020-9", "2020-00", "2020-09-31", "2020-09-17T08", "2020-09-17T08:00",
        "20200917", "2020-W38", "Thu, 17 Sep 2020 08:00:00 GMT",
    ]),
    (dates.published_w3cdtf, "", ["2020-09"]),
    (dates.published_w3cdtf, "V106", ["September 2020"]),
    (dates.published_w3cdtf, "V104", ["1066", " 1970-01-01"]),
    # Addresses.
    (addresses.url, "", [
        "https://example.org/", "HTTPS://EXAMPLE.ORG", "http://example.org:8080/a;b/c,d?e=f&g#h",
        "http://a.example?b#c", "https://ann:secret@example.org/%C3%A6?%20",
        "https://blåbær.example/æ/日本?ø#å", "http://[2001:db8::1]/", "http://[::ffff:192.0.2.1]:80",
        "http://[fe80::1%25eth0]/", "http://[v1.a:b]/", "http://127.0.0.1:/",
        "mailto:ann@example.org", "mailto:ann%40example.org", "urn:isbn:0451450523",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "tag:example.org,2020:",
        "tag:ann@example.org,2020-09:a/b?c#d", "tag:example.org,2020-09-17:ø",
        "TAG:example.org,2020:x", "data:,x", "javascript:x", "magnet:?xt=urn:btih:a",
        "file:///etc/hosts", "file:/etc", "x-fence:", "tel:+45-1", "news:a@b",
        "http://a.example/(b)'*!$~_-.", "http://a.example/" + "x" * 5000,
    ]),
    (addresses.url, "V110", [
        "", "/", "example.org", "//example.org/", "www.example.org/a", "?a", "#a", "1http://a/",
        "a/b:c", ":a",
    ]),
    (addresses.url, "V111", [
        "http://a.example/b c", " http://a.example/", "http://a.example/\n", "http://a.example/\tb",
        "http://a.example/<b>", 'http://a.example/"', "http://a.example/{b}",
        "http://a.example/a|b", "http://a.example/\\", "http://a.example/^", "http://a.example/`",
        "http://a.example/%", "http://a.example/%2", "http://a.example/%zz",
        "http://a.example/\x7f", "http://a.example/\x85", "http://a.example/\ufffd",
        "http://a.example/[b]", "http://a.example/?a[]=b", "http://a.example/b]",
        "http://a.example/#b#c", "a b",
    ]),
    (addresses.url, "V112", [
        "http:a.example", "https:/a.example", "http:", "http://", "http:///a", "https://?a",
        "http://:80/", "http://a:b/", "http://a@b@c/", "http://[/", "http://[::1/", "http://[]/",
        "http://[1:2]/", "http://[192.0.2.1]/", "http://[::g]/", "http://a.example:80a/",
        "http://℀.example/", "mailto:ann", "mailto:", "feed:a.example",
    ]),
    (addresses.url, "V114", [
        "tag:", "tag:example.org", "tag:example.org:x", "tag:example.org,20:x",
        "tag:example.org,2020", "tag:,2020:x", "tag:example.org,2020-13:x",
        "tag:example.org,2020-1:x", "tag:example.org,2020-02-32:x", "tag:-a.example,2020:x",
        "tag:example.org,2020:a b", "tag:a@b@c,2020:x", "tag:example.org,2020:%zz",
        "tag:blåbær.example,2020:x", "tag:example.org,2020:#a#b", "tag:example.org, 2020:x",
    ]),
    (addresses.url, "V115", [
        "urn:", "urn:a", "urn:isbn:", "urn::a", "urn:urn:a", "urn:a b:c", "urn:isbn:a b",
        "urn:-a:b", "urn:" + "a" * 33 + ":b",
    ]),
    (addresses.url, "V116", [
        "urn:uuid:1225c695", "urn:UUID:1225c695-cfb8-4ebb-aaaa-80da344efa6", "urn:uuid:x",
    ]),
    (addresses.reference, "", [
        "", "a", "/a", "//a.example/", "../a/b?c#d", "?a=b:c", "#a", "./a:b", "a/b:c", "æ",
        "https://a.example/", "///a", "a;b=c",
    ]),
    (addresses.reference, "V111", ["a b", "%", "[", "a\\b", "?[a]", "#a#b"]),
    (addresses.reference, "V112", [":a", "1a:b", "æ:b", "//a:b/", "//[/", "http:a", "%41:b"]),
    # Ids.
    (addresses.iri_id, "", [
        "https://example.org/", "https://example.org/a/b.html?c=D#E", "http://example.org:8080/",
        "tag:Example.org,2020:A", "urn:isbn:X", "https://ann@example.org/", "http://[2001:db8::1]/",
        "https://example.org/%C3%A6%2F%20", "https://example.org/..a/b..", "mailto:Ann@Example.org",
        "x-fence:A", "gopher://example.org", "https://blåbær.example/Æ",
    ]),
    (addresses.iri_id, "V110", ["a", "/a", "1225c695-cfb8-4ebb-aaaa-80da344efa6a"]),
    (addresses.iri_id, "V111", ["https://example.org/ a"]),
    (addresses.iri_id, "V112", ["http://[1:2]/", "http://℀.example/"]),
    (addresses.iri_id, "V113", [
        "HTTPS://example.org/", "https://Example.org/", "https://example.org",
        "https://example.org:443/", "http://example.org:80/", "ftp://example.org:21/",
        "https://example.org:/", "https://example.org/./a", "https://example.org/a/../b",
        "https://example.org/..", "https://example.org/%c3%a6", "https://example.org/%2f",
        "https://example.org/%41", "https://example.org/%7Eann", "https://example.org/%2D",
        "TAG:example.org,2020:x", "https://@example.org/", "https://:@example.org/", "URN:isbn:x",
        "x-Fence:a", "https://example.org?a",
    ]),
    # Languages and media types.
    (values.language, "", [
        "da", "en-GB", "EN-us", "zh-Hant-TW", "zh-cmn-Hans", "de-CH-1996", "sl-rozaj-biske",
        "es-419", "tlh", "x-fence", "i-klingon", "en-x-fence-1", "en-a-bbb-x-a", "de-1901", " da ",
        "hy-Latn-IT-arevela", "en-u-ca-gregory",
    ]),
    (values.language, "V120", [
        "", "d", "danish", "da_DK", "xx", "qq-DK", "en-", "-en", "en--GB", "en GB", "en-GBR-",
        "en-a", "da-DK-DK", "da-DK-", "engl-GB", "en-x", "dα",
    ]),
    (values.media_type, "", [
        "audio/mpeg", "TEXT/HTML", "application/atom+xml; charset=utf-8",
        'text/plain;a=b ; c="d e"', "image/svg+xml;", "x/y-z.1", "application/vnd.a&b^c",
    ]),
    (values.media_type, "V121", [
        "", "mp3", "audio/", "/mpeg", "audio/mpeg/x", "audio / mpeg", " audio/mpeg",
        "audio/mpeg; a", "audio/mpeg; a=", "a/b;c=d e",
    ]),
    (values.encoding, "", ["UTF-8", "utf8", "iso-8859-1", "windows-1252", "Shift_JIS"]),
    (values.encoding, "V122", ["", "UTF-88", "x\0y", "æ", "a" * 5000, "aliases", "."]),
    # People.
    (values.email, "", [
        "ann@example.org", "a.b+c@d-e.example", "ann@localhost", '"ann b"@example.org',
        r'"a\"b"@example.org', "ann@[192.0.2.1]", "ann@[::1]", "ånn@blåbær.example",
        " ann@example.org\n", "a!#$%&'*+/=?^_`{|}~-b@c.example",
    ]),
    (values.email, "V125", [
        "", "ann", "@example.org", "ann@", "ann@@example.org", "ann b@example.org",
        ".ann@example.org", "ann.@example.org", "a..b@example.org", "ann@-example.org",
        "ann@example.org-", "ann@.example.org", "Ann <ann@example.org>", "mailto:ann@example.org",
        "ann@exa mple.org", '""@example.org', '"ann@example.org', "ann@example.org, bo@example.org",
        "ann@[192.0.2.1",
    ]),
    (values.contact, "", [
        "ann@example.org (Ann)", "ann@example.org  (Ann (the first))",
        "mailto:ann@example.org (Ann)", "MAILTO:ann%40example.org (Ann)",
        "ann@example.org\n(Ann Ås)",
    ]),
    (values.contact, "V126", [
        "", "Ann", "ann at example.org", "@ann", "Ann (ann@example.org)", "ann@localhost, Ann",
        "(ann@example.org) Ann", r"(a \) ann@example.org)", "a@.b.c!", "<>@a.b",
    ]),
    (values.contact, "V127", [
        "ann@example.org", "ann@example.org ()", "ann@example.org ( )", "mailto:ann@example.org",
    ]),
    (values.contact, "V128", [
        "Ann <ann@example.org>", "ann@example.org Ann", "Ann ann@example.org",
        "ann@example.org(Ann)", "ann@example.org, bo@example.org", "ann@example.org (Ann",
        "(Ann) ann@example.org", "((Ann) ann@example.org", "Ann, ann@example.org (a) b",
    ]),
    # Numbers and choices.
    (values.integer(), "", ["0", "-1", "+7", " 12\n", "9" * 18, "007"]),
    (values.integer(), "V130", [
        "", "1.0", "1,000", "one", "0x1", "--1", "1 2", "٣", "9" * 19, "1e3", "9" * 5000,
    ]),
    (values.integer(0, 23), "", ["0", "23", "-0"]),
    (values.integer(0, 23), "V130", ["-1", "24"]),
    (values.number(), "", ["0", "-1.5", "+.5", "5.", " 1 "]),
    (values.number(), "V131", ["", ".", "1,5", "1e3", "NaN", "inf", "1.2.3", "٣"]),
    (values.number(-90, 90), "", ["-90", "90.0"]),
    (values.number(-90, 90), "V131", ["-90.01", "91"]),
    (values.number(most=1), "V131", ["1.5"]),
    (values.choice("a", "b"), "", ["a", "b"]),
    (values.choice("a", "b"), "V132", ["", "A", " a", "c", "a b"]),
    (values.choice("yes", fold=True), "", ["YES", " Yes "]),
    (values.choice("yes", fold=True), "V132", ["no", ""]),
    # Other forms.
    (values.text_of(3), "", ["", "abc", " æøå "]),
    (values.text_of(3), "V140", ["abcd"]),
    (values.nonblank, "", ["a"]),
    (values.nonblank, "V148", ["", " \n"]),
    (values.duration, "", [
        "0", "3723", "3723.5", "1:02", "59:59", "1:02:03", "100:00:00", " 1:02 ",
    ]),
    (values.duration, "V141", [
        "", "1h", "1:2", "1:60", "60:00", "1:60:00", "-1", ":30", "1:2:3:4", "1.5:00",
    ]),
    (values.npt_time, "", ["now", "0", "1.5", "1.", "0:00:00", "123:59:59.9", " now "]),
    (values.npt_time, "V142", ["", "Now", "1:00", "0:60:00", "0:0:0", "-1", "1,5"]),
    (values.base64, "", ["", "QQ==", "Q\nQ = =", "R0lGODlh"]),
    (values.base64, "V143", [
        "Q", "QQ", "QQ=", "Q===", "QUJ", "QQ==QQ==", "A-_A", "æ", "<b>", "=QQ=",
    ]),
    (values.points(1, 1), "", ["55.6 12.5", " -90\n180 "]),
    (values.points(1, 1), "V144", [
        "", "1", "1 2 3", "1 2 3 4", "91 0", "0 181", "a b", "12.5° 55.6",
    ]),
    (values.points(1, 1), "V145", ["55.6,12.5", "55,6 12,5", ","]),
    (values.points(2), "", ["1 2 3 4", "1 2 3 4 5 6"]),
    (values.points(2), "V144", ["1 2", "1 2 3 4 5", "1 2 3 4 5 200"]),
    (values.integers, "", ["1", "3,2,1", " -1 , +2 "]),
    (values.integers, "V146", ["", "1 2", "1,", ",1", "1,,2", "a", "1.5"]),
    (values.form_name, "", ["q", "q1", "a-b_c:d.e", " q "]),
    (values.form_name, "V147", ["", "1q", "-q", "a b", "q?", "æ", "_q"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expected", "text"),
    [(kind, expected, text) for kind, expected, texts in VALUES for text in texts],
    ids=lambda part: part[:40] if isinstance(part, str) else getattr(part, "__name__", "type"),
)
def test_a_value(kind: Type, expected: str, text: str) -> None:
    broken: list[tuple[Rule, dict[str, Any]]] = list(kind(text))
    assert [rule.code for rule, _ in broken] == expected.split()
    for rule, details in broken:
        message = rule.at(element="el", **details).message
        assert message.startswith("<el>")
        assert message.endswith(".")
        assert len(message) < 250


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (values.integer(), "", "<el> must be a whole number, not nothing."),
        (values.integer(1), "0", "<el> must be a whole number of at least 1, not “0”."),
        (values.integer(0, 23), "24", "<el> must be a whole number from 0 to 23, not “24”."),
        (values.number(most=1), "2", "<el> must be a number of at most 1, not “2”."),
        (values.choice("a"), "b", "<el> must be a, not “b”."),
        (values.choice("a", "b", "c"), " ", "<el> must be a, b or c, not nothing."),
        (values.points(1, 1), "1", "<el> is not one latitude and longitude: 1."),
        (values.points(2, 2), "1", "<el> is not 2 pairs of latitude and longitude: 1."),
        (addresses.url, "http://a/ b", "<el> has a character that no address may hold: a space."),
        (addresses.url, "http://a/\n",
            "<el> has a character that no address may hold: a line end."),
        (addresses.url, "http://a/\t", "<el> has a character that no address may hold: a tab."),
        (addresses.url, "http://a/\x85", "<el> has a character that no address may hold: U+0085."),
        (addresses.url, "http://a/|", "<el> has a character that no address may hold: |."),
        (addresses.url, "http://a/%", "<el> has a character that no address may hold: "
         "% without two digits."),
        (addresses.url, "http://a/#b#",
            "<el> has a character that no address may hold: a second #."),
        (addresses.url, "http://a/]", "<el> has a character that no address may hold: ]."),
        (addresses.url, "a" * 90, f"<el> must be a whole address, with its scheme: {'a' * 79}…."),
    ],
)  # fmt: skip
def test_messages(kind: Type, text: str, message: str) -> None:
    broken: list[tuple[Rule, dict[str, Any]]] = list(kind(text))
    ((rule, details),) = broken
    assert rule.at(element="el", **details).message == message


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17 Sep 2020 08:00:30 +0200", datetime(2020, 9, 17, 6, 0, 30, tzinfo=UTC)),
        ("17 Sep 2020 00:00 EDT", datetime(2020, 9, 17, 4, tzinfo=UTC)),
        ("17 Sep 2020 00:00 M", datetime(2020, 9, 17, tzinfo=UTC)),
        ("31 Dec 49 23:59:60 Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1 Jan 50 00:00 GMT", datetime(1950, 1, 1, tzinfo=UTC)),
        ("1 Jan 2020", None),
    ],
)
def test_a_date_of_rss_is_read(text: str, moment: datetime | None) -> None:
    assert dates.read_rfc822(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-09-17T08:00:30.9+02:00", datetime(2020, 9, 17, 6, 0, 30, tzinfo=UTC)),
        ("2020-09-17T08:00:60-23:59", datetime(2020, 9, 18, 7, 59, 59, tzinfo=UTC)),
        ("9999-12-31T23:59:59-01:00", None),
    ],
)
def test_a_date_of_atom_is_read(text: str, moment: datetime | None) -> None:
    assert dates.read_rfc3339(text) == moment


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("a", "a"),
        ("a (b) c", "a   c"),
        ("(a (b) c)d(e)", " d "),
        (r"(a \) b)c", " c"),
        (r"(\\)c", " c"),
        ("(a", "(a"),
        ("a) b (c)", "a) b  "),
        ("((a) b", "((a) b"),
        ("(a)(b", " (b"),
    ],
)
def test_comments_are_taken_out(text: str, without: str) -> None:
    assert dates.without_comments(text) == without
