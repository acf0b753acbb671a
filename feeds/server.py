"""The web app on granian, a production WSGI server."""

import logging
import os
import socket
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from feeds import accesslog
from feeds.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def address(host: str, port: int) -> str:
    """The url at which a browser on this machine reaches a server that listens there."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - everywhere is no address
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def resolve(host: str, port: int) -> str:
    """The IP address of *host*.

    Raises OSError if nothing can listen there: in the server's worker it would come too late.
    """
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            raise OSError(error.errno, os.strerror(error.errno or 0), f"{host}:{port}") from None
    return str(where[0])


def run(config: Path, url: str, ip: str, port: int, *, quiet: bool) -> None:
    """Serve the site of the file *config* until SIGINT or SIGTERM; then finish, and return.

    Without *quiet*, each answer is a line on standard output.
    """
    server = Granian(
        "feeds.app:create_app",
        address=ip,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=1,  # Requests are look-ups: more threads only wait for the same lock.
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(_app, config, url, quiet), wrap_loader=False)


def _app(config: Path, url: str, quiet: bool) -> "WSGIApplication":
    """The app, in the server's worker, whose log goes to the terminal."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    app = create_app(config, url)
    if quiet:
        return app
    return accesslog.wrap(app, partial(print, flush=True), lambda: datetime.now().astimezone())
