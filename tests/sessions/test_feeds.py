from datetime import timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest

from sessions import feeds, people, schedule
from sessions.errors import NotFound
from sessions.feeds import CANCELLED_SHOWN, EntryBytes
from sessions.keys import Keys
from sessions.recurrence import Pattern, Rule, occurrences
from tests.calendars.engines import Meeting, readings
from tests.conftest import NOON, SECRET
from tests.sessions.village import A_MINUTE, BO, CY, DANA, FIRST, Village

ZONES = [
    "America/New_York", "Europe/London", "Asia/Jerusalem", "Africa/Cairo",
    "Africa/Casablanca", "Asia/Kolkata", "Australia/Sydney", "America/Santiago",
    "Europe/Kyiv", "Europe/Dublin", "Australia/Lord_Howe", "America/Sao_Paulo",
]  # fmt: skip
YEAR = NOON + timedelta(days=400)


def events_in(feed: bytes) -> list[Any]:
    return icalendar.Calendar.from_ical(feed).events


class TestInstants:
    async def test_every_engine_reads_the_instants_of_the_schedule_in_every_zone(
        self, village: Village
    ) -> None:
        """Over all clock changes of a year, with a date moved and one cancelled in each."""
        await village.invite(BO)
        ids = []
        for zone in ZONES:
            evenings = Pattern(FIRST, zone, 75, Rule(("TU", "SA")))
            series = await village.book(evenings)
            ids.append(series)
            await village.cancel(series, FIRST + timedelta(weeks=2))
            await village.move(
                series, FIRST + timedelta(weeks=3), to=FIRST + timedelta(days=19)
            )

        read = readings(await village.feed(BO), after=NOON, before=YEAR)

        expected = [meeting for each in ids for meeting in await self._meetings(village, each)]
        assert len(expected) > 12 * 100
        assert {engine for engine, found in read.items() if found != sorted(expected)} == set()

    async def _meetings(self, village: Village, series: UUID) -> list[Meeting]:
        async with village.planning(series) as (_, booking):
            return [
                Meeting(booking.series.uid, o.starts_at, o.ends_at)
                for o in occurrences(
                    booking.series.pattern, booking.changes, after=NOON, before=YEAR
                )
                if not o.cancelled
            ]


class TestWhatIsInIt:
    async def test_all_circles_of_a_person_and_no_others(self, village: Village) -> None:
        await village.invite(BO)
        mine = await village.series(await village.book(title="Mine"))
        await village.found("eve@example.org")
        async with village.acting("eve@example.org") as (db, theirs):
            await schedule.book(
                db, village.keys, theirs, title="Not mine", pattern=mine.pattern, now=NOON
            )

        feed = await village.feed(BO)

        assert [str(event["UID"]) for event in events_in(feed)] == [mine.uid]

    async def test_it_names_nobody_asks_nothing_and_rings_nowhere(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()

        feed = await village.feed(BO)

        for word in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"VALARM", b"mailto", b"@"):
            assert word not in feed

    async def test_each_person_has_their_own_link_in_it(self, village: Village) -> None:
        await village.invite(BO, CY)
        await village.book()

        for who, other in ((BO, CY), (CY, BO)):
            feed = (await village.feed(who)).replace(b"\r\n ", b"")
            assert (await village.ticket(who)).encode() in feed
            assert (await village.ticket(other)).encode() not in feed
            assert (await village.ticket(DANA)).encode() not in feed

    async def test_a_stamp_is_never_older_than_the_change(self, village: Village) -> None:
        await village.invite(BO)
        await village.book()
        village.clock.forward(timedelta(days=1))
        await village.choose(BO, summary="Dentist")

        [event] = events_in(await village.feed(BO))

        assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == village.clock()

    async def test_a_cancelled_series_is_shown_as_cancelled_for_60_days(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()
        await village.cancel_series(village.planned)

        village.clock.forward(CANCELLED_SHOWN - A_MINUTE)
        [event] = events_in(await village.feed(BO))
        assert event["STATUS"] == "CANCELLED"
        village.clock.forward(A_MINUTE)

        assert events_in(await village.feed(BO)) == []

    async def test_it_is_called_by_ones_own_word(self, village: Village) -> None:
        await village.invite(BO, "noa@example.org", locale="he")
        assert "X-WR-CALNAME:פגישה\r\n".encode() in await village.feed(BO)

        await village.choose(BO, summary="Sport")

        assert b"X-WR-CALNAME:Sport\r\n" in await village.feed(BO)


class TestLink:
    async def test_a_rotated_address_is_worthless(self, village: Village) -> None:
        old = await village.feed_token(DANA)
        async with village.acting() as (db, mine):
            person = await db.get_one(people.Person, mine.membership.person_id)
            feeds.renew(village.keys, person)

        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(old)
        assert await village.feed(DANA)

    @pytest.mark.parametrize("token", ["", "x", "A" * 32, "\u05d0"])
    async def test_an_invented_one_is_unknown(self, village: Village, token: str) -> None:
        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(token)

    async def test_who_was_let_go_has_nothing_of_the_circle_in_it(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()

        await village.let_go(BO)

        assert events_in(await village.feed(BO)) == []

    async def test_it_stays_good_when_secrets_are_added(self, village: Village) -> None:
        await village.invite(BO)
        await village.book()
        token, before = await village.feed_token(BO), await village.feed(BO)
        village.keys = Keys(("a newer secret that is long enough", SECRET))

        assert (await village.subscription(token)).person.id == (await village.person(BO)).id
        assert await village.feed(BO) == before

    async def test_an_ended_one_is_worthless_until_it_is_made_anew(
        self, village: Village
    ) -> None:
        old = await village.feed_token(DANA)
        async with village.acting() as (db, mine):
            feeds.end(await db.get_one(people.Person, mine.membership.person_id))
        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(old)
        async with village.acting() as (db, mine):
            person = await db.get_one(people.Person, mine.membership.person_id)
            assert feeds.token_of(village.keys, person) is None
            feeds.renew(village.keys, person)

        assert await village.feed_token(DANA) != old
        assert await village.feed(DANA)
        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(old)

    async def test_nobody_has_used_a_new_address(self, village: Village) -> None:
        async with village.acting() as (db, mine):
            person = await db.get_one(people.Person, mine.membership.person_id)
            await feeds.note_use(db, people.Person, person.id, NOON.date())
            await db.refresh(person)
            assert person.feed_used_on == NOON.date()
            feeds.renew(village.keys, person)
            assert person.feed_used_on is None


class TestOfOneCircle:
    async def make(self, village: Village, who: str = BO) -> str:
        async with village.acting(who) as (_, mine):
            feeds.renew(village.keys, mine.membership)
            token = feeds.token_of(village.keys, mine.membership)
            assert token is not None
            return token

    async def test_it_holds_that_circle_and_no_other(self, village: Village) -> None:
        await village.invite(BO)
        here = await village.series(await village.book())
        token = await self.make(village)
        await village.found("eve@example.org")
        await village.invite(BO, who="eve@example.org")
        async with village.acting("eve@example.org") as (db, theirs):
            await schedule.book(
                db, village.keys, theirs, title="There", pattern=here.pattern, now=NOON
            )

        [event] = events_in(await self.write(village, token))

        assert str(event["UID"]) == here.uid
        assert len(events_in(await village.feed(BO))) == 2

    async def write(self, village: Village, token: str) -> bytes:
        return feeds.write(
            await village.subscription(token),
            keys=village.keys,
            settings=village.settings,
            written=EntryBytes(),
            now=village.clock(),
        )

    async def test_nobody_has_one_before_they_ask(self, village: Village) -> None:
        await village.invite(BO)

        assert feeds.token_of(village.keys, await village.membership(BO)) is None

    async def test_it_is_no_other_door(self, village: Village) -> None:
        """One purpose for each token: it is no ticket, and not the feed of all circles."""
        await village.invite(BO)
        token = await self.make(village)

        assert token not in (await village.ticket(BO), await village.feed_token(BO))

    async def test_who_leaves_takes_it_along_and_coming_back_does_not_bring_it(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()
        token = await self.make(village)
        await village.let_go(BO)
        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(token)

        await village.invite(BO)

        with pytest.raises(NotFound, match="unknown_link"):
            await village.subscription(token)
        assert await self.make(village) != token

    async def test_it_is_called_by_the_circles_name_only_where_that_may_be_seen(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        token = await self.make(village)
        assert b"X-WR-CALNAME:Appointment\r\n" in await self.write(village, token)

        await village.choose(BO, detail="full")

        assert b"X-WR-CALNAME:Lantern\r\n" in await self.write(village, token)

    async def test_its_tag_stays_when_something_changes_elsewhere(
        self, village: Village
    ) -> None:
        await village.invite(BO)
        await village.book()
        token = await self.make(village)
        everything = await village.feed_token(BO)
        before = await self.tag(village, token), await self.tag(village, everything)
        await village.found("eve@example.org")
        await village.invite(BO, who="eve@example.org")
        await village.book(who="eve@example.org")

        assert await self.tag(village, token) == before[0]
        assert await self.tag(village, everything) != before[1]

    async def tag(self, village: Village, token: str) -> str:
        return (await village.subscription(token)).tag
