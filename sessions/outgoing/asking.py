"""Asks, with every limit that a stranger's answer needs."""

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

import httpcore
import httpx

from sessions.outgoing.addresses import is_public
from sessions.outgoing.targets import Target, Trouble, aim

MOST_BYTES = 2_000_000
MOST_SECONDS = 20.0
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
KEEPS_METHOD = frozenset({301, 302, 307, 308})
SEE_OTHER = 303
AGENT = "calendar-reader"
"""Neither our name nor our version: who asks is nobody's business."""

USUAL = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": AGENT,
    "Connection": "close",
}

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Gives the addresses of a host; raises `OSError`."""


class Login(NamedTuple):
    username: str
    password: str

    @property
    def header(self) -> str:
        """RFC 7617 - 2. The 'Basic' Authentication Scheme."""
        pair = f"{self.username}:{self.password}".encode()
        return "Basic " + base64.b64encode(pair).decode()


class Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    """Where it came from, after all redirects."""


async def look_up(host: str, port: int) -> list[str]:
    """Ask the system, as every other program does."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def _authorities() -> ssl.SSLContext:
    """Reading them all takes long; nothing in it changes while we run."""
    return httpx.create_ssl_context(trust_env=False)


class Outgoing:
    """Keeps nothing between two questions: no cookie, no connection, no address."""

    def __init__(
        self,
        trusted: Iterable[str] = (),
        *,
        resolve: Resolver = look_up,
        dial: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        most_bytes: int = MOST_BYTES,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._trusted = frozenset(host.lower() for host in trusted)
        self._resolve = resolve
        self._dial = dial or httpcore.AnyIOBackend()
        self._tls = tls or _authorities()
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds

    async def ask(
        self,
        address: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        login: Login | None = None,
    ) -> Answer:
        """Raises `Trouble`; an answer with an error status is an answer."""
        try:
            async with asyncio.timeout(self._most_seconds):
                return await self._follow(address, method, dict(headers or {}), body, login)
        except TimeoutError as error:
            raise Trouble("outgoing_too_slow") from error
        except httpcore.TimeoutException as error:
            raise Trouble("outgoing_too_slow") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise Trouble("outgoing_unreachable") from error

    def check(self, address: str) -> str:
        """The host that an address leads to; raises `Trouble`. Asks nobody."""
        return aim(address, self._trusted).host

    async def _follow(
        self,
        address: str,
        method: str,
        headers: dict[str, str],
        body: bytes,
        login: Login | None,
    ) -> Answer:
        target = aim(address, self._trusted)
        for _ in range(MOST_REDIRECTS + 1):
            if login:
                headers["Authorization"] = login.header
            answer = await self._ask_one(target, method, headers, body)
            further = _further(answer, method)
            if further is None:
                return answer
            before, target = target, aim(further, self._trusted)
            if before.url.scheme == "https" and target.url.scheme != "https":
                raise Trouble("outgoing_not_secure")
            if before.origin != target.origin:
                login = None
                headers.pop("Authorization", None)
        raise Trouble("outgoing_redirects")

    async def _ask_one(
        self, target: Target, method: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        content = body or None
        sent = httpx.Request(method, target.url, headers={**USUAL, **headers}, content=content)
        url = httpcore.URL(
            scheme=target.url.raw_scheme,
            host=target.url.raw_host,
            port=target.port,
            target=target.url.raw_path,
        )
        dial = Straight(self._dial, await self._addresses(target))
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls, max_connections=1, retries=0, network_backend=dial
            ) as pool,
            pool.stream(method, url, headers=sent.headers.raw, content=content) as response,
        ):
            return await self._read(target, response)

    async def _addresses(self, target: Target) -> list[str]:
        """Looked up this once. One private address among them spoils all: it is a trick."""
        try:
            found = await self._resolve(target.host, target.port)
        except OSError as error:
            raise Trouble("outgoing_unknown_host") from error
        if not found:
            raise Trouble("outgoing_unknown_host")
        if not target.trusted and not all(map(is_public, found)):
            raise Trouble("outgoing_private")
        return found[:MOST_ADDRESSES]

    async def _read(self, target: Target, response: httpcore.Response) -> Answer:
        headers = httpx.Headers(response.headers)
        if headers.get("content-encoding", "identity").lower() != "identity":
            # It was asked not to. What is small here may be gigabytes once unpacked.
            raise Trouble("outgoing_packed")
        parts = bytearray()
        async for part in response.aiter_stream():
            parts += part
            if len(parts) > self._most_bytes:
                raise Trouble("outgoing_too_large")
        return Answer(response.status, headers, bytes(parts), str(target.url))


class Straight(httpcore.AsyncNetworkBackend):
    """Connects to the checked addresses, whatever the host is called."""

    def __init__(self, dial: httpcore.AsyncNetworkBackend, addresses: list[str]) -> None:
        self._dial = dial
        self._addresses = addresses

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of its base
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = self._addresses
        options = (timeout, local_address, socket_options)
        for address in others:
            try:
                return await self._dial.connect_tcp(address, port, *options)
            except httpcore.ConnectError:
                continue
        return await self._dial.connect_tcp(last, port, *options)


def _further(answer: Answer, method: str) -> str | None:
    """Where a redirect leads to, if it is one."""
    follows = answer.status in KEEPS_METHOD or (
        answer.status == SEE_OTHER and method in ("GET", "HEAD")
    )
    where = answer.headers.get("location") if follows else None
    if where is None:
        return None
    try:
        return str(httpx.URL(answer.url).join(where))
    except (httpx.InvalidURL, ValueError) as error:
        raise Trouble("outgoing_bad_address") from error
