"""Whatever is done to a series: people's calendars show what was planned, by real mail."""

# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
import re
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sessions import schedule
from sessions.db import Database
from sessions.errors import SessionsError
from sessions.keys import Keys
from sessions.language import when
from sessions.mail import SmtpMailer
from sessions.recurrence import Rule
from sessions.settings import Settings
from sessions.zones import EPOCH, ScheduleError
from tests.calendars.app import App, unfolded, value
from tests.calendars.engines import Meeting, Question, read_with_python, readings
from tests.conftest import NOON, SECRET, SetClock
from tests.fakes import Delivered
from tests.house import PUBLIC_URL
from tests.machine.smtp import PostOffice, post_office
from tests.sessions.village import A_MINUTE, BO, CY, FIRST, SECOND, THIRD, Village

YEAR = timedelta(days=366)
T = TypeVar("T")
WEEKS = st.integers(0, 5)
DAYS = st.integers(-3, 3)
HOURS = st.integers(-3, 2)
RULES = st.sampled_from(
    [
        Rule(("TU",), count=6),
        Rule(("TU", "TH"), count=8),
        Rule(("TU",), interval=2, until=datetime(2026, 6, 30).date()),
        Rule((), frequency="monthly", day=10, count=4),
        Rule(("TU",), frequency="monthly", position=2, count=4),
    ]
)


class Histories(RuleBasedStateMachine):
    """Bo sees everything, Cy is discreet; both are invited by mail."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.apps = {BO: App(), CY: App()}
        self.seen: set[bytes] = set()
        self.run(self._open())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    async def _open(self) -> None:
        data = Path(self.folder.name)
        (data / "ronda.db").write_bytes(self.template.read_bytes())
        url = f"sqlite:///{data}/ronda.db"
        house = Settings(data=data, public_url=PUBLIC_URL, database_url=url)
        database = Database(url)
        self.stack.push_async_callback(database.close)
        self.office: PostOffice = await self.stack.enter_async_context(post_office())
        self.village = Village(database, Keys((SECRET,)), house, SetClock())
        await self.village.found()
        await self.village.invite(BO, CY)
        await self.village.choose(BO, detail="full")
        await self._deliver()
        self.office.letters.clear()
        self.series = await self.village.book()

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def act(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """What cannot be done is refused, and changes nothing."""
        self.village.clock.forward(A_MINUTE)
        try:
            return self.run(doing)
        except (ScheduleError, SessionsError):
            return None

    async def date(self, week: int) -> datetime:
        async with self.village.planning(self.series) as (_, booking):
            dates = schedule.next_dates(booking, now=self.village.clock(), with_skipped=True)
            originals = [date.original for date in dates]
        return originals[week % len(originals)] if originals else datetime(2026, 1, 1)

    @rule(week=WEEKS, days=DAYS, hours=HOURS)
    def move(self, week: int, days: int, hours: int) -> None:
        original = self.run(self.date(week))
        to = original + timedelta(days=days, hours=hours)
        self.act(self.village.move(self.series, original, to=to))

    @rule(week=WEEKS)
    def cancel(self, week: int) -> None:
        self.act(self.village.cancel(self.series, self.run(self.date(week))))

    @rule(week=WEEKS)
    def put_back(self, week: int) -> None:
        self.act(self.village.restore(self.series, self.run(self.date(week))))

    @rule(week=WEEKS)
    def put_back_and_cancel_again(self, week: int) -> None:
        original = self.run(self.date(week))
        self.act(self.village.cancel(self.series, original))
        self.run(self._deliver())
        self.nothing_is_mailed_twice()
        self.act(self.village.restore(self.series, original))
        self.act(self.village.cancel(self.series, original))

    @rule(week=WEEKS, minutes=st.sampled_from([30, 75, 120]), title=st.sampled_from("AB"))
    def lengthen(self, week: int, minutes: int, title: str) -> None:
        original = self.run(self.date(week))
        self.act(
            self.village.change(self.series, "one", original, minutes=minutes, title=title)
        )

    @rule(week=WEEKS, hours=HOURS, days=DAYS, zone=st.sampled_from([None, "Europe/London"]))
    def from_then_on(self, week: int, hours: int, days: int, zone: str | None) -> None:
        original = self.run(self.date(week))
        to = original + timedelta(days=days, hours=hours)
        self._follow(self.village.change(self.series, "following", original, to=to, zone=zone))

    @rule(what=RULES)
    def other_rhythm(self, what: Rule) -> None:
        self._follow(self.village.change(self.series, "all", rule=what))

    @rule(hours=HOURS, title=st.sampled_from("CD"))
    def all_of_it(self, hours: int, title: str) -> None:
        series = self.run(self.village.series(self.series))
        to = series.start + timedelta(hours=hours)
        self._follow(self.village.change(self.series, "all", to=to, title=title))

    @rule(week=WEEKS, days=DAYS)
    def beside(self, week: int, days: int) -> None:
        start = self.run(self.date(week)) + timedelta(days=days, hours=-5)
        self.act(self.village.add_date(self.series, start))

    @rule()
    def cancel_all(self) -> None:
        self.act(self.village.cancel_series(self.series))

    @rule()
    def put_all_back(self) -> None:
        self.act(self.village.restore_series(self.series))

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.village.clock.forward(timedelta(days=days))

    @rule(who=st.sampled_from([BO, CY]))
    def come_and_go(self, who: str) -> None:
        self.act(self.village.let_go(who))
        self.act(self.village.invite(who))

    @rule(fault=st.sampled_from(["451 Later", "250 OK"]))
    def weather(self, fault: str) -> None:
        self.office.to_recipient = fault
        self.run(self._deliver())

    @rule()
    def everything_arrives(self) -> None:
        self.office.to_recipient = "250 OK"
        self.village.clock.forward(timedelta(days=1, minutes=1))
        self.run(self._deliver())
        self.nothing_is_mailed_twice()
        planned = self.run(planned_in(self.village))
        for app in self.apps.values():
            question = Question(app.calendar(), self.village.clock(), NOON + 2 * YEAR)
            [shown] = read_with_python([question])
            assert shown == planned

    @invariant()
    def nothing_is_mailed_twice(self) -> None:
        latest: dict[tuple[str, str], Delivered] = {}
        for letter in self.office.letters:
            message_id = letter.mail["Message-ID"].encode()
            assert message_id not in self.seen
            self.seen.add(message_id)
            if b"text/calendar" in letter.message:  # a welcome has no dates
                self.apps[letter.to].take(letter)
                latest[letter.to, value(unfolded(letter.calendar), "UID")] = letter
        for (_, uid), letter in latest.items():
            assert self.run(is_true(self.village, uid, letter)), letter.message
        self.office.letters.clear()

    def _follow(self, changing: Coroutine[Any, Any, Any]) -> None:
        changed = self.act(changing)
        self.series = changed.series if changed else self.series

    async def _deliver(self) -> None:
        await self.village.courier(SmtpMailer(self.office.url)).deliver_everything()


@pytest.mark.timeout(600)
def test_whatever_is_done_each_calendar_shows_the_plan(sqlite_template: Path) -> None:
    class Here(Histories):
        template = sqlite_template

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


async def test_after_much_has_happened_every_engine_shows_the_plan(village: Village) -> None:
    await village.welcome(BO)
    app, begun = App(), await village.book(skip=[THIRD])
    await village.move(begun, SECOND, to=SECOND + timedelta(days=1))
    await arrive(village, app)
    await village.change(begun, "one", FIRST, minutes=120)
    later = await village.change(
        begun, "following", FIRST + timedelta(weeks=4), zone="Europe/London"
    )
    await arrive(village, app)
    await village.change(
        later.series, "all", rule=Rule((), frequency="monthly", day=7, count=5)
    )
    await village.add_date(begun, FIRST + timedelta(days=3))
    await village.cancel_series(begun)
    await arrive(village, app)
    await village.restore_series(begun)
    await arrive(village, app)

    planned = await planned_in(village)
    read = readings(app.calendar(), after=NOON, before=NOON + 2 * YEAR)

    assert len(planned) == 3 + 1 + 5
    assert {engine: found for engine, found in read.items() if found != planned} == {}


async def arrive(village: Village, app: App) -> None:
    village.clock.forward(A_MINUTE)
    for letter in await village.post(BO):
        app.take(letter)


async def is_true(village: Village, uid: str, letter: Delivered) -> bool:
    """What the last letter about a series says in words of one of its dates."""
    body = letter.mail.get_body(("plain",))
    assert body is not None
    said = re.search(
        r"date on (.*) \(London\) does not|date has changed: it is now (.*) \(London\)\.",
        re.sub(r"\s+", " ", body.get_content()),
    )
    async with village.acting() as (db, mine):
        [dated] = [b for b in await schedule.bookings(db, [mine]) if b.series.uid == uid]
    if said is None:
        return True
    name = value(unfolded(letter.calendar), "RECURRENCE-ID")
    if said[1]:
        original = datetime.strptime(name, "%Y%m%dT%H%M%S") if name else dated.series.start  # noqa: DTZ007
        return dated.changes[original].off
    dates = schedule.dates_between(dated, after=EPOCH, before=NOON + 2 * YEAR)
    return said[2] in {
        when(date.starts_at, zone="Europe/London", locale="en")
        for date in dates
        if not date.cancelled
    }


async def planned_in(village: Village) -> list[Meeting]:
    """When people will really meet."""
    async with village.acting() as (db, mine):
        return sorted(
            Meeting(each.series.uid, date.starts_at, date.ends_at)
            for each in await schedule.bookings(db, [mine])
            if each.series.cancelled_at is None
            for date in schedule.dates_between(
                each, after=village.clock(), before=NOON + 2 * YEAR
            )
            if not date.cancelled
        )
