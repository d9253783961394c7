"""A real program, started for a test and ended after it."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20.0
STOP_SECONDS = 10.0


@contextmanager
def running(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    log: Path,
    ready: Callable[[], bool],
) -> Iterator["subprocess.Popen[bytes]"]:
    """What it says goes to `log`, and into the error when it does not start."""
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        _await(process, ready, log)
        yield process
    finally:
        _stop(process)


def listens(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def _await(process: "subprocess.Popen[bytes]", ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"It did not start: {log.read_text(errors='replace')}")
        time.sleep(0.02)  # another program gives no sign when it is ready


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
