# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import circles, feeds, ics, people, schedule
from sessions.errors import NotFound
from sessions.feeds import CANCELLED_SHOWN, EntryBytes, tags
from sessions.keys import Keys
from sessions.recurrence import Pattern, Rule, occurrences
from tests.calendars import golden
from tests.calendars.engines import Meeting, readings
from tests.conftest import NOON, SECRET
from tests.sessions.village import A_MINUTE, BO, CY, DANA, FIRST, SECOND, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)
ZONES = [
    "America/New_York", "Europe/London", "Asia/Jerusalem", "Africa/Cairo",
    "Africa/Casablanca", "Asia/Kolkata", "Australia/Sydney", "America/Santiago",
    "Europe/Kyiv", "Europe/Dublin", "Australia/Lord_Howe", "America/Sao_Paulo",
]  # fmt: skip
YEAR = NOON + timedelta(days=400)


async def tag(village: Village, who: str = BO) -> str:
    return (await village.subscription(await village.feed_token(who))).tag


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
        before = (await village.subscription(token)).tag, await tag(village)
        await village.found("eve@example.org")
        await village.invite(BO, who="eve@example.org")
        await village.book(who="eve@example.org")

        assert (await village.subscription(token)).tag == before[0]
        assert await tag(village) != before[1]


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

    @pytest.mark.parametrize("change", CHANGES)
    async def test_each_change_gives_another_tag(self, village: Village, change: str) -> None:
        await village.invite(BO)
        await village.book()
        if change == "a restored date":
            await village.cancel(village.planned, SECOND)
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


class TestMemory:
    EVENT = golden.event(golden.TUESDAYS, golden.CHANGES)

    def test_the_same_entry_is_written_once(self) -> None:
        written = EntryBytes()

        assert written(self.EVENT) is written(self.EVENT)
        assert written(self.EVENT) == ics.entry(self.EVENT)

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "summary": st.just("Another"),
                "description": st.just("Another"),
                "url": st.just("https://meet.example/j#other"),
                "uid": st.just("another"),
                "conference": st.just(True),
            },
        )
    )
    def test_no_two_different_entries_are_taken_for_one(self, change: dict[str, str]) -> None:
        written = EntryBytes()
        written(self.EVENT)
        other = replace(self.EVENT, **change)  # type: ignore[arg-type]

        assert written(other) == ics.entry(other)

    def test_the_oldest_gives_way(self) -> None:
        written = EntryBytes(size=2)
        first = written(self.EVENT)
        for uid in ("second", "third"):
            written(replace(self.EVENT, uid=uid))

        assert written(self.EVENT) is not first
        assert written(self.EVENT) == first
