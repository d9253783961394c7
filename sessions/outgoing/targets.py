"""What an address that somebody gave leads to, and whether it may be asked at all. Pure."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple

import httpx

from sessions.outgoing.addresses import is_public

PORTS = {"https": 443, "http": 80}
MAX_LENGTH = 2000
NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Trouble(Exception):
    """Why nothing came back; `code` names a sentence, `problem.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Target(NamedTuple):
    url: httpx.URL
    port: int
    trusted: bool
    """The operator knows it: it may be private, and speak without TLS."""

    @property
    def host(self) -> str:
        return self.url.raw_host.decode("ascii")

    @property
    def origin(self) -> tuple[str, str, int]:
        """Login data given for one is good for no other."""
        return self.url.scheme, self.host, self.port


def aim(address: str, trusted: Iterable[str]) -> Target:
    """Raises `Trouble` for what may not be asked, whatever its name leads to."""
    url = _parse(address)
    port = url.port or PORTS[url.scheme]
    target = Target(url, port, _is_trusted(url, port, frozenset(trusted)))
    if target.trusted:
        return target
    if url.scheme != "https":
        raise Trouble("outgoing_not_secure")
    if port != PORTS["https"]:
        raise Trouble("outgoing_port")
    if _is_address(target.host) and not is_public(target.host):
        raise Trouble("outgoing_private")
    return target


def _parse(address: str) -> httpx.URL:
    address = address.strip()
    if len(address) > MAX_LENGTH or NOT_IN_ADDRESSES.search(address):
        raise Trouble("outgoing_bad_address")
    try:
        url = httpx.URL(address)
        host = url.raw_host.decode("ascii").removesuffix(".")
        url = url.copy_with(host=host, fragment=None)
        _ = url.host  # httpx reads Punycode when it is asked, and may choke on it
    except (httpx.InvalidURL, ValueError) as error:
        raise Trouble("outgoing_bad_address") from error
    if url.scheme not in PORTS or not _is_host(host):
        raise Trouble("outgoing_bad_address")
    if url.userinfo:
        raise Trouble("outgoing_login_in_address")
    return url


def _is_host(host: str) -> bool:
    """
    A name, or an address written as everybody reads it.

    `2130706433`, `0x7f.1`, `0177.0.0.1`: the system's resolver takes these for addresses too
    (RFC 6943 - 3.1.1. Conformance).
    """
    if _is_address(host):
        return "%" not in host
    return bool(NAME.fullmatch(host)) and not NUMBER.fullmatch(host.rpartition(".")[2])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_trusted(url: httpx.URL, port: int, trusted: frozenset[str]) -> bool:
    host = url.raw_host.decode("ascii")
    written = f"[{host}]" if ":" in host else host
    if f"{written}:{port}" in trusted:
        return True
    return written in trusted and port == PORTS[url.scheme]
