"""``config.yaml`` and ``content/`` to a :class:`Site`; everything wrong is reported at once.

The only reader of config and content. No clock: drafts and posts dated ahead are in the Site,
and the catalog leaves them out.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from feeds import addresses, dates, identity, ignores, markup, moves, urls, values
from feeds.model import Enclosure, Finding, Image, Person, Post, Site, Tag, TagText, Template
from feeds.slugs import slug
from feeds.source import Fields, Item, Source, not_xml

SUFFIXES = (".yaml", ".yml", ".md")
MAX_MANY = 50  # tags or authors of a post; each tag's feed names all of them

_DATED = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)(?:[-_ ]+|$)", re.ASCII)

# Stands in for a broken config, so that the posts' own faults are found all the same.
_SOME_URL = "https://site.invalid"


def _known(*fields: str, **wrong: str) -> dict[str, str | None]:
    """The fields of a mapping, and the names that other tools use for them."""
    return dict.fromkeys(fields) | wrong


_CONFIG = _known(
    *("title", "subtitle", "url", "language", "timezone", "authority", "authors", "author"),
    *("rights", "icon", "logo", "feeds", "tags", "redirects", "gone", "validate"),
    "templates",
    description="subtitle",
    baseURL="url",
    copyright="rights",
    lang="language",
)
_FEEDS = _known("posts", "content", "max_age", "hub", items="posts", limit="posts", ttl="max_age")
_TAG = _known("title", "description", subtitle="description")
_POST = _known(
    *("title", "date", "updated", "tags", "summary", "body", "authors", "author", "link"),
    *("image", "enclosure", "language", "draft", "slug", "id"),
    categories="tags",
    keywords="tags",
    content="body",
    description="summary",
    excerpt="summary",
    lastmod="updated",
    modified="updated",
    permalink="slug",
    lang="language",
    url="link",
)
_PERSON = _known("name", "email", "url", uri="url")
_IMAGE = _known("url", "alt", src="url")
_ENCLOSURE = _known("url", "type", "length", size="length")


class LoadError(Exception):
    """The site cannot be read as it stands; ``findings`` says all that is wrong with it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = sorted(findings, key=lambda f: (f.path, f.line, f.column))
        super().__init__("\n".join(map(str, self.findings)))


def site(path: Path, url: str | None = None) -> Site:
    """The site whose config is the file *path*; its posts are under ``content/`` beside it.

    *url*, where given, stands in for the config's own (for a preview); ids do not change with it.
    Raises LoadError with every fault in every file, ValueError if *url* is no http address.
    """
    findings: list[Finding] = []
    names = _Names()
    source = Source(path)
    fields = _config_fields(source)
    bare = _config(fields, values.site_url(url) if url else None, names)

    def unreadable(error: OSError) -> None:
        findings.append(Finding(path=error.filename, message=f"cannot be read: {error.strerror}"))

    posts = [
        post
        for file in content_files(path.parent / "content", unreadable)
        if (post := _post(file, bare, names, findings))
    ]
    living = moves.living_addresses(posts, bare.posts_per_feed)
    # Where a post is missing because of a fault, a redirect to it has none.
    moves.check(fields, bare, None if findings else living)
    findings += source.findings
    if findings:
        raise LoadError(findings)
    redirects = moves.followed(bare.redirects, living)
    gone = moves.withdrawn(bare.gone, redirects)
    return replace(bare, posts=tuple(posts), redirects=redirects, gone=gone)


def config(path: Path) -> Site:
    """The site without its posts. Raises LoadError with every fault in the file *path*."""
    source = Source(path)
    bare = _config(_config_fields(source), None, _Names())
    if source.findings:
        raise LoadError(source.findings)
    return bare


def folders(config: Path) -> list[Path]:
    """The folders that a site is made of, as far as the file *config* can be read."""
    fields = _config_fields(Source(config))
    templates = fields.parsed("templates", values.folder)
    return [config.parent / name for name in ("content", templates) if name]


def content_files(
    folder: Path, unreadable: Callable[[OSError], None] | None = None
) -> Iterator[Path]:
    """The files of posts anywhere under *folder*, in a fixed order; hidden ones are passed over.

    *unreadable* is told of each folder that cannot be read.
    """
    for where, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(where, name)


def slug_of(path: Path) -> str:
    """The slug that a post's file name gives, its date left out; empty if it gives none."""
    return slug(_dated_name(path)[1])


class _Names:
    """What may be given once in a site, and who has it already."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], tuple[str, str]] = {}

    def take(self, kind: str, key: str, name: str, source: Source) -> tuple[str, str]:
        """The *name* and file that hold *key*: those given now, unless it was taken before."""
        return self._taken.setdefault((kind, key), (name, str(source.path)))


# --- config.yaml ---------------------------------------------------------------------------------


def _config_fields(source: Source) -> Fields:
    """The fields of the config; none, if it cannot be read, and then nothing more is said of it."""
    fields = source.read_yaml()
    return Fields.empty(Source(source.path)) if fields is None else fields


def _config(fields: Fields, preview: str | None, names: _Names) -> Site:
    source = fields.source
    fields.only(_CONFIG)
    fields.require("title", "url")
    title = fields.text("title") or "?"
    own_url = fields.parsed("url", values.site_url) or _SOME_URL
    url = preview or own_url
    authority = fields.parsed("authority", values.authority) or identity.default_authority(own_url)
    feeds = fields.fields("feeds", "posts: 20") or Fields.empty(source)
    feeds.only(_FEEDS)
    return Site(
        title=title,
        subtitle=fields.text("subtitle") or title,
        url=url,
        language=fields.parsed("language", values.language) or "en",
        timezone=fields.parsed("timezone", values.zone) or dates.zone("UTC"),
        # Atom wants a name for every entry (RFC 4287, section 4.1.2).
        authors=_people(fields, (), url, names) or (_nobody(title, source, names),),
        rights=fields.text("rights"),
        icon=fields.parsed("icon", values.url(url)),
        logo=fields.parsed("logo", values.url(url)),
        authority=authority,
        since=identity.since(authority),
        posts_per_feed=feeds.number("posts", 1, 1000) or 20,
        full_content=feeds.choice("content", "full", "summary") != "summary",
        max_age=3600 if (max_age := feeds.number("max_age", 0, 31_536_000)) is None else max_age,
        hub=feeds.parsed("hub", urls.absolute),
        tags=_tag_texts(fields, names),
        redirects=moves.redirects(fields, own_url),
        ignores=ignores.ignores(fields),
        templates=_templates(fields),
        gone=frozenset(
            path for item in fields.texts("gone") if (path := item.parsed(moves.old_path))
        ),
    )


def _tag_texts(fields: Fields, names: _Names) -> dict[str, TagText]:
    tags = fields.fields("tags", "tag: {title: …}") or Fields.empty(fields.source)
    texts: dict[str, TagText] = {}
    for name in tags.keys():  # noqa: SIM118 - Fields is no dict
        entry = tags.fields(name, "title: …")
        tag = _tag(name, fields.source, names)
        if isinstance(tag, str):
            tags.fault_at_key(name, tag)
        elif entry:
            entry.only(_TAG)
            texts[tag.slug] = TagText(
                title=entry.text("title"), description=entry.text("description")
            )
    return texts


def _templates(fields: Fields) -> tuple[Template, ...]:
    name = fields.parsed("templates", values.folder)
    if name is None:
        return ()
    folder = fields.source.path.parent / name
    if not folder.is_dir():
        fields.fault("templates", f"there is no folder {folder}")
    templates = []
    for file in sorted(folder.rglob("*.html")):
        name = file.relative_to(folder).as_posix()
        if f"/{name}".count("/."):
            continue  # An editor's, or git's.
        source = Source(file)
        text = source.read_text()
        fields.source.findings += source.findings
        if text is not None:
            templates.append(Template(name=name, source=str(file), text=text))
    return tuple(templates)


# --- posts ---------------------------------------------------------------------------------------


def _post(path: Path, site: Site, names: _Names, findings: list[Finding]) -> Post | None:
    """The post in one file; None if it has a fault, which is then among *findings*."""
    source = Source(path)
    post: Post | None = None
    if path.suffix.lower() == ".md":
        if matter := source.read_markdown():
            post = _read_post(*matter, site, names)
    elif fields := source.read_yaml():
        post = _read_post(fields, None, site, names)
    findings.extend(source.findings)
    return None if source.findings else post


def _read_post(fields: Fields, markdown: str | None, site: Site, names: _Names) -> Post:
    source = fields.source
    fields.only(_POST)
    fields.require("title")
    if markdown is not None and "body" in fields:
        fields.fault("body", "stands below the front matter in a Markdown file")
    title = fields.prose("title")
    published, updated = _dates(fields, site.timezone)
    own_slug = _slug(fields, names)
    link = fields.parsed("link", values.url(site.url))
    path: str | None = addresses.page("post", own_slug)
    body = fields.block("body") if markdown is None else markdown
    content = _content(fields, body or "", link or f"{site.url}{path}")
    if link and not content:
        path = None  # The post lives elsewhere, and there is nothing to show here.
    for url in {link, f"{site.url}{path}"} if path else {link}:
        if url:
            _take_once(fields, "link", url, names)
    summary = fields.prose("summary")
    post_id = fields.parsed("id", values.uri) or identity.of_post(
        site.authority, slug(source.path.stem)
    )
    if post_id.startswith(identity.of_feed(site.authority, "/")):
        fields.fault("id", "is kept for the site's feeds")
    _take_once(fields, "id", post_id, names)
    return Post(
        id=post_id,
        slug=own_slug,
        title=title or "",
        link=link or f"{site.url}{path}",
        elsewhere=bool(link),
        path=path,
        published=published or site.since,
        updated=updated,
        draft=fields.flag("draft") or False,
        summary=markup.cut(markup.text(content)) if summary is None else summary,
        content=content,
        tags=_tags(fields, names),
        authors=_people(fields, site.authors, site.url, names) or site.authors,
        image=_image(fields, site),
        enclosure=_enclosure(fields, site),
        language=fields.parsed("language", values.language),
        source=str(source.path),
    )


def _dates(fields: Fields, local: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    def parse(text: str) -> datetime:
        return dates.parse(text, local)

    if "date" in fields:
        published = fields.parsed("date", parse)
    elif text := _dated_name(fields.source.path)[0]:
        try:
            published = parse(text)
        except ValueError as error:
            published = None
            fields.source.fault(f"the file's name: {error}")
    else:
        published = None
        fields.require("date")
    updated = fields.parsed("updated", parse)
    if published and updated and updated < published:
        fields.fault("updated", "lies before the post's date")
    return published, updated


def _slug(fields: Fields, names: _Names) -> str:
    """The word that stands for the post in its address; unique in the site."""
    own = fields.parsed("slug", values.slug)
    if own is None:
        own = slug_of(fields.source.path)
        if not own:
            fields.source.fault("the file's name gives no address: add the field `slug`")
            return ""
        if len(own) > values.MAX_SLUG:
            fields.source.fault(
                f"the file's name gives an address of over {values.MAX_SLUG} characters: "
                "add the field `slug`"
            )
    _take_once(fields, "slug", own, names)
    return own


def _take_once(fields: Fields, key: str, value: str, names: _Names) -> None:
    _, holder = names.take(key, value, value, fields.source)
    if holder != str(fields.source.path):
        message = f"{value!r} belongs to {holder} already"
        if key in fields:
            fields.fault(key, message)
        else:
            fields.source.fault(f"{message}: rename the file or add the field `{key}`", field=key)


def _content(fields: Fields, body: str, base: str) -> str:
    if not body.strip():
        return ""
    try:
        content = markup.render(body, base)
        # A reference such as &#1; passes the checks of the file.
        if wrong := not_xml(content):
            raise ValueError(wrong)
    except ValueError as error:
        if "body" in fields:
            fields.fault("body", str(error))
        else:
            fields.source.fault(str(error), field="body")
        return ""
    return content


def _tags(fields: Fields, names: _Names) -> tuple[Tag, ...]:
    tags: dict[str, Tag] = {}
    items = fields.texts("tags")
    if len(items) > MAX_MANY:
        fields.fault("tags", f"holds over {MAX_MANY} tags")
        return ()
    for item in items:
        tag = _tag(item.text or "", fields.source, names)
        if isinstance(tag, str):
            item.fault(tag)
        elif tag.slug in tags:
            item.fault(f"{tag.name!r} stands here for the second time")
        else:
            tags[tag.slug] = tag
    return tuple(tags.values())


def _tag(name: str, source: Source, names: _Names) -> Tag | str:
    """The tag of that name, or what is wrong with it."""
    tag = Tag(name=name, slug=slug(name))
    if "," in name:
        # Thunderbird splits a category at commas.
        return "a tag holds no comma: write a list, [one, two]"
    if len(tag.slug) > values.MAX_SLUG:
        return f"gives an address of over {values.MAX_SLUG} characters"
    return _no_address("tag", tag, source, names) or tag


def _no_address(
    kind: Literal["tag", "author"], owner: Tag | Person, source: Source, names: _Names
) -> str | None:
    """Why a tag or an author cannot have the address that the name gives; None if it can."""
    if not owner.slug:
        return f"{owner.name!r} gives no address: it needs a letter or a digit"
    first, holder = names.take(kind, owner.slug, owner.name, source)
    if first == owner.name:
        return None
    path = addresses.page(kind, owner.slug)
    return f"{owner.name!r} and {first!r} in {holder} have the same address, {path}: use one name"


def _people(
    fields: Fields, known: Iterable[Person], base: str, names: _Names
) -> tuple[Person, ...]:
    """Authors: names, or mappings with a name; a name alone means the *known* person."""
    if "author" in fields and "authors" in fields:
        fields.fault("author", "stands beside `authors`: use one of them")
    by_name = {person.name: person for person in known}
    people: dict[str, Person] = {}
    items = fields.items("authors") + fields.items("author")
    if len(items) > MAX_MANY:
        fields.fault("authors", f"holds over {MAX_MANY} authors")
        return ()
    for item in items:
        person = _person(item, by_name, base)
        if person is None:
            continue
        if wrong := _no_address("author", person, fields.source, names):
            item.fault(wrong)
        elif person.slug in people:
            item.fault(f"{person.name!r} stands here for the second time")
        people[person.slug] = person
    return tuple(people.values())


def _nobody(title: str, source: Source, names: _Names) -> Person:
    """Who writes where nobody is named: the blog."""
    name = Person(name=title, slug=slug(title)[: values.MAX_SLUG].strip("-") or "blog")
    names.take("author", name.slug, name.name, source)
    return name


def _person(item: Item, known: dict[str, Person], base: str) -> Person | None:
    if item.fields is None:
        if item.text is None:
            return None
        return known.get(item.text) or Person(
            name=item.text, slug=slug(item.text)[: values.MAX_SLUG]
        )
    item.fields.only(_PERSON)
    item.fields.require("name")
    name = item.fields.text("name")
    email = item.fields.parsed("email", values.email)
    url = item.fields.parsed("url", values.url(base))
    return (
        Person(name=name, slug=slug(name)[: values.MAX_SLUG], email=email, url=url)
        if name
        else None
    )


def _image(fields: Fields, site: Site) -> Image | None:
    image = fields.fields("image", "url: …")
    if image is None:
        return None
    image.only(_IMAGE)
    image.require("url")
    return Image(url=image.parsed("url", values.url(site.url)) or "", alt=image.text("alt") or "")


def _enclosure(fields: Fields, site: Site) -> Enclosure | None:
    enclosure = fields.fields("enclosure", "url: …")
    if enclosure is None:
        return None
    enclosure.only(_ENCLOSURE)
    # RSS 2.0 requires all three.
    enclosure.require("url", "type", "length")
    return Enclosure(
        url=enclosure.parsed("url", values.url(site.url)) or "",
        type=enclosure.parsed("type", values.media_type) or "",
        length=enclosure.number("length", 0, 10**15 - 1) or 0,
    )


def _dated_name(path: Path) -> tuple[str | None, str]:
    """The date and the words of a post's file name."""
    match = _DATED.match(path.stem)
    return (match["date"], path.stem[match.end() :]) if match else (None, path.stem)
