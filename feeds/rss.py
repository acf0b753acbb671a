"""A feed as RSS 2.0 (https://www.rssboard.org/rss-specification), with content and dc modules."""

from feeds import _feedgen
from feeds.model import Feed

NAME = "RSS"
FILE = "rss.xml"
MEDIA_TYPE = "application/rss+xml"


def render(feed: Feed) -> bytes:
    """The RSS document: UTF-8, with an XML declaration."""
    fg = _feedgen.generator(feed, FILE, MEDIA_TYPE)
    fg.mending.namespaces["dc"] = _feedgen.DC
    if minutes := feed.site.max_age // 60:
        fg.ttl(minutes)
    return _feedgen.render(fg.rss_str)
