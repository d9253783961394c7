# ruff: noqa: DTZ001 - wall time has no zone

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from sessions import schedule
from sessions.errors import Conflict, Invalid, NotFound
from sessions.recurrence import Gap, Overlap
from sessions.zones import ScheduleError
from tests.calendars.app import EVENT, value
from tests.conftest import NOON
from tests.sessions.village import (
    BO,
    FIRST,
    SECOND,
    THIRD,
    Village,
)

THURSDAY = datetime(2026, 3, 12, 20, 30)
BEFORE = datetime(2026, 3, 9, 19)
GUEST = b"SUMMARY:Guest"
DURING_FIRST = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
AFTER_FIRST = datetime(2026, 3, 10, 18, 15, tzinfo=UTC)


async def dates(village: Village, series: UUID) -> list[tuple[datetime, datetime, bool]]:
    """The first three: original start, wall time now, and whether it is cancelled."""
    async with village.planning(series) as (_, booking):
        found = schedule.next_dates(booking, now=NOON)
    return sorted((d.original, d.local, d.cancelled) for d in found)[:3]


PLANNED = [(start, start, False) for start in (FIRST, SECOND, THIRD)]


class TestMoving:
    async def test_a_date_is_found_by_its_original_start_however_often_it_moves(
        self, village: Village
    ) -> None:
        series = await village.book()

        await village.move(series, FIRST, to=THURSDAY)
        await village.move(series, FIRST, to=THURSDAY + timedelta(days=1))

        assert await dates(village, series) == [
            (FIRST, THURSDAY + timedelta(days=1), False), *PLANNED[1:],
        ]  # fmt: skip
        assert (await village.series(series)).sequence == 2
        with pytest.raises(NotFound, match="no_such_date"):
            await village.move(series, THURSDAY, to=FIRST)

    async def test_to_where_it_is_already_changes_nothing(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.move(series, FIRST, to=THURSDAY)
        await village.post()

        await village.move(series, FIRST, to=THURSDAY)

        assert (await village.series(series)).sequence == 1
        assert await village.post() == []

    @pytest.mark.parametrize(
        ("to", "error"),
        [
            (datetime(2026, 3, 27, 2, 30), Gap),
            (datetime(2026, 10, 25, 1, 30), Overlap),
            (datetime(2026, 3, 2, 13, 59), Invalid),
            (datetime(2026, 3, 12, 20, 30, 1), ScheduleError),
        ],
    )
    async def test_into_a_clock_change_the_past_or_odd_seconds_is_refused(
        self, village: Village, to: datetime, error: type[Exception]
    ) -> None:
        series = await village.book()

        with pytest.raises(error):
            await village.move(series, FIRST, to=to)

        assert (await village.series(series)).sequence == 0
        assert await dates(village, series) == PLANNED

    async def test_a_date_that_is_cancelled_has_to_be_restored_first(
        self, village: Village
    ) -> None:
        series = await village.book()
        await village.cancel(series, FIRST)

        with pytest.raises(Conflict, match="already_cancelled"):
            await village.move(series, FIRST, to=THURSDAY)


class TestCancellingAndRestoring:
    async def test_a_cancelled_date_stays_in_its_place_and_can_come_back(
        self, village: Village
    ) -> None:
        series = await village.book()

        await village.cancel(series, FIRST)
        assert await dates(village, series) == [(FIRST, FIRST, True), *PLANNED[1:]]

        await village.restore(series, FIRST)
        assert await dates(village, series) == PLANNED
        assert (await village.series(series)).sequence == 2

    async def test_restoring_takes_a_move_back_too(self, village: Village) -> None:
        series = await village.book()
        await village.move(series, FIRST, to=THURSDAY)

        await village.restore(series, FIRST)

        assert await dates(village, series) == PLANNED

    async def test_a_moved_date_that_is_cancelled_is_off_and_comes_back_where_it_had_been_put(
        self, village: Village
    ) -> None:
        series = await village.book()
        await village.move(series, FIRST, to=THURSDAY)

        await village.cancel(series, FIRST)
        assert await dates(village, series) == [(FIRST, THURSDAY, True), *PLANNED[1:]]

        await village.restore(series, FIRST)
        assert await dates(village, series) == [(FIRST, THURSDAY, False), *PLANNED[1:]]

    async def test_calendars_have_a_cancelled_date_where_it_had_been_put(
        self, village: Village
    ) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.move(series, FIRST, to=THURSDAY)
        await village.post()

        await village.cancel(series, FIRST)

        [letter] = await village.post(BO)
        for calendar in (letter.calendar, await village.feed(BO)):
            [off] = [each for each in EVENT.findall(calendar) if b"STATUS:CANCELLED" in each]
            assert value(off, "DTSTART") == "20260312T203000"
            assert value(off, "RECURRENCE-ID") == "20260310T190000"

    async def test_a_date_that_comes_back_has_what_was_its_own(self, village: Village) -> None:
        await village.welcome(BO)
        await village.choose(BO, detail="full")
        series = await village.book()
        await village.change(series, "one", FIRST, title="Guest", minutes=120, to=THURSDAY)
        [before] = [each for each in EVENT.findall(await village.feed(BO)) if GUEST in each]
        await village.cancel(series, FIRST)
        await village.post()

        await village.restore(series, FIRST)

        [letter] = await village.post(BO)
        for calendar in (letter.calendar, await village.feed(BO)):
            [back] = [each for each in EVENT.findall(calendar) if GUEST in each]
            for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "SUMMARY", "STATUS"):
                assert value(back, name) == value(before, name)

    async def test_a_date_that_comes_back_must_not_have_passed_where_it_had_been_put(
        self, village: Village
    ) -> None:
        series = await village.book()
        for original in (FIRST, SECOND):
            await village.move(series, original, to=THURSDAY if original == FIRST else BEFORE)
            await village.cancel(series, original)
        village.clock.now = AFTER_FIRST

        await village.restore(series, FIRST)
        with pytest.raises(Conflict, match="already_over"):
            await village.restore(series, SECOND)

    async def test_saying_it_twice_says_it_once(self, village: Village) -> None:
        await village.welcome(BO)
        series = await village.book()
        await village.post()

        for _ in range(2):
            await village.cancel(series, FIRST)
        cancelled = await village.post()
        for _ in range(2):
            await village.restore(series, FIRST)
        restored = await village.post()
        for _ in range(2):
            await village.cancel_series(series)
        gone = await village.post()

        assert [len(cancelled), len(restored), len(gone)] == [1, 1, 1]
        assert (await village.series(series)).sequence == 3

    async def test_what_is_running_can_still_be_cancelled_what_is_over_cannot(
        self, village: Village
    ) -> None:
        series = await village.book()

        village.clock.now = AFTER_FIRST
        with pytest.raises(Conflict, match="already_over"):
            await village.cancel(series, FIRST)
        with pytest.raises(Conflict, match="already_over"):
            await village.move(series, FIRST, to=THURSDAY)
        village.clock.now = DURING_FIRST
        await village.cancel(series, FIRST)

        with pytest.raises(Conflict, match="already_over"):
            await village.restore(series, FIRST)

    async def test_a_date_moved_forward_is_not_over_at_its_first_time(
        self, village: Village
    ) -> None:
        series = await village.book()
        await village.move(series, FIRST, to=THURSDAY)
        village.clock.now = AFTER_FIRST

        await village.cancel(series, FIRST)

        assert (await village.series(series)).sequence == 2

    async def test_nothing_of_a_cancelled_series_can_be_changed(self, village: Village) -> None:
        series = await village.book()
        await village.cancel_series(series)

        for act in (village.cancel(series, FIRST), village.restore(series, FIRST)):
            with pytest.raises(Conflict, match="already_cancelled"):
                await act
        with pytest.raises(Conflict, match="already_cancelled"):
            await village.move(series, FIRST, to=THURSDAY)
