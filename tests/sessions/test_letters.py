# ruff: noqa: DTZ001 - wall time has no zone

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar

from sessions import answers, schedule
from sessions.recurrence import Pattern, Rule, occurrences
from tests.calendars.app import EVENT, App, unfolded, value
from tests.calendars.engines import Meeting, readings
from tests.conftest import NOON
from tests.fakes import Delivered
from tests.sessions.village import (
    A_MINUTE,
    BO,
    CY,
    DANA,
    EVENINGS,
    FIRST,
    SECOND,
    THIRD,
    Village,
)

YEAR = timedelta(days=366)
THURSDAY = datetime(2026, 3, 12, 20, 30)


def event_in(letter: Delivered) -> Any:
    """The first VEVENT."""
    return icalendar.Calendar.from_ical(letter.calendar).events[0]


def method_of(letter: Delivered) -> str:
    return value(unfolded(letter.calendar), "METHOD")


def sequence_of(letter: Delivered) -> int:
    return int(value(unfolded(letter.calendar), "SEQUENCE"))


async def plan(village: Village, series: UUID) -> list[Meeting]:
    """When people really meet."""
    async with village.planning(series) as (_, booking):
        if booking.series.cancelled_at is not None:
            return []
        return [
            Meeting(booking.series.uid, o.starts_at, o.ends_at)
            for o in occurrences(
                booking.series.pattern, booking.changes, after=NOON, before=NOON + YEAR
            )
            if not o.cancelled
        ]


async def assert_app_shows_the_plan(village: Village, app: App, series: UUID) -> None:
    for letter in await village.post(BO):
        app.take(letter)
    meetings = await plan(village, series)
    read = readings(app.calendar(), after=NOON, before=NOON + YEAR)
    assert {engine: found for engine, found in read.items() if found != meetings} == {}
    village.clock.forward(A_MINUTE)


class TestWhatAnAppMakesOfIt:
    async def test_every_change_reaches_the_calendar_that_was_invited_by_mail(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series, app = await village.book(), App()
        await assert_app_shows_the_plan(village, app, series)

        await village.move(series, FIRST, to=THURSDAY)
        await assert_app_shows_the_plan(village, app, series)
        await village.cancel(series, SECOND)
        await assert_app_shows_the_plan(village, app, series)
        await village.restore(series, SECOND)
        await assert_app_shows_the_plan(village, app, series)
        await village.restore(series, FIRST)
        await assert_app_shows_the_plan(village, app, series)
        await village.cancel_series(series)
        await assert_app_shows_the_plan(village, app, series)

        assert app.entries == {}

    async def test_many_changes_at_once_reach_it_too(self, village: Village) -> None:
        await village.welcome(BO)
        series, app = await village.book(), App()
        await assert_app_shows_the_plan(village, app, series)

        await village.cancel(series, FIRST)
        await village.move(series, SECOND, to=THURSDAY)
        await village.restore(series, FIRST)
        await village.move(series, SECOND, to=THURSDAY + timedelta(days=1))
        await village.cancel(series, THIRD)

        await assert_app_shows_the_plan(village, app, series)

    async def test_a_single_date_is_moved_cancelled_and_restored(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        once = Pattern(FIRST, "Asia/Jerusalem", 75)
        series, app = await village.book(once), App()
        await assert_app_shows_the_plan(village, app, series)

        await village.move(series, FIRST, to=THURSDAY)
        await assert_app_shows_the_plan(village, app, series)
        await village.cancel(series, FIRST)
        for letter in await village.post(BO):
            assert method_of(letter) == "CANCEL"
            app.take(letter)
        assert app.entries == {}
        await village.restore(series, FIRST)
        await assert_app_shows_the_plan(village, app, series)

    async def test_who_comes_later_is_told_the_series_as_it_is_now(
        self, village: Village
    ) -> None:
        series, app = await village.book(), App()
        await village.move(series, FIRST, to=THURSDAY)
        await village.cancel(series, SECOND)

        await village.invite(BO)

        await assert_app_shows_the_plan(village, app, series)

    async def test_who_was_let_go_and_comes_back_has_all_dates_again(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series, app = await village.book(), App()
        await assert_app_shows_the_plan(village, app, series)

        await village.let_go(BO)
        for letter in await village.post(BO):
            app.take(letter)
        assert app.entries == {}

        await village.invite(BO)
        await assert_app_shows_the_plan(village, app, series)


class TestInvitations:
    async def test_it_names_one_attendee_and_the_sender_is_the_organizer(
        self, village: Village
    ) -> None:
        await village.welcome(BO, CY)
        await village.book()

        [letter] = await village.post(BO)

        event = event_in(letter)
        assert method_of(letter) == "REQUEST"
        assert letter.calendar.count(b"ATTENDEE") == 1
        assert event["ATTENDEE"] == f"mailto:{BO}"
        assert event["ATTENDEE"].params["RSVP"] == "TRUE"
        assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
        assert event["ORGANIZER"] == f"mailto:{letter.sender}"
        assert letter.mail["From"].addresses[0].addr_spec == letter.sender
        assert b"cy@" not in letter.message
        assert b"cy@" not in letter.calendar

    async def test_each_person_has_an_own_organizer_for_each_series_from_first_to_last(
        self, village: Village
    ) -> None:
        await village.welcome(BO, CY)
        first, second = await village.book(), await village.book()
        letters = await village.post()
        await village.move(first, FIRST, to=THURSDAY)
        letters += await village.post()
        await village.cancel(first, FIRST)
        await village.cancel(second, SECOND)
        letters += await village.post()
        await village.cancel_series(first)
        letters += await village.post()

        organizers = {(d.to, str(event_in(d)["UID"])): d.sender for d in letters}

        assert len(organizers) == len(set(organizers.values())) == 4
        assert all(d.sender == organizers[d.to, str(event_in(d)["UID"])] for d in letters)
        assert all(d.sender.startswith("mail+") for d in letters)

    async def test_sequence_rises_by_one_for_each_change_and_is_never_reused(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series = await village.book()
        letters = await village.post(BO)
        await village.move(series, FIRST, to=THURSDAY)
        await village.cancel(series, FIRST)  # overtakes the move
        letters += await village.post(BO)
        await village.restore(series, FIRST)
        letters += await village.post(BO)
        await village.cancel(series, SECOND)
        await village.cancel(series, THIRD)
        letters += await village.post(BO)
        await village.cancel_series(series)
        letters += await village.post(BO)

        assert [(method_of(d), sequence_of(d)) for d in letters] == [
            ("REQUEST", 0), ("CANCEL", 2), ("REQUEST", 3), ("CANCEL", 4), ("CANCEL", 5),
            ("CANCEL", 6),
        ]  # fmt: skip
        assert {str(event_in(d)["UID"]) for d in letters} == {
            (await village.series(series)).uid
        }

    async def test_dtstamp_is_the_writing_and_last_modified_the_change(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        village.clock.forward(A_MINUTE)
        await village.move(series, FIRST, to=THURSDAY)
        village.clock.forward(timedelta(hours=1))

        [letter] = await village.post(BO)

        event = event_in(letter)
        assert event["LAST-MODIFIED"].dt == NOON + A_MINUTE
        assert event["DTSTAMP"].dt == NOON + A_MINUTE + timedelta(hours=1)
        assert "CREATED" not in event
        assert letter.mail["Date"].datetime == event["DTSTAMP"].dt

    async def test_last_modified_moves_with_every_sequence(self, village: Village) -> None:
        await village.welcome(BO)
        await village.book()
        seen = []
        for act in (village.let_go, village.invite):
            seen += await village.post(BO)
            village.clock.forward(A_MINUTE)
            await act(BO)
        seen += await village.post(BO)

        events = [event_in(letter) for letter in seen]
        assert [e["SEQUENCE"] for e in events] == [0, 1, 2]
        assert [e["LAST-MODIFIED"].dt for e in events] == [
            NOON, NOON + A_MINUTE, NOON + 2 * A_MINUTE,
        ]  # fmt: skip

    async def test_each_mail_has_an_own_message_id(self, village: Village) -> None:
        await village.welcome(BO, CY)
        await village.book()
        await village.book()

        ids = [letter.mail["Message-ID"] for letter in await village.post()]

        assert len(ids) == len(set(ids)) == 4


class TestAnswersInCalendars:
    async def test_a_new_copy_does_not_forget_what_was_answered(self, village: Village) -> None:
        """RFC 5545 - 3.2.12. Participation Status: the app would show it as open again."""
        await village.welcome(BO)
        series = await village.book()
        await village.post()
        given: tuple[tuple[datetime | None, answers.Word], ...]
        given = ((None, "yes"), (SECOND, "no"))
        for original, word in given:
            async with village.acting(BO) as (db, mine):
                await answers.answer(
                    db, mine, series, original=original, answer=word, now=village.clock()
                )

        await village.change(series, "all", minutes=60)
        [whole] = await village.post(BO)
        await village.move(series, SECOND, to=THURSDAY)
        [one] = await village.post(BO)

        stands = [
            (value(event, "RECURRENCE-ID"), re.findall(rb"PARTSTAT=([A-Z-]+)", event))
            for event in map(unfolded, EVENT.findall(whole.calendar))
        ]
        assert stands == [("", [b"ACCEPTED"]), ("20260317T190000", [b"DECLINED"])]
        assert event_in(one)["ATTENDEE"].params["PARTSTAT"] == "DECLINED"

    async def test_of_one_date_the_title_is_its_own(self, village: Village) -> None:
        await village.welcome(BO)
        await village.choose(BO, detail="full")
        series = await village.book()
        await village.post()

        await village.change(series, "one", SECOND, title="A guest comes")

        [letter] = await village.post(BO)
        assert letter.mail["Subject"].startswith("Changed: A guest comes, Tuesday 17 March")
        assert event_in(letter)["SUMMARY"] == "A guest comes"


class TestNothingNeedsSaying:
    async def test_a_series_cancelled_before_anybody_was_told_is_never_mentioned(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.post()
        series = await village.book()

        await village.cancel_series(series)

        assert await village.post() == []

    async def test_changes_made_before_the_invitation_left_are_in_it(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.post()
        series = await village.book()
        await village.cancel(series, FIRST)
        await village.move(series, SECOND, to=THURSDAY)

        [letter] = await village.post()

        assert (method_of(letter), sequence_of(letter)) == ("REQUEST", 2)
        assert b"EXDATE;TZID=Asia/Jerusalem:20260310T190000" in letter.calendar

    async def test_nothing_is_written_to_who_was_let_go_but_the_cancellation(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        series = await village.book()
        await village.post()
        await village.cancel(series, FIRST)
        await village.let_go(BO)

        [letter] = await village.post(BO)

        assert (method_of(letter), sequence_of(letter)) == ("CANCEL", 2)
        assert "RECURRENCE-ID" not in event_in(letter)

    async def test_who_was_let_go_before_being_told_hears_nothing(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()

        await village.let_go(BO)

        assert await village.post() == []

    async def test_a_series_of_which_nothing_is_left_is_not_announced(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.post()
        once = Pattern(FIRST, "Asia/Jerusalem", 75)
        series = await village.book(once)
        await village.cancel(series, FIRST)

        assert await village.post() == []

    async def test_who_moves_it_gets_no_mail_about_it(self, village: Village) -> None:
        series = await village.book()

        await village.move(series, FIRST, to=THURSDAY)

        assert await village.post(DANA) == []


async def test_an_open_series_is_told_five_years_ahead(village: Village) -> None:
    await village.invite(BO)
    series = await village.book(Pattern(FIRST, "America/New_York", 60, Rule(("TU",))))
    async with village.planning(series) as (_, booking):
        expected = schedule.next_dates(booking, now=NOON, limit=5 * 52)

    letter = (await village.post(BO))[-1]

    last = expected[-1].starts_at + A_MINUTE
    read = readings(letter.calendar, after=NOON, before=last)
    assert {len(meetings) for meetings in read.values()} == {5 * 52}
    assert all(
        [m.starts_at for m in meetings] == [o.starts_at for o in expected]
        for meetings in read.values()
    )


async def test_answers_do_not_write_to_anybody(village: Village) -> None:
    await village.invite(BO, CY)
    series = await village.book(EVENINGS)
    await village.post()

    async with village.acting(BO) as (db, mine):
        await answers.answer(db, mine, series, original=None, answer="no", now=NOON)

    assert await village.post() == []
