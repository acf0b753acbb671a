"""Post bodies: CommonMark to sanitized HTML with absolute addresses, and HTML to plain text."""

import html
import re
from collections import Counter

import nh3
from markdown_it import MarkdownIt

from feeds import urls

SUMMARY_LENGTH = 280  # characters
MAX_DEPTH = 200  # elements inside elements
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
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
# Elements that HTML closes by itself; they nest no deeper than those around them.
_UNNESTED = frozenset(
    (
        *("area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta"),
        *("option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"),
    )
)
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption"
    r"|figure|footer|h[1-6]|header|hr|li|nav|ol|p|pre|summary|table|td|th|tr|ul)\b)"
)


def render(body: str, base: str) -> str:
    """The HTML of a Markdown *body*: sanitized, every address absolute as seen from *base*.

    Raises ValueError if elements nest deeper than anybody writes (the sanitizer's time grows
    with the square of it).
    """
    dirty = _MARKDOWN.render(body)
    if _too_deep(dirty):
        raise ValueError(f"HTML is nested more than {MAX_DEPTH} deep")

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


def _too_deep(dirty: str) -> bool:
    if dirty.count("<") <= MAX_DEPTH:
        return False
    opened: Counter[str] = Counter()
    depth = 0
    for match in _TAG.finditer(dirty):
        name = match["name"].lower()
        if name in _UNNESTED:
            continue
        if not match["end"]:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            return True
    return False


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
