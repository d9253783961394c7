"""Nobody is ever told an old tag, whoever has written: we, or another process."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions import feeds
from sessions.errors import NotFound
from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SECRET, SetClock
from tests.house import PUBLIC_URL, Browser, House, open_house

# Another program with the same database: a second server, `ronda demo`, an operator.
ELSEWHERE = """
import sqlite3, sys
for line in sys.stdin:
    path, _, statement = line.strip().partition("|")
    with sqlite3.connect(path, timeout=10) as connection:
        connection.execute(statement)
    connection.close()
    print("done", flush=True)
"""


class Stranger:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def execute(self, path: Path, statement: str) -> None:
        """In a thread: the house may be writing, and has to come to its end first."""
        await asyncio.to_thread(self._execute, path, statement)

    def _execute(self, path: Path, statement: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{path}|{statement}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    with subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Stranger(process)
        assert process.stdin
        process.stdin.close()


class Reader:
    """Asks for a feed as calendars do, and knows what the answer has to be."""

    def __init__(self, house: House, dana: Browser, url: str, path: Path) -> None:
        self.house, self.dana, self.url, self.path = house, dana, url, path

    async def check(self) -> None:
        inside = self.house.inside
        token = self.url.rpartition("/")[2].removesuffix(".ics")
        async with inside.database.read() as db:
            try:
                expected = (await feeds.tagged(db, inside.settings, token, now=inside.now)).tag
            except NotFound:
                expected = ""
        answer = await self.dana.get(self.url, headers={"Accept-Encoding": "identity"})
        assert answer.headers.get("etag", '""').strip('"') == expected
        known = {"Accept-Encoding": "identity", "If-None-Match": f'"{expected}"'}
        again = await self.dana.get(self.url, headers=known)
        assert again.status_code == (304 if expected else 404)


Step = Callable[[Reader, Stranger], Awaitable[Any]]


async def here(reader: Reader, _stranger: Stranger) -> None:
    await reader.dana.patch("/api/me", {"summary": "Sport"})


async def another_series(reader: Reader, _stranger: Stranger) -> None:
    circle = (await reader.dana.get("/api/circles")).json()[0]["id"]
    await reader.dana.book(circle)


async def elsewhere(reader: Reader, stranger: Stranger) -> None:
    await stranger.execute(reader.path, "UPDATE series SET sequence = sequence + 1")


async def ended_elsewhere(reader: Reader, stranger: Stranger) -> None:
    await stranger.execute(reader.path, "UPDATE person SET feed_hash = NULL")


async def nothing(_reader: Reader, _stranger: Stranger) -> None:
    pass


STEPS: tuple[Step, ...] = (here, another_series, elsewhere, ended_elsewhere, nothing, nothing)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=8))
def test_no_answer_is_older_than_what_was_written(
    steps: list[Step],
    stranger: Stranger,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("fresh")
    path = folder / "ronda.db"
    path.write_bytes(sqlite_template.read_bytes())

    async def live() -> None:
        house_settings = Settings(
            data=folder, public_url=PUBLIC_URL, database_url=f"sqlite:///{path}"
        )
        async with (
            open_house(house_settings, Keys((SECRET,)), SetClock()) as house,
            house.browser() as dana,
        ):
            await dana.sign_in("dana@example.org")
            await dana.book((await dana.make_circle())["id"])
            url = (await dana.get("/api/me/feeds")).json()["all"]["url"]
            reader = Reader(house, dana, url, path)
            for step in (nothing, *steps):
                await step(reader, stranger)
                await reader.check()

    asyncio.run(live())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_a_change_no_transaction_is_opened(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        await dana.book((await dana.make_circle())["id"])
        url = (await dana.get("/api/me/feeds")).json()["all"]["url"]
        for _ in range(2):
            tag = (await dana.get(url)).headers["etag"]
        await house.letters()
        await dana.get(url)
        database = house.inside.database
        before = database.revision()
        # Whoever opens one now gets nothing, and the answer would be a crash.
        monkeypatch.setattr(database, "engine", None)

        assert (await dana.get(url, headers={"If-None-Match": tag})).status_code == 304
        assert (await dana.get(url)).status_code == 200
        assert database.revision() == before
