"""The docs say what the code does, and their commands are those that CI runs."""

import json
import re
from pathlib import Path

import pytest

import feeds
from feeds import addresses, cli, load, publish

from .conftest import NOW, SHIPPED, Write

README = (SHIPPED / "README.md").read_text("utf-8")
DESIGN = (SHIPPED / "docs/design.md").read_text("utf-8")


def block(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def rows(heading: str) -> str:
    """The section of the README under a heading."""
    return re.split(r"^#+ ", README.partition(f" {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[
        0
    ]


def test_every_command_is_in_the_readme() -> None:
    for name in cli.main.commands:
        assert f"| `feeds {name}" in rows("Commands")
    for command in cli.main.commands.values():
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or f"`{option}" in rows("Commands"), option


def test_every_field_and_key_is_in_the_readme() -> None:
    for known, heading in ((load._POST, "Fields of a post"), (load._CONFIG, "Configuration")):
        documented = set(re.findall(r"`([\w.]+)`", "".join(
            row.split("|")[1] for row in rows(heading).splitlines() if row.startswith("| `")
        )))  # fmt: skip
        fields = {name for name, right in known.items() if right is None}
        if "feeds" in fields:
            fields = (
                fields - {"feeds", "validate"}
                | {"validate.ignore"}
                | {f"feeds.{key}" for key in load._FEEDS if not load._FEEDS[key]}
            )
        assert documented == fields


def test_every_address_is_in_the_readme() -> None:
    for kind, name in (("tag", "<tag>"), ("author", "<name>"), ("post", "<words>")):
        assert f"`{addresses.page(kind, name)}`" in README  # type: ignore[arg-type]
    for form in publish.FORMATS:
        assert f"`/{form.FILE}`" in README
        assert f"`{form.MEDIA_TYPE}`" in README


def test_the_post_in_the_readme_becomes_the_entry_in_the_readme(write: Write) -> None:
    (post,) = block("yaml")
    (entry,) = block("xml")
    (name,) = re.findall(r"^`(content/.*\.yaml)`:$", README, re.MULTILINE)
    config = write({"config.yaml": (SHIPPED / "config.yaml").read_text("utf-8"), name: post})
    documents = publish.documents(load.site(config), NOW)
    assert entry in documents["/atom.xml"].body.decode()
    assert {"/tags/ydmyghed/rss.xml", "/tags/tvaergaaende-samarbejde/feed.json"} <= set(documents)


def test_the_faults_in_the_readme_are_what_is_said(write: Write) -> None:
    config = write(
        {
            "content/2020-08-07-y.yaml": "title: Y\ntags: [Ø-drift]\n",
            "content/2020-09-17-x.yaml": "title: X\nupdate: 2020-09-18\ntags: [abcd, oe-drift]\n",
        }
    )
    (expected,) = block("text")
    with pytest.raises(load.LoadError) as error:
        load.site(config)
    assert str(error.value) + "\n" == expected


def test_exit_codes_are_in_the_readme() -> None:
    for code, meaning in re.findall(r"^  (\d)  (\w+)", cli.EPILOG, re.MULTILINE):
        assert re.search(rf"\b{code} {meaning}", README), (code, meaning)


def test_the_readmes_commands_are_those_that_ci_runs() -> None:
    serve, test = (command.strip() for command in block("sh"))
    assert serve.endswith("&& .venv/bin/feeds serve")
    assert test.endswith("&& .venv/bin/pytest -q")
    ci = (SHIPPED / ".ci/run").read_text("utf-8")
    assert "awk '/^```sh$/ { getline; print }' README.md" in ci
    assert "\n" not in serve + test
    workflow = (SHIPPED / ".github/workflows/ci.yml").read_text("utf-8")
    assert "run: bash .ci/run" in workflow


@pytest.mark.parametrize(
    "file",
    [
        "README.md",
        "CHANGELOG.md",
        "docs/design.md",
        "docs/deploy.md",
        "docs/embed.md",
        "docs/performance.md",
        "docs/http.md",
        "docs/rules.md",
        "docs/validation.md",
        "docs/diff.md",
        "docs/continuity.md",
    ],
)
def test_every_link_to_a_file_leads_somewhere(file: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", (SHIPPED / file).read_text("utf-8")):
        assert (SHIPPED / file).parent.joinpath(target).exists(), target


def test_the_design_names_every_module_and_every_dependency() -> None:
    package = Path(feeds.__file__).parent
    for module in package.glob("*.py"):
        if not module.stem.startswith("__"):
            assert f"`{module.stem}`" in DESIGN, module.stem
    dependencies = (SHIPPED / "pyproject.toml").read_text("utf-8").partition("dependencies = [")[2]
    for name in re.findall(r'^  "([a-z0-9-]+)', dependencies.partition("]")[0], re.MULTILINE):
        assert re.search(rf"^\|(?: [a-z0-9-]+,)* {name}[, ]", DESIGN, re.MULTILINE), name


def test_the_changelog_names_the_version_or_what_is_unreleased() -> None:
    changelog = (SHIPPED / "CHANGELOG.md").read_text("utf-8")
    assert "## Unreleased" in changelog or f"## {feeds.__version__}" in changelog


def test_no_registry_is_named() -> None:
    for file in (SHIPPED / "constraints.txt", SHIPPED / "pyproject.toml"):
        assert "://" not in file.read_text("utf-8")


def test_the_manual_of_the_rules_is_current() -> None:
    from feeds import manual

    assert (SHIPPED / "docs/rules.md").read_text("utf-8") == manual.page()


def test_the_score_in_the_docs_is_the_one_that_ci_holds() -> None:
    floor = json.loads((SHIPPED / "benchmarks/w3c.json").read_text())
    page = (SHIPPED / "docs/validation.md").read_text("utf-8")
    names = {
        "all": "all",
        "RSS 2.0 and Atom 1.0": "core",
        "modules in use": "module",
        "modules hardly in use": "minor",
        "RSS 0.9x, RSS 1.0, Atom 0.3": "legacy",
        "OPML, OpenSearch": "side",
    }
    for said, tier in names.items():
        cells = (
            "{} of {}".format(*floor[f"{tier} {what}"])
            for what in ("valid", "error", "isolated", "warning")
        )
        assert f"| {said} | {' | '.join(cells)} |" in page
