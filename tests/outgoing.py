"""Watches which addresses this process asks for, from the first test to the last."""

import ipaddress
import sys
from typing import Any

strangers: list[str] = []


def watch() -> None:
    """For good: Python has no way to take an audit hook back."""
    sys.addaudithook(_hear)


def _hear(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(details[1], tuple):
        _note(str(details[1][0]))
    elif event == "socket.getaddrinfo" and details[0]:
        _note(str(details[0]))


def _note(host: str) -> None:
    if not _is_ours(host):
        strangers.append(host)


def _is_ours(host: str) -> bool:
    if host in ("localhost", "0.0.0.0", "::"):  # noqa: S104 - listening
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
