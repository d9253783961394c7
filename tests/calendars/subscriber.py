"""Somebody at a desk without a window: vdirsyncer fetches a feed, khal shows it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

COLUMNS = "{start-date}|{start-time}|{end-date}|{end-time}|{cancelled}|{title}"


class Line(NamedTuple):
    title: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool


class Subscriber:
    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        (folder / "khal").write_text(f"""
[calendars]
[[circles]]
path = {folder}/entries
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
highlight_event_days = False
""")
        (folder / "vdirsyncer").write_text(f"""
[general]
status_path = "{folder}/status"
[pair circles]
a = "server"
b = "desk"
collections = null
conflict_resolution = "a wins"
[storage server]
type = "http"
url = "{address}"
[storage desk]
type = "filesystem"
path = "{folder}/entries"
fileext = ".ics"
""")
        (folder / "entries").mkdir()
        self._run("vdirsyncer", "-c", folder / "vdirsyncer", "discover", "circles")

    def refresh(self) -> None:
        config = self._folder / "vdirsyncer"
        # All entries may go at once, when a membership ends.
        self._run("vdirsyncer", "-c", config, "sync", "--force-delete", "circles")

    def shown(self, first: date, days: int) -> list[Line]:
        config = self._folder / "khal"
        options: Sequence[str] = ("--day-format", "", "--format", COLUMNS)
        said = self._run("khal", "-c", config, "list", *options, first.isoformat(), f"{days}d")
        return sorted({_line(row) for row in said.splitlines() if "|" in row})

    def _run(self, program: str, *given: str | Path) -> str:
        done = subprocess.run(
            [Path(sys.executable).with_name(program), *given],
            env={**os.environ, "HOME": str(self._folder), "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _line(row: str) -> Line:
    start_day, start, end_day, end, cancelled, title = row.split("|")
    starts_at, ends_at = (
        datetime.fromisoformat(f"{day} {time}").replace(tzinfo=UTC)
        for day, time in ((start_day, start), (end_day, end))
    )
    return Line(title, starts_at, ends_at, bool(cancelled))
