"""The command `ronda`: serve, demo, migrate, backup, restore."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from sessions import backup, demo, logs
from sessions.app import create_app
from sessions.clock import system_clock
from sessions.db import Database
from sessions.entries import remember_mailboxes
from sessions.keys import Keys, MissingKey, load_keys
from sessions.migrate import BrokenSchema, NewerSchema, migrate
from sessions.people import has_people
from sessions.server import run_server
from sessions.settings import Settings, WrongSetting
from sessions.zones import ScheduleError

EXPECTED = (
    WrongSetting,
    MissingKey,
    NewerSchema,
    BrokenSchema,
    demo.NotHere,
    backup.CannotBackUp,
    ScheduleError,
    OSError,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ends with a sentence, not a traceback, when something has to be put right by a person."""
    options = _parser().parse_args(arguments)
    logs.configure()
    try:
        settings = Settings.from_env(os.environ)
        options.run(settings, options)
    except EXPECTED as error:
        sys.exit(f"ronda: {error}")
    except (DBAPIError, PostgresError) as error:
        sys.exit(f"ronda: RONDA_DATABASE_URL: {getattr(error, 'orig', error)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ronda", description="Video circles for support groups."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve_ = commands.add_parser("serve", help="run the server")
    serve_.set_defaults(run=serve)
    demo_ = commands.add_parser("demo", help="make a circle to try everything with")
    demo_.add_argument("--json", action="store_true", help="print one JSON object")
    demo_.add_argument(
        "--zone", default="Asia/Jerusalem", help="time zone of the weekly series"
    )
    demo_.add_argument(
        "--edited", action="store_true", help="change some of its dates afterwards"
    )
    demo_.set_defaults(run=make_demo)
    migrate_ = commands.add_parser("migrate", help="bring the database to this version")
    migrate_.set_defaults(run=bring_up_to_date)
    for name, run, words in (
        ("backup", back_up, "write database and keys into one file"),
        ("restore", restore, "read such a file into an empty RONDA_DATA"),
    ):
        command = commands.add_parser(name, help=f"{words} (RONDA_BACKUP_PASSPHRASE)")
        command.add_argument("file", type=Path)
        command.set_defaults(run=run)
    return parser


def serve(settings: Settings, _options: argparse.Namespace) -> None:
    keys = asyncio.run(prepare(settings))
    _say_what_next(settings)
    run_server(create_app(settings, keys), settings)


def make_demo(settings: Settings, options: argparse.Namespace) -> None:
    made = asyncio.run(_demo(settings, options.zone, edited=options.edited))
    if options.json:
        print(json.dumps(made, indent=2))
        return
    print(f"Facilitator  {made['facilitator_link']}")
    for link in made["guest_links"]:
        print(f"Guest        {link}")
    print(f"Calendar     {made['feed']}")
    print(f"Letters      {made['base_url']}/dev/mail")


async def _demo(settings: Settings, zone: str, *, edited: bool) -> dict[str, Any]:
    keys = await prepare(settings)
    return await demo.make(settings, keys, system_clock, zone=zone, edited=edited)


def bring_up_to_date(settings: Settings, _options: argparse.Namespace) -> None:
    asyncio.run(prepare(settings))
    print("The database is up to date.")


def back_up(settings: Settings, options: argparse.Namespace) -> None:
    backup.back_up(settings, options.file, passphrase=_passphrase())
    print(f"Written to {options.file}.")


def restore(settings: Settings, options: argparse.Namespace) -> None:
    backup.restore(settings, options.file, passphrase=_passphrase())
    print("Restored. `ronda serve` starts from here.")


async def prepare(settings: Settings) -> Keys:
    """Folder, tables and keys; the same for every command."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    await migrate(settings)
    database = Database(settings.database_url)
    try:
        async with database.read() as db:
            used = await has_people(db)
        keys = load_keys(settings.data, settings.secrets, database_exists=used)
        async with database.write() as db:
            await remember_mailboxes(db, keys)
    finally:
        await database.close()
    return keys


def _passphrase() -> str:
    return os.environ.get("RONDA_BACKUP_PASSPHRASE", "")


def _say_what_next(settings: Settings) -> None:
    url = settings.public_url
    where = "the link comes by mail"
    if settings.mail_folder is not None:
        shown = settings.is_local
        where = f"the link is in {f'{url}/dev/mail' if shown else settings.mail_folder}"
    print(f"Ronda answers at {url} (Ctrl+C ends it).")
    print(f"Sign in at {url}/signin; {where}.", flush=True)
    if settings.is_local and settings.mail_folder is not None:
        print("Or try a ready-made circle: `make demo` in a second terminal.", flush=True)
