"""A government changes its clocks: whoever was told hears of it once."""

# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
import struct
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from sessions import reissues, zones
from sessions.recurrence import Pattern, Rule
from sessions.schedule.announced import resolve_offset
from tests.calendars.app import unfolded, value
from tests.sessions.village import BO, CY, FIRST, THIRD, Village

ZONE = "Asia/Jerusalem"


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
    series = await village.book(Pattern(FIRST, ZONE, 75, Rule(("TU",))))
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
