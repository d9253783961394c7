"""Asks one calendar when its owner is busy, whatever kind it is."""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from sessions.busy.child import Reader
from sessions.busy.dav import GONE, REFUSED, Account
from sessions.busy.spans import Span
from sessions.busy.tables import ExternalCalendar
from sessions.keys import Keys
from sessions.outgoing import Login, Outgoing, Trouble

AHEAD = timedelta(days=731)
"""As far as clashes are looked for."""
MOST_SECONDS = 60.0
UNCHANGED = 304
MAX_ETAG = 200


class Access(msgspec.Struct, frozen=True):
    """How to get at a calendar; kept sealed."""

    address: str
    username: str = ""
    password: str = ""

    @property
    def login(self) -> Login | None:
        return Login(self.username, self.password) if self.username else None

    def seal(self, keys: Keys) -> bytes:
        return keys.seal(msgspec.json.encode(self))

    @classmethod
    def unseal(cls, keys: Keys, sealed: bytes) -> "Access":
        return msgspec.json.decode(keys.open(sealed), type=cls)


class Times(NamedTuple):
    spans: list[Span] | None
    """`None`: as before."""
    etag: str | None = None


class Errand(NamedTuple):
    """What has to be known of a calendar to ask it."""

    kind: str
    access: Access
    etag: str | None
    zone: str
    """Of its owner, for times that have none."""

    @classmethod
    def of(cls, keys: Keys, calendar: ExternalCalendar, zone: str) -> "Errand":
        access = Access.unseal(keys, calendar.access)
        return cls(calendar.kind, access, calendar.etag, zone)


async def fetch(outgoing: Outgoing, reader: Reader, errand: Errand, *, now: datetime) -> Times:
    """Raises `Trouble` or `Unreadable`."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            if errand.kind == "caldav":
                return await _from_account(outgoing, reader, errand, now)
            return await _from_file(outgoing, reader, errand, now)
    except TimeoutError as error:
        raise Trouble("outgoing_too_slow") from error


async def _from_account(
    outgoing: Outgoing, reader: Reader, errand: Errand, now: datetime
) -> Times:
    account = Account(outgoing, reader, errand.access.address, errand.access.login)
    return Times(await account.busy(after=now, before=now + AHEAD, zone=errand.zone))


async def _from_file(
    outgoing: Outgoing, reader: Reader, errand: Errand, now: datetime
) -> Times:
    headers = {"Accept": "text/calendar"}
    if errand.etag:
        headers["If-None-Match"] = errand.etag
    answer = await outgoing.ask(
        errand.access.address, headers=headers, login=errand.access.login
    )
    if answer.status == UNCHANGED and errand.etag:
        return Times(None, errand.etag)
    if answer.status in REFUSED:
        raise Trouble("calendar_login")
    if answer.status in GONE:
        raise Trouble("calendar_gone")
    if answer.status != 200:
        raise Trouble("calendar_answer")
    spans = await reader.busy(
        answer.body, "ics", after=now, before=now + AHEAD, zone=errand.zone
    )
    etag = answer.headers.get("etag", "")
    return Times(spans, etag if _is_plain(etag) else None)


def _is_plain(etag: str) -> bool:
    """RFC 9110 - 8.8.3. ETag allows more, but it goes back as it came only in ASCII."""
    return 0 < len(etag) <= MAX_ETAG and etag.isascii()
