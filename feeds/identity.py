"""Permanent ids: tag URIs (RFC 4151) of the configured authority.

An id is made of the authority, which outlives any web address, and of a name that the author
chose once: the file's. It holds no title, no slug field and no address, so that all of these may
change while readers go on knowing the post.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

# RFC 4151, section 2.1: a DNS name or an e-mail address, and a date of one to three parts.
_AUTHORITY = re.compile(
    r"(?P<name>(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r",(?P<year>[1-9]\d{3})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?",
    re.ASCII,
)
# The date of an authority that nobody stated. It must be fixed, or ids would change with it.
DEFAULT_YEAR = "2000"


def since(authority: str) -> datetime:
    """The date of an authority such as ``example.org,2020``, as midnight UTC.

    Raises ValueError, with the reason, if RFC 4151 does not allow *authority*.
    """
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise ValueError("not a domain and a date, such as example.org,2020 (RFC 4151)")
    year, month, day = (int(match[part] or 1) for part in ("year", "month", "day"))
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise ValueError("its date is not on the calendar") from error


def default_authority(url: str) -> str:
    """The authority of a site whose config states none: its host, and a fixed year."""
    host = re.sub(r"[^a-z0-9.-]+", "-", urlsplit(url).hostname or "").strip(".-")
    return f"{host or 'localhost'},{DEFAULT_YEAR}"


def of_post(authority: str, name: str) -> str:
    """The id of the post whose file is called *name* (as a slug, its date with it)."""
    return f"tag:{authority}:posts/{name}"


def of_feed(authority: str, path: str) -> str:
    """The id of the feed whose page is at *path*: the same in all formats."""
    return f"tag:{authority}:feeds{path.rstrip('/')}"
