"""The ``feeds`` command. Every command is a few lines: the work is done in the layers below."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds import __version__, load
from feeds.model import Feed

EPILOG = """\b
Exit codes:
  0  done
  1  something outside the site stood in the way: a full disk, a taken port, a foreign file
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
@click.pass_obj
def build(config: Path, output: Path | None) -> None:
    """Write every feed and page to a folder, for any web server.

    Only what changed is written. What an earlier build wrote and is gone is removed; files that
    come from elsewhere are never touched. A build that is stopped halfway breaks nothing.
    """
    from feeds import build, publish

    folder = output or config.parent / "public"
    with _faults("nothing was written"):
        _check_output(folder, config)
        site = load.site(config)
        documents = publish.documents(site, datetime.now(UTC))
        report = build.write(publish.for_static_host(site, documents), folder, _progress)
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
    from feeds import publish, server

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
    from feeds import scaffold

    with _faults("no post was begun"):
        file = scaffold.post(load.config(config), config.parent, title, datetime.now(UTC))
    click.echo(file)


@main.command("list")
@click.pass_obj
def list_(config: Path) -> None:
    """Show all posts, drafts and those dated ahead included, and all feeds."""
    from feeds import catalog

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


@contextmanager
def _faults(consequence: str) -> Iterator[None]:
    """Report what is wrong with the site, or with the machine, and end with the right code."""
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


def _fail(message: str, code: int) -> None:
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


def _announce(feed: Feed) -> None:
    from feeds.publish import FORMATS

    click.secho(feed.title, bold=True)
    for file in ("", *(form.FILE for form in FORMATS)):
        click.echo(f"  {feed.site.url}{feed.path}{file}")
