"""Hostile bytes become a tree of nodes, with what is wrong with them as XML.

Expat reads, because it tells line and column and can be told to expand nothing: no entity, no
external subset, no network. Size, depth and the number of nodes are bounded. A document that ends
in a fault is judged as far as it goes; nodes that were open then are not ``whole``, so nothing is
said to be missing in them.
"""

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any
from xml.parsers import expat

from feeds.rules import Fault, declared

XML = "https://www.w3.org/TR/xml/"
NAMESPACES = "https://www.w3.org/TR/xml-names/"
RFC7303 = "https://www.rfc-editor.org/rfc/rfc7303#section-3"

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 256
MAX_NODES = 400_000
# A declared entity is a character or a word, never a text made of others.
MAX_ENTITY = 256
# By how much entities may lengthen a document.
MAX_GROWTH = 1024 * 1024
# Expat puts both into each element; neither has a use in a feed.
MAX_NAMESPACE = 512
MAX_DECLARED_ATTRIBUTES = 100


@declared("X101", "error", XML + "#sec-well-formed")
def ill_formed_xml() -> None:
    """The document is not well-formed XML: {what}.

    Most readers stop here: they show nothing, or an error in place of the feed. What follows was
    not checked.
    """


@declared("X102", "error", XML + "#sec-predefined-ent")
def undefined_entity() -> None:
    """The entity {entity} is not defined in XML.

    XML knows ``&amp;``, ``&lt;``, ``&gt;``, ``&quot;`` and ``&apos;`` only; those of HTML stop most
    readers. Write the character itself, or its number.
    """


@declared("X103", "error", NAMESPACES + "#ns-using")
def undeclared_prefix() -> None:
    """A prefix is used that no xmlns attribute declares.

    Most readers stop here. Declare the namespace on the root element, as
    ``xmlns:dc="http://purl.org/dc/elements/1.1/"``.
    """


@declared("X104", "error", XML + "#charencoding")
def wrong_encoding() -> None:
    """These bytes are not {encoding}, in which the document is said to be.

    Readers stop, or show æ, ø and å as two characters each. Say the encoding that the file is saved
    in; UTF-8 is understood by all.
    """


@declared("X105", "error", XML + "#charencoding")
def unknown_encoding() -> None:
    """The encoding {encoding} is not known.

    Readers that do not know it stop. Save the file as UTF-8.
    """


@declared("X106", "info", RFC7303)
def encoding_not_utf_8() -> None:
    """The document is in {encoding}.

    Readers must know UTF-8 and UTF-16; others are a favour. Save the file as UTF-8.
    """


@declared("X107", "error", "https://www.w3.org/TR/xml/")
def document_too_large() -> None:
    """The document has more than {limit}, and was not checked.

    No reader takes in a document of this size, and every subscriber would fetch it again and
    again. Keep the newest posts in the feed.
    """


@declared("X108", "error", XML)
def nested_too_deeply() -> None:
    """Elements are nested more than {limit} deep.

    Readers bound the depth, to be safe from documents made to break them.
    """


@declared("X109", "warning", "https://www.w3.org/International/questions/qa-controls")
def garbled_characters() -> None:
    """{element} holds characters that come from a wrong encoding: {found}.

    Text was read in another encoding than it was saved in, or encoded twice; readers show it as
    garbage. Find the step that reads the text with the wrong encoding.
    """


@declared("X110", "info", XML + "#sec-external-ent")
def external_entity() -> None:
    """The document type refers to something outside the document.

    Readers fetch nothing, for safety, and many refuse a document that asks them to. Leave the
    DOCTYPE out.
    """


@declared("X111", "warning", XML + "#sec-entity-decl")
def entity_declared() -> None:
    """The document declares entities of its own.

    Careful readers refuse such documents, because entities are a known way to exhaust memory. Write
    the characters themselves.
    """


@declared("X112", "error", XML + "#sec-entity-decl")
def entity_bomb() -> None:
    """The document declares entities that grow when they are put in; it was not read on.

    Readers refuse it. Write the text itself.
    """


@declared("X113", "error", "https://www.rssboard.org/rss-0-9-1-netscape#doctype")
def obsolete_dtd() -> None:
    """The document type of RSS 0.91 is no longer where it was.

    Netscape took it off its site; software that fetches it fails. Leave the DOCTYPE out.
    """


@declared("X114", "warning", NAMESPACES + "#defaulting")
def prefix_on_main_vocabulary() -> None:
    """{element} is written with a prefix, which some readers do not understand.

    They look for the plain names of Atom and XHTML. Declare the namespace with ``xmlns="…"``.
    """


@declared("X115", "error", NAMESPACES + "#iri-use")
def bad_namespace() -> None:
    """The name of a namespace is not an address: {value}.

    Namespaces are compared letter by letter; software checks that they are addresses.
    """


@declared("X116", "warning", NAMESPACES + "#ns-decl")
def prefix_of_another_namespace() -> None:
    """The prefix {prefix} is bound to a namespace that is not the one known by it.

    Readers that go by the prefix alone take the elements for others. Check the namespace for a slip
    of the pen: it should be {known}.
    """


# What must not be looked up as a text encoding though Python knows it.
_NO_ENCODINGS = frozenset(
    {
        "utf-7",
        "punycode",
        "idna",
        "unicode-escape",
        "raw-unicode-escape",
        "undefined",
        "mbcs",
        "oem",
    }
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16", "utf-32")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]{0,60})[\"']")
_REFERENCE = re.compile(rb"&([^#&;<>\s]+);")
_SEPARATOR = "\n"
# The two bytes of an accented letter in UTF-8, read as Latin-1 or Windows-1252.
_GARBLED = re.compile("[\x80-\x9f\ufffd]|[ÂÃ][\x80-\xbf]|â€[œ\x9d™˜¦“”]")
_EXPLAINED = {
    expat.errors.XML_ERROR_TAG_MISMATCH: "an end tag that does not fit the start tag",
    expat.errors.XML_ERROR_INVALID_TOKEN: "a character that may not stand here, as a bare & or <",
    expat.errors.XML_ERROR_NO_ELEMENTS: "there is no element",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "a tag that does not end",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "something stands after the end of the root",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "an attribute stands twice in a tag",
    expat.errors.XML_ERROR_SYNTAX: "something stands where a tag is wanted",
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "the XML declaration does not stand at the beginning",
    expat.errors.XML_ERROR_BAD_CHAR_REF: "a number that stands for no character",
}  # fmt: skip
_UNCLOSED = (expat.errors.XML_ERROR_TAG_MISMATCH, expat.errors.XML_ERROR_NO_ELEMENTS)


class Node:
    """An element: ``space`` and ``local`` are its name, ``name`` how messages call it.

    Lines and columns count from 1. ``whole`` is false for an element whose end was not reached.
    ``raw`` is what stands between its tags in the source.
    """

    __slots__ = (
        "_named", "_text", "attributes", "children", "column", "end", "end_line", "line", "local",
        "name", "parent", "prefix", "source", "space", "start", "whole",
    )  # fmt: skip

    def __init__(
        self, space: str, local: str, prefix: str, attributes: dict[str, str], parent: "Node | None"
    ) -> None:
        self.space, self.local, self.prefix = space, local, prefix
        self.name = local
        self.attributes = attributes
        self.parent = parent
        self.children: list[Node] = []
        self._named: dict[tuple[str, str], list[Node]] | None = None
        self._text: Any = []
        self.line = self.column = self.end_line = self.start = self.end = 0
        self.source = b""
        self.whole = False

    @property
    def text(self) -> str:
        """The characters that stand directly in it."""
        if isinstance(self._text, list):
            self._text = "".join(self._text)
        return str(self._text)

    @property
    def raw(self) -> str:
        """What stands between its tags, as it is written; empty for one that does not end."""
        inside = self.source[self.start : self.end].decode()
        return re.sub(r"^<(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>", "", inside)

    def get(self, attribute: str, default: str = "") -> str:
        """The value of an attribute in no namespace."""
        return self.attributes.get(attribute, default)

    def child(self, local: str, space: str | None = None) -> "Node | None":
        """The first child of that name, in the same namespace if none is given."""
        found = self.all(local, space)
        return found[0] if found else None

    def all(self, local: str, space: str | None = None) -> "list[Node]":
        """All children of that name."""
        if self._named is None:
            # Rules ask for many names, and one that asks its parent is asked by all its siblings.
            self._named = {}
            for child in self.children:
                self._named.setdefault((child.space, child.local), []).append(child)
        return self._named.get((self.space if space is None else space, local), [])

    def __iter__(self) -> "Iterator[Node]":
        return iter(self.children)


class Tree:
    """A document that was read: its root, if there is one, and what is wrong with it as XML."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self.encoding = "utf-8"
        self.namespaces: dict[str, str] = {}


def read(body: bytes, charset: str | None = None) -> Tree:
    """*body* as a tree. *charset* is what came with it from outside, and beats what it says.

    A byte order mark beats both (RFC 7303, section 3.3).
    """
    tree = Tree()
    if len(body) > MAX_BYTES:
        tree.faults.append(document_too_large.at(limit=f"{MAX_BYTES // 1024 // 1024} MiB"))
        return tree
    source = _decode(body, charset, tree)
    builder = _Builder(tree, source)
    builder.run()
    return tree


def _decode(body: bytes, charset: str | None, tree: Tree) -> bytes:
    """The document in UTF-8, without a byte order mark."""
    mark = next((name for bom, name in _BOMS if body.startswith(bom)), "")
    # RFC 7303, section 3.3: a byte order mark beats all that is said.
    name = mark or charset or _stated(body) or _guessed(body)
    codec = _codec(name)
    trusted = codec is not None
    if codec is None:
        tree.faults.append(unknown_encoding.at(1, 1, encoding=name))
        codec = "utf-8"
    elif codec.startswith(_WIDE) and body[:1] == b"<" and body[1:2] != b"\0":
        # What is said of the encoding could not be read in that encoding.
        tree.faults.append(wrong_encoding.at(1, 1, encoding=name))
        codec, trusted = "utf-8", False
    tree.encoding = codec
    try:
        text = body.decode(codec)
    except UnicodeError as error:
        if trusted:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line, column = _place(body[:start].decode(codec, "replace"))
            tree.faults.append(wrong_encoding.at(line, column, encoding=name))
        # The fault is said; U+FFFD would be another.
        text = body.decode(codec, "replace").replace("\ufffd", "?")
    source = text.removeprefix("\ufeff").encode("utf-8", "replace")
    own = _stated(source)
    if trusted and own and not charset and _family(own) != _family(codec):
        rule = wrong_encoding if _codec(own) else unknown_encoding
        tree.faults.append(rule.at(1, 1, encoding=own))
    elif trusted and _family(codec) not in ("utf-8", "utf-16", "ascii"):
        tree.faults.append(encoding_not_utf_8.at(1, 1, encoding=name))
    return source


def _stated(body: bytes) -> str:
    """The encoding that a document in some kind of ASCII states."""
    declared = _DECLARED.match(body.lstrip())
    return declared[1].decode("latin-1") if declared else ""


def _guessed(body: bytes) -> str:
    """XML, appendix F: the first byte tells, where nothing else does."""
    return {b"\0<": "utf-16-be", b"<\0": "utf-16-le"}.get(body[:2], "utf-8")


def _family(encoding: str) -> str | None:
    codec = _codec(encoding)
    return codec[:6] if codec and codec.startswith(_WIDE) else codec


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    if found.name in _NO_ENCODINGS or not found._is_text_encoding:
        return None
    return found.name


def _place(before: str) -> tuple[int, int]:
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


class _Stop(Exception):
    """Enough was read."""


class _Builder:
    """Puts the tree together from what expat tells."""

    def __init__(self, tree: Tree, source: bytes) -> None:
        self.tree, self.source = tree, source
        self.open: list[Node] = []
        self.count = self.declared = 0
        self.entities: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8", _SEPARATOR)
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EndDoctypeDeclHandler = self._doctype_ends
        self.parser.EntityDeclHandler = self._entity_declared
        self.parser.AttlistDeclHandler = self._attribute_declared
        # Attributes that a DTD adds to each element would be a bomb of their own.
        self.parser.specified_attributes = True
        # With a default handler expat expands no entity in content, but skips it by name.
        self.parser.DefaultHandler = lambda _text: None
        self.parser.SkippedEntityHandler = self._skipped

    def run(self) -> None:
        try:
            self.parser.Parse(self.source, True)
        except _Stop:
            pass
        except expat.ExpatError as error:
            self._ill_formed(error)

    def _ill_formed(self, error: expat.ExpatError) -> None:
        line, column = error.lineno, error.offset + 1
        kind = expat.ErrorString(error.code)
        if kind == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
            rest = self.source[self.parser.ErrorByteIndex :][:40].decode("utf-8", "replace")
            entity = re.match(r"&[\w.-]+;", rest)
            self.tree.faults.append(
                undefined_entity.at(line, column, entity=entity[0] if entity else "&…;")
            )
        elif kind == expat.errors.XML_ERROR_UNBOUND_PREFIX:
            self.tree.faults.append(undeclared_prefix.at(line, column))
        else:
            what = _EXPLAINED.get(kind, kind)
            if self.open and kind in _UNCLOSED:
                top = self.open[-1]
                what = f"<{top.name}> of line {top.line} is not closed"
            self.tree.faults.append(ill_formed_xml.at(line, column, what=what))
        for node in self.open:
            node.end_line = line

    def _here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._too_large(f"{MAX_NODES} elements")
        if len(self.open) >= MAX_DEPTH:
            self.tree.faults.append(nested_too_deeply.at(*self._here(), limit=MAX_DEPTH))
            raise _Stop
        parent = self.open[-1] if self.open else None
        node = Node(*_split(name), {_attribute(key): v for key, v in attributes.items()}, parent)
        node.line, node.column = self._here()
        node.start = self.parser.CurrentByteIndex
        if parent is None:
            self.tree.root = node
        else:
            parent.children.append(node)
        self.open.append(node)

    def _end(self, _name: str) -> None:
        node = self.open.pop()
        node.end_line = self.parser.CurrentLineNumber
        node.end = self.parser.CurrentByteIndex
        node.source = self.source
        node.whole = True

    def _characters(self, text: str) -> None:
        self.open[-1]._text.append(text)

    def _too_large(self, limit: str) -> None:
        self.tree.faults.append(document_too_large.at(*self._here(), limit=limit))
        raise _Stop

    def _namespace(self, prefix: str | None, space: str | None) -> None:
        if space and len(space) > MAX_NAMESPACE:
            self._too_large(f"{MAX_NAMESPACE} characters in the name of a namespace")
        self.tree.namespaces.setdefault(prefix or "", space or "")

    def _doctype(self, _name: str, system: str | None, public: str | None, _internal: int) -> None:
        if system and "netscape.com" in system:
            self.tree.faults.append(obsolete_dtd.at(*self._here()))
        elif system or public:
            self.tree.faults.append(external_entity.at(*self._here()))

    def _attribute_declared(self, *_declaration: object) -> None:
        self.declared += 1
        if self.declared > MAX_DECLARED_ATTRIBUTES:
            self._too_large(f"{MAX_DECLARED_ATTRIBUTES} declared attributes")

    def _doctype_ends(self) -> None:
        if self.entities:
            used = (found[1].decode() for found in _REFERENCE.finditer(self.source))
            if sum(len(self.entities.get(name, "")) for name in used) > MAX_GROWTH:
                self.tree.faults.append(entity_bomb.at(*self._here()))
                raise _Stop

    def _entity_declared(
        self, name: str, parameter: int, value: str | None, _base: str | None,
        system: str | None, _public: str | None, _notation: str | None,
    ) -> None:  # fmt: skip
        if system is not None:
            self.tree.faults.append(external_entity.at(*self._here()))
            return
        value = value or ""
        if parameter or len(value) > MAX_ENTITY or re.search("[&%]", value):
            self.tree.faults.append(entity_bomb.at(*self._here()))
            raise _Stop
        if not self.entities:
            self.tree.faults.append(entity_declared.at(*self._here()))
        self.entities[name] = value

    def _skipped(self, name: str, _parameter: bool) -> None:
        # Where there is an external subset, expat takes an unknown entity to be declared there.
        # Of those of parameters it tells only when it was asked to expand them.
        self._characters(self.entities.get(name) or html5.get(name + ";", ""))


def _split(name: str) -> tuple[str, str, str]:
    parts = name.split(_SEPARATOR)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""


def _attribute(name: str) -> str:
    space, local, _ = _split(name)
    return f"{{{space}}}{local}" if space else local


def garbled(text: str) -> Any:
    """The first sign of a wrong encoding in *text*, or None."""
    return _GARBLED.search(text)
