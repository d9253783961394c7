"""A feed's tag is another whenever its bytes are, and the same as long as they are."""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from sessions import circles, feeds, people
from sessions.feeds import CANCELLED_SHOWN, EntryBytes, tags
from sessions.recurrence import Pattern, Rule
from tests.sessions.village import A_MINUTE, BO, CY, DANA, FIRST, SECOND, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)


async def tag(village: Village, who: str = BO) -> str:
    return (await village.subscription(await village.feed_token(who))).tag


Act = Callable[[Village], Awaitable[object]]


async def rename_circle(village: Village) -> None:
    plan = circles.CirclePlan("Lamp", "", [], "invitation", 12, False)
    async with village.acting() as (_, mine):
        circles.change_circle(mine.circle, plan, can_hide=False, now=village.clock())


async def rotate(village: Village) -> None:
    async with village.acting(BO) as (db, mine):
        person = await db.get_one(people.Person, mine.membership.person_id)
        feeds.renew(village.keys, person)


async def come_again(village: Village) -> None:
    await village.let_go(BO)
    village.clock.forward(A_MINUTE)
    await village.invite(BO)


CHANGES: dict[str, Act] = {
    "a new series": lambda v: v.book(),
    "a moved date": lambda v: v.move(v.planned, FIRST, to=THURSDAY),
    "a cancelled date": lambda v: v.cancel(v.planned, SECOND),
    "a restored date": lambda v: v.restore(v.planned, SECOND),
    "a cancelled series": lambda v: v.cancel_series(v.planned),
    "more detail": lambda v: v.choose(BO, detail="full"),
    "another language": lambda v: v.choose(BO, locale="ar"),
    "an own word": lambda v: v.choose(BO, summary="Sport"),
    "another name of the circle": rename_circle,
    "being let go": lambda v: v.let_go(BO),
    "coming back": come_again,
    "another address": rotate,
}


class TestTag:
    async def test_without_a_change_tag_and_bytes_stay_for_months(
        self, village: Village
    ) -> None:
        await village.invite(BO, CY)
        await village.book()
        seen = set()
        for _ in range(4):
            seen.add((await tag(village), await village.feed(BO)))
            village.clock.forward(timedelta(days=70))
            await village.choose(CY, detail="full")

        assert len(seen) == 1

    async def test_what_becomes_of_the_circle_leaves_a_discreet_feed_as_it_is(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()
        before = await tag(village), await village.feed(BO)

        village.clock.forward(A_MINUTE)
        await rename_circle(village)

        assert (await tag(village), await village.feed(BO)) == before

    @pytest.mark.parametrize("change", CHANGES)
    async def test_each_change_gives_another_tag(self, village: Village, change: str) -> None:
        await village.invite(BO)
        await village.book()
        if change == "a restored date":
            await village.cancel(village.planned, SECOND)
        if change == "another name of the circle":
            await village.choose(BO, detail="full")
        before, written = await tag(village), EntryBytes()
        bytes_before = await village.feed(BO, written=written)

        village.clock.forward(A_MINUTE)
        await CHANGES[change](village)

        assert await tag(village) != before
        fresh = await village.feed(BO)
        assert await village.feed(BO, written=written) == fresh, "the memory has not noticed"
        if change != "another address":
            assert fresh != bytes_before

    async def test_an_open_series_is_written_anew_each_year(self, village: Village) -> None:
        await village.invite(BO)
        await village.book(Pattern(FIRST, "America/New_York", 75, Rule(("TU",))))
        before = await tag(village)

        village.clock.now = datetime(2027, 1, 1, tzinfo=UTC)

        assert await tag(village) != before

    async def test_newer_rules_of_zones_give_another_tag(
        self, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = await tag(village, DANA)

        monkeypatch.setattr(tags, "TZDATA", "2099a")

        assert await tag(village, DANA) != before

    async def test_the_end_of_the_60_days_gives_another_tag(self, village: Village) -> None:
        await village.invite(BO)
        await village.cancel_series(await village.book())
        before = await tag(village)

        village.clock.forward(CANCELLED_SHOWN)

        assert await tag(village) != before
