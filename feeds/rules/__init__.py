"""What a feed can get wrong: one place for each rule, and the register of them all.

A rule is a decorated generator. The name of its parameter says what it looks at; it yields what is
at fault. The first line of its docstring is the message, with names of details in braces; the
paragraphs under it say why a reader cares and what to do. Rules that are found while reading a
value or while walking a table of elements are declared with :func:`declared` instead.

Nothing here imports a writer: a validator that shares the writer's idea of a date approves the
writer's mistakes.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from feeds.model import Finding

Level = Literal["error", "warning", "info"]
# From what must be mended to what is worth a look: must, should and may of the specifications.
LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that can be wrong.

    ``message`` is one sentence with ``{details}`` to be filled in; ``manual`` says in a paragraph
    or two why a reader cares and what to do; ``spec`` is the https address of the section that
    asks for it, or of the evidence.
    """

    code: str
    name: str
    level: Level
    spec: str
    message: str
    manual: str

    def at(self, line: int = 0, column: int = 0, end_line: int = 0, **details: object) -> "Fault":
        """The rule, broken at a place. ``field``, ``entry`` among *details* go into the fault."""
        where, entry = str(details.pop("field", "")), str(details.pop("entry", ""))
        return Fault(
            rule=self,
            line=line,
            column=column,
            end_line=end_line or line,
            field=where,
            entry=entry,
            message=self.message.format_map({k: shown(v) for k, v in details.items()}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule broken in a document. Lines and columns count from 1; 0 means the whole document.

    ``field`` is where in the document's own terms (``item/pubDate``, ``items[3].url``); ``entry``
    the id of the entry that it is in, if any.
    """

    rule: Rule
    message: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    field: str = ""
    entry: str = ""

    def finding(self, path: str) -> Finding:
        """The fault, as what was found in *path*."""
        return Finding(
            path=path,
            line=self.line,
            column=self.column,
            end_line=self.end_line,
            field=self.field,
            message=self.message,
            code=self.rule.code,
            name=self.rule.name,
            level=self.rule.level,
        )


Check = Callable[[Any], Iterator[Any]]

# What a type of values says of a text: the rules that it breaks, with details for the messages.
Broken = Iterable[tuple[Rule, dict[str, object]]]
Type = Callable[[str], Broken]

RULES: dict[str, Rule] = {}
_CHECKS: dict[str, list[tuple[Rule, Check]]] = {}


def declare(code: str, name: str, level: Level, spec: str, manual: str) -> Rule:
    """Register a rule; the first line of *manual* is its message."""
    message, _, rest = inspect.cleandoc(manual).partition("\n")
    made = Rule(code=code, name=name, level=level, spec=spec, message=message, manual=rest.strip())
    if code in RULES:
        raise ValueError(f"two rules are called {code}")
    RULES[code] = made
    return made


def declared(code: str, level: Level, spec: str) -> Callable[[Callable[[], None]], Rule]:
    """Make a function that is nothing but its name and its docstring the rule *code*."""

    def register(function: Callable[[], None]) -> Rule:
        name = function.__name__.replace("_", "-")
        return declare(code, name, level, spec, function.__doc__ or "")

    return register


def rule(code: str, level: Level, spec: str) -> Callable[[Check], Check]:
    """Register a generator as the rule *code*, named for the pattern that it finds."""

    def register(check: Check) -> Check:
        name = check.__name__.strip("_").replace("_", "-")
        made = declare(code, name, level, spec, check.__doc__ or "")
        _CHECKS.setdefault(next(iter(inspect.signature(check).parameters)), []).append(
            (made, check)
        )
        return check

    return register


def checks(about: str) -> list[tuple[Rule, Check]]:
    """The rules that look at an *about*, such as ``item`` or ``entry``."""
    return _CHECKS.get(about, [])


def means(name: str, code: str, rule: str) -> bool:
    """Whether somebody who says *name* means the rule: by its name, its code or how that begins."""
    return name == rule if "-" in name else code.startswith(name.upper())


def shown(value: object) -> str:
    """A value as it can stand in a message: on one line, of a bounded length."""
    text = " ".join(str(value).split()) or "nothing"
    return text if len(text) <= 80 else text[:79] + "…"
