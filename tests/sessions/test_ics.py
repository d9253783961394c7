# ruff: noqa: DTZ001 - wall time has no zone

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions import ics
from sessions.ics.vevents import one_line
from sessions.recurrence import (
    Change,
    NotInSeries,
)
from tests.calendars import golden
from tests.calendars.engines import rows_of
from tests.calendars.golden import ALL_NIGHT, CANCELLED, CHANGES, MOVED, TUESDAYS, event, feed

BEFORE = datetime(2027, 7, 1, tzinfo=UTC)


class TestGolden:
    @pytest.mark.parametrize("name", golden.calendars())
    def test_the_bytes_are_those_of_the_file(self, name: str) -> None:
        assert golden.calendars()[name] == golden.path(name).read_bytes()

    def test_no_file_is_left_over(self) -> None:
        files = {path.stem for path in golden.HERE.glob("*.ics")}

        assert files == set(golden.calendars())


def lines_of(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def values(calendar: bytes, name: str) -> list[str]:
    return [line for line in lines_of(calendar) if re.match(rf"{name}[;:]", line)]


class TestRules:
    def test_a_feed_names_nobody_and_rings_no_bell(self) -> None:
        calendar = feed(golden.invited(TUESDAYS, CHANGES))

        for word in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"VALARM", b"@", b"Ronda"):
            assert word not in calendar

    def test_a_feed_says_its_name_and_how_old_it_may_be(self) -> None:
        calendar = lines_of(feed())

        assert "NAME:Meetings\\, mine" in calendar
        assert "X-WR-CALNAME:Meetings\\, mine" in calendar
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in calendar
        assert "X-PUBLISHED-TTL:PT6H" in calendar

    def test_a_feed_without_events_is_still_a_calendar(self) -> None:
        assert icalendar.Calendar.from_ical(feed()).subcomponents

    def test_stored_entries_are_used_as_they_are(self) -> None:
        one, two = event(TUESDAYS, uid="one"), event(ALL_NIGHT, uid="two")
        stored = {e.uid: ics.entry(e) for e in (one, two)}

        calendar = ics.feed(
            [one, two],
            name="Meetings, mine",
            refresh_hours=6,
            entries=lambda e: stored[e.uid],
        )

        assert calendar == feed(one, two)

    @pytest.mark.parametrize("name", golden.calendars())
    def test_one_vtimezone_for_each_zone(self, name: str) -> None:
        calendar = golden.path(name).read_bytes()

        used = set(re.findall(rb"TZID=([^:]+):", calendar)) or {b"UTC"}
        written = re.findall(rb"\nTZID:([^\r]+)\r", calendar)
        assert sorted(written) == sorted(used)

    @pytest.mark.parametrize("name", golden.calendars())
    def test_names_of_dates_have_the_zone_of_the_series(self, name: str) -> None:
        calendar = golden.path(name).read_bytes()

        for line in values(calendar, "RECURRENCE-ID") + values(calendar, "EXDATE"):
            assert re.fullmatch(r"[A-Z-]+(;TZID=[^:]+:\d{8}T\d{6}|:\d{8}T\d{6}Z)", line)
        assert b"RDATE" not in calendar

    def test_a_revision_has_one_sequence(self) -> None:
        series = replace(golden.invited(TUESDAYS, CHANGES), sequence=7)

        for calendar in (feed(series), ics.request(series), ics.cancel_one(series, CANCELLED)):
            assert set(values(calendar, "SEQUENCE")) == {"SEQUENCE:7"}

    def test_a_cancelled_date_is_an_override_in_a_feed_and_an_exdate_in_an_invitation(
        self,
    ) -> None:
        """RFC 5546 - 3.2.2. REQUEST: its STATUS may only be TENTATIVE or CONFIRMED."""
        series = golden.invited(TUESDAYS, CHANGES)
        name = "TZID=Asia/Jerusalem:20260421T190000"

        told, asked = feed(series), ics.request(series)

        assert f"RECURRENCE-ID;{name}" in lines_of(told)
        assert values(told, "STATUS").count("STATUS:CANCELLED") == 1
        assert values(told, "EXDATE") == []
        assert values(asked, "EXDATE") == [f"EXDATE;{name}"]
        assert f"RECURRENCE-ID;{name}" not in lines_of(asked)
        assert set(values(asked, "STATUS")) == {"STATUS:CONFIRMED"}

    @pytest.mark.parametrize("write", [feed, ics.request])
    def test_a_skipped_date_is_an_exdate_everywhere_and_never_named_beside_it(
        self, write: Callable[[ics.Event], bytes]
    ) -> None:
        both = golden.SKIPPED | {MOVED: Change(skipped=True, minutes=90)}
        worded = {golden.HOLIDAY: ics.Words(summary="Another")}

        calendar = write(replace(golden.invited(TUESDAYS, both), words=worded))

        assert values(calendar, "EXDATE") == [
            "EXDATE;TZID=Asia/Jerusalem:20260324T190000",
            "EXDATE;TZID=Asia/Jerusalem:20260407T190000",
        ]
        assert values(calendar, "RECURRENCE-ID") == []

    def test_one_date_may_be_longer_than_the_others(self) -> None:
        longer = {golden.LONGER: Change(minutes=120)}

        calendar = lines_of(ics.request_one(golden.invited(TUESDAYS, longer), golden.LONGER))

        assert "RECURRENCE-ID;TZID=Asia/Jerusalem:20260505T190000" in calendar
        assert "DTSTART;TZID=Asia/Jerusalem:20260505T190000" in calendar
        assert "DTEND;TZID=Asia/Jerusalem:20260505T210000" in calendar

    def test_one_date_may_have_words_of_its_own(self) -> None:
        words = ics.Words(
            summary="With guests", description="You facilitate", partstat="ACCEPTED"
        )
        series = replace(golden.invited(TUESDAYS), words={MOVED: words})

        calendar = ics.request(series)

        assert values(calendar, "SUMMARY") == ["SUMMARY:מפגש", "SUMMARY:With guests"]
        assert values(calendar, "DESCRIPTION")[1].endswith("#k3Jq\\nYou facilitate")
        assert [
            re.findall("PARTSTAT=([A-Z-]+)", line)[0] for line in values(calendar, "ATTENDEE")
        ] == [
            "NEEDS-ACTION",
            "ACCEPTED",
        ]
        assert values(calendar, "RECURRENCE-ID") == [
            "RECURRENCE-ID;TZID=Asia/Jerusalem:20260407T190000"
        ]

    def test_words_for_the_first_date_are_not_those_of_the_series(self) -> None:
        series = replace(event(TUESDAYS), words={TUESDAYS.start: ics.Words(summary="Hello")})

        assert values(feed(series), "SUMMARY") == ["SUMMARY:Meeting", "SUMMARY:Hello"]

    def test_a_single_meeting_takes_the_words_of_its_only_date(self) -> None:
        start = golden.ONCE.start
        once = replace(event(golden.ONCE), words={start: ics.Words(summary="Hello")})

        assert values(feed(once), "SUMMARY") == ["SUMMARY:Hello"]

    def test_a_change_that_changes_nothing_is_not_written(self) -> None:
        assert feed(event(TUESDAYS, {MOVED: Change()})) == feed(event(TUESDAYS))

    def test_a_name_in_utc_says_so(self) -> None:
        """An EXDATE without a zone would exclude nothing."""
        series = golden.invited(replace(TUESDAYS, zone="UTC"), CHANGES)

        calendar = ics.request(series)

        assert values(calendar, "EXDATE") == ["EXDATE:20260421T190000Z"]
        assert values(calendar, "RECURRENCE-ID") == ["RECURRENCE-ID:20260407T190000Z"]

    @pytest.mark.parametrize(
        ("original", "names"),
        [(None, []), (MOVED, ["RECURRENCE-ID;TZID=Asia/Jerusalem:20260407T190000"])],
    )
    def test_a_declined_proposal_is_told_to_who_made_it(
        self, original: datetime | None, names: list[str]
    ) -> None:
        series = golden.invited(TUESDAYS, CHANGES)

        calendar = ics.decline_counter(series, original)

        assert values(calendar, "METHOD") == ["METHOD:DECLINECOUNTER"]
        assert values(calendar, "SEQUENCE") == ["SEQUENCE:2"]
        assert values(calendar, "ORGANIZER") == ["ORGANIZER:mailto:box+81f3@meet.example"]
        assert len(values(calendar, "ATTENDEE")) == 1
        assert values(calendar, "RECURRENCE-ID") == names
        once = golden.invited(golden.ONCE)
        assert values(ics.decline_counter(once, golden.ONCE.start), "RECURRENCE-ID") == []

    def test_an_open_series_tells_its_zone_for_five_years_from_when_it_is_written(self) -> None:
        """However long ago it began."""
        old = replace(golden.OPEN_IN_CAIRO, start=datetime(2019, 2, 7, 19))
        years = re.findall(rb"DTSTART:(\d{4})", feed(event(old)))

        assert max(years) == b"2030"  # Cairo changes its clocks in April and October
        assert golden.WRITTEN_AT.year + 5 == 2031

    def test_an_invitation_asks_one_person(self) -> None:
        calendar = ics.request(golden.invited(ALL_NIGHT))

        assert values(calendar, "METHOD") == ["METHOD:REQUEST"]
        assert set(values(calendar, "ORGANIZER")) == {"ORGANIZER:mailto:box+81f3@meet.example"}
        assert set(values(calendar, "ATTENDEE")) == {
            "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE"
            ":mailto:noa@mail.example"
        }

    def test_one_date_is_sent_without_the_series(self) -> None:
        series = golden.invited(TUESDAYS, CHANGES)

        moved = ics.request_one(series, MOVED)

        assert moved.count(b"BEGIN:VEVENT") == 1
        assert b"RRULE" not in moved.partition(b"BEGIN:VEVENT")[2]
        assert "RECURRENCE-ID;TZID=Asia/Jerusalem:20260407T190000" in lines_of(moved)
        assert "DTSTART;TZID=Asia/Jerusalem:20260409T203000" in lines_of(moved)

    def test_a_cancelled_date_keeps_its_start(self) -> None:
        calendar = ics.cancel_one(golden.invited(TUESDAYS), CANCELLED)

        assert values(calendar, "METHOD") == ["METHOD:CANCEL"]
        assert values(calendar, "STATUS") == ["STATUS:CANCELLED"]
        assert "DTSTART;TZID=Asia/Jerusalem:20260421T190000" in lines_of(calendar)
        assert "RECURRENCE-ID;TZID=Asia/Jerusalem:20260421T190000" in lines_of(calendar)

    def test_a_date_that_the_series_does_not_have_cannot_be_sent(self) -> None:
        with pytest.raises(NotInSeries):
            ics.request_one(golden.invited(TUESDAYS), datetime(2026, 4, 8, 19))

    def test_a_single_meeting_has_no_recurrence_id(self) -> None:
        start = golden.ONCE.start
        moved = golden.invited(golden.ONCE, {start: Change(datetime(2026, 7, 2, 9))})

        calendar = ics.request_one(moved, start)

        assert calendar == ics.request(moved)
        assert values(calendar, "RECURRENCE-ID") == []
        assert "DTSTART;TZID=Asia/Kolkata:20260702T090000" in lines_of(calendar)
        assert ics.cancel_one(moved, start) == ics.cancel(moved)

    def test_a_call_is_announced_as_one_with_an_unquoted_list(self) -> None:
        calendar = feed(event(golden.ONCE, conference=True))

        assert values(calendar, "CONFERENCE") == [
            "CONFERENCE;FEATURE=AUDIO,VIDEO;VALUE=URI:https://meet.example/j#k3Jq"
        ]
        assert values(feed(event(golden.ONCE)), "CONFERENCE") == []

    def test_the_address_is_where_people_look_for_it(self) -> None:
        calendar = feed(event(golden.ONCE, description="Bring tea"))

        assert "URL:https://meet.example/j#k3Jq" in lines_of(calendar)
        assert "LOCATION:https://meet.example/j#k3Jq" in lines_of(calendar)
        assert "DESCRIPTION:https://meet.example/j#k3Jq\\nBring tea" in lines_of(calendar)

    def test_without_an_address_there_is_no_empty_one(self) -> None:
        calendar = feed(event(golden.ONCE, url="", conference=True))

        for name in ("URL", "LOCATION", "DESCRIPTION", "CONFERENCE"):
            assert values(calendar, name) == []


EVIL = "a\r\nATTENDEE:mailto:x@y\x0b\x00\x85\u2028END:VEVENT\u2029b\\,;\u202e\ud800"


class TestWords:
    def test_nobody_can_begin_a_line(self) -> None:
        calendar = ics.request(
            event(
                golden.ONCE,
                uid=EVIL,
                summary=EVIL,
                description=EVIL,
                url=f"https://meet.example/{EVIL}",
                organizer=EVIL,
                attendee=EVIL,
                conference=True,
            )
        )

        assert calendar.count(b"BEGIN:VEVENT") == calendar.count(b"END:VEVENT\r\n") == 1
        assert len(values(calendar, "ATTENDEE")) == 1
        assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]|(?<!\r)\n|\r(?!\n)", calendar)

    def test_a_title_has_no_marks_of_direction(self) -> None:
        calendar = feed(event(golden.ONCE, summary="\u200fשלום\u200e \u2067x\u2069\u061c"))

        assert values(calendar, "SUMMARY") == ["SUMMARY:שלום x"]

    @pytest.mark.parametrize("text", ["é" * 200, "a" + "ש" * 200, "🫖" * 200, "x" * 999])
    def test_lines_are_folded_between_characters(self, text: str) -> None:
        calendar = feed(event(golden.ONCE, summary=text))

        for line in calendar.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()
        assert values(calendar, "SUMMARY") == [f"SUMMARY:{text}"]

    @settings(max_examples=3, deadline=None)
    @given(st.lists(st.text(max_size=300), min_size=60, max_size=60))
    def test_words_arrive_as_they_were_written(self, texts: list[str]) -> None:
        told = [
            event(golden.ONCE, uid=f"{i:02}", summary=t, description=t)
            for i, t in enumerate(texts)
        ]
        calendar = feed(*told)

        here = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        there = rows_of(calendar, until=BEFORE)

        assert [str(e["summary"]) for e in here] == [one_line(text) for text in texts]
        assert [row["summary"] for row in there] == [one_line(text) for text in texts]
        assert [str(e["description"]) for e in here] == [row["description"] for row in there]
