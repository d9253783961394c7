"""
Ronda as its own process, with a clock that tests can set: `python -m tests.server`.

The clock runs; the file named by RONDA_TEST_CLOCK says by how many seconds it is ahead, so
that it can be set from outside and survives a kill -9.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sessions import cli, logs
from sessions.app import create_app
from sessions.server import run_server
from sessions.settings import Settings


class FileClock:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        text = self._path.read_text() if self._path.exists() else ""
        return datetime.now(UTC) + timedelta(seconds=float(text or 0))


def main() -> None:
    logs.configure()
    settings = Settings.from_env(os.environ)
    clock = FileClock(Path(os.environ["RONDA_TEST_CLOCK"]))
    keys = asyncio.run(cli.prepare(settings))
    run_server(create_app(settings, keys, clock), settings)


if __name__ == "__main__":
    main()
