"""``redirects`` and ``gone``: what became of addresses that once existed."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from feeds import addresses, urls, values
from feeds.model import Post, Site
from feeds.source import Fields


def redirects(fields: Fields, url: str) -> dict[str, str]:
    """Old paths and where they lead: a path if it is on this site, whichever way it was written."""
    pairs = fields.fields("redirects", "/old/path/: /new/path/") or Fields.empty(fields.source)
    found = {}
    for key in pairs.keys():  # noqa: SIM118 - Fields is no dict
        target = pairs.parsed(key, _target(url))
        try:
            old = old_path(key)
        except ValueError as error:
            pairs.fault_at_key(key, str(error))
        else:
            if target:
                found[old] = target
    return found


def check(fields: Fields, site: Site, living: set[str] | None) -> None:
    """Record what cannot work in ``redirects`` and ``gone``: loops, dead ends, living addresses."""
    pairs = fields.fields("redirects", "/old/path/: /new/path/") or Fields.empty(fields.source)
    for key in pairs.keys():  # noqa: SIM118 - Fields is no dict
        old = unquote(key)
        if old not in site.redirects:
            continue  # What is wrong with it has been said.
        if old in site.gone:
            pairs.fault_at_key(key, "stands in `gone` too")
        if living and living.intersection(addresses.spellings(old)):
            pairs.fault_at_key(key, "is the address of something that is there")
        target = _end(site.redirects, old)
        if target is None:
            pairs.fault(key, "leads round in a loop")
        elif living and target.startswith("/") and target not in living:
            near = difflib.get_close_matches(target, living, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            pairs.fault(key, f"there is nothing at {target}{hint}")
    for item in fields.items("gone"):
        old = unquote(item.text or "")
        if old in site.gone and living and living.intersection(addresses.spellings(old)):
            item.fault("is the address of something that is there")


def followed(redirects: dict[str, str], living: set[str]) -> dict[str, str]:
    """Each old path with where it ends, so that nobody is led on twice.

    The documents beside the page of a feed go with it: they are what subscribers ask for.
    """
    ends = {old: _end(redirects, old) or old for old in redirects}
    beside = {
        f"{old.rstrip('/')}/{file}": end + file
        for old, end in ends.items()
        for file in addresses.FEEDS
        if end + file in living
    }
    return {**beside, **ends}


def withdrawn(gone: frozenset[str], redirects: dict[str, str]) -> frozenset[str]:
    """The paths that are gone, and the documents beside those that may have been feeds."""
    beside = {f"{path.rstrip('/')}/{file}" for path in gone for file in addresses.FEEDS}
    return gone | (beside - redirects.keys())


def living_addresses(posts: Iterable[Post], size: int) -> set[str]:
    """Every address of a site with *size* posts in a feed, those of posts dated ahead included."""
    public = [post for post in posts if not post.draft]
    people = Counter(person.slug for post in public for person in post.authors)
    totals = {addresses.page("home"): len(public)}
    for slug, count in Counter(tag.slug for post in public for tag in post.tags).items():
        totals[addresses.page("tag", slug)] = count
    for slug, count in people.items() if len(people) > 1 else ():
        totals[addresses.page("author", slug)] = count
    shown = [*totals, *(post.path for post in public if post.path)]
    pages = set(totals)
    for page, total in totals.items():
        pages |= {addresses.archive(page, n) for n in addresses.archive_numbers(total, size)}
    return {
        *pages,
        *(page + file for page in pages for file in addresses.FEEDS),
        *shown,
        *map(addresses.embed, shown),
        *addresses.STATIC,
        *addresses.EMBEDDED,
        addresses.SCRIPT,
        *addresses.SCRIPTS,
        addresses.EMBED_NEW,
        addresses.OEMBED,
        addresses.FOLLOW,
        addresses.OPML,
        addresses.SEARCH,
        addresses.OPENSEARCH,
        addresses.HEALTH,
    }


def _end(redirects: dict[str, str], path: str) -> str | None:
    """Where a redirect ends that may lead to others; None if it never does."""
    seen = set()
    while path in redirects:
        if path in seen:
            return None
        seen.add(path)
        path = redirects[path]
    return path


def old_path(text: str) -> str:
    """A path of this site that once existed, decoded. Raises ValueError if it cannot have."""
    path = unquote(text)
    parts = path.split("/")
    if not path.startswith("/") or set(path) & set("?#\\") or not path.isprintable():
        raise ValueError(f"{text!r} is not a path such as /old/address/")
    # It becomes a file of that name in the built folder.
    long = max(map(len, parts)) > values.MAX_SLUG
    if {".", "..", ".feeds"} & set(parts) or "" in parts[1:-1] or long:
        raise ValueError(f"{text!r} cannot be the address of a page")
    return path


def _target(url: str) -> Callable[[str], str]:
    """Where a redirect leads: a path under *url*, also where it was written out, or a url."""

    def parse(text: str) -> str:
        target = urls.absolute(url + text if text.startswith("/") else text, url)
        return target.removeprefix(url) if target.startswith(f"{url}/") else target

    return parse
