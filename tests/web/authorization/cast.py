"""
Everybody who could ask, each with what they hold: the columns of the matrix.

They are put into one database once; each row of the matrix gets a copy of it.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID

from sessions.keys import Keys
from sessions.passkeys import Passkey
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.house import Browser, House, open_house, token_in
from tests.web.forms_busy import CALENDAR
from tests.web.forms_inbound import proposal

Column = Literal[
    "anonymous",
    "answer link holder",
    "ticket holder",
    "feed holder",
    "expired sign-in",
    "ended member",
    "member of another circle",
    "facilitator of another circle",
    "member",
    "facilitator",
]
COLUMNS: tuple[Column, ...] = get_args(Column)
SIGNED_OUT: tuple[Column, ...] = COLUMNS[:5]
ELSEWHERE: tuple[Column, ...] = COLUMNS[5:8]
"""Signed in, and of no business in the circle that is asked for."""

LONG_AGO = datetime(2026, 2, 1, 12, tzinfo=UTC)
OPEN = datetime(2026, 3, 10, 16, 55, tzinfo=UTC)
"""The door of the first date is open."""
NO_TOKEN = "x" * 32
POLL = {
    "title": "First evening",
    "zone": "Asia/Jerusalem",
    "minutes": 60,
    "times": ["2026-03-12T19:00:00", "2026-03-13T19:00:00"],
    "until": "2026-03-11",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody brings along."""

    cookies: Mapping[str, str]
    token: str = NO_TOKEN
    """Put into every token field and token address: each kind opens one kind of door."""


@dataclass(frozen=True, slots=True)
class Cast:
    hands: Mapping[Column, Hand]
    places: Mapping[str, str]
    """What stands in the paths and bodies of the rows: things of the facilitator's circle."""


async def gather_cast(settings: Settings, keys: Keys) -> Cast:
    clock = SetClock(LONG_AGO)
    async with open_house(settings, keys, clock) as house:
        async with house.browser() as dana:
            await dana.sign_in("dana@example.org")
            expired = dict(dana.client.cookies)
        clock.now = OPEN - timedelta(hours=1)
        places: dict[str, str] = {}
        hands = {"expired sign-in": Hand(expired), "anonymous": Hand({})}
        hands |= await _elsewhere(house, places)
        hands |= await _here(house, places)
    return Cast({column: hands[column] for column in COLUMNS}, places)


async def _elsewhere(house: House, places: dict[str, str]) -> dict[str, Hand]:
    async with house.browser() as olga, house.browser() as otto:
        await olga.sign_in("olga@example.org")
        circle = await olga.make_circle(name="Elsewhere", openness="open")
        await olga.book(circle["id"])
        await olga.invite(circle["id"], "otto@example.org")
        await otto.sign_in("otto@example.org")
        letter = (await house.letters(to="otto@example.org"))[0]
        return {
            "member of another circle": _hand(otto, token_in(letter, "j")),
            "facilitator of another circle": _hand(olga),
        }


async def _here(house: House, places: dict[str, str]) -> dict[str, Hand]:
    names = ("ann", "tia", "fay", "ed", "mia")
    async with house.browser() as dana, house.browser() as ed, house.browser() as mia:
        person = await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        series = await dana.book(circle)
        await dana.invite(circle, *(f"{name}@example.org" for name in names))
        letters = {n: (await house.letters(to=f"{n}@example.org"))[-1] for n in names}
        for browser, name in ((ed, "ed"), (mia, "mia")):
            await browser.sign_in(f"{name}@example.org")
        members = (await dana.get(f"/api/circles/{circle}/members")).json()
        by_initial = {m["address"][0]: m["id"] for m in members}
        await dana.delete(f"/api/circles/{circle}/members/{by_initial['e']}")
        devices = (await dana.get("/api/me/signins")).json()
        poll = await dana.post(f"/api/circles/{circle}/polls", POLL)
        places |= {
            "poll": poll.json()["id"],
            "circle": circle,
            "series": series["id"],
            "original": series["next"][1]["original"],
            "member": by_initial["t"],
            "device": next(d["id"] for d in devices if d["current"]),
            "proposal": await proposal(house, letters["ann"]),
            "calendar": (await dana.post("/api/me/calendars", CALENDAR)).json()["id"],
            "key": str(await _passkey(house, UUID(person["id"]))),
        }
        feed = (await mia.get("/api/me/feeds")).json()["all"]["url"].rpartition("/")[2]
        return {
            "answer link holder": Hand({}, token_in(letters["ann"], "a")),
            "ticket holder": Hand({}, token_in(letters["tia"], "j")),
            "feed holder": Hand({}, feed.removesuffix(".ics")),
            "ended member": _hand(ed, token_in(letters["ed"], "j")),
            "member": _hand(mia),
            "facilitator": _hand(dana),
        }


async def _passkey(house: House, person: UUID) -> UUID:
    key = Passkey(
        person_id=person,
        credential_id=b"dana's",
        public_key=b"",
        sign_count=0,
        label="Phone",
        created_at=house.inside.now,
    )
    async with house.inside.database.write() as db:
        db.add(key)
    return key.id


def _hand(browser: Browser, token: str = NO_TOKEN) -> Hand:
    return Hand(dict(browser.client.cookies), token)


def copied(settings: Settings, template: Path) -> Settings:
    """The same cast in a house of its own."""
    path = settings.data / "ronda.db"
    # Not a copy of the file: the latest rows may still lie in the journal beside it.
    with closing(sqlite3.connect(template)) as here, closing(sqlite3.connect(path)) as there:
        here.backup(there)
    return settings
