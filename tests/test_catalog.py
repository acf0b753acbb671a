from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feeds import catalog, load
from feeds.model import Feed, Site

from .conftest import NOW, Write


def names(feed: Feed) -> list[str]:
    return [post.slug for post in feed.posts]


@pytest.fixture
def by_path(site: Site) -> dict[str, Feed]:
    return {feed.path: feed for feed in catalog.feeds(site, catalog.published(site, NOW))}


def test_the_addresses_of_the_fixture_site(by_path: dict[str, Feed]) -> None:
    assert list(by_path) == [
        "/",
        *(
            f"/tags/{slug}/"
            for slug in (
                *("1-10", "12-30", "2020-05-01", "no", "oe-drift", "r-d", "ribenyu"),
                *("script", "test", "ydmyghed"),
            )
        ),
        *(f"/authors/{slug}/" for slug in ("aase-oern", "bo-baek", "wangxiaoming")),
    ]


def test_newest_first_and_ties_in_a_fixed_order(site: Site) -> None:
    posts = catalog.published(site, NOW)
    assert [post.published for post in posts] == sorted(
        (post.published for post in posts), reverse=True
    )
    tied = [post.slug for post in posts if post.slug.startswith("same-second")]
    assert tied == ["same-second-a", "same-second-b"]
    assert catalog.published(replace(site, posts=site.posts[::-1]), NOW) == posts


def test_drafts_and_posts_dated_ahead_stay_out(site: Site) -> None:
    later = datetime(2200, 1, 1, tzinfo=UTC)
    assert "ahead" not in [post.slug for post in catalog.published(site, NOW)]
    assert "ahead" in [post.slug for post in catalog.published(site, later)]
    assert "draft" not in [post.slug for post in catalog.published(site, later)]


def test_a_post_appears_at_its_second(site: Site) -> None:
    due = next(post.published for post in site.posts if post.slug == "minimal")
    assert catalog.published(site, due)[-1].slug == "minimal"
    assert catalog.published(site, due.replace(year=2018)) == []


def test_a_change_dated_ahead_counts_when_it_falls_due(site: Site) -> None:
    def updated(now: datetime) -> datetime | None:
        posts = catalog.published(site, now)
        return next(post.updated for post in posts if post.slug == "update-ahead")

    assert updated(NOW) is None
    assert updated(datetime(2199, 1, 2, tzinfo=UTC)) is not None


def test_a_feed_holds_so_many_posts_and_counts_all(by_path: dict[str, Feed]) -> None:
    assert (len(by_path["/"].posts), by_path["/"].total) == (5, 9 + 1)


def test_updated_is_the_newest_change_among_the_posts_shown(by_path: dict[str, Feed]) -> None:
    feed = by_path["/tags/ydmyghed/"]
    assert names(feed) == ["from-jekyll", "same-second-a", "same-second-b"]
    assert feed.updated == datetime(2021, 1, 2, 8, tzinfo=UTC)


def test_each_feed_has_its_own_id_and_title(by_path: dict[str, Feed]) -> None:
    assert len({feed.id for feed in by_path.values()}) == len(by_path)
    assert len({feed.title for feed in by_path.values()}) == len(by_path)
    assert by_path["/tags/ydmyghed/"].title == "Ydmyghed <3"
    assert by_path["/tags/ydmyghed/"].description == "Om ydmyghed & mere"
    assert by_path["/tags/no/"].title == "no – Prøver & <tests>"
    assert by_path["/tags/no/"].description == "Hvad der sker på kanten"
    assert by_path["/authors/bo-baek/"].title == "Bo Bæk – Prøver & <tests>"


def test_one_author_alone_has_no_feed(write: Write) -> None:
    site = load.site(write({"content/2020-01-01-a.yaml": "title: A\n"}))
    assert [feed.path for feed in catalog.feeds(site, catalog.published(site, NOW))] == ["/"]


def test_a_blog_without_posts_has_a_feed_dated_by_its_authority(write: Write) -> None:
    site = load.site(write({}))
    (feed,) = catalog.feeds(site, catalog.published(site, NOW))
    assert feed.posts == ()
    assert feed.updated == datetime(2000, 1, 1, tzinfo=UTC)
