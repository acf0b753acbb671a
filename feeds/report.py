"""Findings on a terminal, and as the files that CI services read.

What comes from outside (names of files, values in feeds) obeys nobody here. The forms for people go
through :func:`feeds.model.printable`; those for programs are ASCII, each escaped by its own book,
so that no console's encoding can spoil them.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from feeds import __version__, urls
from feeds.model import Finding, printable, whole
from feeds.rules import RULES

FORMATS: tuple[str, ...] = ("text", "json", "jsonl", "github", "sarif", "junit")

# Each level, as the terminal's colour and in the words of others.
_COLOURS = {"error": "31", "warning": "33", "info": "34"}
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF = {"error": "error", "warning": "warning", "info": "note"}
_BOLD, _DIM = "1", "2"
# What GitHub's runner turns back, and nothing else.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def render(findings: Sequence[Finding], form: str, *, documents: int, color: bool = False) -> str:
    """*findings* in one of the ``FORMATS``, the last line end included.

    *documents* is how many were read. *color* is for text only.
    """
    match form:
        case "text":
            lines = [*(_line(finding, color) for finding in findings), _sum(findings, documents)]
        case "json":
            summary = {**_levels(findings), "documents": documents}
            found = [_object(finding) for finding in findings]
            lines = [json.dumps({"findings": found, "summary": summary}, indent=2)]
        case "jsonl":
            lines = [json.dumps(_object(finding)) for finding in findings]
        case "github":
            lines = [*map(_command, findings), _sum(findings, documents)]
        case "sarif":
            lines = [json.dumps(_sarif(findings), indent=2)]
        case "junit":
            lines = [_junit(findings, documents)]
        case _:
            raise ValueError(f"{form!r} is none of {', '.join(FORMATS)}")
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding, color: bool = False) -> str:
    def paint(text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if color and text else text

    words = (
        f"{paint(printable(finding.path), _BOLD)}{_place(finding)}:",
        paint(finding.level, _COLOURS[finding.level]),
        paint(printable(finding.code), _DIM),
        printable(_message(finding)),
        printable(f"[{finding.name}]" if finding.name else ""),
    )
    return " ".join(word for word in words if word)


def _place(finding: Finding) -> str:
    """``:4:7``, or nothing for the whole file."""
    if not finding.line:
        return ""
    return f":{finding.line}:{finding.column}" if finding.column else f":{finding.line}"


def _message(finding: Finding) -> str:
    return ": ".join(part for part in (finding.field, finding.message) if part)


def _levels(findings: Sequence[Finding]) -> dict[str, int]:
    """How many there are of each level, by its plural."""
    counts = Counter(finding.level for finding in findings)
    return {f"{level}s": counts[level] for level in _COLOURS}


def _counts(findings: Sequence[Finding]) -> str:
    """``3 errors, 1 warning``."""
    return ", ".join(_count(n, level[:-1]) for level, n in _levels(findings).items() if n)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sum(findings: Sequence[Finding], documents: int) -> str:
    read = _count(documents, "document")
    return f"{_counts(findings)} in {read}." if findings else f"{read}, nothing to mend."


def _object(finding: Finding) -> dict[str, Any]:
    """A finding for JSON: its fields, and where to read on."""
    rule = RULES.get(finding.code)
    return {**asdict(_clean(finding)), "help": rule.spec if rule else ""}


def _clean(finding: Finding) -> Finding:
    """*finding* with texts that every JSON parser takes."""
    texts: dict[str, Any] = {
        name: whole(value) for name, value in asdict(finding).items() if isinstance(value, str)
    }
    return replace(finding, **texts)


def _is_file(path: str) -> bool:
    return path != "-" and not urls.is_web(path)


def _placed(finding: Finding) -> str:
    """The message, with the place in it where that is no file of the checkout."""
    message = _message(finding)
    if _is_file(finding.path):
        return message
    return f"{finding.path}{_place(finding)}: {message}"


def _command(finding: Finding) -> str:
    """A workflow command: GitHub shows the finding beside the line that it is about."""
    message = _placed(finding)
    properties: dict[str, str | int] = {}
    if _is_file(finding.path):
        properties["file"] = finding.path
        if finding.line:
            properties["line"] = finding.line
            # GitHub takes no column where there are several lines.
            properties["col"] = finding.column if finding.end_line <= finding.line else 0
            properties["endLine"] = finding.end_line
    properties["title"] = f"{finding.code} {finding.name}".strip()
    listed = ",".join(
        f"{name}={printable(str(value).translate(_PROPERTY))}"
        for name, value in properties.items()
        if value
    )
    command = f"{_GITHUB[finding.level]} {listed}".rstrip()
    return f"::{command}::{printable(message.translate(_DATA))}"


def _sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run, as GitHub's code scanning takes it."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    same: Counter[str] = Counter()
    for finding in map(_clean, findings):
        # SARIF wants an id; a fault in the site's own files may have no code.
        rule_id = finding.code or "fault"
        rules.setdefault(rule_id, _descriptor(rule_id, finding))
        # Not of the line: the finding stays the same one when text above it comes or goes.
        known_by = "\0".join((finding.path, finding.code, finding.field, finding.message))
        digest = sha256(known_by.encode()).hexdigest()
        same[digest] += 1
        results.append(
            {
                "ruleId": rule_id,
                "ruleIndex": list(rules).index(rule_id),
                "level": _SARIF[finding.level],
                "message": {"text": _placed(finding)},
                "locations": [{"physicalLocation": _location(finding)}],
                "partialFingerprints": {"feedsFinding/v1": f"{digest}:{same[digest]}"},
            }
        )
    driver = {"name": "feeds", "version": __version__, "rules": list(rules.values())}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(rule_id: str, finding: Finding) -> dict[str, Any]:
    """What SARIF says about a rule; for one that is not in the register, only what is known."""
    name = finding.name or rule_id
    rule = RULES.get(finding.code)
    said: dict[str, Any] = {"shortDescription": {"text": name}}
    if rule:
        manual = rule.manual or rule.message
        said = {
            "shortDescription": {"text": rule.message},
            "fullDescription": {"text": " ".join(manual.partition("\n\n")[0].split())},
            "help": {"text": manual},
            "helpUri": rule.spec,
        }
    level = rule.level if rule else finding.level
    return {"id": rule_id, "name": name, **said, "defaultConfiguration": {"level": _SARIF[level]}}


def _location(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    if finding.end_line > finding.line:
        region["endLine"] = finding.end_line
    location: dict[str, Any] = {"artifactLocation": _artifact(finding.path)}
    if finding.line:
        location["region"] = {name: number for name, number in region.items() if number}
    return location


def _artifact(path: str) -> dict[str, str]:
    if path != "-" and not _is_file(path):
        # GitHub refuses the whole report for one address with a scheme (codeql-action#754).
        bare = path.partition("://")[2]
        return {"uri": quote(bare, safe="%/:?#[]@!$&'()*+,;=~")}  # Only what no URI may hold.
    name = PurePath(path)
    if name.is_absolute():
        return {"uri": f"file:///{quote(name.as_posix().lstrip('/'), safe='/:')}"}
    return {"uri": quote(name.as_posix()), "uriBaseId": "%SRCROOT%"}


def _junit(findings: Sequence[Finding], documents: int) -> str:
    """A test case for each path; it fails if there is more than infos."""
    paths: dict[str, list[Finding]] = {}
    for finding in findings:
        paths.setdefault(finding.path, []).append(finding)
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name="feeds validate")
    failures = 0
    for path, found in paths.items():
        case = ElementTree.SubElement(suite, "testcase", classname="feeds", name=printable(path))
        infos = [finding for finding in found if finding.level == "info"]
        if faults := [finding for finding in found if finding.level != "info"]:
            failures += 1
            level = "error" if any(fault.level == "error" for fault in faults) else "warning"
            failure = ElementTree.SubElement(case, "failure", message=_counts(faults), type=level)
            failure.text = "\n".join(map(_line, faults))
        if infos:
            ElementTree.SubElement(case, "system-out").text = "\n".join(map(_line, infos))
    if not paths:
        # Jenkins takes a report without a test for a broken one.
        case = ElementTree.SubElement(suite, "testcase", classname="feeds", name="validate")
        ElementTree.SubElement(case, "system-out").text = _sum(findings, documents)
    suite.attrib |= {"tests": str(len(suite)), "failures": str(failures), "errors": "0"}
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii")
