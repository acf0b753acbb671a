"""The ``feeds`` command. Every command is a few lines: the work is done in the layers below."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from feeds import __version__

if TYPE_CHECKING:
    from feeds.model import Feed, Finding

EPILOG = """\b
Exit codes:
  0  done
  1  something outside the site stood in the way: a full disk, a taken port, a foreign file;
     or `validate`, `lock` or `diff --fail-on` found something
  2  wrong usage, or a fault in the config or the posts; nothing was written

Start with `feeds init my-blog`. Every command takes --help."""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feeds")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.yaml"),
    show_default=True,
    metavar="FILE",
    help="The site's config; its posts are in content/ beside it.",
)
@click.pass_context
def main(context: click.Context, config: Path) -> None:
    """Turn a folder of posts into RSS, Atom and JSON feeds: for the blog and for every tag."""
    context.obj = config


@main.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to; public/ beside the config by default.",
)
@click.option("--locked", is_flag=True, help="Write nothing if a promise would be broken.")
@click.pass_obj
def build(config: Path, output: Path | None, locked: bool) -> None:
    """Write every feed and page to a folder, for any web server.

    Only what changed is written. What an earlier build wrote and is gone is removed; files that
    come from elsewhere are never touched. A build that is stopped halfway breaks nothing.

    feeds.lock beside the config keeps what was promised to subscribers, and gets what is new.
    """
    from feeds import build, load, lock, promises, publish

    folder = output or config.parent / "public"
    now = datetime.now(UTC)
    with _faults("nothing was written"):
        _check_output(folder, config)
        site = load.site(config)
        promised = promises.state(site, config, now)
        if locked and promised.old is None:
            raise ValueError(f"{config.parent / lock.NAME}: is not there; `feeds build` makes it")
        if locked and promised.broken:
            raise load.LoadError([broken.finding for broken in promised.broken])
        documents = publish.documents(site, now)
        report = build.write(publish.for_static_host(site, documents), folder, _progress)
        if promised.readable:
            lock.write(promised.accepted(()), config.parent / lock.NAME)
    for broken in promised.broken:
        click.secho(broken.finding, err=True, fg="yellow")
    if not promised.readable:
        click.echo("The lock was left as it is.", err=True)
    elif promised.broken:
        click.echo("Subscribers would notice; `feeds lock` says more.", err=True)
    elif promised.new:
        click.echo(f"{config.parent / lock.NAME}: {promised.new} more; commit it.", err=True)
    for sign, paths in (("+", report.written), ("-", report.removed)):
        for path in paths if len(paths) <= 50 else ():
            click.echo(f"{sign} {path}")
    click.echo(
        f"{folder}: {len(report.written)} written, {len(report.unchanged)} unchanged, "
        f"{len(report.removed)} removed"
    )


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, metavar="N")
@click.option("--url", help="Where links point to; where it listens by default.")
@click.option("--quiet", is_flag=True, help="No line for each request.")
@click.pass_obj
def serve(config: Path, host: str, port: int, url: str | None, quiet: bool) -> None:
    """Serve the feeds and pages, and say where they are.

    For a look at the site before it is published. Links point to this server, not to the address
    in the config, unless --url says otherwise. Edits show by themselves; while there is a fault in
    them, it is printed, and the last good site is served.
    """
    from feeds import load, publish, server

    url = url or server.address(host, port)
    with _faults("nothing is served"):
        documents = publish.documents(load.site(config, url), datetime.now(UTC))
        ip = server.resolve(host, port)
    for feed in documents.feeds:
        _announce(feed)
    click.echo("Press Ctrl-C to stop.")
    server.run(config, url, ip, port, quiet=quiet)


@main.command()
@click.argument("title")
@click.pass_obj
def new(config: Path, title: str) -> None:
    """Begin a new post called TITLE: a draft with today's date.

    Drafts are in no feed. Remove the line `draft: true` from the file to publish the post.
    """
    from feeds import load, scaffold

    with _faults("no post was begun"):
        file = scaffold.post(load.config(config), config.parent, title, datetime.now(UTC))
    click.echo(file)


@main.command("list")
@click.pass_obj
def list_(config: Path) -> None:
    """Show all posts, drafts and those dated ahead included, and all feeds."""
    from feeds import catalog, load

    now = datetime.now(UTC)
    with _faults("nothing is shown"):
        site = load.site(config)
    click.secho("Posts", bold=True)
    for post in sorted(site.posts, key=lambda post: (post.published, post.id), reverse=True):
        state = "draft" if post.draft else "ahead" if post.published > now else ""
        day = f"{post.published.astimezone(site.timezone):%Y-%m-%d %H:%M}"
        tags = f"  [{', '.join(tag.name for tag in post.tags)}]" if post.tags else ""
        click.echo(f"{day}  {click.style(f'{state:5}', fg='yellow')}  {post.title}{tags}")
        click.echo(f"{'':25}{post.source}")
    click.secho("Feeds", bold=True)
    for feed in catalog.feeds(site, catalog.published(site, now)):
        click.echo(f"{feed.total:6}  {feed.title}")
        click.echo(f"{'':8}{site.url}{feed.path}")


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--title", default="My blog", show_default=True)
@click.option("--url", default="https://example.org/", show_default=True, help="Its address.")
@click.option("--language", default="en", show_default=True, help="A tag such as da or en-GB.")
@click.option("--timezone", default="UTC", show_default=True, help="Such as Europe/Copenhagen.")
def init(folder: Path, title: str, url: str, language: str, timezone: str) -> None:
    """Make a new blog in DIR: a config and a first post, ready to build."""
    from feeds import scaffold

    with _faults("no blog was made"):
        scaffold.site(
            folder,
            title=title,
            url=url,
            language=language,
            timezone=timezone,
            now=datetime.now(UTC),
        )
    click.echo(f"{folder} is ready. Now: cd {folder} && feeds serve")


@main.command()
@click.argument("targets", nargs=-1, metavar="[FILE|FOLDER|URL|-]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "jsonl", "github", "sarif", "junit")),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option("--select", metavar="CODES", help="Only these: T117,bad-source, or V for all of V.")
@click.option("--ignore", metavar="CODES", help="All but these.")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info")),
    default="error",
    show_default=True,
    help="The least level of a finding that makes the exit code 1.",
)
@click.option("--base-url", metavar="URL", help="Where local files will live; a folder ends in /.")
@click.pass_obj
def validate(
    config: Path,
    targets: tuple[str, ...],
    form: str,
    select: str | None,
    ignore: str | None,
    fail_on: str,
    base_url: str | None,
) -> None:
    """Check feeds: this site's, or any in files, folders and at addresses.

    Without a target, the site: its config and posts, every document as it would be published, and
    all of them against each other; findings name the post's file, line and field. `feeds rules
    CODE` explains a finding. Exit code 0: none at the level; 1: some; 2: it could not be looked at.
    """
    from feeds import ignores, report, validate
    from feeds.rules import LEVELS

    now = datetime.now(UTC)
    selected, ignored = _codes(select), _codes(ignore)

    def wanted(finding: "Finding") -> bool:
        return (
            (not selected or ignores.named(finding, selected))
            and not ignores.named(finding, ignored)
            and ignores.wanted(finding, passed_over, config.parent)
        )

    try:
        passed_over = ignores.read(config)
        for codes in passed_over.values():
            _codes(",".join(codes))
        if targets:
            found = validate.targets(targets, base_url, now, wanted)
        elif base_url:
            raise click.UsageError("--base-url is for files; the site's config has its own url")
        else:
            found = validate.config(config, now, wanted)
    except (validate.Unreadable, OSError) as error:
        _fail(str(error), 2)
    color = form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    text = report.render(found.findings, form, documents=found.documents, color=color)
    click.echo(text, nl=False, color=color)
    if found.more:
        click.echo(f"{found.more} more like these, in the same documents, are left out.", err=True)
    if any(LEVELS.index(finding.level) <= LEVELS.index(fail_on) for finding in found.findings):
        sys.exit(1)


def _codes(text: str | None) -> tuple[str, ...]:
    """The codes of an option, checked; all rules are known only once all were imported."""
    if not text:
        return ()
    from feeds import manual

    codes = tuple(code for code in re.split(r"[,\s]+", text) if code)
    try:
        manual.find(codes)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return codes


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--accept", is_flag=True, help="Take what is shown, or what NAMEs say of it.")
@click.pass_obj
def lock(config: Path, names: tuple[str, ...], accept: bool) -> None:
    """Show which promises to subscribers would be broken, and take that with --accept.

    NAME is the path of a page, the id or file of a post, or `authority`. What is accepted is
    forgotten: subscribers will notice, once.
    """
    from feeds import load, lock, promises

    if names and not accept:
        raise click.UsageError("NAME goes with --accept")
    with _faults("nothing was accepted"):
        promised = promises.state(load.site(config), config, datetime.now(UTC))
        known = frozenset[str]().union(*(broken.names for broken in promised.broken))
        for name in names:
            if name not in known:
                raise ValueError(f"{name}: no broken promise is called so")
        for broken in promised.broken:
            click.echo(broken.finding)
        if accept:
            lock.write(promised.accepted(names or None), config.parent / lock.NAME)
    if accept:
        click.echo(f"{config.parent / lock.NAME} is written.")
    elif promised.broken:
        click.echo("Mend them, or take them with `feeds lock --accept` and what is named.")
        sys.exit(1)
    else:
        click.echo(f"Every promise is kept. Not in the lock yet: {promised.new}.")


@main.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown", "github")),
    default="text",
    show_default=True,
    help="How changes are printed; markdown is for a comment on a pull request.",
)
@click.option(
    "--fail-on",
    metavar="KINDS",
    multiple=True,
    help="Kinds of change that make the exit code 1: resurfaced,feed-lost.",
)
@click.pass_obj
def diff(config: Path, old: str, new: str | None, form: str, fail_on: tuple[str, ...]) -> None:
    """Show what subscribers will see when NEW takes OLD's place.

    Each is a built folder, the URL of a live site, or a git revision; NEW is by default the site as
    it stands. Posts that come back as unread, new posts, edits, feeds that moved or are lost: each
    kind is explained in docs/diff.md. Exit code 0: none of the kinds in --fail-on; 1: some.
    """
    from feeds import diff, difference, snapshot

    wanted = {kind for kinds in fail_on for kind in re.split(r"[,\s]+", kinds) if kind}
    if unknown := wanted - diff.KINDS.keys():
        raise click.UsageError(
            f"--fail-on: {', '.join(sorted(unknown))}: the kinds are {', '.join(diff.KINDS)}"
        )
    with _faults("nothing was compared"):
        found = diff.compare(*snapshot.pair(old, new, config, datetime.now(UTC)))
    click.echo(difference.render(found, form), nl=False)
    if any(change.kind in wanted for change in found.changes):
        sys.exit(1)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--feed", "path", default="/", show_default=True, help="A feed's page: /tags/x/.")
@click.option("--items", type=click.IntRange(1), default=5, show_default=True, metavar="N")
@click.pass_obj
def embed(config: Path, file: Path, path: str, items: int) -> None:
    """Put the newest posts into FILE, a README or a page, between two comments.

    These are <!-- feeds:start --> and <!-- feeds:end -->, each on a line of its own. The posts
    become a list, in Markdown in a .md file and in HTML in a .html file. What stood between the
    comments is replaced; nothing else changes.
    """
    from feeds import addresses, catalog, insert, load

    with _faults(f"{file} is as it was"):
        site = load.site(config)
        feeds = catalog.feeds(site, catalog.published(site, datetime.now(UTC)))
        feed = next((feed for feed in feeds if feed.path in addresses.spellings(path)), None)
        if feed is None:
            raise ValueError(f"--feed {path}: there is no such feed; `feeds list` shows all")
        changed = insert.write(file, feed, items)
    click.echo(f"{file}: {'written' if changed else 'unchanged'}")


@main.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--markdown", is_flag=True, help="The whole manual, as docs/rules.md.")
def rules(codes: tuple[str, ...], markdown: bool) -> None:
    """List what `validate` looks for, or explain CODE: what is wrong, why, and what to do."""
    from feeds import manual

    if markdown:
        click.echo(manual.page(), nl=False)
        return
    try:
        found = manual.find(codes) if codes else manual.all_rules()
    except ValueError as error:
        _fail(str(error), 2)
    for rule in found:
        if codes:
            click.secho(f"{rule.code} {rule.name} ({rule.level})", bold=True)
            click.echo(f"\n{rule.message}\n\n{rule.manual}\n\n{rule.spec}\n")
        else:
            click.echo(f"{rule.code}  {rule.level:7}  {rule.name:34}  {rule.message}")


@contextmanager
def _faults(consequence: str) -> Iterator[None]:
    """Report what is wrong with the site, or with the machine, and end with the right code."""
    from feeds import load
    from feeds.build import BuildError

    try:
        yield
    except load.LoadError as error:
        for finding in error.findings:
            click.echo(finding, err=True)
        count = len(error.findings)
        _fail(f"{count} fault{'s' if count > 1 else ''}: {consequence}.", 2)
    except ValueError as error:
        _fail(str(error), 2)
    except BuildError as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename or 'system'}: {error.strerror or error}", 1)


def _fail(message: str, code: int) -> NoReturn:
    click.secho(message, err=True, fg="red")
    sys.exit(code)


def _check_output(folder: Path, config: Path) -> None:
    # Not Path.resolve, which raises on a loop of links.
    output, root, content = (
        Path(os.path.realpath(path)) for path in (folder, config.parent, config.parent / "content")
    )
    if output == root or output in root.parents or output.is_relative_to(content):
        raise ValueError(f"{folder}: holds the sources of the site; give another --output")


def _progress(paths: Iterable[str]) -> Iterable[str]:
    """A bar on long work, where somebody watches."""
    paths = list(paths)
    if len(paths) < 1000 or not sys.stderr.isatty():
        return paths
    return _bar(paths)


def _bar(paths: list[str]) -> Iterator[str]:
    with click.progressbar(paths, label="Documents", file=sys.stderr) as bar:
        yield from bar


def _announce(feed: "Feed") -> None:
    from feeds.publish import FORMATS

    click.secho(feed.title, bold=True)
    for file in ("", *(form.FILE for form in FORMATS)):
        click.echo(f"  {feed.site.url}{feed.path}{file}")
