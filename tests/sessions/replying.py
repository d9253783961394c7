"""Mails that answer an invitation, taken as they come in; what has come of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sessions import answers, inbound
from sessions.answers import Given
from tests.fakes import Delivered
from tests.sessions.answering import Said, answer_to, plain
from tests.sessions.village import BO, Village
from tests.web.tables import everything

WORDS = [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "maybe")]


async def invited(village: Village, *who: str, **booking: Any) -> Delivered:
    """The letter that Bo has; the others have theirs."""
    await village.invite(BO, *who)
    await village.book(**booking)
    return (await village.post(BO))[-1]


async def receive(village: Village, raw: bytes, recipients: Sequence[str] = ()) -> inbound.Fate:
    return await inbound.receive(
        village.database, village.keys, raw, recipients=recipients, now=village.clock()
    )


async def reply(village: Village, letter: Delivered, **changes: Any) -> inbound.Fate:
    """As `said`, and taken."""
    return await receive(village, plain(said(village, letter, **changes)))


def said(village: Village, letter: Delivered, **changes: Any) -> Said:
    return answer_to(letter, at=village.clock(), **changes)


def on(original: datetime, *, at: datetime | None = None) -> dict[str, str]:
    return {
        "date": f"RECURRENCE-ID;TZID=Asia/Jerusalem:{original:%Y%m%dT%H%M%S}",
        "start": f"DTSTART;TZID=Asia/Jerusalem:{at or original:%Y%m%dT%H%M%S}",
    }


async def answered(village: Village, who: str = BO) -> dict[datetime | None, str]:
    membership = await village.membership(who)
    async with village.database.read() as db:
        given: Given = await answers.answers_of(db, [membership.id])
    return {original: word for (_, original), word in given.items()}


async def contents(village: Village) -> dict[str, list[str]]:
    return await everything(village.database)
