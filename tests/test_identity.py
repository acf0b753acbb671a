from datetime import UTC, datetime

import pytest

from feeds import identity


@pytest.mark.parametrize(
    ("authority", "date"),
    [
        ("example.org,2020", datetime(2020, 1, 1, tzinfo=UTC)),
        ("example.org,2020-06", datetime(2020, 6, 1, tzinfo=UTC)),
        ("me@example.org,2020-06-30", datetime(2020, 6, 30, tzinfo=UTC)),
    ],
)
def test_an_authority_has_a_date(authority: str, date: datetime) -> None:
    assert identity.since(authority) == date


@pytest.mark.parametrize(
    ("authority", "message"),
    [
        ("example.org", "not a domain and a date, such as example.org,2020 (RFC 4151)"),
        (
            "https://example.org,2020",
            "not a domain and a date, such as example.org,2020 (RFC 4151)",
        ),
        ("blåbær.dk,2020", "not a domain and a date, such as example.org,2020 (RFC 4151)"),
        ("example.org,2020-02-30", "its date is not on the calendar"),
        ("example.org,0999", "not a domain and a date, such as example.org,2020 (RFC 4151)"),
    ],
)
def test_what_is_no_authority_is_refused(authority: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared below
        identity.since(authority)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.org/b", "example.org,2000"),
        ("http://127.0.0.1:8000", "127.0.0.1,2000"),
        ("http://[::1]:8000", "1,2000"),
        ("http://my_blog.example.", "my-blog.example,2000"),
        ("http://[::]", "localhost,2000"),
    ],
)
def test_every_url_has_an_authority(url: str, authority: str) -> None:
    assert identity.default_authority(url) == authority
    assert identity.since(authority).year == 2000


def test_ids_are_tag_uris() -> None:
    assert identity.of_post("e.org,2020", "2020-01-01-x") == "tag:e.org,2020:posts/2020-01-01-x"
    assert identity.of_feed("e.org,2020", "/") == "tag:e.org,2020:feeds"
    assert identity.of_feed("e.org,2020", "/tags/x/") == "tag:e.org,2020:feeds/tags/x"
