# ruff: noqa: ASYNC240 - a test may wait for its own small files

import os
import sqlite3
import stat
import tarfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from sessions.backup import CannotBackUp, back_up, restore
from sessions.db import Database
from sessions.keys import load_keys
from sessions.settings import Settings
from sessions.snapshots import DatabaseSnapshots
from tests.conftest import SetClock
from tests.sessions.village import BO, Village

WORDS = "correct horse battery"


def at(folder: Path, **changes: object) -> Settings:
    plain = Settings(data=folder, database_url=f"sqlite:///{folder}/ronda.db")
    return Settings(**{f: getattr(plain, f) for f in plain.__struct_fields__} | changes)


@pytest.fixture
async def lived_in(
    tmp_path: Path, sqlite_template: Path, clock: SetClock
) -> AsyncIterator[Village]:
    """Dana's circle with Bo in it, in use while it is copied."""
    settings = at(tmp_path / "data")
    settings.data.mkdir()
    (settings.data / "ronda.db").write_bytes(sqlite_template.read_bytes())
    database = Database(settings.database_url)
    keys = load_keys(settings.data, (), database_exists=False)
    village = Village(database, keys, settings, clock)
    await village.found()
    await village.invite(BO)
    yield village
    await database.close()


async def test_what_was_copied_comes_back_with_its_keys(
    lived_in: Village, tmp_path: Path
) -> None:
    file, there = tmp_path / "ronda.backup", at(tmp_path / "there")
    ticket = await lived_in.ticket(BO)
    back_up(lived_in.settings, file, passphrase=WORDS)
    await lived_in.let_go(BO)  # after the copy: not in it

    restore(there, file, passphrase=WORDS)

    keys = load_keys(there.data, (), database_exists=True)
    again = Village(Database(there.database_url), keys, there, lived_in.clock)
    again.circle = lived_in.circle
    assert await again.ticket(BO) == ticket
    assert (await again.person(BO)).address_hash == (await lived_in.person(BO)).address_hash
    assert len(await again.post()) == 1, "letters that had not left are in it"
    await again.database.close()
    assert stat.S_IMODE((there.data / "keys").stat().st_mode) == 0o600


async def test_the_file_is_for_its_owner_and_opens_nothing_by_itself(
    lived_in: Village, tmp_path: Path
) -> None:
    file = tmp_path / "ronda.backup"
    back_up(lived_in.settings, file, passphrase=WORDS)

    secret = (lived_in.settings.data / "keys").read_bytes().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in file.read_bytes()
    assert BO.encode() not in file.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["data"], "no litter"


async def test_a_wrong_passphrase_opens_nothing_and_leaves_nothing(
    lived_in: Village, tmp_path: Path
) -> None:
    file, there = tmp_path / "ronda.backup", at(tmp_path / "there")
    back_up(lived_in.settings, file, passphrase=WORDS)

    with pytest.raises(CannotBackUp, match="passphrase"):
        restore(there, file, passphrase=WORDS + "!")

    assert list(there.data.iterdir()) == []


async def test_rooms_are_not_in_it(lived_in: Village, tmp_path: Path) -> None:
    store = DatabaseSnapshots(lived_in.database, lived_in.keys, lived_in.clock)
    canary = os.urandom(64).hex().encode()
    await store.save("canary-room", canary)
    file = tmp_path / "ronda.backup"

    back_up(lived_in.settings, file, passphrase=WORDS)

    assert b"canary-room" not in file.read_bytes()
    assert await store.load("canary-room") == canary, "only the copy forgets them"
    with tarfile.open(file) as tar:
        tar.extract("ronda.db", tmp_path / "look", filter="data")
    with closing(sqlite3.connect(tmp_path / "look" / "ronda.db")) as copy:
        assert copy.execute("SELECT count(*) FROM room_snapshot").fetchone() == (0,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("name", ["ronda.db", "ronda.db-wal", "ronda.db-journal", "keys"])
async def test_nothing_is_restored_over_what_is_there(
    lived_in: Village, tmp_path: Path, name: str
) -> None:
    file, there = tmp_path / "ronda.backup", at(tmp_path / "there")
    back_up(lived_in.settings, file, passphrase=WORDS)
    there.data.mkdir()
    (there.data / name).write_bytes(b"somebody's")

    with pytest.raises(CannotBackUp, match="exists already"):
        restore(there, file, passphrase=WORDS)

    assert [path.read_bytes() for path in there.data.iterdir()] == [b"somebody's"]


async def test_a_second_copy_takes_the_place_of_the_first(
    lived_in: Village, tmp_path: Path
) -> None:
    file = tmp_path / "ronda.backup"
    file.write_bytes(b"older")

    back_up(lived_in.settings, file, passphrase=WORDS)

    assert tarfile.is_tarfile(file)


async def test_secrets_of_the_operators_are_copied_and_not_overwritten(
    lived_in: Village, tmp_path: Path
) -> None:
    [secret] = (lived_in.settings.data / "keys").read_text().split()
    given = at(lived_in.settings.data, secrets=(secret,))
    file = tmp_path / "ronda.backup"
    back_up(given, file, passphrase=WORDS)

    restore(at(tmp_path / "there"), file, passphrase=WORDS)
    restore(at(tmp_path / "elsewhere", secrets=(secret,)), file, passphrase=WORDS)

    assert (tmp_path / "there" / "keys").read_text().split() == [secret]
    assert not (tmp_path / "elsewhere" / "keys").exists()


async def test_secrets_that_do_not_fit_the_backup_are_refused(
    lived_in: Village, tmp_path: Path
) -> None:
    file = tmp_path / "ronda.backup"
    back_up(lived_in.settings, file, passphrase=WORDS)

    with pytest.raises(CannotBackUp, match="RONDA_SECRETS"):
        restore(at(tmp_path / "there", secrets=("x" * 40,)), file, passphrase=WORDS)


@pytest.mark.parametrize("content", [b"", b"not a tar file", b"\0" * 10240])
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)

    with pytest.raises(CannotBackUp, match="no backup"):
        restore(at(tmp_path / "there"), file, passphrase=WORDS)


@pytest.mark.parametrize("passphrase", ["", "short"])
def test_a_passphrase_is_needed(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(CannotBackUp, match="RONDA_BACKUP_PASSPHRASE"):
        back_up(at(tmp_path), tmp_path / "file", passphrase=passphrase)


def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="no database"):
        back_up(at(tmp_path), tmp_path / "file", passphrase=WORDS)
    assert list(tmp_path.iterdir()) == []


def test_for_postgresql_its_own_tool_is_named(tmp_path: Path) -> None:
    elsewhere = at(tmp_path, database_url="postgresql://ronda@db/ronda")

    with pytest.raises(CannotBackUp, match="pg_dump"):
        back_up(elsewhere, tmp_path / "file", passphrase=WORDS)
    with pytest.raises(CannotBackUp, match="pg_dump"):
        restore(elsewhere, tmp_path / "file", passphrase=WORDS)
