"""A document of XML is recognised and judged by the tables and rules of its kind."""

from collections.abc import Mapping
from urllib.parse import urljoin

from feeds.rules import Fault, Rule, atom, declared, opensearch, opml, podcast, rdf, rss, xml
from feeds.rules.addresses import reference
from feeds.rules.atom import ATOM, XHTML
from feeds.rules.modules import MODULES, RDF
from feeds.rules.table import Element, Vocabulary, Walk
from feeds.rules.xml import Node, Tree

OLD_ATOM = frozenset({"http://purl.org/atom/ns#", "http://example.com/newformat#"})
# Prefixes that some readers go by.
PREFIXES = {
    module.prefix: module.space
    for module in MODULES.values()
    if module.prefix in {"atom", "content", "dc", "itunes", "media", "slash", "sy", "wfw"}
}


@declared("X120", "error", "https://www.rssboard.org/rss-specification")
def not_a_feed() -> None:
    """The document is no feed: its root is <{element}>.

    Readers know RSS, Atom and JSON Feed. A web page in its place is often a wrong address, or an
    error page.
    """


@declared("X121", "error", "https://www.rfc-editor.org/rfc/rfc4287#section-2")
def missing_namespace() -> None:
    """<{element}> is in no namespace; Atom's is missing.

    Without ``xmlns="http://www.w3.org/2005/Atom"`` readers see no feed.
    """


@declared("X122", "error", "https://www.rfc-editor.org/rfc/rfc4287#section-2")
def wrong_namespace() -> None:
    """<{element}> is in a namespace that is not that of its vocabulary: {value}.

    Readers compare namespaces letter by letter, and see no feed. RSS is in none, Atom in
    ``http://www.w3.org/2005/Atom``.
    """


@declared("X123", "error", "https://www.rfc-editor.org/rfc/rfc4287")
def obsolete_format() -> None:
    """The feed is in {value}, a draft that was given up.

    New readers do not know it. Publish Atom 1.0.
    """


@declared("X124", "warning", "https://www.rssboard.org/rss-profile#namespace-elements-atom-link")
def self_link_elsewhere() -> None:
    """The link rel="self" is {value}, but the feed is at {address}.

    Readers may subscribe to the address that the feed gives for itself.
    """


@declared("X125", "error", "https://html.spec.whatwg.org/multipage/links.html#link-type-alternate")
def web_page() -> None:
    """The document is a web page and no feed; it names {feed}.

    Readers that get a page look for the feeds that it names in its head; some do not. Give them,
    and the validator, the address of the feed itself.
    """


def judge(tree: Tree, base: str | None = None) -> list[Fault]:
    """What is wrong with a document that was read; *base* is the address at which it lives."""
    faults = list(tree.faults)
    root = tree.root
    if root is None:
        return faults
    for prefix, space in tree.namespaces.items():
        known = PREFIXES.get(prefix)
        if known and space and MODULES.get(space) is not MODULES[known]:
            faults.append(
                xml.prefix_of_another_namespace.at(
                    root.line, root.column, prefix=prefix, known=known
                )
            )
        if reference(space):
            faults.append(xml.bad_namespace.at(root.line, root.column, value=space))
    table, modules = _recognise(root, faults)
    if table is None:
        return faults
    walk = Walk(modules, _entry_id)
    walk.element(root, table)
    faults += walk.faults
    faults += _prefixes(root)
    if base is not None:
        faults += _self_links(root, base)
    if root.local == "rss":
        faults += _podcast(root, tree)
    return faults


def _recognise(root: Node, faults: list[Fault]) -> tuple[Element | None, Mapping[str, Vocabulary]]:
    """The table for a root; None, with the fault noted, if there is none."""
    modules: Mapping[str, Vocabulary] = MODULES
    table: Element | None = None
    name = (root.space, root.local)
    if name == ("", "rss"):
        table = rss.ROOT
    elif name == (ATOM, "feed"):
        table = atom.ROOT
    elif name == (ATOM, "entry"):
        table = atom.ENTRY_ROOT
    elif name == (RDF, "RDF"):
        table, modules = rdf.ROOT, rdf.VOCABULARIES
    elif name == ("", "opml"):
        table = opml.ROOT
    elif name == (opensearch.SPACE, "OpenSearchDescription"):
        table = opensearch.ROOT
    elif root.local in ("feed", "entry") and root.space in OLD_ATOM:
        faults.append(obsolete_format.at(root.line, root.column, field="feed", value="Atom 0.3"))
    elif root.local in ("feed", "entry") and not root.space:
        faults.append(_at(missing_namespace, root))
    elif root.local in ("feed", "rss", "opml", "OpenSearchDescription", "RDF") and root.space:
        faults.append(_at(wrong_namespace, root, value=root.space))
    else:
        faults.append(_at(not_a_feed, root))
    return table, modules


def _at(rule: Rule, node: Node, **details: object) -> Fault:
    return rule.at(
        node.line, node.column, node.end_line, field=node.local, element=node.local, **details
    )


def _entry_id(node: Node) -> str:
    for local, space in (("guid", ""), ("id", ATOM), ("link", node.space)):
        found = node.child(local, space)
        if found is not None:
            return found.text.strip()
    return ""


def _prefixes(root: Node) -> list[Fault]:
    """Atom and XHTML are best written without prefixes; said once for each."""
    said: dict[str, Fault] = {}
    waiting = [root] if root.space == ATOM else []
    while waiting and len(said) < 2:
        node = waiting.pop()
        waiting.extend(node.children)
        if node.prefix and node.space in (ATOM, XHTML) and node.space not in said:
            said[node.space] = xml.prefix_on_main_vocabulary.at(
                node.line, node.column, element=f"<{node.prefix}:{node.local}>"
            )
    return list(said.values())


def _self_links(root: Node, base: str) -> list[Fault]:
    head = root.child("channel") if root.local == "rss" else root
    found = atom.links(head, "self") if head is not None and head.local != "entry" else []
    for link in found:
        try:
            address = urljoin(base, link.get("href").strip())
        except ValueError:
            return []  # One of them is no address; of the link, that is said already.
        if address.partition("#")[0] != base.partition("#")[0]:
            return [
                self_link_elsewhere.at(
                    link.line,
                    link.column,
                    link.end_line,
                    field="link@href",
                    value=address,
                    address=base,
                )
            ]
    return []


def _podcast(root: Node, tree: Tree) -> list[Fault]:
    channel = root.child("channel")
    if channel is None or not any(child.space == podcast.ITUNES for child in channel):
        return []
    faults = []
    if tree.encoding not in ("utf-8", "ascii"):
        faults.append(
            podcast.podcast_not_in_utf8.at(channel.line, channel.column, encoding=tree.encoding)
        )
    wanted = ("category", "explicit", "image") if channel.whole else ()
    return faults + [
        podcast.itunes_element_missing.at(
            channel.line,
            channel.column,
            channel.end_line,
            field="channel",
            element=f"itunes:{name}",
        )
        for name in wanted
        if channel.child(name, podcast.ITUNES) is None
    ]
