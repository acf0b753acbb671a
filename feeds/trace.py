"""From a fault in a document back to the post's file, or the config, that it comes from."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from feeds.model import Finding, Site
from feeds.rules import Fault
from feeds.source import Fields, Source

# The field of a post that becomes an element or member; where it is absent, the next stands in.
_POST = {
    "title": ("title",),
    "date": ("date",),
    "updated": ("updated", "date"),
    "tags": ("tags",),
    "summary": ("summary", "body"),
    "body": ("body",),
    "author": ("author", "authors"),
    "link": ("link", "slug"),
    "id": ("id",),
    "enclosure": ("enclosure",),
    "image": ("image",),
    "language": ("language",),
}
_SAME = {
    "title": "title",
    "pubDate": "date",
    "published": "date",
    "date_published": "date",
    "updated": "updated",
    "atom:updated": "updated",
    "date_modified": "updated",
    "category": "tags",
    "tags": "tags",
    "description": "summary",
    "summary": "summary",
    "content": "body",
    "content:encoded": "body",
    "content_html": "body",
    "author": "author",
    "authors": "author",
    "name": "author",
    "uri": "author",
    "email": "author",
    "dc:creator": "author",
    "link": "link",
    "url": "link",
    "external_url": "link",
    "guid": "id",
    "id": "id",
    "enclosure": "enclosure",
    "attachments": "enclosure",
    "image": "image",
    "media:thumbnail": "image",
    "media:content": "image",
    "xml:lang": "language",
    "language": "language",
}
# The same for the feed's own elements, in the config.
_CONFIG = {
    "title": ("title",),
    "ShortName": ("title",),
    "description": ("subtitle", "title"),
    "Description": ("subtitle", "title"),
    "subtitle": ("subtitle", "title"),
    "link": ("url",),
    "home_page_url": ("url",),
    "feed_url": ("url",),
    "id": ("authority", "url"),
    "language": ("language",),
    "xml:lang": ("language",),
    "author": ("author", "authors"),
    "authors": ("author", "authors"),
    "name": ("author", "authors"),
    "uri": ("author", "authors"),
    "email": ("author", "authors"),
    "rights": ("rights",),
    "copyright": ("rights",),
    "icon": ("icon",),
    "favicon": ("icon",),
    "logo": ("logo",),
    "url": ("logo", "icon"),
    "hubs": ("feeds",),
    "ttl": ("feeds",),
}
_MEMBER = re.compile(r"items\[\d+\]\.?")


class Tracer:
    """Traces faults in the documents of one site. *config* is its config file."""

    def __init__(self, site: Site, config: Path) -> None:
        self.config = config
        self.posts = {post.id: post for post in site.posts}
        self.fields = lru_cache(maxsize=1024)(_fields)

    def finding(self, name: str, fault: Fault) -> Finding:
        """*fault* in the document *name*, at its source if that is known."""
        element = _MEMBER.sub("", fault.field).partition("@")[0]
        element = re.split(r"[.\[]", element, maxsplit=1)[0]
        post = self.posts.get(fault.entry)
        if post is not None:
            found = self._at(Path(post.source), _POST.get(_SAME.get(element, ""), ()), fault)
            if found is not None:
                return found
            return replace(fault, line=0, column=0, end_line=0, field=element).finding(post.source)
        if not fault.entry and element in _CONFIG:
            found = self._at(self.config, _CONFIG[element], fault)
            if found is not None:
                return found
        return fault.finding(name)

    def place(self, name: str, post: str | None) -> tuple[str, int, int]:
        """File, line and column of a field of the post with that id, or of the config.

        The line is 0 where the field is absent.
        """
        path = self.config if post is None else Path(self.posts[post].source)
        fields, _ = self.fields(path)
        place = fields.place(name) if fields is not None else None
        return (str(path), *(place or (0, 0)))

    def _at(self, path: Path, names: Iterable[str], fault: Fault) -> Finding | None:
        fields, body = self.fields(path)
        for name in names:
            place = fields.place(name) if fields is not None else None
            if place is None and name == "body" and body:
                place = body, 1
            if place is not None:
                line, column = place
                at = replace(fault, line=line, column=column, end_line=line, field=name)
                return at.finding(str(path))
        return None


def _fields(path: Path) -> tuple[Fields | None, int]:
    """The fields of a source file, and the line at which the text under front matter begins."""
    source = Source(path)
    if path.suffix.lower() != ".md":
        return source.read_yaml(), 0
    read = source.read_markdown()
    if read is None:
        return None, 0
    fields, body = read
    return fields, path.read_text("utf-8-sig").count("\n") - body.count("\n") + 1
