"""What is read out of other people's calendars, and what it costs at most."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessions.busy.child import PROGRAM, Reader
from sessions.busy.pruning import Unreadable
from sessions.busy.spans import Span
from tests.calendars.hostile import ATTACKS, a_thousand_laughs, calendar, event
from tests.machine import measured as measure

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
TWO_YEARS = timedelta(days=731)
HOUR = timedelta(hours=1)
A_TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
MOST_MEMORY_KB = 128 * 1024


async def read(
    data: bytes,
    *,
    kind: str = "ics",
    zone: str = "Asia/Jerusalem",
    length: timedelta = TWO_YEARS,
    seconds: float = 30,
) -> list[Span]:
    reader = Reader(most_seconds=seconds)
    return await reader.busy(data, kind, after=MARCH, before=MARCH + length, zone=zone)


async def test_an_event_is_a_time_and_nothing_else() -> None:
    spans = await read(calendar(event("DTEND:20260310T100000Z", "SUMMARY:A secret")))
    assert spans == [(A_TUESDAY, A_TUESDAY + HOUR)]


async def test_a_series_is_worked_out_within_the_window() -> None:
    spans = await read(calendar(event("DURATION:PT1H", "RRULE:FREQ=WEEKLY")))
    assert len(spans) == 104
    assert spans[1] == (A_TUESDAY + timedelta(weeks=1), A_TUESDAY + timedelta(weeks=1) + HOUR)


async def test_a_series_keeps_its_wall_time_across_a_clock_change() -> None:
    start = "DTSTART;TZID=Europe/London:20260324T090000"
    lines = ["BEGIN:VEVENT", "UID:1", start, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"]
    spans = await read(calendar("\r\n".join([*lines, "END:VEVENT", ""])))
    assert [begin.hour for begin, _ in spans] == [9, 8]


async def test_exceptions_moves_and_cancellations_of_single_dates_count() -> None:
    series = event("DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260311T090000Z")
    moved = event("RECURRENCE-ID:20260312T090000Z", "DURATION:PT1H", start="20260312T150000Z")
    off = event(
        "RECURRENCE-ID:20260313T090000Z",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
        start="20260313T090000Z",
    )
    free = event(
        "RECURRENCE-ID:20260314T090000Z",
        "DURATION:PT1H",
        "TRANSP:TRANSPARENT",
        start="20260314T090000Z",
    )
    spans = await read(calendar(series, moved, off, free))
    assert [f"{begin:%d %H}" for begin, _ in spans] == ["10 09", "12 15"]


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "transp;x=y:transparent",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ],
)
@pytest.mark.parametrize("rule", ["RRULE:FREQ=WEEKLY", "SEQUENCE:1"])
async def test_what_is_free_or_cancelled_is_not_busy(line: str, rule: str) -> None:
    assert await read(calendar(event("DURATION:PT1H", line, rule))) == []


async def test_a_whole_day_lasts_from_midnight_to_midnight_of_its_owner() -> None:
    whole = event(start="20260310").replace("DTSTART:", "DTSTART;VALUE=DATE:")
    [(begin, end)] = await read(calendar(whole))
    assert (begin.isoformat(), end - begin) == ("2026-03-09T22:00:00+00:00", 24 * HOUR)


async def test_a_time_without_a_zone_is_that_of_the_calendar_or_of_its_owner() -> None:
    floating = event("DURATION:PT1H", start="20260310T090000")
    [(begin, _)] = await read(calendar(floating))
    assert begin.hour == 7
    [(begin, _)] = await read(calendar("X-WR-TIMEZONE:America/New_York\r\n", floating))
    assert begin.hour == 13


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Romance Standard Time", 8),  # Outlook's name for Paris
        ("/freeassociation.sourceforge.net/Europe/Paris", 8),
        ("Nowhere/At_All", 7),  # as if it had no zone at all
    ],
)
async def test_a_foreign_zone_name_is_understood_or_taken_for_none(
    zone: str, hour: int
) -> None:
    start = f"DTSTART;TZID={zone}:20260310T090000"
    lines = ["BEGIN:VEVENT", "UID:1", start, "DURATION:PT1H", "END:VEVENT", ""]
    [(begin, _)] = await read(calendar("\r\n".join(lines)))
    assert begin.hour == hour


async def test_a_zone_that_the_calendar_explains_is_believed() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    lines = ["BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Ours:20260310T090000", "DURATION:PT1H"]
    [(begin, _)] = await read(calendar(zone, "\r\n".join([*lines, "END:VEVENT", ""])))
    assert f"{begin:%H:%M}" == "03:30"


async def test_times_that_touch_or_overlap_are_one() -> None:
    events = [
        event("DURATION:PT1H", uid="1"),
        event("DURATION:PT2H", start="20260310T093000Z", uid="2"),
        event("DURATION:PT1H", start="20260310T113000Z", uid="3"),
        event("DURATION:PT1H", start="20260310T140000Z", uid="4"),
    ]
    spans = await read(calendar(*events))
    assert [f"{b:%H:%M}-{e:%H:%M}" for b, e in spans] == ["09:00-12:30", "14:00-15:00"]


async def test_an_event_without_an_end_takes_no_time() -> None:
    assert await read(calendar(event())) == []


async def test_extra_dates_count() -> None:
    spans = await read(
        calendar(event("DURATION:PT1H", "RDATE:20260401T090000Z,20260402T090000Z"))
    )
    assert len(spans) == 3


async def test_an_event_that_began_before_the_window_counts_from_its_beginning() -> None:
    spans = await read(calendar(event("DTEND:20260302T000000Z", start="20260101T000000Z")))
    assert spans == [(MARCH, MARCH + timedelta(days=1))]


async def test_a_broken_event_does_not_spoil_the_others() -> None:
    broken = event("DTEND:tomorrow", "RRULE:FREQ=SOMETIMES", start="yesterday", uid="2")
    spans = await read(
        calendar(broken, event("DURATION:PT1H"), event("DURATION:soon", uid="3"))
    )
    assert (A_TUESDAY, A_TUESDAY + HOUR) in spans


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
async def test_any_encoding_will_do(encoding: str) -> None:
    text = calendar(event("DURATION:PT1H", "SUMMARY:café")).decode()
    assert len(await read(text.encode(encoding))) == 1


async def test_nul_and_control_characters_are_no_matter() -> None:
    data = calendar(event("DURATION:PT1H", "SUMMARY:\x01\x07\x0b")).replace(b"\r\n", b"\0\r\n")
    assert len(await read(data)) == 1


@pytest.mark.parametrize("ending", [b"\n", b"\r"])
async def test_lines_may_end_as_they_like(ending: bytes) -> None:
    data = calendar(event("DURATION:PT1H")).replace(b"\r\n", ending)
    assert len(await read(data)) == 1


async def test_free_busy_lines_are_read() -> None:
    """RFC 4791 - 7.10.1. Example: Successful CALDAV:free-busy-query REPORT"""
    lines = (
        "BEGIN:VFREEBUSY\r\nDTSTAMP:20260310T000000Z\r\nDTSTART:20260301T000000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260310T150000Z/PT30M\r\n"
        "FREEBUSY:20260310T090000Z/20260310T100000Z,20260311T090000Z/P1DT2H\r\n"
        "FREEBUSY;FBTYPE=FREE:20260320T090000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    )
    spans = await read(calendar(lines))
    assert [end - begin for begin, end in spans] == [HOUR, HOUR / 2, 26 * HOUR]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_an_attack_costs_two_seconds_and_128_megabytes_at_most(
    attack: Callable[[], bytes], tmp_path: Path
) -> None:
    figures = tmp_path / "figures"
    measured = (sys.executable, "-I", measure.__file__, str(figures), *PROGRAM)
    kind = "multistatus" if attack is a_thousand_laughs else "ics"
    # Not by the clock on the wall: this machine has other things to do as well.
    outcome = await _outcome(Reader(program=measured, most_seconds=60), attack(), kind)
    took = json.loads(figures.read_text())
    assert took["seconds"] < 2.5
    assert took["kilobytes"] < MOST_MEMORY_KB
    assert outcome.startswith("calendar_") or int(outcome) < 10_000


async def _outcome(reader: Reader, data: bytes, kind: str) -> str:
    try:
        spans = await reader.busy(data, kind, after=MARCH, before=MARCH + TWO_YEARS, zone="UTC")
    except Unreadable as error:
        return error.code
    return str(len(spans))


async def test_a_process_that_does_not_end_is_killed() -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="calendar_too_complex"):
        await read(calendar(event("RRULE:FREQ=HOURLY", start="00010101T000000Z")), seconds=0.5)
    assert time.monotonic() - begun < 10


async def test_the_process_knows_nothing_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    assert await read(calendar(event("DURATION:PT1H")))
