"""Calendars that are meant to hurt whoever reads them, and such as merely are untidy."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//EN\r\n"
FOOT = "END:VCALENDAR\r\n"
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def calendar(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + FOOT).encode()


def event(*lines: str, start: str = "20260310T090000Z", uid: str = "1") -> str:
    first = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{start}"]
    return "\r\n".join([*first, *lines, "END:VEVENT", ""])


def an_hour(*lines: str) -> str:
    return event("DURATION:PT1H", *lines)


def _stamps(count: int, step: timedelta) -> Iterable[str]:
    return (f"{AT + step * n:%Y%m%dT%H%M%SZ}" for n in range(count))


def every_second() -> bytes:
    return calendar(an_hour("RRULE:FREQ=SECONDLY"))


def every_minute() -> bytes:
    return calendar(an_hour("RRULE:FREQ=MINUTELY;INTERVAL=1"))


def every_zero_days() -> bytes:
    return calendar(an_hour("RRULE:FREQ=DAILY;INTERVAL=0"))


def every_zero_days_written_differently() -> bytes:
    return calendar(an_hour("rrule:INTERVAL=00;FREQ=DAILY"))


def a_huge_count() -> bytes:
    return calendar(an_hour("RRULE:FREQ=DAILY;COUNT=999999999999"))


def since_the_year_one() -> bytes:
    return calendar(event("DURATION:PT1H", "RRULE:FREQ=HOURLY", start="00010101T000000Z"))


def a_rule_that_never_comes_true() -> bytes:
    return calendar(an_hour("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"))


def a_rule_of_all_parts() -> bytes:
    minutes = ",".join(map(str, range(60)))
    hours = ",".join(map(str, range(24)))
    rule = f"RRULE:FREQ=DAILY;BYHOUR={hours};BYMINUTE={minutes};BYSECOND={minutes}"
    return calendar(an_hour(rule))


def a_hundred_thousand_exceptions() -> bytes:
    """All within the window, one date each."""
    return calendar(
        an_hour("RRULE:FREQ=HOURLY", *(f"EXDATE:{s}" for s in _stamps(100_000, _MINUTES)))
    )


def a_hundred_thousand_exceptions_long_ago() -> bytes:
    lines = [f"EXDATE:{s.replace('2026', '1996')}" for s in _stamps(100_000, _MINUTES)]
    return calendar(an_hour("RRULE:FREQ=WEEKLY", *lines))


def one_line_of_exceptions() -> bytes:
    return calendar(
        an_hour("RRULE:FREQ=HOURLY", "EXDATE:" + ",".join(_stamps(100_000, _MINUTES)))
    )


def a_hundred_thousand_extra_dates() -> bytes:
    return calendar(an_hour("RDATE:" + ",".join(_stamps(100_000, _MINUTES))))


def a_hundred_thousand_events() -> bytes:
    return calendar(
        *(event("DURATION:PT1M", start=s, uid=s) for s in _stamps(30_000, _MINUTES))
    )


def a_thousand_daily_series() -> bytes:
    return calendar(
        *(
            event("DURATION:PT5M", "RRULE:FREQ=DAILY", start=s, uid=s)
            for s in _stamps(1000, _MINUTES)
        )
    )


def a_thousand_overrides_of_one_date() -> bytes:
    override = event("RECURRENCE-ID:20260310T090000Z", "DURATION:PT1H")
    return calendar(an_hour("RRULE:FREQ=DAILY"), override * 1000)


def deep_nesting() -> bytes:
    return calendar("BEGIN:VEVENT\r\n" * 100_000)


def deep_and_closed_nesting() -> bytes:
    return calendar("BEGIN:X\r\n" * 50_000, "END:X\r\n" * 50_000)


def ends_without_beginnings() -> bytes:
    return calendar("END:VEVENT\r\n" * 100_000, an_hour())


def a_line_of_20_megabytes() -> bytes:
    return calendar(an_hour("SUMMARY:" + "x" * 20_000_000))


def a_line_of_3_megabytes() -> bytes:
    return calendar(an_hour("SUMMARY:" + "x" * 3_000_000))


def a_folded_line_of_3_megabytes() -> bytes:
    return calendar(an_hour("DESCRIPTION:" + "x\r\n " * 700_000))


def an_unknown_name_of_3_megabytes() -> bytes:
    return calendar(an_hour("X" * 3_000_000 + ":1"))


def parameters_without_end() -> bytes:
    return calendar(event("DTEND" + ";X=1" * 700_000 + ":20260310T100000Z"))


def a_rule_of_3_megabytes() -> bytes:
    return calendar(an_hour("RRULE:FREQ=DAILY;BYHOUR=" + "1," * 1_500_000 + "1"))


def zones_without_end() -> bytes:
    zone = "BEGIN:VTIMEZONE\r\nTZID:X{}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    zone += "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    zone += "END:VTIMEZONE\r\n"
    start = "DTSTART;TZID=X1:20260310T090000\r\n"
    own = f"BEGIN:VEVENT\r\nUID:1\r\n{start}DURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
    return calendar(*(zone.format(n) for n in range(5)), own)


def a_period_of_a_million_years() -> bytes:
    return calendar(event("DURATION:P999999999W"))


def an_event_until_the_end_of_time() -> bytes:
    return calendar(event("DTEND:99991231T235959Z", "RRULE:FREQ=DAILY"))


def nothing_but_zeros() -> bytes:
    return b"\0" * 3_000_000


def noise() -> bytes:
    return bytes(range(256)) * 4000


def a_web_page() -> bytes:
    return b"<!doctype html><title>Sign in</title>"


def nothing() -> bytes:
    return b""


def a_thousand_laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">'
        for n in range(12)
    )
    return f"<!DOCTYPE x [{entities}]><x>&l11;</x>".encode()


_MINUTES = timedelta(minutes=7)

ATTACKS: list[Callable[[], bytes]] = [
    every_second,
    every_minute,
    every_zero_days,
    every_zero_days_written_differently,
    a_huge_count,
    since_the_year_one,
    a_rule_that_never_comes_true,
    a_rule_of_all_parts,
    a_hundred_thousand_exceptions,
    a_hundred_thousand_exceptions_long_ago,
    one_line_of_exceptions,
    a_hundred_thousand_extra_dates,
    a_hundred_thousand_events,
    a_thousand_daily_series,
    a_thousand_overrides_of_one_date,
    deep_nesting,
    deep_and_closed_nesting,
    ends_without_beginnings,
    a_line_of_20_megabytes,
    a_line_of_3_megabytes,
    a_folded_line_of_3_megabytes,
    an_unknown_name_of_3_megabytes,
    parameters_without_end,
    a_rule_of_3_megabytes,
    zones_without_end,
    a_period_of_a_million_years,
    an_event_until_the_end_of_time,
    nothing_but_zeros,
    noise,
    a_web_page,
    nothing,
    a_thousand_laughs,
]
