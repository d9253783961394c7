# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from sessions import circles, people, schedule
from sessions.errors import Conflict, Invalid, NotAllowed, NotFound
from sessions.keys import Keys
from sessions.recurrence import Gap, Overlap, Pattern, Rule, StartOffRule
from sessions.schedule import SERIES_PER_CIRCLE
from sessions.zones import ScheduleError, UnknownZone
from tests.conftest import NOON, SECRET
from tests.sessions.village import (
    A_MINUTE,
    BO,
    CY,
    EVENINGS,
    FIRST,
    SECOND,
    THIRD,
    Village,
)

THURSDAY = datetime(2026, 3, 12, 20, 30)
BEFORE_OPENING = datetime(2026, 3, 10, 16, 44, 59, tzinfo=UTC)
AFTER_FIRST = datetime(2026, 3, 10, 18, 15, tzinfo=UTC)


class TestBooking:
    async def test_a_series_keeps_wall_time_zone_and_rule(self, village: Village) -> None:
        rule = Rule(("TU", "TH"), interval=2, until=date(2026, 6, 30))
        pattern = Pattern(FIRST, "Asia/Jerusalem", 75, rule)

        series = await village.series(await village.book(pattern))

        assert series.pattern == pattern
        assert (series.sequence, series.cancelled_at) == (0, None)

    async def test_each_has_a_random_uid(self, village: Village) -> None:
        uids = {(await village.series(await village.book())).uid for _ in range(3)}

        assert len(uids) == 3

    async def test_everybody_but_the_one_who_books_is_told(self, village: Village) -> None:
        await village.welcome(BO, CY)

        await village.book()

        assert sorted(letter.to for letter in await village.post()) == [BO, CY]

    async def test_the_same_key_books_once(self, village: Village) -> None:
        await village.welcome(BO)

        first, again = await village.book(key="k1"), await village.book(key="k1")
        other = await village.book(key="k2")

        assert first == again != other
        assert len(await village.post()) == 2

    async def test_a_key_is_known_again_after_the_secrets_have_changed(
        self, village: Village
    ) -> None:
        first = await village.book(key="k1")
        village.keys = Keys(("a newer secret that is long enough", SECRET))

        assert await village.book(key="k1") == first

    async def test_a_key_counts_for_its_own_circle_only(self, village: Village) -> None:
        first = await village.book(key="k1")
        await village.found()

        assert await village.book(key="k1") != first

    @pytest.mark.parametrize(
        ("pattern", "error"),
        [
            (Pattern(datetime(2026, 3, 27, 2, 30), "Asia/Jerusalem", 60), Gap),
            (Pattern(datetime(2026, 10, 25, 1, 30), "Asia/Jerusalem", 60), Overlap),
            (
                Pattern(datetime(2026, 3, 6, 2, 30), "Asia/Jerusalem", 60, Rule(("FR",))),
                Gap,
            ),
            (Pattern(FIRST, "Asia/Atlantis", 60), UnknownZone),
            (Pattern(FIRST, "Asia/Jerusalem", 60, Rule(("WE",))), StartOffRule),
        ],
    )
    async def test_what_cannot_be_planned_is_refused(
        self, village: Village, pattern: Pattern, error: type[ScheduleError]
    ) -> None:
        with pytest.raises(error):
            await village.book(pattern)

    async def test_a_series_that_is_over_is_refused_one_that_goes_on_is_not(
        self, village: Village
    ) -> None:
        begin = datetime(2026, 2, 3, 19)
        over = Pattern(begin, "Asia/Jerusalem", 75, Rule(("TU",), count=4))
        going_on = Pattern(begin, "Asia/Jerusalem", 75, Rule(("TU",), count=5))

        with pytest.raises(Invalid) as refused:
            await village.book(over)

        assert (refused.value.word, refused.value.field) == ("in_the_past", "start")
        assert await village.book(going_on)

    @pytest.mark.parametrize("title", ["", " \n ", "\u202e\x00"])
    async def test_a_title_is_needed(self, village: Village, title: str) -> None:
        with pytest.raises(Invalid, match="needed"):
            await village.book(title=title)

    async def test_a_circle_has_a_bounded_number_of_series(self, village: Village) -> None:
        async with village.acting() as (db, mine):
            for _ in range(SERIES_PER_CIRCLE):
                series = await schedule.book(
                    db, village.keys, mine, title="x", pattern=EVENINGS, now=NOON
                )

        with pytest.raises(Conflict, match="too_many_series"):
            await village.book()
        await village.cancel_series(series.id)
        assert await village.book()


class TestWhoMay:
    async def test_a_member_sees_but_changes_nothing(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()

        for act in (
            village.cancel(series, FIRST, who=BO),
            village.move(series, FIRST, to=THURSDAY, who=BO),
            village.cancel_series(series, who=BO),
        ):
            with pytest.raises(NotAllowed):
                await act
        assert (await village.series(series)).sequence == 0

    async def test_a_series_of_others_does_not_exist(self, village: Village) -> None:
        series = await village.book()
        await village.found("eve@example.org")

        for unknown in (series, uuid4()):
            with pytest.raises(NotFound):
                await village.cancel(unknown, FIRST, who="eve@example.org")

    @pytest.mark.parametrize(
        "original",
        [FIRST + timedelta(days=1), FIRST - timedelta(weeks=1), FIRST + timedelta(minutes=1),
         FIRST + timedelta(weeks=12)],
    )  # fmt: skip
    async def test_a_start_that_the_rule_does_not_have_is_no_date(
        self, village: Village, original: datetime
    ) -> None:
        series = await village.book()

        for act in (village.cancel(series, original), village.restore(series, original)):
            with pytest.raises(NotFound, match="no_such_date"):
                await act


class TestAtTheSameMoment:
    async def test_two_changes_have_two_sequences(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()

        await asyncio.gather(
            village.cancel(series, FIRST),
            village.cancel(series, SECOND),
            village.move(series, THIRD, to=THURSDAY),
        )

        assert (await village.series(series)).sequence == 3
        sequences = {
            letter.calendar.partition(b"SEQUENCE:")[2].partition(b"\r")[0]
            for letter in await village.post()
        }
        assert sequences == {b"1", b"2", b"3"}

    async def test_the_same_change_is_made_once(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()

        await asyncio.gather(village.cancel(series, FIRST), village.cancel(series, FIRST))
        await asyncio.gather(village.cancel_series(series), village.cancel_series(series))

        assert (await village.series(series)).sequence == 2


class TestReading:
    async def test_a_room_opens_15_minutes_before_and_closes_60_after(
        self, village: Village
    ) -> None:
        series = await village.book()
        async with village.planning(series) as (_, booking):
            [date_] = schedule.next_dates(booking, now=NOON, limit=1)

        def is_open(now: datetime) -> bool:
            return schedule.is_open(date_, now=now)

        assert not is_open(BEFORE_OPENING)
        assert is_open(BEFORE_OPENING + timedelta(seconds=1))
        assert is_open(AFTER_FIRST + timedelta(minutes=60) - timedelta(seconds=1))
        assert not is_open(AFTER_FIRST + timedelta(minutes=60))

    async def test_the_next_dates_begin_with_the_one_that_may_still_be_running(
        self, village: Village
    ) -> None:
        series = await village.book()
        async with village.planning(series) as (_, booking):
            closing = AFTER_FIRST + timedelta(minutes=60)
            [running] = schedule.next_dates(booking, now=closing - A_MINUTE, limit=1)
            [coming] = schedule.next_dates(booking, now=closing + A_MINUTE, limit=1)

        assert (running.original, coming.original) == (FIRST, SECOND)

    async def test_the_bookings_of_several_circles_are_told_apart(
        self, village: Village
    ) -> None:
        first = await village.book()
        village.clock.forward(A_MINUTE)
        await village.found()
        second = await village.book()
        await village.cancel(second, FIRST)

        async with village.acting() as (db, mine):
            dana = await db.get_one(people.Person, mine.membership.person_id)
            found = await schedule.bookings(db, await circles.circles_of(db, dana))

        assert [(b.series.id, len(b.changes)) for b in found] == [(first, 0), (second, 1)]
        assert {b.mine.circle.id for b in found} == {b.series.circle_id for b in found}
