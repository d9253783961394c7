"""Places of a date, answered by several people at once, offered by letters and by time."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from sessions import answers, waiting
from sessions.answers import Place, Waiting, Word
from sessions.circles import Membership
from sessions.errors import Conflict
from sessions.schedule import OccurrenceChange, Series
from tests.sessions.asking import words_of
from tests.sessions.village import BO, CY, DANA, FIRST, SECOND, THIRD, Village

DI, EVE = "di@example.org", "eve@example.org"
A_DAY = timedelta(days=1)


@pytest.fixture
async def small(village: Village) -> Village:
    """A series with one place on each date, and four who would like to have it."""
    await village.welcome(BO, CY, DI)
    await village.book()
    await village.post()
    await seats(village, 1)
    return village


async def seats(village: Village, number: int | None) -> None:
    async with village.database.write() as db:
        (await db.get_one(Series, village.planned)).seats = number


async def say(
    village: Village, who: str, word: Word = "yes", original: datetime | None = FIRST
) -> Place | None:
    village.clock.forward(timedelta(seconds=1))
    async with village.acting(who) as (db, mine):
        return await waiting.answer(
            db,
            village.keys,
            mine,
            village.planned,
            original=original,
            word=word,
            now=village.clock(),
        )


async def take(village: Village, who: str, original: datetime | None = FIRST) -> Place | None:
    async with village.acting(who) as (db, mine):
        return await waiting.take(
            db, village.keys, mine, village.planned, original=original, now=village.clock()
        )


async def look_after(village: Village) -> int:
    return await waiting.settle_all(village.database, village.keys, now=village.clock())


async def place(village: Village, who: str, original: datetime = FIRST) -> Place | None:
    membership = (await village.membership(who)).id
    async with village.database.read() as db:
        series = await db.get_one(Series, village.planned)
        coming = await answers.who_comes(db, series, original, now=village.clock())
        return next((one.place for one in coming if one.membership.id == membership), None)


async def rows(village: Village) -> list[Waiting]:
    async with village.database.read() as db:
        return list(await db.exec(select(Waiting)))


class TestAnswering:
    async def test_a_yes_when_all_places_are_taken_waits(self, small: Village) -> None:
        assert await say(small, BO) == "held"
        assert await say(small, CY) == "waiting"
        assert (await place(small, BO), await place(small, CY)) == ("held", "waiting")

    async def test_whoever_facilitates_takes_no_place(self, small: Village) -> None:
        assert await say(small, DANA) is None
        assert await say(small, BO) == "held"
        assert await place(small, DANA) is None

    async def test_a_date_may_have_more_places_than_the_others(self, small: Village) -> None:
        async with small.planning(small.planned) as (db, booking):
            db.add(
                OccurrenceChange(
                    series_id=booking.series.id,
                    original=SECOND,
                    seats=2,
                    changed_at=small.clock(),
                )
            )
        for who in (BO, CY):
            await say(small, who, original=None)

        assert await place(small, CY, FIRST) == "waiting"
        assert await place(small, CY, SECOND) == "offered"

    async def test_facilitators_see_who_comes_by_default_and_for_this_date(
        self, small: Village
    ) -> None:
        await say(small, BO, original=None)
        await say(small, BO, "no", SECOND)
        await say(small, CY, original=None)

        async with small.database.read() as db:
            series = await db.get_one(Series, small.planned)
            first = await answers.who_comes(db, series, FIRST, now=small.clock())
            dates = {series.id: [FIRST, SECOND]}
            counts = await answers.going(db, small.circle, dates, now=small.clock())

        said = {one.membership.id: (one.answer, one.own, one.place) for one in first}
        assert [said[(await small.membership(who)).id] for who in (DANA, BO, CY, DI)] == [
            (None, False, None), ("yes", False, "held"), ("yes", False, "waiting"),
            (None, False, None),
        ]  # fmt: skip
        assert counts[series.id] == {FIRST: (1, 0, 0, 1), SECOND: (0, 0, 1, 1)}

    @pytest.mark.parametrize("word", ["no", "maybe"])
    async def test_a_place_that_is_given_up_is_offered_to_the_first_in_line(
        self, small: Village, word: Word
    ) -> None:
        for who in (BO, CY, DI):
            await say(small, who)
        await say(small, BO, word)

        [letter] = await small.post()

        assert letter.to == CY
        assert "/a#" in words_of(letter)
        assert await place(small, CY) == "offered"
        assert await take(small, CY) == "held"
        assert await take(small, CY) == "held"

    async def test_who_is_discreet_reads_no_word_of_the_circle_in_it(
        self, small: Village
    ) -> None:
        await small.choose(DI, detail="full")
        for who in (BO, CY, DI):
            await say(small, who)
        await say(small, BO, "no")
        [discreet] = await small.post()
        await say(small, CY, "no")
        [full] = await small.post()

        assert "Evening hour" not in words_of(discreet) + discreet.mail["Subject"]
        assert "Lantern" not in words_of(discreet) + discreet.mail["Subject"]
        assert "Evening hour" in full.mail["Subject"]

    async def test_nothing_is_there_to_be_taken_out_of_turn(self, small: Village) -> None:
        for who in (BO, CY, DI):
            await say(small, who)
        await say(small, BO, "no")

        with pytest.raises(Conflict, match="place_gone"):
            await take(small, DI)


class TestTheLastPlace:
    async def test_two_who_answer_at_once_never_both_get_it(self, small: Village) -> None:
        for round_, original in enumerate((FIRST, SECOND, THIRD)):
            places = await _at_once(*(say(small, who, "yes", original) for who in (BO, CY, DI)))

            assert sorted(map(str, places)) == ["held", "waiting", "waiting"], round_

    async def test_nor_do_one_who_takes_it_and_one_who_comes_new(self, small: Village) -> None:
        for who in (BO, CY):
            await say(small, who)
        await say(small, BO, "no")

        places = await _at_once(take(small, CY), say(small, DI))

        assert places == ["held", "waiting"]

    async def test_an_offer_is_made_once_by_two_who_look_after_it(self, small: Village) -> None:
        await say(small, BO)
        await say(small, CY)
        async with small.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, small.planned, original=FIRST, answer="no", now=small.clock()
            )

        made = await _at_once(look_after(small), look_after(small))

        assert sorted(made) == [0, 1]
        assert len(await small.post(CY)) == 1


async def _at_once(*acts: Awaitable[Any]) -> list[Any]:
    return list(await asyncio.gather(*acts))


class TestTime:
    @pytest.fixture
    async def offered(self, small: Village) -> Village:
        """Bo gave the place up; it is kept for Cy, and Di waits."""
        for who in (BO, CY, DI):
            await say(small, who)
        await say(small, BO, "no")
        await small.post()
        return small

    async def test_an_offer_that_is_let_pass_goes_to_the_next(self, offered: Village) -> None:
        offered.clock.forward(A_DAY)
        assert await place(offered, CY) == "waiting"

        assert await look_after(offered) == 1

        assert [letter.to for letter in await offered.post()] == [DI]
        assert await place(offered, DI) == "offered"
        with pytest.raises(Conflict, match="place_gone"):
            await take(offered, CY)

    async def test_nobody_is_asked_twice_but_may_still_take_what_is_free(
        self, offered: Village
    ) -> None:
        for _ in range(3):
            offered.clock.forward(A_DAY)
            await look_after(offered)

        assert [letter.to for letter in await offered.post()] == []  # they came too late
        assert await look_after(offered) == 0
        assert await take(offered, CY) == "held"

    async def test_a_letter_that_comes_too_late_does_not_leave(self, offered: Village) -> None:
        offered.clock.forward(A_DAY)
        await look_after(offered)
        await say(offered, DI, "no")

        assert await offered.post() == []

    async def test_more_places_are_offered_too(self, offered: Village) -> None:
        await seats(offered, 2)

        assert await look_after(offered) == 1
        assert [letter.to for letter in await offered.post()] == [DI]

    async def test_without_a_limit_any_more_those_who_wait_are_told_that_they_need_not(
        self, offered: Village
    ) -> None:
        await seats(offered, None)

        assert await look_after(offered) == 1
        [letter] = await offered.post()
        assert letter.to == DI
        assert letter.mail["Subject"].startswith("You have a place")
        assert await place(offered, DI) == "held"

    async def test_places_that_a_change_makes_are_offered_with_it(
        self, offered: Village
    ) -> None:
        await offered.post()
        await offered.change(offered.planned, "all", seats=2)

        [letter] = await offered.post()
        assert letter.to == DI
        await offered.change(offered.planned, "all", seats=3, dry=True)
        assert await offered.post() == []

    async def test_fewer_places_throw_nobody_out(self, offered: Village) -> None:
        await take(offered, CY)
        await seats(offered, 0)
        await look_after(offered)

        assert await place(offered, CY) == "held"

    async def test_whoever_leaves_makes_room(self, offered: Village) -> None:
        await take(offered, CY)
        await offered.let_go(CY)

        letters = await offered.post(DI)

        assert [letter.mail["Subject"].split(":")[0] for letter in letters] == [
            "A place is free"
        ]

    async def test_for_a_cancelled_date_nothing_is_offered_and_the_line_stays(
        self, offered: Village
    ) -> None:
        await offered.cancel(offered.planned, FIRST)
        offered.clock.forward(A_DAY)
        await look_after(offered)
        assert not [m for m in await offered.post() if "place" in m.mail["Subject"]]
        assert await place(offered, CY) == "waiting"

        await offered.restore(offered.planned, FIRST)
        assert await look_after(offered) == 1
        assert await place(offered, CY) == "offered"

    async def test_nothing_is_offered_once_the_date_has_begun(self, small: Village) -> None:
        for who in (BO, CY):
            await say(small, who)
        small.clock.now = datetime.fromisoformat("2026-03-10T17:00:00Z")
        await say(small, BO, "no")

        assert await look_after(small) == 0
        assert await small.post() == []

    async def test_for_a_moved_date_everybody_stands_in_line_anew(
        self, offered: Village
    ) -> None:
        await offered.move(offered.planned, FIRST, to=FIRST + A_DAY)
        await look_after(offered)

        assert [await place(offered, who) for who in (BO, CY, DI)] == [None, None, None]
        assert await say(offered, DI) == "held"
        assert await say(offered, CY) == "waiting"

    async def test_a_quiet_minute_changes_nothing(self, offered: Village) -> None:
        before = [row.model_dump() for row in await rows(offered)]

        assert await look_after(offered) == 0
        assert [row.model_dump() for row in await rows(offered)] == before

    async def test_one_who_facilitates_by_now_stands_in_no_line(self, offered: Village) -> None:
        membership = (await offered.membership(CY)).id
        async with offered.acting() as (db, _):
            (await db.get_one(Membership, membership)).role = "facilitator"

        assert await look_after(offered) == 1
        assert await place(offered, DI) == "offered"
        assert membership not in {row.membership_id for row in await rows(offered)}


class TestSayingSo:
    async def _answered_by_mail(
        self, village: Village, who: str, original: datetime | None
    ) -> None:
        if await say(village, who, original=original) == "waiting":
            async with village.acting(who) as (db, mine):
                series = await db.get_one(Series, village.planned)
                now = village.clock()
                waiting.say_so(db, village.keys, mine, series, original, now=now)

    @pytest.mark.parametrize("original", [FIRST, None])
    async def test_who_said_yes_in_an_app_is_mailed_that_they_wait(
        self, small: Village, original: datetime | None
    ) -> None:
        for who in (BO, CY):
            await self._answered_by_mail(small, who, original)

        [letter] = await small.post()

        assert letter.to == CY
        assert letter.mail["Subject"].startswith("On the waiting list: Appointment")
        assert "Evening" not in words_of(letter)

    async def test_not_when_there_is_a_place_by_then(self, small: Village) -> None:
        for who in (BO, CY):
            await self._answered_by_mail(small, who, FIRST)
        await say(small, BO, "no")

        assert [letter.mail["Subject"].split(":")[0] for letter in await small.post()] == [
            "A place is free"
        ]


class TestFollowing:
    async def test_answers_go_along_with_dates_into_the_series_that_follows(
        self, small: Village
    ) -> None:
        old = small.planned
        await say(small, BO, original=None)
        await say(small, CY, original=SECOND)
        await say(small, BO, "no", THIRD)
        new = await small.book(title="Later hour")
        await seats(small, 1)
        later = {original: original for original in (SECOND, THIRD)}
        async with small.acting() as (db, _):
            await answers.carry_over(
                db, await db.get_one(Series, old), await db.get_one(Series, new), later
            )

        assert await place(small, BO, SECOND) == "held"
        assert await place(small, CY, SECOND) == "waiting"
        assert await place(small, BO, THIRD) is None
        small.planned = old
        assert await place(small, BO, FIRST) == "held"
        assert await place(small, CY, SECOND) is None

    async def test_answers_are_forgotten_with_a_membership(self, small: Village) -> None:
        for who in (BO, CY):
            await say(small, who)
        membership: UUID = (await small.membership(CY)).id
        await small.let_go(CY)

        async with small.database.read() as db:
            assert await answers.answers_of(db, [membership]) == {}
        assert await rows(small) == []
