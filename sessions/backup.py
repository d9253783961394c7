"""
A copy of everything that cannot be made again, in one file: the database and its keys.

The keys are sealed with a passphrase, so that the file alone opens nothing. Rooms are not
in it: what is said and seen in them is not kept.
"""

import base64
import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy.engine import make_url

from sessions.settings import Settings

DATABASE, KEYS, SALT = "ronda.db", "keys.sealed", "salt"
SHORTEST = 12


class CannotBackUp(Exception):
    pass


def back_up(settings: Settings, target: Path, *, passphrase: str) -> None:
    """Raises `CannotBackUp`; the target appears whole or not at all."""
    _check(passphrase)
    source = _sqlite_path(settings)
    if not source.exists():
        raise CannotBackUp(f"There is no database at {source}.")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        here = Path(folder)
        copy_database(source, here / DATABASE)
        _leave_out_rooms(here / DATABASE)
        salt = os.urandom(16)
        (here / SALT).write_bytes(salt)
        secrets = "\n".join(settings.secrets) or (settings.data / "keys").read_text()
        (here / KEYS).write_bytes(_fernet(passphrase, salt).encrypt(secrets.encode()))
        archive = here / "backup.tar"
        with tarfile.open(archive, "w") as tar:
            for name in (DATABASE, KEYS, SALT):
                tar.add(here / name, arcname=name)
        archive.chmod(0o600)
        with archive.open("rb") as file:
            os.fsync(file.fileno())
        archive.replace(target)


def restore(settings: Settings, source: Path, *, passphrase: str) -> None:
    """Into an empty data folder only. Raises `CannotBackUp`."""
    database = _sqlite_path(settings)
    keys = settings.data / "keys"
    # A journal left behind would be read into the database that is put beside it.
    for path in (database, keys, Path(f"{database}-wal"), Path(f"{database}-journal")):
        if path.exists():
            raise CannotBackUp(f"{path} exists already; restore into an empty RONDA_DATA.")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.data) as folder:
        here = Path(folder)
        try:
            with tarfile.open(source) as tar:
                for name in (DATABASE, KEYS, SALT):
                    tar.extract(name, here, filter="data")
        except (tarfile.TarError, KeyError) as error:
            raise CannotBackUp(f"{source} is no backup that this command wrote.") from error
        salt = (here / SALT).read_bytes()
        try:
            secrets = _fernet(passphrase, salt).decrypt((here / KEYS).read_bytes())
        except InvalidToken as error:
            raise CannotBackUp("The passphrase does not open this backup.") from error
        if settings.secrets and not set(secrets.decode().split()) <= set(settings.secrets):
            raise CannotBackUp("This backup was made with keys that RONDA_SECRETS lacks.")
        if not settings.secrets:
            keys.touch(mode=0o600)
            keys.write_bytes(secrets + b"\n")
        shutil.move(here / DATABASE, database)


def copy_database(source: Path, target: Path) -> None:
    """Whole, while others write into `source`; `target` must not be there yet."""
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _leave_out_rooms(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM room_snapshot")


def _sqlite_path(settings: Settings) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CannotBackUp(
            "This command copies SQLite databases. For PostgreSQL use pg_dump, and keep "
            "RONDA_SECRETS (or the file “keys” in RONDA_DATA) with it."
        )
    return Path(url.database)


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise CannotBackUp(
            f"RONDA_BACKUP_PASSPHRASE must be set and have at least {SHORTEST} characters."
        )


def _fernet(passphrase: str, salt: bytes) -> Fernet:
    kdf = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1)
    return Fernet(base64.urlsafe_b64encode(kdf.derive(passphrase.encode())))
