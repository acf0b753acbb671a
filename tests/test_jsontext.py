import json
import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules import RULES, jsontext
from feeds.rules.jsontext import Document, Path, named, read

Found = tuple[str, int, int, str]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)  # fmt: skip


def found(document: Document) -> list[Found]:
    return [(f.rule.code, f.line, f.column, f.message) for f in document.faults]


def ill_formed(line: int, column: int, problem: str) -> list[Found]:
    return [("J004", line, column, f"The document is not JSON: {problem}.")]


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("", 1, 1, "it is empty"),
        (" \n", 2, 1, "it is empty"),
        ("<!doctype html>", 1, 1, "it begins like HTML or XML"),
        ("{", 1, 2, "it ends too early"),
        ('{"a":\n', 2, 1, "it ends too early"),
        ('{"a": 1,\n}', 1, 8, "a comma stands where nothing follows"),
        ("[1, ]", 1, 3, "a comma stands where nothing follows"),
        ("[,1]", 1, 2, "“,” stands where a value is expected"),
        ("[1 2]", 1, 4, "“2” stands where a comma or the end is expected"),
        ("[1\n<]", 2, 1, "“<” stands where a comma or the end is expected"),
        ('{"a" 1}', 1, 6, "“1” stands where a colon is expected"),
        ("{a: 1}", 1, 2, "“a” stands where a name in double quotes is expected"),
        ("{'a': 1}", 1, 2, "a single quote stands where a name in double quotes is expected"),
        ("// x\n{}", 1, 1, "a comment stands where a value is expected"),
        ("[True]", 1, 2, "“True” stands where a value is expected"),
        ("[" + "z" * 99 + "]", 1, 2, f"“{'z' * 20}” stands where a value is expected"),
        ('["a', 1, 2, "the text that begins here never ends, a quote is missing"),
        ('["\n"]', 1, 3, "a line ends inside a text; a quote is missing, or \\n must be written"),
        ('["\x0b"]', 1, 3, "a text holds the control character U+000B, which must be escaped"),
        ('["\\x"]', 1, 3, "a backslash begins no escape here; one that is meant is written \\\\"),
        ("{} {}", 1, 4, "something follows after its end"),
    ],
)  # fmt: skip
def test_what_is_not_json_is_said_in_plain_words(
    text: str, line: int, column: int, problem: str
) -> None:
    document = read(text.encode())
    assert found(document) == ill_formed(line, column, problem)
    assert not document.well_formed
    assert document.value is None


def test_the_words_are_the_same_for_newer_pythons() -> None:
    # Python 3.13 has a message of its own, at the comma.
    error = json.JSONDecodeError("Illegal trailing comma before end of array", "[1, ]", 2)
    fault = jsontext._ill_formed(Document("[1, ]"), error)
    assert fault == read(b"[1, ]").faults[0]


ODD: list[tuple[bytes, list[Found]]] = [
    (b"[" * 64 + b"]" * 64, []),
    (
        b"\n" + b"[" * 65 + b"]" * 65,
        [("J002", 2, 65, "Arrays and objects are nested more than 64 deep.")],
    ),
    (b'["' + b"[" * 99 + b'"]', []),
    (b"[" + b"9" * 309 + b"]", []),
    (b"[0." + b"3" * 999 + b"]", []),
    (
        b'{"a": -' + b"9" * 310 + b"}",
        [("J003", 1, 8, "A number has 310 digits, more than any reader can hold.")],
    ),
    (b'["Infinity, NaN"]', []),
    (
        b"[NaN,\n -Infinity]",
        [("J005", 1, 2, "NaN is not JSON."), ("J005", 2, 3, "Infinity is not JSON.")],
    ),
    (
        b'[NaN, Nope, "',
        [("J004", 1, 7, "The document is not JSON: “Nope” stands where a value is expected.")],
    ),
    (
        b'{"a": [1, {"b": 1, "c": 2,\n "b": 3}], "a b": {"x": 1, "x": 2, "x": 3}}',
        [
            ("J006", 2, 2, "The object has “b” more than once."),
            ("J006", 2, 28, "The object has “x” more than once."),
            ("J006", 2, 36, "The object has “x” more than once."),
        ],
    ),
    (rb'["\ud83d\ude00 \\ud83d \n \u00e6"]', []),
    (
        rb'["\ud83d", "\\\uDE00\ud83d\ude00"]',
        [
            ("J007", 1, 3, r"\ud83d is half of a character."),
            ("J007", 1, 15, r"\uDE00 is half of a character."),
        ],
    ),
    (rb'["\n\t\r\u000a\u0009\u000D\\f"]', []),
    (
        rb'["\u0000", "\f\u001F"]',
        [
            ("J008", 1, 3, r"\u0000 is a control character, which no text needs."),
            ("J008", 1, 13, r"\f is a control character, which no text needs."),
            ("J008", 1, 15, r"\u001F is a control character, which no text needs."),
        ],
    ),
    (b"\xef\xbb\xbf[]", [("J009", 1, 1, "The document begins with a byte order mark.")]),
    (
        "\ufeff[]".encode("utf-16-le"),
        [("J010", 0, 0, "The document is encoded in UTF-16, and JSON in UTF-8.")],
    ),
    (
        "[1]".encode("utf-32-be"),
        [("J010", 0, 0, "The document is encoded in UTF-32, and JSON in UTF-8.")],
    ),
    (
        '["æ",\n "ø'.encode() + b'\xe6", "\xe6"]',
        [("J011", 2, 4, "The byte 0xE6 is not UTF-8.")],
    ),
]


@pytest.mark.parametrize(("body", "expected"), ODD)
def test_what_json_itself_does_not_say(body: bytes, expected: list[Found]) -> None:
    document = read(body)
    assert found(document) == expected
    assert document.well_formed == (not expected or expected[0][0] not in ("J002", "J003", "J004"))


def test_the_object_of_a_repeated_name_is_named() -> None:
    (fault,) = read(b'{"items": [{}, {"_x y": {"id": 1, "id": 2}}]}').faults
    assert fault.field == "items[1]._x y.id"


CHARSETS: list[tuple[bytes, str | None, str, list[Found]]] = [
    ('"æ"'.encode(), None, "æ", []),
    ('"æ"'.encode(), "UTF-8", "æ", []),
    (b'"ae"', "iso-8859-1", "ae", []),
    ('"æ"'.encode(), "no-such", "æ", []),
    ('"æ"'.encode(), "a\0b", "æ", []),
    # Not letters: it takes time that grows with the square of the text.
    (b'"\xe6"', "punycode", "�", [("J011", 1, 2, "The byte 0xE6 is not UTF-8.")]),
    (
        '"æ"'.encode("latin-1"),
        "ISO-8859-1",
        "æ",
        [("J010", 0, 0, "The document is encoded in iso8859-1, and JSON in UTF-8.")],
    ),
    # What the header says wrongly is found where headers are.
    ('"æ"'.encode(), "windows-1252", "æ", []),
]


@pytest.mark.parametrize(("body", "charset", "text", "expected"), CHARSETS)
def test_a_charset_helps_to_read_on(
    body: bytes, charset: str | None, text: str, expected: list[Found]
) -> None:
    document = read(body, charset)
    assert document.value == text
    assert found(document) == expected


def test_every_code_is_tested() -> None:
    rows = [expected for _, expected in ODD] + [expected for *_, expected in CHARSETS]
    tested = {one[0] for expected in rows for one in expected}
    assert tested | {"J001"} == {code for code in RULES if code.startswith("J0")}


def test_what_is_too_big_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "MAX_BYTES", 3)
    assert not read(b"[1]").faults
    expected = ("J001", 0, 0, "The document has 4 bytes; more than 3 are not read.")
    assert found(read(b"[10]")) == [expected]


def paths(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    members: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    return [(path, value), *(p for step, part in members for p in paths(part, (*path, step)))]


@given(
    value=JSON, indent=st.none() | st.integers(0, 3), escaped=st.booleans(), around=st.text(" \n")
)
def test_a_place_is_where_the_value_stands(
    value: Any, indent: int | None, escaped: bool, around: str
) -> None:
    text = around + json.dumps(value, indent=indent, ensure_ascii=escaped) + around
    document = read(text.encode())
    assert document.well_formed
    lines = text.split("\n")
    for path, part in paths(value):
        line, column, last = document.place(path)
        rest = "\n".join(lines[line - 1 : last])[column - 1 :]
        parsed, end = json.JSONDecoder().raw_decode(rest)
        assert parsed == part
        assert "\n" not in rest[end:]


def test_of_equal_names_the_last_has_the_place() -> None:
    document = read(b'{"a": 1,\n"a": 2}')
    assert document.value == {"a": 2}
    assert document.place(("a",)) == (2, 6, 2)


def test_a_path_is_written_as_people_do() -> None:
    assert named(()) == ""
    assert named(("items", 0, "")) == "items[0]."
    assert named(("items", 3, "attachments", 0, "url")) == "items[3].attachments[0].url"
    assert named(("a\nb" + "c" * 99,)) == "a b" + "c" * 76 + "…"


@given(st.binary(), st.none() | st.sampled_from(["utf-16", "latin-1", "x"]))
def test_nothing_raises(body: bytes, charset: str | None) -> None:
    read(body, charset)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10**6,
        b"[" + b"[]," * 10**5 + b"[]]",
        b'"' + b'\\"' * 10**6,
        b'"' + b"\\ud800" * 10**5 + b'"',
        b"N" * 10**6,
        b"9" * 10**6,
        b"[" + b"9" * 309 + (b"," + b"9" * 309) * 3000 + b"]",
        b"[" + b'{"a":1,"a":1},' * 10**4 + b"NaN" + b",NaN" * 10**4 + b"]",
        b"\n" * 10**6,
        b"\xff" * 10**6,
    ],
)
def test_hostile_text_is_read_in_linear_time(body: bytes) -> None:
    before = time.process_time()
    document = read(body)
    assert time.process_time() - before < 3
    assert len(document.faults) <= 2 * jsontext.MOST
