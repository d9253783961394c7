import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, circles, export, signin
from sessions.answers import Answer
from sessions.circles import Circle, Membership
from sessions.errors import Conflict
from sessions.outbox import OutboxEntry
from sessions.people import Person, find_person
from sessions.schedule import Series, Told
from sessions.signin import SignedIn
from tests.sessions.village import BO, CY, DANA, FIRST, Village


async def everything(village: Village, who: str) -> dict[str, Any]:
    person = await village.person(who)
    async with village.database.read() as db:
        return await export.everything_about(db, village.keys, person)


async def forget(village: Village, who: str) -> None:
    async with village.acting(who) as (db, mine):
        await export.forget(db, await db.get_one(Person, mine.membership.person_id))


async def count(village: Village, table: type[Any]) -> int:
    async with village.database.read() as db:
        return len(list(await db.exec(select(table))))


class TestTakingAlong:
    async def test_all_that_is_stored_and_no_secret(self, village: Village) -> None:
        await village.invite(BO)
        await village.choose(BO, name="Bo", summary="Sport")
        series = await village.book()
        async with village.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, series, original=FIRST, answer="yes", now=village.clock()
            )
            person = await db.get_one(Person, mine.membership.person_id)
            person.feed_used_on = date(2026, 3, 2)
            cookie = signin.sign_in(db, person, now=village.clock())

        taken = await everything(village, BO)

        text = msgspec.json.encode(taken).decode()
        assert taken["address"] == BO
        assert (taken["name"], taken["summary"]) == ("Bo", "Sport")
        assert [circle["name"] for circle in taken["circles"]] == ["Lantern"]
        assert taken["answers"] == [{"series": str(series), "original": FIRST, "answer": "yes"}]
        assert len(taken["signed_in"]) == 1
        assert taken["feed_used_on"] == date(2026, 3, 2)
        for secret in (cookie, await village.ticket(BO), await village.feed_token(BO)):
            assert secret not in text
        assert DANA not in text, "nothing of others"

    async def test_circles_that_somebody_left_are_stored_and_so_told(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.let_go(BO)

        [circle] = (await everything(village, BO))["circles"]

        assert circle["until"] == village.clock()


class TestForgetting:
    async def test_a_member_goes_with_all_that_is_theirs_and_the_circle_stays(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        series = await village.book()
        await village.post()
        async with village.acting(BO) as (db, mine):
            await answers.answer(
                db, mine, series, original=None, answer="yes", now=village.clock()
            )
            person = await db.get_one(Person, mine.membership.person_id)
            signin.sign_in(db, person, now=village.clock())

        await forget(village, BO)

        async with village.database.read() as db:
            assert await find_person(db, village.keys, BO) is None
        counts = [await count(village, table) for table in (Person, Membership, Answer, Told)]
        assert counts == [2, 2, 0, 1]
        assert await count(village, SignedIn) == 0
        assert await count(village, OutboxEntry) == 2, "Cy's letters"
        assert await count(village, Series) == 1

    async def test_who_is_alone_takes_the_circle_along(self, village: Village) -> None:
        await village.invite(BO)
        await village.book()
        await village.let_go(BO)

        await forget(village, DANA)

        assert [await count(village, table) for table in (Circle, Series, Membership)] == [
            0
        ] * 3
        assert await count(village, Person) == 1

    async def test_the_last_facilitator_of_others_has_to_hand_over_first(
        self, village: Village
    ) -> None:
        await village.invite(BO)

        with pytest.raises(Conflict, match="last_facilitator"):
            await forget(village, DANA)

        assert await count(village, Person) == 2

    async def test_with_a_second_facilitator_the_first_may_go(self, village: Village) -> None:
        await village.invite(BO)
        async with village.acting(BO) as (_, mine):
            mine.membership.role = "facilitator"

        await forget(village, DANA)

        async with village.database.read() as db:
            assert await circles.head_count(db, village.circle) == 1

    async def test_coming_again_is_coming_for_the_first_time(self, village: Village) -> None:
        await village.invite(BO)
        before = await village.person(BO)
        await forget(village, BO)

        await village.invite(BO)

        assert (await village.person(BO)).id not in (before.id, uuid4())

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_two_who_go_at_once_take_along_what_was_theirs_alone(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        async with village.acting(BO) as (_, mine):
            mine.membership.role = "facilitator"

        async with village.acting(DANA) as (db, mine):
            await export.forget(db, await db.get_one(Person, mine.membership.person_id))
            second = asyncio.create_task(forget(village, BO))
            while not second.done() and not await _somebody_waits(db):  # noqa: ASYNC110
                await asyncio.sleep(0)
        await second

        assert [await count(village, table) for table in (Circle, Person)] == [0, 0]


async def _somebody_waits(db: AsyncSession) -> bool:
    connection = await db.connection()
    found = await connection.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1"))
    return found.first() is not None
