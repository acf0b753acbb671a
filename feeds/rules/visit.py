"""What the rules on HTTP look at: the answers of one address, as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server answered to one request.

    ``asked`` says in words what was special about the request (``with HEAD``). Names in
    ``headers`` are in lower case. ``encoding`` is the content encoding, ``gzip`` or empty. ``body``
    is decoded; it is empty unless the status is 200, but for an answer to HEAD and for a 304 it is
    the beginning of what followed the header against the rules.
    """

    url: str
    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    encoding: str
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, several joined by commas (RFC 9110, section 5.3), or empty.

        *name* is in lower case.
        """
        return ", ".join(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What an address answered to all that was asked.

    ``hops`` are the redirects on the way to ``response``, a GET that accepts no compression. The
    other requests went to ``response.url``; ``fetch`` says what they are. They are None
    where there was no reason to ask; ``failed`` has those that got no answer, in the words of
    ``Response.asked`` and of a FetchError. ``origin`` is the site that ``zipped`` was asked from.
    """

    address: str
    hops: tuple[Response, ...]
    response: Response
    origin: str
    head: Response | None = None
    zipped: Response | None = None
    plain: Response | None = None
    mixed: Response | None = None
    conditional: Response | None = None
    since: Response | None = None
    conditional_zipped: Response | None = None
    failed: tuple[tuple[str, str], ...] = ()
