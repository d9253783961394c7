"""One mail before a date, as long before as each person wants it; and no more than one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, due, reminders
from sessions.answers import Waiting
from sessions.db import Database
from sessions.people import Minutes
from sessions.recurrence import Pattern
from tests.fakes import Delivered
from tests.sessions.asking import words_of
from tests.sessions.village import BO, CY, DANA, EVENINGS, FIRST, SECOND, THIRD, Village

STARTS = datetime(2026, 3, 10, 17, tzinfo=UTC)
"""Of the first of the evenings."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
async def evenings(village: Village) -> Village:
    """Bo is invited to twelve evenings and has got the mail; Dana wants no reminder."""
    await village.choose(DANA, reminders=[])
    await village.invite(BO)
    await village.book()
    await village.post()
    return village


async def remind(village: Village, *, before: timedelta, since: timedelta = 4 * A_DAY) -> int:
    """Look once, so long before the first evening."""
    village.clock.now = STARTS - before
    return await reminders.post_due(
        village.database,
        village.keys,
        since=village.clock() - since,
        now=village.clock(),
    )


async def subjects(village: Village) -> list[str]:
    return [letter.mail["Subject"] for letter in await village.post()]


class TestWhen:
    async def test_a_day_before_unless_somebody_wants_it_otherwise(
        self, evenings: Village
    ) -> None:
        assert await remind(evenings, before=A_DAY + timedelta(minutes=1)) == 0
        assert await remind(evenings, before=A_DAY) == 1

        [letter] = await evenings.post()
        assert letter.to == BO
        assert letter.mail["Subject"] == "Reminder: Appointment, Tuesday 10 March 2026, 17:00"

    @pytest.mark.parametrize("minutes", reminders.CHOICES)
    async def test_as_long_before_as_each_person_wants_it(
        self, evenings: Village, minutes: Minutes
    ) -> None:
        await evenings.choose(BO, reminders=[minutes])
        before = timedelta(minutes=minutes)

        assert await remind(evenings, before=before + timedelta(seconds=1)) == 0
        assert await remind(evenings, before=before) == 1

    async def test_once_for_each_choice_and_date(self, evenings: Village) -> None:
        await evenings.choose(BO, reminders=[60, 1440])

        posted = [await remind(evenings, before=before) for before in (A_DAY, AN_HOUR) * 2]
        assert posted == [1, 1, 0, 0]
        assert len(await evenings.post(BO)) == 1  # the earlier one had not left: too late
        assert await remind(evenings, before=-6 * A_DAY) == 1

    async def test_whoever_wants_none_gets_none(self, evenings: Village) -> None:
        await evenings.choose(BO, reminders=[])

        assert await remind(evenings, before=AN_HOUR) == 0

    async def test_in_the_persons_own_zone_and_language(self, evenings: Village) -> None:
        await evenings.choose(BO, locale="ar", zone="Asia/Kolkata")
        await remind(evenings, before=A_DAY)

        [letter] = await evenings.post()

        assert "22:30" in words_of(letter)
        assert letter.mail["Subject"].startswith("تذكير")


class TestWhom:
    async def test_not_whoever_said_no_to_it_or_waits_for_a_place(
        self, evenings: Village
    ) -> None:
        await evenings.welcome(CY)
        async with evenings.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, evenings.planned, original=FIRST, answer="no", now=evenings.clock()
            )
        async with evenings.acting(CY) as (db, mine):
            await answers.answer(
                db, mine, evenings.planned, original=None, answer="yes", now=evenings.clock()
            )
            db.add(
                Waiting(
                    membership_id=mine.membership.id,
                    series_id=evenings.planned,
                    since=evenings.clock(),
                )
            )

        assert await remind(evenings, before=AN_HOUR) == 0

    async def test_a_no_that_comes_before_the_letter_leaves_holds_it_back(
        self, evenings: Village
    ) -> None:
        await remind(evenings, before=A_DAY)
        async with evenings.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, evenings.planned, original=None, answer="no", now=evenings.clock()
            )

        assert await evenings.post() == []

    async def test_not_whoever_has_left(self, evenings: Village) -> None:
        await evenings.let_go(BO)

        assert await remind(evenings, before=AN_HOUR) == 0

    async def test_not_whoever_was_invited_later_than_it_was_due(
        self, evenings: Village
    ) -> None:
        evenings.clock.now = STARTS - 2 * AN_HOUR
        await evenings.invite(CY)

        assert await remind(evenings, before=2 * AN_HOUR) == 1
        assert [letter.to for letter in await evenings.post()] == [CY, BO]

    async def test_who_is_discreet_reads_no_word_of_the_circle(self, evenings: Village) -> None:
        await remind(evenings, before=A_DAY)

        [letter] = await evenings.post()

        for word in (b"Lantern", b"Evening", b"To listen"):
            assert word not in letter.message
        assert "/j#" in words_of(letter)

    async def test_who_wants_to_see_it_in_full_does(self, evenings: Village) -> None:
        await evenings.choose(BO, detail="full")
        await remind(evenings, before=A_DAY)

        [letter] = await evenings.post()

        assert "Evening hour" in letter.mail["Subject"]
        assert "Lantern" in words_of(letter)


class TestChanges:
    async def test_not_of_what_does_not_take_place(self, evenings: Village) -> None:
        await evenings.cancel(evenings.planned, FIRST)
        assert await remind(evenings, before=AN_HOUR) == 0
        await evenings.cancel_series(evenings.planned)
        assert await remind(evenings, before=AN_HOUR - 7 * A_DAY) == 0

    async def test_a_moved_date_is_reminded_of_anew(self, evenings: Village) -> None:
        assert await remind(evenings, before=A_DAY) == 1
        await evenings.post()
        await evenings.move(evenings.planned, FIRST, to=FIRST + 2 * A_DAY)
        await evenings.post()

        assert await remind(evenings, before=A_DAY) == 0
        assert await remind(evenings, before=-A_DAY) == 1
        assert "12 March" in (await subjects(evenings))[0]

    async def test_its_old_time_is_not_said_any_more(self, evenings: Village) -> None:
        await remind(evenings, before=A_DAY)
        await evenings.move(evenings.planned, FIRST, to=FIRST + 2 * A_DAY)

        assert [s.partition(":")[0] for s in await subjects(evenings)] == ["Changed"]

    async def test_a_date_moved_to_soon_needs_none_for_that_was_told_just_now(
        self, evenings: Village
    ) -> None:
        evenings.clock.now = STARTS - 3 * A_DAY
        await evenings.move(evenings.planned, FIRST, to=FIRST - 2 * A_DAY - 6 * AN_HOUR)

        assert await remind(evenings, before=3 * A_DAY - timedelta(minutes=1)) == 0

    async def test_a_single_date_that_was_moved_far_is_found(self, village: Village) -> None:
        await village.invite(BO)
        await village.book(Pattern(FIRST, "Asia/Jerusalem", 60))
        await village.post()
        await village.move(village.planned, FIRST, to=THIRD)
        await village.post()

        assert await remind(village, before=A_DAY - 14 * A_DAY) == 2


class TestDowntime:
    async def test_afterwards_only_the_nearest_of_what_was_missed_is_said(
        self, evenings: Village
    ) -> None:
        await evenings.choose(BO, reminders=[60, 180, 1440, 4320])

        assert await remind(evenings, before=2 * AN_HOUR) == 1
        assert await remind(evenings, before=2 * AN_HOUR) == 0
        assert await remind(evenings, before=AN_HOUR) == 1

    async def test_nothing_of_what_has_begun(self, evenings: Village) -> None:
        assert await remind(evenings, before=timedelta()) == 0

    async def test_what_could_not_leave_in_time_does_not_leave(self, evenings: Village) -> None:
        await remind(evenings, before=AN_HOUR)
        evenings.clock.now = STARTS

        assert await evenings.post() == []

    async def test_two_who_look_at_once_say_it_once(self, evenings: Village) -> None:
        evenings.clock.now = STARTS - A_DAY
        since, now = evenings.clock() - A_DAY, evenings.clock()

        posted = await asyncio.gather(
            *(
                reminders.post_due(evenings.database, evenings.keys, since=since, now=now)
                for _ in range(3)
            )
        )

        assert sum(posted) == 1
        assert len(await evenings.post(BO)) == 1


class Killed(Exception):
    """The process is gone, with a transaction open."""


class Mortal(Database):
    """Dies in the transaction of that number."""

    def __init__(self, url: str, *, dies_in: int) -> None:
        super().__init__(url)
        self.left = dies_in

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        async with super().write() as db:
            yield db
            await db.flush()
            self.left -= 1
            if self.left == 0:
                raise Killed


class TestCrashes:
    @pytest.mark.parametrize("dies_in", [1, 2, 3])
    async def test_who_dies_halfway_leaves_nothing_out_and_says_nothing_twice(
        self, evenings: Village, dies_in: int
    ) -> None:
        for _ in range(2):
            await evenings.book()
        await evenings.post()
        evenings.clock.now = STARTS - A_DAY
        since, now = evenings.clock() - A_DAY, evenings.clock()

        mortal = Mortal(evenings.settings.database_url, dies_in=dies_in)
        with pytest.raises(Killed):
            await reminders.post_due(mortal, evenings.keys, since=since, now=now)
        await mortal.close()
        first = await evenings.post()
        await reminders.post_due(evenings.database, evenings.keys, since=since, now=now)

        assert len(first) == dies_in - 1
        assert len(first + await evenings.post()) == 3


class TestRounds:
    async def _run(self, village: Village, *minutes: int) -> list[Delivered]:
        """Rounds at these minutes before the first evening; then it is stopped."""
        steps = iter(minutes[1:])

        async def wait(seconds: float) -> None:
            assert seconds == 60
            step = next(steps, None)
            if step is None:
                raise asyncio.CancelledError
            village.clock.now = STARTS - timedelta(minutes=step)

        village.clock.now = STARTS - timedelta(minutes=minutes[0])
        with pytest.raises(asyncio.CancelledError):
            await due.run(village.database, village.keys, village.clock, lambda: None, wait)
        return await village.post()

    async def test_each_minute_is_looked_at(self, evenings: Village) -> None:
        letters = await self._run(evenings, 1442, 1441, 1440, 1439, 1438)

        assert len(letters) == 1

    async def test_a_new_start_looks_back_as_far_as_is_needed(self, evenings: Village) -> None:
        assert len(await self._run(evenings, 300)) == 1
        assert await self._run(evenings, 299) == []

    async def test_a_pause_of_the_machine_leaves_nothing_out(self, evenings: Village) -> None:
        assert len(await self._run(evenings, 2000, 600)) == 1

    async def test_a_database_that_is_away_is_waited_for(
        self, evenings: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, tries = reminders.post_due, 0

        async def away(*args: object, **options: object) -> int:
            nonlocal tries
            tries += 1
            if tries == 2:
                raise ConnectionRefusedError
            return await real(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(reminders, "post_due", away)

        assert len(await self._run(evenings, 1441, 1440, 1400)) == 1


async def test_the_second_evening_is_reminded_of_as_well(evenings: Village) -> None:
    assert EVENINGS.start == FIRST
    await remind(evenings, before=A_DAY)
    await evenings.post()

    assert await remind(evenings, before=-6 * A_DAY) == 1
    assert f"{SECOND:%d} March" in (await subjects(evenings))[0]
