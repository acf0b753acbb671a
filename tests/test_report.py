"""What is printed about findings: to the letter, read by others, and under attack."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from feeds import __version__, report, rules
from feeds.model import Finding

DATE = Finding(
    path="public/rss.xml",
    line=12,
    column=7,
    end_line=12,
    field="item/pubDate",
    level="error",
    code="T001",
    name="date-without-zone",
    message="'12 June 2020' has no time zone.",
)
GUID = Finding(
    path="public/rss.xml",
    line=20,
    column=3,
    end_line=24,
    level="warning",
    code="T002",
    name="moved-guid",
    message="The guid is an address that moves.",
)
SIZE = Finding(path="public/rss.xml", level="info", code="T003", name="big", message="It is big.")
# A fault in the site's own files has no code.
KEY = Finding(path="config.yaml", line=3, column=1, field="titel", message="is not a field")
ADDRESS = Finding(
    path="https://e.example/å?a=1,2",
    line=4,
    level="warning",
    code="T002",
    name="moved-guid",
    message="100 %",
)
STDIN = Finding(path="-", code="T404", name="unknown", message="It is not a feed.")
ALL = [STDIN, KEY, ADDRESS, DATE, GUID, SIZE]

MANUAL = """Readers sort by it,
and guess.

Write ``+0200`` after it."""

# Line ends, escape sequences, what turns text round, the syntax of each form, half a character.
HOSTILE = (
    "\r\n::error::x%0A,a=b: ]]></failure>&\x1b[31m\x1b]0;t\x07\x9b2J\x00\x0b\x0c\x85"
    "\u2028\u202e\ufffe\udce9\ud83d \"'\\</script>☃å😀"
)
FORMS = pytest.mark.parametrize("form", report.FORMATS)
texts = st.text(st.characters(exclude_categories=()) | st.sampled_from(HOSTILE), max_size=30)
findings = st.builds(
    Finding,
    path=texts,
    message=texts,
    line=st.integers(0, 3),
    column=st.integers(0, 3),
    end_line=st.integers(0, 5),
    field=texts,
    code=texts | st.just("T001"),
    name=texts,
    level=st.sampled_from(rules.LEVELS),
)


@pytest.fixture(autouse=True, scope="module")
def _one_rule_is_known() -> Iterator[None]:
    rule = rules.Rule(
        code="T001",
        name="date-without-zone",
        level="error",
        spec="https://spec.example/#dates",
        message="{value} has no time zone.",
        manual=MANUAL,
    )
    bare = rules.Rule(
        code="T003",
        name="big",
        level="info",
        spec="https://spec.example/#size",
        message="It is big.",
        manual="",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(rules.RULES, "T001", rule)
        patch.setitem(rules.RULES, "T003", bare)
        yield


def render(form: str, *found: Finding, documents: int = 12) -> str:
    return report.render(found, form, documents=documents)


def hostile(**fields: Any) -> Finding:
    text = dict.fromkeys(("path", "message", "field", "code", "name"), HOSTILE)
    return Finding(**{**text, **fields})


def without_halves(text: str) -> str:
    return text.replace("\udce9", "\ufffd").replace("\ud83d", "\ufffd")


def test_the_forms() -> None:
    assert report.FORMATS == ("text", "json", "jsonl", "github", "sarif", "junit")
    with pytest.raises(ValueError, match=r"'xml' is none of text, json, "):
        render("xml")


@FORMS
def test_every_form_ends_with_a_line_end(form: str) -> None:
    assert render(form, *ALL).endswith("\n")
    assert not render(form, *ALL).endswith("\n\n")


@FORMS
def test_nothing_that_a_terminal_obeys_is_printed(form: str) -> None:
    text = render(form, hostile(), hostile(line=1, column=2, level="info"))
    assert all(line.isprintable() for line in text.split("\n"))
    if form not in ("text", "github"):
        assert text.isascii()


# Text.


def test_text() -> None:
    assert render("text", *ALL) == (
        "-: error T404 It is not a feed. [unknown]\n"
        "config.yaml:3:1: error titel: is not a field\n"
        "https://e.example/å?a=1,2:4: warning T002 100 % [moved-guid]\n"
        "public/rss.xml:12:7: error T001 item/pubDate: '12 June 2020' has no time zone."
        " [date-without-zone]\n"
        "public/rss.xml:20:3: warning T002 The guid is an address that moves. [moved-guid]\n"
        "public/rss.xml: info T003 It is big. [big]\n"
        "3 errors, 2 warnings, 1 info in 12 documents.\n"
    )


def test_a_column_is_nothing_without_its_line() -> None:
    found = Finding(path="a.xml", message="m", column=3, end_line=4)
    assert render("text", found).startswith("a.xml: error m\n")
    assert render("github", found).startswith("::error file=a.xml::m\n")


def test_text_in_colour() -> None:
    found = [DATE, GUID, SIZE, KEY]
    text = report.render(found, "text", documents=1, color=True)
    assert text == (
        "\x1b[1mpublic/rss.xml\x1b[0m:12:7: \x1b[31merror\x1b[0m \x1b[2mT001\x1b[0m"
        " item/pubDate: '12 June 2020' has no time zone. [date-without-zone]\n"
        "\x1b[1mpublic/rss.xml\x1b[0m:20:3: \x1b[33mwarning\x1b[0m \x1b[2mT002\x1b[0m"
        " The guid is an address that moves. [moved-guid]\n"
        "\x1b[1mpublic/rss.xml\x1b[0m: \x1b[34minfo\x1b[0m \x1b[2mT003\x1b[0m It is big. [big]\n"
        "\x1b[1mconfig.yaml\x1b[0m:3:1: \x1b[31merror\x1b[0m titel: is not a field\n"
        "2 errors, 1 warning, 1 info in 1 document.\n"
    )
    assert re.sub(r"\x1b\[\d+m", "", text) == report.render(found, "text", documents=1)


@pytest.mark.parametrize(
    ("found", "documents", "expected"),
    [
        ([], 12, "12 documents, nothing to mend."),
        ([], 1, "1 document, nothing to mend."),
        ([], 0, "0 documents, nothing to mend."),
        ([KEY], 0, "1 error in 0 documents."),
        ([GUID, GUID], 1, "2 warnings in 1 document."),
        ([SIZE, SIZE], 2, "2 infos in 2 documents."),
        ([DATE, DATE, SIZE], 2, "2 errors, 1 info in 2 documents."),
    ],
)
def test_the_closing_line(found: list[Finding], documents: int, expected: str) -> None:
    for form in ("text", "github"):
        assert render(form, *found, documents=documents).splitlines()[-1] == expected


def test_color_is_for_text_only() -> None:
    for form in report.FORMATS[1:]:
        assert report.render(ALL, form, documents=1, color=True) == render(form, *ALL, documents=1)


def test_text_is_a_line_a_finding_whatever_is_in_it() -> None:
    hidden = r"\r\n::error::x%0A,a=b: ]]></failure>&\x1b[31m\x1b]0;t\x07\x9b2J\x00\x0b\x0c\x85"
    hidden += r"\u2028\u202e\ufffe\udce9\ud83d " + "\"'\\</script>☃å😀"
    assert render("text", hostile(line=1)) == (
        f"{hidden}:1: error {hidden} {hidden}: {hidden} [{hidden}]\n1 error in 12 documents.\n"
    )


# JSON.

DATE_OBJECT = {
    "path": "public/rss.xml",
    "line": 12,
    "column": 7,
    "end_line": 12,
    "field": "item/pubDate",
    "level": "error",
    "code": "T001",
    "name": "date-without-zone",
    "message": "'12 June 2020' has no time zone.",
    "help": "https://spec.example/#dates",
}


def test_json() -> None:
    read = json.loads(render("json", STDIN, DATE, GUID))
    assert read["summary"] == {"errors": 2, "warnings": 1, "infos": 0, "documents": 12}
    assert read["findings"][1] == DATE_OBJECT
    assert read["findings"][0]["help"] == ""
    assert list(read) == ["findings", "summary"]
    assert json.loads(render("json"))["findings"] == []


def test_jsonl() -> None:
    lines = render("jsonl", *ALL).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render("json", *ALL))["findings"]
    assert json.loads(lines[3]) == DATE_OBJECT
    assert render("jsonl") == ""


def test_json_holds_what_was_found_to_the_letter() -> None:
    (line,) = render("jsonl", hostile()).splitlines()
    assert json.loads(line) == {
        **dict.fromkeys(("path", "message", "field", "code", "name"), without_halves(HOSTILE)),
        **dict.fromkeys(("line", "column", "end_line"), 0),
        "level": "error",
        "help": "",
    }


def test_two_halves_make_a_character() -> None:
    (line,) = render("jsonl", hostile(message="\ud83d\ude00")).splitlines()
    assert json.loads(line)["message"] == "😀"


# GitHub.


def test_github() -> None:
    assert render("github", *ALL) == (
        "::error title=T404 unknown::-: It is not a feed.\n"
        "::error file=config.yaml,line=3,col=1::titel: is not a field\n"
        "::warning title=T002 moved-guid::https://e.example/å?a=1,2:4: 100 %25\n"
        "::error file=public/rss.xml,line=12,col=7,endLine=12,title=T001 date-without-zone"
        "::item/pubDate: '12 June 2020' has no time zone.\n"
        "::warning file=public/rss.xml,line=20,endLine=24,title=T002 moved-guid"
        "::The guid is an address that moves.\n"
        "::notice file=public/rss.xml,title=T003 big::It is big.\n"
        "3 errors, 2 warnings, 1 info in 12 documents.\n"
    )


def test_github_without_anything_to_say_about_a_place() -> None:
    assert render("github", Finding(path="-", message="a")).startswith("::error::-: a\n")


def test_github_escapes() -> None:
    found = Finding(path="a,b:c%2C\r\n.xml", line=1, name="x:y,z", message="50 %, 1:2\r\n::x::")
    assert render("github", found).splitlines()[0] == (
        "::error file=a%2Cb%3Ac%252C%0D%0A.xml,line=1,title=x%3Ay%2Cz::50 %25, 1:2%0D%0A::x::"
    )


def runner(line: str) -> tuple[str, dict[str, str], str] | None:
    """A line as GitHub's runner reads it (actions/runner, ActionCommand.TryParseV2)."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, listed = line[2:end].partition(" ")

    def plain(text: str, *tokens: str) -> str:
        for token in (*tokens, "%"):
            text = text.replace(f"%{ord(token):02X}", token)
        return text

    pairs = (pair.split("=", 1) for pair in listed.strip().split(",") if pair)
    properties = {pair[0]: plain(pair[1], "\r", "\n", ":", ",") for pair in pairs}
    return name, properties, plain(line[end + 2 :], "\r", "\n")


def test_githubs_runner_reads_one_command_a_finding() -> None:
    path = "b\r\n::stop-commands::x,title=y%0A]]>.xml"
    lines = render("github", hostile(path=path, line=1, end_line=1), hostile()).split("\n")
    assert len(lines) == 4
    command = runner(lines[0])
    assert command is not None
    name, properties, message = command
    assert name == "error"
    assert sorted(properties) == ["endLine", "file", "line", "title"]
    assert properties["file"] == path
    assert message.startswith("\r\n::error::x%0A,a=b: ]]></failure>&\\x1b[31m")
    assert runner(lines[2]) is None


# SARIF.

# printf "public/rss.xml\0T001\0item/pubDate\0'12 June 2020' has no time zone." | sha256sum
DIGEST = "9fc5fafca8d4a49b55363f1a7feb8073f5a9ea7a7e69da9850865924894f19b4"


def sarif(*found: Finding) -> dict[str, Any]:
    text = render("sarif", *found)
    _known(Sarif.model_validate_json(text))
    (run,) = json.loads(text)["runs"]
    return dict(run)


def _known(model: object) -> None:
    """Every property is one of SARIF's. (The package forgot about columnKind.)"""
    if isinstance(model, BaseModel):
        assert not set(model.model_extra or ()) - {"columnKind"}
        _known([getattr(model, name) for name in type(model).model_fields])
    elif isinstance(model, list):
        for part in model:
            _known(part)


def test_sarif() -> None:
    log = json.loads(render("sarif", DATE))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    assert log["runs"] == [
        {
            "tool": {
                "driver": {
                    "name": "feeds",
                    "version": __version__,
                    "rules": [
                        {
                            "id": "T001",
                            "name": "date-without-zone",
                            "shortDescription": {"text": "{value} has no time zone."},
                            "fullDescription": {"text": "Readers sort by it, and guess."},
                            "help": {"text": MANUAL},
                            "helpUri": "https://spec.example/#dates",
                            "defaultConfiguration": {"level": "error"},
                        }
                    ],
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": [
                {
                    "ruleId": "T001",
                    "ruleIndex": 0,
                    "level": "error",
                    "message": {"text": "item/pubDate: '12 June 2020' has no time zone."},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {
                                    "uri": "public/rss.xml",
                                    "uriBaseId": "%SRCROOT%",
                                },
                                "region": {"startLine": 12, "startColumn": 7},
                            }
                        }
                    ],
                    "partialFingerprints": {"feedsFinding/v1": f"{DIGEST}:1"},
                }
            ],
        }
    ]


def test_sarif_lists_each_rule_once() -> None:
    run = sarif(*ALL, DATE)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["T404", "fault", "T002", "T001", "T003"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["level"] for result in run["results"]] == [
        "error", "error", "warning", "error", "warning", "note", "error",
    ]  # fmt: skip


def test_sarif_about_a_rule_that_is_unknown_or_says_little() -> None:
    unknown, nameless, bare = sarif(STDIN, KEY, SIZE)["tool"]["driver"]["rules"]
    assert unknown == {
        "id": "T404",
        "name": "unknown",
        "shortDescription": {"text": "unknown"},
        "defaultConfiguration": {"level": "error"},
    }
    assert (nameless["id"], nameless["name"]) == ("fault", "fault")
    assert bare["fullDescription"] == bare["help"] == {"text": "It is big."}
    assert bare["defaultConfiguration"] == {"level": "note"}


def place(**fields: Any) -> dict[str, Any]:
    (result,) = sarif(Finding(**{"path": "a.xml", "message": "m", **fields}))["results"]
    (location,) = result["locations"]
    return dict(location["physicalLocation"])


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("public/rss.xml", "public/rss.xml"),
        ("./public/rss.xml", "public/rss.xml"),
        ("../a.xml", "../a.xml"),
        ("a b#?%41:å.xml", "a%20b%23%3F%2541%3A%C3%A5.xml"),
        ("-", "-"),
    ],
)
def test_sarif_names_files_from_the_root_of_the_sources(path: str, uri: str) -> None:
    assert place(path=path) == {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    assert unquote(uri) in (path, path.removeprefix("./"))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/srv/a b.xml", "file:///srv/a%20b.xml"),
        ("https://e.example/a%20b?c=[d],&e#f", "e.example/a%20b?c=[d],&e#f"),
        ("HTTP://e.example/æ b\n", "e.example/%C3%A6%20b%0A"),
    ],
)
def test_sarif_names_what_lies_elsewhere_as_github_takes_it(path: str, uri: str) -> None:
    assert place(path=path) == {"artifactLocation": {"uri": uri}}


def test_sarif_regions() -> None:
    assert "region" not in place(column=3)
    assert place(line=2)["region"] == {"startLine": 2}
    assert place(line=2, end_line=2)["region"] == {"startLine": 2}
    assert place(line=2, column=3, end_line=4)["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 4,
    }


def prints(*found: Finding) -> list[str]:
    results = sarif(*found)["results"]
    return [result["partialFingerprints"]["feedsFinding/v1"] for result in results]


def test_sarifs_fingerprints_survive_when_lines_move() -> None:
    (moved,) = prints(Finding(path="a", message="m", line=1, column=2, level="info"))
    assert prints(Finding(path="a", message="m", line=9), Finding(path="a", message="m")) == [
        moved,
        moved.removesuffix("1") + "2",
    ]
    others = prints(
        Finding(path="b", message="m"),
        Finding(path="a", message="n"),
        Finding(path="a", message="m", field="f"),
        Finding(path="a", message="m", code="T001"),
        Finding(path="am", message=""),
    )
    assert len({moved, *others}) == 6


def test_sarif_holds_what_was_found_to_the_letter() -> None:
    (result,) = sarif(hostile())["results"]
    text = without_halves(HOSTILE)
    assert result["ruleId"] == text
    assert result["message"]["text"] == f"{text}: {text}"
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]*", uri)
    assert unquote(uri) == text


# JUnit.


def test_junit() -> None:
    assert render("junit", *ALL) == (
        """<?xml version='1.0' encoding='us-ascii'?>
<testsuites>
  <testsuite name="feeds validate" tests="4" failures="4" errors="0">
    <testcase classname="feeds" name="-">
      <failure message="1 error" type="error">-: error T404 It is not a feed. [unknown]</failure>
    </testcase>
    <testcase classname="feeds" name="config.yaml">
      <failure message="1 error" type="error">config.yaml:3:1: error titel: is not a field</failure>
    </testcase>
    <testcase classname="feeds" name="https://e.example/&#229;?a=1,2">
      <failure message="1 warning" type="warning">"""
        """https://e.example/&#229;?a=1,2:4: warning T002 100 % [moved-guid]</failure>
    </testcase>
    <testcase classname="feeds" name="public/rss.xml">
      <failure message="1 error, 1 warning" type="error">"""
        """public/rss.xml:12:7: error T001 item/pubDate: '12 June 2020' has no time zone."""
        """ [date-without-zone]
public/rss.xml:20:3: warning T002 The guid is an address that moves. [moved-guid]</failure>
      <system-out>public/rss.xml: info T003 It is big. [big]</system-out>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_infos_are_no_failures_in_junit() -> None:
    assert render("junit", SIZE) == (
        """<?xml version='1.0' encoding='us-ascii'?>
<testsuites>
  <testsuite name="feeds validate" tests="1" failures="0" errors="0">
    <testcase classname="feeds" name="public/rss.xml">
      <system-out>public/rss.xml: info T003 It is big. [big]</system-out>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def suite(*found: Finding) -> Any:
    (read,) = junitparser.JUnitXml.fromstring(render("junit", *found).encode())
    assert read.tests == len(list(read))
    assert read.failures == sum(not case.is_passed for case in read)
    return read


def test_junit_is_never_without_a_test() -> None:
    (case,) = suite()
    assert case.is_passed
    assert case.system_out == "12 documents, nothing to mend."


def test_junit_as_others_read_it() -> None:
    cases = list(suite(*ALL))
    assert [case.name for case in cases] == [
        "-", "config.yaml", "https://e.example/å?a=1,2", "public/rss.xml",
    ]  # fmt: skip
    (failure,) = cases[-1].result
    assert isinstance(failure, junitparser.Failure)
    assert (failure.message, failure.type) == ("1 error, 1 warning", "error")
    assert failure.text.splitlines() == render("text", DATE, GUID).splitlines()[:-1]
    assert cases[-1].system_out == render("text", SIZE).splitlines()[0]


def test_junit_says_what_text_says_whatever_is_in_it() -> None:
    (case,) = suite(hostile(line=1), hostile(level="info"))
    fault, info, _ = render("text", hostile(line=1), hostile(level="info")).splitlines()
    (failure,) = case.result
    assert failure.text == fault
    assert case.system_out == info
    assert f"{case.name}:1: error" in fault


# Anything.


@given(st.lists(findings, max_size=4))
def test_whatever_is_found_every_form_can_be_read(found: list[Finding]) -> None:
    for form in report.FORMATS:
        for line in render(form, *found).split("\n"):
            assert line.isprintable()
    assert len(render("text", *found).splitlines()) == len(found) + 1
    commands = [runner(line) for line in render("github", *found).splitlines()]
    assert [command is None for command in commands] == [*[False] * len(found), True]
    assert len(render("jsonl", *found).splitlines()) == len(found)
    assert len(json.loads(render("json", *found))["findings"]) == len(found)
    assert len(sarif(*found)["results"]) == len(found)
    assert len(suite(*found)) == max(1, len({finding.path for finding in found}))
