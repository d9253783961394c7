"""Caddy from Debian's packages, with the configuration that is shipped, on free ports."""

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.machine.ports import free_port
from tests.machine.programs import running

CONFIGURATION = Path(__file__).parents[2] / ".deploy" / "Caddyfile"


class Proxy(NamedTuple):
    http: str
    https: str
    authority: Path
    """The certificate of the authority that Caddy made for localhost."""
    log: Path


@contextmanager
def caddy(folder: Path, *, upstream: str, port: int = 0) -> Iterator[Proxy]:
    https, http = port or free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "RONDA_HOSTNAME": "localhost",
        "RONDA_HTTP_PORT": str(http),
        "RONDA_HTTPS_PORT": str(https),
        "RONDA_UPSTREAM": upstream,
    }
    log = folder / "caddy.log"
    command: list[str | Path] = [
        "caddy",
        "run",
        "--config",
        CONFIGURATION,
        "--adapter",
        "caddyfile",
    ]
    ready = partial(_has_certificate, https)
    with running(command, environment, log=log, ready=ready):
        yield Proxy(
            f"http://localhost:{http}",
            f"https://localhost:{https}",
            folder / "caddy" / "pki" / "authorities" / "local" / "root.crt",
            log,
        )


def _has_certificate(port: int) -> bool:
    """Caddy listens before it has made one."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection(("localhost", port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname="localhost"),
        ):
            return True
    except OSError:
        return False
