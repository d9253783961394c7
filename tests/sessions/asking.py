"""Asking an open circle to be let in, and confirming it, as requests do it."""

import re

from sessions import circles, join_requests
from sessions.join_requests import Asked
from tests.fakes import Delivered
from tests.sessions.village import Village


async def ask(village: Village, address: str) -> None:
    async with village.database.write() as db:
        await join_requests.ask(
            db,
            village.keys,
            await circles.open_circle(db, village.circle),
            address=address,
            locale="he",
            zone="Asia/Jerusalem",
            host="192.0.2.1",
            now=village.clock(),
        )


async def confirm(village: Village, token: str) -> None:
    async with village.database.write() as db:
        await join_requests.confirm(db, village.keys, token, now=village.clock())


async def look(village: Village, token: str) -> Asked:
    async with village.database.read() as db:
        return await join_requests.look(db, village.keys, token, now=village.clock())


def token_in(letter: Delivered) -> str:
    found = re.search(r"/ask#([\w-]+)", words_of(letter))
    assert found
    return found.group(1)


def words_of(letter: Delivered) -> str:
    body = letter.mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
