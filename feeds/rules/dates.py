"""Dates as RSS, Atom and Dublin Core write them: read, and judged."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from feeds.rules import Broken, Rule, declared

RFC822 = "https://www.rssboard.org/rss-profile#data-types-datetime"
RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
W3CDTF = "https://www.w3.org/TR/NOTE-datetime"


@declared("V101", "error", RFC822)
def bad_rfc822_date() -> None:
    """<{element}> is not a date as RFC 822 writes it: {value}.

    Readers that cannot read a date show the post as published now, each time they look, or drop
    it. Write it like ``Thu, 17 Sep 2020 08:00:00 +0200``: English names, a day that is in the
    calendar, a year of four digits, a zone.
    """


@declared("V102", "error", RFC822)
def wrong_weekday() -> None:
    """<{element}> names a weekday that its date does not fall on: {value}.

    Strict parsers refuse such a date. The weekday may be left out; a library that formats dates
    never gets it wrong.
    """


@declared("V103", "warning", RFC822)
def odd_rfc822_date() -> None:
    """<{element}> is a date that readers read differently: {value}.

    RFC 822 allows years of two digits, military zones of one letter, comments, and offsets that no
    country has; parsers disagree about each of them. Write four digits and an offset such as
    ``+0200`` or ``GMT``.
    """


@declared("V104", "warning", RFC822)
def implausible_date() -> None:
    """<{element}> is not a date at which a feed can have been published: {value}.

    Feeds are younger than 1990. Such a date comes from an empty field or a clock that was never
    set; readers sort the post to the end, where nobody sees it.
    """


@declared("V105", "error", RFC3339)
def bad_rfc3339_date() -> None:
    """<{element}> is not a date as RFC 3339 writes it: {value}.

    Readers that cannot read a date show the post as published now, or drop it. Write it like
    ``2020-09-17T06:00:00Z`` or ``2020-09-17T08:00:00+02:00``: a capital T, seconds, a zone, a day
    that is in the calendar.
    """


@declared("V106", "error", W3CDTF)
def bad_w3c_date() -> None:
    """<{element}> is not a date as the W3C writes it: {value}.

    Dublin Core and its relatives write ``2020``, ``2020-09``, ``2020-09-17`` or
    ``2020-09-17T08:00:00+02:00``; with a time there must be a zone.
    """


@declared("V107", "error", "https://www.rfc-editor.org/rfc/rfc4287#section-2")
def space_around_value() -> None:
    """<{element}> has white space around its value.

    White space belongs to dates and addresses in Atom, and some readers compare ids with it. Put
    the value on one line with its tags.
    """


_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONES = {
    "ut": 0,
    "gmt": 0,
    "z": 0,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}
_RFC822_DATE = re.compile(
    r"(?:(?P<weekday>[a-z]{3})\s*,\s*)?(?P<day>\d{1,2})\s+(?P<month>[a-z]{3})\s+"
    r"(?P<year>\d{4}|\d{2})\s+(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*"
    r"(?P<zone>[+-]\d{4}|[a-z]{1,3})",
    re.IGNORECASE | re.ASCII,
)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_RFC3339_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_W3C_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?"
    r"(?:Z|([+-])(\d\d):(\d\d)))?)?)?",
    re.ASCII,
)


def read_rfc822(text: str) -> datetime | None:
    """The moment an RFC 822 date names, in UTC; None if it is none. Year 0–49 are 2000–2049."""
    match = _RFC822_DATE.fullmatch(without_comments(text).strip())
    if not match:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 50 else 1900
    zone = match["zone"].lower()
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[3:])
        if minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    elif zone in _ZONES:
        offset = timedelta(hours=_ZONES[zone])
    elif len(zone) == 1 and zone != "j":
        # RFC 822 had the signs of the military zones wrong; RFC 5322 reads all as unknown.
        offset = timedelta()
    else:
        return None
    second = int(match["second"] or 0)
    try:
        moment = datetime(
            year,
            _MONTHS.get(match["month"].lower(), 0),
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            min(second, 59),
            tzinfo=timezone(offset),
        )
        return moment.astimezone(UTC) if second <= 60 else None
    except (ValueError, OverflowError):
        return None


def read_rfc3339(text: str) -> datetime | None:
    """The moment an RFC 3339 date-time names, in UTC; None if it is none."""
    match = _RFC3339_DATE.fullmatch(text)
    return _moment(*match.groups()) if match else None


def _moment(
    year: str,
    month: str | None,
    day: str | None,
    hour: str | None,
    minute: str | None,
    second: str | None,
    sign: str | None,
    hours: str | None,
    minutes: str | None,
) -> datetime | None:
    shift = int(hours or 0), int(minutes or 0)
    if shift[0] > 23 or shift[1] > 59 or int(second or 0) > 60:
        return None
    offset = timedelta(hours=shift[0], minutes=shift[1]) * (-1 if sign == "-" else 1)
    try:
        # A leap second is the last of its minute; datetime has none.
        return datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),
            tzinfo=timezone(offset),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def rfc822(text: str) -> Broken:
    """A date as RSS 2.0 has it."""
    moment = read_rfc822(text)
    broken: list[tuple[Rule, dict[str, object]]] = []
    plain = without_comments(text).strip()
    match = _RFC822_DATE.fullmatch(plain)
    if moment is None or match is None:
        return ((bad_rfc822_date, {"value": text}),)
    zone = match["zone"]
    local = moment
    if zone[0] in "+-":
        sign = -1 if zone[0] == "-" else 1
        local = moment + sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    else:
        local = moment + timedelta(hours=_ZONES.get(zone.lower(), 0))
    weekday = match["weekday"]
    if weekday and (weekday.lower() not in _DAYS or _DAYS[local.weekday()] != weekday.lower()):
        broken.append((wrong_weekday, {"value": text}))
    odd = (
        len(match["year"]) == 2
        or plain != text.strip()
        or (len(zone) == 1 and zone not in "Zz")
        or (zone[0] in "+-" and (int(zone[3:]) % 15 or int(zone[1:3]) > 14))
        or re.search(r"\s\s|\s,|,\S|[\t\r\n]", text.strip())
        or (weekday is not None and not weekday.istitle())
        or not match["month"].istitle()
        or not (zone.isupper() or zone[0] in "+-")
    )
    if odd:
        broken.append((odd_rfc822_date, {"value": text}))
    return (*broken, *_plausible(moment.year, text))


@lru_cache(maxsize=4096)
def rfc3339(text: str) -> Broken:
    """A date as Atom and JSON Feed have it."""
    moment = read_rfc3339(text)
    if moment is None:
        return ((bad_rfc3339_date, {"value": text}),)
    return _plausible(moment.year, text)


@lru_cache(maxsize=1024)
def w3cdtf(text: str) -> Broken:
    """A date as Dublin Core has it, to the year, the month, the day or finer."""
    match = _W3C_DATE.fullmatch(text.strip())
    moment = _moment(*match.groups()) if match else None
    if moment is None:
        return ((bad_w3c_date, {"value": text}),)
    return ()


def published_w3cdtf(text: str) -> Broken:
    """The same, for the date at which something was published."""
    return w3cdtf(text) or _plausible(int(text.strip()[:4]), text)


def _plausible(year: int, text: str) -> Broken:
    return ((implausible_date, {"value": text}),) if year < 1990 else ()


def without_comments(text: str) -> str:
    """*text* without comments: they stand in parentheses and may be nested (RFC 822, 3.4.3)."""
    kept, begin, end, depth = [], 0, 0, 0
    for found in _PARENTHESIS.finditer(text):
        if found[0] == "(":
            begin = begin if depth else found.start()
            depth += 1
        elif found[0] == ")" and depth:
            depth -= 1
            if not depth:
                kept += [text[end:begin], " "]
                end = found.end()
    return "".join(kept) + text[end:]
