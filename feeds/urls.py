"""Web addresses: absolute, ASCII (RFC 3986), http or https where a reader fetches them."""

import re
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

# What may stand unescaped (RFC 3986, sections 3.3 and 3.4); "%" because escapes are kept.
_PATH = "/:@!$&'()*+,;=%"
_QUERY = _PATH + "?"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Browsers ignore these inside an address, so "java\nscript:" is a script to them.
_IGNORED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_web(text: str) -> bool:
    """Whether somebody who wrote *text* means an address of the web, and no file."""
    return text.lower().startswith(("http://", "https://"))


def absolute(text: str, base: str | None = None) -> str:
    """The http or https address that *text* is, in ASCII; ``/path`` counts from *base* if given.

    Raises ValueError, saying what to write, for anything else: a missing scheme is not guessed,
    since ``www.example.org/x`` would become a path.
    """
    if base is not None and text.startswith("/"):
        return join(base, text)
    if not re.match(r"https?://", text, re.IGNORECASE):
        starts = "https:// or http://"
        meant = f"https://{text.lstrip('/')}"
        if base is not None:
            starts += " or /"
            # "img/a.jpg" and "a.jpg" are files, "www.example.org" and "example.org/a" sites.
            if not re.match(r"www\.|[^/]+\.[^/]+/", text):
                meant = f"/{text}"
        hint = "" if _SCHEME.match(text) else f"; did you mean {meant}?"
        raise ValueError(f"{text!r} must begin with {starts}{hint}")
    return join("", text)


def join(base: str, text: str) -> str:
    """*text* as seen from *base*, in ASCII: internationalized hosts and paths are encoded.

    Raises ValueError if it cannot be an address.
    """
    url = _IGNORED.sub("", text).strip()
    try:
        parts = urlsplit(urljoin(base, url))
        if parts.netloc:
            parts = parts._replace(netloc=_netloc(parts.hostname or "", parts.netloc, parts.port))
        elif parts.scheme in ("http", "https"):
            raise ValueError("it names no host")
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address: {error}") from error
    return urlunsplit(
        parts._replace(
            path=_escape(parts.path, _PATH),
            query=_escape(parts.query, _QUERY),
            fragment=_escape(parts.fragment, _QUERY),
        )
    )


def _netloc(host: str, netloc: str, port: int | None) -> str:
    if "@" in netloc:
        raise ValueError("a user's name does not belong into it")
    if "[" not in netloc:
        host = host.encode("idna").decode("ascii")
        if not re.fullmatch(r"[a-z0-9._-]+", host):
            raise ValueError("it names no host")
    else:
        if "%" in host:
            raise ValueError("a zone means nothing to others")
        host = f"[{IPv6Address(host)}]"
    return host if port is None else f"{host}:{port}"


def _escape(text: str, safe: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe=safe)
