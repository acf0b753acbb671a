"""`feeds validate` and `feeds rules` as their users run them."""

import json
import re

import pytest
from click.testing import CliRunner, Result

from feeds import cli

from .conftest import CONFIG, SHIPPED, Write

BROKEN = "<rss version='2.0'><channel><title>T</title><foo/></channel></rss>"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli.main, arguments, prog_name="feeds", input=stdin)


def test_validate_says_what_is_wrong_and_where(write: Write) -> None:
    write({"content/2020-09-17-x.yaml": "title: A <b>bold</b> one\nbody: B\n"})
    result = run("validate")
    assert result.exit_code == 0  # A warning.
    assert result.stdout == (
        "content/2020-09-17-x.yaml:1:8: warning T101 title: <title> is plain text, but seems to "
        "hold markup: <b>. [markup-in-plain-text]\n1 warning in 8 documents.\n"
    )
    assert run("validate", "--fail-on", "warning").exit_code == 1
    assert run("validate", "--ignore", "T101", "--fail-on", "info").exit_code == 0
    assert run("validate", "--select", "X,V", "--fail-on", "info").exit_code == 0
    assert run("validate", "--select", "markup-in-plain-text", "--fail-on", "info").exit_code == 1


def test_a_wrong_date_in_a_post_fails_at_its_line(write: Write) -> None:
    write({"content/2020-09-17-x.yaml": "title: T\ndate: 2020-09-31\nbody: B\n"})
    result = run("validate", "--format", "github")
    assert result.exit_code == 1
    assert "::error file=content/2020-09-17-x.yaml,line=2,col=7" in result.stdout


def test_validate_files(write: Write) -> None:
    write({"a.xml": BROKEN, "config.yaml": CONFIG + 'validate: {ignore: {"a.*": [S101]}}\n'})
    result = run("validate", "a.xml", "--format", "jsonl")
    assert result.exit_code == 1
    codes = [json.loads(line)["code"] for line in result.stdout.splitlines()]
    assert "S103" in codes
    assert "S101" not in codes  # It has neither link nor description, but that is not wanted here.
    assert run("validate", "-", stdin=BROKEN).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.xml",), "none.xml: there is no such file\n"),
        (("--select", "Q9"), "Q9: no rule is called so; `feeds rules` lists them\n"),
        (("--base-url", "https://e.example/"), "--base-url is for files"),
        (("--format", "xml"), "Invalid value for '--format'"),
    ],
)
def test_wrong_usage_of_validate(write: Write, arguments: tuple[str, ...], message: str) -> None:
    write({})
    result = run("validate", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_feed_with_very_many_faults_alike(write: Write) -> None:
    write({"a.xml": BROKEN.replace("<foo/>", "<foo/>" * 120)})
    result = run("validate", "a.xml")
    assert result.stdout.count(" S103 ") == 100
    assert result.stderr == "20 more like these, in the same documents, are left out.\n"


def test_rules_are_listed_and_explained() -> None:
    listed = run("rules").stdout
    assert re.search(r"^V101  error    bad-rfc822-date +<\{element\}> is not a date", listed, re.M)
    explained = run("rules", "V101", "X101").stdout
    assert explained.startswith("V101 bad-rfc822-date (error)\n\n<{element}> is not a date as RFC")
    assert "\nhttps://www.rssboard.org/rss-profile#data-types-datetime\n" in explained
    assert "X101 ill-formed-xml (error)" in explained
    assert run("rules", "Q9").exit_code == 2
    assert run("rules", "--markdown").stdout == (SHIPPED / "docs/rules.md").read_text("utf-8")


def test_a_rule_that_does_not_exist_in_the_config_is_said(write: Write) -> None:
    write({"config.yaml": CONFIG + 'validate: {ignore: {"*": [Z999]}}\n'})
    result = run("validate")
    assert result.exit_code == 2
    assert "Z999: no rule is called so" in result.stderr
