"""New files for authors to edit: a post, a whole blog. Nothing that exists is ever replaced."""

import json
import os
import re
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from feeds import dates, identity, load, urls, values
from feeds.model import Site
from feeds.slugs import slug
from feeds.source import MAX_BYTES, not_xml

_SLUG = re.compile(rb"^slug:[ \t]*[\"']?([a-z0-9-]+)", re.MULTILINE)
_POST = """\
title: {title}
date: {date}
draft: true  # Remove this line to publish the post.
tags: []
summary:  # One or two sentences; left empty, the beginning of the body.
body: |
"""

_CONFIG = """\
title: {title}
subtitle: {subtitle}
url: {url}
language: {language}
timezone: {timezone}

# Makes the ids of posts permanent, whatever becomes of the address. Never change it.
authority: {authority}
"""

_FIRST_POST = """\
title: {title}
date: {date}
tags: [blog]
body: |
  This is the first post. Its file is `content/{name}`: change it, or delete it and write
  another with `feeds new "A title"`.
"""


def post(site: Site, root: Path, title: str, now: datetime) -> Path:
    """Write a draft under ``content/`` in *root*, dated *now*, and return its file.

    Raises ValueError if the title can give no address or an existing post has that address,
    OSError if the file cannot be written.
    """
    _check(title)
    title = " ".join(title.split())
    name = slug(title)
    if not name:
        raise ValueError("the title gives no address: it needs a letter or a digit")
    if len(name) > values.MAX_SLUG:
        # At a word's end, so that the address still reads well.
        name = name[: values.MAX_SLUG].rpartition("-")[0] or name[: values.MAX_SLUG]
    folder = root / "content"
    for file in load.content_files(folder):
        if name in (load.slug_of(file), _slug_field(file)):
            raise ValueError(f"a post of that name is there already: {file}")
    local = now.astimezone(site.timezone)
    date = f"{local:%Y-%m-%d %H:%M}"
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        date = local.isoformat(" ", "minutes")  # This hour comes twice tonight.
    text = _POST.format(title=_quoted(title), date=date)
    folder.mkdir(exist_ok=True)
    return _create(folder / f"{local:%Y-%m-%d}-{name}.yaml", text)


def site(
    folder: Path, *, title: str, url: str, language: str, timezone: str, now: datetime
) -> None:
    """Write a new blog into *folder*: a config, a first post, what git needs to know.

    Raises LoadError if the values do not make a valid site, ValueError if one of the files is
    there already, OSError if they cannot be written. Then no file is left behind.
    """
    try:
        day = f"{now.astimezone(dates.zone(timezone)):%Y-%m-%d}"
    except ValueError:
        day = f"{now:%Y-%m-%d}"  # What is wrong with the time zone is said below.
    name = f"{day}-hello.yaml"
    _check(title, url, language, timezone)
    try:
        authority = identity.default_authority(urls.absolute(url)).partition(",")[0]
    except ValueError:
        authority = "example.org"  # What is wrong with the url is said below.
    files = {
        "config.yaml": _CONFIG.format(
            title=_quoted(title),
            subtitle=_quoted(f"News from {title}"),
            url=_quoted(url),
            language=_quoted(language),
            timezone=_quoted(timezone),
            authority=f"{authority},{day}",
        ),
        f"content/{name}": _FIRST_POST.format(title=_quoted("Hello"), date=day, name=name),
        ".gitignore": "/public/\n",
        # The newest posts are neighbours in the lock: two branches that add some never conflict.
        ".gitattributes": "feeds.lock merge=union\n",
    }
    for file in files:
        if os.path.lexists(folder / file):
            raise ValueError(f"{folder / file} is there already")
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    trial = Path(tempfile.mkdtemp(prefix=".feeds-", dir=folder))
    try:
        (trial / "content").mkdir()
        for file, text in files.items():
            _create(trial / file, text)
        try:
            load.site(trial / "config.yaml")
        except load.LoadError as error:
            raise load.LoadError(
                [replace(f, path=str(folder / Path(f.path).name)) for f in error.findings]
            ) from None
        (folder / "content").mkdir(exist_ok=True)
        for file in files:
            # A link, unlike a rename, refuses to replace what somebody wrote meanwhile.
            os.link(trial / file, folder / file)
    finally:
        shutil.rmtree(trial)
        if made and not any(folder.iterdir()):
            folder.rmdir()


def _slug_field(file: Path) -> str | None:
    """The address that a post states; read without regard to faults in it."""
    with file.open("rb") as stream:
        match = _SLUG.search(stream.read(MAX_BYTES))
    return match[1].decode() if match else None


def _check(*texts: str) -> None:
    """Raise ValueError for characters that no file of ours may hold; a shell lets all pass."""
    for text in texts:
        if not_xml(text) or any(unicodedata.category(c) == "Cc" for c in text):
            raise ValueError(f"{text!a} holds characters that cannot be published")


def _create(file: Path, text: str) -> Path:
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return file


def _quoted(text: str) -> str:
    """*text* as YAML: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
