"""Imports run down the layers, and each foreign library has one door."""

import ast
from pathlib import Path

import pytest

import feeds

PACKAGE = Path(feeds.__file__).parent

LAYERS = [
    {"model"},
    {
        "addresses",
        "atomic",
        "dates",
        "identity",
        "markup",
        "slugs",
        "source",
        "urls",
        "words",
        "_feedgen",
    }
    | {"rules"},
    {"values", "ignores", "lock"},
    {"load", "moves", "catalog", "rss", "atom", "jsonfeed", "opml", "pages"}
    | {"embed", "oembed", "opensearch", "search"},
    {"asked", "diff", "insert", "publish", "scaffold", "trace"},
    {"accesslog", "answers", "app", "build", "fetch", "hotpath", "live", "manual", "report"}
    | {"difference", "promises", "server", "snapshot", "validate"},
    {"cli"},
    {"__main__"},
]
# Within a layer: who may import whom.
BESIDE = {
    ("load", "moves"),
    ("markup", "urls"),
    ("live", "answers"),
    ("asked", "publish"),
    ("embed", "pages"),
    ("oembed", "embed"),
    ("app", "answers"),
    ("app", "live"),
    ("app", "hotpath"),
    ("hotpath", "answers"),
    ("hotpath", "live"),
    ("server", "app"),
    ("server", "accesslog"),
    ("snapshot", "fetch"),
    ("validate", "fetch"),
    ("validate", "promises"),
}
DOORS = {
    "anyascii": {"slugs"},
    "babel": {"pages"},
    "brotli": {"answers"},
    "click": {"cli"},
    "feedgen": {"_feedgen"},
    "filelock": {"build"},
    "flask": {"app"},
    "granian": {"server"},
    "jinja2": {"pages"},
    "lxml": {"_feedgen"},
    "markdown_it": {"markup"},
    "nh3": {"markup"},
    "werkzeug": {"answers", "app"},
    "yaml": {"source"},
    "zstandard": {"answers"},
}
MODULES = sorted(
    [file.stem for file in PACKAGE.glob("*.py") if file.stem != "__init__"] + ["rules"]
)


def imports(module: str) -> set[str]:
    """Full names of all that a module imports, inside functions too."""
    found = set()
    files = [PACKAGE / f"{module}.py"] if module != "rules" else sorted(PACKAGE.glob("rules/*.py"))
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(module: str) -> int:
    (found,) = [n for n, modules in enumerate(LAYERS) if module in modules]
    return found


def test_every_module_has_a_layer() -> None:
    assert set(MODULES) == set().union(*LAYERS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_down(module: str) -> None:
    for name in imports(module):
        parts = name.split(".")
        if parts[0] == "feeds" and parts[1] in MODULES and parts[1] != module:
            down = layer(parts[1]) < layer(module)
            assert down or (module, parts[1]) in BESIDE, f"{module} imports {parts[1]}"


@pytest.mark.parametrize("module", MODULES)
def test_each_library_has_its_door(module: str) -> None:
    for name in imports(module):
        library = name.split(".")[0]
        assert module in DOORS.get(library, {module}), f"{module} imports {library}"


def test_the_core_has_no_clock() -> None:
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text("utf-8")
        if file.stem not in {"app", "live", "server", "cli"}:
            assert ".now(" not in source, file
            assert "time.time" not in source, file
