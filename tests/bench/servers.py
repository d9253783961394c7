"""The servers that are measured, each a process of its own on a free port."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.machine.ports import free_port
from tests.machine.programs import running


class Running(NamedTuple):
    port: int
    url: str
    process: int
    start_seconds: float
    """From the command to the first answer."""

    @property
    def megabytes(self) -> float:
        """Of memory that is really in use now."""
        status = Path(f"/proc/{self.process}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024


@contextmanager
def serving(command: Sequence[str | Path], data: Path) -> Iterator[Running]:
    port = free_port()
    url = f"http://localhost:{port}"
    inherited = {name: value for name, value in os.environ.items() if "RONDA_" not in name}
    environment = {**inherited, "RONDA_PORT": str(port), "RONDA_DATA": str(data)}

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    began = time.monotonic()
    with running(command, environment, log=data / "server.log", ready=answers) as process:
        yield Running(port, url, process.pid, time.monotonic() - began)
