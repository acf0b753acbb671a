"""How a feed is served: its address, media type, validators, encodings and lifetime.

What real clients make of an answer was found by driving twenty of them against good and bad
servers; the manuals name those that fail.
"""

import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import responses
from itertools import pairwise

from feeds.rules import rule
from feeds.rules.visit import Response, Visit

_RFC = "https://www.rfc-editor.org/rfc/"
_HTTP = f"{_RFC}rfc9110#section-"
_CACHING = f"{_RFC}rfc9111#section-"

# The first is the best.
_TYPES = {
    "RSS": ("application/rss+xml",),
    "RSS 1.0": ("application/rdf+xml", "application/rss+xml"),
    "Atom": ("application/atom+xml",),
    "JSON Feed": ("application/feed+json", "application/json"),
}
_XML_TYPES = (
    *("application/xml", "text/xml"),
    *("application/rss+xml", "application/rdf+xml", "application/atom+xml"),
)
_ROOTS = {"rss": "RSS", "rdf": "RSS 1.0", "feed": "Atom"}
# Possessive, or a document of many comments would be tried in ever so many ways.
_ROOT = re.compile(
    r"\s*+(?:(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\])*+>)\s*+)*+"
    r"<(?:[\w.-]+:)?(\w+)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
_DECLARED = re.compile(r"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""", re.ASCII)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.ASCII | re.IGNORECASE)
_HTTP_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT",
    re.ASCII,
)
_ETAG = re.compile(r'(?:W/)?"[^"\s]*"')
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,9})', re.ASCII | re.IGNORECASE)
_NO_FEEDS_BEFORE = datetime(1999, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_SMALL = 1024  # bytes; compression saves less than a packet

Details = Iterator[dict[str, object]]


# The address


@rule("H101", "error", f"{_HTTP}15")
def status_not_ok(visit: Visit) -> Details:
    """The address answers {status} instead of 200.

    There is no feed for a reader here. Thunderbird switches a feed off at the first HTTP error,
    and 410 stops Liferea for good.

    Keep the last good feed at its address whatever happens behind it. If it has moved, answer 301
    with its new address.
    """
    if visit.response.status != 200:
        yield {"status": _status(visit.response)}


@rule("H102", "info", f"{_HTTP}4.2.2")
def plain_http(visit: Visit) -> Details:
    """The feed is served over plain http.

    Anybody on the way can read and change it, and a page that came over https may not load it.
    Serve it over https, and lead the old address on with a 301.
    """
    for response in _ok(visit.response):
        if response.url.startswith("http:") and not _downgrades(visit):
            yield {}


@rule("H103", "error", f"{_HTTP}4.2.2")
def redirect_to_http(visit: Visit) -> Details:
    """The way to the feed leads from https back to http, to {url}.

    Whoever asked for a safe connection gets one that is not: many clients refuse to follow, Java's
    among them. Usually a program behind a proxy does not know that it is reached over https;
    tell it its public address.
    """
    for url in _downgrades(visit)[:1]:
        yield {"url": url}


@rule("H104", "info", f"{_HTTP}15.4")
def temporary_redirect(visit: Visit) -> Details:
    """{url} leads on by {status}, so readers keep asking the old address.

    After a 301, FreshRSS and Liferea store the new address; a temporary redirect is followed anew
    at every poll, and the old address must be kept alive for ever. Answer 301 if the feed has
    moved for good. Where subscribers are meant to keep this address, all is well.
    """
    for hop in visit.hops:
        if hop.status in (302, 303, 307):
            yield {"url": hop.url, "status": _status(hop)}


@rule("H105", "warning", f"{_HTTP}15.4.9")
def redirect_308(visit: Visit) -> Details:
    """{url} leads on by 308, which Java clients do not follow.

    Java's own HTTP clients, and so the readers that are built on them, take a 308 for an error.
    For a feed, 301 means the same and is followed by all.
    """
    for hop in visit.hops:
        if hop.status == 308:
            yield {"url": hop.url}


@rule("H106", "info", f"{_HTTP}15.4")
def redirect_chain(visit: Visit) -> Details:
    """It takes {count} redirects to get to the feed.

    Each costs a round trip at every poll, and is one more thing that can break. Let every old
    address lead to the feed at once.
    """
    if len(visit.hops) > 1:
        yield {"count": len(visit.hops)}


# What it is said to be


@rule("H111", "error", f"{_HTTP}8.3")
def wrong_media_type(visit: Visit) -> Details:
    """The feed is {kind}, but is served as {type}.

    SimplePie (WordPress) and FreshRSS go by the Content-Type: they refuse a feed that is served as
    text/plain, as application/octet-stream or without a type, and take text/html for a page in
    which to look for feeds.

    Serve RSS as application/rss+xml, Atom as application/atom+xml, JSON Feed as
    application/feed+json or application/json.
    """
    for response in _ok(visit.response):
        kind, found = _kind(response.body), _media_type(response)
        proper = _TYPES.get(kind)
        if proper and found not in (proper if kind == "JSON Feed" else _XML_TYPES):
            yield {"kind": kind, "type": found or "nothing in particular"}


@rule("H112", "info", f"{_HTTP}8.3")
def inexact_media_type(visit: Visit) -> Details:
    """The feed is served as {type}; the type of {kind} is {proper}.

    Readers take it, since they look into the XML. Programs that go by the type alone, such as
    browsers that hand feeds to a reader, cannot tell that it is a feed, or of which kind.

    If the host does not let you choose the type, leave it: nobody's subscription depends on it.
    """
    for response in _ok(visit.response):
        kind, found = _kind(response.body), _media_type(response)
        proper = _TYPES.get(kind, ())
        if kind != "JSON Feed" and proper and found in _XML_TYPES and found not in proper:
            yield {"type": found, "kind": kind, "proper": proper[0]}


@rule("H113", "error", f"{_RFC}rfc7303#section-3.1")
def charset_contradicted(visit: Visit) -> Details:
    """The Content-Type says charset={charset}, but the document says {own}.

    For FreshRSS, SimplePie, ROME and Thunderbird the header wins: they show garbage for every
    letter beyond ASCII, or nothing at all.

    Say the same in both places, utf-8 if you can, or leave the charset out of the header.
    """
    for response in _ok(visit.response):
        kind, charset = _kind(response.body), stated_charset(response)
        own = "utf-8" if kind == "JSON Feed" else _own_encoding(response.body)
        if kind and charset and _codec(charset) != _codec(own):
            yield {"charset": charset, "own": own}


@rule("H114", "warning", f"{_RFC}rfc7303#section-3.1")
def text_xml_without_charset(visit: Visit) -> Details:
    """The feed is served as text/xml without a charset, and has letters beyond ASCII.

    RFC 7303 lets the document speak for itself, but before 2014 this meant US-ASCII, and
    feedparser still says so: it marks the feed as broken.

    Add ``; charset=utf-8``, or serve the feed as a type of its own.
    """
    for response in _ok(visit.response):
        bare = _media_type(response) == "text/xml" and not stated_charset(response)
        if bare and not response.body.isascii():
            yield {}


# Asking whether there is something new


@rule("H121", "warning", f"{_HTTP}8.8")
def no_validator(visit: Visit) -> Details:
    """The answer has neither ETag nor Last-Modified.

    A reader cannot ask whether there is something new, so every poll of every subscriber fetches
    the whole feed. Send both.
    """
    for response in _ok(visit.response):
        if not response.header("etag") and not response.header("last-modified"):
            yield {}


@rule("H122", "info", f"{_HTTP}8.8.3")
def no_etag(visit: Visit) -> Details:
    """The answer has a Last-Modified but no ETag.

    A date has whole seconds, and says nothing of a second edit within one, or of a file that was
    put back. Send an ETag too, made of the bytes.
    """
    for response in _ok(visit.response):
        if response.header("last-modified") and not response.header("etag"):
            yield {}


@rule("H123", "warning", f"{_HTTP}8.8.2")
def no_last_modified(visit: Visit) -> Details:
    """The answer has an ETag but no Last-Modified.

    Thunderbird asks by date alone, with If-Modified-Since: it fetches the whole feed every time.
    Say when the bytes last changed.
    """
    for response in _ok(visit.response):
        if response.header("etag") and not response.header("last-modified"):
            yield {}


@rule("H124", "warning", f"{_HTTP}8.8.3")
def malformed_etag(visit: Visit) -> Details:
    """The ETag {etag} is not a quoted string.

    A tag stands in double quotes, with W/ before them if it is weak. Caches drop one that does
    not, and servers do not know it again in If-None-Match, so nothing is ever unchanged.
    """
    for response in _ok(visit.response):
        etag = response.header("etag")
        if etag and not _ETAG.fullmatch(etag):
            yield {"etag": etag}


@rule("H125", "warning", f"{_HTTP}5.6.7")
def malformed_last_modified(visit: Visit) -> Details:
    """Last-Modified is {date}, which is not a date as HTTP writes it.

    It has one form, in GMT and in English whatever the server's language: ``Thu, 17 Sep 2020
    08:37:00 GMT``. Servers must ignore any other in If-Modified-Since, so that Thunderbird, which
    asks by date alone, fetches the whole feed every time.
    """
    for response in _ok(visit.response):
        date = response.header("last-modified")
        if date and not _moment(date):
            yield {"date": date}


@rule("H126", "warning", f"{_HTTP}8.8.2.1")
def impossible_last_modified(visit: Visit) -> Details:
    """Last-Modified is {date}, {why}.

    A client that asks by date alone, as Thunderbird does, misses what changes until a date that is
    ahead has come, or for ever if the date never changes.

    Say when the bytes last changed. 1970 and 1980 are what is left where a build wiped the times
    of files; set them, or send no Last-Modified.
    """
    for response in _ok(visit.response):
        date = response.header("last-modified")
        moment, now = _moment(date), _moment(response.header("date"))
        if moment and now and moment > now:
            yield {"date": date, "why": "after the answer's own Date"}
        elif moment and moment < _NO_FEEDS_BEFORE:
            yield {"date": date, "why": "when there were no feeds"}


@rule("H127", "warning", f"{_HTTP}13.1.2")
def if_none_match_ignored(visit: Visit) -> Details:
    """If-None-Match with the current ETag is not answered by 304.

    Nearly every reader asks so at each poll, and gets the whole feed though nothing has changed.
    Answer 304 without a body if the tag, or one of a list, is the current one.
    """
    tag = visit.response.header("etag")
    for answer in _ok(visit.conditional):
        if _ETAG.fullmatch(tag) and _same(answer, visit.response, "etag"):
            yield {}


@rule("H128", "warning", f"{_HTTP}13.1.3")
def if_modified_since_ignored(visit: Visit) -> Details:
    """If-Modified-Since with the current Last-Modified is not answered by 304.

    Thunderbird asks by date alone, and gets the whole feed at each poll though nothing has
    changed. Answer 304 without a body if the date is not older than the last change.
    """
    for answer in _ok(visit.since):
        if _moment(visit.response.header("last-modified")) and _same(answer, visit.response):
            yield {}


@rule("H129", "warning", f"{_HTTP}15.4.5")
def not_modified_with_another_etag(visit: Visit) -> Details:
    """The 304 has {etag}, where the 200 has {current}.

    It must have the tag that the 200 would have. Clients that take over the headers of a 304
    ask with another tag or none the next time, and fetch the whole feed.
    """
    current = visit.response.header("etag")
    if visit.conditional and visit.conditional.status == 304:
        etag = visit.conditional.header("etag")
        if etag.removeprefix("W/") != current.removeprefix("W/"):
            yield {"etag": etag or "no ETag", "current": current}


@rule("H130", "error", f"{_RFC}rfc9112#section-6.3")
def body_where_none_may_be(visit: Visit) -> Details:
    """The answer {which} has a body.

    It ends with its header. A client that keeps the connection takes what follows for the
    beginning of the next answer, and fails or mixes them up.
    """
    if visit.head and visit.head.body:
        yield {"which": "to HEAD"}
    for answer in (visit.conditional, visit.since, visit.conditional_zipped):
        if answer and answer.status == 304 and answer.body:
            yield {"which": "304"}
            break


@rule("H131", "warning", f"{_HTTP}8.8")
def changing_body(visit: Visit) -> Details:
    """Two requests one after the other got different bytes.

    Something in the feed follows the clock, the request or chance: a build date, a random id, a
    counter. So nothing is ever unchanged, and every poll of every subscriber fetches the whole
    feed. Take dates from the posts. (If a post was published just now, ask again.)
    """
    if any(again.body != visit.response.body for again in _again(visit)):
        yield {}


@rule("H132", "warning", f"{_HTTP}8.8.3")
def changing_etag(visit: Visit) -> Details:
    """Two requests one after the other got the same bytes with different ETags.

    Readers that ask with the one are told that the other is new, and fetch the whole feed. Several
    servers behind one address make their tags of inode numbers or starting times: make them of the
    bytes.
    """
    if any(
        again.body == visit.response.body and not _same(again, visit.response, "etag")
        for again in _again(visit)
    ):
        yield {}


# Asking in other ways


@rule("H141", "error", f"{_HTTP}12.5.3")
def compressed_unasked(visit: Visit) -> Details:
    """The feed is compressed for readers that did not ask for it.

    rss-parser and ROME do not say that they accept compression, and cannot read it. Compress only
    where Accept-Encoding names the encoding, and keep the plain file beside a compressed one.
    """
    if any(answer.encoding for each in (visit.response, visit.plain) for answer in _ok(each)):
        yield {}


@rule("H142", "info", f"{_HTTP}8.4.1.3")
def not_compressed(visit: Visit) -> Details:
    """The feed of {size} kB is not compressed when asked for gzip.

    XML and JSON shrink to a fifth or so, and nearly all readers ask for gzip. Most servers need
    to be told to compress application/rss+xml, application/atom+xml and application/feed+json.
    """
    for zipped in _ok(visit.zipped):
        if not zipped.encoding and len(zipped.body) > _SMALL:
            yield {"size": round(len(zipped.body) / 1000)}


@rule("H143", "warning", f"{_HTTP}12.5.5")
def no_vary(visit: Visit) -> Details:
    """The feed is compressed when asked for, but Vary does not name Accept-Encoding.

    A cache on the way may hand the compressed feed to readers that cannot read it, such as
    rss-parser and ROME. Send ``Vary: Accept-Encoding``.
    """
    for zipped in _ok(visit.zipped):
        said = {"accept-encoding", "*"} & _tokens(zipped.header("vary"))
        if zipped.encoding != visit.response.encoding and not said:
            yield {}


@rule("H144", "warning", f"{_HTTP}8.8.3.3")
def shared_strong_etag(visit: Visit) -> Details:
    """The compressed and the plain feed have the same strong ETag {etag}.

    A strong tag says that the bytes are the same, and they are not: a cache may complete the one
    with parts of the other. Give each encoding a tag of its own, or make the tag weak (``W/``).
    """
    etag = visit.response.header("etag")
    for zipped in _ok(visit.zipped):
        shared = etag.startswith('"') and zipped.header("etag") == etag
        if shared and zipped.encoding != visit.response.encoding:
            yield {"etag": etag}


@rule("H145", "warning", f"{_HTTP}13.1.2")
def compressed_etag_ignored(visit: Visit) -> Details:
    """If-None-Match with the ETag of the compressed feed is not answered by 304.

    Nearly all readers ask for gzip, so theirs is this tag, and each poll fetches the whole feed.

    Apache's mod_deflate adds ``-gzip`` to the tag and does not know it again. This lets it:
    ``RequestHeader edit "If-None-Match" '^"((.*)-(gzip|br))"$' '"$1", "$2"'``.
    """
    # Where the plain tag is ignored too, that is the thing to mend.
    if visit.zipped and (visit.conditional is None or visit.conditional.status == 304):
        for answer in _ok(visit.conditional_zipped):
            if _same(answer, visit.zipped):
                yield {}


@rule("H146", "error", f"{_HTTP}12.5.1")
def something_else_instead(visit: Visit) -> Details:
    """Asked {asked}, the address answers with {type} that is no feed.

    HTML for all who name text/html in Accept is meant for browsers, but Miniflux, FreshRSS,
    SimplePie (WordPress) and ROME name it too. Answer with the feed whatever Accept says; browsers
    alone send ``Sec-Fetch-Dest: document``.
    """
    if any(_kind(response.body) for response in _ok(visit.response)):
        for each in (visit.zipped, visit.plain, visit.mixed):
            for answer in _ok(each):
                if not _kind(answer.body):
                    yield {"asked": answer.asked, "type": _media_type(answer) or "something"}


@rule("H147", "error", f"{_HTTP}15")
def refused_in_another_way(visit: Visit) -> Details:
    """Asked {asked}, the address answers {status}.

    It has a feed for others. Readers ask in many ways: rss-parser accepts application/rss+xml
    alone, whatever the feed is; never answer 406. Firewalls that judge a request by its headers
    shut out readers too; make an exception for feeds.
    """
    for answer in (
        *(visit.zipped, visit.plain, visit.mixed),
        *(visit.conditional, visit.since, visit.conditional_zipped),
    ):
        if answer and answer.status not in (200, 304):
            yield {"asked": answer.asked, "status": _status(answer)}


@rule("H148", "warning", f"{_HTTP}3.4")
def no_answer(visit: Visit) -> Details:
    """Asked {asked}, the address {reason}.

    It did answer when it was asked for the feed as such. Readers that ask in this way get nothing.
    If it was chance, ask again.
    """
    for asked, reason in visit.failed:
        yield {"asked": asked, "reason": reason}


@rule("H149", "warning", f"{_HTTP}9.3.2")
def head_differs(visit: Visit) -> Details:
    """HEAD is answered with {what} {head}, GET with {get}.

    HEAD asks for the header that GET would have. Tools that look whether a feed is there, and how
    large it is, believe it.
    """
    for get in _ok(visit.response):
        if visit.head is None:
            continue
        if visit.head.status != 200:
            yield {"what": "status", "head": _status(visit.head), "get": _status(get)}
            continue
        names = ["content-type"]
        if all(_same(again, get, "etag") for again in _again(visit)):
            names += ["etag", "content-length"]
        for name in names:
            head, own = visit.head.header(name), get.header(name)
            if name == "content-length" and not own and not get.encoding:
                own = str(len(get.body))
            # HEAD may leave out what only making the body would tell.
            if head and head != own:
                yield {"what": name, "head": head, "get": own or "none"}


# Pages and caches


@rule("H151", "info", "https://fetch.spec.whatwg.org/#http-access-control-allow-origin")
def no_cors(visit: Visit) -> Details:
    """Pages of other sites cannot load the feed.

    A browser hands a feed to a script on another site only if the answer allows it. A feed is
    public, so send ``Access-Control-Allow-Origin: *``, if it is to be embedded.
    """
    for zipped in _ok(visit.zipped):
        if zipped.header("access-control-allow-origin") not in ("*", visit.origin):
            yield {}


@rule("H152", "info", f"{_CACHING}4.2.2")
def no_lifetime(visit: Visit) -> Details:
    """Nothing says for how long the feed may be kept.

    Then caches guess, often a tenth of the time since Last-Modified: a blog that rested for a year
    waits a month for its next post. Send ``Cache-Control: max-age=3600`` or so; FreshRSS, Liferea,
    CommaFeed, NetNewsWire and Miniflux ask no more often than that.
    """
    for response in _ok(visit.response):
        said = {"max-age", "no-cache", "no-store"} & _directives(response)
        if not said and not response.header("expires"):
            yield {}


@rule("H153", "info", f"{_CACHING}5.2.2.1")
def long_lifetime(visit: Visit) -> Details:
    """The feed may be kept for {days} days.

    FreshRSS, Liferea, CommaFeed, NetNewsWire and Miniflux do not ask again before that, so
    subscribers learn of a post late. An hour is enough to spare the server.
    """
    for response in _ok(visit.response):
        lifetime = _lifetime(response)
        if lifetime > _DAY:
            yield {"days": f"{lifetime / _DAY:.3g}"}


@rule("H154", "warning", f"{_CACHING}5.2.2.5")
def no_store(visit: Visit) -> Details:
    """Cache-Control says no-store.

    A client that obeys keeps neither the feed nor its ETag, so it fetches the whole feed every
    time. Nothing in a public feed is secret; ``no-cache`` makes sure that clients ask each time.
    """
    for response in _ok(visit.response):
        if "no-store" in _directives(response):
            yield {}


@rule("H155", "info", f"{_RFC}rfc6265#section-7")
def sets_cookie(visit: Visit) -> Details:
    """The answer sets a cookie.

    Readers do not send it back, and many shared caches do not keep an answer that sets one.
    Sessions and counters do not belong to a feed.
    """
    for response in _ok(visit.response):
        if response.header("set-cookie"):
            yield {}


def _ok(response: "Response | None") -> Iterator[Response]:
    """The answer if there is one that has the feed, else nothing."""
    if response and response.status == 200:
        yield response


def _again(visit: Visit) -> "list[Response]":
    """What was asked as the response was, with a condition, and came anew."""
    plain = visit.response.encoding
    answers = (*_ok(visit.conditional), *_ok(visit.since))
    return [answer for answer in answers if answer.encoding == plain]


def _same(one: Response, other: Response, *headers: str) -> bool:
    """Whether two answers have the same body, and the same values of *headers*."""
    return one.body == other.body and all(one.header(n) == other.header(n) for n in headers)


def _downgrades(visit: Visit) -> list[str]:
    """The http addresses that an https address led to."""
    urls = [hop.url for hop in visit.hops] + [visit.response.url]
    return [
        url
        for before, url in pairwise(urls)
        if before.startswith("https:") and url.startswith("http:")
    ]


def _status(response: Response) -> str:
    return f"{response.status} {responses.get(response.status, '')}".strip()


def _kind(body: bytes) -> str:
    """The format that a document begins like, a key of ``_TYPES``, or empty."""
    text = _text(body)
    if text.lstrip().startswith("{"):
        return "JSON Feed"
    root = _ROOT.match(text)
    return _ROOTS.get(root[1].lower(), "") if root else ""


def _text(body: bytes) -> str:
    """The beginning of a document, right as far as it is ASCII, without a byte order mark."""
    start = body[: 64 * 1024]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", "replace")
    return start.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _own_encoding(body: bytes) -> str:
    """The encoding that an XML document says it has: by its mark, its declaration or neither."""
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(_text(body))
    return declared[1] if declared else "utf-8"


def _codec(name: str) -> str:
    """One name for all the names of an encoding; the byte order is the mark's affair."""
    try:
        return codecs.lookup(name).name.removesuffix("-le").removesuffix("-be")
    except LookupError:
        return name.lower()


def _media_type(response: Response) -> str:
    return response.header("content-type").partition(";")[0].strip().lower()


def stated_charset(response: Response) -> str:
    """The charset that the Content-Type of an answer states; empty if none."""
    found = _CHARSET.search(response.header("content-type"))
    return found[1] if found else ""


def _tokens(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",")}


def _directives(response: Response) -> set[str]:
    """The names of the directives in Cache-Control."""
    parts = _tokens(response.header("cache-control"))
    return {part.partition("=")[0].strip() for part in parts}


def _lifetime(response: Response) -> timedelta:
    """How long the answer is fresh (RFC 9111, section 4.2.1), 0 if it does not say."""
    if found := _MAX_AGE.search(response.header("cache-control")):
        return timedelta(seconds=int(found[1]))
    end, now = _moment(response.header("expires")), _moment(response.header("date"))
    return end - now if end and now else timedelta()


def _moment(value: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110, section 5.6.7), None if it is not one."""
    if not _HTTP_DATE.fullmatch(value):
        return None
    try:
        return parsedate_to_datetime(value)
    except ValueError:
        return None
