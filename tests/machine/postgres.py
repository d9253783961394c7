"""
PostgreSQL from Debian's packages, in a folder of its own, without fsync.

`initdb` refuses to run as root, so then the user that Debian made for it is used.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.machine.ports import free_port

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def postgres() -> Iterator[str]:
    """Gives the URL of a running server's maintenance database."""
    # Not below pytest's folder, which each run of pytest closes to other users again.
    with TemporaryDirectory(prefix="ronda-postgres-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        with _running(Path(folder)) as url:
            yield url


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    data, port = folder / "data", free_port()
    _run("initdb", "-D", data, "-U", "ronda", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"{FAST} -c listen_addresses=127.0.0.1 -c port={port} -k {folder}"
    _run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://ronda@127.0.0.1:{port}/postgres"
    finally:
        _run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _run(program: str, *arguments: str | Path) -> None:
    paths = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    assert paths, f"{program} is missing: install Debian's package postgresql"
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*user, str(paths[-1]), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr + done.stdout
