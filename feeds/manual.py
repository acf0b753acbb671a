"""The manual of the rules: what is wrong, why a reader cares, what to do, and where it is said."""

import importlib
import pkgutil
from collections.abc import Sequence

from feeds import rules
from feeds.rules import RULES, Rule, means

FAMILIES = {
    "Y": "Sources",
    "X": "XML",
    "S": "Elements and attributes",
    "V": "Values",
    "T": "Text and markup",
    "R": "RSS",
    "A": "Atom",
    "M": "Modules",
    "O": "OPML and OpenSearch",
    "J": "JSON Feed",
    "C": "Content, and documents together",
    "L": "Promises to subscribers",
    "H": "HTTP",
}


def all_rules() -> list[Rule]:
    """Every rule there is, by code."""
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"feeds.rules.{module.name}")
    order = list(FAMILIES)
    return sorted(RULES.values(), key=lambda rule: (order.index(rule.code[0]), rule.code))


def find(names: Sequence[str]) -> list[Rule]:
    """The rules that *names* mean: codes, their first letters, or names. Raises ValueError."""
    found = []
    for name in names:
        some = [rule for rule in all_rules() if means(name, rule.code, rule.name)]
        if not some:
            raise ValueError(f"{name}: no rule is called so; `feeds rules` lists them")
        found += some
    return found


def page() -> str:
    """The manual in Markdown: ``docs/rules.md``."""
    lines = [_HEAD]
    family = ""
    for rule in all_rules():
        if rule.code[0] != family:
            family = rule.code[0]
            lines.append(f"## {FAMILIES[family]}\n")
        lines.append(f"### {rule.code} {rule.name}\n")
        lines.append(f"*{rule.level}* · [specification]({rule.spec})\n")
        lines.append(f"{_escaped(rule.message)}\n")
        lines.append(f"{_escaped(rule.manual)}\n")
    return "\n".join([*lines, _CHOICES])


def _escaped(text: str) -> str:
    """Text whose tags are shown, outside of code."""
    parts = text.replace("``", "`").split("`")
    return "`".join(
        part if n % 2 else part.replace("&", "&amp;").replace("<", "&lt;")
        for n, part in enumerate(parts)
    )


_HEAD = """\
# The rules of `feeds validate`

Made from the rules themselves by `feeds rules --markdown`; `feeds rules CODE` prints one of them.
Errors are what a specification forbids (*must*), warnings what readers stumble over (*should*),
infos what is worth a look (*may*). Words in braces are filled in.
"""

_CHOICES = """\
## What is no fault here

The W3C's feed validator says more, or something else, at these places. Each was looked at, and left
out for a reason.

- **Namespaces that are not known**: extensions are what XML is for; readers pass them over.
- **A prefix other than the usual one**: a name is what its namespace says. Only prefixes on the
  elements of Atom and XHTML themselves trip readers.
- **New CSS properties, inline SVG, MathML, `data-*` attributes**: readers remove what they do not
  want. What covers their page or runs a script is found.
- **Links to a place within the post** (`#note`): readers keep them.
- **Letters beyond ASCII in hosts and links** (IDN, IRI): readers take them, in RSS too.
- **Pictures that are not GIF, JPEG or PNG**: browsers show more than in 1999. The limits of RSS 2.0
  on the width and height of its image are kept, since they are in its text.
- **No language, no encoding**: XML has a default for the one, and readers do without the other.
- **A host in an e-mail address that does not resolve**: the validator asks nobody.
- **An empty `sy:updateFrequency`**: it is no number, so an error here and not a warning.
- **Two entries updated at the same moment**: an info; whoever imports a blog has them.
- **A document's `xml:base` that differs from an element's**: several readers resolve against
  neither, so relative links in content are warned of wherever they are.
- **Old wiki namespaces**: unknown ones, by now.
"""
