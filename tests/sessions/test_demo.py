import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icalendar
import msgspec
import pytest

from sessions import admission, circles, demo, feeds, ics
from sessions.db import Database
from sessions.demo import NotHere
from sessions.keys import Keys
from sessions.settings import Settings
from tests.calendars.engines import readings
from tests.conftest import SetClock
from tests.house import House, open_house

KEYS = {
    "base_url", "circle", "series", "zone", "occurrences", "feed", "facilitator",
    "facilitator_link", "guest_links", "answer_links", "mails", "direct",
}  # fmt: skip


@pytest.fixture
def local(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, public_url="http://localhost:8000")


@pytest.fixture
async def running(local: Settings, keys: Keys, clock: SetClock) -> AsyncIterator[House]:
    async with open_house(local, keys, clock) as house:
        yield house


async def make(
    settings: Settings, keys: Keys, clock: SetClock, zone: str = "Asia/Jerusalem"
) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        json.dumps(await demo.make(settings, keys, clock, zone=zone))
    )
    return made


async def test_it_tells_where_everything_is(
    local: Settings, keys: Keys, clock: SetClock
) -> None:
    made = await make(local, keys, clock)

    assert made.keys() == KEYS
    assert made["base_url"] == "http://localhost:8000"
    assert made["direct"] is True
    assert len(set(made["guest_links"])) == len(set(made["answer_links"])) == 3
    assert made["facilitator"].startswith("facilitator.")


async def test_every_link_in_it_works(
    local: Settings, keys: Keys, clock: SetClock, database: Database
) -> None:
    made = await make(local, keys, clock)

    async with database.read() as db:
        for link in [made["facilitator_link"], *made["guest_links"]]:
            page, _, ticket = link.partition("/j#")
            door = await admission.look(db, keys, ticket, device=None, now=clock())
            assert page == made["base_url"]
            assert door.state == "open", "a room to try at once"
        for link in made["answer_links"]:
            token = link.partition("/a#")[2]
            mine = (await circles.membership_by_answer_link(db, token)).circle
            assert str(mine.id) == made["circle"]


@pytest.mark.parametrize("zone", ["Asia/Jerusalem", "America/New_York", "Pacific/Chatham"])
async def test_its_dates_are_those_that_every_engine_reads_in_the_feed(
    local: Settings, keys: Keys, clock: SetClock, database: Database, zone: str
) -> None:
    made = await make(local, keys, clock, zone)
    token = urlsplit(made["feed"]).path.removeprefix("/feed/").removesuffix(".ics")

    async with database.read() as db:
        found = await feeds.subscription(db, local, token, now=clock())
    feed = feeds.write(
        found, keys=keys, settings=local, written=feeds.EntryBytes(), now=clock()
    )

    told = [datetime.fromisoformat(text) for text in made["occurrences"]]
    [weekly] = [b.series for b in found.bookings if str(b.series.id) == made["series"]]
    end = told[-1] + timedelta(minutes=1)
    for engine, meetings in readings(feed, after=clock(), before=end).items():
        read = [m.starts_at for m in meetings if m.uid == weekly.uid]
        assert read == told, engine
    assert len(told) == 26
    assert weekly.zone == made["zone"] == zone
    assert all(moment.tzinfo == UTC for moment in told)


async def test_the_letters_it_names_lie_in_the_folder(
    local: Settings, keys: Keys, clock: SetClock
) -> None:
    made = await make(local, keys, clock)

    letters = [
        BytesParser(policy=policy.default).parsebytes(Path(path).read_bytes())  # noqa: ASYNC240
        for path in made["mails"]
    ]

    assert len(letters) == 3 * 2, "each guest is invited to both series"
    assert len({letter["To"] for letter in letters}) == 3
    for letter in letters:
        [part] = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
        content: bytes = part.get_payload(decode=True)  # type: ignore[assignment]
        assert icalendar.Calendar.from_ical(content)["METHOD"] == "REQUEST"
    assert ics.PRODID


async def test_a_running_instance_gets_it_too(
    running: House, local: Settings, keys: Keys, clock: SetClock
) -> None:
    made = await make(local, keys, clock)

    async with running.browser() as guest:
        token = made["feed"].removeprefix(made["base_url"])
        assert (await guest.get(token)).status_code == 200
    assert all(Path(path).exists() for path in made["mails"])  # noqa: ASYNC240


async def test_it_can_be_made_again_and_again(
    local: Settings, keys: Keys, clock: SetClock
) -> None:
    made = [await make(local, keys, clock) for _ in range(2)]

    assert made[0]["circle"] != made[1]["circle"]
    assert made[0]["facilitator"] != made[1]["facilitator"]


@pytest.mark.parametrize(
    "change",
    [
        {"public_url": "https://circles.example.org"},
        {"host": "0.0.0.0"},  # noqa: S104
        {"smtp_url": "smtp://mail.example.org"},
    ],
)
async def test_it_is_refused_where_others_could_come_in(
    tmp_path: Path, keys: Keys, clock: SetClock, change: dict[str, str]
) -> None:
    private = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(NotHere):
        await demo.make(msgspec.structs.replace(private, **change), keys, clock)

    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


def test_an_evening_that_the_clocks_do_not_have_is_not_taken() -> None:
    """Greenland's clocks skipped 22:00 on a Saturday; some zone may skip 19:00 one day."""
    for zone in ("America/Nuuk", "Africa/Casablanca", "Asia/Tehran", "America/Asuncion"):
        for month in range(1, 13):
            now = datetime(2026, month, 14, tzinfo=UTC)
            assert demo.weekly_pattern(zone, now=now).start.hour == 19
