from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import load, scaffold, values

from .conftest import Write

# Half past eleven at night in UTC is the next day in Copenhagen.
NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_new_post_is_a_draft_with_todays_date_on_the_sites_clock(write: Write) -> None:
    config = write({})
    file = scaffold.post(load.config(config), Path(), '  "Ærø": nu  #1 ', NOW)
    assert str(file) == "content/2026-03-02-aeroe-nu-1.yaml"
    (post,) = load.site(config).posts
    assert post.title == '"Ærø": nu #1'
    assert post.draft
    assert post.published == NOW
    assert (post.summary, post.content, post.tags) == ("", "", ())


def test_a_new_post_in_the_hour_that_comes_twice(write: Write) -> None:
    config = write({})
    for moment in (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ):
        file = scaffold.post(load.config(config), Path(), "A", moment)
        (post,) = load.site(config).posts
        assert post.published == moment
        file.unlink()


def test_a_new_post_sees_addresses_that_posts_state(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": 'title: A\nslug: "hej"\n'})
    with pytest.raises(ValueError, match="a post of that name is there already"):
        scaffold.post(load.config(config), Path(), "Hej!", NOW)


def test_a_new_post_makes_the_content_folder(write: Write) -> None:
    config = write({})
    Path("content").rmdir()
    assert scaffold.post(load.config(config), Path(), "A", NOW).exists()


def test_a_new_post_never_replaces_another(write: Write) -> None:
    config = write({"content/2020-01-01-a.yaml": "title: A\n"})
    with pytest.raises(
        ValueError, match=r"a post of that name is there already: content/2020-01-01-a\.yaml"
    ):
        scaffold.post(load.config(config), Path(), "A", NOW)


def test_a_long_title_gives_an_address_that_ends_with_a_word(write: Write) -> None:
    config = write({})
    file = scaffold.post(load.config(config), Path(), "ordene " * 30, NOW)
    assert file.stem.endswith("-ordene")
    assert len(load.slug_of(file)) <= values.MAX_SLUG
    long = scaffold.post(load.config(config), Path(), "x" * 150, NOW)
    assert len(load.slug_of(long)) == values.MAX_SLUG
    assert len(load.site(config).posts) == 2


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("!!!", "the title gives no address: it needs a letter or a digit"),
        ("a\x00b", "holds characters that cannot be published"),
        ("a\x1b[31m", "holds characters that cannot be published"),
        ("a\uffff", "holds characters that cannot be published"),
        ("a\udcff", "holds characters that cannot be published"),
    ],
)
def test_a_title_that_cannot_be(write: Write, title: str, message: str) -> None:
    site = load.config(write({}))
    with pytest.raises(ValueError, match=message):
        scaffold.post(site, Path(), title, NOW)
    assert list(Path("content").iterdir()) == []


VALUES = {"title": 'Min "blog": nu', "url": "https://ny.example/b/", "language": "da",
          "timezone": "Europe/Copenhagen"}  # fmt: skip


def test_a_new_blog_is_ready_to_build(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    scaffold.site(folder, **VALUES, now=NOW)
    site = load.site(folder / "config.yaml")
    assert (site.title, site.url, site.language) == ('Min "blog": nu', "https://ny.example/b", "da")
    assert site.authority == "ny.example,2026-03-02"
    assert [post.title for post in site.posts] == ["Hello"]
    assert sorted(p.name for p in folder.iterdir()) == [
        ".gitattributes",
        ".gitignore",
        "config.yaml",
        "content",
    ]


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati"])
def test_the_first_post_is_never_ahead(tmp_path: Path, zone: str) -> None:
    scaffold.site(tmp_path, **{**VALUES, "timezone": zone}, now=NOW)
    (post,) = load.site(tmp_path / "config.yaml").posts
    assert post.published <= NOW


def test_a_new_blog_at_an_address_with_danish_letters(tmp_path: Path) -> None:
    scaffold.site(tmp_path, **{**VALUES, "url": "https://blåbær.example/"}, now=NOW)
    assert load.site(tmp_path / "config.yaml").authority == "xn--blbr-roah.example,2026-03-02"


def test_a_new_blog_does_not_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"\.gitignore is there already"):
        scaffold.site(tmp_path, **VALUES, now=NOW)
    assert [p.name for p in tmp_path.iterdir()] == [".gitignore"]


def test_a_new_blog_never_replaces_anything(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("mine")
    with pytest.raises(ValueError, match=r"config\.yaml is there already"):
        scaffold.site(tmp_path, **VALUES, now=NOW)
    assert [p.name for p in tmp_path.iterdir()] == ["config.yaml"]


def test_wrong_values_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(
        load.LoadError, match=r"/config\.yaml:5:11: timezone: no time zone is called"
    ):
        scaffold.site(tmp_path, **{**VALUES, "timezone": "Mars", "url": "x"}, now=NOW)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(load.LoadError):
        scaffold.site(tmp_path / "new", **{**VALUES, "timezone": "Mars"}, now=NOW)
    assert list(tmp_path.iterdir()) == []
