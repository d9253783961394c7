"""Debian's coturn, started by the script and with the configuration that are shipped."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.machine.ports import free_port
from tests.machine.programs import listens, running
from tests.machine.turn_client import turn_client

SCRIPT = Path(__file__).parents[2] / ".deploy" / "turn"
SECRET = "a shared secret for tests, long enough"
LOOPBACK = "127.0.0.1"
LOOPBACK_PEERS = ("--allow-loopback-peers",)
"""For calls within one machine; the shipped configuration never allows it."""


class TurnServer(NamedTuple):
    address: str
    port: int
    secret: str

    @property
    def urls(self) -> str:
        """For `RONDA_TURN_URLS`."""
        url = f"turn:{self.address}:{self.port}"
        return f"{url}?transport=udp {url}?transport=tcp"


@contextmanager
def turn_server(
    folder: Path,
    *,
    address: str = LOOPBACK,
    settings: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
) -> Iterator[TurnServer]:
    """A running server; `settings` are more of the script's variables."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(folder),
        "RONDA_TURN_ADDRESS": address,
        "RONDA_TURN_SECRET": SECRET,
        "RONDA_TURN_PORT": str(port),
        **(settings or {}),
    }
    ready = partial(_answers, address, port)
    with running([SCRIPT, *arguments], environment, log=folder / "turn.log", ready=ready):
        yield TurnServer(address, port, SECRET)


def _answers(address: str, port: int) -> bool:
    """Over both: they do not open at the same moment."""
    try:
        with turn_client((address, port), "nobody", "") as client:
            return client.allocate().error != 0 and listens(address, port)
    except OSError:
        return False
