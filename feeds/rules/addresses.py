"""Addresses and ids: URIs, IRIs, tag URIs, URNs."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from feeds.rules import Broken, declared

RFC3986 = "https://www.rfc-editor.org/rfc/rfc3986#section-2"
RFC3987 = "https://www.rfc-editor.org/rfc/rfc3987#section-2.2"
RFC4151 = "https://www.rfc-editor.org/rfc/rfc4151#section-2.1"
RFC8141 = "https://www.rfc-editor.org/rfc/rfc8141#section-2"
RFC9562 = "https://www.rfc-editor.org/rfc/rfc9562#section-4"
ATOM_ID = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.6.1"


@declared("V110", "error", RFC3986 + ".1")
def address_not_absolute() -> None:
    """<{element}> must be a whole address, with its scheme: {value}.

    Readers store feeds under their own addresses and resolve nothing: a relative link leads
    nowhere, or into the reader. Write it out: ``https://example.org/…``.
    """


@declared("V111", "error", RFC3987)
def bad_address_character() -> None:
    """<{element}> has a character that no address may hold: {character}.

    Spaces, quotes, angle brackets and the like end an address in many readers. Write them
    percent-encoded: ``%20`` for a space.
    """


@declared("V112", "error", RFC3986)
def bad_address() -> None:
    """<{element}> is not an address: {value}.

    Nothing can be fetched from it. An address of the web is ``https://``, a host name, and a
    path.
    """


@declared("V113", "warning", ATOM_ID)
def id_not_canonical() -> None:
    """<{element}> can be written more plainly, and will be by some software: {value}.

    Ids are compared letter by letter. Software that tidies addresses up (lower case for scheme and
    host, no default port, no ``.`` segments, ``/`` for an empty path, capital hexadecimal digits)
    makes another id of it, and readers show the post twice.
    """


@declared("V114", "error", RFC4151)
def bad_tag_uri() -> None:
    """<{element}> is not a tag URI: {value}.

    A tag URI is ``tag:``, a host name or an e-mail address that was yours, a comma, a date on
    which it was, a colon, and what you like: ``tag:example.org,2020:post-1``.
    """


@declared("V115", "error", RFC8141)
def bad_urn() -> None:
    """<{element}> is not a URN: {value}.

    A URN is ``urn:``, a registered namespace of letters, digits and hyphens, a colon, and a name
    in it.
    """


@declared("V116", "error", RFC9562)
def bad_uuid() -> None:
    """<{element}> is not a UUID: {value}.

    A UUID is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12. One that is made by hand is not
    unique.
    """


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)
# RFC 3987, section 2.2: what neither a URI nor an IRI may hold; [ and ] only around an IPv6 host.
_BAD = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f-\x9f\ufff0-\uffff]')
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(
    r"(?:[^@/?#\[\]]*@)?(?:\[[0-9A-Fa-f:.]+(?:%25[\w.~-]+)?\]|\[v[\da-f]+\.[^\]]+\]|[^:/?#@\[\]]+)"
    r"(?::\d*)?",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"[Tt][Aa][Gg]:(?:[\w.+~-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?,"
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?:"
    r"(?:[\w.~:/?@!$&'()*+,;=-]++|%[0-9A-Fa-f]{2}|[^\x00-\x9f])*+"
    r"(?:#(?:[\w.~:/?@!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})*+)?",
    re.ASCII,
)
_URN = re.compile(
    r"urn:(?P<space>[A-Za-z0-9][A-Za-z0-9-]{0,31}):"
    r"(?P<name>(?:[\w.~:/?@!$&'()*+,;=#-]++|%[0-9A-Fa-f]{2})++)",
    re.IGNORECASE | re.ASCII,
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_WITH_HOST = {"http", "https", "ftp", "ftps", "ws", "wss", "feed"}


@lru_cache(maxsize=8192)
def reference(text: str) -> Broken:
    """An address, whole or relative: a URI reference, or an IRI reference (RFC 3987)."""
    if text[:4].lower() == "tag:":
        return () if _TAG.fullmatch(text) else ((bad_tag_uri, {"value": text}),)
    if text[:4].lower() == "urn:":
        return _urn(text)
    bad = _BAD.search(text)
    if bad:
        return ((bad_address_character, {"character": _named(bad[0])}),)
    if _BAD_PERCENT.search(text):
        return ((bad_address_character, {"character": "% without two digits"}),)
    scheme = _SCHEME.match(text)
    name = scheme[1].lower() if scheme else ""
    rest = text[scheme.end() :] if scheme else text
    if name in _WITH_HOST and not rest.startswith("//"):
        return ((bad_address, {"value": text}),)
    if rest.startswith("//"):
        host = re.split("[/?#]", rest[2:], maxsplit=1)[0]
        if not (_HOST.fullmatch(host) or (name not in _WITH_HOST and not host)):
            return ((bad_address, {"value": text}),)
        try:
            urlsplit(text)  # It knows more of IPv6, and of letters that turn into a slash.
        except ValueError:
            return ((bad_address, {"value": text}),)
        rest = rest[2 + len(host) :]
    if "[" in rest or "]" in rest:
        return ((bad_address_character, {"character": "[" if "[" in rest else "]"}),)
    if rest.count("#") > 1:
        return ((bad_address_character, {"character": "a second #"}),)
    if scheme is None and ":" in re.split("[/?#]", text, maxsplit=1)[0]:
        # RFC 3986, section 4.2: the first segment of a relative path has no colon.
        return ((bad_address, {"value": text}),)
    if name == "mailto" and "@" not in rest and "%40" not in rest:
        return ((bad_address, {"value": text}),)
    return ()


@lru_cache(maxsize=8192)
def url(text: str) -> Broken:
    """A whole address, with its scheme."""
    if not _SCHEME.match(text) and not _BAD.search(text):
        return ((address_not_absolute, {"value": text}),)
    return reference(text)


def iri_id(text: str) -> Broken:
    """An id: a whole IRI, in the form that no software will change (RFC 4287, section 4.2.6)."""
    broken = url(text)
    if broken:
        return broken
    scheme, _, rest = text.partition(":")
    plain = scheme == scheme.lower() and not re.search("%(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])", text)
    if rest.startswith("//"):
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
        default = _PORTS.get(scheme.lower())
        plain = (
            plain
            and host == host.lower()
            and not host.endswith(":")
            and not (default and host.endswith(":" + default))
            and not (parts.path == "" and default)
            and not re.search(r"(?:^|/)\.\.?(?:/|$)", parts.path)
            and not parts.netloc.startswith((":@", "@"))
        )
    if re.search("%(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2D|2E|5F|7E)", text):
        plain = False  # what need not be escaped is not (RFC 3986, section 6.2.2.2)
    return () if plain else ((id_not_canonical, {"value": text}),)


def _urn(text: str) -> Broken:
    match = _URN.fullmatch(text)
    if not match or match["space"].lower() == "urn":
        return ((bad_urn, {"value": text}),)
    if match["space"].lower() == "uuid" and not _UUID.fullmatch(match["name"]):
        return ((bad_uuid, {"value": text}),)
    return ()


def _named(character: str) -> str:
    return {" ": "a space", "\n": "a line end", "\t": "a tab"}.get(
        character, character if character.isprintable() else f"U+{ord(character):04X}"
    )
