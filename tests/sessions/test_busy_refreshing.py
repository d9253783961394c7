"""Calendars are read again and again, by one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from sessions import export
from sessions.busy import calendars
from sessions.busy.child import Reader
from sessions.busy.fetching import Access
from sessions.busy.refreshing import LEASE, PER_HOST, Refresher
from sessions.busy.tables import BusyTime, ExternalCalendar
from sessions.db import Database
from sessions.outgoing import Outgoing
from sessions.people import Person
from tests.calendars.hostile import calendar, event, every_second
from tests.sessions.stranger import Book, Stranger, ok, stranger
from tests.sessions.village import BO, DANA, Village

DI = "di@example.org"
HOUR = timedelta(hours=1)
BUSY = calendar(event("DURATION:PT1H"))
BUSIER = calendar(
    event("DURATION:PT1H"), event("DURATION:PT1H", start="20260311T090000Z", uid="2")
)


class Desk:
    """A village whose founder keeps calendars with a stranger."""

    def __init__(self, village: Village, unknown: Stranger) -> None:
        self.village = village
        self.unknown = unknown
        self.outgoing = Outgoing(
            [f"calendar.lan:{unknown.port}"], resolve=Book(calendar_lan=[["127.0.0.1"]])
        )

    def refresher(self) -> Refresher:
        village = self.village
        reader = Reader(most_seconds=20)
        return Refresher(village.database, village.keys, self.outgoing, reader, village.clock)

    async def add(self, who: str = DANA, address: str = "") -> None:
        address = address or f"http://calendar.lan:{self.unknown.port}/x.ics"
        async with self.village.acting(who) as (db, mine):
            person = await db.get_one(Person, mine.membership.person_id)
            await calendars.add(
                db,
                self.village.keys,
                self.outgoing,
                person,
                kind="ics",
                access=Access(address),
                label="Work",
                now=self.village.clock(),
            )

    async def calendar(self) -> ExternalCalendar:
        async with self.village.database.read() as db:
            return (await db.exec(select(ExternalCalendar))).one()

    async def times(self) -> list[datetime]:
        async with self.village.database.read() as db:
            found = await db.exec(select(BusyTime.starts_at).order_by(col(BusyTime.starts_at)))
            return list(found)


@pytest.fixture
async def unknown() -> AsyncIterator[Stranger]:
    async with stranger(ok(BUSY, headers=['ETag: "1"'])) as unknown:
        yield unknown


@pytest.fixture
async def desk(village: Village, unknown: Stranger) -> Desk:
    desk = Desk(village, unknown)
    await desk.add()
    return desk


async def test_what_is_read_is_kept_and_read_again_after_an_hour(desk: Desk) -> None:
    refresher = desk.refresher()
    assert await refresher.read_due() == 1
    assert await refresher.read_due() == 0
    assert len(await desk.times()) == 1
    one = await desk.calendar()
    assert (one.trouble, one.fetched_at) == (None, desk.village.clock())

    desk.village.clock.forward(HOUR)
    desk.unknown.replies[:] = [ok(BUSIER)]
    assert await refresher.read_due() == 1
    assert len(await desk.times()) == 2


async def test_what_has_not_changed_is_not_read_again_within_a_day(desk: Desk) -> None:
    refresher = desk.refresher()
    await refresher.read_due()
    desk.unknown.replies[:] = [ok(b"", status="304 Not Modified")]
    desk.village.clock.forward(HOUR)
    await refresher.read_due()
    assert b'if-none-match: "1"' in desk.unknown.asked[1].lower()
    assert len(await desk.times()) == 1

    desk.unknown.replies[:] = [ok(BUSIER)]
    desk.village.clock.forward(24 * HOUR)
    await refresher.read_due()
    assert b"if-none-match" not in desk.unknown.asked[2].lower()
    assert len(await desk.times()) == 2


async def test_trouble_is_noted_and_what_was_known_before_is_kept(desk: Desk) -> None:
    refresher = desk.refresher()
    await refresher.read_due()
    desk.unknown.replies[:] = [ok(every_second())]
    desk.village.clock.forward(25 * HOUR)
    await refresher.read_due()
    one = await desk.calendar()
    assert (one.trouble, one.tries) == ("calendar_wild_rule", 1)
    assert len(await desk.times()) == 1


async def test_what_cannot_be_read_is_tried_less_and_less_often(desk: Desk) -> None:
    desk.unknown.replies[:] = [ok(b"", status="500 Broken")]
    refresher = desk.refresher()
    waits = []
    for _ in range(7):
        assert await refresher.read_due() == 1
        waits.append((await desk.calendar()).next_at - desk.village.clock())
        desk.village.clock.forward(waits[-1])
    assert [wait // HOUR for wait in waits] == [1, 2, 4, 8, 16, 24, 24]

    desk.unknown.replies[:] = [ok(BUSY)]
    await refresher.read_due()
    one = await desk.calendar()
    assert (one.trouble, one.tries) == (None, 0)
    assert one.next_at - desk.village.clock() == HOUR


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("401 Unauthorized", "calendar_login"),
        ("403 Forbidden", "calendar_login"),
        ("404 Not Found", "calendar_gone"),
        ("410 Gone", "calendar_gone"),
        ("503 Away", "calendar_answer"),
        ("304 Not Modified", "calendar_answer"),
    ],
)
async def test_an_error_of_the_server_has_a_name(desk: Desk, status: str, trouble: str) -> None:
    desk.unknown.replies[:] = [ok(b"", status=status)]
    await desk.refresher().read_due()
    assert (await desk.calendar()).trouble == trouble


class TestTurns:
    """One server never answers, and nobody else has to wait for it."""

    @pytest.fixture
    async def mute(self) -> AsyncIterator[Stranger]:
        async def silence(writer: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        async with stranger(silence) as mute:
            yield mute

    async def _read_beside(
        self, village: Village, mute: Stranger, unknown: Stranger, whose: list[str]
    ) -> None:
        """All of these have calendars with the mute one, and then comes Di."""
        people = {*whose, DI} - {DANA}
        await village.invite(*people)
        desk = Desk(village, unknown)
        desk.outgoing = Outgoing(
            [f"mute.lan:{mute.port}", f"calendar.lan:{unknown.port}"],
            resolve=Book(mute_lan=[["127.0.0.1"]], calendar_lan=[["127.0.0.1"]]),
        )
        for number, who in enumerate(whose):
            await desk.add(who, f"http://mute.lan:{mute.port}/{number}.ics")
        village.clock.forward(timedelta(seconds=1))
        await desk.add(DI)
        task = asyncio.create_task(desk.refresher().read_due())
        while not await desk.times():  # noqa: ASYNC110 - a subprocess reads it
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def test_one_person_has_one_calendar_read_at_a_time(
        self, village: Village, mute: Stranger, unknown: Stranger
    ) -> None:
        await self._read_beside(village, mute, unknown, [DANA] * 5)

        assert len(mute.asked) == 1

    async def test_one_server_takes_up_a_part_of_the_places(
        self, village: Village, mute: Stranger, unknown: Stranger
    ) -> None:
        whose = [f"guest{number}@example.org" for number in range(6)]
        await self._read_beside(village, mute, unknown, whose)

        assert len(mute.asked) == PER_HOST

    async def test_what_could_not_be_read_waits_for_what_could(
        self, village: Village, unknown: Stranger
    ) -> None:
        desk = Desk(village, unknown)
        await village.invite(BO, DI)
        await desk.add(BO)
        async with village.database.write() as db:
            tried = (await db.exec(select(ExternalCalendar))).one()
            tried.tries, tried.next_at = 1, village.clock() - HOUR
        await desk.add(DI)
        await desk.add(DANA)

        claims = await desk.refresher()._claim()

        assert len(claims) == PER_HOST
        assert tried.id not in {claim.calendar for claim in claims}


@pytest.mark.parametrize("etag", ['"Käse"', '"' + "x" * 199 + '"', ""])
async def test_a_mark_that_may_not_come_back_as_it_is_is_not_kept(
    desk: Desk, etag: str
) -> None:
    desk.unknown.replies[:] = [ok(BUSY, headers=[f"ETag: {etag}"])]
    await desk.refresher().read_due()

    assert (await desk.calendar()).etag is None
    assert len(await desk.times()) == 1


async def test_two_processes_do_not_read_the_same(desk: Desk) -> None:
    other = desk.refresher()
    assert sorted(await asyncio.gather(desk.refresher().read_due(), other.read_due())) == [
        0,
        1,
    ]
    assert len(desk.unknown.asked) == 1


async def test_who_lost_the_hold_writes_nothing(desk: Desk) -> None:
    refresher, other = desk.refresher(), desk.refresher()
    [claim] = await refresher._claim()
    desk.village.clock.forward(LEASE + timedelta(seconds=1))
    desk.unknown.replies[:] = [ok(BUSIER)]
    await other.read_due()
    desk.unknown.replies[:] = [ok(b"nothing")]
    await refresher._read(claim)
    assert (await desk.calendar()).trouble is None
    assert len(await desk.times()) == 2


async def test_a_calendar_that_is_removed_meanwhile_is_gone(desk: Desk) -> None:
    refresher = desk.refresher()
    [claim] = await refresher._claim()
    async with desk.village.database.write() as db:
        await db.delete((await db.exec(select(ExternalCalendar))).one())
    await refresher._read(claim)
    assert await desk.times() == []


async def test_who_is_stopped_in_the_middle_hands_it_back(
    village: Village, unknown: Stranger
) -> None:
    reached = asyncio.Event()

    async def silence(writer: asyncio.StreamWriter) -> None:
        reached.set()
        await asyncio.Event().wait()

    desk = Desk(village, unknown)
    await desk.add()
    unknown.replies[:] = [silence]
    task = asyncio.create_task(desk.refresher().read_due())
    await reached.wait()
    assert (await desk.calendar()).lease_until is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await desk.calendar()).lease_until is None


async def test_a_database_that_is_away_is_waited_for(
    village: Village, unknown: Stranger, tmp_path: Path
) -> None:
    desk = Desk(village, unknown)
    away = Database(f"sqlite:///{tmp_path / 'nowhere' / 'ronda.db'}")
    refresher = Refresher(away, village.keys, desk.outgoing, Reader(), village.clock)
    rounds: asyncio.Queue[float] = asyncio.Queue()

    async def wait(seconds: float) -> None:
        await rounds.put(seconds)
        await asyncio.sleep(0)

    task = asyncio.create_task(refresher.run(wait))
    assert await rounds.get() == await rounds.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await away.close()


async def test_who_is_forgotten_leaves_no_calendar(desk: Desk) -> None:
    await desk.refresher().read_due()
    async with desk.village.acting() as (db, mine):
        await export.forget(db, await db.get_one(Person, mine.membership.person_id))
    async with desk.village.database.read() as db:
        assert list(await db.exec(select(ExternalCalendar))) == []
        assert list(await db.exec(select(BusyTime))) == []


async def test_what_is_taken_along_has_times_and_no_address(desk: Desk) -> None:
    await desk.refresher().read_due()
    person = await desk.village.person(DANA)
    async with desk.village.database.read() as db:
        everything = await export.everything_about(db, desk.village.keys, person)
    [one] = everything["calendars"]
    assert (one["label"], one["host"], len(one["busy"])) == ("Work", "calendar.lan", 1)
    assert "x.ics" not in str(everything)
