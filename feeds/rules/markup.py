"""Markup inside texts: plain text that holds some, HTML that is broken, dangerous or relative.

The reading of tags is a scan by one regular expression, linear in the text, since content is most
of a feed: what matters here is what readers will do with it, not a tree.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import unescape
from html.entities import html5

from feeds.rules import Broken, Rule, declared

RSS_TEXT = "https://www.rssboard.org/rss-profile#data-types-characterdata"
RFC4287_SECURITY = "https://www.rfc-editor.org/rfc/rfc4287#section-8.1"
HTML = "https://html.spec.whatwg.org/multipage/syntax.html#elements-2"


@declared("T101", "warning", RSS_TEXT)
def markup_in_plain_text() -> None:
    """<{element}> is plain text, but seems to hold markup: {found}.

    Some readers show the tags or entities as they stand, others obey them. Leave markup out of
    titles and names. In Atom, say ``type="html"`` where it is meant; in RSS, a literal ``&`` or
    ``<`` is understood by most as ``&#x26;`` and ``&#x3C;``.
    """


@declared("T102", "warning", RSS_TEXT)
def ambiguous_characters() -> None:
    """<{element}> has {found} in plain text, which readers may take for markup.

    In RSS, readers disagree whether a title is text or HTML; ``&#x26;`` and ``&#x3C;`` are
    understood by most.
    """


@declared("T110", "warning", RFC4287_SECURITY)
def dangerous_element() -> None:
    """<{element}> holds <{tag}>, which readers remove.

    Scripts, frames, forms and plugins are taken out for the safety of the reader, often with what
    stands inside them. Put a link or a picture in their place.
    """


@declared("T111", "warning", RFC4287_SECURITY)
def dangerous_attribute() -> None:
    """<{element}> holds an attribute that readers remove: {attribute}.

    Attributes that run a script are taken out, and some readers drop the element with them.
    """


@declared("T112", "warning", RFC4287_SECURITY)
def dangerous_style() -> None:
    """<{element}> holds a style that can cover the reader's own page: {style}.

    A style that positions, hugely enlarges or loads something is removed by careful readers; in
    others it breaks the page around the post.
    """


@declared("T113", "warning", HTML)
def ill_formed_html() -> None:
    """<{element}> holds HTML that is not well-formed: {fault}.

    Readers mend it each in their own way: the rest of the page may turn bold, or into a link.
    """


@declared("T114", "warning", HTML)
def page_in_content() -> None:
    """<{element}> holds <{tag}>, which belongs to a whole page.

    Readers put content into a page of their own. Give the part that stands inside the body.
    """


@declared("T115", "warning", "https://www.rssboard.org/rss-profile#data-types-url")
def relative_link_in_content() -> None:
    """<{element}> holds a relative address: {address}.

    Several readers resolve nothing, others against another base: the link leads nowhere and the
    picture is missing. Write addresses out, with ``https://``.
    """


@declared("T116", "warning", RFC4287_SECURITY)
def script_in_link() -> None:
    """<{element}> holds a link that runs a script: {address}.

    Readers remove it, or should. Link to a page instead.
    """


@declared("T117", "info", "https://html.spec.whatwg.org/multipage/images.html#alt")
def image_without_alt() -> None:
    """<{element}> holds a picture without a text for those who cannot see it: {address}.

    Screen readers read the address of the file aloud, letter by letter. Say in ``alt`` what the
    picture shows; an empty ``alt`` says that it is decoration.
    """


@declared("T118", "warning", HTML)
def unknown_html_element() -> None:
    """<{element}> holds <{tag}>, which is no element of HTML.

    Readers remove it. If it is meant to be seen, its ``<`` must be written ``&lt;`` once more.
    """


@declared("T119", "warning", "https://www.w3.org/Style/CSS/all-properties.en.html")
def office_style() -> None:
    """<{element}> holds a style that a word processor left behind: {style}.

    It is no CSS, no reader knows it, and it often makes a post many times as large. Paste the text
    without its format.
    """


_VOID = frozenset(
    """
    area base basefont bgsound br col embed frame hr img input keygen link meta param source track
    wbr
    """.split()
)
# HTML, section 13.1.2.4: end tags that may be left out.
_OPTIONAL = frozenset(
    """
    p li dt dd tr td th thead tbody tfoot option optgroup colgroup rt rp html head body caption
    """.split()
)
# What a start tag ends, if it is open: enough to know an end tag that was left out from a stray.
_ENDS = {
    "li": {"li", "p"},
    "dt": {"dt", "dd", "p"},
    "dd": {"dt", "dd", "p"},
    "tr": {"tr", "td", "th", "p"},
    "td": {"td", "th", "p"},
    "th": {"td", "th", "p"},
    "option": {"option"},
    "tbody": {"thead", "tbody", "tr", "td", "th", "p"},
    "tfoot": {"thead", "tbody", "tr", "td", "th", "p"},
}
_PAGE = frozenset({"html", "head", "body", "title", "frameset"})
_DANGEROUS = frozenset(
    """
    applet base bgsound button embed form frame frameset iframe input keygen link meta noembed
    noscript object param plaintext script select style textarea xml xmp
    """.split()
)
# Their content is text, whatever it looks like (HTML, section 13.2.5), up to an end tag.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
ELEMENTS = frozenset(
    """
    a abbr acronym address area article aside audio b bdi bdo big blink blockquote br canvas
    caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em
    fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins isindex kbd
    label legend li listing main map mark marquee menu menuitem meter multicol nav nobr noframes ol
    optgroup option output p picture pre progress q rb rp rt rtc ruby s samp search section slot
    small source spacer span strike strong sub summary sup svg math table tbody td template tfoot
    th thead time tr track tt u ul var video wbr
    """.split()
)
_HTML = ELEMENTS | _DANGEROUS | _PAGE
_LINKS = frozenset({"href", "src", "cite", "poster", "longdesc", "background", "action", "data"})
_NAME = r"[a-zA-Z][^\s/<>]*+"
_TAG = re.compile(
    r"<(?:!--(?P<comment>-?>|.*?(?:--!?>|\Z))|(?P<end>/?)(?P<name>" + _NAME + r")"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_HALF = re.compile(r"</?[a-zA-Z][\w-]*")
# HTML, section 13.2.5.80: references to C1 controls, which come from Windows-1252.
_CONTROL = re.compile(r"&#(?:1(?:2[89]|[34]\d|5\d)|[xX][89][0-9a-fA-F]);")
_TEXT_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(#[0-9]+|#[xX][0-9a-fA-F]*|#|[a-zA-Z][a-zA-Z0-9]*);?")
# Digits beyond the ninth make no other character of it.
_LONG_NUMBER = re.compile("&#0*([0-9]{9})[0-9]*")
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
_BAD_STYLE = re.compile(
    r"expression\s*\(|behaviou?r\s*:|-moz-binding|javascript:|@import"
    r"|(?:^|;)\s*position\s*:\s*(?:fixed|absolute)"
    r"|(?:^|;)\s*(?:margin|padding|top|left|right|bottom|text-indent|letter-spacing|font-size|"
    r"line-height)[a-z-]*\s*:[^;]*?(?<![#\w.])\d{4,}"
    # A wide picture is none of them.
    r"|(?:^|;)\s*(?:max-|min-)?(?:width|height)\s*:[^;]*?(?<![#\w.])\d{5,}",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:^|;)\s*(mso-[a-z-]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def plain(text: str) -> Broken:
    """Text without markup."""
    if "<" in text:
        for match in _TEXT_TAG.finditer(text):
            if match[1].lower() in _HTML:
                return ((markup_in_plain_text, {"found": match[0]}),)
    if "&" in text:
        for match in _ENTITY.finditer(text):
            if match[1][0] == "#" or match[1] + ";" in html5:
                return ((markup_in_plain_text, {"found": match[0]}),)
    if "</" in text:
        return ((ambiguous_characters, {"found": "</"}),)
    return ()


@lru_cache(maxsize=4096)
def html(text: str) -> Broken:
    """A piece of HTML, as it is put into a reader's page."""
    if "<" not in text and "&" not in text:
        return ()
    seen = Seen()
    stack = Stack()
    position = 0
    if reference := _CONTROL.search(text):
        seen.add(ill_formed_html, fault=f"{reference[0]} is no character")
    while match := _TAG.search(text, position):
        if half := _HALF.search(text, position, match.start()):
            seen.add(ill_formed_html, fault=f"{half[0]} begins a tag that does not end")
        position = match.end()
        name = (match["name"] or "").lower()
        if not name:
            continue
        if match["end"]:
            if fault := stack.close(name):
                seen.add(ill_formed_html, fault=fault)
            continue
        given = match["attributes"]
        attributes: Iterable[tuple[str, str]] = ()
        if given and not given.isspace():
            attributes = [
                (found[1].lower(), unescaped(found[2] or found[3] or found[4] or ""))
                for found in _ATTRIBUTE.finditer(given)
            ]
        foreign = bool(stack.count.get("svg") or stack.count.get("math"))
        seen.element(name, attributes, foreign=foreign)
        if name in _VOID or given.endswith("/"):
            continue
        while stack.open and stack.open[-1] in _ENDS.get(name, ()):
            stack.pop()
        if name in _RAW:
            end = _RAW[name].search(text, position)
            if end is None:
                seen.add(ill_formed_html, fault=f"<{name}> is not closed")
                position = len(text)
                break
            position = end.start()
        stack.push(name)
    if half := _HALF.search(text, position):
        seen.add(ill_formed_html, fault=f"{half[0]} begins a tag that does not end")
    for name in stack.open:
        if name not in _OPTIONAL:
            seen.add(ill_formed_html, fault=f"<{name}> is not closed")
            break
    return tuple(seen.broken)


def unescaped(text: str) -> str:
    """*text* with its references resolved; ``unescape`` fails at a number of 4,301 digits."""
    return unescape(_LONG_NUMBER.sub(r"&#\1", text))


class Stack:
    """The elements that are open, and how many there are of each."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.count: Counter[str] = Counter()

    def push(self, name: str) -> None:
        """Open an element."""
        self.open.append(name)
        self.count[name] += 1

    def pop(self) -> str:
        """Close the innermost."""
        name = self.open.pop()
        self.count[name] -= 1
        return name

    def close(self, name: str) -> str:
        """Close *name* and what is open in it; what is wrong with that, or nothing."""
        if not self.count[name]:
            return f"</{name}> " + ("ends what has no end" if name in _VOID else "closes nothing")
        fault = ""
        while (top := self.pop()) != name:
            if top not in _OPTIONAL and not fault:
                fault = f"</{name}> closes <{top}>"
        return fault


class Seen:
    """What was found in one text, each thing once."""

    def __init__(self) -> None:
        self.broken: list[tuple[Rule, dict[str, object]]] = []

    def add(self, rule: Rule, **details: object) -> None:
        """Note a broken rule."""
        if len(self.broken) < 20 and (rule, details) not in self.broken:
            self.broken.append((rule, details))

    def element(
        self,
        name: str,
        attributes: Iterable[tuple[str, str]],
        known: Callable[[str], bool] = _HTML.__contains__,
        foreign: bool = False,
    ) -> None:
        """Look at an element; *known* tells whether HTML has it. *foreign* are SVG and MathML."""
        if foreign and name not in _DANGEROUS:
            pass
        elif name in _PAGE:
            self.add(page_in_content, tag=name)
        elif name in _DANGEROUS:
            self.add(dangerous_element, tag=name)
        elif not known(name):
            self.add(unknown_html_element, tag=name)
        alt = name != "img"
        source = ""
        for key, value in attributes:
            if (key[:2] == "on" and key[2:].isalpha()) or key in ("srcdoc", "formaction"):
                self.add(dangerous_attribute, attribute=key)
            elif key == "style":
                self._style(value)
            elif key in _LINKS:
                self._link(value)
                source = value
            alt = alt or key == "alt"
        if not alt:
            self.add(image_without_alt, address=source)

    def _style(self, value: str) -> None:
        bad = _BAD_STYLE.search(value)
        if bad:
            self.add(dangerous_style, style=bad[0].strip("; "))
        elif office := _OFFICE.search(value):
            self.add(office_style, style=office[1])

    def _link(self, value: str) -> None:
        scheme = _SCHEME.match(value)
        if scheme:
            if scheme[1].lower() in ("javascript", "vbscript"):
                self.add(script_in_link, address=value)
        elif not value.lstrip().startswith("#"):
            # A link within the post stays within the post.
            self.add(relative_link_in_content, address=value or "an empty one")
