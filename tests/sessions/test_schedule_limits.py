"""How many series a circle can have, and how many of them are ever read."""

from uuid import UUID, uuid4

import pytest

from sessions import schedule
from sessions.errors import TooMany
from sessions.feeds import CANCELLED_SHOWN
from sessions.recurrence import Pattern
from sessions.schedule import MOST_SERIES, Series, booking
from tests.sessions.village import BO, FIRST, SECOND, THIRD, Village

ONCE = Pattern(FIRST, "Asia/Jerusalem", 75)
Monkey = pytest.MonkeyPatch


@pytest.fixture
def _two_a_day(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(booking, "BOOKED_PER_DAY", booking.BOOKED_PER_DAY._replace(most=2))


@pytest.mark.usefixtures("_two_a_day")
class TestBookingInADay:
    async def test_what_was_cancelled_was_booked_all_the_same(self, village: Village) -> None:
        for _ in range(2):
            await village.cancel_series(await village.book())

        with pytest.raises(TooMany):
            await village.book()

    async def test_each_circle_has_its_own_number(self, village: Village) -> None:
        for _ in range(2):
            await village.book()
        await village.found()

        assert await village.book()

    async def test_the_same_request_sent_again_books_and_counts_once(
        self, village: Village
    ) -> None:
        sent = {await village.book(key="one tap") for _ in range(3)}

        assert len(sent) == 1

    async def test_to_divide_a_series_is_to_book_another(self, village: Village) -> None:
        first = await village.book()
        rest = await village.change(first, "following", SECOND, minutes=60)

        with pytest.raises(TooMany):
            await village.change(rest.series, "following", THIRD, minutes=90)
        assert (await village.series(rest.series)).minutes == 60

    async def test_to_see_what_it_would_mean_counts_nothing(self, village: Village) -> None:
        first = await village.book()
        for _ in range(3):
            await village.change(first, "following", SECOND, dry=True, minutes=60)

        assert await village.change(first, "following", SECOND, minutes=60)


class TestReading:
    async def test_what_was_cancelled_before_a_moment_is_not_even_read(
        self, village: Village
    ) -> None:
        old, fresh, standing = [await village.book() for _ in range(3)]
        await village.cancel_series(old)
        village.clock.forward(CANCELLED_SHOWN)
        await village.cancel_series(fresh)

        since = village.clock() - CANCELLED_SHOWN
        async with village.acting() as (db, mine):
            read = await schedule.bookings(db, [mine], cancelled_after=since)

        assert {each.series.id for each in read} == {fresh, standing}

    async def test_of_each_circle_what_goes_on_and_repeats_is_shown_first(
        self, village: Village
    ) -> None:
        off = await village.book()
        await village.cancel_series(off)
        weekly, once = await village.book(), await village.book(ONCE)
        async with village.acting() as (_, first):
            pass
        await village.found()
        elsewhere = await village.book(ONCE)

        read = {}
        async with village.acting() as (db, second):
            for most in (1, 2, 3):
                found = await schedule.bookings(db, [first, second], most=most)
                read[most] = [each.series.id for each in found]

        assert set(read[1]) == {weekly, elsewhere}
        assert set(read[2]) == {weekly, once, elsewhere}
        assert set(read[3]) == {off, weekly, once, elsewhere}

    async def test_a_feed_shows_only_so_many_of_each_circle(self, village: Village) -> None:
        await village.invite(BO)
        quiet = await village.book()
        await village.found()
        await village.invite(BO)
        weekly = await village.book()
        await _add_cancelled(village, await village.book(ONCE), times=MOST_SERIES)
        token = await village.feed_token(BO)

        shown = await village.subscription(token)
        await village.cancel(weekly, FIRST)
        later = await village.subscription(token)

        ids = {each.series.id for each in shown.bookings}
        assert len(ids) == MOST_SERIES + 1
        assert {quiet, weekly, village.planned} <= ids
        assert later.tag != shown.tag


async def _add_cancelled(village: Village, like: UUID, *, times: int) -> None:
    row = (await village.series(like)).model_dump() | {"cancelled_at": village.clock()}
    async with village.database.write() as db:
        db.add_all([Series(**row | {"id": uuid4(), "uid": str(uuid4())}) for _ in range(times)])
