"""Findings that the config does not want."""

from pathlib import Path

import pytest

from feeds import ignores, load
from feeds.model import Finding

from .conftest import CONFIG, Write

IGNORE = CONFIG + 'validate:\n  ignore:\n    "content/2020-*": [T117, repeated-title]\n    "*": J\n'


def finding(path: str, code: str, name: str) -> Finding:
    return Finding(path=path, message="m", code=code, name=name)


def test_the_config_is_read_without_the_rest_of_it(write: Write) -> None:
    config = write({"config.yaml": IGNORE.replace("title: T\n", "")})
    found = {"content/2020-*": ("T117", "repeated-title"), "*": ("J",)}
    assert ignores.read(config) == found
    assert load.site(write({"config.yaml": IGNORE})).ignores == found


@pytest.mark.parametrize("text", ["", "title: T\n", "validate:\n", "validate: {ignore: }\n", "- a"])
def test_a_config_that_ignores_nothing(write: Write, text: str) -> None:
    assert ignores.read(write({"config.yaml": text})) == {}


def test_no_config() -> None:
    assert ignores.read(Path("there-is-none.yaml")) == {}


@pytest.mark.parametrize(
    ("path", "code", "name", "wanted"),
    [
        ("content/2020-09-17-x.yaml", "T117", "image-without-alt", False),
        ("content/2021-09-17-x.yaml", "T117", "image-without-alt", True),
        ("content/2020-09-17-x.yaml", "T118", "unknown-html-element", True),
        ("content/2020-09-17-x.yaml", "C103", "repeated-title", False),
        ("feed.json", "J101", "not-a-json-feed", False),
        ("feed.json", "H101", "status", True),
    ],
)
def test_which_are_wanted(path: str, code: str, name: str, wanted: bool, write: Write) -> None:
    ignored = ignores.read(write({"config.yaml": IGNORE}))
    assert ignores.wanted(finding(path, code, name), ignored, Path()) is wanted


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            'validate: {ignore: {"*": [T1170]}}',
            "config.yaml:4:27: validate.ignore.*[0]: must be the code or the name of a rule; "
            "`feeds rules` lists them",
        ),
        (
            "validate: {ignroe: {}}",
            "config.yaml:4:12: validate.ignroe: is not a field; did you mean `ignore`?",
        ),
        (
            "validate: all",
            'config.yaml:4:11: validate: must hold fields, such as ignore: {"content/*": [T117]}',
        ),
    ],
)
def test_faults(write: Write, text: str, fault: str) -> None:
    with pytest.raises(load.LoadError) as error:
        load.site(write({"config.yaml": f"{CONFIG}{text}\n"}))
    assert str(error.value) == fault


def test_paths_count_from_the_folder_of_the_config() -> None:
    ignored = {"content/*": ("T117",)}
    found = finding("blog/content/x.yaml", "T117", "image-without-alt")
    assert not ignores.wanted(found, ignored, Path("blog"))
    assert ignores.wanted(found, ignored, Path())
