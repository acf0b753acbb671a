"""The rules as a whole: well-formed, independent of the writers, and each of them tested."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import feeds.rules
from feeds.rules import LEVELS, RULES, Rule

from . import (
    test_rules_atom,
    test_rules_markup,
    test_rules_modules,
    test_rules_opml,
    test_rules_rss,
    test_rules_values,
    test_rules_xml,
)
from .specimens import Row

MODULES = [module.name for module in pkgutil.iter_modules(feeds.rules.__path__, "feeds.rules.")]
for name in MODULES:
    importlib.import_module(name)

WRITERS = {
    *("feeds.rss", "feeds.atom", "feeds.jsonfeed", "feeds.pages", "feeds.publish"),
    *("feeds._feedgen", "feedgen", "flask"),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_is_whole(rule: Rule) -> None:
    assert RULES[rule.code] is rule
    assert re.fullmatch(r"[A-Z]\d{3}", rule.code)
    assert re.fullmatch(r"[a-z\d]+(?:-[a-z\d]+)*", rule.name)
    assert rule.level in LEVELS
    assert rule.spec.startswith("https://")
    assert re.fullmatch(r"[^\s].*[^\s]\.", rule.message)
    assert rule.manual.endswith((".", "?", "`", ")", ":"))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_message_has_its_details_in_braces(rule: Rule) -> None:
    names = [name for _, name, *_ in Formatter().parse(rule.message) if name is not None]
    assert all(name.isidentifier() for name in names)
    details: dict[str, Any] = dict.fromkeys(names, "x")
    message = rule.at(**details).message
    assert "{" not in message
    assert "}" not in message


def test_no_two_rules_have_a_name_or_a_message_in_common() -> None:
    rules = RULES.values()
    assert len({rule.name for rule in rules}) == len(rules)
    # Those of JSON Feed that miss a member name it.
    messages = [rule.message for rule in rules if not rule.message.endswith("has no “{element}”.")]
    assert len(set(messages)) == len(messages)


def test_no_code_can_be_given_twice() -> None:
    with pytest.raises(ValueError, match="X101"):
        feeds.rules.declare("X101", "again", "error", "https://a.example/", "Again.")


def imports(module: str) -> set[str]:
    """All that a module imports, and all it could be."""
    found = set()
    (folder,) = feeds.rules.__path__
    file = Path(folder) / f"{module.removeprefix('feeds.rules.')}.py"
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", [*MODULES, "feeds.rules.__init__"])
def test_a_rule_knows_no_writer(module: str) -> None:
    for name in imports(module):
        assert name not in WRITERS
        assert name.partition(".")[0] not in WRITERS


def test_every_rule_on_xml_has_its_row() -> None:
    tried = {row.code for module in TABLES for row in rows(module)}
    for tables in (test_rules_values.VALUES, test_rules_markup.MARKUP):
        for _, expected, _ in tables:
            tried |= set(expected.split())
    for _, places, _ in test_rules_xml.BYTES.values():
        tried |= {place[:4] for place in places.split(", ")}
    # Bounds, podcasts in other encodings and addresses from outside have tests of their own; a page
    # in the place of a feed is for validate to tell.
    elsewhere = {"X107", "X108", "X124", "M122", "X125"}
    assert {code for code in RULES if code[0] in "XSVTRAMO"} == tried | elsewhere


TABLES = (test_rules_xml, test_rules_rss, test_rules_atom, test_rules_modules, test_rules_opml)


def rows(module: object) -> list[Row]:
    """All rows of a module's tables."""
    tables = [table for name, table in vars(module).items() if name.startswith("ROWS")]
    return [row for table in tables for row in table]
