import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import urls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.ORG:8080/A", "https://example.org:8080/A"),
        ("https://blåbær.dk/æ ø?q=å&r=1#é", "https://xn--blbr-roah.dk/%C3%A6%20%C3%B8?q=%C3%A5&r=1#%C3%A9"),
        ("https://e.org/100%/%C3%A6", "https://e.org/100%25/%C3%A6"),
        ("https://[2001:DB8::1]:80/", "https://[2001:db8::1]:80/"),
        ("https://e.org", "https://e.org"),
        ("https://e.org/<\"'>[]|", "https://e.org/%3C%22'%3E%5B%5D%7C"),
    ],
)  # fmt: skip
def test_an_address_becomes_ascii(text: str, expected: str) -> None:
    assert urls.absolute(text) == expected
    assert urls.absolute(expected) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("www.e.org/x", "'www.e.org/x' must begin with https:// or http://; "
         "did you mean https://www.e.org/x?"),
        ("/x", "'/x' must begin with https:// or http://; did you mean https://x?"),
        ("javascript:alert(1)", "'javascript:alert(1)' must begin with https:// or http://"),
        ("https:///x", "'https:///x' is not an address: it names no host"),
        ("https://[::1", "'https://[::1' is not an address: Invalid IPv6 URL"),
        ("https://a:b@e.org/", "'https://a:b@e.org/' is not an address: "
         "a user's name does not belong into it"),
        ("https://[fe80::1%25<x>]/", "'https://[fe80::1%25<x>]/' is not an address: "
         "a zone means nothing to others"),
        ("https://[v1.a:b]/", "'https://[v1.a:b]/' is not an address: "
         "At least 3 parts expected in 'v1.a:b'"),
        ("https://e org/", "'https://e org/' is not an address: it names no host"),
        ("https://e.org:99999/", "'https://e.org:99999/' is not an address: "
         "Port out of range 0-65535"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared below
        urls.absolute(text)
    assert str(error.value) == message


def test_a_path_counts_from_the_base_where_one_is_given() -> None:
    assert urls.absolute("/b.jpg", "https://e.org/blog") == "https://e.org/b.jpg"
    for text, meant in (
        ("b.jpg", "/b.jpg"),
        ("img/b.jpg", "/img/b.jpg"),
        ("www.e.org", "https://www.e.org"),
        ("e.org/b.jpg", "https://e.org/b.jpg"),
    ):
        with pytest.raises(ValueError, match=re.escape(f"or /; did you mean {meant}?")):
            urls.absolute(text, "https://e.org/blog")


@given(st.text())
def test_any_text_gives_an_ascii_address_or_a_value_error(text: str) -> None:
    try:
        url = urls.join("https://e.org/a/", text)
    except ValueError:
        return
    assert url.isascii()
    assert not set(url) & set(' "<>\\^`{|}\n\r\t')
