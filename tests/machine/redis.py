"""Redis from Debian's packages, in memory only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import ConnectionError as NotYet
from redis import Redis

from tests.machine.ports import free_port
from tests.machine.programs import running


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Gives the URL of a running server."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    command = ["redis-server", *options]
    log = folder / "redis.log"
    with running(command, os.environ, log=log, ready=lambda: _answers(url)):
        yield url


def _answers(url: str) -> bool:
    with Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except NotYet:
            return False
