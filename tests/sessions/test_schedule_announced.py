"""A government changes its clocks: whoever was told hears of it once."""

# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
import struct
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from sessions import reissues, zones
from sessions.recurrence import Pattern, Rule, last_start
from sessions.schedule.announced import resolve_offset
from sessions.zones import resolve
from tests.calendars.app import unfolded, value
from tests.sessions.village import BO, CY, FIRST, SECOND, THIRD, Village

ZONE = "Asia/Jerusalem"
OPEN = Pattern(FIRST, ZONE, 75, Rule(("TU",)))
SELDOM = Rule((), frequency="monthly", day=10, interval=24)
A_DAY = timedelta(days=1)


def tzif(offset: timedelta) -> bytes:
    """RFC 9636 - 3. The TZif Format: one offset, and nothing but a footer."""
    seconds = int(offset.total_seconds())
    head = b"TZif2" + bytes(15)
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">lbb", seconds, 0, 0) + b"NEW\0"
    hours = seconds // 3600
    return (head + counts + block) * 2 + f"\n<NEW>-{hours}\n".encode()


@contextmanager
def new_law(folder: Path, offset: timedelta) -> Iterator[None]:
    path = folder / ZONE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tzif(offset))
    zoneinfo.reset_tzpath(to=[folder])
    forget_zones()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=())
        forget_zones()


def forget_zones() -> None:
    """As a new process would know nothing of them."""
    zoneinfo.ZoneInfo.clear_cache()
    for known in vars(zones).values():
        if hasattr(known, "cache_clear"):
            known.cache_clear()


async def check(village: Village) -> int:
    return await reissues.tell_anew(village.database, village.keys, now=village.clock())


@pytest.fixture
async def weekly(village: Village) -> UUID:
    await village.welcome(BO)
    series = await village.book()
    await village.post()
    return series


async def test_what_was_told_is_written_down_as_a_few_runs(
    village: Village, weekly: UUID
) -> None:
    """Israel goes over to summer time on 27 March 2026."""
    assert (await village.series(weekly)).announced == [
        ["2026-03-10T19:00:00", 120],
        ["2026-03-31T19:00:00", 180],
        ["2026-05-26T19:00:00", 180],
    ]


async def test_as_long_as_the_rules_hold_nobody_is_written_to(
    village: Village, weekly: UUID
) -> None:
    assert await check(village) == 0
    assert await village.post() == []


async def test_another_offset_on_a_date_to_come_is_told_once(
    village: Village, weekly: UUID, tmp_path: Path
) -> None:
    await village.invite(CY)
    await village.post()

    with new_law(tmp_path, timedelta(hours=2)):
        assert resolve_offset(FIRST, ZONE) == resolve_offset(datetime(2026, 7, 1), ZONE) == 120
        told = await asyncio.gather(check(village), check(village))
        letters = await village.post()
        assert await check(village) == 0

    assert sorted(told) == [0, 1]
    assert sorted(letter.to for letter in letters) == [BO, CY]
    texts = [unfolded(letter.calendar) for letter in letters]
    assert [(value(t, "METHOD"), value(t, "SEQUENCE")) for t in texts] == [
        ("REQUEST", "1"), ("REQUEST", "1"),
    ]  # fmt: skip
    assert (await village.series(weekly)).announced == [
        ["2026-03-10T19:00:00", 120],
        ["2026-05-26T19:00:00", 120],
    ]


async def test_what_is_over_is_nobodys_concern(village: Village, tmp_path: Path) -> None:
    await village.welcome(BO)
    await village.book(Pattern(FIRST, ZONE, 75, Rule(("TU",), count=2)))
    await village.post()

    with new_law(tmp_path, timedelta(hours=3)):
        village.clock.now = datetime(2026, 3, 18, tzinfo=UTC)
        assert await check(village) == 0


async def test_a_date_that_was_moved_is_looked_at_where_it_is(
    village: Village, tmp_path: Path
) -> None:
    await village.welcome(BO)
    once = await village.book(Pattern(FIRST, ZONE, 75))
    await village.move(once, FIRST, to=datetime(2026, 7, 1, 19))
    await village.post()

    with new_law(tmp_path, timedelta(hours=2)):
        assert await check(village) == 1


async def test_a_cancelled_series_is_left_in_peace(
    village: Village, weekly: UUID, tmp_path: Path
) -> None:
    await village.cancel_series(weekly)
    await village.post()

    with new_law(tmp_path, timedelta(hours=2)):
        assert await check(village) == 0


async def test_an_open_series_is_told_again_once_a_year(village: Village) -> None:
    await village.welcome(BO)
    series = await village.book(OPEN)
    await village.post()
    sent = []

    for _ in range(30):
        village.clock.forward(timedelta(days=30))
        await check(village)
        sent += [(village.clock(), letter) for letter in await village.post()]

    assert len(sent) == 2
    body = sent[0][1].mail.get_body(("plain",))
    assert body is not None
    assert "sent again once a year" in body.get_content()
    assert sent[1][0] - sent[0][0] >= timedelta(days=360)
    assert (await village.series(series)).sequence == 2
    assert value(unfolded(sent[0][1].calendar), "RRULE").startswith("FREQ=WEEKLY")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("start", "letters"),
    [(FIRST, 2), (datetime(2032, 3, 10, 19), 0)],
    ids=["a date in two years", "the first in six years"],
)
async def test_where_hardly_a_date_falls_it_is_told_no_more_often(
    village: Village, start: datetime, letters: int
) -> None:
    await village.welcome(BO)
    await village.book(Pattern(start, ZONE, 75, SELDOM))
    await village.post()
    sent = []

    for _ in range(3 * 365):
        village.clock.forward(A_DAY)
        if await check(village):
            sent += await village.post()

    assert len(sent) == letters


async def test_letters_about_single_dates_do_not_put_off_the_yearly_one(
    village: Village,
) -> None:
    await village.welcome(BO)
    series = await village.book(OPEN)
    end = (await village.series(series)).announced
    await village.post()

    for week in range(10, 50, 5):
        original = FIRST + timedelta(weeks=week)
        await village.move(series, original, to=original + A_DAY)
        await village.cancel(series, original + timedelta(weeks=1))
        await village.restore(series, original + timedelta(weeks=1))
        village.clock.forward(timedelta(days=35))
        assert await check(village) == 0
        known = (await village.series(series)).announced
        assert known is not None
        assert end is not None
        assert known[-1] == end[-1]

    village.clock.now = datetime(2027, 3, 12, tzinfo=UTC)
    assert await check(village) == 1


async def test_nor_do_they_hide_that_the_others_are_told_wrongly(
    village: Village, weekly: UUID, tmp_path: Path
) -> None:
    with new_law(tmp_path, timedelta(hours=2)):
        await village.move(weekly, SECOND, to=SECOND + A_DAY)

        assert await check(village) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(datetime(2033, 7, 1, 19), ZONE, 75),
        Pattern(FIRST, ZONE, 75, Rule((), frequency="monthly", day=10, interval=3, count=40)),
        Pattern(FIRST, ZONE, 75, Rule(("TU",), interval=4, until=date(2036, 8, 1))),
    ],
    ids=["once", "by count", "by date"],
)
async def test_what_has_an_end_is_told_to_its_last_date(
    village: Village, tmp_path: Path, pattern: Pattern
) -> None:
    last = last_start(pattern)
    assert last is not None
    await village.welcome(BO)
    series = await village.book(pattern)

    announced = (await village.series(series)).announced

    assert announced is not None
    assert announced[-1] == [last.isoformat(), resolve_offset(last, ZONE)]
    village.clock.now = resolve(last, ZONE) - 6 * 30 * A_DAY
    with new_law(tmp_path, timedelta(hours=2)):
        assert await check(village) == 1


async def test_of_what_was_told_without_being_written_down_only_that_is_taken_for_right(
    village: Village, tmp_path: Path
) -> None:
    await village.welcome(BO)
    yearly = Rule((), frequency="monthly", day=10, interval=12, count=10)
    series = await village.book(Pattern(datetime(2026, 7, 10, 19), ZONE, 75, yearly))
    await village.post()
    whole = [["2026-07-10T19:00:00", 180], ["2035-07-10T19:00:00", 180]]
    async with village.planning(series) as (_, booking):
        assert booking.series.announced == whole
        booking.series.announced = [["2026-07-10T19:00:00", 180], ["2030-07-10T19:00:00", 180]]

    assert await check(village) == 0
    assert (await village.series(series)).announced == whole
    with new_law(tmp_path, timedelta(hours=2)):
        assert await check(village) == 1


async def test_what_was_told_before_it_was_written_down_is_taken_for_right(
    village: Village, weekly: UUID
) -> None:
    async with village.planning(weekly) as (_, booking):
        known, booking.series.announced = booking.series.announced, None

    assert await check(village) == 0

    assert (await village.series(weekly)).announced == known


async def test_what_changes_is_written_down_anew(village: Village, weekly: UUID) -> None:
    changed = await village.change(weekly, "following", THIRD, zone="Europe/London")

    assert (await village.series(weekly)).announced == [
        ["2026-03-10T19:00:00", 120], ["2026-03-17T19:00:00", 120],
    ]  # fmt: skip
    assert (await village.series(changed.series)).announced == [
        ["2026-03-24T19:00:00", 0], ["2026-03-31T19:00:00", 60], ["2026-05-26T19:00:00", 60],
    ]  # fmt: skip


async def test_the_job_goes_on_after_a_database_that_is_away(
    village: Village, weekly: UUID, tmp_path: Path
) -> None:
    rounds, nudged = 0, 0

    class Enough(BaseException):
        pass

    def nudge() -> None:
        nonlocal nudged
        nudged += 1

    async def wait(seconds: float) -> None:
        nonlocal rounds
        assert seconds == reissues.EVERY_SECONDS
        rounds += 1
        if rounds == 3:
            raise Enough

    read, failures = village.database.read, iter([ConnectionRefusedError()])

    def reading():  # type: ignore[no-untyped-def]
        for failure in failures:
            raise failure
        return read()

    village.database.read = reading  # type: ignore[method-assign]
    with new_law(tmp_path, timedelta(hours=2)), pytest.raises(Enough):
        await reissues.run(village.database, village.keys, village.clock, nudge, wait)

    assert (rounds, nudged) == (3, 1)
