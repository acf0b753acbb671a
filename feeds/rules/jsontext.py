"""JSON from hostile bytes: a value, what is wrong with its text, and where each part of it stands.

The parsing itself is that of Python's json, in C. What json lets through or cannot bear (depth,
numbers without end, repeated names, half characters) is looked for in the text; places are worked
out only when a fault needs one.
"""

import codecs
import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from feeds.rules import Fault, declared, shown

Path = tuple[str | int, ...]

MAX_BYTES = 16 * 1024 * 1024
# System.Text.Json's bound, the lowest of the common parsers'; JSON Feed itself needs five.
MAX_DEPTH = 64
# A double, which is what most parsers make of a number, holds 309.
MAX_DIGITS = 309
# Faults of one kind; a document can hold millions.
MOST = 100

RFC8259 = "https://www.rfc-editor.org/rfc/rfc8259#section-"


@declared("J001", "error", "https://www.jsonfeed.org/version/1.1/#suggestions-for-publishers")
def json_too_big() -> None:
    """The document has {size} bytes; more than {most} are not read.

    Readers fetch the whole feed at every poll and refuse what is huge; the specification calls
    100 kB ideal. Keep the newest items, and put the others behind ``next_url``.
    """


@declared("J002", "error", RFC8259 + "9")
def json_too_deep() -> None:
    """Arrays and objects are nested more than {most} deep.

    Parsers bound the depth, at 64 in .NET and 100 in Ruby, and refuse the whole feed beyond it. No
    member of JSON Feed needs more than five levels; look for an object that holds itself.
    """


@declared("J003", "error", RFC8259 + "6")
def json_number_too_long() -> None:
    """A number has {digits} digits, more than any reader can hold.

    Parsers make infinity of it, or refuse the whole feed. If it is an id, write it in quotes.
    """


@declared("J004", "error", RFC8259 + "2")
def json_ill_formed() -> None:
    """The document is not JSON: {problem}.

    Readers use nothing of a document that is not JSON (“we strongly recommend not attempting to
    parse it”), so the feed stands still for everybody. Let a JSON library write the feed rather
    than a template.
    """


@declared("J005", "error", RFC8259 + "6")
def json_not_a_number() -> None:
    """{value} is not JSON.

    Python writes it where a computation has no result, and reads it; most others refuse the
    whole feed. Leave the member out.
    """


@declared("J006", "error", RFC8259 + "4")
def json_repeated_name() -> None:
    """The object has “{name}” more than once.

    Some parsers take the first, most the last, some refuse the document, so that readers show
    different things. Keep one.
    """


@declared("J007", "error", RFC8259 + "8.2")
def json_half_character() -> None:
    """{escape} is half of a character.

    Characters beyond U+FFFF, emoji among them, are escaped as two halves. One alone comes from text
    that was cut in the middle of a character; it cannot be stored as UTF-8, so readers fail on it
    or show �. Cut text by characters.
    """


@declared("J008", "warning", RFC8259 + "7")
def json_control_character() -> None:
    """{escape} is a control character, which no text needs.

    JSON allows it as an escape, but databases such as PostgreSQL refuse U+0000, and a service that
    turns the feed into RSS or Atom makes XML of it that cannot be parsed. Take it out.
    """


@declared("J009", "error", RFC8259 + "8.1")
def json_byte_order_mark() -> None:
    """The document begins with a byte order mark.

    JSON must not have one. Parsers may ignore it, but those of Go and JavaScript refuse the feed
    at its first character. Save the file as “UTF-8 without BOM”.
    """


@declared("J010", "error", RFC8259 + "8.1")
def json_not_utf_8() -> None:
    """The document is encoded in {encoding}, and JSON in UTF-8.

    Readers decode JSON as UTF-8, whatever a header says, and fail or show wrong letters. Write
    UTF-8.
    """


@declared("J011", "error", RFC8259 + "8.1")
def json_bad_utf_8() -> None:
    """The byte {byte} is not UTF-8.

    Some readers refuse the feed, others show � in place of letters. The text comes from a file or
    a database in another encoding, such as Windows-1252; the first such byte is named, more may
    follow.
    """


# Letters and signs; Python has other codecs, some of which hostile text can keep busy for hours.
_LETTERS = re.compile(
    r"ascii|iso8859-\d+|cp\d+|koi8-.|mac-.+|utf-(?:16|32).*|shift_jis|euc_..|gb.+|big5.*"
)
# What json would let through or choke on, after all that it would not. Every repetition here is
# possessive and the end matches too, so that a search never looks at a character twice.
_ODD = re.compile(
    r"""(?:[^"\[\]{}0-9NI]++|"(?:[^"\\]++|\\.)*+"?"""
    rf"|(?![0-9]{{{MAX_DIGITS + 1}}})[0-9][0-9.eE+-]*+|(?!NaN|Infinity)[NI])*+"
    r"(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<constant>NaN|Infinity)|(?P<long>[0-9]++)|\Z)",
    re.DOTALL,
)
_ODD_ESCAPE = re.compile(
    r"(?:[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\(?!u[dD][89a-fA-F]|u00(?:0[0-8bcefBCEF]|1)|[bf]).)*+"
    r"(?:(?P<half>\\u[dD][0-9a-fA-F]{3})|(?P<control>\\(?:u[0-9a-fA-F]{4}|[bf]))|\Z)",
    re.DOTALL,
)
_SPACE = " \t\n\r"
_WORD = re.compile(r"[\w+.-]+|.", re.DOTALL)
_DECODER = json.JSONDecoder()
_EXPECTED = {
    "Expecting property name": "a name in double quotes",
    "Expecting ':'": "a colon",
    "Expecting ','": "a comma or the end",
}


@dataclass(eq=False)
class Document:
    """JSON as it was read.

    ``well_formed`` says whether there is a ``value``; ``faults`` are those of the text.
    """

    text: str
    value: Any = None
    well_formed: bool = False
    faults: list[Fault] = field(default_factory=list)
    _members: dict[int, dict[str | int, tuple[int, int]]] = field(default_factory=dict, repr=False)

    def place(self, path: Path) -> tuple[int, int, int]:
        """Line, column and last line, from 1, of the value at *path*, which must be there."""
        return self.lines(*self.span(path))

    def span(self, path: Path) -> tuple[int, int]:
        """Where in the text the value at *path* begins and ends."""
        start = len(self.text) - len(self.text.lstrip(_SPACE))
        end = len(self.text.rstrip(_SPACE))
        for step in path:
            # Kept, because neighbours are asked for too.
            members = self._members.get(start)
            if members is None:
                members = {name: (at, to) for name, _, at, to in _inside(self.text, start)}
                self._members[start] = members
            start, end = members[step]
        return start, end

    def lines(self, start: int, end: int) -> tuple[int, int, int]:
        """Line and column, from 1, of what begins at *start*; the line on which it ends."""
        line = bisect_right(self._begins, start)
        last = bisect_right(self._begins, max(start, end - 1))
        return line, start - self._begins[line - 1] + 1, last

    @cached_property
    def _begins(self) -> "array[int]":
        return array("Q", [0, *(match.end() for match in re.finditer("\n", self.text))])


def first(body: bytes) -> bytes:
    """The first byte of *body* that is not a mark or white space, in whatever encoding; or none."""
    return body[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]


def read(body: bytes, charset: str | None = None) -> Document:
    """The document in *body*, which a header may have said to be in *charset*. Raises nothing."""
    if len(body) > MAX_BYTES:
        return Document("", faults=[json_too_big.at(size=len(body), most=MAX_BYTES)])
    document = _decoded(body, _codec(charset))
    bounds, constants = _oddities(document)
    if bounds:
        document.faults.append(bounds)
        return document
    repeated: list[dict[str, Any]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            repeated.append(members)
        return members

    try:
        document.value = json.loads(document.text, object_pairs_hook=made)
    except json.JSONDecodeError as error:
        document.faults.append(_ill_formed(document, error))
        return document
    document.well_formed = True
    document.faults += constants
    document.faults += islice(_repeated(document, {id(members) for members in repeated}), MOST)
    document.faults += islice(_odd_escapes(document), MOST)
    return document


def named(path: Path) -> str:
    """A path as people write it: ``items[3].url``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step and shown(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _codec(charset: str | None) -> str | None:
    try:
        name = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        return None
    return name if _LETTERS.fullmatch(name) else None


def _decoded(body: bytes, codec: str | None) -> Document:
    encoding = json.detect_encoding(body)
    faults = []
    if encoding == "utf-8-sig":
        faults.append(json_byte_order_mark.at(1, 1))
        body = body.removeprefix(codecs.BOM_UTF8)
    elif encoding != "utf-8":
        # Later parts may be cut; what can be read is judged nevertheless.
        return Document(
            body.decode(encoding, "replace"),
            faults=[json_not_utf_8.at(encoding=encoding[:6].upper())],
        )
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if codec:
            text = body.decode(codec, "replace")
            return Document(text, faults=[*faults, json_not_utf_8.at(encoding=codec)])
        document = Document(body.decode("utf-8", "replace"), faults=faults)
        start = len(body[: error.start].decode("utf-8"))
        place = document.lines(start, start)
        faults.append(json_bad_utf_8.at(*place, byte=f"0x{body[error.start]:02X}"))
        return document
    return Document(text, faults=faults)


def _oddities(document: Document) -> tuple[Fault | None, list[Fault]]:
    """What forbids parsing, and the constants that json takes for numbers."""
    constants: list[Fault] = []
    depth = 0
    for match in _ODD.finditer(document.text):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                place = document.lines(match.end() - 1, match.end())
                return json_too_deep.at(*place, most=MAX_DEPTH), []
        elif kind == "close":
            depth -= 1
        elif kind == "long":
            place = document.lines(*match.span("long"))
            return json_number_too_long.at(*place, digits=len(match["long"])), []
        elif kind and len(constants) < MOST:
            place = document.lines(*match.span("constant"))
            constants.append(json_not_a_number.at(*place, value=match["constant"]))
    return None, constants


def _ill_formed(document: Document, error: json.JSONDecodeError) -> Fault:
    """The fault that json stopped at, in words that are the same for every version of Python."""
    text, start = document.text, error.pos
    here = text[start : start + 1]
    before = text[:start].rstrip(_SPACE)
    trailing = here != "" and here in "]}" and before.endswith(",")
    if trailing:
        # Python 3.13 names the comma itself, with words of its own.
        start = len(before) - 1
    if trailing or error.msg.startswith("Illegal"):
        problem = "a comma stands where nothing follows"
    elif error.msg.startswith("Unterminated"):
        problem = "the text that begins here never ends, a quote is missing"
    elif error.msg.startswith("Invalid control"):
        problem = (
            "a line ends inside a text; a quote is missing, or \\n must be written"
            if here in "\r\n"
            else f"a text holds the control character U+{ord(here):04X}, which must be escaped"
        )
    elif error.msg.startswith("Invalid"):
        problem = "a backslash begins no escape here; one that is meant is written \\\\"
    elif error.msg.startswith("Extra"):
        problem = "something follows after its end"
    elif not text.strip(_SPACE):
        problem = "it is empty"
    elif not here:
        problem = "it ends too early"
    elif here == "<" and not before:
        problem = "it begins like HTML or XML"
    else:
        (wanted,) = [
            words for begin, words in _EXPECTED.items() if error.msg.startswith(begin)
        ] or ["a value"]
        word = _WORD.findall(text, start, start + 20)[0]
        found = {"'": "a single quote", "/": "a comment", "#": "a comment"}.get(here, f"“{word}”")
        problem = f"{found} stands where {wanted} is expected"
    return json_ill_formed.at(*document.lines(start, start), problem=problem)


def _inside(text: str, start: int) -> Iterator[tuple[str | int, int, int, int]]:
    """What lies directly in the container that begins at *start*, in well-formed *text*.

    Yields name or index, where the name stands (the value, in an array), and where the value
    begins and ends. json itself skips the values, in C.
    """
    at = _past(_SPACE, text, start + 1)
    index = 0
    while text[at] not in "]}":
        name: str | int = index
        named_at = at
        if text[start] == "{":
            name, at = _DECODER.raw_decode(text, at)
            at = _past(_SPACE + ":", text, at)
        _, end = _DECODER.raw_decode(text, at)
        yield name, named_at, at, end
        at = _past(_SPACE + ",", text, end)
        index += 1


def _past(signs: str, text: str, at: int) -> int:
    while text[at] in signs:
        at += 1
    return at


def _repeated(document: Document, wanted: set[int]) -> Iterator[Fault]:
    """The second and later of equal names in the objects whose identities are *wanted*."""
    todo: list[tuple[Path, Any]] = [((), document.value)] if wanted else []
    while todo:
        path, value = todo.pop()
        if id(value) in wanted:
            seen = set()
            for name, at, _, end in _inside(document.text, document.span(path)[0]):
                if name in seen:
                    place = document.lines(at, end)
                    yield json_repeated_name.at(*place, field=named((*path, name)), name=name)
                seen.add(name)
        members = value.items() if isinstance(value, dict) else enumerate(value)
        inner = [((*path, step), v) for step, v in members if isinstance(v, dict | list)]
        todo += reversed(inner)


def _odd_escapes(document: Document) -> Iterator[Fault]:
    """Halves of characters and control characters. Only strings hold backslashes."""
    for match in _ODD_ESCAPE.finditer(document.text):
        if match.lastgroup:
            rule = json_half_character if match.lastgroup == "half" else json_control_character
            place = document.lines(*match.span(match.lastgroup))
            yield rule.at(*place, escape=match[match.lastgroup])
