"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from feeds.model import Feed, Person, Post, Site

NAME = "JSON Feed"
FILE = "feed.json"
MEDIA_TYPE = "application/feed+json"


def render(feed: Feed) -> bytes:
    """The JSON document: UTF-8, an item a line."""
    site = feed.site
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.url(),
        "feed_url": feed.url(FILE),
        # What is older: a reader that wants it all goes on from here.
        "next_url": site.url + feed.older + FILE if feed.older else None,
        "description": feed.description,
        "icon": site.icon,
        "favicon": site.favicon,
        **_authors((feed.author,) if feed.author else site.authors),
        "language": site.language,
        "hubs": [{"type": "WebSub", "url": site.hub}] if site.hub else None,
    }
    lines = ",\n".join(_json(_item(post, site)) for post in feed.posts)
    return f'{_json(head)[:-1]},"items":[\n{lines}\n]}}\n'.encode()


def _item(post: Post, site: Site) -> dict[str, Any]:
    full = post.content if site.full_content else ""
    return {
        "id": post.id,
        "url": post.link,
        "title": post.title,
        "content_html": full or None,
        # One of the two must be there.
        "content_text": None if full else post.summary or post.title,
        "summary": post.summary or None,
        "image": post.image and post.image.url,
        "date_published": _date(post.published),
        "date_modified": _date(post.updated) if post.updated else None,
        **_authors(post.authors),
        "tags": [tag.name for tag in post.tags] or None,
        "language": post.language if post.language != site.language else None,
        "attachments": post.enclosure
        and [
            {
                "url": post.enclosure.url,
                "mime_type": post.enclosure.type,
                "size_in_bytes": post.enclosure.length,
            }
        ],
    }


def _authors(people: Iterable[Person]) -> dict[str, Any]:
    authors = [_given({"name": person.name, "url": person.url}) for person in people]
    # gofeed and atoma know only the "author" of version 1.0.
    return {"authors": authors, "author": authors[0]}


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(_given(fields), ensure_ascii=False, separators=(",", ":"))


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
