"""
As much of a TURN client as it takes to see what a server allows.

RFC 8489 - 5. STUN Message Structure; RFC 8656 - 7. Allocations, 9. Permissions.
"""

import hashlib
import hmac
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import NamedTuple

COOKIE = 0x2112A442
SECONDS = 3.0
UDP, TCP = 17, 6
IPV6 = 2

Address = tuple[str, int]


class Method(IntEnum):
    BINDING = 0x0001
    ALLOCATE = 0x0003
    SEND_INDICATION = 0x0016
    DATA_INDICATION = 0x0017
    CREATE_PERMISSION = 0x0008


class Attribute(IntEnum):
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    XOR_PEER_ADDRESS = 0x0012
    DATA = 0x0013
    REALM = 0x0014
    NONCE = 0x0015
    XOR_RELAYED_ADDRESS = 0x0016
    REQUESTED_ADDRESS_FAMILY = 0x0017
    REQUESTED_TRANSPORT = 0x0019
    SOFTWARE = 0x8022
    FINGERPRINT = 0x8028


class Answer(NamedTuple):
    kind: int
    attributes: dict[int, bytes]

    @property
    def error(self) -> int:
        """0 when it is none."""
        value = self.attributes.get(Attribute.ERROR_CODE)
        return value[2] * 100 + value[3] if value else 0

    @property
    def relayed(self) -> Address:
        return _read_address(self.attributes[Attribute.XOR_RELAYED_ADDRESS])


class TurnClient:
    def __init__(self, wire: socket.socket, username: str, password: str) -> None:
        self._wire = wire
        self._username = username
        self._password = password
        self._challenge: dict[Attribute, bytes] = {}

    def allocate(self, *, transport: int = UDP, family: int | None = None) -> Answer:
        """Ask twice, as every client does: the first answer brings realm and nonce."""
        wanted = {Attribute.REQUESTED_TRANSPORT: bytes((transport, 0, 0, 0))}
        if family is not None:
            wanted[Attribute.REQUESTED_ADDRESS_FAMILY] = bytes((family, 0, 0, 0))
        first = self._ask(Method.ALLOCATE, wanted)
        if first.error != 401:
            return first
        self._challenge = {
            name: first.attributes[name] for name in (Attribute.REALM, Attribute.NONCE)
        }
        return self._ask(Method.ALLOCATE, wanted)

    def permit(self, peer: str) -> int:
        """0 when the server would relay to this peer, else its error code."""
        wanted = {Attribute.XOR_PEER_ADDRESS: _address(peer, 0)}
        return self._ask(Method.CREATE_PERMISSION, wanted).error

    def ask_for_own_address(self) -> Answer:
        """What STUN is for; nobody may ask this server."""
        return self._ask(Method.BINDING, {})

    def send(self, data: bytes, *, to: Address) -> None:
        attributes = {Attribute.XOR_PEER_ADDRESS: _address(*to), Attribute.DATA: data}
        self._wire.send(_message(Method.SEND_INDICATION, attributes))

    def receive(self) -> bytes:
        answer = _read(self._wire.recv(2048))
        assert answer.kind == Method.DATA_INDICATION
        return answer.attributes[Attribute.DATA]

    def _ask(self, method: Method, attributes: Mapping[Attribute, bytes]) -> Answer:
        if not self._challenge:
            self._wire.send(_message(method, attributes))
            return _read(self._wire.recv(2048))
        username = {Attribute.USERNAME: self._username.encode()}
        signed = {**attributes, **username, **self._challenge}
        # RFC 8489 - 9.2.2. HMAC Key
        realm = self._challenge[Attribute.REALM].decode()
        text = f"{self._username}:{realm}:{self._password}"
        key = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        self._wire.send(_message(method, signed, key=key))
        return _read(self._wire.recv(2048))


@contextmanager
def turn_client(server: Address, username: str, password: str) -> Iterator[TurnClient]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(SECONDS)
        wire.connect(server)
        yield TurnClient(wire, username, password)


def _message(
    method: Method, attributes: Mapping[Attribute, bytes], *, key: bytes = b""
) -> bytes:
    body = b"".join(_attribute(name, value) for name, value in attributes.items())
    transaction = os.urandom(12)
    if not key:
        return struct.pack("!HHI", method, len(body), COOKIE) + transaction + body
    # RFC 8489 - 14.5. MESSAGE-INTEGRITY: the length counts it, the digest does not
    head = struct.pack("!HHI", method, len(body) + 24, COOKIE) + transaction
    digest = hmac.digest(key, head + body, "sha1")
    return head + body + _attribute(Attribute.MESSAGE_INTEGRITY, digest)


def _attribute(name: int, value: bytes) -> bytes:
    return struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4)


def _read(message: bytes) -> Answer:
    kind, length = struct.unpack("!HH", message[:4])
    attributes: dict[int, bytes] = {}
    at, end = 20, 20 + length
    while at < end:
        name, size = struct.unpack("!HH", message[at : at + 4])
        attributes[name] = message[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return Answer(kind, attributes)


def _address(host: str, port: int) -> bytes:
    """RFC 8489 - 14.2. XOR-MAPPED-ADDRESS; IPv6 only as far as a refusal needs it."""
    packed = ipaddress.ip_address(host).packed
    if len(packed) == 16:
        return struct.pack("!BBH", 0, 2, port ^ (COOKIE >> 16)) + packed
    number = int.from_bytes(packed) ^ COOKIE
    return struct.pack("!BBHI", 0, 1, port ^ (COOKIE >> 16), number)


def _read_address(value: bytes) -> Address:
    _, _, port, number = struct.unpack("!BBHI", value)
    return str(ipaddress.ip_address(number ^ COOKIE)), port ^ (COOKIE >> 16)
