"""What is said to a date counts for the hour that it has when it is said."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from sessions import answers, schedule
from sessions.answers import Word
from sessions.recurrence import Pattern
from tests.calendars.app import unfolded
from tests.sessions.village import BO, CY, FIRST, SECOND, THIRD, Village

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Given = dict[datetime | None, Word]


async def say(village: Village, series: UUID, given: Given, who: str = BO) -> None:
    for original, word in given.items():
        async with village.acting(who) as (db, mine):
            await answers.answer(
                db, mine, series, original=original, answer=word, now=village.clock()
            )


async def said(village: Village, series: UUID, who: str = BO) -> Given:
    async with village.acting(who) as (db, mine):
        found = await answers.answers_of(db, [mine.membership.id])
    return {original: word for (about, original), word in found.items() if about == series}


class TestOneDate:
    @pytest.mark.parametrize("word", ["yes", "maybe"])
    async def test_whoever_said_yes_to_it_is_asked_anew(
        self, village: Village, weekly: UUID, word: Word
    ) -> None:
        await say(village, weekly, {FIRST: word, SECOND: "yes"})

        changed = await village.change(weekly, "one", FIRST, to=FIRST + DAY)

        assert await said(village, weekly) == {SECOND: "yes"}
        assert changed.means.why == ["date_asked_anew"]
        [letter] = await village.post(BO)
        assert b"PARTSTAT=NEEDS-ACTION" in unfolded(letter.calendar)

    async def test_a_no_stays(self, village: Village, weekly: UUID) -> None:
        await say(village, weekly, {FIRST: "no"})

        changed = await village.change(weekly, "one", FIRST, to=FIRST + DAY)

        assert await said(village, weekly) == {FIRST: "no"}
        assert changed.means.why == []
        [letter] = await village.post(BO)
        assert b"PARTSTAT=DECLINED" in unfolded(letter.calendar)

    async def test_what_was_said_to_all_stays(self, village: Village, weekly: UUID) -> None:
        await say(village, weekly, {None: "yes", FIRST: "maybe"})

        await village.move(weekly, FIRST, to=FIRST + DAY)

        assert await said(village, weekly) == {None: "yes"}

    async def test_whoever_comes_to_this_one_alone_keeps_it_as_a_maybe(
        self, village: Village, weekly: UUID
    ) -> None:
        await say(village, weekly, {None: "no", FIRST: "yes"})

        await village.move(weekly, FIRST, to=FIRST + DAY)

        assert await said(village, weekly) == {None: "no", FIRST: "maybe"}

    async def test_at_the_same_hour_nobody_is_asked(
        self, village: Village, weekly: UUID
    ) -> None:
        await say(village, weekly, {FIRST: "yes"})

        await village.change(weekly, "one", FIRST, minutes=90, title="Guest")
        await village.cancel(weekly, FIRST)
        await village.restore(weekly, FIRST)

        assert await said(village, weekly) == {FIRST: "yes"}

    async def test_put_back_to_where_the_rule_has_it_is_another_hour_too(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.move(weekly, FIRST, to=FIRST + DAY)
        await say(village, weekly, {FIRST: "yes"})

        await village.restore(weekly, FIRST)

        assert await said(village, weekly) == {}

    @pytest.mark.parametrize("to", [FIRST, FIRST + 2 * DAY])
    async def test_whoever_was_asked_when_it_was_moved_is_still_to_be_when_it_is_again(
        self, village: Village, weekly: UUID, to: datetime
    ) -> None:
        """Also if no letter has left in between: the page showed it where it was."""
        await say(village, weekly, {FIRST: "yes"})
        await village.move(weekly, FIRST, to=FIRST + DAY)

        changed = await village.change(weekly, "one", FIRST, to=to, dry=True)

        assert await said(village, weekly) == {}
        assert changed.means.why == ["date_asked_anew"]

    async def test_to_a_single_date_all_is_this_one(self, village: Village) -> None:
        await village.welcome(BO, CY)
        once = await village.book(Pattern(FIRST, "Asia/Jerusalem", 75))
        await say(village, once, {None: "yes"})
        await say(village, once, {None: "no"}, CY)

        await village.move(once, FIRST, to=FIRST + DAY)

        assert await said(village, once) == {}
        assert await said(village, once, CY) == {None: "no"}


class TestThePlan:
    async def test_dates_at_another_hour_ask_anew(self, village: Village, weekly: UUID) -> None:
        await say(village, weekly, {FIRST: "yes", SECOND: "no", THIRD: "yes"})

        changed = await village.change(weekly, "following", SECOND, to=SECOND + HOUR)

        assert await said(village, weekly) == {FIRST: "yes"}
        assert await said(village, changed.series) == {SECOND + HOUR: "no"}
        assert changed.means.why == ["asked_anew"]

    async def test_a_date_that_stays_where_it_was_put_asks_nobody(
        self, village: Village, weekly: UUID
    ) -> None:
        await village.move(weekly, THIRD, to=THIRD + DAY)
        await say(village, weekly, {THIRD: "yes"})

        changed = await village.change(weekly, "following", SECOND, to=SECOND + HOUR)

        assert await said(village, changed.series) == {THIRD + HOUR: "yes"}

    async def test_the_same_hour_in_another_series_asks_nobody(
        self, village: Village, weekly: UUID
    ) -> None:
        await say(village, weekly, {THIRD: "yes"})

        changed = await village.change(weekly, "following", SECOND, minutes=60)

        assert await said(village, changed.series) == {THIRD: "yes"}

    async def test_a_wall_clock_that_shows_the_same_elsewhere_is_another_hour(
        self, village: Village, weekly: UUID
    ) -> None:
        await say(village, weekly, {THIRD: "yes"})

        await village.change(weekly, "all", zone="Europe/London")

        assert await said(village, weekly) == {}


async def test_the_instant_is_what_counts(village: Village, weekly: UUID) -> None:
    """After the move of the plan, a date may be where it was put by hand before."""
    await say(village, weekly, {THIRD: "yes"})
    await village.change(weekly, "all", zone="Europe/London", to=FIRST - 2 * HOUR)

    async with village.planning(weekly) as (_, booking):
        dates = schedule.next_dates(booking, now=village.clock(), limit=3)

    assert dates[2].starts_at == datetime(2026, 3, 24, 17, tzinfo=UTC)
    assert await said(village, weekly) == {THIRD - 2 * HOUR: "yes"}
