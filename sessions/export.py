"""Everything that is stored about a person: to be taken along, and to be deleted."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import answers, circles, passkeys, polls, proposals, rota, signin
from sessions.busy import calendars
from sessions.errors import Conflict
from sessions.keys import Keys
from sessions.people import Person, address_of


async def everything_about(db: AsyncSession, keys: Keys, person: Person) -> dict[str, Any]:
    """Plain JSON, keys and all; secrets (links, keys of passkeys) are not in it."""
    mine = await circles.circles_of(db, person, with_ended=True)
    return {
        **_about(keys, person),
        "circles": [_circle(m) for m in mine],
        **await _said(db, [m.membership.id for m in mine]),
        **await _kept_to_themselves(db, keys, person),
    }


def _about(keys: Keys, person: Person) -> dict[str, Any]:
    return {
        "address": address_of(keys, person),
        "name": person.name,
        "locale": person.locale,
        "zone": person.zone,
        "detail": person.detail,
        "summary": person.summary,
        "reminders": person.reminders,
        "created_at": person.created_at,
        "feed_used_on": person.feed_used_on,
    }


def _circle(mine: circles.Belonging) -> dict[str, Any]:
    return {
        "name": mine.circle.name,
        "role": mine.membership.role,
        "offered_at": mine.membership.offered_at,
        "shows_busy": mine.membership.shows_busy,
        "since": mine.membership.created_at,
        "until": mine.membership.ended_at,
        "agreed_version": mine.membership.agreed_version,
    }


async def _said(db: AsyncSession, memberships: list[UUID]) -> dict[str, Any]:
    """What the person told their circles about dates."""
    given = await answers.answers_of(db, memberships)
    return {
        "answers": [
            {"series": str(series), "original": original, "answer": answer}
            for (series, original), answer in given.items()
        ],
        "proposals": [
            {
                "series": str(proposal.series_id),
                "original": proposal.original,
                "start": proposal.start,
                "minutes": proposal.minutes,
                "comment": proposal.comment,
                "state": proposal.state,
            }
            for proposal in await proposals.of_memberships(db, memberships)
        ],
        "waiting": [
            {
                "series": str(wait.series_id),
                "original": wait.original,
                "since": wait.since,
                "offered_until": wait.offered_until,
            }
            for wait in await answers.waiting_of(db, memberships)
        ],
        "polls": [
            {"poll": str(said.poll_id), "start": said.start, "answer": said.answer}
            for said in await polls.answers_of(db, memberships)
        ],
        "rota": [
            {"series": str(date.series_id), "original": date.original, "by": date.by}
            for date in await rota.dates_of(db, memberships)
        ],
    }


async def _kept_to_themselves(db: AsyncSession, keys: Keys, person: Person) -> dict[str, Any]:
    """Devices and calendars, which no circle sees."""
    return {
        "signed_in": [
            {"since": device.created_at, "seen": device.seen_at}
            for device in await signin.devices(db, person)
        ],
        "calendars": [
            {
                "kind": calendar.kind,
                "label": calendar.label,
                "host": calendars.host_of(keys, calendar),
                "since": calendar.created_at,
                "read": calendar.fetched_at,
                "busy": await calendars.times_of(db, calendar),
            }
            for calendar in await calendars.of(db, person)
        ],
        "passkeys": [
            {"label": key.label, "since": key.created_at}
            for key in await passkeys.of(db, person)
        ],
    }


async def forget(db: AsyncSession, person: Person) -> None:
    """
    Delete the person and all that hangs on them; circles of theirs alone go with them.

    Raises `Conflict` for the last facilitator of a circle that still has other people.
    """
    # In one order for all: two who go at once would else wait for each other.
    for mine in sorted(await circles.circles_of(db, person), key=lambda m: m.circle.id):
        leaving = await circles.leaving_now(db, mine)
        if leaving == "last":
            raise Conflict("last_facilitator")
        if leaving == "closes":
            await db.delete(mine.circle)
    await db.flush()
    await db.delete(person)
