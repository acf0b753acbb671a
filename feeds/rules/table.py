"""Tables of elements: where each may stand, how often, with what value and which attributes.

A row is an :class:`Element`. :class:`Walk` goes through a tree with them and says what breaks the
tables; what a table cannot say is a rule of its own, beside the table.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from feeds.rules import Broken, Fault, Rule, Type, checks, declared
from feeds.rules.addresses import reference
from feeds.rules.dates import space_around_value
from feeds.rules.markup import unescaped
from feeds.rules.values import language as language_type
from feeds.rules.xml import Node, garbled, garbled_characters

XML_SPACE = "http://www.w3.org/XML/1998/namespace"
PROFILE = "https://www.rssboard.org/rss-profile"
RFC4287 = "https://www.rfc-editor.org/rfc/rfc4287"

# How often an element stands in its parent: once, at most once, at least once, or as it likes.
Often = Literal["must", "may", "some", "many"]


@declared("S101", "error", PROFILE + "#required-elements")
def missing_element() -> None:
    """<{parent}> has no <{element}>.

    The specification asks for it, and readers build on it: some refuse the whole feed, others show
    an empty line. Add the element.
    """


@declared("S102", "error", PROFILE)
def repeated_element() -> None:
    """<{element}> stands more than once in <{parent}>.

    Readers take the first, or the last, or both; nobody can tell which. Keep one.
    """


@declared("S103", "error", RFC4287 + "#section-6.1")
def unknown_element() -> None:
    """<{element}> may not stand in <{parent}>.

    No specification defines it at this place, so readers ignore it, or refuse the feed. It may be
    misspelt (case matters), at the wrong place, or in need of a namespace of its own.
    """


@declared("S104", "error", PROFILE)
def missing_attribute() -> None:
    """<{element}> has no attribute “{attribute}”.

    Without it the element says nothing that a reader could use. Add the attribute.
    """


@declared("S105", "error", RFC4287 + "#section-6.1")
def unknown_attribute() -> None:
    """<{element}> has an attribute that is not defined: “{attribute}”.

    Readers ignore it, so what it was meant to say is lost. It may be misspelt: case matters.
    """


@declared("S106", "error", RFC4287 + "#section-2")
def text_between_elements() -> None:
    """<{element}> holds text where only elements may stand: {text}.

    Readers ignore it, or show it at a place where nobody expects it. It is often the rest of a tag
    that was damaged.
    """


@declared("S107", "warning", RFC4287)
def empty_attribute() -> None:
    """<{element}> has no value.

    Readers treat it as if it were not there, or as a mistake. Fill it or leave it out.
    """


@declared("S109", "error", RFC4287 + "#section-3.1")
def markup_not_escaped() -> None:
    """<{element}> holds tags where text is wanted: <{tag}>.

    HTML in a feed is escaped, or stands in a CDATA section; as it is, readers see elements that
    they do not know, and show nothing.
    """


@declared("S110", "warning", RFC4287 + "#section-6.3")
def not_in_a_namespace() -> None:
    """<{element}> in <{parent}> is in no namespace, so nobody can tell what it means.

    Elements of one's own stand in a namespace of one's own: declare it on the root, and write the
    element with its prefix.
    """


def filled(text: str) -> Broken:
    """Any value of an attribute that is not empty."""
    return () if text.strip() else ((empty_attribute, {}),)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What an attribute may hold, and whether it must be there."""

    types: tuple[Type, ...] = ()
    must: bool = False


def need(*types: Type) -> Attribute:
    """An attribute that must be there."""
    return Attribute(types, must=True)


def may(*types: Type) -> Attribute:
    """An attribute that may be there."""
    return Attribute(types)


NodeCheck = Callable[[Node], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Element:
    """A row: an element by its local name.

    ``types`` judge its text, the first that it breaks is said. ``children`` are the rows of its own
    vocabulary that may stand in it; an element that has them holds no text. ``kind`` names what
    the rules look at, and where the modules' rows may stand. ``free`` elements may hold whatever
    they like, and have any attributes where the row has none; ``open`` ones hold whatever has a
    place there. ``about`` is what the rules take it for, where that is not its kind. ``literal``
    text is RSS's, where &#x26; is a literal ampersand. ``exact`` values have no white space around
    them.
    ``check`` yields (rule, node, details) for what belongs to this row alone.
    """

    name: str
    often: Often = "may"
    types: tuple[Type, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: "Mapping[str, Element] | None" = None
    kind: str = ""
    free: bool = False
    literal: bool = False
    exact: bool = False
    open: bool = False
    about: str | None = None
    check: NodeCheck | None = None


def row(name: str, often: Often = "may", *types: Type, **more: Any) -> Element:
    """A row of a table."""
    return Element(name, often, types, **more)


def rows(*elements: Element) -> dict[str, Element]:
    """A table, by name."""
    return {element.name: element for element in elements}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rows of one namespace, by the kind of element in which they stand; ``any`` is all kinds.

    Of an ``alien`` vocabulary only those rows are judged; it may have others.
    """

    space: str
    prefix: str
    places: Mapping[str, Mapping[str, Element]]
    alien: bool = False


# Nobody reads more of one document, and a document of many tiny mistakes would fill the memory.
MAX_FAULTS = 10_000


class Walk:
    """Goes through a tree by the tables; collects faults."""

    def __init__(self, modules: Mapping[str, Vocabulary], entry_id: Callable[[Node], str]) -> None:
        self.modules = modules
        self.entry_id = entry_id
        self.faults: list[Fault] = []
        self.entry = ""

    def broken(self, rule: Rule, node: Node, **details: object) -> None:
        """Note that *node* breaks *rule*."""
        if len(self.faults) >= MAX_FAULTS:
            return
        details.setdefault("element", node.name)
        details.setdefault("parent", node.parent.name if node.parent else "")
        where = details.pop("field", None) or node.name
        self.faults.append(
            rule.at(node.line, node.column, node.end_line, field=where, entry=self.entry, **details)
        )

    def value(
        self, node: Node, text: str, types: Iterable[Type], attribute: str = "", exact: bool = False
    ) -> None:
        """Judge a value by its types, up to the first that it breaks."""
        name = f"{node.name} {attribute}" if attribute else node.name
        for kind in types:
            broken: Broken = kind(text)
            for rule, details in broken:
                self.broken(
                    rule, node, **{"element": name, "field": name.replace(" ", "@"), **details}
                )
            if broken:
                return
        if exact and text != node.text:
            self.broken(space_around_value, node)

    def element(self, node: Node, table: Element) -> None:
        """Judge *node* and what stands in it."""
        if table.kind in ("item", "entry"):
            self.entry = self.entry_id(node)
        self._attributes(node, table)
        text = node.text.strip()
        # What breaks off in the middle of a value says nothing of the value.
        half = table.children is None and not node.whole
        if table.free or half:
            pass
        elif table.children is not None:
            if text:
                self.broken(text_between_elements, node, text=text)
        elif node.children and not self._alien(node):
            self.broken(markup_not_escaped, node, tag=node.children[0].name)
        elif text:
            if found := garbled(text):
                self.broken(
                    garbled_characters, node, element=f"<{node.name}>", found=ascii(found[0])
                )
            # A literal & or < in RSS is written as a number (RSS profile, character data).
            if table.literal and not node.children and ("&" in text or "<" in text):
                text = _literal(node.raw) or text
            self.value(node, text, table.types, exact=table.exact)
        else:
            self.value(node, text, table.types)
        if table.check and not half:
            self.rule_faults(table.check, node)
        self._children(node, table)
        about = table.kind if table.about is None else table.about
        for rule, check in checks(about):
            for found in check(node):
                self._found(rule, found)
        if table.kind in ("item", "entry"):
            self.entry = ""

    def rule_faults(self, check: NodeCheck, node: Node) -> None:
        """The faults of a check that belongs to one row: it yields (rule, node, details)."""
        for rule, where, details in check(node):
            self.broken(rule, where, **details)

    def _found(self, rule: Rule, found: Any) -> None:
        node, details = found if isinstance(found, tuple) else (found, {})
        self.broken(rule, node, **details)

    def _attributes(self, node: Node, table: Element) -> None:
        given = node.attributes
        for name, value in given.items():
            if name[0] == "{":
                if name.startswith("{" + XML_SPACE):
                    self._xml_attribute(node, name, value)
                continue
            known = table.attributes.get(name)
            if known is None:
                if table.attributes or not table.free:
                    self.broken(unknown_attribute, node, attribute=name)
            else:
                if found := garbled(value):
                    self.broken(
                        garbled_characters,
                        node,
                        element=f"{name} of <{node.name}>",
                        found=ascii(found[0]),
                    )
                self.value(node, value, known.types, name)
        for name, known in table.attributes.items():
            if known.must and name not in given:
                self.broken(missing_attribute, node, attribute=name)

    def _xml_attribute(self, node: Node, name: str, value: str) -> None:
        if name.endswith("}lang") and value:
            self.value(node, value, (language_type,), "xml:lang")
        elif name.endswith("}base"):
            self.value(node, value, (reference,), "xml:base")

    def _children(self, node: Node, table: Element) -> None:
        seen: dict[tuple[str, str], int] = {}
        for child in node.children:
            found = self.row_of(node, child, table)
            if found is None:
                continue
            key = (child.space, child.local)
            seen[key] = seen.get(key, 0) + 1
            if found.often in ("must", "may") and seen[key] == 2:
                self.broken(repeated_element, child)
            self.element(child, found)
        if not node.whole:
            return
        for name, wanted in (table.children or {}).items():
            if wanted.often in ("must", "some") and (node.space, name) not in seen:
                element = _prefix(node) + name
                self.broken(
                    missing_element, node, parent=node.name, element=element, field=node.name
                )

    def row_of(self, node: Node, child: Node, table: Element) -> Element | None:
        """The row for *child*; None, with the fault noted, if it has none that could be judged."""
        if child.space == node.space:
            child.name = _prefix(node) + child.local
            found = (table.children or {}).get(child.local)
            if found is None and table.children is not None and not (table.free or table.open):
                self.broken(unknown_element, child)
            return found
        module = self.modules.get(child.space)
        if module is None:
            if not child.space and table.kind and not table.free:
                self.broken(not_in_a_namespace, child)
            return None
        child.name = f"{module.prefix}:{child.local}" if module.prefix else child.local
        if table.free:
            return None
        for place in (table.kind, "any"):
            found = module.places.get(place, {}).get(child.local)
            if found is not None:
                return found
        if table.kind and not (module.alien or table.open):
            self.broken(unknown_element, child)
        return None

    def _alien(self, node: Node) -> bool:
        """Whether the elements in a node of text are all of vocabularies that are not known."""
        return all(
            child.space and child.space != node.space and child.space not in self.modules
            for child in node.children
        )


def _prefix(node: Node) -> str:
    """What messages put before the names of a node's vocabulary: its usual prefix and a colon."""
    return node.name.removesuffix(node.local)


_PIECES = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<verbatim>.*?)\]\]>|(?P<text>[^<]+)", re.DOTALL
)


def _literal(raw: str) -> str:
    """The text of an element's source, its hexadecimal & and < made harmless."""
    pieces = []
    for piece in _PIECES.finditer(raw):
        if piece["text"]:
            harmless = re.sub("&#x0*26;", "\ue000", piece["text"])
            pieces.append(unescaped(re.sub("&#x0*3[cC];", "\ue001", harmless)))
        else:
            pieces.append(piece["verbatim"] or "")
    return "".join(pieces)
