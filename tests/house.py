"""The whole app as its users meet it: over HTTP and by mail, in one process."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import httpx
from litestar import Litestar
from sqlmodel import col, select

from sessions.app import create_app
from sessions.clock import Clock
from sessions.keys import Keys
from sessions.outbox import OutboxEntry
from sessions.settings import Settings
from sessions.web import given

PUBLIC_URL = "https://ronda.test"
WEEKLY: dict[str, Any] = {
    "title": "Evening circle",
    "start": "2026-03-10T19:00:00",
    "zone": "Asia/Jerusalem",
    "minutes": 75,
    "rule": {"weekdays": ["TU"]},
}


class House:
    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.inside: given.House = app.state.house

    @asynccontextmanager
    async def browser(self, *, language: str = "en") -> AsyncIterator["Browser"]:
        """Somebody's browser: keeps cookies, sends Origin and a language."""
        headers = {"Origin": PUBLIC_URL, "Accept-Language": language}
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(
            transport=transport, base_url=PUBLIC_URL, headers=headers
        ) as client:
            yield Browser(self, client)

    async def letters(self, to: str | None = None) -> list[EmailMessage]:
        """What has been mailed, oldest first; waits until nothing is left to send."""
        courier = self.inside.courier
        # The app's own courier may have some in hand: only the database tells.
        while await courier.deliver_everything() or await self._is_leased():  # noqa: ASYNC110
            await asyncio.sleep(0)
        folder = self.inside.settings.mail_folder
        assert folder is not None
        paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        letters = [BytesParser(policy=policy.default).parsebytes(p.read_bytes()) for p in paths]
        return [letter for letter in letters if to is None or letter["To"] == to]

    async def _is_leased(self) -> bool:
        """The courier task has something in hand, or is just taking it: then this waits."""
        async with self.inside.database.write() as db:
            found = await db.exec(
                select(OutboxEntry.lease_until)
                .where(col(OutboxEntry.done_at).is_(None))
                .with_for_update()
            )
            return any(lease is not None for lease in found)


class Browser:
    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house = house
        self.client = client

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(self, path: str, data: object = None, **options: Any) -> httpx.Response:
        return await self.client.post(path, json={} if data is None else data, **options)

    async def put(self, path: str, data: object) -> httpx.Response:
        return await self.client.put(path, json=data)

    async def patch(self, path: str, data: object) -> httpx.Response:
        return await self.client.patch(path, json=data)

    async def delete(self, path: str) -> httpx.Response:
        return await self.client.delete(path)

    async def sign_in(self, address: str) -> dict[str, Any]:
        """The whole way: ask for a link, read the mail, use it."""
        asked = await self.post("/api/signin", {"address": address})
        assert asked.status_code == 202, asked.text
        # Another letter may arrive after it: threads do not wait for each other.
        letters = await self.house.letters(to=address)
        tokens = [token for letter in letters if (token := find_token(letter, "in"))]
        answer = await self.post("/api/signin/link", {"token": tokens[-1]})
        assert answer.status_code == 200, answer.text
        person: dict[str, Any] = answer.json()["person"]
        return person

    async def make_circle(self, **changes: Any) -> dict[str, Any]:
        plan = {"name": "Lantern", "purpose": "To listen.", "languages": ["en"], "seats": 12}
        answer = await self.post("/api/circles", {**plan, "agreement": "Kindness.", **changes})
        assert answer.status_code == 201, answer.text
        circle: dict[str, Any] = answer.json()
        return circle

    async def book(self, circle: str, **changes: Any) -> dict[str, Any]:
        answer = await self.post(f"/api/circles/{circle}/series", {**WEEKLY, **changes})
        assert answer.status_code == 201, answer.text
        series: dict[str, Any] = answer.json()
        return series

    async def invite(self, circle: str, *addresses: str) -> None:
        answer = await self.post(
            f"/api/circles/{circle}/invitations", {"addresses": list(addresses)}
        )
        assert answer.status_code == 201, answer.text


@asynccontextmanager
async def open_house(settings: Settings, keys: Keys, clock: Clock) -> AsyncIterator[House]:
    """The app lives in a task of its own: a fixture's two halves do not run in one task."""
    app = create_app(settings, keys, clock)
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await over.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(live())
        await ready.wait()
        yield House(app)
        over.set()


def token_in(letter: EmailMessage, page: str) -> str:
    """The secret of a personal link in a letter: `in`, `j` or `a`."""
    token = find_token(letter, page)
    assert token, letter.as_string()
    return token


def find_token(letter: EmailMessage, page: str) -> str | None:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(rf"/{page}#([\w-]+)", body.get_content())
    return found and found.group(1)


def calendar_in(letter: EmailMessage) -> bytes:
    """The `text/calendar` part."""
    [part] = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    content: bytes = part.get_payload(decode=True)  # type: ignore[assignment]
    return content
