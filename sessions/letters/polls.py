"""Which times suit."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from sessions import outbox
from sessions.language import place, say, when
from sessions.letters.desk import Nothing, Office, Written, desk_for, finish
from sessions.mail import Button
from sessions.polls import Poll

A_MINUTE = timedelta(minutes=1)
KIND = "poll_asked"


async def asked(db: AsyncSession, office: Office, letter: outbox.PollAsked) -> Written:
    desk = await desk_for(db, office, letter)
    poll = await db.get(Poll, letter.poll)
    if poll is None or not poll.is_open(now=office.now):
        raise Nothing
    locale, zone = desk.person.locale, desk.person.zone
    full = ".full" if desk.full else ""
    params: dict[str, str | int] = {
        "circle": desk.mine.circle.name,
        "title": poll.title,
        # The last minute: "until midnight" is a day early to some and a day late to others.
        "when": when(poll.ends_at - A_MINUTE, zone=zone, locale=locale),
        "zone": place(zone, locale=locale),
    }
    return finish(
        desk,
        say(locale, f"mail.{KIND}.subject{full}", **params),
        [
            say(locale, f"mail.{KIND}.body{full}", **params),
            say(locale, f"mail.{KIND}.personal"),
        ],
        buttons=[Button(say(locale, f"mail.{KIND}.button"), desk.answer_url)],
    )
