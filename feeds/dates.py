"""The dates that authors write, read strictly: nothing is guessed, and every fault is named."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_DATE = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
# The Danish order. Only with hyphens and a year of four digits last can it not be misread.
_DANISH_DATE = r"(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d{4})"
_TIME = (
    r"(?:(?:[Tt]|\ +)(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"\ *(?P<offset>[Zz]|[+-]\d\d:?\d\d(?::\d\d)?)?)?"
)
_FORMS = tuple(re.compile(day + _TIME, re.ASCII) for day in (_DATE, _DANISH_DATE))
_WRITE = "write it like 2020-09-17 10:37 or 2020-09-17T10:37:00+02:00"


@cache
def zone_names() -> frozenset[str]:
    """All names of the time zone database."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of that name; raises ValueError if there is none.

    Read from the tzdata package and never from the machine, so that every machine with the same
    packages makes the same feeds.
    """
    if name not in zone_names():  # Also keeps "../../etc/passwd" out.
        raise ValueError(f"no time zone is called {name!r}")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def parse(text: str, local: ZoneInfo) -> datetime:
    """The moment that *text* names, in UTC, to the second; in *local* time unless it has an offset.

    Takes ``2020-09-17``, ``2020-09-17 10:37``, with seconds, ISO 8601 with offset, and
    ``17-09-2020 10:37:00``. A date alone is the first moment of that day. Fractions of a second
    are dropped. Raises ValueError, saying what to write instead, for anything else and for times
    that a change of clocks leaves out or brings twice.
    """
    match = next(filter(None, (form.fullmatch(text.strip()) for form in _FORMS)), None)
    if match is None:
        raise ValueError(f"{text!r} is not a date; {_WRITE}")
    part = match.groupdict()
    try:
        year, month, day = (int(part[name]) for name in ("year", "month", "day"))
        hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
        wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        if part["offset"]:
            return _at_offset(wall, part["offset"])
        if part["hour"] is None:
            # Some zones change clocks at midnight; a day begins at its first moment all the same.
            return _utc(wall.replace(tzinfo=local))
        return _at_wall(wall, local)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from error


def _at_offset(wall: datetime, offset: str) -> datetime:
    if offset in "Zz":
        return _utc(wall.replace(tzinfo=UTC))
    # Seconds are in the offsets of the nineteenth century.
    hours, minutes, seconds = (
        int(offset.replace(":", "").ljust(7, "0")[n : n + 2]) for n in (1, 3, 5)
    )
    if hours > 15 or minutes > 59 or seconds > 59:
        raise ValueError(f"no place on earth is at {offset}")
    delta = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _utc(wall.replace(tzinfo=timezone(-delta if offset[0] == "-" else delta)))


def _at_wall(wall: datetime, local: ZoneInfo) -> datetime:
    first, second = (wall.replace(tzinfo=local, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return _utc(first)
    # PEP 495: in a gap the offset before comes with fold 0, in a repetition likewise; they differ
    # in whether a moment of that name exists.
    clock = f"{wall:%H:%M}" if not wall.second else f"{wall:%H:%M:%S}"
    both = " or ".join(_readings((first, second)))
    if _utc(first).astimezone(local).replace(tzinfo=None) == wall:
        raise ValueError(f"{clock} occurs twice on {wall:%Y-%m-%d} in {local.key}; write {both}")
    raise ValueError(f"{clock} does not exist on {wall:%Y-%m-%d} in {local.key}; write {both}")


def _readings(moments: Iterable[datetime]) -> list[str]:
    """Each moment as it really reads on the local clock, with its offset."""
    return [_utc(m).astimezone(m.tzinfo).isoformat() for m in moments]


def _utc(moment: datetime) -> datetime:
    # A year of four digits, with room for the offset of any reader.
    if not 1001 <= moment.year <= 9998:
        raise ValueError("the year is out of range")
    return moment.astimezone(UTC)
