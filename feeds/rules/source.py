"""What stands in the site's own sources: config and posts."""

from feeds.rules import declared


@declared("Y101", "error", "https://yaml.org/spec/1.1/")
def bad_source() -> None:
    """{message}.

    The config or a post cannot be read as it stands, so nothing was rendered and no document
    judged. The message names the file, the line and the field; mend it there.
    """
