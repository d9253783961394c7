"""What all the world may know of an open circle, and nothing beside."""

# ruff: noqa: DTZ001 - wall time has no zone

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest

from sessions import circles, people, public, schedule
from sessions.circles import plan_of
from sessions.errors import NotFound
from sessions.feeds import CANCELLED_SHOWN, EntryBytes
from sessions.keys import Keys
from sessions.meetings import meetings
from sessions.recurrence import Pattern, Rule
from tests.calendars.engines import Meeting, readings
from tests.conftest import NOON, SECRET
from tests.sessions.village import A_MINUTE, BO, DANA, EVENINGS, FIRST, SECOND, THIRD, Village

THURSDAY = datetime(2026, 3, 12, 20, 30)
YEAR = NOON + timedelta(days=365)


@pytest.fixture
async def listed(village: Village) -> Village:
    await village.found(name="Open lamp", purpose="For everybody.", openness="open")
    await village.invite(BO)
    await village.book(title="Only for us")
    return village


async def feed(village: Village, circle: UUID | None = None) -> bytes:
    async with village.database.read() as db:
        listing = await public.listing(db, circle or village.circle, now=village.clock())
    return public.feed(
        listing,
        keys=village.keys,
        settings=village.settings,
        written=EntryBytes(),
        now=village.clock(),
    )


async def tag(village: Village) -> str:
    async with village.database.read() as db:
        head = await public.listed(db, village.settings, village.circle, now=village.clock())
    return head.tag


async def close_it(village: Village) -> None:
    async with village.acting() as (_, mine):
        plan = plan_of(mine.circle)._replace(openness="invitation")
        circles.change_circle(mine.circle, plan, can_hide=True, now=village.clock())


def events_in(calendar: bytes) -> list[Any]:
    return icalendar.Calendar.from_ical(calendar).events


def uids(calendar: bytes) -> set[str]:
    return {str(event["UID"]) for event in events_in(calendar)}


def moments(calendar: bytes) -> set[datetime]:
    names = "DTSTAMP", "LAST-MODIFIED"
    return {event[name].dt for event in events_in(calendar) for name in names}


def sequences(calendar: bytes) -> list[int]:
    return [int(event["SEQUENCE"]) for event in events_in(calendar)]


async def sequence(village: Village) -> int:
    return (await village.series(village.planned)).sequence


async def directory(village: Village) -> list[dict[str, Any]]:
    async with village.database.read() as db:
        listed_circles = await circles.open_circles(db)
        found = await public.listings(db, listed_circles, now=village.clock())
    return meetings(found, keys=village.keys, settings=village.settings, now=village.clock())


async def rename(village: Village) -> None:
    async with village.acting() as (_, mine):
        plan = plan_of(mine.circle)._replace(name="Another")
        circles.change_circle(mine.circle, plan, can_hide=True, now=village.clock())


async def see_another_word(village: Village) -> None:
    async with village.database.write() as db:
        person = await people.find_person(db, village.keys, BO)
        assert person is not None
        people.change_person(person, now=village.clock(), summary="Sport")
        await schedule.redraw(db, village.keys, person, now=village.clock())


async def go_and_come_back(village: Village) -> None:
    await village.let_go(BO)
    await village.invite(BO)


Act = Callable[[Village], Awaitable[object]]
PRIVATELY: dict[str, Act] = {
    "somebody leaves": lambda v: v.let_go(BO),
    "somebody comes back": go_and_come_back,
    "somebody wants another word": see_another_word,
    "another title": lambda v: v.change(v.planned, "all", title="Among us"),
    "another title of a date": lambda v: v.change(v.planned, "one", FIRST, title="Among us"),
}
OPENLY: dict[str, Act] = {
    "a moved date": lambda v: v.move(v.planned, FIRST, to=THURSDAY),
    "a longer date": lambda v: v.change(v.planned, "one", FIRST, minutes=90),
    "a cancelled date": lambda v: v.cancel(v.planned, SECOND),
    "a restored date": lambda v: v.restore(v.planned, SECOND),
    "another hour": lambda v: v.change(v.planned, "all", to=FIRST + timedelta(hours=1)),
    "a cancelled series": lambda v: v.cancel_series(v.planned),
    "a restored series": lambda v: v.restore_series(v.planned),
    "another name of the circle": rename,
}


class TestFeed:
    async def test_every_engine_reads_the_dates_of_the_schedule(self, listed: Village) -> None:
        await listed.move(listed.planned, FIRST, to=THURSDAY)
        await listed.cancel(listed.planned, SECOND)
        series = await listed.series(listed.planned)
        members = readings(await listed.feed(BO), after=NOON, before=YEAR)

        read = readings(await feed(listed), after=NOON, before=YEAR)

        uid = public.public_uid(listed.keys, series)
        for engine, meetings_ in read.items():
            assert meetings_ == [Meeting(uid, m.starts_at, m.ends_at) for m in members[engine]]
            assert len(meetings_) == 11

    async def test_it_names_nobody_and_leads_into_no_room(self, listed: Village) -> None:
        calendar = (await feed(listed)).replace(b"\r\n ", b"")

        for secret in (await listed.ticket(BO), await listed.ticket(DANA)):
            assert secret.encode() not in calendar
        for word in (b"/j#", b"@", b"ORGANIZER", b"ATTENDEE", b"CONFERENCE", b"Only for us"):
            assert word not in calendar
        assert f"URL:https://ronda.test/open/{listed.circle}\r\n".encode() in calendar

    async def test_nothing_in_it_is_in_a_members_calendar(self, listed: Village) -> None:
        """Who sees both cannot tell that they are the same circle's, but by the hour."""
        listed.clock.forward(A_MINUTE)
        await listed.move(listed.planned, FIRST, to=THURSDAY)
        mine, everybodys = await listed.feed(BO), await feed(listed)

        assert not uids(mine) & uids(everybodys)
        assert not moments(mine) & moments(everybodys)
        assert str(listed.circle).encode() not in mine
        assert b"CREATED" not in mine + everybodys

    async def test_its_sequences_do_not_tell_those_of_members(self, listed: Village) -> None:
        for _ in range(9):
            await listed.book()
        mine, everybodys = await listed.feed(BO), await feed(listed)

        ahead = [theirs - own for theirs, own in zip(
            sequences(everybodys), sequences(mine), strict=True
        )]  # fmt: skip

        assert len(set(ahead)) > 1

    @pytest.mark.parametrize("among_members", PRIVATELY)
    async def test_what_happens_among_members_moves_nothing_in_it(
        self, listed: Village, among_members: str
    ) -> None:
        await listed.post()
        before = await feed(listed), await tag(listed), await directory(listed)
        own = await sequence(listed)

        listed.clock.forward(A_MINUTE)
        await PRIVATELY[among_members](listed)

        assert (await feed(listed), await tag(listed), await directory(listed)) == before
        assert await sequence(listed) > own

    @pytest.mark.parametrize("change", OPENLY)
    async def test_each_change_moves_it_on_within_the_same_second(
        self, listed: Village, change: str
    ) -> None:
        """Google takes over what has a higher SEQUENCE and a later LAST-MODIFIED."""
        if change in ("a restored date", "a restored series"):
            await listed.cancel(listed.planned, SECOND)
            await listed.cancel_series(listed.planned)
        if change == "a restored date":
            await listed.restore_series(listed.planned)
        before = await feed(listed)

        await OPENLY[change](listed)

        after = await feed(listed)
        assert min(sequences(after)) > max(sequences(before))
        assert min(moments(after)) > max(moments(before))

    async def test_its_uids_outlive_a_change_of_secrets(self, listed: Village) -> None:
        before = uids(await feed(listed))
        listed.keys = Keys(("a newer secret that is long enough", SECRET))

        assert uids(await feed(listed)) == before

    async def test_a_circle_by_invitation_or_none_at_all_has_none(
        self, listed: Village
    ) -> None:
        await close_it(listed)

        for circle in (listed.circle, uuid4()):
            with pytest.raises(NotFound):
                await feed(listed, circle)
        with pytest.raises(NotFound):
            await tag(listed)

    async def test_a_cancelled_series_is_shown_as_cancelled_for_60_days(
        self, listed: Village
    ) -> None:
        await listed.cancel_series(listed.planned)

        [event] = icalendar.Calendar.from_ical(await feed(listed)).events
        assert event["STATUS"] == "CANCELLED"
        before = await tag(listed)
        listed.clock.forward(CANCELLED_SHOWN)

        assert icalendar.Calendar.from_ical(await feed(listed)).events == []
        assert await tag(listed) != before

    async def test_each_change_gives_another_tag_and_none_gives_none(
        self, listed: Village
    ) -> None:
        seen = [await tag(listed)]
        listed.clock.forward(A_MINUTE)
        assert await tag(listed) == seen[0]
        await listed.move(listed.planned, FIRST, to=THURSDAY)
        seen.append(await tag(listed))
        await listed.cancel(listed.planned, SECOND)
        seen.append(await tag(listed))
        await listed.book()
        seen.append(await tag(listed))
        await rename(listed)
        seen.append(await tag(listed))

        assert len(set(seen)) == 5


class TestDates:
    async def test_the_next_ones_of_all_series_in_order(self, listed: Village) -> None:
        await listed.move(listed.planned, SECOND, to=THURSDAY)
        await listed.cancel(listed.planned, THIRD)
        await listed.book(Pattern(datetime(2026, 3, 11, 9), "Europe/Berlin", 60, None))

        async with listed.database.read() as db:
            listing = await public.listing(db, listed.circle, now=listed.clock())
        found = [date.occurrence for date in public.dates(listing, now=listed.clock())]

        assert [o.local for o in found[:4]] == [
            FIRST,
            datetime(2026, 3, 11, 9),
            THURSDAY,
            THIRD,
        ]
        assert found[3].cancelled
        assert len(found) == public.SHOWN


class TestDirectory:
    """Meeting Guide: github.com/code4recovery/spec"""

    async def test_a_weekly_series_of_an_open_circle_is_a_meeting(
        self, listed: Village
    ) -> None:
        [meeting] = await directory(listed)

        page = f"https://ronda.test/open/{listed.circle}"
        assert meeting["name"] == "Open lamp"
        assert (meeting["day"], meeting["time"], meeting["end_time"]) == ([2], "19:00", "20:15")
        assert meeting["timezone"] == "Asia/Jerusalem"
        assert meeting["types"] == ["EN"]
        assert meeting["notes"] == "For everybody."
        assert meeting["url"] == meeting["conference_url"] == page
        [at] = moments(await feed(listed))
        assert meeting["updated"] == f"{at:%Y-%m-%d %H:%M:%S}"
        assert len(meeting["slug"]) <= 64
        assert meeting["slug"].isalnum()

    @pytest.mark.parametrize(
        "rule",
        [None, Rule(("TU",), interval=2), Rule(frequency="monthly", day=10)],
        ids=["once", "every second week", "monthly"],
    )
    async def test_what_is_not_weekly_is_not_listed(
        self, village: Village, rule: Rule | None
    ) -> None:
        await village.found(openness="open")
        await village.book(Pattern(EVENINGS.start, "Asia/Jerusalem", 75, rule))

        assert await directory(village) == []

    async def test_only_languages_that_the_format_has_a_code_for_are_named(
        self, village: Village
    ) -> None:
        """TR is the study of traditions there; Arabic has none."""
        await village.found(openness="open", languages=["ar", "tr", "he-IL", "pt-BR"])
        await village.book()

        [meeting] = await directory(village)

        assert meeting["types"] == ["HE", "POR"]

    async def test_a_series_on_several_days_is_one_meeting_with_all_of_them(
        self, village: Village
    ) -> None:
        await village.found(openness="open")
        await village.book(replace(EVENINGS, rule=Rule(("TU", "SA", "SU"))))

        [meeting] = await directory(village)

        assert sorted(meeting["day"]) == [0, 2, 6]

    async def test_what_is_over_cancelled_or_closed_is_not_listed(
        self, listed: Village
    ) -> None:
        second = await listed.book()
        assert len(await directory(listed)) == 2
        await listed.cancel_series(second)
        assert len(await directory(listed)) == 1
        listed.clock.forward(timedelta(weeks=20))
        assert await directory(listed) == []
        listed.clock.forward(-timedelta(weeks=20))
        await close_it(listed)

        assert await directory(listed) == []
