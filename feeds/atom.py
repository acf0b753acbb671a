"""A feed as Atom 1.0 (RFC 4287). Dates are in UTC, since elfeed overlooks offsets."""

from feeds import _feedgen
from feeds.model import Feed

NAME = "Atom"
FILE = "atom.xml"
MEDIA_TYPE = "application/atom+xml"


def render(feed: Feed) -> bytes:
    """The Atom document: UTF-8, with an XML declaration."""
    return _feedgen.render(_feedgen.generator(feed, FILE, MEDIA_TYPE).atom_str)
