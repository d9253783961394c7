"""
Mails kept as files, named by what happened, each with the calendar that is in it, so that a
reviewer sees what a change does to what people receive. `python -m tests.calendars.mailed`
writes them.
"""

# ruff: noqa: DTZ001 - wall time has no zone

import asyncio
import os
import random
import shutil
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from uuid import UUID

from sessions import people, schedule
from sessions.db import Database
from sessions.keys import Keys
from sessions.recurrence import Rule
from sessions.settings import Settings
from tests.conftest import SECRET, SetClock
from tests.fakes import Delivered
from tests.house import PUBLIC_URL
from tests.sessions.village import BO, FIRST, SECOND, THIRD, Village

HERE = Path(__file__).parent
Story = Callable[[Village, UUID], Awaitable[object]]
MOVED = SECOND + timedelta(days=2, hours=1)


async def one_date_is_moved(village: Village, series: UUID) -> None:
    await village.move(series, SECOND, to=MOVED)


async def one_date_is_cancelled(village: Village, series: UUID) -> None:
    await village.cancel(series, SECOND)


async def one_date_takes_place_after_all(village: Village, series: UUID) -> None:
    await village.cancel(series, SECOND)
    await village.post()
    await village.restore(series, SECOND)


async def the_rule_is_changed(village: Village, series: UUID) -> None:
    await village.change(series, "all", rule=Rule(("TU", "TH"), interval=2, count=6))


async def this_and_following_are_changed(village: Village, series: UUID) -> None:
    await village.change(series, "following", THIRD, to=datetime(2026, 3, 25, 18, 30))


async def the_series_is_cancelled(village: Village, series: UUID) -> None:
    await village.cancel_series(series)


async def the_series_takes_place_after_all(village: Village, series: UUID) -> None:
    await village.cancel_series(series)
    await village.post()
    await village.restore_series(series)


async def it_is_redrawn_discreetly(village: Village, series: UUID) -> None:
    await village.cancel(series, FIRST)
    await village.post()
    await village.choose(BO, detail="discreet", summary="Dentist")
    async with village.database.write() as db:
        bo = await people.find_person(db, village.keys, BO)
        assert bo is not None
        await schedule.redraw(db, village.keys, bo, now=village.clock())


STORIES: tuple[Story, ...] = (
    one_date_is_moved,
    one_date_is_cancelled,
    one_date_takes_place_after_all,
    the_rule_is_changed,
    this_and_following_are_changed,
    the_series_is_cancelled,
    the_series_takes_place_after_all,
    it_is_redrawn_discreetly,
)


async def mails(template: Path, folder: Path) -> dict[str, Delivered]:
    """By file name; Bo has chosen to see everything."""
    found: dict[str, Delivered] = {}
    for story in STORIES:
        with same_dice():
            invitation, letters = await _told(story, template, folder)
        found["it_is_booked"] = invitation
        for number, letter in enumerate(letters, start=1):
            mark = f"_{number}" if len(letters) > 1 else ""
            found[f"{story.__name__}{mark}"] = letter
    return found


async def _told(
    story: Story, template: Path, folder: Path
) -> tuple[Delivered, list[Delivered]]:
    path = folder / f"{story.__name__}.db"
    await asyncio.to_thread(shutil.copyfile, template, path)
    url = f"sqlite:///{path}"
    database = Database(url)
    settings = Settings(data=folder, public_url=PUBLIC_URL, database_url=url)
    village = Village(database, Keys((SECRET,)), settings, SetClock())
    try:
        await village.found()
        await village.welcome(BO)
        await village.choose(BO, detail="full")
        series = await village.book()
        [invitation] = await village.post()
        village.clock.forward(timedelta(hours=1))
        await story(village, series)
        return invitation, await village.post()
    finally:
        await database.close()


@contextmanager
def same_dice() -> Iterator[None]:
    """What is random in a mail falls the same way each time."""
    real, throws = os.urandom, count()
    random.seed(1)

    def throw(size: int) -> bytes:
        return (sha256(str(next(throws)).encode()).digest() * (size // 32 + 1))[:size]

    uuid.os.urandom = throw  # type: ignore[attr-defined]
    try:
        yield
    finally:
        uuid.os.urandom = real  # type: ignore[attr-defined]
        random.seed()


def write(found: dict[str, Delivered]) -> None:
    for name, letter in found.items():
        (HERE / f"{name}.eml").write_bytes(letter.message)
        (HERE / f"{name}.ics").write_bytes(letter.calendar)
