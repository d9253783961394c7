"""Radicale, a CalDAV server, with one account and one calendar."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.machine.ports import free_port
from tests.machine.programs import listens, running

LOGIN = ("dana", "a secret")
MAKE = """<?xml version="1.0"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>
</D:prop></D:set></C:mkcalendar>"""


class CalDav(NamedTuple):
    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def calendar(self) -> str:
        return f"{self.origin}/dana/work/"

    def put(self, name: str, ics: bytes) -> None:
        answer = httpx.put(
            f"{self.calendar}{name}.ics",
            content=ics,
            auth=LOGIN,
            headers={"Content-Type": "text/calendar"},
        )
        answer.raise_for_status()


@contextmanager
def radicale(folder: Path) -> Iterator[CalDav]:
    server = CalDav(free_port())
    users, config = folder / "users", folder / "config"
    users.write_text(":".join(LOGIN))
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{server.port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {users}\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
    )
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    ready = partial(listens, "127.0.0.1", server.port)
    with running(command, os.environ, log=folder / "radicale.log", ready=ready):
        made = httpx.request("MKCALENDAR", server.calendar, content=MAKE, auth=LOGIN)
        made.raise_for_status()
        yield server
