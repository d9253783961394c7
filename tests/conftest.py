"""What all tests share: both databases, a clock that is set, and the app behind HTTP."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import structlog

from sessions.db import Database
from sessions.keys import Keys
from sessions.migrate import migrate
from sessions.settings import Settings
from sessions.tables import METADATA
from tests import outgoing
from tests.house import PUBLIC_URL, House, open_house
from tests.machine.postgres import postgres

HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SECRET = "a secret for tests that is long enough"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


outgoing.watch()


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage took a sixth of all the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """A command that was run in this process has made its own; the next test knows nothing."""
    yield
    structlog.reset_defaults()


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
def postgres_url() -> Iterator[str]:
    """The empty database of a real server."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_ronda(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database for all tests of a run, for making one takes longer than most of them."""
    asyncio.run(_execute(postgres_url, "CREATE DATABASE ronda"))
    url = urlsplit(postgres_url)._replace(path="/ronda").geturl()
    asyncio.run(migrate(Settings(data=tmp_path_factory.mktemp("data"), database_url=url)))
    return url


async def _empty(url: str) -> None:
    await _execute(url, HANG_UP)  # a test that failed may have left a lock behind
    names = ", ".join(f'"{name}"' for name in METADATA.tables)
    await _execute(url, f"TRUNCATE {names}")


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
    url: str = request.getfixturevalue("postgres_ronda")
    asyncio.run(_empty(url))
    return url


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
