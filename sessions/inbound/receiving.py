"""One mail, one transaction, whichever way it came; the same mail twice changes no more."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sessions.db import Database
from sessions.inbound import itip, messages
from sessions.inbound.taking import take
from sessions.keys import Keys

Fate = Literal["done", "left"]
"""`done`: there was something in it for us, and it need not be kept; `left`: there was not."""


class Heard(NamedTuple):
    """What a mail says, and to which addresses of ours; a bounce says nothing."""

    tokens: tuple[str, ...]
    message: itip.Message | None


async def receive(
    database: Database, keys: Keys, raw: bytes, *, recipients: Sequence[str] = (), now: datetime
) -> Fate:
    """Any mail at all; raises only when the database does."""
    # Not in between: what somebody made to be slow would hold up everybody.
    heard = await asyncio.to_thread(hear, raw, recipients)
    if heard is None:
        return "left"
    if heard.message is not None:
        async with database.write() as db:
            await take(db, keys, heard.message, heard.tokens, now=now)
    return "done"


def hear(raw: bytes, recipients: Sequence[str] = ()) -> Heard | None:
    """`None`: it cannot be read, is not to us, or is a letter that only people understand."""
    try:
        incoming = messages.read(raw, recipients=recipients)
    except messages.Unreadable:
        return None
    if not incoming.tokens:
        return None
    if incoming.automatic:
        return Heard(incoming.tokens, None)
    for part in incoming.calendars:
        try:
            return Heard(incoming.tokens, itip.read(part))
        except itip.NotOurs:
            continue
    return None
