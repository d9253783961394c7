"""Where everything is that was made."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import circles, feeds, recurrence, schedule
from sessions.demo.house import House, Made
from sessions.demo.making import SECRET_WORDS
from sessions.letters import message_id
from sessions.mail import file_of
from sessions.outbox import OutboxEntry
from sessions.people import Person
from sessions.schedule import Dated

WEEKS = 26


class Mailed(NamedTuple):
    membership: UUID
    path: str


async def description(house: House, made: Made, *, edited: bool) -> dict[str, Any]:
    keys, base = house.keys, house.settings.public_url
    async with house.database.read() as db:
        mailed = await _mailed(house, db, made)
        weekly = await _weekly(db, made)
        first, second = [
            await db.get_one(Person, guest.membership.person_id) for guest in made.guests[:2]
        ]
    described = {
        "base_url": base,
        "circle": str(made.mine.circle.id),
        "series": str(made.weekly.id),
        "zone": made.weekly.zone,
        "occurrences": _instants(weekly, now=house.clock()),
        "feed": _feed(house, first),
        "facilitator": made.facilitator,
        "facilitator_link": f"{base}/j#{circles.ticket(keys, made.mine.membership)}",
        "guest_links": [f"{base}/j#{circles.ticket(keys, g.membership)}" for g in made.guests],
        "answer_links": [
            f"{base}/a#{circles.answer_token(keys, g.membership)}" for g in made.guests
        ],
        "mails": [each.path for each in mailed],
        "direct": not made.mine.circle.hide_addresses,
    }
    if not edited:
        return described
    whose = made.guests[1].membership.id
    return described | {
        "uids": [dated.series.uid for dated in weekly],
        "discreet_feed": _feed(house, second),
        "discreet_mails": [each.path for each in mailed if each.membership == whose],
        "secret_words": [*SECRET_WORDS, str(made.mine.circle.id)],
    }


async def _mailed(house: House, db: AsyncSession, made: Made) -> list[Mailed]:
    """Everything that has left for the guests, in that order."""
    ids = [guest.membership.id for guest in made.guests]
    found = await db.exec(
        select(OutboxEntry)
        .where(col(OutboxEntry.membership_id).in_(ids), OutboxEntry.outcome == "sent")
        .order_by(col(OutboxEntry.created_at), col(OutboxEntry.order))
    )
    return [
        Mailed(
            entry.membership_id or UUID(int=0),
            str(house.folder / file_of(message_id(house.settings, entry.id))),
        )
        for entry in found
    ]


async def _weekly(db: AsyncSession, made: Made) -> list[Dated]:
    """The series, and the one that follows it where it was divided."""
    return [
        dated
        for dated in await schedule.bookings_in(db, [made.mine.circle])
        if made.weekly.id in (dated.series.id, dated.series.follows)
    ]


def _instants(weekly: list[Dated], *, now: datetime) -> list[str]:
    starts = sorted(
        date.starts_at
        for dated in weekly
        for date in recurrence.next_dates(
            dated.series.pattern,
            {original: change.time for original, change in dated.changes.items()},
            after=now,
            limit=WEEKS,
            with_cancelled=False,
        )
    )
    return [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in starts[:WEEKS]]


def _feed(house: House, person: Person) -> str | None:
    token = feeds.token_of(house.keys, person)
    return token and feeds.url_of(house.settings, token)
