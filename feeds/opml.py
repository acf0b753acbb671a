"""All feeds as one list that readers import: OPML 2.0 (http://opml.org/spec2.opml)."""

from collections.abc import Sequence
from email.utils import format_datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import SubElement

from feeds.model import Feed

MEDIA_TYPE = "text/x-opml"


def render(feeds: Sequence[Feed], file: str) -> bytes:
    """The list of *feeds*, the blog's first: UTF-8, with an XML declaration.

    *file* is the document of a feed, beside its page, that readers are to fetch.
    """
    site = feeds[0].site
    root = ElementTree.Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = site.title
    SubElement(head, "dateModified").text = format_datetime(max(feed.updated for feed in feeds))
    # Readers make a folder of it, which can be deleted in one go.
    folder = SubElement(SubElement(root, "body"), "outline", text=site.title)
    for feed in feeds:
        page = site.url + feed.path
        SubElement(
            folder,
            "outline",
            # Some readers show the one, some the other.
            text=feed.title,
            title=feed.title,
            type="rss",
            xmlUrl=page + file,
            htmlUrl=page,
            description=feed.description,
            language=site.language,
        )
    ElementTree.indent(root, " ")
    body: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return body + b"\n"
