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

from tests.machine.ports import free_port

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Gives the URL of a running server's maintenance database."""
    data, port = folder / "data", free_port()
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        _open_the_way(folder)
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


def _open_the_way(folder: Path) -> None:
    """The other user must be able to walk down to the folder."""
    for parent in folder.parents:
        if parent.owner() == "root" and parent not in (Path("/"), Path("/tmp")):  # noqa: S108
            parent.chmod(parent.stat().st_mode | 0o011)
