from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from sessions import answers
from sessions.answers import Answer, Word
from sessions.errors import Conflict, NotFound
from sessions.recurrence import Rule
from tests.sessions.village import BO, CY, DANA, EVENINGS, FIRST, SECOND, Village

EVE = "eve@example.org"


async def give(
    village: Village, who: str, series: UUID, word: Word, original: datetime | None = None
) -> None:
    async with village.acting(who) as (db, mine):
        await answers.answer(
            db, mine, series, original=original, answer=word, now=village.clock()
        )


async def given(village: Village, who: str) -> answers.Given:
    membership = await village.membership(who)
    async with village.database.read() as db:
        return await answers.answers_of(db, [membership.id])


class TestAnswers:
    async def test_an_answer_for_the_series_is_the_default_of_its_dates(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        series = await village.book()
        await give(village, BO, series, "no", FIRST)
        await give(village, BO, series, "yes")

        said = answers.Said(await given(village, BO))

        assert said.word(series, FIRST) == "no"
        assert said.word(series, SECOND) == "yes"
        assert said.word(uuid4(), FIRST) is None

    async def test_the_last_word_counts(self, village: Village) -> None:
        await village.invite(BO)
        series = await village.book()
        words: list[Word] = ["yes", "maybe", "no"]
        for word in words:
            await give(village, BO, series, word)
            await give(village, BO, series, word, FIRST)

        assert await given(village, BO) == {(series, None): "no", (series, FIRST): "no"}

    async def test_only_dates_of_ones_own_circle_can_be_answered(
        self, village: Village
    ) -> None:
        series = await village.book()
        await village.found(EVE)

        with pytest.raises(NotFound):
            await give(village, EVE, series, "yes")

    async def test_a_start_that_is_none_and_a_cancelled_series_take_no_answer(
        self, village: Village
    ) -> None:
        series = await village.book()

        with pytest.raises(NotFound, match="no_such_date"):
            await give(village, DANA, series, "yes", FIRST + timedelta(days=1))
        await village.cancel_series(series)
        with pytest.raises(Conflict, match="already_cancelled"):
            await give(village, DANA, series, "yes")

    async def test_a_date_more_than_a_year_ahead_takes_none_yet(self, village: Village) -> None:
        """Each is counted with all others: nobody may fill a century with them."""
        await village.invite(BO)
        series = await village.book(replace(EVENINGS, rule=Rule(("TU",))))

        await give(village, BO, series, "yes", FIRST + timedelta(weeks=52))
        with pytest.raises(Conflict, match="too_far_ahead"):
            await give(village, BO, series, "yes", FIRST + timedelta(weeks=60))

    async def test_facilitators_see_the_answer_to_the_whole(self, village: Village) -> None:
        await village.invite(BO, CY)
        series = await village.book()
        await give(village, BO, series, "yes")
        await give(village, CY, series, "no", FIRST)

        async with village.database.read() as db:
            said = await answers.whole_answers(db, village.circle)

        assert said == {(await village.membership(BO)).id: "yes"}


class TestKeeping:
    async def _forget(self, village: Village, now: datetime) -> set[datetime | None]:
        async with village.database.write() as db:
            await answers.forget_old(db, now=now)
        return {original for _, original in await given(village, BO)}

    async def test_answers_are_forgotten_30_days_after_what_they_were_for(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        series = await village.book()
        await give(village, BO, series, "yes")
        await give(village, BO, series, "yes", FIRST)
        await give(village, BO, series, "no", SECOND)
        last = datetime(2026, 5, 26, 19, tzinfo=UTC)
        month = timedelta(days=30)

        kept = await self._forget(village, FIRST.replace(tzinfo=UTC) + month)
        assert kept == {None, FIRST, SECOND}
        kept = await self._forget(village, FIRST.replace(tzinfo=UTC) + month * 1.01)
        assert kept == {None, SECOND}
        assert await self._forget(village, last + month) == {None}
        assert await self._forget(village, last + month * 1.01) == set()

    async def test_those_to_a_cancelled_series_30_days_after_it_was_cancelled(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        series = await village.book()
        await give(village, BO, series, "yes")
        await village.cancel_series(series)

        now = village.clock()
        assert await self._forget(village, now + timedelta(days=30)) == {None}
        assert await self._forget(village, now + timedelta(days=30.1)) == set()


async def test_answers_lie_in_the_database_without_a_name(village: Village) -> None:
    assert set(Answer.model_fields) == {
        "id", "membership_id", "series_id", "original", "answer", "answered_at",
        "replied_sequence", "replied_at", "taken_at",
    }  # fmt: skip
