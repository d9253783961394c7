"""What has not arrived need not be cancelled; what may have arrived has to be."""

# ruff: noqa: DTZ001 - wall time has no zone

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from sessions import outbox, people, schedule
from sessions.recurrence import Pattern, Rule
from sessions.schedule import Told
from sessions.schedule.telling import listeners
from tests.calendars.app import unfolded, value
from tests.fakes import Delivered, Killed, Pigeon, Weather
from tests.sessions.village import A_MINUTE, BO, FIRST, SECOND, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)


def words(letters: list[Delivered]) -> list[str]:
    """Which sentence each begins with."""
    bodies = [letter.mail.get_body(("plain",)) for letter in letters]
    return [
        re.sub(r"\s+", " ", body.get_content()).partition(".")[0] for body in bodies if body
    ]


def sequences(letters: list[Delivered]) -> list[int]:
    return [int(value(unfolded(letter.calendar), "SEQUENCE")) for letter in letters]


def methods(letters: list[Delivered]) -> list[str]:
    return [value(unfolded(letter.calendar), "METHOD") for letter in letters]


async def sequence_told(village: Village, series: UUID) -> int | None:
    member = await village.membership(BO)
    async with village.database.read() as db:
        told = await db.get(Told, (member.id, series))
        return told.sequence if told else None


async def try_in(village: Village, *weather: Weather) -> Pigeon:
    pigeon = Pigeon(weather)
    await village.courier(pigeon).deliver_everything()
    return pigeon


@pytest.fixture
async def booked(village: Village) -> UUID:
    """The invitation waits."""
    await village.welcome(BO)
    return await village.book()


async def test_an_invitation_that_was_turned_away_never_leaves_before_its_cancellation(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "put off")

    await village.cancel_series(booked)

    village.clock.forward(timedelta(days=2))
    assert await village.post() == []
    assert await sequence_told(village, booked) is None
    outcomes = [entry.outcome for entry in await village.box()]
    assert outcomes == ["sent", "withdrawn", "withdrawn"]


async def test_one_that_may_have_arrived_is_cancelled_and_not_sent_again(
    village: Village, booked: UUID
) -> None:
    first = await try_in(village, "word lost")

    await village.cancel_series(booked)

    assert methods([*first.delivered, *await village.post()]) == ["REQUEST", "CANCEL"]


async def test_one_that_was_being_sent_when_the_house_fell_is_cancelled_too(
    village: Village, booked: UUID
) -> None:
    pigeon = Pigeon(["killed"])
    with pytest.raises(Killed):
        await village.courier(pigeon).deliver()
    village.clock.forward(outbox.LEASE)

    await village.cancel_series(booked)

    again = await village.post()
    assert methods([*pigeon.delivered, *again]) == ["REQUEST", "CANCEL"]


async def test_a_cancellation_that_comes_while_it_is_in_hand_stops_the_next_try(
    village: Village, booked: UUID
) -> None:
    class Slow(Pigeon):
        async def send(self, message: bytes, *, sender: str, to: str) -> None:
            await village.cancel_series(booked)
            await super().send(message, sender=sender, to=to)

    await village.courier(Slow(["put off"])).deliver_everything()

    village.clock.forward(timedelta(days=2))
    assert await village.post() == []


async def test_one_that_was_refused_for_ever_was_never_told(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "refused")

    await village.cancel_series(booked)

    assert await village.post() == []


async def test_a_change_after_a_refused_invitation_tells_the_whole(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "refused")

    await village.move(booked, FIRST, to=THURSDAY)

    [letter] = await village.post()
    assert b"RRULE" in letter.calendar
    assert await sequence_told(village, booked) == 1


async def test_what_changes_all_says_what_changed_before(
    village: Village, booked: UUID
) -> None:
    await village.post()
    await village.move(booked, FIRST, to=THURSDAY)
    await village.cancel(booked, SECOND)

    await village.change(booked, "all", minutes=60)

    [letter] = await village.post()
    assert methods([letter]) == ["REQUEST"]
    assert b"EXDATE;TZID=Asia/Jerusalem:20260317T190000" in letter.calendar
    assert b"RECURRENCE-ID;TZID=Asia/Jerusalem:20260310T190000" in letter.calendar


async def test_of_a_change_that_was_put_off_the_later_one_is_sent_at_once(
    village: Village, booked: UUID
) -> None:
    await village.post()
    await village.move(booked, FIRST, to=THURSDAY)
    await try_in(village, "put off")
    village.clock.forward(A_MINUTE / 2)

    await village.move(booked, FIRST, to=THURSDAY + timedelta(days=1))

    [letter] = await village.post()
    assert b"DTSTART;TZID=Asia/Jerusalem:20260313T203000" in letter.calendar
    assert await sequence_told(village, booked) == 2


CHANGED = "A date has changed: it is now Tuesday 17 March 2026, 17:00 (London)"
OFF = "The date on Tuesday 17 March 2026, 17:00 (London) does not take place"
MOVED = "A date has changed: it is now Thursday 12 March 2026, 18:30 (London)"


class TestWhatIsPutBack:
    """A date that was called off before, and everybody knows."""

    @pytest.fixture
    async def off(self, village: Village, booked: UUID) -> UUID:
        await village.cancel(booked, SECOND)
        await village.post()
        return booked

    @pytest.mark.parametrize("weather", ["fine", "put off"])
    async def test_what_is_off_again_is_not_said_to_be_on(
        self, village: Village, off: UUID, weather: Weather
    ) -> None:
        await village.restore(off, SECOND)
        if weather == "put off":
            await try_in(village, weather)
        await village.cancel(off, SECOND)

        village.clock.forward(timedelta(days=1))
        letters = await village.post()

        assert words(letters) == [OFF]
        assert sequences(letters) == [3]

    async def test_nor_when_it_is_in_hand_and_off_by_the_time_it_is_written(
        self, village: Village, off: UUID
    ) -> None:
        await village.restore(off, SECOND)
        async with village.database.write() as db:
            claims = await outbox.claim(db, now=village.clock(), limit=1)
        await village.cancel(off, SECOND)
        async with village.database.write() as db:
            await outbox.hand_back(db, ids=[c.entry for c in claims], now=village.clock())

        assert words(await village.post()) == [OFF]

    async def test_nor_when_nothing_else_is_said_of_it(
        self, village: Village, off: UUID
    ) -> None:
        bo = (await village.membership(BO)).id
        async with village.database.write() as db:
            letter = outbox.DateRestored(bo, off, SECOND.isoformat(), 2)
            outbox.post(db, village.keys, letter, now=village.clock())

        assert await village.post() == []

    async def test_on_again_after_all_is_said_once(self, village: Village, off: UUID) -> None:
        await village.restore(off, SECOND)
        await village.cancel(off, SECOND)
        await village.restore(off, SECOND)

        letters = await village.post()

        assert words(letters) == [CHANGED]
        assert b"EXDATE" not in letters[0].calendar

    async def test_what_happened_to_others_since_is_said_as_well(
        self, village: Village, off: UUID
    ) -> None:
        await village.restore(off, SECOND)
        await village.move(off, FIRST, to=THURSDAY)

        letters = await village.post()

        assert words(letters) == [CHANGED, MOVED]
        assert sequences(letters) == [2, 3]


async def test_other_words_leave_later_dates_their_own_letters(
    village: Village, booked: UUID
) -> None:
    await village.post()
    async with village.database.write() as db:
        person = await people.find_person(db, village.keys, BO)
        assert person is not None
        await schedule.redraw(db, village.keys, person, now=village.clock())
    await village.move(booked, FIRST, to=THURSDAY)
    await village.cancel(booked, SECOND)

    letters = await village.post()

    assert words(letters)[1:] == [MOVED, OFF]
    assert words(letters)[0].startswith("The dates are the same")
    assert sequences(letters) == [1, 2, 3]


class TestAfterTheCancellation:
    """Who had it taken out of their calendar starts anew."""

    @pytest.fixture
    async def cleared(self, village: Village, booked: UUID) -> UUID:
        await village.post()
        await village.let_go(BO)
        await village.post()
        return booked

    async def _invited_in_vain(self, village: Village) -> None:
        await village.invite(BO)
        await try_in(village, "refused")

    async def test_a_lone_date_becomes_an_invitation(
        self, village: Village, cleared: UUID
    ) -> None:
        await self._invited_in_vain(village)
        await village.move(cleared, FIRST, to=THURSDAY)

        [letter] = await village.post(BO)

        assert words([letter])[0].startswith("You are invited")
        assert b"RRULE" in letter.calendar

    async def test_what_they_never_heard_of_is_not_called_off(
        self, village: Village, cleared: UUID
    ) -> None:
        await self._invited_in_vain(village)
        await village.cancel_series(cleared)

        assert await village.post(BO) == []

    async def test_nor_drawn_anew(self, village: Village, cleared: UUID) -> None:
        await self._invited_in_vain(village)
        before = (await village.series(cleared)).sequence
        async with village.database.write() as db:
            person = await people.find_person(db, village.keys, BO)
            assert person is not None
            await schedule.redraw(db, village.keys, person, now=village.clock())

        assert await village.post(BO) == []
        assert (await village.series(cleared)).sequence == before

    async def test_what_was_called_off_for_all_and_put_back_is_no_invitation(
        self, village: Village, booked: UUID
    ) -> None:
        await village.post()
        await village.cancel_series(booked)
        await village.post()
        await village.restore_series(booked)
        await try_in(village, "refused")
        await village.cancel(booked, SECOND)

        [letter] = await village.post(BO)
        assert words([letter])[0].startswith("You are invited")
        assert b"EXDATE;TZID=Asia/Jerusalem:20260317T190000" in letter.calendar

        await village.cancel_series(booked)
        await village.restore_series(booked)
        assert words(await village.post(BO))[0].startswith("The dates take place after all")


async def test_a_reminder_on_its_way_is_no_word_of_the_series(
    village: Village, booked: UUID
) -> None:
    await try_in(village, "refused")
    bo = await village.membership(BO)
    async with village.database.write() as db:
        starts = (await village.series(booked)).start.replace(tzinfo=UTC)
        letter = outbox.Reminder(bo.id, booked, FIRST.isoformat(), starts, 60)
        outbox.post(db, village.keys, letter, now=village.clock())
        rota = outbox.RotaChanged(bo.id, booked, 0)
        outbox.post(db, village.keys, rota, now=village.clock())
        for entry in await db.exec(select(outbox.OutboxEntry)):
            if entry.done_at is None:
                entry.attempts, entry.written = 1, b"sealed"

    async with village.planning(booked) as (db, booking):
        hearing = await listeners(db, booking.series, acting=None)

    assert [each.reached for each in hearing] == [False, False]


async def test_a_single_date_that_is_off_and_then_called_otherwise_is_still_cancelled(
    village: Village,
) -> None:
    await village.welcome(BO)
    await village.choose(BO, detail="full")
    single = await village.add_date(await village.book(), THURSDAY)
    await village.post()

    await village.cancel(single, THURSDAY)
    await village.change(single, "all", title="The long evening")

    assert methods(await village.post(BO)) == ["CANCEL"]


async def test_who_comes_back_knows_nothing_of_a_series_whose_dates_were_all_off(
    village: Village,
) -> None:
    """Else it would come back from an organizer that their calendar does not know."""
    await village.welcome(BO)
    twice = await village.book(Pattern(FIRST, "Asia/Jerusalem", 75, Rule(("TU",), count=2)))
    first = await village.post(BO)
    for date in (FIRST, SECOND):
        await village.cancel(twice, date)
    await village.post(BO)

    await village.let_go(BO)
    last = await village.post(BO)
    await village.invite(BO)
    await village.restore(twice, FIRST)
    anew = [letter for letter in await village.post(BO) if "+" in letter.sender]

    assert methods(last) == ["CANCEL"]
    assert {letter.sender for letter in last} == {letter.sender for letter in first}
    assert methods(anew) == ["REQUEST"]
    assert anew[0].sender != last[0].sender
