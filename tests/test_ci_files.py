"""What we give to pre-commit, GitHub and GitLab, run as far as a machine without them can."""

import os
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import SHIPPED

ACTION = SHIPPED / "action.yml"
HOOKS = SHIPPED / ".pre-commit-hooks.yaml"
GITLAB = SHIPPED / "docs/ci/gitlab-ci.yml"

# Stands for a program: notes its words, prints and ends as it is told to.
FAKE = """#!/bin/sh
printf '%s\\n' "$#" "$@" >> "$FAKE_WORDS"
printf '%s' "$FAKE_PRINTS"
exit "${FAKE_STATUS:-0}"
"""


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text("utf-8"))


def steps() -> list[dict[str, Any]]:
    """The action's shell steps: it installs, then it validates."""
    found = [step for step in read(ACTION)["runs"]["steps"] if "run" in step]
    assert [step["name"] for step in found] == ["Install feeds", "Validate"]
    return found


def fake(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(FAKE)
    program.chmod(0o755)
    return program


def words(file: Path) -> list[list[str]]:
    """What a fake program was called with, each time; a word's line ends divide it."""
    lines = file.read_text("utf-8").splitlines()
    calls = []
    while lines:
        count = int(lines.pop(0))
        calls.append(lines[:count])
        del lines[:count]
    return calls


def bash(script: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A script as GitHub's runner runs it with ``shell: bash``, in an empty current folder."""
    checkout = folder / "checkout"
    checkout.mkdir(exist_ok=True)
    (folder / "script.sh").write_text(script)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(folder / "script.sh")],
        cwd=checkout,
        env={
            "PATH": os.environ["PATH"],
            "FAKE_WORDS": str(folder / "words"),
            "GITHUB_ACTION_PATH": str(SHIPPED),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "RUNNER_TEMP": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


def validate(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The action's last step, with a fake Python unless there is another."""
    environment = {"PYTHON": str(fake(folder, "python")), "ARGS": "", "PATHS": "", **environment}
    return bash(steps()[1]["run"], folder, **environment)


# GitHub.


def test_no_input_of_the_action_is_written_into_a_script() -> None:
    for step in steps():
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


def test_every_input_of_the_action_is_described_and_used() -> None:
    action = read(ACTION)
    text = ACTION.read_text("utf-8")
    assert set(action["inputs"]) == {"paths", "args", "python-version"}
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) == set(action["inputs"])
    for step in steps():
        for name in step["env"]:
            assert f"${name}" in step["run"] or name.startswith("PYTHON")
    assert all(value["description"] for value in action["inputs"].values())
    assert action["inputs"]["paths"]["default"] == ""


def test_the_action_has_no_python_older_than_ours() -> None:
    (needed,) = re.findall(
        r'requires-python = ">=3\.(\d+)"', (SHIPPED / "pyproject.toml").read_text()
    )
    given = read(ACTION)["inputs"]["python-version"]
    assert f"3.{needed} or newer" in given["description"]
    assert int(given["default"].removeprefix("3.")) >= int(needed)


def test_the_action_installs_its_own_checkout_apart_from_the_jobs_python(tmp_path: Path) -> None:
    done = bash(steps()[0]["run"], tmp_path, PYTHON=str(fake(tmp_path, "python")))
    assert (done.returncode, done.stderr) == (0, "")
    ((flag, _, module, command, *rest),) = words(tmp_path / "words")
    assert (flag, module, command) == ("-I", "pip", "install")
    assert rest[-5:] == [
        "--target",
        f"{tmp_path}/feeds",
        "--constraint",
        f"{SHIPPED}/constraints.txt",
        str(SHIPPED),
    ]
    assert Path(rest[-2]).exists()


PLAIN = ["-P", "-m", "feeds", "validate", "--format", "github"]


@pytest.mark.parametrize(
    ("args", "paths", "expected"),
    [
        ("", "", ["--"]),
        ("", "public/rss.xml", ["--", "public/rss.xml"]),
        ("", "a b.xml\n\n--fail-on\nc.xml\n", ["--", "a b.xml", "--fail-on", "c.xml"]),
        ("--fail-on  warning\n--ignore R1", "", ["--fail-on", "warning", "--ignore", "R1", "--"]),
    ],
)
def test_the_action_validates_what_it_is_given(
    args: str, paths: str, expected: list[str], tmp_path: Path
) -> None:
    assert validate(tmp_path, ARGS=args, PATHS=paths).returncode == 0
    assert words(tmp_path / "words") == [PLAIN + expected]


@pytest.mark.parametrize(
    "hostile",
    [
        "; touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "x && touch pwned #",
        "'; touch pwned; '",
        '"; touch pwned; "',
        "${PATH:+$(touch pwned)}",
        "a[$(touch pwned)]",
        "| touch pwned",
        "> pwned",
        "*",
        "~",
        "\\",
    ],
)
def test_an_input_is_words_and_never_run(hostile: str, tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/innocent").touch()
    assert validate(tmp_path, ARGS=hostile, PATHS=hostile).returncode == 0
    assert words(tmp_path / "words") == [[*PLAIN, *hostile.split(), "--", hostile]]
    assert [file.name for file in (tmp_path / "checkout").iterdir()] == ["innocent"]


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_action_ends_as_feeds_does_and_sums_up(status: int, tmp_path: Path) -> None:
    printed = "::error file=a.xml,line=1::A.\n1 error in 1 document.\n"
    done = validate(tmp_path, FAKE_STATUS=str(status), FAKE_PRINTS=printed)
    assert (done.returncode, done.stdout) == (status, printed)
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert summary == "### feeds validate\n1 error in 1 document.\n"


@pytest.mark.slow
def test_the_action_works_in_a_checkout_that_shadows_what_it_imports(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("feeds", "pip", "click"):
        (checkout / name).mkdir(parents=True)
        for file in ("__init__.py", "__main__.py"):
            (checkout / name / file).write_text("raise SystemExit('pwned')\n")
    (checkout / "rss.xml").write_text("<rss")
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv/bin/python")
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = bash(steps()[0]["run"], tmp_path, PYTHON=python, HOME=str(Path.home()), **pip)
    assert done.returncode == 0, done.stderr
    done = validate(tmp_path, PYTHON=python, PATHS="rss.xml")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=rss.xml,line=1,")
    assert (tmp_path / "summary.md").read_text("utf-8").endswith(" in 1 document.\n")


@pytest.mark.slow
@pytest.mark.parametrize(("schema", "file"), [("github-actions", ACTION), ("gitlab-ci", GITLAB)])
def test_the_files_are_as_their_services_want_them(schema: str, file: Path) -> None:
    command = ["check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    subprocess.run([sys.executable, "-m", *command], check=True, timeout=60)


# GitLab.


@pytest.mark.parametrize("status", [0, 1])
def test_the_gitlab_job_reports_and_tells(status: int, tmp_path: Path) -> None:
    (job,) = read(GITLAB).values()
    for name in ("feeds", "pip"):
        fake(tmp_path / "bin", name)
    environment = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "FAKE_PRINTS": "printed",
        "FEEDS": job["variables"]["FEEDS"],
    }
    install, run = job["script"]
    assert bash(install, tmp_path, **environment).returncode == 0
    done = bash(run, tmp_path, FAKE_STATUS=str(status), **environment)
    called = [["install", "--quiet", environment["FEEDS"]], ["validate", "--format", "junit"]]
    assert words(tmp_path / "words") == called + [["validate"]] * status
    assert (done.returncode, done.stdout) == (status, "printed" * status)
    report = tmp_path / "checkout" / job["artifacts"]["reports"]["junit"]
    assert report.read_text() == "printed"
    assert job["artifacts"]["when"] == "always"


# pre-commit.


def test_the_hooks() -> None:
    assert [hook["id"] for hook in read(HOOKS)] == ["feeds-validate", "feeds-validate-files"]
    for hook in read(HOOKS):
        assert shlex.split(hook["entry"]) == ["feeds", "validate"]
        assert hook["language"] == "python"


@pytest.mark.parametrize(
    ("name", "hook"),
    [
        ("config.yaml", "feeds-validate"),
        ("content/2020/x.md", "feeds-validate"),
        ("rss.xml", "feeds-validate-files"),
        ("public/tags/a/atom.xml", "feeds-validate-files"),
        ("public/feed.json", "feeds-validate-files"),
        ("blog-feed.xml", "feeds-validate-files"),
        ("blog.rss", "feeds-validate-files"),
        ("a/blog.atom", "feeds-validate-files"),
        ("content/rss.xml", "feeds-validate feeds-validate-files"),
        ("old/config.yaml", ""),
        ("config.yaml.bak", ""),
        ("sitemap.xml", ""),
        ("package.json", ""),
        ("feed.json5", ""),
        ("newsfeed.json", ""),
        ("feedback.xml", ""),
        ("atomic.json", ""),
        ("rss.xml/readme.txt", ""),
        ("gloss.xml", ""),
    ],
)
def test_which_files_a_hook_looks_at(name: str, hook: str) -> None:
    found = [hook["id"] for hook in read(HOOKS) if re.search(hook["files"], name)]
    assert found == hook.split()


@pytest.mark.slow
def test_the_hooks_as_pre_commit_runs_them(tmp_path: Path) -> None:
    """With a fake ``feeds``, so that no environment is made and nothing is fetched."""
    checked = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)], timeout=60
    )
    assert checked.returncode == 0
    checkout = tmp_path / "checkout"
    for name in ("config.yaml", "content/a.md", "rss.xml", "b c/feed.json", "x.atom", "other.xml"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("text\n")
    hooks = [{**hook, "language": "system"} for hook in read(HOOKS)]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (checkout / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    fake(tmp_path / "bin", "feeds")
    done = bash(
        'git init -q . && git add . && "$PYTHON" -m pre_commit run --all-files',
        tmp_path,
        PATH=f"{tmp_path}/bin:{os.environ['PATH']}",
        PYTHON=sys.executable,
        PRE_COMMIT_HOME=str(tmp_path / "cache"),
        HOME=str(tmp_path),
        FAKE_STATUS="1",
        FAKE_PRINTS="rss.xml:1:1: error X101\n",
    )
    assert done.returncode == 1
    assert re.findall(r"^(feeds .*?)\.+Failed$", done.stdout, re.MULTILINE) == [
        "feeds validate",
        "feeds validate (files)",
    ]
    assert "rss.xml:1:1: error X101" in done.stdout
    site, files = (sorted(call[1:]) for call in words(tmp_path / "words"))
    assert site == []
    assert files == ["b c/feed.json", "rss.xml", "x.atom"]
