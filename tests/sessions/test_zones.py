# ruff: noqa: DTZ001 - wall time has no zone

import zoneinfo
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest

from sessions import zones

LONG = {
    "after": datetime(1970, 1, 1, tzinfo=UTC),
    "before": datetime(2101, 1, 1, tzinfo=UTC),
}
FIVE_YEARS = {
    "after": datetime(2026, 1, 1, tzinfo=UTC),
    "before": datetime(2031, 1, 1, tzinfo=UTC),
}
ALL = sorted(zoneinfo.available_timezones())


def lines(name: str, **span: datetime) -> list[str]:
    return zones.vtimezone(name, **(span or FIVE_YEARS)).splitlines()


def rules(name: str, **span: datetime) -> list[str]:
    return [line for line in lines(name, **span) if line.startswith("RRULE")]


def test_the_operating_system_is_not_asked() -> None:
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Base",
        "America",
        "../etc/passwd",
        "/etc/localtime",
        "posixrules",
        "UTC\n",
        "x" * 999,
    ],
)
def test_a_zone_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(zones.UnknownZone) as refusal:
        zones.zone(name)

    assert refusal.value.code == "unknown_zone"
    assert refusal.value.field == "zone"


def test_clock_changes_are_those_of_zoneinfo_in_every_zone_for_130_years() -> None:
    for name in ALL:
        clock = zones.zone(name)
        changes = list(zones.transitions(name, **LONG))
        edges = [LONG["after"], *(change.at for change in changes), LONG["before"]]

        for change in changes:
            before = (change.at - timedelta(seconds=1)).astimezone(clock).utcoffset()
            assert (before, change.at.astimezone(clock).utcoffset()) == change[1:3], name
        for start, end in pairwise(edges):
            between = (start + (end - start) * part / 5 for part in range(5))
            assert len({t.astimezone(clock).utcoffset() for t in between}) == 1, name


def test_a_skipped_time_and_a_doubled_time_are_told_apart() -> None:
    assert zones.flaw(datetime(2026, 3, 8, 2, 30), "America/New_York") == "gap"
    assert zones.flaw(datetime(2026, 3, 8, 3, 0), "America/New_York") is None
    assert zones.flaw(datetime(2026, 11, 1, 1, 30), "America/New_York") == "overlap"
    assert zones.flaw(datetime(2026, 11, 1, 2, 0), "America/New_York") is None
    assert zones.flaw(datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe") == "gap"
    assert zones.flaw(datetime(2026, 10, 25, 1, 30), "Europe/Dublin") == "overlap"
    assert zones.flaw(datetime(2026, 3, 29, 1, 30), "Europe/Dublin") == "gap"


def test_a_skipped_time_is_read_as_before_the_gap_and_of_two_the_first_is_meant() -> None:
    skipped = zones.resolve(datetime(2026, 3, 8, 2, 30), "America/New_York")
    doubled = zones.resolve(datetime(2026, 11, 1, 1, 30), "America/New_York")

    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert doubled == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "spring", "autumn"),
    [
        ("America/New_York", "BYMONTH=3;BYDAY=2SU", "BYMONTH=11;BYDAY=1SU"),
        ("Europe/London", "BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU"),
        ("Europe/Dublin", "BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU"),
        # "26:00 on the fourth Thursday of March"
        (
            "Asia/Jerusalem",
            "BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR",
            "BYMONTH=10;BYDAY=-1SU",
        ),
        # "24:00 on the first Saturday"
        (
            "America/Santiago",
            "BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
            "BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
        ),
        # "an hour before midnight of the last Sunday of March"
        (
            "America/Nuuk",
            "BYMONTH=3;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA",
            "BYMONTH=10;BYDAY=-1SU",
        ),
    ],
)
def test_a_zone_with_a_rule_is_written_in_two_halves(
    name: str, spring: str, autumn: str
) -> None:
    assert sorted(rules(name)) == sorted(
        f"RRULE:FREQ=YEARLY;{half}" for half in (spring, autumn)
    )
    assert lines(name).count("BEGIN:DAYLIGHT") == lines(name).count("BEGIN:STANDARD") == 1


def test_both_halves_begin_before_the_series() -> None:
    onsets = [line for line in lines("Australia/Sydney") if line.startswith("DTSTART")]

    assert onsets == ["DTSTART:20250406T030000", "DTSTART:20251005T020000"]


def test_the_irish_winter_is_the_standard_whatever_the_law_says() -> None:
    text = "\n".join(lines("Europe/Dublin"))

    assert "TZNAME:GMT\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nEND:STANDARD" in text
    assert "TZNAME:IST\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nEND:DAYLIGHT" in text


def test_lord_howe_moves_its_clocks_by_half_an_hour() -> None:
    offsets = {line for line in lines("Australia/Lord_Howe") if "OFFSET" in line}

    assert offsets == {f"TZOFFSET{way}:+{at}" for way in ("FROM", "TO") for at in (1030, 1100)}


def test_a_clock_that_is_never_changed_has_one_observance() -> None:
    assert lines("Asia/Kolkata") == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Kolkata",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:IST",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_a_rule_that_icalendar_cannot_say_is_written_change_by_change() -> None:
    """Cairo: midnight after the last Thursday of October may be in November."""
    assert rules("Africa/Cairo") == []
    assert "DTSTART:20301101T000000" in lines("Africa/Cairo")
    assert sum(line.startswith("BEGIN:DAY") for line in lines("Africa/Cairo")) == 6


def test_changes_older_than_the_rule_stand_by_themselves() -> None:
    since_2005 = {
        "after": datetime(2005, 1, 1, tzinfo=UTC),
        "before": datetime(2031, 1, 1, tzinfo=UTC),
    }

    assert len(rules("America/New_York", **since_2005)) == 2
    assert "DTSTART:20050403T020000" in lines("America/New_York", **since_2005)


@pytest.mark.parametrize("name", ALL)
def test_no_zone_needs_an_rdate_or_a_folded_line(name: str) -> None:
    text = zones.vtimezone(name, **FIVE_YEARS)

    assert "RDATE" not in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.count("BEGIN:STANDARD") + text.count("BEGIN:DAYLIGHT") >= 1


@pytest.mark.parametrize(
    "name",
    [
        "America/New_York", "Europe/London", "Asia/Jerusalem", "Africa/Cairo",
        "Africa/Casablanca", "Asia/Gaza", "Asia/Kolkata", "Australia/Sydney",
        "America/Santiago", "Europe/Kyiv", "Europe/Dublin", "Australia/Lord_Howe",
        "America/Nuuk", "Antarctica/Troll", "Asia/Beirut", "Pacific/Chatham",
    ],
)  # fmt: skip
def test_a_reader_that_never_heard_of_the_zone_gets_every_hour_right(name: str) -> None:
    text = zones.vtimezone(name, **FIVE_YEARS).replace(f"TZID:{name}", f"TZID:X-hours-{name}")
    read = icalendar.Timezone.from_ical(text)
    assert isinstance(read, icalendar.Timezone)
    theirs = read.to_tz()
    noons = [FIVE_YEARS["after"] + timedelta(days=n, hours=12) for n in range(5 * 365)]
    walls = [noon.astimezone(zones.zone(name)).replace(tzinfo=None) for noon in noons]

    assert [w.replace(tzinfo=theirs).astimezone(UTC) for w in walls] == noons
