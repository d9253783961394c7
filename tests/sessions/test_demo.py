import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import pytest

from sessions import admission, circles, demo, feeds, ics
from sessions.db import Database
from sessions.demo import NotHere
from sessions.keys import Keys
from sessions.settings import Settings
from tests.calendars.app import App
from tests.calendars.engines import Meeting, readings
from tests.conftest import SetClock
from tests.fakes import Delivered
from tests.house import House, open_house
from tests.sessions.discreet import words_found

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
    settings: Settings,
    keys: Keys,
    clock: SetClock,
    zone: str = "Asia/Jerusalem",
    *,
    edited: bool = False,
) -> dict[str, Any]:
    described = await demo.make(settings, keys, clock, zone=zone, edited=edited)
    made: dict[str, Any] = json.loads(json.dumps(described))
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


class TestEdited:
    """One date was moved, one cancelled, and all from the tenth on are an hour later."""

    @pytest.mark.parametrize("zone", ["Asia/Jerusalem", "America/New_York"])
    async def test_feed_and_mails_tell_the_dates_that_it_names(
        self, local: Settings, keys: Keys, clock: SetClock, database: Database, zone: str
    ) -> None:
        made = await make(local, keys, clock, zone, edited=True)

        told = [datetime.fromisoformat(text) for text in made["occurrences"]]
        window = {"after": clock(), "before": told[-1] + timedelta(minutes=1)}
        for which, detail in (("feed", "full"), ("discreet_feed", "discreet")):
            feed = await fetched(local, keys, clock, database, made[which])
            for engine, meetings in readings(feed, **window).items():
                assert starts_of(made, meetings) == told, (detail, engine)
        for to in recipients(made["mails"]):
            app = App()
            for letter in read_letters(made["mails"], to):
                app.take(letter)
            for engine, meetings in readings(app.calendar(), **window).items():
                assert starts_of(made, meetings) == told, (to, engine)
        assert len(told) == len(set(told)) == 26

    async def test_it_is_the_plan_with_those_changes(
        self, local: Settings, keys: Keys, clock: SetClock
    ) -> None:
        zone = ZoneInfo("Asia/Jerusalem")
        made = await make(local, keys, clock, edited=True)
        local_times = [
            datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)
            for text in made["occurrences"]
        ]

        week, first = timedelta(weeks=1), local_times[0]
        kept = [first + number * week for number in (0, 1, 4, 5, 6, 7, 8)]
        later = [first + number * week + timedelta(hours=1) for number in range(9, 27)]
        assert local_times == sorted([*kept, first + 2 * week + timedelta(days=1), *later])
        assert made.keys() == KEYS | {
            "uids", "discreet_feed", "discreet_mails", "secret_words"
        }  # fmt: skip
        assert len(made["uids"]) == 2

    async def test_no_secret_word_reaches_the_discreet_member(
        self, local: Settings, keys: Keys, clock: SetClock, database: Database
    ) -> None:
        made = await make(local, keys, clock, edited=True)
        full = await fetched(local, keys, clock, database, made["feed"])
        discreet = await fetched(local, keys, clock, database, made["discreet_feed"])

        assert words_found(discreet, made["secret_words"]) == set()
        assert {"lantern", "carers' evening"} <= words_found(full, made["secret_words"])
        assert set(made["discreet_mails"]) < set(made["mails"])
        assert len(made["discreet_mails"]) == len(made["mails"]) / 3 == 6
        for path in made["discreet_mails"]:
            letter = Path(path).read_bytes()  # noqa: ASYNC240
            assert words_found(letter, made["secret_words"]) == set()

    async def test_a_running_instance_does_the_same(
        self, running: House, local: Settings, keys: Keys, clock: SetClock
    ) -> None:
        made = await make(local, keys, clock, edited=True)

        assert len(made["mails"]) == 18
        assert all(Path(path).exists() for path in made["mails"])  # noqa: ASYNC240
        async with running.browser() as guest:
            path = made["discreet_feed"].removeprefix(made["base_url"])
            assert (await guest.get(path)).status_code == 200


async def fetched(
    settings: Settings, keys: Keys, clock: SetClock, database: Database, url: str
) -> bytes:
    token = urlsplit(url).path.removeprefix("/feed/").removesuffix(".ics")
    async with database.read() as db:
        found = await feeds.subscription(db, settings, token, now=clock())
    return feeds.write(
        found, keys=keys, settings=settings, written=feeds.EntryBytes(), now=clock()
    )


def read_letters(paths: list[str], to: str) -> list[Delivered]:
    raw = [Path(path).read_bytes() for path in paths]
    letters = [Delivered(each, "", to) for each in raw]
    return [letter for letter in letters if letter.mail["To"] == to]


def recipients(paths: list[str]) -> set[str]:
    return {str(Delivered(Path(path).read_bytes(), "", "").mail["To"]) for path in paths}


def starts_of(made: dict[str, Any], meetings: list[Meeting]) -> list[datetime]:
    return sorted(meeting.starts_at for meeting in meetings if meeting.uid in made["uids"])
