"""An access log in the combined format, which every log reader knows."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Names of months as the format has them, whatever the locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def wrap(
    app: "WSGIApplication", write: Callable[[str], Any], now: Callable[[], datetime]
) -> "WSGIApplication":
    """*app*, with one line handed to *write* for each answer; *now* gives aware local times."""

    def logged(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            write(_line(environ, now(), status, headers))
            return start_response(status, headers, *more)

        return app(environ, start)

    return logged


def _line(
    environ: "WSGIEnvironment", moment: datetime, status: str, headers: list[tuple[str, str]]
) -> str:
    method = environ["REQUEST_METHOD"]
    size = "-" if method == "HEAD" else dict(headers).get("Content-Length", "-")
    query = environ.get("QUERY_STRING")
    target = environ["PATH_INFO"] + (f"?{query}" if query else "")
    time = f"{moment:%d}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S %z}"
    request = f"{method} {target} {environ.get('SERVER_PROTOCOL', '')}"
    return (
        f'{environ.get("REMOTE_ADDR", "-")} - - [{time}] "{_safe(request)}" {status[:3]} {size} '
        f'"{_safe(environ.get("HTTP_REFERER", "-"))}" '
        f'"{_safe(environ.get("HTTP_USER_AGENT", "-"))}"'
    )


def _safe(text: str) -> str:
    """*text* as one field of one line: nobody writes lines of their own into the log."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(
        c if " " <= c <= "~" else c.encode("unicode_escape").decode("ascii") for c in text
    )
