"""``validate.ignore`` in the config: findings that are not wanted, by the path they are in."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from feeds.model import Finding
from feeds.rules import means
from feeds.source import Fields, Item, Source

_CODE = re.compile(r"[A-Z]\d{0,3}|[a-z][a-z0-9]*(?:-[a-z0-9]+)+")

Ignores = Mapping[str, tuple[str, ...]]


def read(config: Path) -> Ignores:
    """The ignores of the config file *config*, without reading the rest of it.

    What is wrong with the file is for ``load`` to say; here it ignores nothing.
    """
    fields = Source(config).read_yaml() if config.is_file() else None
    return {} if fields is None else ignores(fields)


def ignores(fields: Fields) -> Ignores:
    """Codes or names of rules, or first parts of codes, by patterns of paths such as ``tags/*``."""
    within = fields.fields("validate", 'ignore: {"content/*": [T117]}')
    if within is None:
        return {}
    within.only({"ignore": None})
    patterns = within.fields("ignore", '"content/*": [T117]')
    if patterns is None:
        return {}
    return {
        pattern: tuple(code for item in patterns.texts(pattern) if (code := _code(item)))
        for pattern in patterns.keys()  # noqa: SIM118 - Fields is no dict
    }


def _code(item: Item) -> str | None:
    def parse(text: str) -> str:
        if not _CODE.fullmatch(text):
            raise ValueError("must be the code or the name of a rule; `feeds rules` lists them")
        return text

    return item.parsed(parse)


def named(finding: Finding, names: Iterable[str]) -> bool:
    """Whether one of *names* means the rule that made the finding."""
    return any(means(name, finding.code, finding.name) for name in names)


def wanted(finding: Finding, ignored: Ignores, folder: Path) -> bool:
    """Whether the config, which lies in *folder*, does not ignore the finding."""
    path = Path(finding.path)
    within = path.relative_to(folder) if path.is_relative_to(folder) else path
    return not any(
        fnmatchcase(within.as_posix(), pattern) and named(finding, names)
        for pattern, names in ignored.items()
    )
