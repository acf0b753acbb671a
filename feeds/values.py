"""Values that authors write: each function returns what the text means, or raises ValueError."""

import difflib
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from feeds import dates, identity, slugs, urls

MAX_SLUG = 100  # characters; a name in a file system holds 255 bytes

# BCP 47, as far as feeds go: a language, then subtags.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:.]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def site_url(text: str) -> str:
    """The address of a site, without a slash at its end."""
    url = urls.absolute(text)
    if "?" in url or "#" in url:
        raise ValueError(f"{text!r} must end with the path, without ? and #")
    if "//" in url.partition("://")[2].rstrip("/"):
        raise ValueError(f"{text!r} has // in its path")
    return url.rstrip("/")


def url(base: str) -> Callable[[str], str]:
    """Reads an address, which may be a path on the host of *base*."""
    return lambda text: urls.absolute(text, base)


def authority(text: str) -> str:
    """An authority for tag URIs, such as ``example.org,2020``."""
    identity.since(text)
    return text


def zone(text: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return dates.zone(text)
    except ValueError as error:
        near = difflib.get_close_matches(text, dates.zone_names(), 1)
        hint = f"did you mean {near[0]}?" if near else "write it like Europe/Copenhagen"
        raise ValueError(f"{error}; {hint}") from error


def folder(text: str) -> str:
    """The name of a folder beside the config."""
    if not re.fullmatch(r"[^./\\][^/\\]*", text):
        raise ValueError(f"{text!r} is not the name of a folder beside this file")
    return text


def language(text: str) -> str:
    """A language tag (BCP 47)."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a language tag such as da or en-GB (BCP 47)")
    return text


def email(text: str) -> str:
    """An e-mail address."""
    if not _EMAIL.fullmatch(text):
        raise ValueError(f"{text!r} is not an e-mail address")
    return text


def media_type(text: str) -> str:
    """A media type without parameters, in lower case."""
    if not _MEDIA_TYPE.fullmatch(text.lower()):
        raise ValueError(f"{text!r} is not a media type such as audio/mpeg")
    return text.lower()


def slug(text: str) -> str:
    """A slug that somebody wrote: it must be one already."""
    if slugs.slug(text) != text:
        meant = slugs.slug(text) or "letters"
        raise ValueError(f"{text!r} cannot stand in an address; write {meant}")
    if len(text) > MAX_SLUG:
        raise ValueError(f"is longer than {MAX_SLUG} characters")
    return text


def uri(text: str) -> str:
    """An absolute URI: what an Atom id must be (RFC 4287, section 4.2.6)."""
    if not _URI.fullmatch(text):
        raise ValueError(f"{text!r} is not a URI such as tag:example.org,2020:my-post")
    return text
