"""The pages in a real browser: as a visitor sees them, hears them and goes through them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from feeds import load, publish

from .browser import IMAGES, Theme, Window, chromium, served, window
from .conftest import CONFIG, NOW, SHIPPED, SITE, Write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

slow = pytest.mark.slow

PAGES = ("/", "/tags/script/", "/authors/bo-baek/", "/archive/1/", "/posts/surprises/", "/follow/")
# Their authors' pictures are not there.
WITH_PICTURES = ("/posts/markup-in-text/", "/posts/podcast/")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """Where the fixture site is served."""
    with served(SITE / "config.yaml") as base:
        yield base


@pytest.fixture
def visit(browser: "Browser", base: str) -> Iterator[Window]:
    with window(browser, base) as one:
        yield one


@slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_fits_and_axe_finds_nothing_wrong(
    browser: "Browser", base: str, width: int, theme: Theme
) -> None:
    with window(browser, base, width, theme) as one:
        for path in (*PAGES, *WITH_PICTURES, "/search/?q=titel", "/nope"):
            one.open(path)
            assert one.axe() == [], path
            assert not one.wider(), path


@slow
def test_a_page_asks_nobody_else_and_breaks_no_rule_of_its_own(
    visit: Window, browser: "Browser", base: str
) -> None:
    for path in PAGES:
        visit.open(path)
    assert visit.faults == []
    assert visit.origins == {base}
    with served(SHIPPED / "config.yaml") as blog, window(browser, blog) as one:
        for path in ("/", "/posts/at-lede-med-ydmyghed/", "/tags/ydmyghed/", "/follow/"):
            one.open(path)
        assert one.faults == []
        assert one.origins == {blog}


@slow
def test_endless_words_do_not_make_it_wider(browser: "Browser", write: Write) -> None:
    long = "Speciallægepraksisplanlægningsstabiliseringsperiode" * 3
    config = write(
        {
            "config.yaml": f"{CONFIG.replace('title: T', 'title: ' + long)}rights: {long}\n"
            f"authors: [{long[:90]}, B]\n",
            "content/2020-01-01-a.yaml": f"title: {long}\nsummary: {long}\ntags: [{long[:90]}]\n"
            f"body: |\n  {long}\n\n      code {long}\n\n  <table><td>{long}</table>\n",
            "content/2020-01-02-b.yaml": "title: B\nauthors: B\n",
        }
    )
    paths = [path for path in publish.documents(load.site(config), NOW) if path.endswith("/")]
    with served(config) as base, window(browser, base, 320) as one:
        for path in (*paths, "/nope"):
            one.open(path)
            assert not one.wider(), path


@slow
def test_dark_is_dark_and_light_is_light(browser: "Browser", base: str) -> None:
    def brightness(theme: Theme) -> list[int]:
        with window(browser, base, theme=theme) as one:
            colours = one.open("/").evaluate(
                "['backgroundColor', 'color']"
                ".map(name => getComputedStyle(document.documentElement)[name])"
            )
        return [sum(map(int, re.findall(r"\d+", colour))) for colour in colours]

    paper, ink = brightness("light")
    assert paper > 700 > 150 > ink
    paper, ink = brightness("dark")
    assert ink > 600 > 150 > paper


@slow
def test_the_skip_link_is_first_and_leads_past_the_header(visit: Window) -> None:
    page = visit.open("/tags/ydmyghed/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Gå til indholdet"
    box = skip.bounding_box()
    assert box
    assert box["width"] > 100
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main article') !== null")


@slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whoever_goes_by_keyboard_sees_where_and_gets_everywhere(
    browser: "Browser", base: str, theme: Theme
) -> None:
    with window(browser, base, 320, theme) as one:
        page = one.open("/")
        reached = 0
        while True:
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                    const element = document.activeElement, style = getComputedStyle(element);
                    const box = element.getBoundingClientRect();
                    const outline = style.outlineStyle !== "none" ? style.outlineWidth : "0";
                    return element === document.body ? null : {
                        outlined: parseFloat(outline) >= 2,
                        there: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight,
                    };
                }"""
            )
            if seen is None:
                break
            assert seen == {"outlined": True, "there": True}, page.locator(":focus").inner_html()
            reached += 1
        assert reached == page.locator("a[href], input, button").count()


@slow
def test_enter_copies_the_address(visit: Window) -> None:
    page = visit.open("/tags/ydmyghed/")
    button = page.get_by_role("button", name="Kopiér")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Kopieret").wait_for()
    assert page.get_by_role("status").inner_text() == "Kopieret"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{visit.base}/tags/ydmyghed/rss.xml"
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    button.wait_for()  # It says again what it does.
    field = page.get_by_label("Feedets adresse")
    field.focus()
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(copied)
    assert visit.faults == []


@slow
def test_without_script_nothing_is_missing_but_the_button(browser: "Browser", base: str) -> None:
    with window(browser, base, script=False) as one:
        page = one.open("/tags/ydmyghed/")
        assert page.get_by_label("Feedets adresse").input_value().endswith("/ydmyghed/rss.xml")
        assert not page.locator("button").is_visible()
        assert page.locator("article").count() == 3


@slow
def test_a_feed_that_is_opened_shows_how_to_follow_it(browser: "Browser", base: str) -> None:
    with window(browser, base, 320) as one:
        page = one.open("/tags/ydmyghed/rss.xml")
        assert page.url == f"{base}/tags/ydmyghed/#follow"
        box = page.get_by_role("heading", name="Følg med").bounding_box()
        assert box
        assert 0 <= box["y"] < 400


@slow
def test_on_paper_are_the_posts_alone(visit: Window) -> None:
    page = visit.open("/posts/from-jekyll/")
    page.emulate_media(media="print")
    assert page.locator(".content").is_visible()
    for selector in ("aside", "header > p:last-child", "main > p:last-child"):
        assert not page.locator(selector).is_visible()


@pytest.mark.parametrize("name", ["home.png", "follow.png"])
def test_the_pictures_in_the_readme_are_small(name: str) -> None:
    assert f"](docs/images/{name})" in (SHIPPED / "README.md").read_text("utf-8")
    assert (IMAGES / name).stat().st_size < 200_000
