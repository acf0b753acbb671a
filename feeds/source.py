"""Source files as trees of named fields; every fault carries file, line and field.

The only module that knows YAML. Scalars are read as the text that stands in the file and typed
by the getters of :class:`Fields`, so that YAML's own ideas never reach a feed (the tag ``no`` is
not False, ``12:30`` is not 750, ``2020-09-17`` is not a date object, ``1.10`` not 1.1).

Files are hostile until read: their size and depth are bounded, aliases are refused, nothing is
constructed from tags.
"""

import difflib
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from feeds.model import Finding

T = TypeVar("T")

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32

# libyaml's parser is ten times as fast; PyYAML has it on all platforms that have wheels.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# XML 1.0, section 2.2: what is not a Char. Surrogates can only come from escapes.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# YAML 1.1, section 5.1: DEL and most C1 controls are not printable either. The others are line
# breaks to it, which cut text where the author saw none.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029]")
# What begins a level of nesting inside a line; other levels take a line, indented by one more.
_NESTING = ("[", "{", "- ", "-\t", "? ", "?\t")
_INDENTED = re.compile(rf"^ {{{MAX_DEPTH},}}\S", re.MULTILINE)
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?P<matter>.*?)^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_HINTS = {
    "mapping values are not allowed in this context": 'text with ": " in it needs quotes',
    "found character that cannot start any token": (
        "YAML indents with spaces, and text that begins with @, ` or % needs quotes"
    ),
    "could not find expected ':'": "text of several lines stands indented below its field",
    "did not find expected key": "text that begins with a quote ends with it",
    "expected a single document in the stream": 'a file holds one post: remove the line "---"',
}
_START = yaml.error.Mark("", 0, 0, 0, None, 0)


class Source:
    """A file being read: its name as people know it, and what was found wrong with it so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self._lines: list[str] = []

    def comment_after(self, node: yaml.Node) -> bool:
        """Whether a comment stands behind an unquoted scalar, on its line."""
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return False
        mark = node.end_mark
        return self._lines[mark.line][mark.column :].lstrip().startswith("#")

    def fault(self, message: str, *, line: int = 0, column: int = 0, field: str = "") -> None:
        """Record a fault; *line* and *column* count from 1, 0 means the whole file."""
        self.findings.append(
            Finding(path=str(self.path), message=message, line=line, column=column, field=field)
        )

    def read_yaml(self) -> "Fields | None":
        """The fields of a YAML file; None, with the faults recorded, if there are none to read."""
        text = self.read_text()
        return None if text is None else self._fields(text)

    def read_markdown(self) -> "tuple[Fields, str] | None":
        """The front matter and the body of a Markdown file; None, with the faults recorded."""
        text = self.read_text()
        if text is None:
            return None
        match = _FRONT_MATTER.match(text)
        if match is None:
            hint = " (TOML is not read: use YAML)" if text.startswith("+++") else ""
            self.fault(f'no YAML front matter between two lines "---"{hint}', line=1, column=1)
            return None
        # A line in the place of the first "---", so that faults name the line in the file.
        fields = self._fields("\n" + match["matter"])
        return None if fields is None else (fields, text[match.end() :])

    def read_text(self) -> str | None:
        """The text of the file; None, with the faults recorded, if it cannot be one of ours."""
        try:
            # A pipe or device that somebody named like a post would never end.
            if not stat.S_ISREG(self.path.stat().st_mode):
                self.fault("is not a regular file")
                return None
            with self.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            self.fault(f"cannot be read: {error.strerror}")
            return None
        if len(data) > MAX_BYTES:
            self.fault(f"is larger than {MAX_BYTES:,} bytes")
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line, column = _place(data[: error.start].decode("utf-8", "replace"))
            self.fault(
                f"is not UTF-8 (byte 0x{data[error.start]:02x}): save it as UTF-8",
                line=line,
                column=column,
            )
            return None
        found = False
        for pattern, who in ((_NOT_XML, "XML"), (_NOT_YAML, "YAML")):
            for match in pattern.finditer(text):
                line, column = _place(text[: match.start()])
                self.fault(_forbidden(match[0], who), line=line, column=column)
                found = True
                break  # One is enough to find the place; a binary file has thousands.
        return None if found else text

    def _fields(self, text: str) -> "Fields | None":
        try:
            if sum(map(text.count, _NESTING)) > MAX_DEPTH or _INDENTED.search(text):
                self._refuse_depth(text)
            node = yaml.compose(text, Loader=_LOADER)
            self._lines = [*text.splitlines(), ""]
            if node is None:
                return Fields.empty(self)
            self._refuse_aliases(node)
        except yaml.MarkedYAMLError as error:
            self._yaml_fault(error)
            return None
        if not isinstance(node, yaml.MappingNode):
            self.fault("must hold fields, such as title: …", line=1, column=1)
            return None
        return Fields(self, node)

    def _refuse_depth(self, text: str) -> None:
        """Raise before the composer recurses: libyaml's dies of deep nesting, and we with it."""
        depth = 0
        event: Any
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise yaml.MarkedYAMLError(
                    problem="nested too deeply", problem_mark=event.start_mark
                )

    def _refuse_aliases(self, root: yaml.Node) -> None:
        """An alias makes one node the child of two; ten lines of them can stand for billions."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                raise yaml.MarkedYAMLError(
                    problem="an alias (*name) repeats this; write it out",
                    problem_mark=node.start_mark,
                )
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                for pair in node.value:
                    waiting.extend(pair)
            elif isinstance(node, yaml.SequenceNode):
                waiting.extend(node.value)

    def _yaml_fault(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be understood"
        hint = _HINTS.get(problem) or _HINTS.get(error.context or "")
        if not hint and error.context and error.context_mark:
            start = error.context_mark
            hint = f"{error.context} from {start.line + 1}:{start.column + 1}"
        self.fault(
            f"YAML: {problem}" + (f"; {hint}" if hint else ""),
            line=mark.line + 1 if mark else 0,
            column=mark.column + 1 if mark else 0,
        )


class Fields:
    """A mapping in a source file.

    Getters return None where the field is absent or empty, and also after recording a fault, so
    that reading goes on and everything wrong is found at once.
    """

    def __init__(self, source: Source, node: yaml.MappingNode, field: str = "") -> None:
        self.source = source
        self._node = node
        self._field = field
        self._values: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        # What was read, so that a field which is read twice is found wrong once.
        self._items: dict[str, list[Item]] = {}
        self._fields: dict[str, Fields | None] = {}
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault_at(key_node, "", "the name of a field must be text")
                continue
            key = key_node.value
            if key in self._values:
                self._fault_at(key_node, key, "stands here for the second time")
            self._keys[key] = key_node
            self._values[key] = value

    @classmethod
    def empty(cls, source: Source) -> "Fields":
        """A mapping that holds nothing, at the start of the file."""
        return cls(source, yaml.MappingNode("tag:yaml.org,2002:map", [], _START, _START))

    def __contains__(self, key: str) -> bool:
        """Whether the field is there and holds something."""
        node = self._values.get(key)
        return node is not None and not (
            isinstance(node, yaml.ScalarNode)
            and not node.style
            and node.value.lower() in ("", "~", "null")
            and node.tag == _NULL
        )

    def keys(self) -> Iterator[str]:
        """The names of the fields, in the file's order, for mappings whose keys are free text."""
        return iter(self._values)

    def place(self, key: str) -> tuple[int, int] | None:
        """Line and column, from 1, of the value of a field; None if it is absent or empty."""
        if key not in self:
            return None
        mark = self._values[key].start_mark
        return mark.line + 1, mark.column + 1

    def fault(self, key: str, message: str) -> None:
        """Record a fault at the value of a field; at the mapping, if it is absent."""
        node = self._values.get(key)
        self._fault_at(self._node if node is None else node, key, message)

    def fault_at_key(self, key: str, message: str) -> None:
        """Record a fault at the name of a field that is there."""
        self._fault_at(self._keys[key], key, message)

    def only(self, known: Mapping[str, str | None]) -> None:
        """Record a fault for each field that is not *known*.

        The values of *known* are None for fields, and the right name for usual wrong ones.
        """
        allowed = [name for name, right in known.items() if right is None]
        for key, node in self._keys.items():
            if key in allowed:
                continue
            right = known.get(key) or next(iter(difflib.get_close_matches(key, allowed, 1)), None)
            hint = f"did you mean `{right}`?" if right else f"known are {', '.join(allowed)}"
            self._fault_at(node, key, f"is not a field; {hint}")

    def require(self, *keys: str) -> None:
        """Record a fault for each of *keys* that is absent or empty."""
        for key in keys:
            if key not in self:
                self._fault_at(self._values.get(key, self._node), key, "is missing")

    def block(self, key: str) -> str | None:
        """Text as it stands, with its line ends."""
        return self._scalar(self._values[key], key) if key in self else None

    def text(self, key: str) -> str | None:
        """Text on one line: white space is one space. Blank text is a fault."""
        return self._line(self._values[key], key) if key in self else None

    def prose(self, key: str) -> str | None:
        """Text on one line in which a "#" is likely meant; cut off as a comment it is a fault."""
        text = self.text(key)
        if text is not None and self.source.comment_after(self._values[key]):
            self.fault(key, 'what follows " #" is a comment to YAML: put the text in quotes')
        return text

    def parsed(self, key: str, parse: Callable[[str], T]) -> T | None:
        """What *parse* makes of the text; its ValueError is a fault."""
        text = self.text(key)
        return None if text is None else self._parsed(self._values[key], key, text, parse)

    def flag(self, key: str) -> bool | None:
        """True or false."""
        if key not in self:
            return None
        node = self._values[key]
        if isinstance(node, yaml.ScalarNode) and node.tag == _BOOL:
            if node.value.lower() in ("true", "yes", "on"):
                return True
            if node.value.lower() in ("false", "no", "off"):
                return False
        self._fault_at(node, key, "must be true or false")
        return None

    def number(self, key: str, least: int, most: int) -> int | None:
        """A whole number in a range that includes both its ends."""

        def parse(text: str) -> int:
            if not re.fullmatch(r"\d{1,15}", text, re.ASCII) or not least <= int(text) <= most:
                raise ValueError(f"must be a whole number from {least} to {most}")
            return int(text)

        return self.parsed(key, parse)

    def choice(self, key: str, *values: str) -> str | None:
        """One of a few words."""

        def parse(text: str) -> str:
            if text not in values:
                raise ValueError(f"must be {' or '.join(values)}")
            return text

        return self.parsed(key, parse)

    def texts(self, key: str) -> "list[Item]":
        """A list of texts, each on one line."""
        items = []
        for item in self.items(key):
            if item.fields is not None:
                item.fault("must be text")
            elif item.text is not None:
                items.append(item)
        return items

    def items(self, key: str) -> "list[Item]":
        """A list of texts and mappings; one that stands alone is a list of one."""
        if key not in self:
            return []
        if key not in self._items:
            node = self._values[key]
            if isinstance(node, yaml.SequenceNode):
                found = [self._item(child, f"{key}[{n}]") for n, child in enumerate(node.value)]
            else:
                found = [self._item(node, key)]
            self._items[key] = found
        return self._items[key]

    def fields(self, key: str, example: str) -> "Fields | None":
        """A mapping inside this one; *example* shows what it holds to somebody who wrote text."""
        if key not in self:
            return None
        if key not in self._fields:
            node = self._values[key]
            if isinstance(node, yaml.MappingNode):
                self._fields[key] = Fields(self.source, node, self._name(key))
            else:
                self._fault_at(node, key, f"must hold fields, such as {example}")
                self._fields[key] = None
        return self._fields[key]

    def _item(self, node: yaml.Node, key: str) -> "Item":
        if isinstance(node, yaml.MappingNode):
            return Item(self, node, key, None, Fields(self.source, node, self._name(key)))
        return Item(self, node, key, self._line(node, key), None)

    def _line(self, node: yaml.Node, key: str) -> str | None:
        text = self._scalar(node, key)
        if text is None:
            return None
        line = " ".join(text.split())
        if not line:
            self._fault_at(node, key, "is blank")
            return None
        return line

    def _scalar(self, node: yaml.Node, key: str) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._fault_at(node, key, "must be text")
            return None
        if node.tag not in _PLAIN_TAGS:
            self._fault_at(node, key, f"YAML tags are not read here: remove {node.tag}")
            return None
        text: str = node.value
        if match := _NOT_XML.search(text):  # From an escape such as "\x0b".
            self._fault_at(node, key, _forbidden(match[0], "XML"))
            return None
        return text

    def _parsed(self, node: yaml.Node, key: str, text: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(text)
        except ValueError as error:
            self._fault_at(node, key, str(error))
            return None

    def _name(self, key: str) -> str:
        return f"{self._field}.{key}" if self._field else key

    def _fault_at(self, node: yaml.Node, key: str, message: str) -> None:
        mark = node.start_mark
        self.source.fault(
            message, line=mark.line + 1, column=mark.column + 1, field=self._name(key)
        )


class Item:
    """An element of a list: a text, a mapping, or neither after a fault."""

    def __init__(
        self, owner: Fields, node: yaml.Node, key: str, text: str | None, fields: Fields | None
    ) -> None:
        self.text = text
        self.fields = fields
        self._fault: Callable[[str], None] = lambda message: owner._fault_at(node, key, message)

    def fault(self, message: str) -> None:
        """Record a fault at this element."""
        self._fault(message)

    def parsed(self, parse: Callable[[str], T]) -> T | None:
        """What *parse* makes of the text; its ValueError is a fault."""
        try:
            return parse(self.text or "")
        except ValueError as error:
            self.fault(str(error))
            return None


def not_xml(text: str) -> str | None:
    """What is wrong with the first character of *text* that XML forbids; None if all may stand."""
    match = _NOT_XML.search(text)
    return _forbidden(match[0], "XML") if match else None


def _forbidden(character: str, who: str) -> str:
    return f"{who} forbids the character U+{ord(character):04X}: remove it"


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows *before*."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
