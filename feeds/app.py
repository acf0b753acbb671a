"""The documents over HTTP. The only import of flask."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request

from feeds import load, publish

MAX_AGE = 3600  # seconds


def create_app(config: str | Path = "config.yaml", url: str | None = None) -> Flask:
    """A WSGI app that serves the site of the file *config*.

    Links point to the url in the config, or to *url* where given. Raises LoadError if the site has
    a fault.
    """
    documents = publish.documents(load.site(Path(config), url), datetime.now(UTC))
    app = Flask("feeds", static_folder=None)

    @lru_cache(maxsize=1024)
    def document(path: str) -> tuple[bytes, str, str]:
        found = documents[path]
        return found.body, found.media_type, hashlib.sha256(found.body).hexdigest()[:32]

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def serve(path: str) -> Response:
        if f"/{path}" not in documents:
            abort(404)
        body, media_type, digest = document(f"/{path}")
        response = Response(body, content_type=media_type)
        response.set_etag(digest)
        response.cache_control.public = True
        response.cache_control.max_age = MAX_AGE
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response.make_conditional(request)  # type: ignore[return-value]

    return app
