"""What all tests share: both databases, a clock that is set, and the app behind HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from sessions.db import Database
from sessions.keys import Keys
from sessions.migrate import migrate
from sessions.settings import Settings
from tests import outgoing
from tests.house import PUBLIC_URL, House, open_house
from tests.machine.postgres import postgres

SECRET = "a secret for tests that is long enough"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


outgoing.watch()


@pytest.fixture(scope="session", autouse=True)
def nobody_else_is_asked_for_anything() -> Iterator[None]:
    """The server's own code runs in this process in most tests: it may call no stranger."""
    yield
    assert outgoing.strangers == []


class SetClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def keys() -> Keys:
    return Keys((SECRET,))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres() as url:
        asyncio.run(_make_template(url, tmp_path_factory.mktemp("template")))
        yield url


async def _make_template(url: str, folder: Path) -> None:
    """Migrated once; each test gets a copy."""
    await _execute(url, "CREATE DATABASE template_ronda")
    parts = urlsplit(url)
    await migrate(
        Settings(data=folder, database_url=parts._replace(path="/template_ronda").geturl())
    )


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "ronda.db"
    asyncio.run(migrate(Settings(data=folder, database_url=f"sqlite:///{path}")))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "ronda.db"
        path.write_bytes(template.read_bytes())
        return f"sqlite:///{path}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"test_{uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name} TEMPLATE template_ronda"))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, public_url=PUBLIC_URL, database_url=database_url)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
async def house(settings: Settings, keys: Keys, clock: SetClock) -> AsyncIterator[House]:
    async with open_house(settings, keys, clock) as house:
        yield house
