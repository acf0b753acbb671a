from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import dates

COPENHAGEN = dates.zone("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-17", "2020-09-16T22:00:00"),
        ("17-09-2020", "2020-09-16T22:00:00"),
        ("2020-09-17 10:37", "2020-09-17T08:37:00"),
        ("2020-09-17T10:37", "2020-09-17T08:37:00"),
        ("2020-09-17 10:37:05", "2020-09-17T08:37:05"),
        ("17-09-2020 10:37:00", "2020-09-17T08:37:00"),
        ("  2020-09-17  10:37 ", "2020-09-17T08:37:00"),
        ("05-06-2020 12:00", "2020-06-05T10:00:00"),
        ("2020-09-17T10:37:00+02:00", "2020-09-17T08:37:00"),
        ("2020-09-17T10:37:00.999999999Z", "2020-09-17T10:37:00"),
        ("2020-09-17 10:37z", "2020-09-17T10:37:00"),
        ("2020-09-17 10:37:00 -0330", "2020-09-17T14:07:00"),
        ("2020-10-25T02:30:00+01:00", "2020-10-25T01:30:00"),
        ("1001-01-01T00:00:00Z", "1001-01-01T00:00:00"),
        ("1883-11-18 12:00:00 -04:56:02", "1883-11-18T16:56:02"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert dates.parse(text, COPENHAGEN) == datetime.fromisoformat(expected + "+00:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020-03-29 02:30", "'2020-03-29 02:30': 02:30 does not exist on 2020-03-29 in "
         "Europe/Copenhagen; write 2020-03-29T03:30:00+02:00 or 2020-03-29T01:30:00+01:00"),
        ("2020-10-25 02:30:05", "'2020-10-25 02:30:05': 02:30:05 occurs twice on 2020-10-25 in "
         "Europe/Copenhagen; write 2020-10-25T02:30:05+02:00 or 2020-10-25T02:30:05+01:00"),
        ("2020-02-30", "'2020-02-30': day is out of range for month"),
        ("2020-13-01", "'2020-13-01': month must be in 1..12"),
        ("2020-09-17 24:00", "'2020-09-17 24:00': hour must be in 0..23"),
        ("2020-09-17 23:59:60", "'2020-09-17 23:59:60': second must be in 0..59"),
        ("2020-09-17 10:00 +16:00", "'2020-09-17 10:00 +16:00': no place on earth is at +16:00"),
        ("2020-09-17 10:00 +01:99", "'2020-09-17 10:00 +01:99': no place on earth is at +01:99"),
        ("1000-12-31", "'1000-12-31': the year is out of range"),
        ("0000-12-31", "'0000-12-31': year 0 is out of range"),
        ("9999-12-31T23:00Z", "'9999-12-31T23:00Z': the year is out of range"),
    ],
)  # fmt: skip
def test_a_moment_that_is_not_there_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared below
        dates.parse(text, COPENHAGEN)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "text", ["", "yesterday", "12:30", "2020", "17/09/2020", "2020-9-7", "09-17-20", "1600336620",
             "2020-09-17 10", "2020-09-17 10:37 CEST", "２０２０-09-17", "2020-09-17Z"]
)  # fmt: skip
def test_what_is_not_certainly_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write it like 2020-09-17 10:37"):
        dates.parse(text, COPENHAGEN)


def test_a_day_begins_at_its_first_moment_where_clocks_change_at_midnight() -> None:
    # In São Paulo 4 November 2018 had no 00:00; in Havana 1 November 2020 had it twice.
    assert dates.parse("2018-11-04", dates.zone("America/Sao_Paulo")).isoformat() == (
        "2018-11-04T03:00:00+00:00"
    )
    assert dates.parse("2020-11-01", dates.zone("America/Havana")).isoformat() == (
        "2020-11-01T04:00:00+00:00"
    )


@given(st.datetimes(datetime(1001, 1, 2), datetime(9998, 12, 30)))  # noqa: DTZ001
def test_what_isoformat_writes_is_read_back(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=0)
    assert dates.parse(moment.isoformat(), COPENHAGEN) == moment


@given(st.datetimes(datetime(1970, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001
def test_a_local_time_is_read_back_or_refused_with_two_readings_that_are_read(
    wall: datetime,
) -> None:
    wall = wall.replace(microsecond=0)
    try:
        moment = dates.parse(f"{wall:%Y-%m-%d %H:%M:%S}", COPENHAGEN)
    except ValueError as error:
        _, _, readings = str(error).partition("write ")
        first, second = readings.split(" or ")
        assert dates.parse(first, COPENHAGEN) != dates.parse(second, COPENHAGEN)
    else:
        assert moment.astimezone(COPENHAGEN).replace(tzinfo=None) == wall


def test_zones_come_from_the_package_and_nowhere_else() -> None:
    assert dates.zone("Europe/Copenhagen") is dates.zone("Europe/Copenhagen")
    for name in ("../../etc/passwd", "/etc/localtime", "europe/copenhagen", "localtime", ""):
        with pytest.raises(ValueError, match="no time zone is called"):
            dates.zone(name)
