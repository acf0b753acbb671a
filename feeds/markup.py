"""Post bodies: CommonMark to sanitized HTML with absolute addresses, and HTML to plain text."""

import html
import re
from collections import Counter

import nh3
from markdown_it import MarkdownIt

from feeds import urls

SUMMARY_LENGTH = 280  # characters
# Beyond so many tags, HTML is held to the rules in _check_cost.
MAX_LOOSE_TAGS = 500
MAX_DEPTH = 100  # elements inside elements
MAX_FORMATTING = 10  # <b> and the like, of these
MAX_CANDIDATES = 32  # sizes of one picture

_MARKDOWN = MarkdownIt("commonmark")

# ammonia's own list, and the media elements that feed readers show.
_TAGS = nh3.ALLOWED_TAGS | {"audio", "picture", "source", "track", "video"}
_MEDIA = {"src", "controls", "loop", "muted", "preload"}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "a": nh3.ALLOWED_ATTRIBUTES["a"] | {"title"},
    "abbr": {"title"},
    "audio": _MEDIA,
    "img": nh3.ALLOWED_ATTRIBUTES["img"] | {"srcset", "sizes", "title"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": _MEDIA | {"poster", "width", "height"},
    "*": {"lang", "dir"},
}
_LINKED = {"href", "cite"}
_FETCHED = {"src", "poster"}
_SCHEMES = {"http", "https"}
_LINK_SCHEMES = _SCHEMES | {"mailto", "tel"}

_SPACE = re.compile(r"\s+")
_START = re.compile(r"<[a-zA-Z]")
# A tag that every parser reads alike: attributes with quoted values, and no angle in them.
_PLAIN_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?:\s+[a-zA-Z][a-zA-Z0-9:_-]*(?:=\"[^\"<>]*\"|='[^'<>]*')?)*\s*/?>"
)
# Elements that HTML closes by itself; they nest no deeper than those around them.
_UNNESTED = frozenset(
    (
        *("area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta"),
        *("option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"),
    )
)
_FORMATTING = frozenset(
    (
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    )
)
# Whatever else begins with "<", but for plain comments; and elements whose inside is no HTML.
_STRANGE = re.compile(
    rf"<(?!{_PLAIN_TAG.pattern[1:].replace('?P<end>', '?:').replace('?P<name>', '?:')}"
    r"|!--[^<>-]*-->)"
    r"|<(?:iframe|math|noembed|noframes|noscript|plaintext|script|select|style|svg|template"
    r"|textarea|title|xmp)\b",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption"
    r"|figure|footer|h[1-6]|header|hr|li|nav|ol|p|pre|summary|table|td|th|tr|ul)\b)"
)


def render(body: str, base: str) -> str:
    """The HTML of a Markdown *body*: sanitized, every address absolute as seen from *base*.

    Raises ValueError for a body with so many tags, so deep, as nobody writes.
    """
    dirty = _MARKDOWN.render(body)
    _check_cost(dirty)

    def keep(_element: str, attribute: str, value: str) -> str | None:
        if attribute in _LINKED:
            return _address(base, value, _LINK_SCHEMES)
        if attribute in _FETCHED:
            return _address(base, value, _SCHEMES)
        if attribute == "srcset":
            return _srcset(base, value)
        return value

    clean = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=_LINK_SCHEMES,
        link_rel=None,
    )
    return clean.strip()


def text(content: str) -> str:
    """The words of sanitized HTML on one line."""
    bare = nh3.clean(_BLOCK.sub(" <", content), tags=set())
    return " ".join(html.unescape(bare).split())


def cut(line: str, length: int = SUMMARY_LENGTH) -> str:
    """*line*, cut at a word's end to at most *length* characters, an ellipsis included."""
    if len(line) <= length:
        return line
    head = line[:length].rpartition(" ")[0] or line[: length - 1]
    return head.rstrip(" ,;:.–-") + "…"


def _check_cost(dirty: str) -> None:
    """Raise ValueError for HTML that would cost the sanitizer more than it is worth.

    Its time grows with the depth of elements, and each paragraph opens again what formatting is
    open. With few tags that is nothing. With many, every tag must be one that no parser reads
    differently, and be closed.
    """
    if len(_START.findall(dirty)) <= MAX_LOOSE_TAGS:
        return
    strange = _STRANGE.search(dirty)
    if strange:
        shown = dirty[strange.start() : strange.start() + 30]
        raise ValueError(f"in HTML of over {MAX_LOOSE_TAGS} tags this cannot stand: {shown!r}")
    opened: Counter[str] = Counter()
    depth = formatting = 0
    for match in _PLAIN_TAG.finditer(dirty):
        name = match["name"].lower()
        if name in _UNNESTED:
            continue
        step = 1 if not match["end"] else -1 if opened[name] else 0
        opened[name] += step
        depth += step
        if name in _FORMATTING:
            formatting += step
        if depth > MAX_DEPTH or formatting > MAX_FORMATTING:
            raise ValueError(
                f"HTML of over {MAX_LOOSE_TAGS} tags is nested too deep, or not closed"
            )


def _address(base: str, value: str, schemes: set[str]) -> str | None:
    try:
        url = urls.join(base, value)
    except ValueError:
        return None
    return url if url.partition(":")[0] in schemes else None


def _srcset(base: str, value: str) -> str | None:
    """Each candidate with its address made absolute (HTML, "parse a srcset attribute")."""
    candidates = []
    rest = value
    for _ in range(MAX_CANDIDATES):
        url, _, rest = _SPACE.sub(" ", rest).lstrip(" ,").partition(" ")
        descriptor = ""
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            descriptor, _, rest = rest.partition(",")
        if not url:
            break
        if address := _address(base, url, _SCHEMES):
            # A comma at an address's end would end the candidate.
            candidates.append(f"{address.replace(',', '%2C')} {descriptor}".strip())
    return ", ".join(candidates) or None
