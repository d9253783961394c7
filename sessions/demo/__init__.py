"""
A circle to try everything with, made by the product's own functions and courier.

Nothing is written behind their back: what works here works for real people.
"""

from typing import Any

from sessions.clock import Clock
from sessions.courier import Courier
from sessions.db import Database
from sessions.demo.editing import edit
from sessions.demo.house import House, deliver
from sessions.demo.making import make_circle, weekly_pattern
from sessions.demo.telling import description
from sessions.keys import Keys
from sessions.mail import FolderMailer
from sessions.settings import Settings

__all__ = ["NotHere", "make", "weekly_pattern"]


class NotHere(Exception):
    """A demonstration would put strangers' links on a public server."""

    def __init__(self) -> None:
        super().__init__(
            "A demonstration is only made on a private instance: without RONDA_SMTP_URL, "
            "with a localhost RONDA_PUBLIC_URL and a loopback RONDA_HOST."
        )


async def make(
    settings: Settings,
    keys: Keys,
    clock: Clock,
    *,
    zone: str = "Asia/Jerusalem",
    edited: bool = False,
) -> dict[str, Any]:
    """
    One JSON object that says where everything is. Raises `NotHere` and `ScheduleError`.

    `edited`: some of the dates have been changed since they were booked.
    """
    folder = settings.mail_folder
    if folder is None or not settings.is_local:
        raise NotHere
    database = Database(settings.database_url)
    try:
        courier = Courier(database, keys, FolderMailer(folder), settings, clock)
        house = House(settings, keys, clock, database, courier, folder)
        async with database.write() as db:
            made = await make_circle(db, settings, keys, zone=zone, now=clock())
        await deliver(house, made)
        if edited:
            await edit(house, made)
        return await description(house, made, edited=edited)
    finally:
        await database.close()
