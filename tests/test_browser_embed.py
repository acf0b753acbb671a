"""The embeds in a real browser, on pages of another origin, whatever the feed holds."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from feeds import addresses, embed, load, publish

from .browser import Theme, Window, chromium, served, window
from .conftest import NOW, SHIPPED, SITE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Locator

pytestmark = pytest.mark.slow

EMPTY = {"version": "https://jsonfeed.org/version/1.1", "title": "Tomt", "items": []}


class Elsewhere:
    """A server of another origin, with what a test puts there."""

    def __init__(self) -> None:
        answers: dict[str, tuple[str, bytes, dict[str, str]]] = {
            "/favicon.ico": ("image/x-icon", b"", {})
        }

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/slow"):
                    time.sleep(1)
                media_type, body, headers = answers.get(self.path, ("text/plain", b"", {}))
                self.send_response(200 if self.path in answers else 404)
                for name, value in {"Content-Type": media_type, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.answers = answers
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, body: str, policy: str = "", lang: str = "da", path: str = "/") -> str:
        """The address of a page, like that of any site, with *body* in it."""
        text = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Andre</title>'
            '<meta name="viewport" content="width=device-width">'
            f"</head><body><main><h1>Andre</h1>{body}</main></body>"
        )
        headers = {"Content-Security-Policy": policy} if policy else {}
        self.answers[path] = ("text/html; charset=utf-8", text.encode(), headers)
        return self.url + path

    def feed(self, feed: Any, path: str = "/feed.json") -> str:
        """The address of a JSON feed."""
        headers = {"Access-Control-Allow-Origin": "*"}
        self.answers[path] = ("application/feed+json", json.dumps(feed).encode(), headers)
        return self.url + path


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def blog() -> Iterator[str]:
    """Where the blog in this folder is served."""
    with served(SHIPPED / "config.yaml") as url:
        yield url


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    yield made
    made.server.shutdown()
    made.server.server_close()


Visit = Callable[..., Window]


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Visit]:
    with ExitStack() as stack:

        def visit(address: str, **options: Any) -> Window:
            one = stack.enter_context(window(browser, "", **options))

            def dialog(opened: "Dialog") -> None:
                one.faults.append(f"dialog: {opened.message}")
                opened.dismiss()

            one.page.on("dialog", dialog)
            one.open(address)
            return one

        yield visit


def expect(what: "Locator") -> Any:
    from playwright.sync_api import expect

    return expect(what)


def element(src: str, more: str = "", inside: str = '<a href="/to">Læs bloggen</a>') -> str:
    return f'<feed-embed src="{src}" {more}>{inside}</feed-embed>'


def script(blog: str) -> str:
    return (
        f'<script src="{blog}{addresses.SCRIPTS[-1]}" integrity="{embed.integrity()}"'
        ' crossorigin="anonymous" async></script>'
    )


THEMES = pytest.mark.parametrize(
    ("theme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(24, 23, 21)")]
)


# --- frames --------------------------------------------------------------------------------------


@THEMES
@pytest.mark.parametrize("width", [320, 1000])
def test_a_frame_on_another_site(
    visit: Visit, blog: str, elsewhere: Elsewhere, theme: Theme, ground: str, width: int
) -> None:
    code = embed.frame(f"{blog}/embed/?items=2&summary=1", "Bloggen", "100%", 300)
    policy = f"default-src 'none'; frame-src {blog}; img-src data:"
    address = elsewhere.page(code, policy)
    visitor = visit(address, theme=theme, width=width)
    frame = visitor.page.frame_locator("iframe")
    expect(frame.get_by_role("listitem")).to_have_count(2)
    expect(frame.locator("time").first).to_have_text("17. september 2020")
    assert frame.locator("body").evaluate("b => getComputedStyle(b).backgroundColor") == ground
    assert not visitor.wider()
    assert visitor.faults == []
    assert visitor.axe() == []
    assert visitor.origins == {blog, elsewhere.url}


def test_a_frame_has_the_colours_that_are_asked_for(visit: Visit, blog: str) -> None:
    for theme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(24, 23, 21)")):
        for device in ("light", "dark"):
            visitor = visit(f"{blog}/embed/?summary=1&theme={theme}", theme=device)
            body = visitor.page.locator("body")
            assert body.evaluate("b => getComputedStyle(b).backgroundColor") == ground
            assert visitor.axe() == []


def test_a_link_in_a_frame_leads_out_of_it(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    visitor = visit(elsewhere.page(embed.frame(f"{blog}/embed/", "Bloggen", 600, 400)))
    page = visitor.page
    for _ in range(2):  # The heading, then the newest post.
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{blog}/posts/faellesoffentlig-ledelse/")
    assert visitor.faults == []


def test_frames_of_posts_and_refusals(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    for path, text in (
        ("/embed/posts/at-lede-med-ydmyghed/", "12. juni 2020"),
        ("/embed/?items=99", "Adressen beder om noget, der ikke kan lade sig gøre"),
    ):
        visitor = visit(elsewhere.page(embed.frame(blog + path, "Bloggen", 600, 240)))
        expect(visitor.page.frame_locator("iframe").get_by_text(text)).to_be_visible()
        assert visit(blog + path).axe() == []


def test_a_page_stands_in_no_frame(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    visitor = visit(elsewhere.page(embed.frame(f"{blog}/embed/new/", "Bloggen", 600, 240)))
    assert any("frame-ancestors" in fault for fault in visitor.faults)


# --- script --------------------------------------------------------------------------------------


@THEMES
def test_the_script_on_a_strict_page_of_another_site(
    visit: Visit, blog: str, elsewhere: Elsewhere, theme: Theme, ground: str
) -> None:
    policy = (
        f"default-src 'none'; script-src {blog}; connect-src {blog}; img-src data:;"
        " require-trusted-types-for 'script'"
    )
    address = f"{blog}/feed.json"
    other = f"{blog}/tags/laering/feed.json"
    code = script(blog) + element(address, 'items="2" summary') + element(other, 'theme="auto"')
    visitor = visit(elsewhere.page(code, policy), theme=theme, width=320)
    plain, own = visitor.page.locator("feed-embed").all()
    expect(plain.get_by_role("listitem")).to_have_count(2)
    expect(plain.get_by_role("region", name="Ledelse på tværs")).to_have_attribute(
        "aria-busy", "false"
    )
    expect(plain.locator("time").first).to_have_text("17. september 2020")
    expect(plain.locator("time").first).to_have_attribute("datetime", "2020-09-17T08:37:00Z")
    expect(plain.locator("[part=summary]")).to_have_count(2)
    expect(plain.get_by_text("Læs bloggen")).to_be_hidden()
    expect(own.get_by_role("listitem")).to_have_count(2)
    assert own.evaluate("e => getComputedStyle(e).backgroundColor") == ground
    assert not visitor.wider()
    assert visitor.faults == []
    assert visitor.axe() == []
    assert visitor.origins == {blog, elsewhere.url}


def test_the_page_has_a_say_in_how_it_looks(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    style = (
        "<style>feed-embed { --feed-embed-link: rgb(1, 2, 3); --feed-embed-color: rgb(4, 5, 6) }"
        " feed-embed::part(link) { font-weight: 400 }</style>"
    )
    visitor = visit(elsewhere.page(style + script(blog) + element(f"{blog}/feed.json")))
    link = visitor.page.locator("feed-embed [part=link]").first
    assert link.evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    assert link.evaluate("e => getComputedStyle(e).fontWeight") == "400"
    host = visitor.page.locator("feed-embed")
    assert host.evaluate("e => getComputedStyle(e).color") == "rgb(4, 5, 6)"


def test_another_script_than_the_one_that_was_checked_does_not_run(
    visit: Visit, blog: str, elsewhere: Elsewhere
) -> None:
    code = script(blog).replace("sha384-", "sha384-AAAA")
    visitor = visit(elsewhere.page(code + element(f"{blog}/feed.json")))
    expect(visitor.page.get_by_role("link", name="Læs bloggen")).to_be_visible()
    assert visitor.page.evaluate("customElements.get('feed-embed')") is None


def test_both_addresses_of_the_script_on_one_page(
    visit: Visit, blog: str, elsewhere: Elsewhere
) -> None:
    code = script(blog) + f'<script src="{blog}/embed.js" async></script>'
    visitor = visit(elsewhere.page(code + element(f"{blog}/feed.json")))
    expect(visitor.page.get_by_role("listitem")).to_have_count(4)
    assert visitor.faults == []


def test_without_script_there_is_a_link(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    visitor = visit(elsewhere.page(script(blog) + element(f"{blog}/feed.json")), script=False)
    expect(visitor.page.get_by_role("link", name="Læs bloggen")).to_be_visible()


@pytest.mark.parametrize(
    ("src", "lang"),
    [
        *(("/nope.json", "da-DK"), ("/nope.json", "en"), ("/nope.json", "")),
        *(("", "da"), ("javascript:alert(1)", "da"), ("/", "da"), ("/odd.json", "da")),
    ],
)
def test_a_feed_that_fails_fails_kindly(
    visit: Visit, blog: str, elsewhere: Elsewhere, src: str, lang: str
) -> None:
    danish = "Indlæggene kan ikke vises lige nu."
    words = danish if lang.startswith("da") else "The posts cannot be shown just now."
    elsewhere.feed({"items": [None]}, "/odd.json")
    address = elsewhere.page(script(blog) + element(src), lang=lang)
    visitor = visit(address)
    expect(visitor.page.get_by_text(words)).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Læs bloggen")).to_be_visible()
    expect(visitor.page.locator("section")).to_have_attribute("aria-busy", "false")
    assert not lang or visitor.axe() == []


def test_while_it_loads_the_link_is_there(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    src = elsewhere.feed(EMPTY, "/slow.json")
    visitor = visit(elsewhere.page(script(blog)))
    page = visitor.page
    page.evaluate(f"document.querySelector('main').innerHTML += {json.dumps(element(src))}")
    expect(page.locator("section")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("link", name="Læs bloggen")).to_be_visible()
    expect(page.get_by_text("Der er endnu ingen indlæg.")).to_be_visible()
    expect(page.locator("section")).to_have_attribute("aria-busy", "false")


def test_it_follows_its_attributes_and_the_last_one_counts(
    visit: Visit, blog: str, elsewhere: Elsewhere
) -> None:
    slow = elsewhere.feed(EMPTY, "/slow.json")
    visitor = visit(elsewhere.page(script(blog) + element(f"{blog}/feed.json", 'items="1"')))
    page = visitor.page
    expect(page.get_by_role("listitem")).to_have_count(1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("feed-embed").evaluate(
        "e => { e.setAttribute('items', 3); e.toggleAttribute('summary') }"
    )
    expect(page.get_by_role("listitem")).to_have_count(3)
    expect(page.locator("[part=summary]")).to_have_count(3)
    assert asked == [f"{blog}/feed.json"]
    page.locator("feed-embed").evaluate(
        "async (e, slow) => { const src = e.getAttribute('src'); e.setAttribute('src', slow);"
        " await new Promise(done => setTimeout(done, 100)); e.setAttribute('src', src) }",
        slow,
    )
    page.wait_for_timeout(1500)
    expect(page.get_by_role("listitem")).to_have_count(3)
    # Made by a script of the page, and put somewhere later.
    page.evaluate(
        "src => { const made = document.createElement('feed-embed'); made.setAttribute('src', src);"
        " setTimeout(() => document.querySelector('main').append(made), 100) }",
        f"{blog}/feed.json",
    )
    expect(page.get_by_role("listitem")).to_have_count(7)
    assert visitor.faults == []


def test_any_json_feed_can_be_shown(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    src = elsewhere.feed(
        {
            "version": "https://jsonfeed.org/version/1",
            "title": "Småt",
            "language": "en-GB",
            "items": [
                {"id": "1", "content_html": "<p>A <b>note</b> &amp; more</p>", "url": "/notes/1"},
                {"id": "2", "content_text": "x" * 500, "date_published": "yesterday"},
                {"id": "3", "title": "Else", "external_url": "https://else.example/",
                 "date_published": "2024-02-29T12:00:00+01:00", "language": "ar"},
                {"id": "4", "title": 5, "summary": None, "image": "/i.png"},
            ],
        }
    )  # fmt: skip
    visitor = visit(elsewhere.page(script(blog) + element(src, "summary image")))
    links = visitor.page.locator("[part=link]")
    assert links.all_text_contents() == ["A note & more", "x" * 140, "Else", "5"]
    assert [link.get_attribute("href") for link in links.all()] == [
        *(f"{elsewhere.url}/notes/1", None, "https://else.example/", None)
    ]
    assert visitor.page.locator("time").all_text_contents() == ["29 February 2024"]
    assert visitor.page.locator("img").get_attribute("src") == f"{elsewhere.url}/i.png"
    expect(visitor.page.get_by_role("listitem").nth(2)).to_have_attribute("lang", "ar")


HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><a href=//evil.example>&lt;b> {{7*7}}"
)


def test_hostile_content_stays_text(visit: Visit, blog: str, elsewhere: Elsewhere) -> None:
    turned = "\u202egnp.exe"
    src = elsewhere.feed(
        {
            "version": HOSTILE,
            "title": HOSTILE,
            "home_page_url": "javascript:alert(3)",
            "language": 'en"><script>alert(4)</script>',
            "items": [
                {"id": "1", "title": HOSTILE, "url": "javascript:alert(5)", "summary": HOSTILE,
                 "image": "javascript:alert(6)", "date_published": HOSTILE, "language": HOSTILE},
                {"id": "2", "title": turned, "url": "java\nscript:alert(7)", "summary": turned,
                 "image": "data:text/html,<script>alert(8)</script>"},
                {"id": "3", "content_html": HOSTILE, "url": "data:text/html,x"},
                {"id": "4", "title": "__proto__", "url": "https://user@[evil"},
            ],
        }
    )  # fmt: skip
    visitor = visit(elsewhere.page(script(blog) + element(src, "summary image")))
    page = visitor.page
    expect(page.get_by_role("listitem")).to_have_count(4)
    assert page.locator("[part=title]").text_content() == HOSTILE
    assert page.locator("[part=link]").all_text_contents()[:2] == [HOSTILE, turned]
    assert page.locator("[part=summary]").all_text_contents() == [HOSTILE, turned]
    assert page.locator("section :is(script, img, [href], [onerror])").count() == 0
    # What turns text around turns nothing but the title that it stands in.
    assert page.locator("[part=link]").nth(1).get_attribute("dir") == "auto"
    assert visitor.faults == []
    assert visitor.origins == {blog, elsewhere.url}


def test_hostile_posts_stay_text_in_frames(
    visit: Visit, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    text = json.dumps(f"{HOSTILE}\u202egnp")
    (tmp_path / "content").mkdir()
    (tmp_path / "config.yaml").write_text(f"title: {text}\nurl: https://e.example\n", "utf-8")
    (tmp_path / "content/2020-01-01-a.yaml").write_text(
        f"title: {text}\nsummary: {text}\ntags: [{text}]\nbody: {text}\n", "utf-8"
    )
    with served(tmp_path / "config.yaml") as url:
        code = embed.frame(f"{url}/embed/?summary=1&image=1", HOSTILE, 600, 400)
        visitor = visit(elsewhere.page(code + script(url) + element(f"{url}/feed.json", "summary")))
        page, frame = visitor.page, visitor.page.frame_locator("iframe")
        shown = f"{HOSTILE}\u202egnp"
        assert page.locator("iframe").get_attribute("title") == HOSTILE
        assert frame.get_by_role("heading", level=2).text_content() == shown
        assert frame.locator("li p").text_content() == shown
        assert frame.locator("script, img, [onerror]").count() == 0
        assert page.locator("[part=link]").text_content() == shown
        # The date stands after the title as in any other post.
        title = frame.locator("time").bounding_box()
        assert title
        assert title["x"] < 100
        picker = visit(f"{url}/embed/new/")
        picker.page.get_by_label("Number of posts").fill("3")
        code = picker.page.get_by_label("Frame", exact=True).input_value()
        again = visit(elsewhere.page(code))
        expect(again.page.frame_locator("iframe").get_by_role("listitem")).to_have_count(1)
        for one in (visitor, picker, again):
            assert one.faults == []
            assert one.origins <= {url, elsewhere.url}


# --- the page where an editor gets the code ------------------------------------------------------


@THEMES
@pytest.mark.parametrize("width", [320, 1000])
def test_the_picker_is_for_everybody(
    visit: Visit, blog: str, theme: Theme, ground: str, width: int
) -> None:
    visitor = visit(f"{blog}/embed/new/", theme=theme, width=width)
    body = visitor.page.frame_locator("#preview").locator("body")
    assert body.evaluate("b => getComputedStyle(b).backgroundColor") == ground
    assert not visitor.wider()
    assert visitor.faults == []
    assert visitor.axe() == []
    assert visitor.origins == {blog}


def test_what_an_editor_picks_is_seen_and_copied(
    visit: Visit, blog: str, elsewhere: Elsewhere
) -> None:
    visitor = visit(f"{blog}/embed/new/")
    page, preview = visitor.page, visitor.page.frame_locator("#preview")
    expect(preview.get_by_role("listitem")).to_have_count(4)
    page.get_by_label("Feed", exact=True).select_option(label="læring – Ledelse på tværs")
    page.get_by_label("Antal indlæg").fill("1")
    page.get_by_label("Farver").select_option(label="Mørke")
    page.get_by_label("Resuméer").check()
    page.get_by_label("Billeder").check()
    expect(preview.get_by_role("listitem")).to_have_count(1)
    expect(preview.get_by_role("paragraph")).to_have_count(1)
    expect(page.get_by_text("Denne server")).to_be_hidden()
    height = page.locator("#preview").evaluate("e => e.height")
    copied = {}
    for name in ("Ramme", "Script", "Link"):
        button = page.get_by_role("button", name=f"Kopiér: {name}")
        button.click()
        expect(button).to_have_text("Kopieret")
        copied[name] = page.evaluate("navigator.clipboard.readText()")
    assert copied["Ramme"] == (
        f'<iframe src="{blog}/embed/tags/laering/?items=1&amp;summary=1&amp;image=1&amp;theme=dark"'
        f' title="læring – Ledelse på tværs" width="100%" height="{height}" loading="lazy"'
        ' frameborder="0"></iframe>'
    )
    assert copied["Script"] == script(blog) + "\n" + element(
        f"{blog}/tags/laering/feed.json",
        'items="1" summary image theme="dark"',
        f'<a href="{blog}/tags/laering/">læring – Ledelse på tværs</a>',
    ).replace(" >", ">")
    assert copied["Link"] == f"{blog}/tags/laering/"
    # What was copied works where it is pasted, without scrolling.
    pasted = visit(elsewhere.page(copied["Ramme"] + copied["Script"]), width=800)
    frame = pasted.page.frame_locator("iframe")
    expect(frame.get_by_role("listitem")).to_have_count(1)
    assert frame.locator("html").evaluate("e => e.scrollHeight <= e.clientHeight")
    expect(pasted.page.locator("feed-embed").get_by_role("listitem")).to_have_count(1)
    assert visitor.faults + pasted.faults == []
    # What cannot be shown changes nothing.
    page.get_by_label("Antal indlæg").fill("21")
    expect(page.get_by_label("Link", exact=True)).to_have_value(f"{blog}/tags/laering/")
    assert visitor.faults == []


def test_the_picker_needs_no_mouse(visit: Visit, blog: str) -> None:
    visitor = visit(f"{blog}/embed/new/")
    page, keyboard = visitor.page, visitor.page.keyboard

    def focused() -> str:
        return str(page.evaluate("document.activeElement.name || document.activeElement.id"))

    for _ in range(20):
        keyboard.press("Tab")
        if focused() == "feed":
            break
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    for name in ("summary", "image"):
        keyboard.press("Tab")
        assert focused() == name
        keyboard.press("Space")
    expect(page.get_by_label("Ramme", exact=True)).to_have_value(
        re.compile("corona/.items=4&amp;summary=1&amp;image=1&amp;theme=light")
    )
    for _ in range(20):
        keyboard.press("Tab")
        if focused() == "frame":
            break
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Kopieret")).to_have_count(1)
    assert "corona" in page.evaluate("navigator.clipboard.readText()")
    # Choices leave no trail: the way back leads off the page at once.
    assert page.evaluate("history.length") == 2


def test_the_picker_without_script_has_the_codes_of_the_blog(visit: Visit, blog: str) -> None:
    visitor = visit(f"{blog}/embed/new/", script=False)
    page = visitor.page
    expect(page.get_by_label("Link", exact=True)).to_have_value(f"{blog}/")
    expect(page.get_by_label("Ramme", exact=True)).to_have_value(re.compile(f'{blog}/embed/"'))
    expect(page.get_by_text("?items=3&summary=1&image=1&theme=dark")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_label("Farver")).to_be_hidden()


def test_the_picker_on_a_static_host_says_what_it_cannot(
    visit: Visit, elsewhere: Elsewhere
) -> None:
    site = load.site(SITE / "config.yaml", f"{elsewhere.url}/blog")
    for path, document in publish.documents(site, NOW).items():
        elsewhere.answers[f"/blog{path}"] = (document.media_type, document.body, {})
    elsewhere.answers["/blog/embed/?items=2"] = elsewhere.answers["/blog/embed/"]
    elsewhere.answers["/icon.png"] = ("image/png", b"", {})
    visitor = visit(f"{elsewhere.url}/blog/embed/new/")
    page = visitor.page
    expect(page.get_by_text("Denne server")).to_be_hidden()
    page.get_by_label("Antal indlæg").fill("2")
    expect(page.get_by_text("Denne server har kun rammen i ét udseende")).to_be_visible()
    expect(page.get_by_label("Script", exact=True)).to_have_value(re.compile('items="2"'))
    page.get_by_label("Antal indlæg").fill("5")
    expect(page.get_by_text("Denne server")).to_be_hidden()
    assert visitor.faults == []
