"""OPML and OpenSearch descriptions: one change, one finding."""

import pytest

from .specimens import OPML, OSD, Row, changed, codes

UNDER = '<outline text="Under it" type="link"'
TEMPLATE = "https://fence.example/?q={searchTerms}"
EXAMPLE = '<Query role="example" searchTerms="gate" title="Gates" language="*"/>'

ROWS = [
    Row("S104", 'opml version="2.0"', "opml", "<opml> has no attribute “version”", "<opml"),
    Row("S104", '<outline text="Fences">', "<outline>", "<outline> has no attribute “text”"),
    Row("S105", 'htmlUrl="', 'htmlurl="', "“htmlurl”", '<outline text="Over'),
    Row("S103", "<title>Neighbours</title>", "<titel>Neighbours</titel>",
        "<titel> may not stand in <head>"),
    Row("S102", "<docs/>", "<docs/>\n<docs/>\n", "<docs>", "<docs/>\n\n"),
    Row("S106", "<body>", "<body>Fences",
        "<body> holds text where only elements may stand: Fences"),
    Row("O101", 'xmlUrl="https://fence.example/rss.xml"', "",
        "An outline of type rss has no xmlUrl", '<outline text="Over'),
    Row("O102", 'title="Over the fence"', "", "An outline of type rss has no title",
        '<outline text="Over'),
    Row("O103", 'type="link"', 'type="page"', "page", '<outline text="Under'),
    Row("O104", 'version="RSS2"', 'version="2.0"', "2.0", '<outline text="Over'),
    Row("V101", "<dateCreated>Thu, 17 Sep 2020 08:00:00 GMT", "<dateCreated>2020-09-17",
        "<dateCreated>"),
    Row("V110", 'xmlUrl="https://fence.example/rss.xml"', 'xmlUrl="rss.xml"', "<outline xmlUrl>",
        '<outline text="Over'),
    Row("V110", "<ownerId>https://fence.example/ann", "<ownerId>ann", "<ownerId>"),
    Row("V125", "<ownerEmail>ann@fence.example", "<ownerEmail>Ann",
        "<ownerEmail> is not an e-mail address: Ann"),
    Row("V130", "<vertScrollState>1", "<vertScrollState>top",
        "<vertScrollState> must be a whole number, not “top”"),
    Row("V132", 'isComment="false"', 'isComment="no"', "<outline isComment> must be true or false",
        '<outline text="Under'),
]  # fmt: skip
RIGHT = [
    (UNDER, '<outline text="Under it" type="Include"'),
    (UNDER, f'{UNDER} xmlns:ours="tag:fence.example,2020:ns" ours:wood="oak"'),
    ("<vertScrollState>1", "<vertScrollState>-1"),
    ("<windowTop/>", "<windowTop/><expansionState>1,2</expansionState>"),
    ('htmlUrl="https://fence.example/"', 'htmlUrl="/" category="/a/b" language="x" description=""'),
    ("<docs/>", '<docs/><wood xmlns="tag:fence.example,2020:ns"/>'),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_one_finding(row: Row) -> None:
    row.check(OPML)


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_one_change_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(OPML, old, new)) == []


def test_a_list_has_a_head_and_lists_something() -> None:
    assert codes('<opml version="1.1"><head/><body/></opml>') == ["S101"]
    assert codes('<opml version="1.1"><body><outline text=""/></body></opml>') == ["S101"]


def test_a_list_may_be_as_deep_as_documents_may_be() -> None:
    deep = "<outline text='a'>" * 254
    text = f"<opml version='2.0'><head/><body>{deep}{'</outline>' * 254}</body></opml>"
    assert codes(text) == []


ROWS_OSD = [
    Row("S101", "<ShortName>Fences</ShortName>", "", "<OpenSearchDescription> has no <ShortName>",
        "<Open"),
    Row("S102", "<Contact>", "<Contact>bo@fence.example</Contact>\n<Contact>", "<Contact>",
        "<Contact>ann"),
    Row("S103", "<AdultContent>false</AdultContent>", "<Adult>false</Adult>",
        "<Adult> may not stand in <Open"),
    Row("S104", 'type="application/atom+xml" ', "", "<Url> has no attribute “type”", "<Url"),
    Row("O110", EXAMPLE, "", '<Query role="example">', "<Open"),
    Row("O111", TEMPLATE, "https://fence.example/?q={searchterms}", "searchterms", "<Url"),
    Row("O111", TEMPLATE, f"{TEMPLATE}&amp;p={{page?}}", "page", "<Url"),
    Row("V110", TEMPLATE, "/?q={searchTerms}", "<Url template>", "<Url"),
    Row("V111", TEMPLATE, "https://fence.example/?q={search Terms}", "{", "<Url"),
    Row("V120", "<Language>en", "<Language>english", "<Language>"),
    Row("V120", 'language="*"', 'language="a"', "<Query language>", '<Query role="example"'),
    Row("V121", 'type="image/png"', 'type="png"', "<Image type>", "<Image"),
    Row("V122", "<InputEncoding>UTF-8", "<InputEncoding>UTF-88",
        "<InputEncoding> is not the name of a character encoding: UTF-88"),
    Row("V122", "<InputEncoding>UTF-8", "<InputEncoding>", "<InputEncoding>"),
    Row("V125", "<Contact>ann@fence.example", "<Contact>Ann", "<Contact>"),
    Row("V130", 'indexOffset="0"', 'indexOffset="zero"',
        "<Url indexOffset> must be a whole number, not “zero”", "<Url"),
    Row("V132", "<SyndicationRight>open", "<SyndicationRight>some",
        "<SyndicationRight> must be open, limited"),
    Row("V132", 'role="ours:best"', 'role="best"', "<Query role>", '<Query role="best"'),
    Row("V140", "<ShortName>Fences", "<ShortName>Seventeen letters",
        "<ShortName> has 17 characters; 16 are allowed"),
    Row("V140", 'title="Gates"', f'title="{"x" * 257}"', "<Query title> has 257 characters",
        '<Query role="example"'),
    Row("V148", "<Description>Search in all posts", "<Description> ", "<Description> is empty"),
    Row("T101", "<LongName>Search over", "<LongName>Search &lt;i>over&lt;/i>",
        "<LongName> is plain text"),
]  # fmt: skip
RIGHT_OSD = [
    (TEMPLATE, "https://{host:x?}/{searchTerms?}"),
    ("<ShortName>Fences", "<ShortName> Sixteen letters! "),
    ("<InputEncoding>UTF-8", "<InputEncoding>shift_jis</InputEncoding><InputEncoding>latin1"),
    ("<SyndicationRight>open", "<SyndicationRight>OPEN"),
    ("<Language>en", "<Language>*</Language><Language>da"),
    ("<Developer>", "<ours:wood><ours:oak/></ours:wood><Developer>"),
]


@pytest.mark.parametrize("row", ROWS_OSD, ids=str)
def test_one_change_to_a_description(row: Row) -> None:
    row.check(OSD)


@pytest.mark.parametrize(("old", "new"), RIGHT_OSD)
def test_a_description_and_nothing_wrong(old: str, new: str) -> None:
    assert codes(changed(OSD, old, new)) == []
